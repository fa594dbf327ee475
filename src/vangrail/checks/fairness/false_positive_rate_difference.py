"""tru-fair-1: of the people whose outcome was no: how many percentage points more often a group got the advice yes than the reference group."""

from vangrail.checks.comparing import ADVICE, OUTCOME
from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="false-positive-rate-difference",
    title=both(nl="Verschil in onterecht ja (vals alarm)", en="False positive rate difference"),
    measures=both(
        nl="Van de mensen bij wie de uitkomst nee was: hoeveel procentpunt vaker een groep toch het advies ja kreeg dan de referentiegroep.",
        en="Of the people whose outcome was no: how many percentage points more often a group got the advice yes than the reference group.",
    ),
    formula="advice yes / outcome no, group − reference, × 100",
    source="Hardt, Price, Srebro (2016), NeurIPS 29; Newcombe (1998), Statistics in Medicine 17, 873-890",
    rate=rates.fixed(given={OUTCOME: False}, counted={ADVICE: True}),
    about_outcome=True,
)
