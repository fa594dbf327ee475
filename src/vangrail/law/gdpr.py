"""The GDPR rows that touch every application (Regulation (EU) 2016/679). Pending proposals are not law and not here."""

from vangrail.law.case import Case, Rules, among, met, one_of, yes
from vangrail.law.logic import PRESUMED, UNKNOWN, Element, Finding, all_of

rules = Rules()


def _personal(case: Case) -> Element:
    return yes(case, "personal_data")


def _public_task(case: Case) -> Element:
    return among(case, "actor_kind", "public_authority", "body_governed_by_public_law", "eu_body")


def _always(rule: str) -> None:
    @rules(rule)
    def with_personal_data(case: Case, rule: str) -> Finding:
        """Whenever personal data are processed."""
        return all_of(rule, _personal(case))


for _rule in ("GDP-05", "GDP-25", "GDP-30", "GDP-32"):
    _always(_rule)


@rules("GDP-06")
def article_6(case: Case, rule: str) -> Finding:
    """An authority in its task needs a basis in law."""
    return all_of(rule, _personal(case), _public_task(case))


@rules("GDP-09")
def articles_9_10(case: Case, rule: str) -> Finding:
    """Special categories or criminal data."""
    kinds = one_of(case, "sensitive-data", yes(case, "special_categories"), yes(case, "criminal_data"))
    return all_of(rule, _personal(case), kinds)


@rules("GDP-13")
def articles_13_to_15(case: Case, rule: str) -> Finding:
    """Automated decisions under Article 22 (C-203/22)."""
    return all_of(rule, _personal(case), yes(case, "automated_decision_legal_effect"))


@rules("GDP-21")
def article_21(case: Case, rule: str) -> Finding:
    """Basis 6(1)(e)."""
    return all_of(rule, _personal(case), _public_task(case))


@rules("GDP-22")
def article_22(case: Case, rule: str) -> Finding:
    """Solely automated, or a score that others draw strongly on (C-634/21)."""
    return all_of(rule, _personal(case), yes(case, "automated_decision_legal_effect"))


@rules("GDP-26")
def articles_26_28(case: Case, rule: str) -> Finding:
    """Someone else processes too."""
    return all_of(rule, _personal(case), yes(case, "external_processor"))


@rules("GDP-35")
def article_35(case: Case, rule: str) -> Finding:
    """Likely high risk. A high-risk AI system on personal data is presumed to be, until every indicator is denied.

    Article 35(3)(a) asks that decisions are *based on* the evaluation, not that they are automated, as 22 does: profiling
    that weighs on an Annex III decision is an indicator also when a human decides.
    """
    case["profiling-weighs-on-decision"] = all_of(
        "profiling-weighs-on-decision",
        met(case, "high-risk-iii"),
        met(case, "DEF-20"),
        yes(case, "materially_influences_decision"),
    )
    indicators = one_of(
        case,
        "dpia-indicator",
        met(case, "profiling-weighs-on-decision"),
        yes(case, "automated_decision_legal_effect"),
        yes(case, "large_scale_special_categories"),
        yes(case, "systematic_public_monitoring"),
        yes(case, "on_national_dpia_list"),
    )
    finding = all_of(rule, _personal(case), indicators)
    if finding.truth is UNKNOWN and case.facts.personal_data and case["high-risk"].truth >= PRESUMED:
        return finding._replace(truth=PRESUMED, elements=(*finding.elements, met(case, "high-risk")))
    return finding


@rules("GDP-37")
def articles_37_to_39(case: Case, rule: str) -> Finding:
    """Public authority or body."""
    return all_of(rule, _personal(case), _public_task(case))


@rules("GDP-44")
def articles_44_to_49(case: Case, rule: str) -> Finding:
    """Data leave the EEA."""
    return all_of(rule, _personal(case), yes(case, "data_outside_eea"))


@rules("GDP-EF")
def trained_model(case: Case, rule: str) -> Finding:
    """EDPB Opinion 28/2024."""
    return all_of(rule, yes(case, "trained_on_personal_data"))


@rules("GDP-PS")
def pseudonymised(case: Case, rule: str) -> Finding:
    """C-413/23 P."""
    return all_of(rule, yes(case, "pseudonymised_data_shared"))
