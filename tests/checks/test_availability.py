"""Availability: outages that are counted once, probes that are missing, and moments drawn at random."""

from datetime import date

import numpy as np
import pytest
from counting import ON, card
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drift import measured

from vangrail import checks
from vangrail.assessment.judging import against, limit_for
from vangrail.cards.records import Records
from vangrail.model.card import RECORDS, Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Measure
from vangrail.model.needs import Answers
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language, RecordKind, Verdict

CHECK = "availability"


def outages(*spans, on=ON, **uptime):
    """The outcome from incidents, each as 'begin/end'."""
    on_card = card(fallback={"uptime": {"outages_since": "2026-01-01", "days": 10} | uptime})
    (measurement,) = checks.checks()[CHECK].plan(on_card)
    assert measurement.dataset == RECORDS + RecordKind.INCIDENT
    common = {"kind": "incident", "on": "2026-11-20", "what": "-", "by": "An"}
    kept = [
        Record.model_validate(common | {"started_at": begin or None, "ended_at": end or None})
        for begin, _, end in (span.partition("/") for span in spans)
    ]
    found = checks.checks()[CHECK]
    return found.measure(
        measurement, (), on, Answers(Records(RecordKind.INCIDENT, kept).answer(found.needs(measurement, (), on)))
    )


def test_time_without_an_outage_over_all_time():
    """Ten days are 240 hours; down for 6: 97.5 %."""
    found = outages("2026-11-15T10:00/2026-11-15T16:00")
    assert found.value == pytest.approx(97.5, abs=1e-12)
    assert (found.low, found.high, found.rows) == (None, None, 10)
    assert "Van 2026-11-12 tot en met 2026-11-21" in found.notes[0][Language.NL]
    assert "Storingen: 1, samen 6 h 0 min" in found.notes[1][Language.NL]


def test_outages_that_overlap_count_once():
    """From 10 to 16 and from 14 to 18 is 8 hours: 96.67 %."""
    found = outages("2026-11-15T14:00/2026-11-15T18:00", "2026-11-15T10:00/2026-11-15T16:00")
    assert found.value == pytest.approx(100 * (1 - 8 / 240), abs=1e-12)
    assert "Outages: 1" in found.notes[1][Language.EN]


def test_only_what_lies_in_the_period_counts():
    """Begun before it: 12 hours of it count. Still going on: 6 hours until the end. After it, or before it: none."""
    spans = (
        "2026-11-01T00:00/2026-11-12T12:00",
        "2026-11-21T18:00/",
        "2026-11-22T08:00/",
        "2026-10-01T00:00/2026-10-02T00:00",
    )
    assert outages(*spans).value == pytest.approx(100 * (1 - 18 / 240), abs=1e-12)


def test_an_incident_without_begin_is_no_outage_and_nothing_recorded_is_said():
    found = outages("/")
    assert found.value == 100
    assert "Noteert niemand storingen" in found.notes[-1][Language.NL]


def test_the_period_begins_where_recording_began():
    assert outages(outages_since="2026-11-20").rows == 2
    assert isinstance(outages(outages_since="2026-11-22"), NotMeasurable)


@settings(deadline=None)  # a busy machine is no fault of the sum
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), max_size=8))
def test_no_more_time_is_lost_than_there_is(spans):
    """Against counting hour by hour."""
    hours = np.zeros(240, bool)
    text = []
    for start, length in spans:
        begin, end = np.datetime64("2026-11-12T00") + np.array([start, start + length])
        text.append(f"{begin}:00/{end}:00")
        hours[start : start + length] = True
    assert outages(*text).value == pytest.approx(100 * (1 - hours.mean()), abs=1e-9)


# --- probes ----------------------------------------------------------------------------------------------------------

DAYS = 10
# Every hour for ten days: 240 probes, of which 12 found it down; and one of later.
HOURLY = """SELECT TIMESTAMP '2026-11-12 00:30:00' + INTERVAL (i) HOUR AS moment,
    CASE WHEN i < 12 THEN 'nee' WHEN i < 228 + 12 THEN 'ja' END AS up, i % 20 = 0 AS error FROM range(241) AS t(i)"""


def probed(**uptime):
    parts = {"dataset": "log", "moment": "moment", "up": {"column": "up", "positive": "ja"}, "days": DAYS}
    return card(datasets={"log": {"source": "log.parquet"}}, fallback={"uptime": parts | uptime})


def test_regular_probes_are_counted_exactly(tmp_path):
    """228 of 240: 95 %. The probe of the day itself does not count: that day is not over."""
    found = measured(tmp_path, CHECK, probed(every_minutes=60), HOURLY)
    assert (found.value, found.rows) == (95, 240)
    assert (found.low, found.high, found.confidence) == (None, None, None)
    assert [(d.name, d.rows, d.counted) for d in found.details] == [("2026-11", 240, 228)]


