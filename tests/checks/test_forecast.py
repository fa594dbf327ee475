"""Forecasts and warnings: worked by hand, on every engine, and with intervals that hold when errors hang together."""

import math
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from counting import ON, card, only
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postgres
from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.checks.forecast import dependent, errors, steps
from vangrail.checks.forecast.alarm_false_alarm_ratio import SHARE as FALSE_ALARMS
from vangrail.checks.forecast.alarm_hit_rate import SHARE as HITS
from vangrail.checks.forecast.alarm_lead_time import SHARE as LEADS
from vangrail.model.card import Alarms, Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Limit
from vangrail.model.needs import Answers
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit, Verdict
from vangrail.tables import open_table

Rows = list[dict[str, Any]]
ENGINES = ("parquet", "sqlite", "postgres")


@pytest.fixture(scope="module")
def server(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    yield postgres_cluster.connection()


def written(folder: Path, rows: Rows, engine: str = "parquet", connection: str = "") -> dict[str, str]:
    """The rows as a source of this kind; what the card says of it."""
    names = list(rows[0])
    if engine == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), folder / "log.parquet")
        return {"source": "log.parquet"}
    if engine == "sqlite":
        (folder / "log.sqlite").unlink(missing_ok=True)
        with sqlite3.connect(folder / "log.sqlite") as base:
            base.execute(f"CREATE TABLE log ({', '.join(names)})")
            plain = [[str(v) if isinstance(v, date) else v for v in (r[n] for n in names)] for r in rows]
            base.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(names))})", plain)
        base.close()
        return {"source": "log.sqlite"}
    types = {
        int: "bigint",
        float: "double precision",
        str: "text",
        datetime: "timestamp",
        date: "date",
        bool: "boolean",
    }
    with psycopg.connect(connection, autocommit=True) as session:
        session.execute("DROP TABLE IF EXISTS log")
        kinds = {n: next((types[type(r[n])] for r in rows if r[n] is not None), "double precision") for n in names}
        session.execute(f"CREATE TABLE log ({', '.join(f'{n} {k}' for n, k in kinds.items())})")
        with session.cursor().copy("COPY log FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[n] for n in names])
    return {"source": "postgresql:SERVER", "table": "log"}


def measured(
    folder: Path,
    check: str,
    rows: Rows,
    *,
    engine: str = "parquet",
    connection: str = "",
    columns: dict[str, Any] | None = None,
    **log: Any,
) -> Outcome:
    """The outcome of a check on a real table."""
    part = "alarms" if check.startswith("alarm") else "forecasts"
    dataset = written(folder, rows, engine, connection) | {part: log, "columns": columns or {}}
    on_card = card(datasets={"log": dataset})
    chosen, found = only(check, on_card), checks.checks()[check]
    with open_table("log", on_card.datasets["log"], folder=folder, environment={"SERVER": connection}) as table:
        answers = Answers(table.answer(found.needs(chosen, table.fields, ON)))
        return found.measure(chosen, table.fields, ON, answers)


DAYS = {"time": "day", "step": "day", "season": 7, "forecast": "forecast", "actual": "actual"}


def daily(actual: list[float | None], forecast: list[float | None], *, start: date = date(2026, 1, 5)) -> Rows:
    return [
        {"day": start + timedelta(days=i), "actual": a, "forecast": f}
        for i, (a, f) in enumerate(zip(actual, forecast, strict=True))
    ]


def of(found: Outcome, name: str) -> Any:
    return next(g for g in found.groups if g.name == name)


# --- forecasts -------------------------------------------------------------------------------------------------------


def ten_weeks(weeks: int = 10) -> Rows:
    """Week w stands at 10 w on each day, so last week is always 10 off; the forecast is 4 too low, on Mondays 6 too high."""
    actual = [10.0 * (i // 7) for i in range(7 * weeks)]
    return daily(actual, [a + 6 if i % 7 == 0 else a - 4 for i, a in enumerate(actual)])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_against_last_week_worked_by_hand(engine, tmp_path, server):
    """63 days have a week before them, each 10 off; the forecast is off by (6 x 4 + 6) / 7 = 4.2857: 0.42857 of it."""
    found = measured(tmp_path, "forecast-against-naive", ten_weeks(), engine=engine, connection=server, **DAYS)
    assert found.value == pytest.approx((6 * 4 + 6) / 70, abs=1e-12)
    assert (found.rows, found.unit) == (63, Unit.RATIO)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("engine", ENGINES)
def test_the_error_itself_worked_by_hand(engine, tmp_path, server):
    """Off by 4.2857 on average; squared (6 x 16 + 36) / 7 = 18.857, root 4.34; on average (6 - 24) / 7 = -2.57."""
    found = measured(tmp_path, "forecast-error", ten_weeks(), engine=engine, connection=server, **DAYS)
    assert found.value == pytest.approx(30 / 7, abs=1e-12)
    assert (found.rows, found.unit) == (70, Unit.COLUMN)
    note = found.notes[0]
    assert "(RMSE): 4,34 (" in note[Language.NL]
    assert "(bias): -2.57 (" in note[Language.EN]
    assert [
        g.name for g in found.groups
    ] == []  # no month has 30 days of the log but one: January 27, February 28, March


def test_a_month_is_shown_when_it_has_enough_rows(tmp_path):
    rows = daily([float(i % 7) for i in range(120)], [float(i % 7) + 1 for i in range(120)])
    found = measured(tmp_path, "forecast-error", rows, **DAYS)
    assert [g.name for g in found.groups] == ["2026-03", "2026-04"]
    assert of(found, "2026-03").value == pytest.approx(1.0)
    assert of(found, "2026-03").low is None  # five weeks are too few for an interval


def test_a_forecast_that_repeats_last_week_is_not_better_than_that():
    """Exactly 1, without any doubt: not met under the default limit."""
    limit = Limit(at_most=0.99)
    found = Measured(value=1.0, low=1.0, high=1.0, unit=Unit.RATIO, rows=100)
    assert against(found, limit)[0] is Verdict.NOT_MET


def test_repeating_last_week_measures_one(tmp_path):
    rng = np.random.default_rng(1)
    actual = [float(x) for x in rng.normal(0, 1, 210)]
    rows = daily(actual, [None] * 7 + actual[:-7])
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS)
    assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1), abs=1e-12)


