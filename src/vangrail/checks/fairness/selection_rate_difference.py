"""tru-fair-1: how many percentage points less or more often a group gets the favourable advice than the reference group."""

from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="selection-rate-difference",
    title=both(nl="Verschil in gunstige adviezen", en="Selection rate difference"),
    measures=both(
        nl="Hoeveel procentpunt minder of meer een groep het gunstige advies krijgt dan de referentiegroep.",
        en="How many percentage points less or more often a group gets the favourable advice than the reference group.",
    ),
    formula="favourable advice / cases, group − reference, × 100",
    source="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10",
    rate=rates.favourable,
    about_outcome=False,
)
