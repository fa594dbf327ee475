"""Articles 57, 77, 85 to 87, 96, 99 to 101 and 111: rights, authorities, fines, and older systems."""

from datetime import date

from vangrail.law.case import Case, Rules, among, element, met, no, yes
from vangrail.law.dates import transition_days
from vangrail.law.logic import UNKNOWN, YES, Element, Finding, Truth, all_of, any_of, negated, truth_of

rules = Rules()

PLACED = "placed_or_in_service_since"
CHANGED = "design_changed_significantly_since"


@rules("RIG-01")
def article_85(case: Case, rule: str) -> Finding:
    """Anyone may complain."""
    return all_of(rule, met(case, "in-scope"))


@rules("RIG-03")
def article_87(case: Case, rule: str) -> Finding:
    """Whistle-blowers are protected."""
    return all_of(rule, met(case, "in-scope"))


@rules("RIG-04")
def article_77(case: Case, rule: str) -> Finding:
    """Fundamental-rights bodies see the documents of high-risk systems."""
    return all_of(rule, met(case, "high-risk"))


@rules("RIG-05")
def article_57(case: Case, rule: str) -> Finding:
    """A sandbox is for what is not yet on the market."""
    return all_of(
        rule, met(case, "scope-base"), among(case, "status", "idea", "development", "testing_lab", "real_world_test")
    )


@rules("RIG-06")
def article_96(case: Case, rule: str) -> Finding:
    """Guidelines mind local public authorities."""
    return all_of(rule, met(case, "DEF-25"))


def _agreed(truths: list[Truth]) -> Truth:
    """What holds for every day that is still possible; unknown when they differ."""
    return truths[0] if len(set(truths)) == 1 else UNKNOWN


def before(case: Case, *days: date) -> Element:
    """On the market or in service before this day. Not yet at all is not before."""
    since = case.facts.placed_or_in_service_since
    truths = [truth_of(None if since is None else since != "none" and since < day) for day in days]
    return element(PLACED, tuple(f"< {day.isoformat()}" for day in days), _agreed(truths), PLACED)


def _unchanged(case: Case, day: date) -> Truth:
    changed = case.facts.design_changed_significantly_since
    if case.on < day or changed == "none":
        return YES
    if changed is None:
        return UNKNOWN
    return truth_of(changed < day or changed > case.on)


def unchanged_since(case: Case, *days: date) -> Element:
    """No significant change in design from this day on. A day to come cannot have seen a change yet."""
    truth = _agreed([_unchanged(case, day) for day in days])
    return element(CHANGED, tuple(f"< {day.isoformat()}" for day in days), truth, CHANGED)


@rules("LEG-03")
def further_units(case: Case, rule: str) -> Finding:
    """Further units of a type that was on the market count as older too."""
    return all_of(rule, yes(case, "further_unit_of_legacy_type"))


@rules("older-system")
def older(case: Case, rule: str) -> Finding:
    """Placed before the duties for its route start, or a further unit of such a type."""
    return any_of(rule, before(case, *transition_days(case)), met(case, "LEG-03"))


@rules("LEG-01")
def paragraph_2(case: Case, rule: str) -> Finding:
    """High-risk, older, and not significantly changed since."""
    return all_of(
        rule, met(case, "chapter-iii"), met(case, "older-system"), unchanged_since(case, *transition_days(case))
    )


@rules("for-authorities")
def intended_for_authorities(case: Case, rule: str) -> Finding:
    """Intended to be used by public authorities: said so, or used by one."""
    return any_of(rule, met(case, "public-authority"), yes(case, "intended_for_public_authorities"))


@rules("LEG-02")
def paragraph_2_authorities(case: Case, rule: str) -> Finding:
    """Older, and intended for public authorities."""
    return all_of(rule, met(case, "LEG-01"), met(case, "for-authorities"))


@rules("LEG-04")
def paragraph_2_changed(case: Case, rule: str) -> Finding:
    """Older, but significantly changed since."""
    changed = unchanged_since(case, *transition_days(case))
    inverse = changed._replace(wanted=False, truth=negated(changed.truth))
    return all_of(rule, met(case, "chapter-iii"), met(case, "older-system"), inverse)


@rules("LEG-05")
def paragraph_4(case: Case, rule: str) -> Finding:
    """A generative system from before 2 August 2026."""
    return all_of(rule, met(case, "TRA-2"), before(case, date(2026, 8, 2)))


