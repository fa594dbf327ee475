"""tru-fair-1: when the advice was no: how many percentage points more often that was right for a group than for the reference group."""

from vangrail.checks.comparing import ADVICE, OUTCOME
from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="negative-predictive-value-difference",
    title=both(nl="Verschil in juistheid van nee", en="Negative predictive value difference"),
    measures=both(
        nl="Als het advies nee was: hoeveel procentpunt vaker dat klopte voor een groep dan voor de referentiegroep.",
        en="When the advice was no: how many percentage points more often that was right for a group than for the reference group.",
    ),
    formula="outcome no / advice no, group − reference, × 100",
    source="Chouldechova (2017), Big Data 5, 153-163; Newcombe (1998), Statistics in Medicine 17, 873-890",
    rate=rates.fixed(given={ADVICE: False}, counted={OUTCOME: False}),
    about_outcome=True,
)
