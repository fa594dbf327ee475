"""Objections: who got an answer within the term, who still waits, and how often they were right."""

from datetime import date

import pytest
from counting import ON, card, only

from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.cards.records import Records
from vangrail.model.card import RECORDS, Record
from vangrail.model.framework import Limit
from vangrail.model.needs import Answers
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import Language, RecordKind, Unit, Verdict

TIME, UPHELD = "objection-handling-time", "objections-upheld"
NINETY = Limit(at_least=90, because="-")


def records(text):
    """Objections as `came in | answered | result`, one per line; '-' where there is none."""
    for line in text.strip().splitlines():
        came, answered, result = (None if part.strip() == "-" else part.strip() for part in line.split("|"))
        yield Record.model_validate(
            {"kind": "objection", "what": "-", "by": "An", "on": came, "answered_on": answered, "result": result}
        )


def outcome(check, text, *, on=ON, term=30):
    on_card, found = card(contact={"object": "post", "term_days": term}), checks.checks()[check]
    measurement = only(check, on_card)
    assert measurement.dataset == RECORDS + RecordKind.OBJECTION
    held = Records(RecordKind.OBJECTION, records(text))
    return found.measure(measurement, (), on, Answers(held.answer(found.needs(measurement, (), on))))


def detail(found, name):
    return next(d for d in found.details if d.name == name)


SIX = """
    2026-01-01 | 2026-01-11 | upheld
    2026-02-01 | 2026-02-21 | rejected
    2026-03-01 | 2026-03-31 | rejected
    2026-04-01 | 2026-05-02 | upheld
    2026-09-01 | -          | -
    2026-11-20 | -          | -
"""


def test_what_is_open_past_its_term_is_late_and_what_is_open_within_it_does_not_count():
    """Answered after 10, 20, 30 and 31 days; open for 82 and for 2 days. Three of the five that are due were in time."""
    found = outcome(TIME, SIX)
    assert (found.value, found.unit, found.rows) == (60, Unit.PERCENT, 5)
    assert found.low is None and found.high is None, "everything is counted"
    assert (detail(found, "in time").counted, detail(found, "overdue").counted) == (3, 1)
    assert detail(found, "longest open").value == 82


def test_the_median_and_the_longest_wait_are_in_days():
    """10, 20, 30, 31 and 45 days: half within 30."""
    found = outcome(TIME, SIX.replace("2026-09-01 | - ", "2026-09-01 | 2026-10-16"))
    assert detail(found, "median").value == 30
    assert detail(found, "longest").value == 45
    assert not any(d.name == "longest open" for d in found.details)


def test_a_wait_of_the_whole_term_is_in_time_and_a_day_more_is_not():
    assert outcome(TIME, "2026-03-01 | 2026-03-31 | rejected").value == 100
    assert outcome(TIME, "2026-04-01 | 2026-05-02 | rejected").high == 0


def test_nobody_waits_for_what_was_withdrawn_in_time():
    found = outcome(TIME, SIX + "2026-05-01 | 2026-05-03 | withdrawn\n2026-05-01 | 2026-07-03 | withdrawn")
    assert (found.rows, found.value) == (6, 50), "withdrawn after the term: nobody had answered"


@pytest.mark.parametrize(
    ("due", "late", "bounds", "verdict"),
    [(4, 0, (None, None), Verdict.MET), (4, 1, (0, 75), Verdict.NOT_MET), (2, 2, (0, 50), Verdict.NOT_MET)],
)
def test_of_a_few_it_is_only_said_whether_all_were_in_time(due, late, bounds, verdict):
    lines = ["2026-01-01 | 2026-03-01 | -"] * late + ["2026-01-01 | 2026-01-02 | -"] * (due - late)
    found = outcome(TIME, "\n".join(lines))
    assert (found.low, found.high) == bounds and found.confidence is None
    assert found.details == ()
    assert "Minder dan 5 bezwaren" in found.notes[0][Language.NL]
    assert against(found, NINETY)[0] is verdict


def test_how_many_of_a_few_were_late_cannot_be_told():
    one, two = (
        outcome(TIME, "\n".join(["2026-01-01 | 2026-03-01 | -"] * late + ["2026-01-01 | 2026-01-02 | -"] * (4 - late)))
        for late in (1, 2)
    )
    assert one == two


def test_an_answer_of_later_is_not_there_yet():
    """On the first of May the objection of April was still open, within its term."""
    found = outcome(TIME, SIX, on=date(2026, 5, 1))
    assert (found.rows, found.value) == (3, 100)


def test_what_is_over_for_two_years_no_longer_counts_and_what_is_still_open_does():
    found = outcome(TIME, SIX + "2023-01-01 | 2024-01-01 | rejected\n2023-01-01 | - | -")
    assert (found.rows, found.value) == (6, 50)
    assert detail(found, "longest open").value == (ON - date(2023, 1, 1)).days


@pytest.mark.parametrize(("text", "said"), [("", "geen bezwaar genoteerd"), ("2026-11-20 | - | -", "nog open")])
def test_without_anything_due_there_is_no_figure(text, said):
    found = outcome(TIME, text)
    assert isinstance(found, NotMeasurable) and said in found.reason[Language.NL]


def test_a_term_longer_than_the_law_s_is_said():
    assert "art. 12, lid 3" in outcome(TIME, SIX, term=60).notes[0][Language.NL]
    assert "art. 12" not in outcome(TIME, SIX).notes[0][Language.NL]


def test_the_share_that_was_right():
    """Two of five that were decided; what was withdrawn, or is open, was not decided."""
    text = SIX + "2026-05-01 | 2026-05-03 | withdrawn\n2026-06-01 | 2026-06-03 | rejected"
    found = outcome(UPHELD, text)
    assert (found.value, found.rows) == (40, 5)
    assert detail(found, "withdrawn").counted == 1


def test_of_a_few_the_share_is_kept_back():
    found = outcome(UPHELD, SIX)
    assert isinstance(found, NotMeasurable) and found.rows == 4
    assert "enkele mensen" in found.reason[Language.NL]


def test_an_answer_without_result_is_told():
    found = outcome(UPHELD, "2026-06-01 | 2026-06-03 | -")
    assert isinstance(found, NotMeasurable) and found.notes
    assert isinstance(outcome(TIME, "2026-06-01 | 2026-06-03 | -"), Measured)


def test_without_a_term_nothing_is_planned():
    assert not list(checks.checks()[TIME].plan(card(contact={"object": "post"})))
    assert list(checks.checks()[UPHELD].plan(card(contact={"object": "post"})))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"answered_on": "2026-01-01"}, "lies before 'on'"),
        ({"result": "upheld"}, "needs 'answered_on'"),
        ({"kind": "survey", "answered_on": "2026-02-03", "result": "upheld"}, "is for an objection"),
        ({"started_at": "2026-02-03 10:00"}, "is for an incident"),
        ({"kind": "incident", "ended_at": "2026-02-03 10:00"}, "needs a 'started_at'"),
    ],
)
def test_a_record_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Record.model_validate({"kind": "objection", "on": "2026-02-01", "what": "-", "by": "An"} | wrong)
