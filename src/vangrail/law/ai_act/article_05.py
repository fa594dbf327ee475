"""Article 5: prohibited practices, letter by letter. Never grandfathered, for everyone.

A letter that is named on the list (`article5_practice`) is presumed met until its elements say otherwise. A list that
leaves a letter out says that it is not met; facts that contradict such a list are refused when they are read.
"""

from functools import cache

from vangrail.law.ai_act.article_03 import biometric_function
from vangrail.law.case import Case, ListedRules, among, met, no, not_met, one_of, yes
from vangrail.law.dates import in_force
from vangrail.law.logic import (
    NO,
    PRESUMED,
    UNKNOWN,
    YES,
    Element,
    Finding,
    Truth,
    all_of,
    any_of,
    with_exceptions,
)

PRACTICES = {
    "a": "PRO-A",
    "b": "PRO-B",
    "c": "PRO-C",
    "d": "PRO-D",
    "e": "PRO-E",
    "f": "PRO-F",
    "g": "PRO-G",
    "h": "PRO-H",
    "ba": "PRO-BA",
    "bb": "PRO-BB",
}
_LETTERS = {rule: letter for letter, rule in PRACTICES.items()}
rules = ListedRules("article5_practice", _LETTERS.get)
PROTECTED = ("race", "political_opinion", "union_membership", "religion", "sex_life_or_orientation")


def listed(
    case: Case, rule: str, list_: str, name: str, *elements: Element, unless: tuple[Element, ...] = ()
) -> Finding:
    """A rule whose name the card may put on a list, and does not leave off it."""
    core = min([e.truth for e in elements])
    if core is not NO and core is not YES:
        on_list = YES if case.heeds_lists and getattr(case.facts, list_) is not None else UNKNOWN
        elements = (_on_list(list_, name, on_list), *elements)
        # A name on the list is a claim: it counts until the elements say otherwise.
        core = PRESUMED if on_list is YES else core
    return Finding(rule, with_exceptions(core, unless), elements, unless)


@cache
def _on_list(list_: str, name: str, truth: Truth) -> Element:
    return Element(list_, (name,), truth, (list_,))


def _letter(case: Case, rule: str, name: str, *elements: Element, unless: tuple[Element, ...] = ()) -> Finding:
    return listed(case, rule, "article5_practice", name, *elements, unless=unless)


@rules("PRO-A")
def letter_a(case: Case, rule: str) -> Finding:
    """Manipulation or deception that distorts behaviour and likely harms."""
    return _letter(
        case,
        rule,
        "a",
        yes(case, "manipulative_technique"),
        yes(case, "distorts_behaviour"),
        yes(case, "significant_harm_likely"),
        unless=(yes(case, "lawful_persuasion_or_treatment"),),
    )


@rules("PRO-B")
def letter_b(case: Case, rule: str) -> Finding:
    """Exploiting age, disability or a social or economic situation."""
    return _letter(
        case,
        rule,
        "b",
        yes(case, "exploits_vulnerability"),
        yes(case, "distorts_behaviour"),
        yes(case, "significant_harm_likely"),
    )


@rules("PRO-C")
def letter_c(case: Case, rule: str) -> Finding:
    """Social scoring with (i) unrelated or (ii) disproportionate disadvantage."""
    effect = one_of(
        case,
        "social-scoring-effect",
        yes(case, "score_detrimental_unrelated_context"),
        yes(case, "score_unjustified_or_disproportionate"),
    )
    return _letter(case, rule, "c", yes(case, "scores_behaviour_over_time"), effect)


@rules("PRO-D")
def letter_d(case: Case, rule: str) -> Finding:
    """Predicting that a person commits a crime, solely on profiling or personality."""
    return _letter(
        case,
        rule,
        "d",
        yes(case, "predicts_criminal_offence"),
        yes(case, "based_solely_on_profiling"),
        unless=(yes(case, "supports_assessment_on_objective_facts"),),
    )


