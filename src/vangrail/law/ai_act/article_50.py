"""Article 50: transparency, whatever the risk class.

Paragraphs 1 and 2 fall on the provider, 3 and 4 on the deployer.
"""

from vangrail.law.case import Case, Rules, among, element, met, no, one_of, yes
from vangrail.law.logic import NO, Element, Finding, all_of, any_of, truth_of

rules = Rules()


def _criminal_law(case: Case) -> Element:
    """Authorised by law for criminal offences; not for whom law enforcement is no purpose, so both must be known."""
    if case.facts.law_enforcement_purpose is False:
        return Element("law_enforcement_purpose", True, NO, ("law_enforcement_purpose",))
    allowed = min(truth_of(case.facts.law_enforcement_purpose), truth_of(case.facts.authorised_by_criminal_law))
    return element("authorised_by_criminal_law", True, allowed, "law_enforcement_purpose", "authorised_by_criminal_law")


@rules("TRA-1")
def paragraph_1(case: Case, rule: str) -> Finding:
    """Interacts directly; not when obvious, one-way, or authorised for criminal offences."""
    return all_of(
        rule,
        yes(case, "interacts_directly_with_persons"),
        unless=(no(case, "two_way"), yes(case, "obvious_to_reasonable_person"), _criminal_law(case)),
    )


@rules("TRA-2")
def paragraph_2(case: Case, rule: str) -> Finding:
    """Generates synthetic content; not for standard editing, slight changes, or machine-to-machine output."""
    return all_of(
        rule,
        among(case, "synthetic_output", "text", "image", "audio", "video"),
        unless=(
            yes(case, "assistive_standard_editing"),
            no(case, "substantially_alters_input"),
            yes(case, "internal_machine_output"),
            _criminal_law(case),
        ),
    )


@rules("TRA-3")
def paragraph_3(case: Case, rule: str) -> Finding:
    """Emotion recognition or biometric categorisation, whatever the category."""
    return all_of(
        rule,
        one_of(case, "emotion-or-categorisation", met(case, "DEF-15"), met(case, "DEF-16")),
        unless=(_criminal_law(case),),
    )


@rules("TRA-4a")
def paragraph_4_deep_fake(case: Case, rule: str) -> Finding:
    """A deep fake. That it is evidently art eases the way of telling, not the duty."""
    return all_of(rule, met(case, "DEF-22"), unless=(_criminal_law(case),))


@rules("eased-disclosure")
def paragraph_4_art(case: Case, rule: str) -> Finding:
    """Evidently artistic, satirical or fictional work: told in a way that does not spoil it."""
    return all_of(rule, met(case, "TRA-4a"), yes(case, "evidently_artistic"))


@rules("TRA-4b")
def paragraph_4_text(case: Case, rule: str) -> Finding:
    """Published text of public interest, unless reviewed and under editorial responsibility."""
    review = case.facts.human_review
    responsible = case.facts.editorial_responsibility
    both = min(truth_of(review), truth_of(responsible))
    edited = element("human_review", True, both, "human_review", "editorial_responsibility")
    return all_of(
        rule,
        among(case, "synthetic_output", "text"),
        yes(case, "published"),
        yes(case, "informs_public_on_public_interest"),
        unless=(edited, _criminal_law(case)),
    )


@rules("transparency")
def any_paragraph(case: Case, rule: str) -> Finding:
    """At least one paragraph asks something of this system, inside the Act."""
    some = one_of(case, "article-50", *(met(case, r) for r in ("TRA-1", "TRA-2", "TRA-3", "TRA-4a", "TRA-4b")))
    return all_of(rule, some, met(case, "scope-base"))


@rules("TRA-5")
def paragraph_5(case: Case, rule: str) -> Finding:
    """How to tell: for paragraphs 1, 3 and 4, whoever of these must tell."""
    by_deployer = one_of(case, "told-by-deployer", *(met(case, r) for r in ("TRA-3", "TRA-4a", "TRA-4b")))
    case["notice-of-provider"] = all_of("notice-of-provider", met(case, "TRA-1"), met(case, "provider"))
    case["notice-of-deployer"] = all_of("notice-of-deployer", by_deployer, met(case, "deployer"))
    return any_of(rule, met(case, "notice-of-provider"), met(case, "notice-of-deployer"))


@rules("TRA-6")
def paragraph_6(case: Case, rule: str) -> Finding:
    """On top of Chapter III."""
    return all_of(rule, met(case, "transparency"), met(case, "high-risk"))