def test_further_ahead_than_a_season_naive_goes_back_two(tmp_path):
    """Ten days ahead last week is not known yet. Each week is 10 higher: naive is 10 off one day ahead, 20 off ten days."""
    rows = [r | {"ahead": h} for r in ten_weeks(weeks=20) for h in (1, 10)]
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS, horizon="ahead", horizon_at_most=10)
    assert of(found, "t+1").value == pytest.approx(30 / 70)
    assert (of(found, "t+1").called["nl"], of(found, "t+10").called["en"]) == ("1 dag vooruit", "10 days ahead")
    assert of(found, "t+10").value == pytest.approx(30 / 140)
    assert (of(found, "t+1").rows, of(found, "t+10").rows) == (133, 126)


def test_every_series_counts_alike(tmp_path):
    """A large series off by half and a small one off by a tenth of naive: 0.3, whatever their sizes."""
    rows = []
    for name, size, share in (("Leie", 1000.0, 0.5), ("Mandel", 1.0, 0.1)):
        actual = [size * (i // 7) for i in range(140)]
        rows += [r | {"point": name} for r in daily(actual, [a + size * share for a in actual])]
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS, series="point")
    assert found.value == pytest.approx(0.3)
    assert of(found, "Leie").value == pytest.approx(0.5)
    assert of(found, "Mandel").value == pytest.approx(0.1)


def test_only_what_the_model_did_not_learn_from_counts(tmp_path):
    """Perfect until the end of February, ten off afterwards; naive may still look back over that day."""
    actual = [10.0 * (i // 7) for i in range(140)]
    learned = (date(2026, 2, 28) - date(2026, 1, 5)).days + 1
    rows = daily(actual, [a if i < learned else a + 10 for i, a in enumerate(actual)])
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS, learned_until="2026-02-28")
    assert found.value == pytest.approx(1.0)
    assert found.rows == 140 - learned


def test_two_different_values_for_one_moment_count_for_nothing(tmp_path):
    rows = ten_weeks()
    rows.append(rows[30] | {"actual": 999.0})
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS)
    assert found.rows == 63 - 2  # that day, and the same day of the next week
    assert any("2 rijen waarvan de werkelijkheid" in n[Language.NL] for n in found.notes)


@pytest.mark.parametrize(
    ("step", "minutes"),
    [("minute", 1), ("15 minutes", 15), ("hour", 60)],
)
def test_short_steps_land_in_their_own_place(tmp_path, step, minutes):
    """Each moment one step on; the value alternates 0, 1, so a season of 2 steps is never wrong and one of 1 always by 1."""
    start = datetime(2026, 3, 1)
    count = 12 * 24 * 60 // minutes
    rows = [
        {"at": start + timedelta(minutes=minutes * i), "actual": float(i % 2), "forecast": i % 2 + 0.5}
        for i in range(count)
    ]
    log = {"time": "at", "step": step, "forecast": "forecast", "actual": "actual"}
    assert measured(tmp_path, "forecast-against-naive", rows, **log, season=1).value == pytest.approx(0.5)
    constant = measured(tmp_path, "forecast-against-naive", rows, **log, season=2)
    assert isinstance(constant, NotMeasurable)


@pytest.mark.parametrize(("step", "every"), [("week", 7), ("month", 0), ("year", 0)])
def test_long_steps_are_weeks_months_and_years(tmp_path, step, every):
    first = date(2000, 1, 3)
    days = {
        "week": [first + timedelta(days=7 * i) for i in range(60)],
        "month": [date(2000 + i // 12, i % 12 + 1, 28) for i in range(60)],
        "year": [date(1950 + i, 6, 1) for i in range(60)],
    }[step]
    rows = [{"day": d, "actual": float(i), "forecast": i + 0.25} for i, d in enumerate(days)]
    log = {"time": "day", "step": step, "season": 2, "forecast": "forecast", "actual": "actual"}
    found = measured(tmp_path, "forecast-against-naive", rows, **log)
    assert found.value == pytest.approx(0.125)
    assert found.rows == 58


def test_a_number_can_be_the_moment(tmp_path):
    rows = [{"n": i, "actual": float(i // 7), "forecast": i // 7 + 0.5} for i in range(140)]
    found = measured(tmp_path, "forecast-against-naive", rows, **DAYS | {"time": "n"})
    assert found.value == pytest.approx(0.5)
    assert found.groups == ()


def messy(seed: int) -> Rows:
    """Forty rows close together, so that most have others near: hypothesis by itself draws few rows, far apart."""
    rng = np.random.default_rng(seed)

    def one(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    return [
        {
            "n": one(None, *range(8)),
            "point": one(None, "a", "b"),
            "ahead": one(None, *range(-1, 7)),
            "actual": one(None, 0.0, 0.0, 0.0, 3.0),
            "forecast": one(None, 1.0, 2.0),
        }
        for _ in range(40)
    ]


def slow_errors(rows: Rows, *, season: int, most: int) -> dict[tuple[Any, str], list[float]]:
    """Rows, absolute, signed, squared and naive errors per series and use, the slow and obvious way."""
    found: dict[tuple[Any, str], list[float]] = {}
    for row in rows:

        def agreed(place: int | None, row: dict[str, Any] = row) -> float | None:
            same = {r["actual"] for r in rows if r["point"] == row["point"] and r["n"] == place and place is not None}
            same -= {None}
            return same.pop() if len(same) == 1 else None

        back = None
        if row["ahead"] is not None and 0 <= row["ahead"] <= most:
            back = season * max(1, math.ceil(row["ahead"] / season))
        naive = agreed(None if back is None or row["n"] is None else row["n"] - back)
        use = "both"
        if row["actual"] is None or row["forecast"] is None:
            use = "lacks"
        elif agreed(row["n"]) is None:
            use = "clash"
        elif naive is None:
            use = "alone"
        tally = found.setdefault((row["point"], use), [0.0] * 5)
        error = None if use == "lacks" else row["forecast"] - row["actual"]
        for place, value in enumerate(
            [1.0]
            + ([abs(error), error, error * error] if error is not None else [0.0] * 3)
            + [abs(naive - row["actual"]) if naive is not None and row["actual"] is not None else 0.0]
        ):
            tally[place] += value
    return found


@pytest.mark.parametrize("engine", ENGINES)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_engine_adds_up_errors_as_the_slow_way_does(engine, tmp_path, server, seed):
    """Gaps, repeats, moments that clash, and steps ahead that are unknown, negative or too far."""
    rows = messy(seed)
    part = {"time": "n", "step": "day", "season": 2, "series": "point", "forecast": "forecast", "actual": "actual"}
    part |= {"horizon": "ahead", "horizon_at_most": 5}
    columns = {c: {"type": "number"} for c in ("forecast", "actual")} | {c: {"type": "integer"} for c in ("n", "ahead")}
    columns["point"] = {"type": "text"}
    on_card = card(datasets={"log": written(tmp_path, rows, engine, server) | {"forecasts": part, "columns": columns}})
    with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={"SERVER": server}) as table:
        need = errors.tables(only("forecast-error", on_card), table.fields).series
        found = Answers(table.answer([need])).table(need).by(f"{errors.SERIES} point", errors.USE)
    seen = {c.values: [float(c.rows), *c.sums] for c in found.cells}
    assert seen == slow_errors(rows, season=2, most=5)  # small whole numbers, so nothing is rounded


# --- intervals of forecasts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_coverage_worked_by_hand(engine, tmp_path, server):
    """Of 140 days 105 lie within, 21 above, 14 below: 75 %, 15 points fewer than the 90 that were promised."""
    actual = [3.0 if i % 20 in (1, 6, 12) else -3.0 if i % 20 in (3, 15) else 0.0 for i in range(140)]
    rows = [r | {"low": -1.0, "high": 1.0} for r in daily(actual, [0.5] * 140)]
    found = measured(
        tmp_path, "forecast-interval-coverage", rows, engine=engine, connection=server,
        **DAYS, low="low", high="high", level=0.9,
    )  # fmt: skip
    assert found.value == pytest.approx(-15, abs=1e-9)
    assert found.low < found.value < found.high < 0
    assert {d.called[Language.EN]: d.counted for d in found.details} == {
        "below the interval": 14, "above the interval": 21, "lower bound above the upper bound": 0,
    }  # fmt: skip


def test_a_crossed_interval_holds_nothing(tmp_path):
    rows = [r | {"low": 1.0, "high": -1.0} for r in daily([0.0] * 140, [0.5] * 140)]
    found = measured(tmp_path, "forecast-interval-coverage", rows, **DAYS, low="low", high="high", level=0.9)
    assert found.value == pytest.approx(-90)
    assert found.details[2].counted == 140


def test_rows_that_are_all_alike_count_as_periods():
    """365 days all inside are worth 53 weeks: Wilson of 53 of 53."""
    found = dependent.share([7] * 53, [7] * 53, 0.05, 7)
    assert found.value == 1
    assert found.low == pytest.approx(53 / (53 + 1.959964**2), abs=1e-6)


def test_errors_whose_squares_do_not_fit_in_a_number_leave_the_mean_error(tmp_path):
    rows = daily([1e200 * (i % 5) for i in range(210)], [1e200 * (i % 5 + 0.5) for i in range(210)])
    found = measured(tmp_path, "forecast-error", rows, **DAYS)
    assert found.value == pytest.approx(5e199) and math.isfinite(found.high)
    assert not any("RMSE" in n[Language.EN] for n in found.notes)


def test_an_interval_needs_all_three_parts():
    with pytest.raises(ValueError, match="all three"):
        card(datasets={"log": {"source": "x.csv", "forecasts": DAYS | {"low": "low"}}})


# --- how uncertain ---------------------------------------------------------------------------------------------------


def test_the_spread_of_independent_totals_is_the_usual_one():
    """For independent totals with variance 1, the sum of n has standard deviation √n; the waves find it on average."""
    rng = np.random.default_rng(7)
    found = [dependent.spread(x - x.mean(), 1)[0] ** 2 for x in rng.normal(size=(2000, 100))]
    assert np.mean(found) == pytest.approx(100, rel=0.03)


def test_waves_follow_the_published_rule():
    """0.4 x 200^(2/3) = 13.7 (Lazarus et al. 2018), never more than a third of the periods."""
    assert dependent.waves(200, 1) == 13
    assert dependent.waves(52, 7) == 17
    assert dependent.waves(9, 7) == 3


@pytest.mark.parametrize(("rho", "days"), [(0.0, 182), (0.5, 182), (0.7, 182), (0.7, 728)])
def test_intervals_hold_when_errors_hang_together(rho, days):
    """Errors of an AR(1) by day, in weeks: the paired interval covers the true ratio in about 95 of 100 logs."""
    rng = np.random.default_rng(11)
    logs, warm = 1500, 50

    def series() -> Any:
        noise = rng.normal(size=(logs, days + warm))
        out = np.zeros_like(noise)
        for t in range(1, days + warm):
            out[:, t] = rho * out[:, t - 1] + math.sqrt(1 - rho * rho) * noise[:, t]
        return np.abs(out[:, warm:])

    upper, lower = 0.8 * series(), series()
    weeks = lambda x: x.reshape(logs, -1, 7).sum(axis=2)  # noqa: E731
    covered = 0
    for a, b in zip(weeks(upper), weeks(lower), strict=True):
        found = dependent.ratio(a, b, 0.05, 7)
        covered += found.low <= 0.8 <= found.high
    assert 0.925 <= covered / logs <= 0.975


@pytest.mark.parametrize("weeks", [26, 104])
def test_intervals_of_coverage_hold_when_misses_hang_together(weeks):
    """Inside when an AR(1) with 0.7 per day stays below its 90th percentile: 95 % intervals cover in about 95 of 100 logs."""
    rng = np.random.default_rng(3)
    logs, days = 1500, 7 * weeks
    noise, x = rng.normal(size=(logs, days + 50)), np.zeros((logs, days + 50))
    for t in range(1, days + 50):
        x[:, t] = 0.7 * x[:, t - 1] + math.sqrt(1 - 0.49) * noise[:, t]
    inside = (x[:, 50:] < 1.2815516).reshape(logs, weeks, 7).sum(axis=2)
    found = [dependent.share(k, [7] * weeks, 0.05, 7) for k in inside]
    assert 0.925 <= np.mean([f.low <= 0.9 <= f.high for f in found]) <= 0.98


@pytest.mark.parametrize(
    ("count", "step", "nl", "en"),
    [
        (24, "hour", "24 uur", "24 hours"),
        (1, "day", "1 dag", "1 day"),
        (3, "15 minutes", "45 minuten", "45 minutes"),
        (8, "30 minutes", "4 uur", "4 hours"),
        (0, "hour", "0 uur", "0 hours"),
        (0, "minute", "0 minuten", "0 minutes"),
        (-2, "hour", "-2 uur", "-2 hours"),
        (12, "month", "12 maanden", "12 months"),
    ],
)
def test_steps_are_told_as_time(count, step, nl, en):
    assert steps.span(count, step) == (nl, en)


# --- warnings --------------------------------------------------------------------------------------------------------

HOURS = {
    "time": "n",
    "step": "hour",
    "event": {"expression": "level >= 2"},
    "alarm": {"expression": "warned = 1"},
    "window": 6,
    "min_events": 5,
}


def hours(text: str, *, point: str = "a", start: int = 0) -> Rows:
    """One character per hour: '.' nothing, 'e' event, 'w' warning, 'b' both, '?' level unknown, ' ' no row."""
    levels = {".": 1.0, "e": 3.0, "w": 1.0, "b": 3.0, "?": None, "!": None}
    return [
        {"n": start + i, "level": levels[c], "warned": int(c in "wb!"), "point": point}
        for i, c in enumerate(text)
        if c != " "
    ]


# Five floods: warned 3 hours ahead; warned 1 hour ahead; not warned; warned in its second hour; warned 8 hours ahead only.
FLOODS = (
    "..........wwwbb............"
    "..........webb............."
    "..........eee.............."
    "..........ebb.............."
    "..w.......ee..............."
)


@pytest.mark.parametrize("engine", ENGINES)
def test_hits_worked_by_hand(engine, tmp_path, server):
    """Without tolerance two of five floods were announced; with two hours after the beginning three."""
    rows = hours(FLOODS)
    strict = measured(tmp_path, "alarm-hit-rate", rows, engine=engine, connection=server, **HOURS)
    assert (strict.value, strict.rows) == (40, 5)
    assert strict.details[0].counted == 3
    lenient = measured(tmp_path, "alarm-hit-rate", rows, engine=engine, connection=server, **HOURS, late=2)
    assert lenient.value == 60


@pytest.mark.parametrize("engine", ENGINES)
def test_lead_times_worked_by_hand(engine, tmp_path, server):
    """Three hours are needed: the first flood had them, the second had one, the others none. 20 %."""
    found = measured(tmp_path, "alarm-lead-time", hours(FLOODS), engine=engine, connection=server, **HOURS, lead=3)
    assert found.value == 20
    assert "1 hour ahead" in found.notes[0][Language.EN]  # of the leads 3 and 1, half are at most 1
    one = measured(tmp_path, "alarm-lead-time", hours(FLOODS), engine=engine, connection=server, **HOURS, lead=1)
    assert one.value == 40


@pytest.mark.parametrize("engine", ENGINES)
def test_false_alarms_worked_by_hand(engine, tmp_path, server):
    """The second flood has two warnings, the third none, the others one; that of the fifth comes eight hours ahead, so it
    is false. One more is on for 13 hours for nothing, which counts three times: 4 of 8 are false."""
    rows = hours(FLOODS + ".......wwwwwwwwwwwww........")
    found = measured(tmp_path, "alarm-false-alarm-ratio", rows, engine=engine, connection=server, **HOURS)
    assert found.value == 50
    assert found.rows == 8


def test_the_floods_of_the_docs(tmp_path):
    """Five warnings, of which one comes too early to be about the flood."""
    found = measured(tmp_path, "alarm-false-alarm-ratio", hours(FLOODS), **HOURS)
    assert (found.value, found.rows) == (20, 5)


def test_always_warning_is_mostly_false(tmp_path):
    """200 hours of warning with one flood are 34 warnings of 6 hours at most, of which one sees the flood coming."""
    rows = hours("." + "w" * 100 + "bb" + "w" * 100 + "." * 10)
    found = measured(tmp_path, "alarm-false-alarm-ratio", rows, **HOURS)
    assert found.rows == 34
    assert found.value == pytest.approx(100 * 33 / 34)


def test_what_cannot_be_known_is_left_out(tmp_path):
    """A flood at the first hour, one after a gap, and one whose six hours before are not all in the log."""
    six = "......w.e......" * 5
    rows = hours("ee......." + six + ".. ee......" + "......" + "....")
    found = measured(tmp_path, "alarm-hit-rate", rows, **HOURS)
    assert (found.rows, found.value) == (5, 100)
    assert any("in the log: 2." in n[Language.EN] for n in found.notes)


def test_gaps_do_not_flatter(tmp_path):
    """Ten floods announced and ten not, each with the same hour missing: nothing is known of any, whatever was seen.

    To leave out only the ten that were not announced would say 13 of 16 (81 %); of the floods seen whole it is 3 of 6.
    """
    whole, gap = "........w..e......" + "...........e......", "....  ..w..e......" + "....  .....e......"
    found = measured(tmp_path, "alarm-hit-rate", hours(whole * 3 + gap * 10), **HOURS | {"window": 8})
    assert (found.value, found.rows) == (50, 6)
    assert any("in the log: 20." in n[Language.EN] for n in found.notes)
    false = measured(tmp_path, "alarm-false-alarm-ratio", hours("..w..e......" * 5 + "..w.. e....." * 5), **HOURS)
    assert (false.value, false.rows) == (0, 5)


def test_a_short_dip_does_not_make_two_floods(tmp_path):
    rows = hours(("......we.ee........") * 6)
    assert measured(tmp_path, "alarm-hit-rate", rows, **HOURS).rows == 12
    assert measured(tmp_path, "alarm-hit-rate", rows, **HOURS, gap=1).rows == 6


def test_the_same_moment_twice_is_refused(tmp_path):
    rows = hours(FLOODS)
    found = measured(tmp_path, "alarm-hit-rate", [*rows, *rows], **HOURS)
    assert isinstance(found, NotMeasurable)
    both = [*rows, *hours(FLOODS, point="b")]
    assert measured(tmp_path, "alarm-hit-rate", both, **HOURS, series="point").rows == 10


def test_series_with_enough_events_are_shown_apart(tmp_path):
    rows = [*hours(FLOODS), *hours("......we......" * 5, point="b"), *hours("......we......", point="c")]
    found = measured(tmp_path, "alarm-hit-rate", rows, **HOURS, series="point")
    assert {g.name: g.value for g in found.groups} == {"a": 40, "b": 100}
    assert found.rows == 11


def test_too_few_floods_say_nothing(tmp_path):
    found = measured(tmp_path, "alarm-hit-rate", hours("......we....."), **HOURS)
    assert "minder dan 5" in found.reason[Language.NL]


def test_a_lead_beyond_the_window_is_refused():
    with pytest.raises(ValueError, match="beyond 'window'"):
        card(datasets={"log": {"source": "x.csv", "alarms": HOURS | {"lead": 7}}})


def slowly(rows: Rows, log: Alarms) -> tuple[list[tuple[bool | None, bool | None]], list[bool | None]]:
    """Events (hit, in time) and warnings (right), the slow and obvious way; None where it is not known."""
    events, warnings = [], []
    for point in {r["point"] for r in rows}:
        level = {r["n"]: None if r["level"] is None else r["level"] >= 2 for r in rows if r["point"] == point}
        warned = {r["n"]: r["warned"] == 1 for r in rows if r["point"] == point}

        def ever(states: dict[int, bool | None], first: int, last: int) -> bool | None:
            seen = [states.get(n) for n in range(first, last + 1)]
            return None if None in seen else True in seen

        given: int | None = None
        claim: int | None = None
        for n in sorted(level):
            back = range(n - 1 - log.gap, n)
            if level[n] and not any(level.get(b) for b in back) and level.get(n - 1) is not None:
                hit = ever(warned, n - log.window, n + log.late)
                early = ever(warned, n - log.window, n - (log.lead or 0)) is True
                whole = all(warned.get(k) is not None for k in range(n - log.window, n + log.late + 1))
                events.append((hit, early if whole else None))
            if warned[n]:
                if not any(warned.get(b) for b in back):
                    given = claim = n
                    new = True
                else:
                    assert given is not None
                    now = n - (n - given) % log.window
                    new, claim = now != claim, now
                if new:
                    warnings.append(ever(level, n - log.late, n + log.window))
    return events, warnings


@pytest.mark.parametrize("engine", ENGINES)
@given(
    seed=st.integers(0, 10_000),
    window=st.integers(1, 5), late=st.integers(0, 2), gap=st.integers(0, 2), lead=st.integers(0, 5),
)  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_engine_counts_events_as_the_slow_way_does(engine, tmp_path, server, seed, window, late, gap, lead):
    letters = np.random.default_rng(seed).choice(list("....eewwb?! "), size=(2, 60))
    rows = [r for point, text in zip("ab", letters, strict=True) for r in hours("".join(text), point=point)]
    part = HOURS | {"window": window, "late": late, "gap": gap, "lead": min(lead, window), "series": "point"}
    columns = {"level": {"type": "number"}}
    on_card = card(datasets={"log": written(tmp_path, rows, engine, server) | {"alarms": part, "columns": columns}})
    log = on_card.datasets["log"].alarms
    with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={"SERVER": server}) as table:
        needs = {s: s.need(log, table.fields) for s in (HITS, LEADS, FALSE_ALARMS)}
        answers = Answers(table.answer(needs.values()))
    events, warnings = slowly(rows, log)
    seen = {s: answers.table(n) for s, n in needs.items()}
    for answer in (True, False, None):
        assert seen[HITS].of(begun=True, hit=answer) == sum(h is answer for h, _ in events)
        assert seen[LEADS].of(begun=True, early=answer) == sum(e is answer for _, e in events)
        assert seen[FALSE_ALARMS].of(right=answer) == sum(r is answer for r in warnings)


# --- bad input -------------------------------------------------------------------------------------------------------

ALL = ("forecast-against-naive", "forecast-error", "forecast-interval-coverage")
WITH_INTERVAL = DAYS | {"low": "low", "high": "high", "level": 0.9}


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize(
    "rows",
    [
        daily([None] * 100, [1.0] * 100),
        daily([1.0] * 5, [2.0] * 5),
        daily([1.0] * 40, [2.0] * 40),
        daily([math.nan] * 100, [math.inf] * 100),
        daily([math.inf] * 100, [1.0] * 100),
        [r | {"day": None} for r in daily([1.0] * 100, [2.0] * 100)],
        [r | {"day": "2026"} for r in daily([1.0] * 100, [2.0] * 100)],
        [r | {"actual": "high"} for r in daily([1.0] * 100, [2.0] * 100)],
    ],
    ids=["no actual", "five rows", "six weeks", "NaN", "infinity", "no time", "time of text", "actual of text"],
)
def test_what_cannot_be_measured_says_why(check, rows, tmp_path):
    rows = [r | {"low": 0.0, "high": 3.0} for r in rows]
    columns = {"day": {"type": "text"}} if isinstance(rows[0]["day"], str) else {"day": {"type": "date"}}
    if not isinstance(rows[0]["actual"], str):
        columns["actual"] = {"type": "number"}
    found = measured(tmp_path, check, rows, columns=columns, **WITH_INTERVAL)
    assert isinstance(found, NotMeasurable)
    assert found.do is not None


def test_a_forecast_that_is_never_wrong_is_not_believed(tmp_path):
    actual = [float(i % 9) for i in range(140)]
    for check in ("forecast-against-naive", "forecast-error"):
        found = measured(tmp_path, check, daily(actual, list(actual)), **DAYS)
        assert "dezelfde kolom" in found.reason[Language.NL]


def test_days_cannot_tell_hours_apart(tmp_path):
    found = measured(tmp_path, "forecast-error", ten_weeks(), **DAYS | {"step": "hour"})
    assert "dagen zonder uur" in found.reason[Language.NL]


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(VangrailError, match="forcast"):
        measured(tmp_path, "forecast-error", ten_weeks(), **DAYS | {"forecast": "forcast"})


def test_without_such_a_log_nothing_is_asked():
    nothing = card(datasets={"log": {"source": "x.csv"}})
    for name, check in checks.checks().items():
        if check.family == "forecast":
            assert list(check.plan(nothing)) == [], name
            assert check.not_applicable(nothing) is not None, name
    some: Card = card(datasets={"log": {"source": "x.csv", "forecasts": DAYS, "alarms": HOURS}})
    assert checks.checks()["forecast-error"].not_applicable(some) is None
    assert checks.checks()["forecast-interval-coverage"].not_applicable(some) is not None
    assert checks.checks()["alarm-lead-time"].not_applicable(some) is not None


def test_periods_are_never_shorter_than_a_forecast_looks_ahead():
    assert steps.steps_in_period("hour", 1) == 24
    assert steps.steps_in_period("hour", 48) == 48
    assert steps.memory("hour", 48) == 2
    assert steps.steps_in_period("day", 3) == 7
