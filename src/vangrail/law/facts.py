"""What is known about an application, as far as the law asks for it. `None` means that it is not known.

The names are those of `knowledge/law/facts/`, where each has its question, its reason and its article; a test keeps the
two equal. Nothing here has another default than `None`: not knowing is never an answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from vangrail.law.knowledge import Question, questions
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

Day = date | Literal["none"]
"""A day, or the answer that there is no such day ("not in use yet", "never changed")."""
Value = bool | str | frozenset[str] | float | Day
"""The value of a known fact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Every fact that a rule may read, in the order of the law. `None`: unknown."""

    # system
    machine_based: bool | None = None
    infers_from_input: bool | None = None
    technique: str | None = None
    weights_learned_from_data: bool | None = None
    is_gpai_model: bool | None = None
    training_flop: float | None = None
    systemic_risk_designated: bool | None = None
    open_source_licence: bool | None = None
    weights_and_architecture_public: bool | None = None
    modifies_gpai_model: bool | None = None
    modification_compute_share: float | None = None
    built_on_own_gpai_model: bool | None = None
    # roles
    actor_kind: str | None = None
    role: frozenset[str] | None = None
    acts_on_behalf_of_public_authority: bool | None = None
    has_developed_or_had_developed: bool | None = None
    name_on_system: str | None = None
    first_use_by: str | None = None
    uses_under_own_authority: bool | None = None
    supplies_to_others: bool | None = None
    supplier_already_on_union_market: bool | None = None
    holds_mandate_of_provider: bool | None = None
    sells_product_under_own_name: bool | None = None
    substantial_modification: bool | None = None
    changed_intended_purpose: bool | None = None
    supplier_excludes_high_risk_use: bool | None = None
    supplier_in_eu: bool | None = None
    provider_in_eu: bool | None = None
    shared_service: bool | None = None
    uses_third_party_components: bool | None = None
    intended_for_public_authorities: bool | None = None
    is_sme: str | None = None
    status: str | None = None
    placed_or_in_service_since: Day | None = None
    design_changed_significantly_since: Day | None = None
    further_unit_of_legacy_type: bool | None = None
    # scope
    outside_union: bool | None = None
    purpose_exclusively_military_defence_national_security: bool | None = None
    third_country_law_enforcement_cooperation: bool | None = None
    sole_purpose_scientific_rd: bool | None = None
    personal_non_professional: bool | None = None
    # article 5
    article5_practice: frozenset[str] | None = None
    manipulative_technique: bool | None = None
    exploits_vulnerability: bool | None = None
    distorts_behaviour: bool | None = None
    significant_harm_likely: bool | None = None
    lawful_persuasion_or_treatment: bool | None = None
    scores_behaviour_over_time: bool | None = None
    score_detrimental_unrelated_context: bool | None = None
    score_unjustified_or_disproportionate: bool | None = None
    predicts_criminal_offence: bool | None = None
    based_solely_on_profiling: bool | None = None
    supports_assessment_on_objective_facts: bool | None = None
    scrapes_faces_untargeted: bool | None = None
    builds_face_database: bool | None = None
    rbi_strict_objective: bool | None = None
    national_law_authorises_rbi: bool | None = None
    rbi_prior_authorisation: bool | None = None
    rbi_fria_and_registration_done: bool | None = None
    intimate_content: bool | None = None
    intended_for_intimate_content: bool | None = None
    safeguards_reasonable: bool | None = None
    consent_of_depicted: str | None = None
    no_increase_of_exposure: bool | None = None
    minors_sexual_content: bool | None = None
    recognised_right_ground: bool | None = None
    # biometrics
    biometric_data: bool | None = None
    biometric_function: frozenset[str] | None = None
    biometric_category: frozenset[str] | None = None
    active_involvement: bool | None = None
    ancillary_to_other_service: bool | None = None
    labelling_of_lawful_dataset: bool | None = None
    publicly_accessible_space: bool | None = None
    law_enforcement_purpose: bool | None = None
    workplace_or_education: bool | None = None
    medical_or_safety_reason: bool | None = None
    # annex i
    annex1_act: str | None = None
    is_product_itself: bool | None = None
    safety_function: bool | None = None
    failure_endangers_health_or_safety: bool | None = None
    third_party_assessment: str | None = None
    # annex iii
    annex3_point: frozenset[str] | None = None
    performs_profiling: bool | None = None
    materially_influences_decision: bool | None = None
    art63_condition: str | None = None
    affected: str | None = None
    decides_or_assists_decision_about_persons: bool | None = None
    critical_sector: str | None = None
    critical_entity_designated: bool | None = None
    education_access_decision: bool | None = None
    evaluates_learning_outcomes: bool | None = None
    counts_for_result: bool | None = None
    assesses_education_level: bool | None = None
    monitors_tests: bool | None = None
    recruits_or_selects: bool | None = None
    manages_workers: bool | None = None
    evaluates_eligibility: bool | None = None
    essential_benefit: bool | None = None
    credit_scoring: bool | None = None
    detects_financial_fraud_only: bool | None = None
    life_or_health_insurance: bool | None = None
    emergency_triage: bool | None = None
    victim_risk: bool | None = None
    lie_detection: bool | None = None
    evidence_reliability: bool | None = None
    profiling_in_criminal_investigation: bool | None = None
    migration_authority: bool | None = None
    migration_risk: bool | None = None
    examines_residence_application: bool | None = None
    identifies_in_migration: bool | None = None
    judicial_or_binding_adr: bool | None = None
    interprets_facts_or_law: bool | None = None
    influences_voting: bool | None = None
    shown_to_voters: bool | None = None
    # article 50
    interacts_directly_with_persons: bool | None = None
    two_way: bool | None = None
    obvious_to_reasonable_person: bool | None = None
    authorised_by_criminal_law: bool | None = None
    synthetic_output: frozenset[str] | None = None
    substantially_alters_input: bool | None = None
    assistive_standard_editing: bool | None = None
    internal_machine_output: bool | None = None
    published: bool | None = None
    informs_public_on_public_interest: bool | None = None
    human_review: bool | None = None
    editorial_responsibility: bool | None = None
    resembles_existing: bool | None = None
    would_falsely_appear_authentic: bool | None = None
    evidently_artistic: bool | None = None
    # use and data
    employer_uses_at_workplace: bool | None = None
    controls_input_data: bool | None = None
    logs_under_own_control: bool | None = None
    personal_data: bool | None = None
    special_categories: bool | None = None
    large_scale_special_categories: bool | None = None
    criminal_data: bool | None = None
    automated_decision_legal_effect: bool | None = None
    systematic_public_monitoring: bool | None = None
    on_national_dpia_list: bool | None = None
    external_processor: bool | None = None
    data_outside_eea: bool | None = None
    trained_on_personal_data: bool | None = None
    pseudonymised_data_shared: bool | None = None
    bias_correction_needs_special_categories: bool | None = None
    # belgium
    individual_administrative_act: bool | None = None
    website_app_or_chatbot: bool | None = None
    reuse_of_protected_data: bool | None = None
    exchanges_personal_data_with_authority: bool | None = None
    uses_national_register: bool | None = None
    uses_social_security_data: bool | None = None
    surveillance_camera_public_space: bool | None = None
    reads_number_plates: bool | None = None
    municipal_fine: bool | None = None
    message_to_citizen: bool | None = None
    document_request: bool | None = None
    connected_device_data: bool | None = None
    publishes_datasets: bool | None = None
    nis2_entity: bool | None = None
    product_with_digital_elements: bool | None = None
    platform_work: bool | None = None
    sponsored_political_message: bool | None = None
    cross_border_digital_service: bool | None = None


class FactsRefused(VangrailError):
    """Facts that cannot be right. `facts` are the names of those that clash, for a message that points to the line."""

    def __init__(self, what: Text, *, facts: tuple[str, ...], why: Text | str = "", do: Text | str = "") -> None:
        super().__init__(what, why=why, do=do)
        self.facts = facts


_YES = frozenset({"yes", "ja", "true"})
_NO = frozenset({"no", "nee", "neen", "false"})
_UNKNOWN = frozenset({"unknown", "onbekend", ""})
_NONE = frozenset({"none", "geen"})


@cache
def fact_names() -> tuple[str, ...]:
    """The name of every fact, in the order of the law."""
    return tuple(f.name for f in fields(Facts))


def known(facts: Facts) -> dict[str, Value]:
    """The facts that are known, by name."""
    return {name: value for name in fact_names() if (value := getattr(facts, name)) is not None}


def changed(facts: Facts, changes: Mapping[str, Any]) -> Facts:
    """The same facts with these changed; the values are not checked."""
    return replace(facts, **changes)


def read_facts(given: Mapping[str, Any]) -> Facts:
    """The facts of a mapping as it stands on a card; each value checked by itself, not yet against the others.

    Raises      FactsRefused for a name that does not exist or a value that the fact cannot have
    """
    asked = questions()
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in asked:
            raise FactsRefused(
                both(
                    nl=f"'{name}' is geen feit waar de wet naar vraagt.",
                    en=f"'{name}' is not a fact that the law asks for.",
                ),
                facts=(name,),
                do=_nearest(name, asked),
            )
        values[name] = _value(asked[name], value)
    return Facts(**values)


def plain_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a card as JSON values, each written in one way: 'ja' is true, a value alone is a list where lists stand.

    What says that it is unknown is left out. What cannot be read stays as it is, for `read_facts` to refuse.
    """
    plain: dict[str, Any] = {}
    for name, value in given.items():
        try:
            read = getattr(read_facts({name: value}), name)
        except FactsRefused:
            plain[name] = value
            continue
        if read is not None:
            plain[name] = (
                sorted(read) if isinstance(read, frozenset) else read.isoformat() if isinstance(read, date) else read
            )
    return plain


