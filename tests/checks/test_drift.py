"""Drift: what shifted is found, and a small sample is not called a shift."""

from datetime import date

import duckdb
import numpy as np
import pytest
from counting import ON, card, only
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from vangrail import checks
from vangrail.checks.drift import classes, divergence, periods
from vangrail.checks.drift.drift import _holm
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Measurement
from vangrail.model.needs import Answers, Field
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import open_table


def measured(folder, check: str, on_card: Card, rows: str, *, on: date = ON, subject: str | None = None) -> Outcome:
    """The outcome on a real table: `rows` is a query that makes it."""
    duckdb.connect().execute(f"COPY ({rows}) TO '{folder}/log.parquet' (FORMAT parquet)")
    name, dataset = next(iter(on_card.datasets.items()))
    found = checks.checks()[check]
    plan = [m for m in found.plan(on_card) if subject in (None, m.subject)]
    chosen: Measurement = plan[0]
    with open_table(name, dataset, folder=folder, environment={}) as table:
        answers = Answers(table.answer(found.needs(chosen, table.fields, on)))
        return found.measure(chosen, table.fields, on, answers)


def drifting(**drift) -> Card:
    parts = {"column": "day", "validated_until": "2026-03-31"} | drift
    return card(datasets={"log": {"source": "log.parquet", "drift": parts}})


def of(found, name):
    return next(g for g in found.groups if g.name == name)


# 1000 cases in March half from the centre, 1000 in April of which 600 from the centre; amounts all alike.
SHIFT = """
    SELECT DATE '2026-03-01' + CAST(i % 31 AS INTEGER) AS day, CASE WHEN i < 500 THEN 'centre' ELSE 'suburb' END AS place,
        10.0 + i % 7 AS amount FROM range(1000) AS t(i)
    UNION ALL
    SELECT DATE '2026-04-01' + CAST(i % 30 AS INTEGER), CASE WHEN i < 600 THEN 'centre' ELSE 'suburb' END, 10.0 + i % 7
        FROM range(1000) AS t(i)
"""


def test_an_index_worked_by_hand():
    """From 50/50 to 60/40: 0.1 ln 1.2 - 0.1 ln 0.8 = 0.04055; chance brings 1 x (1/1000 + 1/1000) = 0.002 of it."""
    found = divergence.population_stability_index(np.array([500.0, 500]), np.array([600.0, 400]), 0.05)
    assert found.raw == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8), abs=1e-12)
    assert found.value == pytest.approx(found.raw - 0.002, abs=1e-12)
    assert found.low < found.value < found.high


def test_the_column_that_shifted_most_is_the_figure(tmp_path):
    found = measured(tmp_path, "drift", drifting(), SHIFT)
    assert found.value == pytest.approx(0.0385, abs=1e-4)
    assert [g.name for g in found.groups] == ["place", "amount"]
    assert of(found, "amount").value == 0
    assert found.rows == 2000


def test_numbers_that_go_missing_are_no_chance(tmp_path):
    """All amounts alike, 10 of 1000 missing then and 150 of 1000 now: chi-square 133.15, p < 1e-29 at twice itself."""
    rows = SHIFT.replace("10.0 + i % 7 AS amount", "CASE WHEN i >= 10 THEN 10.0 + i % 7 END AS amount")
    rows = rows.replace("10.0 + i % 7\n", "CASE WHEN i >= 150 THEN 10.0 + i % 7 END\n")
    assert rows.count("CASE WHEN i >= ") == 2
    found = measured(tmp_path, "drift", drifting(columns=["amount"]), rows)
    statistic = stats.chi2_contingency([[10, 150], [990, 850]], correction=False).statistic
    note = found.details[0].note
    assert f"χ² of what is missing {statistic:.3f}, p < 0.001" in note[Language.EN]
    assert "1 of the 1 columns differ by more than chance" in str([n[Language.EN] for n in found.notes])


