"""Facts come in three-valued, in Dutch or English; what cannot be right is refused by name."""

from datetime import date
from typing import Any

import pytest

from vangrail.law import Facts, FactsRefused, parse_facts, plain_facts
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


def test_yes_no_and_unknown_are_read_in_both_languages() -> None:
    facts = parse_facts({"personal_data": "ja", "two_way": "no", "published": "onbekend", "human_review": None})
    assert (facts.personal_data, facts.two_way, facts.published, facts.human_review) == (True, False, None, None)


def test_what_is_left_out_is_unknown() -> None:
    assert parse_facts({}) == Facts()


def test_points_are_read_with_and_without_brackets() -> None:
    assert parse_facts({"annex3_point": ["5(a)", "4a", 2]}).annex3_point == {"5a", "4a", "2"}


def test_none_is_a_known_empty_list_and_not_unknown() -> None:
    assert parse_facts({"annex3_point": "none"}).annex3_point == frozenset()
    assert parse_facts({"annex3_point": []}).annex3_point == frozenset()
    assert parse_facts({"annex3_point": "geen"}).annex3_point == frozenset()


def test_product_acts_may_be_given_by_number() -> None:
    assert parse_facts({"annex1_act": "2017/745"}).annex1_act == "mdr"


def test_days_are_read_and_none_is_no_day() -> None:
    assert parse_facts({"placed_or_in_service_since": "2025-03-01"}).placed_or_in_service_since == date(2025, 3, 1)
    assert parse_facts({"design_changed_significantly_since": "geen"}).design_changed_significantly_since == "none"


@pytest.mark.parametrize(
    ("fact", "value", "named"),
    [
        ("actor_kind", "gemeente", "public_authority"),
        ("technique", "magic", "llm"),
        ("annex3_point", ["9z"], "5a"),
        ("status", "pilot", "real_world_test"),
        ("personal_data", "perhaps", "yes, no or unknown"),
        ("training_flop", "veel", "a number"),
        ("training_flop", True, "a number"),
        ("training_flop", float("nan"), "a number"),
        ("placed_or_in_service_since", "gisteren", "2025-03-01"),
        ("art63_condition", True, "a, b, c, d, none"),
    ],
)
def test_a_wrong_value_names_what_is_allowed(fact: str, value: object, named: str) -> None:
    with pytest.raises(VangrailError) as refused:
        parse_facts({fact: value})
    assert f"'{fact}'" in str(refused.value)
    assert named in str(refused.value)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(FactsRefused, match="performs_profiling"):
        parse_facts({"performs_profilling": True})


def test_none_may_be_said_in_dutch_where_one_value_is_chosen() -> None:
    facts = parse_facts({"annex1_act": "geen", "third_party_assessment": "Geen", "synthetic_output": "geen"})
    assert (facts.annex1_act, facts.third_party_assessment, facts.synthetic_output) == ("none", "none", frozenset())


@pytest.mark.parametrize("given", [{3: "yes"}, {"training_flop": 10**400}], ids=["a number as name", "a huge number"])
def test_what_a_card_cannot_mean_is_refused_and_never_crashes(given: dict[Any, Any]) -> None:
    with pytest.raises(FactsRefused):
        parse_facts(given)


def test_none_beside_something_is_refused() -> None:
    with pytest.raises(FactsRefused, match="also 5a"):
        parse_facts({"annex3_point": ["none", "5a"]})


@pytest.mark.parametrize(
    ("given", "both"),
    [
        ({"role": "provider", "has_developed_or_had_developed": "no"}, ("role", "has_developed_or_had_developed")),
        ({"role": "deployer", "uses_under_own_authority": "no"}, ("role", "uses_under_own_authority")),
        ({"first_use_by": "third_party", "supplies_to_others": "no"}, ("first_use_by", "supplies_to_others")),
        ({"technique": "expert_rules_only", "infers_from_input": "yes"}, ("technique", "infers_from_input")),
        ({"technique": "llm", "infers_from_input": "no"}, ("technique", "infers_from_input")),
        ({"technique": "ml", "machine_based": "no"}, ("technique", "machine_based")),
        ({"technique": "descriptive_stats", "is_gpai_model": "yes"}, ("technique", "is_gpai_model")),
        (
            {"technique": "scorecard", "weights_learned_from_data": "yes", "infers_from_input": "no"},
            ("weights_learned_from_data", "infers_from_input"),
        ),
        ({"systemic_risk_designated": "yes", "is_gpai_model": "no"}, ("systemic_risk_designated", "is_gpai_model")),
        ({"status": "idea", "placed_or_in_service_since": "2025-01-01"}, ("status", "placed_or_in_service_since")),
        ({"status": "in_use", "placed_or_in_service_since": "none"}, ("status", "placed_or_in_service_since")),
        ({"personal_non_professional": "yes", "actor_kind": "private"}, ("personal_non_professional", "actor_kind")),
        ({"personal_data": "no", "performs_profiling": "yes"}, ("personal_data", "performs_profiling")),
        ({"biometric_data": "no", "biometric_function": "emotion"}, ("biometric_data", "biometric_function")),
        ({"biometric_category": "age", "biometric_function": "none"}, ("biometric_category", "biometric_function")),
        ({"affected": "nobody", "performs_profiling": "yes"}, ("affected", "performs_profiling")),
        (
            {"annex3_point": "none", "recruits_or_selects": "yes", "affected": "natural_persons"},
            ("annex3_point", "recruits_or_selects"),
        ),
        (
            {"article5_practice": "none", "scrapes_faces_untargeted": "yes", "builds_face_database": "yes"},
            ("article5_practice", "scrapes_faces_untargeted", "builds_face_database"),
        ),
    ],
)
def test_facts_that_contradict_each_other_are_refused_by_name(given: dict[str, str], both: tuple[str, ...]) -> None:
    with pytest.raises(FactsRefused) as refused:
        parse_facts(given)
    for fact in both:
        assert all(f"'{fact}'" in said for said in refused.value.what.values())
        assert fact in refused.value.facts


def test_a_provider_that_did_not_develop_may_be_one_by_article_25() -> None:
    parse_facts({"role": "provider", "has_developed_or_had_developed": "no", "name_on_system": "own"})


def test_a_list_against_facts_says_which_exception_to_answer() -> None:
    with pytest.raises(FactsRefused, match="medical_or_safety_reason"):
        parse_facts({"article5_practice": "none", "biometric_function": "emotion", "workplace_or_education": "yes"})


def test_messages_never_show_a_value() -> None:
    with pytest.raises(VangrailError) as refused:
        parse_facts({"actor_kind": "Jan Peeters"})
    assert "Peeters" not in str(refused.value)


def test_plain_facts_say_each_thing_in_one_way() -> None:
    given = {"machine_based": "ja", "personal_data": "onbekend", "role": "deployer", "annex3_point": [2, "1a"]}
    given |= {"placed_or_in_service_since": date(2026, 3, 1), "technique": "magic"}
    assert plain_facts(given) == {
        "machine_based": True,
        "role": ["deployer"],
        "annex3_point": ["1a", "2"],
        "placed_or_in_service_since": "2026-03-01",
        "technique": "magic",
    }


def test_a_contradiction_is_explained_in_dutch() -> None:
    with pytest.raises(FactsRefused) as refused:
        parse_facts({"personal_data": "no", "performs_profiling": "yes"})
    assert refused.value.told(Language.NL) == (
        "'personal_data' en 'performs_profiling' spreken elkaar tegen.\n"
        "Dit kan niet zonder persoonsgegevens (AVG 4(1)).\n"
        "Waarschijnlijk worden er toch persoonsgegevens verwerkt."
    )