def _nearest(name: object, asked: Mapping[str, Question]) -> Text:
    near = get_close_matches(str(name), asked, n=3)
    if near:
        return both(nl=f"Bedoel je {' of '.join(near)}?", en=f"Did you mean {' or '.join(near)}?")
    return both(nl="De namen van alle feiten staan in docs/law.md.", en="See docs/law.md for the names of all facts.")


def _value(question: Question, value: Any) -> Value | None:
    if value is None or value is True or value is False:  # the most common by far
        return value if value is None or question.kind == "yes_no" else _READERS[question.kind](question, value)
    if isinstance(value, str) and value.strip().lower() in _UNKNOWN:
        return None
    return _READERS[question.kind](question, value)


def _yes_no(question: Question, value: Any) -> Value:
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise _refused(question, both(nl="yes (ja), no (nee) of unknown (onbekend)", en="yes, no or unknown"))


def _choice(question: Question, value: Any) -> Value:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _refused(question, _allowed(question))
    return _one(question, value)


def _choices(question: Question, value: Any) -> Value:
    given = value if isinstance(value, list | tuple | set | frozenset) else [value]
    named = {_one(question, v) for v in given if not _is_none(v)}
    if named and any(_is_none(v) for v in given):
        others = ", ".join(sorted(named))
        raise FactsRefused(
            both(
                nl=f"'{question.fact}' zegt 'none' (geen) en ook {others}.",
                en=f"'{question.fact}' says 'none' and also {others}.",
            ),
            facts=(question.fact,),
            why=both(nl="Dat kan niet allebei kloppen.", en="Both cannot be right."),
            do=both(nl="Laat 'none' weg, of laat de rest weg.", en="Leave out 'none', or leave out the rest."),
        )
    return frozenset(named)