def test_details_hold_the_other_measures(tmp_path):
    """JS by scipy; chi-square of a 2 x 2 table is 20.2, far beyond chance."""
    note = measured(tmp_path, "drift", drifting(), SHIFT).details[0].note
    distance = jensenshannon([0.5, 0.5], [0.6, 0.4], base=2)
    assert f"JS {distance:.3f}" in note[Language.EN]
    assert "χ² 20.202, p < 0.001" in note[Language.EN]
    assert f"JS {distance:.3f}".replace(".", ",") in note[Language.NL]


def test_a_small_sample_is_not_called_drift(tmp_path):
    """40 against 40 cases in ten classes: chance alone gives an index of about 0.45, past the limit of 0.25."""
    generator = np.random.default_rng(1)
    raw, value, false_alarms = [], [], 0
    for _ in range(200):
        old, new = (generator.multinomial(40, [0.1] * 10).astype(float) for _ in range(2))
        found = divergence.population_stability_index(old, new, 0.05)
        raw.append(found.raw)
        value.append(found.value)
        false_alarms += found.low > 0.25
    assert np.mean(raw) > 0.4
    assert np.mean(value) < 0.2
    assert false_alarms <= 2


@pytest.mark.parametrize("tilt", [0.0, 0.3, 1.2])
@pytest.mark.parametrize(("n", "m"), [(200, 200), (10_000, 1_000)])
def test_the_interval_of_the_index_covers(tilt, n, m):
    """95 % intervals hold the true index in 93-98 % of simulated pairs of periods, at no shift and at a large one."""
    generator = np.random.default_rng(7)
    p, q = np.ones(10) / 10, np.exp(np.linspace(-1, 1, 10) * tilt)
    q /= q.sum()
    truth = float(((q - p) * np.log(q / p)).sum())
    inside = 0
    for _ in range(1000):
        old, new = generator.multinomial(n, p).astype(float), generator.multinomial(m, q).astype(float)
        found = divergence.population_stability_index(old, new, 0.05)
        inside += found.low <= truth <= found.high
    assert 0.925 <= inside / 1000 <= 0.985


def test_false_alarms_over_twenty_columns_stay_within_what_is_stated():
    """With 20 columns that did not shift, any lower bound above zero is seen in at most 5 % of the logs (plus noise)."""
    generator = np.random.default_rng(11)
    alarms = 0
    for _ in range(300):
        periods_ = generator.multinomial(500, [0.1] * 10, size=(20, 2)).astype(float)
        alarms += any(divergence.population_stability_index(o, n, 0.05 / 20).low > 0 for o, n in periods_)
    assert alarms / 300 <= 0.08


def test_a_real_shift_is_found():
    """Power: 5 % against 10 % in one class at 2,000 cases each is beyond chance in at least 95 % of logs of 20 columns."""
    generator = np.random.default_rng(5)
    found = [
        divergence.population_stability_index(
            generator.multinomial(2000, [0.05, 0.95]).astype(float),
            generator.multinomial(2000, [0.10, 0.90]).astype(float),
            0.05 / 20,
        ).low
        > 0
        for _ in range(300)
    ]
    assert np.mean(found) >= 0.95


