"""tru-fair-1: of the people whose outcome was yes: how many percentage points more often a group got the advice no than the reference group."""

from vangrail.checks.comparing import ADVICE, OUTCOME
from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="false-negative-rate-difference",
    title=both(nl="Verschil in onterecht nee (gemist)", en="False negative rate difference"),
    measures=both(
        nl="Van de mensen bij wie de uitkomst ja was: hoeveel procentpunt vaker een groep toch het advies nee kreeg dan de referentiegroep.",
        en="Of the people whose outcome was yes: how many percentage points more often a group got the advice no than the reference group.",
    ),
    formula="advice no / outcome yes, group − reference, × 100",
    source="Hardt, Price, Srebro (2016), NeurIPS 29; Newcombe (1998), Statistics in Medicine 17, 873-890",
    rate=rates.fixed(given={OUTCOME: True}, counted={ADVICE: False}),
    about_outcome=True,
)