@rules("PRO-E")
def letter_e(case: Case, rule: str) -> Finding:
    """Untargeted scraping of faces for a recognition database."""
    return _letter(case, rule, "e", yes(case, "scrapes_faces_untargeted"), yes(case, "builds_face_database"))


@rules("PRO-F")
def letter_f(case: Case, rule: str) -> Finding:
    """Inferring emotions at work or in education, except for medical or safety reasons."""
    return _letter(
        case,
        rule,
        "f",
        met(case, "DEF-15"),
        yes(case, "workplace_or_education"),
        unless=(yes(case, "medical_or_safety_reason"),),
    )


@rules("PRO-G")
def letter_g(case: Case, rule: str) -> Finding:
    """Deducing race, opinion, union, belief or orientation of individual persons from biometrics."""
    return _letter(
        case,
        rule,
        "g",
        met(case, "DEF-16"),
        among(case, "biometric_category", *PROTECTED),
        unless=(yes(case, "labelling_of_lawful_dataset"),),
    )


@rules("PRO-H")
def letter_h(case: Case, rule: str) -> Finding:
    """Real-time remote identification in public for law enforcement; the exception needs all of (2) to (7)."""
    strict = all_of(
        "strict-exception",
        yes(case, "rbi_strict_objective"),
        yes(case, "national_law_authorises_rbi"),
        yes(case, "rbi_prior_authorisation"),
        yes(case, "rbi_fria_and_registration_done"),
    )
    case["strict-exception"] = strict
    return _letter(
        case,
        rule,
        "h",
        biometric_function(case, "rbi_realtime"),
        yes(case, "publicly_accessible_space"),
        yes(case, "law_enforcement_purpose"),
        unless=(met(case, "strict-exception"), yes(case, "active_involvement")),
    )


@rules("PRO-1A")
def paragraph_1a(case: Case, rule: str) -> Finding:
    """For (ba) and (bb): it is the purpose, or it is foreseeable and safeguards are missing."""
    return any_of(rule, yes(case, "intended_for_intimate_content"), no(case, "safeguards_reasonable"))


@rules("PRO-BA")
def letter_ba(case: Case, rule: str) -> Finding:
    """Realistic intimate images of an identifiable person without explicit consent."""
    return _letter(
        case,
        rule,
        "ba",
        yes(case, "intimate_content"),
        met(case, "PRO-1A"),
        unless=(among(case, "consent_of_depicted", "explicit", "na"), yes(case, "no_increase_of_exposure")),
    )


@rules("PRO-BB")
def letter_bb(case: Case, rule: str) -> Finding:
    """Child sexual abuse material."""
    return _letter(
        case,
        rule,
        "bb",
        yes(case, "minors_sexual_content"),
        met(case, "PRO-1A"),
        unless=(yes(case, "recognised_right_ground"),),
    )


@rules("prohibited")
def prohibited(case: Case, rule: str) -> Finding:
    """One of the letters that apply on this day, inside the Act."""
    letters = [met(case, r) for r in PRACTICES.values() if in_force(r, case.on)]
    any_letter = one_of(case, "prohibited-practice", *letters) if letters else Element("PRO-Z", False, NO, ())
    return all_of(rule, any_letter, met(case, "scope-base"))


@rules("prohibited-later")
def prohibited_later(case: Case, rule: str) -> Finding:
    """One of the letters that are law already and apply from a later day."""
    letters = [met(case, r) for r in PRACTICES.values() if not in_force(r, case.on)]
    any_letter = one_of(case, "prohibited-practice-later", *letters) if letters else Element("PRO-Z", False, NO, ())
    return all_of(rule, any_letter, met(case, "scope-base"))


@rules("PRO-Z")
def paragraph_8(case: Case, rule: str) -> Finding:
    """Not prohibited here may still be unlawful elsewhere."""
    return all_of(rule, not_met(case, "prohibited"), not_met(case, "prohibited-later"))