@pytest.mark.parametrize(("statistic", "df"), [(20.0, 9), (300.0, 3), (1999.0, 40), (5000.0, 9)])
def test_the_noncentral_interval_is_that_of_scipy(statistic, df):
    low, high = divergence.noncentrality(statistic, df, 0.05)
    near = 1e-9 if statistic < 2000 else 0.003
    assert stats.ncx2.cdf(statistic, df, low) == pytest.approx(0.975, abs=near)
    assert stats.ncx2.cdf(statistic, df, high) == pytest.approx(0.025, abs=near)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_distances_and_tests_are_those_of_scipy(pairs):
    old, new = np.array(pairs, float).T
    keep = old + new > 0
    old, new = old[keep], new[keep]
    if min(old.sum(), new.sum()) == 0 or len(old) < 2:
        return
    assert divergence.jensen_shannon(old, new) == pytest.approx(float(jensenshannon(old, new, base=2)), abs=1e-7)
    expected = stats.chi2_contingency(np.array([old, new]), correction=False)
    statistic, df, p = divergence.chi_square(np.array([old, new]))
    assert (statistic, df) == (pytest.approx(expected.statistic, rel=1e-9), expected.dof)
    assert p == pytest.approx(expected.pvalue, abs=1e-9)
    values = np.arange(len(old))
    gap, _ = divergence.kolmogorov_smirnov(old, new)
    theirs = stats.ks_2samp(np.repeat(values, old.astype(int)), np.repeat(values, new.astype(int)), method="asymp")
    assert gap == pytest.approx(theirs.statistic, abs=1e-9)


def test_chances_are_adjusted_by_holm():
    """The smallest times four, the next times three, and never below the one before."""
    chances = [0.01, 0.04, 0.03, 0.2]
    assert _holm(chances) == pytest.approx([0.04, 0.09, 0.09, 0.2])


def test_numbers_are_compared_in_tenths_of_the_validated_period():
    counts = divergence.tenths({float(i): 10 for i in range(100)}, {float(i): 5 for i in range(100)})
    assert [tuple(c) for c in counts.values()] == [(100, 50)] * 10


def test_rare_classes_are_put_together():
    """Of 100 cases in each period, a class with fewer than five expected cases joins the others that are rare."""
    old, new = divergence.fold({"a": (90, 88), "b": (4, 2), "c": (3, 4), "d": (3, 6)})
    assert sorted(old) == [10, 90]
    assert sorted(new) == [12, 88]


def test_a_missing_value_is_a_class_of_its_own(tmp_path):
    rows = """SELECT DATE '2026-03-01' AS day, 5.0 AS amount FROM range(100)
        UNION ALL SELECT DATE '2026-04-01', CASE WHEN i < 50 THEN 5.0 END FROM range(100) AS t(i)"""
    found = measured(tmp_path, "drift", drifting(), rows)
    assert found.value > 0.25


def test_a_free_text_is_followed_by_its_length(tmp_path):
    """Every text differs, but they became half as long."""
    rows = """SELECT DATE '2026-03-01' AS day, repeat('lang ', 20) || i AS message FROM range(200) AS t(i)
        UNION ALL SELECT DATE '2026-04-01', repeat('lang ', 10) || i FROM range(200) AS t(i)"""
    assert measured(tmp_path, "drift", drifting(), rows).low > 0.25


def test_advice_and_outcome_are_followed_as_the_card_defines_them(tmp_path):
    """Advice went from 20 % to 60 % yes. An outcome that is not known yet is no shift."""
    rows = """SELECT DATE '2026-03-01' AS day, CASE WHEN i % 5 = 0 THEN 'y' ELSE 'n' END AS said, i % 2 AS true FROM range(500) AS t(i)
        UNION ALL SELECT DATE '2026-04-01', CASE WHEN i % 5 < 3 THEN 'y' ELSE 'n' END, CASE WHEN i < 100 THEN i % 2 END
        FROM range(500) AS t(i)"""
    log = {"dataset": "log", "advice": {"column": "said", "positive": "y"}, "favourable": "no",
           "outcome": {"column": "true", "positive": 1}}  # fmt: skip
    source = {"source": "log.parquet", "drift": {"column": "day", "validated_until": "2026-03-31"}}
    found = measured(tmp_path, "drift", card(datasets={"log": source}, decision_log=log), rows)
    assert [g.name for g in found.groups] == ["advice", "outcome"]
    assert found.groups[0].value == pytest.approx(0.4 * np.log(3) - 0.4 * np.log(0.5) - 0.004, abs=1e-9)
    assert found.groups[1].value == 0


