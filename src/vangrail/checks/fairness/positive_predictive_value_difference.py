"""tru-fair-1: when the advice was yes: how many percentage points more often that was right for a group than for the reference group."""

from vangrail.checks.comparing import ADVICE, OUTCOME
from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="positive-predictive-value-difference",
    title=both(nl="Verschil in juistheid van ja", en="Positive predictive value difference"),
    measures=both(
        nl="Als het advies ja was: hoeveel procentpunt vaker dat klopte voor een groep dan voor de referentiegroep.",
        en="When the advice was yes: how many percentage points more often that was right for a group than for the reference group.",
    ),
    formula="outcome yes / advice yes, group − reference, × 100",
    source="Chouldechova (2017), Big Data 5, 153-163; Newcombe (1998), Statistics in Medicine 17, 873-890",
    rate=rates.fixed(given={ADVICE: True}, counted={OUTCOME: True}),
    about_outcome=True,
)
