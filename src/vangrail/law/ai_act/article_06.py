"""Article 6: high-risk through a product (paragraph 1, Annex I) and the derogation for Annex III (paragraphs 3 and 4).

Annex III itself is in `annex_iii`. Classification follows the purpose: it never looks at who is asking, nor at whether
a human is in the loop (recital 53).
"""

from vangrail.law.case import Case, Rules, among, met, no, not_met, one_of, yes
from vangrail.law.logic import Finding, all_of, any_of

product_rules = Rules()
rules = Rules()

SECTION_A = (
    "toys",
    "recreational_craft",
    "lifts",
    "atex",
    "radio_equipment",
    "pressure_equipment",
    "cableways",
    "ppe",
    "gas_appliances",
    "mdr",
    "ivdr",
)
SECTION_B = (
    "aviation_security",
    "two_three_wheelers",
    "agricultural_vehicles",
    "marine_equipment",
    "rail",
    "motor_vehicles",
    "aviation_drones",
    "vehicle_safety",
)


@product_rules("HRI-A")
def section_a(case: Case, rule: str) -> Finding:
    """Annex I, section A; machinery stood here until Regulation (EU) 2026/1744 moved it to section B."""
    return all_of(rule, among(case, "annex1_act", *SECTION_A, *(() if case.amended else ("machinery",))))


@product_rules("HRI-B")
def section_b(case: Case, rule: str) -> Finding:
    """Annex I, section B, with machinery as its new point 21."""
    return all_of(rule, among(case, "annex1_act", *SECTION_B, *(("machinery",) if case.amended else ())))


@product_rules("HRI-02")
def paragraph_1a(case: Case, rule: str) -> Finding:
    """Mere assistance, performance, efficiency, convenience or quality control is no safety function."""
    return all_of(rule, no(case, "safety_function"))


@product_rules("HRI-03")
def paragraph_1b(case: Case, rule: str) -> Finding:
    """But it is a safety component when its failure would endanger health and safety."""
    return all_of(rule, no(case, "safety_function"), yes(case, "failure_endangers_health_or_safety"))


@product_rules("HRI-04")
def paragraph_1c(case: Case, rule: str) -> Finding:
    """Third-party assessment for another risk only does not count."""
    return all_of(rule, among(case, "third_party_assessment", "required_only_other_risk"))


@product_rules("HRI-01")
def paragraph_1(case: Case, rule: str) -> Finding:
    """(a) a product of Annex I or its safety component, (b) that needs third-party assessment."""
    assessed = ("required",) if case.amended else ("required", "required_only_other_risk")
    return all_of(
        rule,
        one_of(case, "annex-i-product", met(case, "HRI-A"), met(case, "HRI-B")),
        one_of(case, "annex-i-part", yes(case, "is_product_itself"), met(case, "DEF-11")),
        among(case, "third_party_assessment", *assessed),
    )


@product_rules("annex-i-a")
def chapter_iii_through_product(case: Case, rule: str) -> Finding:
    """Only section A brings the duties of Chapter III directly."""
    return all_of(rule, met(case, "HRI-01"), met(case, "HRI-A"))


@product_rules("HRI-05")
def manufacturer(case: Case, rule: str) -> Finding:
    """Article 25(3): the manufacturer of a section A product under its own name is the provider."""
    return all_of(rule, met(case, "annex-i-a"), yes(case, "sells_product_under_own_name"))


@rules("HRX-01")
def paragraph_3_profiling(case: Case, rule: str) -> Finding:
    """Third subparagraph: who profiles natural persons stays high-risk."""
    return all_of(rule, met(case, "annex-iii"), met(case, "DEF-20"))


def _condition(case: Case, rule: str, letter: str) -> Finding:
    return all_of(rule, met(case, "annex-iii"), among(case, "art63_condition", letter), not_met(case, "DEF-20"))


@rules("HRX-A")
def paragraph_3_a(case: Case, rule: str) -> Finding:
    """A narrow procedural task."""
    return _condition(case, rule, "a")


@rules("HRX-B")
def paragraph_3_b(case: Case, rule: str) -> Finding:
    """Improves the result of a completed human activity."""
    return _condition(case, rule, "b")


@rules("HRX-C")
def paragraph_3_c(case: Case, rule: str) -> Finding:
    """Detects decision patterns or deviations."""
    return _condition(case, rule, "c")


@rules("HRX-D")
def paragraph_3_d(case: Case, rule: str) -> Finding:
    """A preparatory task."""
    return _condition(case, rule, "d")


@rules("derogation")
def derogation(case: Case, rule: str) -> Finding:
    """One condition, no profiling, no material influence (the last as OPN-02 has it: asked, and heeded)."""
    return all_of(
        rule,
        among(case, "art63_condition", "a", "b", "c", "d"),
        not_met(case, "DEF-20"),
        no(case, "materially_influences_decision"),
    )


@rules("HRX-E")
def paragraph_3(case: Case, rule: str) -> Finding:
    """A system of Annex III that is not high-risk after all."""
    return all_of(rule, met(case, "annex-iii"), met(case, "derogation"))


@rules("high-risk-iii")
def high_risk_through_use(case: Case, rule: str) -> Finding:
    """Paragraph 2: Annex III, unless the derogation is shown."""
    return all_of(rule, met(case, "annex-iii"), met(case, "scope-base"), unless=(met(case, "derogation"),))


@rules("high-risk-iii-not-2")
def high_risk_through_use_not_point_2(case: Case, rule: str) -> Finding:
    """Annex III other than point 2: what Articles 27, 49(3) and 86 ask for."""
    return all_of(rule, met(case, "annex-iii-not-2"), met(case, "scope-base"), unless=(met(case, "derogation"),))


@rules("high-risk-i")
def high_risk_through_product(case: Case, rule: str) -> Finding:
    """Paragraph 1, inside the Act."""
    return all_of(rule, met(case, "HRI-01"), met(case, "scope-base"))


@rules("high-risk")
def high_risk(case: Case, rule: str) -> Finding:
    """By either route."""
    return any_of(rule, met(case, "high-risk-i"), met(case, "high-risk-iii"))


@rules("high-risk-i-a")
def high_risk_through_section_a(case: Case, rule: str) -> Finding:
    """Paragraph 1 through section A, inside the Act."""
    return all_of(rule, met(case, "annex-i-a"), met(case, "scope-base"))


@rules("chapter-iii")
def chapter_iii(case: Case, rule: str) -> Finding:
    """High-risk with the duties of Chapter III: Annex III, or Annex I section A."""
    return any_of(rule, met(case, "high-risk-iii"), met(case, "high-risk-i-a"))


@rules("HRI-06")
def only_annex_i(case: Case, rule: str) -> Finding:
    """High-risk through Annex I only: no FRIA, no registration."""
    return all_of(rule, met(case, "high-risk-i"), not_met(case, "high-risk-iii"))


@rules("HRX-H")
def article_80(case: Case, rule: str) -> Finding:
    """The authority may find a derogated system high-risk after all."""
    return all_of(rule, met(case, "HRX-E"))


@rules("HRX-I")
def article_50_stays(case: Case, rule: str) -> Finding:
    """Transparency does not depend on the derogation."""
    return all_of(rule, met(case, "HRX-E"))


@rules("DEF-24")
def serious_incident(case: Case, rule: str) -> Finding:
    """Article 3(49): matters once a system is high-risk."""
    return all_of(rule, met(case, "high-risk"))