def test_with_selective_labels_the_outcome_is_followed_in_the_random_sample_only():
    log = {"dataset": "log", "advice": {"column": "said", "positive": "y"}, "favourable": "no",
           "outcome": {"column": "true", "positive": "y", "known_for": "selected"}}  # fmt: skip
    source = {"source": "log.parquet", "drift": {"column": "day", "validated_until": "2026-03-31"}}
    columns = [
        Field(name="day", type=ColumnType.DATE, origin="DATE"),
        *(Field(name=n, type=ColumnType.TEXT, origin="VARCHAR") for n in ("said", "true", "drawn")),
    ]
    without = only("drift", card(datasets={"log": source}, decision_log=log))
    assert [s.name for s in periods.series(without, columns, ON)] == ["drawn", "advice"]
    log["random_sample"] = {"column": "drawn", "positive": "y"}
    with_sample = only("drift", card(datasets={"log": source}, decision_log=log))
    followed = periods.series(with_sample, columns, ON)
    assert [s.name for s in followed] == ["advice", "outcome"]
    assert "random sample" in [k.name for k in followed[1].need.by]


def test_each_month_is_shown(tmp_path):
    """The shift began in May."""
    rows = " UNION ALL ".join(
        f"SELECT DATE '2026-0{month}-10' AS day, CASE WHEN i < {centre} THEN 'centre' ELSE 'suburb' END AS place"
        " FROM range(1000) AS t(i)"
        for month, centre in ((3, 500), (4, 505), (5, 700), (6, 800))
    )
    found = measured(tmp_path, "drift-per-month", drifting(), rows)
    assert [g.attributes["month"] for g in found.groups] == ["2026-04", "2026-05", "2026-06"]
    assert found.groups[0].low == 0
    assert found.groups[1].low > 0.05
    assert found.value == found.groups[2].value


def test_months_do_not_decide_a_verdict():
    assert not checks.checks()["drift-per-month"].judged


def test_only_recent_days_count_as_now_while_every_month_is_shown(tmp_path):
    """April shifted and went back; measured on 30 June over 30 days there is no drift, and the months tell the story."""
    rows = " UNION ALL ".join(
        f"SELECT DATE '2026-0{month}-10' AS day, CASE WHEN i < {centre} THEN 'centre' ELSE 'suburb' END AS place"
        " FROM range(1000) AS t(i)"
        for month, centre in ((3, 500), (4, 900), (6, 500))
    )
    on_card, on = drifting(recent_days=30), date(2026, 6, 30)
    assert measured(tmp_path, "drift", on_card, rows, on=on).value == 0
    months = measured(tmp_path, "drift-per-month", on_card, rows, on=on)
    assert [round(g.value, 1) for g in months.groups] == [0.9, 0.0]


def test_rows_after_the_day_of_measuring_do_not_count(tmp_path):
    rows = SHIFT + " UNION ALL SELECT DATE '2030-01-01', 'centre', 1.0 FROM range(5000)"
    assert measured(tmp_path, "drift", drifting(), rows).rows == 2000


def test_both_checks_ask_the_same_counts(tmp_path):
    columns = [
        Field(name="day", type=ColumnType.DATE, origin="DATE"),
        Field(name="place", type=ColumnType.TEXT, origin="VARCHAR"),
    ]
    needs = [checks.checks()[c].needs(only(c, drifting()), columns, ON) for c in ("drift", "drift-per-month")]
    assert needs[0] == needs[1]


def test_too_few_cases_are_not_measured(tmp_path):
    rows = "SELECT DATE '2026-03-01' AS day, 'a' AS place FROM range(100) UNION ALL SELECT DATE '2026-04-01', 'b' FROM range(29)"
    found = measured(tmp_path, "drift", drifting(), rows)
    assert isinstance(found, NotMeasurable)
    assert "100" in found.reason[Language.NL]
    assert "29" in found.reason[Language.NL]


