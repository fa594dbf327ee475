"""What must hold for every set of facts: monotone, honest about the unknown, pure, and worded in both languages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.law.cases import Scenario, bases, scenarios

from vangrail.law import Facts, Question, Truth, classify, element_text, outcome_text, parse_facts
from vangrail.law import questions as all_questions
from vangrail.law.facts import changed, fact_names, known
from vangrail.law.reading import contradictions
from vangrail.law.texts import rule_title, words
from vangrail.model.vocabulary import Language

DAYS = st.sampled_from(
    [date(2025, 1, 1), date(2026, 7, 26), date(2026, 11, 22), date(2026, 12, 2), date(2027, 12, 2), date(2030, 8, 2)]
)
HEADLINES = ("in-scope", "prohibited", "prohibited-later", "high-risk", "transparency", "FRI-01", "DEP-13", "GDP-35")
LIKELY = [
    "technique", "actor_kind", "uses_under_own_authority", "has_developed_or_had_developed", "name_on_system",
    "article5_practice", "annex3_point", "annex1_act", "performs_profiling", "art63_condition",
    "materially_influences_decision", "affected", "biometric_function", "synthetic_output", "outside_union",
    "evaluates_eligibility", "essential_benefit", "status", "placed_or_in_service_since", "personal_data",
    "interacts_directly_with_persons", "open_source_licence", "is_gpai_model",
]  # fmt: skip
"""The facts that steer most of the law: drawn more often, so that deep places are reached."""


def value_of(question: Question) -> st.SearchStrategy[Any]:
    match question.kind:
        case "yes_no":
            return st.booleans()
        case "choice":
            return st.sampled_from(sorted(question.values))
        case "choices":
            return st.frozensets(st.sampled_from(sorted(question.values)), max_size=3)
        case "number":
            return st.sampled_from([0.0, 0.2, 0.5, 1e23, 1e24, 2e25])
        case _:
            days = [date(2025, 6, 1), date(2026, 7, 1), date(2026, 9, 1), date(2028, 3, 1), "none"]
            return st.sampled_from(days)


def some_facts(most: int) -> st.SearchStrategy[dict[str, Any]]:
    asked = all_questions()
    names = st.lists(
        st.one_of(st.sampled_from(LIKELY), st.sampled_from(list(asked))), unique=True, max_size=most, min_size=0
    )
    return names.flatmap(lambda ns: st.fixed_dictionaries({n: value_of(asked[n]) for n in ns}))


def facts_of(given_: Mapping[str, Any]) -> Facts:
    facts = changed(Facts(), given_)
    assume(next(contradictions(facts), None) is None)
    return facts


often = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def assert_monotone(less: Facts, more: Facts, on: date) -> None:
    early, late = classify(less, on).found.all(), classify(more, on).found.all()
    for rule, finding in early.items():
        if rule in late and finding.certain:
            assert late[rule].truth is finding.truth, rule


@often
@given(st.sampled_from(scenarios()), some_facts(5), st.data(), DAYS)
def test_adding_knowledge_never_turns_a_certain_answer(
    scenario: Scenario, other: dict[str, Any], data: st.DataObject, on: date
) -> None:
    """From a lawyer's case with some facts changed, forget some: what was certain then is the same with all of them."""
    more = facts_of({**known(parse_facts(scenario.facts)), **other})
    names = sorted(known(more))
    forgotten = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=12) if names else st.just([]))
    assert_monotone(changed(more, dict.fromkeys(forgotten)), more, on)


def test_forgetting_any_one_fact_of_any_scenario_keeps_what_is_certain() -> None:
    for scenario in scenarios():
        full = parse_facts(scenario.facts)
        late = classify(full, scenario.on).found.all()
        for fact in known(full):
            early = classify(changed(full, {fact: None}), scenario.on).found.all()
            for rule, finding in early.items():
                if rule in late and finding.certain:
                    assert late[rule].truth is finding.truth, (scenario.name, fact, rule)


@often
@given(some_facts(30), DAYS)
def test_the_possible_outcomes_contain_what_more_knowledge_gives(some: dict[str, Any], on: date) -> None:
    """Forget one fact at a time: what was said with it stays among what is possible without it."""
    full = classify(facts_of(some), on)
    for fact in some:
        less = classify(facts_of({k: v for k, v in some.items() if k != fact}), on)
        assert full.outcomes_possible <= less.outcomes_possible, fact


@often
@given(some_facts(25), DAYS)
def test_the_unknown_never_yields_not_high_risk(some: dict[str, Any], on: date) -> None:
    """'Not high-risk' is only said when no unknown fact could make it so."""
    facts = facts_of(some)
    found = classify(facts, on)
    if found.high_risk.answer is not False:
        return
    for fact in ("annex3_point", "annex1_act"):
        if getattr(facts, fact) is None:
            for value in (frozenset({"5a"}), frozenset({"4a"})) if fact == "annex3_point" else ("mdr", "lifts"):
                other = changed(facts, {fact: value})
                if next(contradictions(other), None) is None:
                    assert classify(other, on).high_risk.answer is False, (fact, value)


def test_nothing_known_is_unknown_everywhere() -> None:
    found = classify(Facts(), date(2026, 11, 22))
    assert found.outcome == "unknown"
    for name in HEADLINES:
        assert found.conclusion(name).answer is None, name
    assert found.outcomes_possible == {
        "out_of_scope", "prohibited", "high_risk", "transparency", "minimal"
    }  # fmt: skip


@often
@given(some_facts(30), DAYS)
def test_classifying_is_a_pure_function_of_facts_and_day(some: dict[str, Any], on: date) -> None:
    """The same facts give the same, in whatever order the rules are asked for."""
    facts = facts_of(some)
    first, second = classify(facts, on), classify(facts, on)
    assert first.duties == second.duties
    for rule in reversed(list(second.found.plan)):
        assert second.found[rule] == first.found[rule]
    assert first.outcome == second.outcome