def test_probes_that_are_missing_could_have_been_either(tmp_path):
    """Every half hour 480 are expected and 240 are there: from 228/480 to 468/480."""
    found = measured(tmp_path, CHECK, probed(every_minutes=30), HOURLY)
    assert (found.value, found.low, found.high) == pytest.approx((95, 47.5, 97.5), abs=1e-12)
    assert "ontbreken er 240" in found.notes[1][Language.NL]


def test_a_probe_without_outcome_could_have_been_either(tmp_path):
    rows = HOURLY.replace("i < 12 THEN 'nee'", "i < 12 THEN NULL")
    found = measured(tmp_path, CHECK, probed(every_minutes=60), rows)
    assert (found.value, found.low, found.high) == pytest.approx((100, 95, 100), abs=1e-12)
    assert "zonder uitkomst: 12" in found.notes[1][Language.NL]


def test_moments_drawn_at_random_have_an_interval(tmp_path):
    """228 of 240, Wilson: 91.5 to 97.1."""
    found = measured(tmp_path, CHECK, probed(at_random=True), HOURLY)
    assert (found.low, found.high) == pytest.approx((91.46, 97.12), abs=0.01)
    assert found.confidence == 0.95


def test_errors_are_a_figure_of_their_own(tmp_path):
    """12 of 240."""
    found = measured(tmp_path, CHECK, probed(error={"column": "error", "positive": True}), HOURLY, subject="errors")
    assert found.value == 5


def test_what_was_promised_is_the_limit():
    on_card = probed(at_least=99, error={"column": "error", "positive": True}, errors_at_most=2)
    up, errors = checks.checks()[CHECK].plan(on_card)
    proof = Measure(check=CHECK)
    assert limit_for(up, proof, on_card).at_least == 99
    assert limit_for(errors, proof, on_card).at_most == 2
    (alone,) = checks.checks()[CHECK].plan(card(fallback={"uptime": {"outages_since": "2026-01-01", "at_least": 99}}))
    assert limit_for(alone, proof, on_card).because == "card.yaml: fallback.uptime"


def test_a_promise_kept_is_met_and_without_a_promise_nothing_is(tmp_path):
    on_card = probed(at_least=95)
    (measurement,) = checks.checks()[CHECK].plan(on_card)
    found = measured(tmp_path, CHECK, on_card, HOURLY)
    assert against(found, limit_for(measurement, Measure(check=CHECK), on_card))[0] is Verdict.MET
    (plain,) = checks.checks()[CHECK].plan(probed())
    assert against(found, limit_for(plain, Measure(check=CHECK), probed()))[0] is Verdict.UNKNOWN


@pytest.mark.parametrize("limit", [0, 29])
def test_a_few_probes_are_no_measurement(tmp_path, limit):
    found = measured(tmp_path, CHECK, probed(), f"{HOURLY} LIMIT {limit}")
    assert isinstance(found, NotMeasurable) and found.rows == limit


def test_a_column_without_moments_is_named(tmp_path):
    with pytest.raises(VangrailError, match="no column 'up' with moments"):
        measured(tmp_path, CHECK, probed(moment="up"), HOURLY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dataset": None, "moment": None, "up": None}, "either 'dataset'"),
        ({"outages_since": "2026-01-01"}, "either 'dataset'"),
        ({"moment": None}, "needs 'moment'"),
        ({"at_random": True, "every_minutes": 5}, "not both"),
        ({"dataset": "none"}, "points to data set 'none'"),
    ],
)
def test_a_card_that_cannot_be_followed_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        probed(**wrong)


def test_the_interval_for_random_moments_keeps_its_promise(tmp_path):
    """Down in runs of 6 hours, 5 % of 90 days; 300 moments at random, a thousand times: Wilson covers about 95 %."""
    from vangrail.checks import statistics

    draw = np.random.default_rng(5)
    down = np.zeros(90 * 24, bool)
    for start in draw.choice(90 * 4, 18, replace=False):
        down[6 * start : 6 * start + 6] = True
    up = (~down[draw.integers(0, len(down), (1_000, 300))]).sum(1)
    low, high = statistics.wilson(up, np.full(1_000, 300), 0.05)
    assert 0.93 <= np.mean((low <= 1 - down.mean()) & (1 - down.mean() <= high)) <= 0.97


def test_the_day_moves_the_period(tmp_path):
    found = measured(tmp_path, CHECK, probed(days=2), HOURLY, on=date(2026, 11, 14))
    assert (found.rows, found.value) == (48, 75)