def test_a_column_without_dates_cannot_place_rows_in_time(tmp_path):
    found = measured(tmp_path, "drift", drifting(), "SELECT 'soon' AS day, 1 AS x FROM range(100)")
    assert isinstance(found, NotMeasurable)
    assert "datums" in found.reason[Language.NL]


def test_an_unknown_column_is_named_with_the_nearest_one(tmp_path):
    with pytest.raises(VangrailError, match="dag"):
        measured(tmp_path, "drift", drifting(column="dag"), SHIFT)


@pytest.mark.parametrize(
    "columns",
    [
        "CAST(NULL AS VARCHAR) AS x",
        "CAST(NULL AS DOUBLE) AS x",
        "1 AS x",
        "CASE WHEN i % 3 = 0 THEN 'nan'::DOUBLE WHEN i % 3 = 1 THEN 'inf'::DOUBLE ELSE -i END AS x",
        "'c' || (i % 1000) AS x",
        "i % 2 = 0 AS x",
        "-1e300 * i AS x",
    ],
)
@pytest.mark.parametrize("check", ["drift", "drift-per-month"])
def test_odd_columns_give_a_figure_or_a_reason(tmp_path, check, columns):
    """All empty, constant, not a number, infinite, a thousand categories, yes/no, huge."""
    days = "CASE WHEN i % 2 = 0 THEN DATE '2026-03-01' ELSE DATE '2026-04-01' END AS day"
    found = measured(tmp_path, check, drifting(), f"SELECT {days}, {columns} FROM range(4000) AS t(i)")
    assert isinstance(found, Measured)
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize("check", ["drift", "drift-per-month"])
def test_an_empty_table_is_not_measurable(tmp_path, check):
    rows = "SELECT DATE '2026-03-01' AS day, 1 AS x WHERE FALSE"
    assert isinstance(measured(tmp_path, check, drifting(), rows), NotMeasurable)


@pytest.mark.parametrize("recent", [None, 1, 20, 45, 8000])
@pytest.mark.parametrize("until", ["2001-02-28", "2026-10-31", "2026-11-10"])
def test_every_day_falls_in_its_own_period(recent, until):
    """The tree of comparisons against a plain calculation, for each day of 26 years."""
    on_card = drifting(validated_until=until, **({"recent_days": recent} if recent else {}))
    key = periods.window(only("drift", on_card), ON).sql
    found = duckdb.sql(
        f"SELECT day, {key} FROM (SELECT DATE '2001-01-01' + CAST(i AS INTEGER) AS day FROM range(9500) AS t(i))"
    ).fetchall()
    last = date.fromisoformat(until)
    for day, got in found:
        month = day.year * 12 + day.month - 1
        if day <= last:
            assert got == periods.VALIDATED
        elif day > ON:
            assert got is None
        else:
            is_recent = recent is None or (ON - day).days < recent
            shown = month if month > ON.year * 12 + ON.month - 1 - periods.MOST_MONTHS else periods.EARLIER
            assert got == (shown if is_recent else -shown), day


def test_classes_rise_with_the_numbers():
    values = [-1e9, -20.0, -0.5, -1e-9, 0.0, 1e-9, 0.5, 3.0, 20.0, 1e9]
    rows = ", ".join(f"({i}, CAST({v!r} AS DOUBLE))" for i, v in enumerate(values))
    key = classes.class_of(Field(name="x", type=ColumnType.NUMBER, origin="DOUBLE"))
    found = duckdb.sql(f"SELECT {key} FROM (VALUES {rows}) AS t(i, x) ORDER BY i").fetchall()
    got = [float(r[0]) for r in found]
    assert got == sorted(got)
    assert len(set(got)) == len(values)


def test_a_card_refuses_a_validated_period_that_ends_before_it_begins():
    with pytest.raises(ValueError, match="validated_from"):
        drifting(validated_from="2026-05-01")