@often
@given(some_facts(30), DAYS)
def test_profiling_never_lowers_the_class(some: dict[str, Any], on: date) -> None:
    """Section 21, property 1."""
    facts = facts_of({**some, "personal_data": True, "affected": "natural_persons"})
    without = changed(facts, {"performs_profiling": False})
    with_ = changed(facts, {"performs_profiling": True})
    assert classify(with_, on).found["high-risk"].truth >= classify(without, on).found["high-risk"].truth


@often
@given(some_facts(30), DAYS)
def test_a_human_reviewer_only_touches_published_text(some: dict[str, Any], on: date) -> None:
    """Section 21, property 1."""
    facts = facts_of(some)
    with_ = classify(changed(facts, {"human_review": True}), on).found
    without = classify(changed(facts, {"human_review": False}), on).found
    assert with_["high-risk"].truth is without["high-risk"].truth
    assert with_["prohibited"].truth is without["prohibited"].truth
    for rule in ("TRA-1", "TRA-2", "TRA-3", "TRA-4a"):
        assert with_[rule].truth is without[rule].truth


@often
@given(some_facts(30))
def test_the_class_does_not_depend_on_the_day_but_the_duties_do(some: dict[str, Any]) -> None:
    """Section 21, property 3: what is high-risk stays so; before its day a duty is later, not now."""
    facts = facts_of(some)
    early, late = classify(facts, date(2026, 11, 22)), classify(facts, date(2027, 12, 2))
    assert early.found["high-risk"].truth is late.found["high-risk"].truth
    for duty in early.duties:
        if duty.id.startswith("DEP-"):
            assert duty.applies != "now", duty.id


@often
@given(some_facts(30), DAYS)
def test_roles_never_change_the_class_of_the_system(some: dict[str, Any], on: date) -> None:
    """Section 21, property 6."""
    facts = facts_of(some)
    other = changed(facts, {"uses_under_own_authority": True, "has_developed_or_had_developed": False, "role": None})
    for name in ("high-risk", "prohibited", "transparency", "in-scope"):
        assert classify(facts, on).found[name].truth is classify(other, on).found[name].truth


@often
@given(some_facts(35), DAYS)
def test_fria_and_registration_follow_their_circles(some: dict[str, Any], on: date) -> None:
    """Section 21, properties 7 and 8."""
    found = classify(facts_of(some), on)
    if found.fria.answer:
        assert found.found["high-risk-iii-not-2"].answer
        circle = found.facts.actor_kind in (
            "public_authority", "body_governed_by_public_law", "private_public_service", "eu_body"
        )  # fmt: skip
        assert circle or {"5b", "5c"} & set(found.points)
    if found.registration.answer:
        assert found.found["high-risk-iii-not-2"].answer
        authority = found.facts.actor_kind in ("public_authority", "eu_body")
        assert authority or found.facts.acts_on_behalf_of_public_authority


@often
@given(some_facts(35), DAYS)
def test_article_50_falls_on_its_own_role_and_ignores_the_risk(some: dict[str, Any], on: date) -> None:
    """Section 21, property 9."""
    found = classify(facts_of(some), on)
    for duty in found.duties:
        if duty.id in ("TRA-1", "TRA-2"):
            assert duty.roles == ("provider",)
        if duty.id in ("TRA-3", "TRA-4a", "TRA-4b"):
            assert duty.roles == ("deployer",)
    other = changed(found.facts, {"annex3_point": None, "art63_condition": "none"})
    for rule in ("TRA-1", "TRA-2", "TRA-4a", "TRA-4b"):
        assert classify(other, on).found[rule].truth is found.found[rule].truth


@often
@given(some_facts(35), DAYS)
def test_every_outcome_has_its_words_in_both_languages(some: dict[str, Any], on: date) -> None:
    """Section 21, property 4, and a text for whatever can be reached."""
    found = classify(facts_of(some), on)
    for outcome in (*found.outcomes_possible, found.outcome):
        assert set(outcome_text(outcome)) == set(Language)
    for rule, finding in found.found.all().items():
        assert set(rule_title(rule)) == set(Language)
        for element in (*finding.elements, *finding.exceptions):
            assert all(element_text(element).values()), (rule, element)
    for duty in found.duties:
        assert duty.article
        assert duty.source
        assert duty.certainty in ("S1", "S2", "S3", "S4")
        assert set(duty.text) == set(Language)


def test_a_derogated_system_keeps_exactly_two_provider_duties() -> None:
    """Section 21, property 10: the 6(4) file and the 49(2) registration (PRV-18 names both together)."""
    derogated = {"performs_profiling": "no", "art63_condition": "a", "materially_influences_decision": "no"}
    found = classify(parse_facts({**bases()["high_risk_maker"], **derogated}), date(2027, 12, 2))
    act = [d.id for d in found.duties if d.applies != "unknown" and d.group in ("duty", "derogation", "role", "fria")]
    assert act == ["HRX-F", "HRX-G", "ALL-01", "PRV-18"]


def test_words_exist_in_both_languages() -> None:
    for texts in (words().conclusions, words().outcomes, words().words):
        for name, text in texts.items():
            assert set(text) == set(Language), name


def test_truth_is_ordered_as_and_and_or_need_it() -> None:
    assert Truth.NO < Truth.UNKNOWN < Truth.PRESUMED < Truth.YES
    assert [t.answer for t in Truth] == [False, None, True, True]
    assert [t.certain for t in Truth] == [True, False, False, True]


def test_facts_default_to_unknown() -> None:
    assert all(getattr(Facts(), name) is None for name in fact_names())
