"""Articles 8 to 22, 43 to 49, 60, 72 and 73: the provider of a high-risk system.

And who stands between it and the user: importer, distributor, authorised representative.
"""

from vangrail.law.case import Case, Rules, among, met, no, yes
from vangrail.law.logic import Element, Finding, all_of

rules = Rules()

ALWAYS = (
    *(f"PRV-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
    *(f"PRV-{number:02}" for number in (12, 13, 15, 16, 19, 20, 21)),
)
"""The duties that fall on every provider of a system under Chapter III, whatever else is true."""


def _provider(case: Case) -> tuple[Element, Element]:
    return met(case, "provider"), met(case, "chapter-iii")


def _always(rule: str) -> None:
    @rules(rule)
    def provider_duty(case: Case, rule: str) -> Finding:
        """Article 16: provider of a high-risk system."""
        return all_of(rule, *_provider(case))


for _rule in ALWAYS:
    _always(_rule)


@rules("PRV-11")
def article_19(case: Case, rule: str) -> Finding:
    """Logs under its control."""
    return all_of(rule, *_provider(case), yes(case, "logs_under_own_control"))


@rules("PRV-14")
def article_22(case: Case, rule: str) -> Finding:
    """Established outside the Union."""
    return all_of(rule, *_provider(case), no(case, "provider_in_eu"))


@rules("PRV-17")
def article_49_1(case: Case, rule: str) -> Finding:
    """Annex III systems; point 2 at national level (49(5))."""
    return all_of(rule, met(case, "provider"), met(case, "high-risk-iii"))


@rules("PRV-22")
def articles_60_61(case: Case, rule: str) -> Finding:
    """Real-world testing of a system that will be high-risk."""
    return all_of(rule, met(case, "provider"), met(case, "high-risk"), met(case, "DEF-21"))


@rules("HRX-F")
def article_6_4(case: Case, rule: str) -> Finding:
    """The provider that relies on the derogation documents it."""
    return all_of(rule, met(case, "provider"), met(case, "HRX-E"), met(case, "in-scope"))


@rules("HRX-G")
def article_49_2(case: Case, rule: str) -> Finding:
    """And registers it."""
    return all_of(rule, met(case, "provider"), met(case, "HRX-E"), met(case, "in-scope"))


@rules("PRV-18")
def derogated(case: Case, rule: str) -> Finding:
    """Both of these together, in the list of the provider."""
    return all_of(rule, met(case, "HRX-F"), met(case, "HRX-G"))


@rules("IMP-01")
def article_23(case: Case, rule: str) -> Finding:
    """The importer of a high-risk system."""
    return all_of(rule, met(case, "importer"), met(case, "chapter-iii"))


@rules("DIS-01")
def article_24(case: Case, rule: str) -> Finding:
    """The distributor of a high-risk system."""
    return all_of(rule, met(case, "distributor"), met(case, "chapter-iii"))


@rules("AUT-01")
def representative(case: Case, rule: str) -> Finding:
    """Article 22: the authorised representative."""
    return all_of(rule, met(case, "authorised_representative"), met(case, "chapter-iii"))


@rules("BEL-21")
def article_49_5(case: Case, rule: str) -> Finding:
    """Point 2 is registered at national level."""
    return all_of(
        rule,
        met(case, "provider"),
        met(case, "HRA-2"),
        met(case, "high-risk-iii"),
        among(case, "critical_sector", "digital", "road_traffic", "water", "gas", "heating", "electricity"),
    )
