"""The interview asks one question at a time, never takes 'I don't know' as no, and says honestly about how many are left."""

from datetime import date
from pathlib import Path

import pytest

from vangrail.cards import read_application
from vangrail.law import FactsRefused, Interview, article_text, questions, read_answer, value_text
from vangrail.model.vocabulary import Language

ON = date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples"


def walked(facts):
    """An interview in which someone answers from these facts and says 'no' to the rest: how many were asked, and what was left."""
    interview, left = Interview(facts={}, on=ON), []
    while (question := interview.next) is not None:
        left.append(interview.about_left)
        no = {"yes_no": False, "choices": [], "choice": "none" if "none" in question.values else None}.get(
            question.kind
        )
        value = facts.get(question.fact, no)
        interview = interview.unknown(question.fact) if value is None else interview.answered(question.fact, value)
    return interview, left


def test_the_first_question_is_what_the_system_is():
    assert Interview(facts={}, on=ON).next.fact in ("machine_based", "infers_from_input", "technique")


def test_what_somebody_does_not_know_is_not_asked_again_and_stays_unknown():
    start = Interview(facts={}, on=ON)
    after = start.unknown(start.next.fact)
    assert after.next.fact != start.next.fact
    assert after.classification.outcome == "unknown"
    assert after.answered(start.next.fact, "llm").skipped == frozenset()


def test_taking_an_answer_back_leaves_it_unknown():
    one = Interview(facts={"machine_based": True}, on=ON)
    assert one.unknown("machine_based").facts == {}


def test_an_answer_that_contradicts_another_is_refused():
    with pytest.raises(FactsRefused, match="contradict each other"):
        Interview(facts={"technique": "llm"}, on=ON).answered("infers_from_input", False)


@pytest.mark.parametrize("name", sorted(p.parent.name for p in EXAMPLES.glob("*/card.yaml")))
def test_about_how_many_are_left_is_never_far_off(name):
    """What is left is a floor: answers that bring something special add questions, at most as many again."""
    interview, left = walked(read_application(EXAMPLES / name).card.facts)
    asked = len(left)
    assert interview.about_left == 0 and interview.next is None
    for number, about in enumerate(left):
        really = asked - number
        assert really / 2 <= about <= 1.5 * really + 1, f"{about} was said, {really} were asked"


def test_outside_the_act_little_is_left_to_ask():
    assert Interview(facts={"technique": "expert_rules_only"}, on=ON).about_left < 12


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("machine_based", "ja", True),
        ("machine_based", "n", False),
        ("machine_based", "misschien", "misschien"),
        ("technique", "3", "llm"),
        ("technique", "ml", "ml"),
        ("annex3_point", "geen", []),
        ("role", "deployer, 1", ["deployer", "provider"]),
        ("training_flop", "0,5", 0.5),
        ("placed_or_in_service_since", "2025-03-01", date(2025, 3, 1)),
        ("placed_or_in_service_since", "none", "none"),
    ],
)
def test_what_is_typed_becomes_what_stands_on_a_card(fact, typed, value):
    assert read_answer(questions()[fact], typed) == value


@pytest.mark.parametrize(
    ("fact", "value", "nl", "en"),
    [
        ("machine_based", True, "ja", "yes"),
        (
            "technique",
            "expert_rules_only",
            "alleen vaste regels die mensen schreven",
            "only fixed rules written by people",
        ),
        ("role", frozenset(), "geen", "none"),
        ("placed_or_in_service_since", "none", "geen", "none"),
        ("placed_or_in_service_since", date(2026, 3, 1), "2026-03-01", "2026-03-01"),
        ("training_flop", None, "onbekend", "unknown"),
    ],
)
def test_a_value_is_said_in_words(fact, value, nl, en):
    assert list(value_text(fact, value).values()) == [nl, en]


@pytest.mark.parametrize(
    ("article", "nl"),
    [
        ("6(1)", "artikel 6(1)"),
        ("6(2), Annex III", "artikel 6(2), bijlage III"),
        ("GDPR 33(1)", "AVG 33(1)"),
        ("50(4), first subparagraph", "artikel 50(4), eerste alinea"),
        ("Directive 2022/2555, 23(4)", "Richtlijn 2022/2555, 23(4)"),
        ("", ""),
    ],
)
def test_an_article_is_said_in_dutch(article, nl):
    assert article_text(article)[Language.NL] == nl