@rules("LEG-06")
def paragraph_3(case: Case, rule: str) -> Finding:
    """A general-purpose model from before 2 August 2025."""
    return all_of(rule, met(case, "gpai-provider"), before(case, date(2025, 8, 2)))


@rules("LEG-07")
def never_older(case: Case, rule: str) -> Finding:
    """Articles 4, 5 and 50(1), (3), (4) know no transition."""
    return Finding(rule, YES)


@rules("PEN-01")
def article_99_3(case: Case, rule: str) -> Finding:
    """For a prohibited practice."""
    return all_of(rule, met(case, "ALL-04"))


@rules("PEN-02")
def article_99_4(case: Case, rule: str) -> Finding:
    """For the duties of operators and Article 50."""
    return any_of(rule, met(case, "chapter-iii"), met(case, "transparency"))


@rules("PEN-03")
def article_99_5(case: Case, rule: str) -> Finding:
    """For incorrect information to authorities."""
    return all_of(rule, met(case, "in-scope"))


@rules("PEN-04")
def article_99_6(case: Case, rule: str) -> Finding:
    """The lower amount for an SME; for a small mid-cap not for Article 5."""
    return all_of(rule, among(case, "is_sme", "sme", "smc"))


@rules("PEN-05")
def article_99_8(case: Case, rule: str) -> Finding:
    """Whether an authority can be fined is for the Member State."""
    return all_of(rule, among(case, "actor_kind", "public_authority", "body_governed_by_public_law"))


@rules("PEN-06")
def article_100(case: Case, rule: str) -> Finding:
    """EU bodies."""
    return all_of(rule, among(case, "actor_kind", "eu_body"))


@rules("PEN-07")
def article_101(case: Case, rule: str) -> Finding:
    """Providers of general-purpose models."""
    return all_of(rule, met(case, "gpai-provider"))


@rules("PEN-08")
def article_99_1(case: Case, rule: str) -> Finding:
    """Articles 4, 27 and 86 are left to the Member States."""
    return all_of(rule, met(case, "in-scope"))


@rules("OPN-01")
def start_of_registration(case: Case, rule: str) -> Finding:
    """Matters for every system of Annex III or Annex I section A."""
    return any_of(rule, met(case, "chapter-iii"), met(case, "HRX-E"))


@rules("OPN-02")
def extra_test(case: Case, rule: str) -> Finding:
    """Matters for who relies on the derogation."""
    return all_of(rule, met(case, "annex-iii"), among(case, "art63_condition", "a", "b", "c", "d"))


@rules("OPN-03")
def designation(case: Case, rule: str) -> Finding:
    """Matters for safety components of critical infrastructure."""
    sectors = ("digital", "road_traffic", "water", "gas", "heating", "electricity")
    return all_of(rule, met(case, "DEF-11"), among(case, "critical_sector", *sectors))


@rules("OPN-04")
def draft_guidelines(case: Case, rule: str) -> Finding:
    """Matters as soon as Annex III is met."""
    return all_of(rule, met(case, "annex-iii"))


@rules("OPN-05")
def kinds_of_body(case: Case, rule: str) -> Finding:
    """Matters for who is near, but perhaps not, a public authority."""
    return all_of(rule, among(case, "actor_kind", "body_governed_by_public_law", "private_public_service"))


@rules("OPN-06")
def scorecards(case: Case, rule: str) -> Finding:
    """Matters for scorecards."""
    return all_of(rule, among(case, "technique", "scorecard"))


@rules("OPN-07")
def two_names(case: Case, rule: str) -> Finding:
    """Matters when both names stand on the system."""
    return all_of(rule, among(case, "name_on_system", "both"))


@rules("OPN-08")
def belgian_choices(case: Case, rule: str) -> Finding:
    """Matters for every Belgian authority; shown to all in scope."""
    return all_of(rule, met(case, "in-scope"))


@rules("OPN-09")
def fines_as_criminal(case: Case, rule: str) -> Finding:
    """Matters for municipal fines."""
    return all_of(rule, yes(case, "municipal_fine"))


@rules("OPN-10")
def formative(case: Case, rule: str) -> Finding:
    """Matters for learning that never counts."""
    return all_of(rule, yes(case, "evaluates_learning_outcomes"), no(case, "counts_for_result"))