def _is_none(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _NONE


def _one(question: Question, value: Any) -> str:
    word = str(value).strip()
    word = question.aliases.get(word, word)
    if word in question.values:
        return word
    lower = question.aliases.get(word.lower(), word.lower())
    if lower in question.values:
        return lower
    if lower in _NONE and "none" in question.values:
        return "none"
    raise _refused(question, _allowed(question))


_AMOUNT = both(nl="een getal van 0 of meer", en="a number of 0 or more")


def _number(question: Question, value: Any) -> Value:
    if isinstance(value, bool):
        raise _refused(question, _AMOUNT)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise _refused(question, _AMOUNT) from error
    if not 0 <= number < float("inf"):
        raise _refused(question, _AMOUNT)
    return number


def _day(question: Question, value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if _is_none(value):
        return "none"
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        day = both(nl="een dag zoals 2025-03-01, of 'none' (geen)", en="a day like 2025-03-01, or 'none'")
        raise _refused(question, day) from error


_READERS: Mapping[str, Callable[[Question, Any], Value]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "date": _day,
}


def _allowed(question: Question) -> Text:
    values = ", ".join([*question.values, *(["none"] if question.kind == "choices" else []), "unknown"])
    return both(nl=f"een van deze: {values}", en=f"one of: {values}")


def _refused(question: Question, allowed: Text) -> FactsRefused:
    return FactsRefused(
        both(
            nl=f"'{question.fact}' kan deze waarde niet hebben.",
            en=f"'{question.fact}' has a value that it cannot have.",
        ),
        facts=(question.fact,),
        why=both(
            nl=f"Dit feit telt mee voor artikel {question.article}.",
            en=f"It decides under article {question.article}.",
        ),
        do=both(nl=f"Geef {allowed[Language.NL]}.", en=f"Give {allowed[Language.EN]}."),
    )
