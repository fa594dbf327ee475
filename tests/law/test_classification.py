"""The whole answer: headlines, questions, flips, certainty, verdicts, and one tool with two purposes."""

from datetime import date

import pytest
from tests.law.cases import TODAY, bases

from vangrail.law import Classification, Facts, classify, law_knowledge, parse_facts, verdict
from vangrail.law.facts import changed
from vangrail.law.verdict import TOPICS
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, Verdict


def of(base: str, on: date = TODAY, **facts: object) -> Classification:
    return classify(parse_facts({**bases()[base], **facts}), on)


def test_what_people_are_owed_is_asked_before_what_makes_a_buyer_a_provider() -> None:
    """A product is high-risk already; whether Annex III adds a FRIA comes before the rare ways of Article 25."""
    lift = of(
        "city",
        annex1_act="lifts",
        is_product_itself="no",
        safety_function="yes",
        third_party_assessment="required",
        annex3_point="unknown",
        substantial_modification="unknown",
    )
    asked = [q.fact for q in lift.next_questions]
    assert asked.index("annex3_point") < asked.index("substantial_modification")


def test_the_same_tool_with_two_purposes_gives_two_outcomes() -> None:
    """Summarising for the archive is not ranking people, though the product is the same."""
    tool = {"technique": "llm", "synthetic_output": ["text"], "substantially_alters_input": "yes"}
    archive = of("city", **tool)
    ranking = of("high_risk_user", **tool, changed_intended_purpose="yes")
    assert (archive.outcome, archive.roles, archive.fria.answer) == ("transparency", {"deployer"}, False)
    assert (ranking.outcome, ranking.roles, ranking.fria.answer) == ("high_risk", {"deployer", "provider"}, True)


def test_several_things_hold_at_once() -> None:
    found = of(
        "high_risk_user",
        annex3_point=["4a", "5a"],
        recruits_or_selects="yes",
        interacts_directly_with_persons="yes",
        two_way="yes",
        obvious_to_reasonable_person="no",
        automated_decision_legal_effect="yes",
    )
    assert found.points == ("4a", "5a")
    assert found.transparency_rules == ("TRA-1",)
    assert {"GDP-22", "BEL-01", "FRI-01", "DEP-13"} <= {d.id for d in found.duties}


def test_a_duty_carries_both_days_and_the_act_that_moved_it() -> None:
    duty = next(d for d in of("high_risk_user").duties if d.id == "DEP-02")
    assert (duty.from_enacted, duty.from_amended, duty.set_by) == (date(2026, 8, 2), date(2027, 12, 2), "OMN")
    assert (duty.applies, duty.roles, duty.article) == ("later", ("deployer",), "26(2)")


def test_a_contested_day_shows_both_and_plans_on_the_second() -> None:
    duty = next(d for d in of("high_risk_user").duties if d.id == "DEP-13")
    assert duty.contested == (date(2026, 8, 2), date(2027, 12, 2))
    assert (duty.from_day, duty.open_point) == (date(2027, 12, 2), "OPN-01")


def test_an_old_answer_is_reproduced_with_the_days_of_then() -> None:
    """On 1 July 2026 the law still said 2 August 2026."""
    duty = next(d for d in of("high_risk_user", date(2026, 7, 1)).duties if d.id == "DEP-02")
    assert duty.from_day == date(2026, 8, 2)


def test_high_risk_is_said_while_a_prohibition_stands_open() -> None:
    """The duties follow from it; that it may also be prohibited is not hidden."""
    found = of("high_risk_user", article5_practice="unknown")
    assert found.outcome == "high_risk"
    assert found.prohibited.answer is None
    assert "prohibited" in found.outcomes_possible
    assert verdict(found, "classification").verdict is Verdict.UNKNOWN


def test_not_high_risk_is_not_said_while_a_prohibition_stands_open() -> None:
    assert of("city", article5_practice="unknown").outcome == "unknown"


def test_draft_guidelines_show_as_contested() -> None:
    assert of("high_risk_user").high_risk.certainty == "S3"
    assert (
        of("city", annex1_act="mdr", is_product_itself="yes", third_party_assessment="required").high_risk.certainty
        == "S1"
    )


def test_questions_start_broad_and_leave_rare_exclusions_for_last() -> None:
    asked = [q.fact for q in classify(Facts(), TODAY).next_questions]
    assert {"technique", "article5_practice", "annex3_point"} <= set(asked[:6])
    assert asked.index("outside_union") > asked.index("actor_kind")
    rare = [q.rare for q in classify(Facts(), TODAY).next_questions]
    assert rare == sorted(rare)


def test_no_question_is_asked_when_nothing_is_open() -> None:
    assert of("city").next_questions == ()
    assert of("city").outcomes_possible == {"minimal"}


def test_answering_the_questions_reaches_a_certain_answer() -> None:
    """An interview of a city that uses a route planner, answering only what is asked."""
    answers, facts, asked = parse_facts(bases()["city"]), Facts(), 0
    while (found := classify(facts, TODAY)).next_questions:
        question = next((q for q in found.next_questions if getattr(answers, q.fact) is not None), None)
        assert question is not None, [q.fact for q in found.next_questions]
        facts = changed(facts, {question.fact: getattr(answers, question.fact)})
        asked += 1
    assert found.outcomes_possible == {"minimal"}
    assert asked < 40


