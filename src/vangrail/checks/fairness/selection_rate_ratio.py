"""tru-fair-1: the smaller rate of favourable advice divided by the larger: 1 is equal, 0.5 is half as often."""

from vangrail.checks.fairness import rates
from vangrail.model.framework import both

CHECK = rates.rate_check(
    id_="selection-rate-ratio",
    title=both(nl="Verhouding van gunstige adviezen", en="Selection rate ratio"),
    measures=both(
        nl="De kleinste kans op het gunstige advies gedeeld door de grootste: 1 is gelijk, 0,5 is half zo vaak.",
        en="The smaller rate of favourable advice divided by the larger: 1 is equal, 0.5 is half as often.",
    ),
    formula="min(rate of group, rate of reference) / max(…)",
    source="29 CFR 1607.4(D) (four-fifths rule); Gart and Nam (1988), Biometrics 44, 323-338",
    rate=rates.favourable,
    about_outcome=False,
    as_ratio=True,
)
