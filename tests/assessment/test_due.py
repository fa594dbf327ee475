"""What a scheduled run has to do on a day, and what it has to tell."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from vangrail import checks, knowledge
from vangrail.assessment.due import alerts, due, monitoring, situation, validity
from vangrail.assessment.staleness import State
from vangrail.model.board import Board, Judgement, Line
from vangrail.model.card import Answer
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import AskPerson, Measure, both
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import AlertKind, Language, Phase, RecordKind, Unit, Verdict

ON = date(2026, 11, 22)
PRINT = Fingerprint(algorithm="test-1", content="abc", rows=100)
MODEL = Fingerprint(algorithm="test-1", content="model", rows=0)
PLANNED = Measurement(check="validity", version=1, dataset="log", subject="values", settings={"rules": []})
MONTHS = {"validity": 12}
NOW = State(fingerprints={"log": PRINT}, models={"m": MODEL})
TEXT = both(nl="Reden.", en="Reason.")
FRAMEWORK = knowledge.framework()


def evidence(value=1.0, *, on=ON, **changes):
    outcome = Measured(value=value, unit=Unit.PERCENT, rows=100)
    moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    made = Evidence(measurement=PLANNED, outcome=outcome, fingerprint=PRINT, measured_at=moment, measured_by="test")
    return replace(made, **changes)


def due_of(held=None, *, planned=PLANNED, state=NOW, on=ON, ahead_days=14):
    found = {held.measurement.key: held} if held else {}
    return [d.why[Language.EN] for d in due([planned], found, state, valid_months=MONTHS, on=on, ahead_days=ahead_days)]


def test_what_was_never_measured_is_due():
    assert due_of() == ["Not measured yet."]


def test_what_still_holds_is_not_due():
    assert due_of(evidence()) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fingerprint": replace(PRINT, content="other", rows=99)}, "99 rows then, 100 now"),
        ({"measurement": replace(PLANNED, settings={"rules": ["age > 0"]})}, "The card has changed"),
        ({"measurement": replace(PLANNED, version=0)}, "The check itself has changed"),
    ],
)
def test_what_no_longer_stands_on_the_same_is_due(changes, why):
    (said,) = due_of(evidence(**changes))
    assert why in said


def test_what_was_measured_with_another_model_is_due():
    calls = replace(PLANNED, settings={"model": "m"})
    assert due_of(evidence(measurement=calls, model=MODEL), planned=calls) == []
    (why,) = due_of(evidence(measurement=calls, model=replace(MODEL, content="older")), planned=calls)
    assert "The model 'm' has changed" in why


@pytest.mark.parametrize(
    ("day", "ahead_days", "expected"),
    [
        (date(2026, 11, 8), 14, []),  # fourteen days before 22 November
        (date(2026, 11, 9), 14, ["Only valid until 2026-11-22."]),
        (date(2026, 11, 22), 0, []),  # the last day on which it holds
        (date(2026, 11, 23), 0, ["Measured on 2025-11-22; this was valid until 2026-11-22."]),
        (date(2025, 11, 22), 365, []),  # never twice on a day, however far one looks ahead
    ],
)
def test_a_figure_of_a_year_ago_is_measured_again_before_it_expires(day, ahead_days, expected):
    assert due_of(evidence(on=date(2025, 11, 22)), on=day, ahead_days=ahead_days) == expected


def test_a_figure_holds_as_long_as_the_strictest_requirement_says():
    months = validity(FRAMEWORK, checks.checks())
    for requirement in FRAMEWORK.requirements:
        for proof in requirement.evidence:
            if isinstance(proof, Measure) and proof.check in months:
                assert months[proof.check] <= proof.valid_months
    assert set(months) == set(checks.checks())


# --- what changed ------------------------------------------------------------------------------------------------------

REQUIREMENT = FRAMEWORK.requirement("dat-3")


def board(verdict=Verdict.MET, held=None, **changes):
    judgement = Judgement(proof=Measure(check="validity"), verdict=verdict, because=TEXT, measured=held)
    line = Line(
        requirement=REQUIREMENT,
        verdict=verdict,
        because=TEXT,
        judgements=(replace(judgement, **changes),),
        asked=True,
    )
    return Board(on=ON, phase=Phase.OPERATE, lines=(line,))


def told(before, after, why=None):
    return [(a.kind, a.before, a.after) for a in alerts(situation(before) if before else None, after, why or {})]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Verdict.MET, Verdict.NOT_MET, AlertKind.WORSE),
        (Verdict.UNKNOWN, Verdict.NOT_MET, AlertKind.WORSE),
        (Verdict.NOT_APPLICABLE, Verdict.PARTLY, AlertKind.WORSE),
        (Verdict.MET, Verdict.EXPIRED, AlertKind.STALE),
        (Verdict.NOT_MET, Verdict.EXPIRED, AlertKind.STALE),
        (Verdict.EXPIRED, Verdict.MET, AlertKind.BETTER),
        (Verdict.NOT_MET, Verdict.MET, AlertKind.BETTER),
    ],
)
def test_a_verdict_that_changed_is_told(before, after, kind):
    assert told(board(before), board(after)) == [(kind, before, after)]


def test_what_stayed_the_same_is_not_told():
    assert told(board(held=evidence()), board(held=evidence())) == []


def test_the_same_figure_of_another_day_is_the_same():
    assert told(board(held=evidence(on=date(2026, 1, 1))), board(held=evidence())) == []


def test_at_the_start_only_what_is_not_met_is_told():
    assert told(None, board(Verdict.UNKNOWN)) == []
    assert told(None, board(Verdict.NOT_MET)) == [(AlertKind.WORSE, None, Verdict.NOT_MET)]


def test_a_figure_that_went_stale_and_was_taken_again_is_told_with_both_values():
    changed = board(held=evidence(2.5, fingerprint=replace(PRINT, content="new", rows=101)))
    why = both(nl="De data zijn veranderd.", en="The data have changed.")
    (alert,) = alerts(situation(board(held=evidence(1.0))), changed, {PLANNED.key: why})
    assert (alert.kind, alert.requirement, alert.stale) == (AlertKind.MEASURED_AGAIN, "dat-3", why)
    ((before, after),) = [(c.before.value, c.after.value) for c in alert.figures]
    assert (before, after) == (1.0, 2.5)


def test_a_figure_that_cannot_be_taken_any_more_is_told_without_a_value():
    gone = evidence(outcome=NotMeasurable(reason=both(nl="Groep Zkrtx.", en="Group Zkrtx."), rows=0))
    (alert,) = alerts(situation(board(held=evidence())), board(Verdict.UNKNOWN, gone, because=gone.outcome.reason), {})
    assert alert.kind is AlertKind.WORSE and alert.figures[0].after.value is None
    assert "Zkrtx" not in alert.because[Language.EN]


def test_an_alert_holds_no_word_of_a_person():
    """The board is shown in the house; an alert goes out of it."""
    answer = Answer(requirement="dat-3", answer="no", because="Jan wil niet", by="An Peeters", on=ON)
    said = both(nl="An Peeters: Jan wil niet", en="An Peeters: Jan wil niet")
    after = board(Verdict.NOT_MET, proof=AskPerson(question=TEXT), because=said, answer=answer)
    (alert,) = alerts(situation(board()), after, {})
    assert "Jan" not in str(alert) and "Peeters" not in str(alert)


def test_a_requirement_that_is_asked_for_the_first_time_is_told_when_it_is_not_met():
    assert [a.kind for a in alerts({}, board(Verdict.NOT_MET), {})] == [AlertKind.WORSE]
    assert alerts({}, board(Verdict.MET), {}) == []


# --- dat-8 -------------------------------------------------------------------------------------------------------------


def proved(*days, on=ON):
    return monitoring([date.fromisoformat(d) for d in days], on=on, framework=knowledge.framework(), by="test")


def test_one_run_is_an_event_and_two_days_are_a_beginning_of_a_series():
    assert proved() is None
    assert proved("2026-11-21", "2026-11-21") is None
    record = proved("2026-11-14", "2026-11-21", "2026-11-21")
    assert (record.kind, record.on) == (RecordKind.MONITORING, date(2026, 11, 21))
    assert record.what == "vangrail watch: 2026-11-14 … 2026-11-21, 2×"


def test_runs_of_long_ago_or_of_later_prove_nothing():
    assert proved("2026-08-01", "2026-11-21") is None  # 1 August counts until 1 November
    assert proved("2026-11-21", "2026-11-23") is None
    assert proved("2026-11-21", "2026-11-23", on=date(2026, 11, 23)).on == date(2026, 11, 23)