def test_a_settled_fact_is_not_asked_again() -> None:
    """Whether it infers is known from the technique."""
    asked = [q.fact for q in classify(parse_facts({"technique": "llm"}), TODAY).next_questions]
    assert "infers_from_input" not in asked
    assert "machine_based" not in asked


def test_a_question_says_why_with_an_example_and_an_article() -> None:
    question = classify(Facts(), TODAY).next_questions[0]
    for language in Language:
        assert question.question[language]
        assert question.why[language]
        assert question.example[language]
    assert question.article


def test_flips_name_the_smallest_change_that_leaves_the_prohibition() -> None:
    found = of(
        "city",
        article5_practice="f",
        annex3_point="unknown",
        biometric_data="yes",
        biometric_function=["emotion"],
        workplace_or_education="yes",
        medical_or_safety_reason="no",
    )
    changes = [dict(f.changes) for f in found.flips("PRO-F", limit=10)]
    assert {"workplace_or_education": False} in changes
    assert {"medical_or_safety_reason": True} in changes
    assert all(len(c) == 1 for c in changes)


def test_two_facts_are_needed_where_one_is_not_enough() -> None:
    """High-risk by two points: denying one keeps it."""
    found = of(
        "high_risk_user",
        annex3_point=["5b", "5d"],
        evaluates_eligibility="no",
        credit_scoring="yes",
        detects_financial_fraud_only="no",
        emergency_triage="yes",
    )
    changes = [dict(f.changes) for f in found.flips("annex-iii")]
    assert {"credit_scoring": False, "emergency_triage": False} in changes
    assert all(len(c) == 2 for c in changes)


def test_defence_and_research_are_no_first_explanation() -> None:
    """They would turn every rule, so they say nothing about this one."""
    changes = [c for f in of("high_risk_user").flips("high-risk") for c in f.changes]
    assert changes
    assert "outside_union" not in changes


def test_every_flip_really_turns_the_answer() -> None:
    for base in ("high_risk_user", "high_risk_maker", "city"):
        found = of(base)
        for rule in ("high-risk", "FRI-01", "DEP-13", "provider"):
            for flip in found.flips(rule):
                other = classify(changed(found.facts, flip.changes), found.on).found[rule]
                assert other.answer is flip.answer is not found.found[rule].answer


def test_an_explanation_names_each_element_and_how_it_stands() -> None:
    found = of("high_risk_user", actor_kind="private", acts_on_behalf_of_public_authority="no")
    by_name = {e.name: (e.truth.answer, t[Language.NL]) for e, t in found.explain("HRA-5a")}
    assert by_name["public-authority"] == (False, "Door of namens een overheidsinstantie")
    assert by_name["essential_benefit"][0] is True


# --- verdicts for requirements


def test_a_complete_classification_is_met_and_an_open_one_unknown() -> None:
    assert verdict(of("city"), "classification").verdict is Verdict.MET
    open_ = verdict(classify(Facts(), TODAY), "classification")
    assert open_.verdict is Verdict.UNKNOWN
    assert "technique" in open_.missing


def test_a_prohibited_practice_is_not_met_also_before_its_day() -> None:
    app = {"article5_practice": ["ba"], "intimate_content": "yes", "intended_for_intimate_content": "yes"}
    for topic in ("prohibited", "duties"):
        assert verdict(of("city", **app), topic).verdict is Verdict.NOT_MET
        assert verdict(of("city"), "prohibited").verdict is Verdict.MET


def test_a_fria_is_not_asked_before_its_day_and_must_be_shown_after() -> None:
    late = {"status": "in_use", "placed_or_in_service_since": "2027-12-02"}
    assert verdict(of("high_risk_user"), "fria").verdict is Verdict.NOT_APPLICABLE
    due = verdict(of("high_risk_user", date(2027, 12, 2), **late), "fria")
    assert (due.verdict, due.to_show) == (Verdict.UNKNOWN, ("FRI-01",))
    assert verdict(of("high_risk_user", date(2027, 12, 2), **late), "fria", {"FRI-01"}).verdict is Verdict.MET
    assert verdict(of("city"), "fria").verdict is Verdict.NOT_APPLICABLE


def test_duties_are_met_only_when_each_one_that_applies_now_is_shown() -> None:
    found = of("city", **dict.fromkeys(("website_app_or_chatbot", "document_request"), "no"))
    open_ = verdict(found, "duties")
    assert open_.verdict is Verdict.UNKNOWN
    assert "ALL-01" in open_.to_show
    assert verdict(found, "duties", set(open_.to_show)).verdict is Verdict.MET


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(VangrailError, match="duties"):
        verdict(of("city"), "weather")


def test_every_topic_says_why_in_both_languages() -> None:
    for base in ("city", "nothing", "high_risk_user"):
        for topic in TOPICS:
            assert set(verdict(of(base), topic).because) == set(Language)


def test_penalties_and_retention_are_data() -> None:
    known = law_knowledge()
    assert (known.penalties["PEN-01"].euro, known.penalties["PEN-01"].share) == (35_000_000, 0.07)
    assert {r.id: r.years for r in known.retention}["technical_file"] == 10
    assert {r.id: r.months for r in known.retention}["deployer_logs"] == 6
