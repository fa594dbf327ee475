"""Performance: the advice beside what would do without it, on the same cases."""

import duckdb
import numpy as np
import pytest
from counting import card, only
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drift import measured

from vangrail import checks
from vangrail.checks import comparing
from vangrail.checks.performance import inputs, paired, simple_rule
from vangrail.checks.performance.paired import Pairs
from vangrail.model.card import Card
from vangrail.model.needs import Cell, Counts, CountTable, Field, Key
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import open_table

CHECK = "performance-against-baseline"


def logged(*, columns=None, key=("id",), **log) -> Card:
    parts = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": 1},
        "favourable": "no",
        "outcome": {"column": "outcome", "positive": 1},
        "performance": "accuracy",
    }
    dataset = {"source": "log.parquet", "key": list(key), "columns": columns or {}}
    return card(datasets={"log": dataset}, decision_log=parts | log)


def of(found, name):
    return next(g for g in found.groups if g.name.startswith(name))


# 1000 cases, 300 with outcome yes. The advice finds 240 of them and is wrong on 70 of the others: 87 % right.
# A tip is there in 200 of the 300 and in 100 of the 700: alone it is right in 80 %.
LOG = """
    SELECT i AS id, CAST(i < 300 AS INTEGER) AS outcome,
        CAST(i < 240 OR i BETWEEN 300 AND 369 AS INTEGER) AS advice,
        CASE WHEN i < 200 OR i >= 900 THEN 'tip' ELSE 'none' END AS signal,
        'n' || i AS name
    FROM range(1000) AS t(i)
"""


def test_the_advice_against_always_saying_the_same(tmp_path):
    """870 right against 700 that are 'no': 17 points."""
    found = measured(tmp_path, CHECK, logged(), LOG)
    majority = of(found, "majority")
    assert (majority.value, majority.difference) == pytest.approx((70, 17))


def test_the_best_rule_on_one_column_is_found_on_one_half_and_tested_on_the_other(tmp_path):
    """The tip alone is right in about 80 %; a name per row teaches nothing and is not chosen."""
    used = {"signal": {"used": True}, "name": {"used": True}}
    found = measured(tmp_path, CHECK, logged(columns=used), LOG)
    rule = of(found, "one column")
    assert rule.name == "one column: signal"
    assert rule.value == pytest.approx(80, abs=3)
    assert 450 <= rule.rows <= 550
    assert found.value == rule.difference
    assert found.low <= rule.difference_low


def test_without_columns_that_are_used_no_rule_is_looked_for(tmp_path):
    """Among all columns there may be one that only became known with the outcome; beating it would be asked in vain."""
    found = measured(tmp_path, CHECK, logged(), LOG)
    assert "used: true" in of(found, "one column").not_measurable[Language.EN]


def test_the_decision_of_officers_is_todays_process(tmp_path):
    """Officers who are right in 950 of 1000 cases do better than the advice: 8 points, and no AI is needed."""
    rows = LOG.replace("'n' || i AS name", "CAST((i < 300) <> (i % 20 = 0) AS INTEGER) AS decided")
    found = measured(tmp_path, CHECK, logged(decision={"column": "decided", "positive": 1}), rows)
    decision = of(found, "decision")
    assert (decision.value, decision.difference) == pytest.approx((95, -8))
    assert found.value == pytest.approx(-8)
    assert found.high < 0
    assert any("beslisten" in n[Language.NL] for n in found.notes)


def test_a_stated_figure_of_today_is_one_of_the_baselines(tmp_path):
    found = measured(tmp_path, CHECK, logged(baseline={"accuracy": 85, "source": "steekproef van 2025"}), LOG)
    assert of(found, "stated").difference == pytest.approx(2)
    assert any("steekproef van 2025" in n[Language.NL] for n in found.notes)


def test_balanced_accuracy_lets_both_outcomes_weigh_alike(tmp_path):
    """80 % of the yes and 90 % of the no: 85 %, against 50 % for always saying the same."""
    found = measured(tmp_path, CHECK, logged(performance="balanced_accuracy"), LOG)
    assert (of(found, "majority").value, of(found, "majority").difference) == pytest.approx((50, 35))
    assert only(CHECK, logged(performance="balanced_accuracy")).subject == "balanced_accuracy"


def test_the_paired_interval_of_a_published_example():
    """Approval of a prime minister, asked twice of 1600 people: 86 turned to yes, 150 to no (Agresti 2013, section 11.1)."""
    value, low, high = paired.difference(Pairs(rows=1600, only_advice=150, only_other=86, both=794), 0.05)
    assert (value, low, high) == pytest.approx((0.040, 0.021, 0.059), abs=0.0006)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(1, 200))
@settings(max_examples=80, deadline=None)
def test_a_paired_interval_holds_its_figure(b, c, both, neither):
    value, low, high = paired.difference(
        Pairs(rows=b + c + both + neither, only_advice=b, only_other=c, both=both), 0.05
    )
    assert -1 <= low <= value <= high <= 1


@pytest.mark.parametrize(("b", "c"), [(0.02, 0.02), (0.1, 0.05), (0.3, 0.1)])
@pytest.mark.parametrize("n", [60, 2000])
def test_paired_intervals_cover(b, c, n):
    generator, inside = np.random.default_rng(3), 0
    for only_advice, only_other, both in generator.multinomial(n, [b, c, 1 - b - c], size=2000):
        _, low, high = paired.difference(
            Pairs(rows=n, only_advice=int(only_advice), only_other=int(only_other), both=int(both)), 0.05
        )
        inside += low <= b - c <= high
    assert 0.93 <= inside / 2000 <= 0.995


def test_balanced_intervals_cover():
    generator, inside = np.random.default_rng(4), 0
    truth = ((0.3 - 0.1) + (0.05 - 0.1)) / 2
    for _ in range(1500):
        pairs = {}
        for outcome, n, b, c in ((True, 80, 0.3, 0.1), (False, 700, 0.05, 0.1)):
            x = generator.multinomial(n, [b, c, 1 - b - c])
            pairs[outcome] = Pairs(rows=n, only_advice=int(x[0]), only_other=int(x[1]), both=int(x[2]))
        found = paired.balanced_accuracy(pairs, 0.05)
        inside += found.low <= truth <= found.high
    assert 0.93 <= inside / 1500 <= 0.975


def features(*lines):
    """Counts by feature, half, outcome: (value, tested on, outcome, rows)."""
    keys = (simple_rule.FEATURE, inputs.HALF, comparing.OUTCOME)
    return CountTable(keys, tuple(Cell((v, h, o), n) for v, h, o, n in lines))


COLUMN = Field(name="signal", type=ColumnType.TEXT, origin="VARCHAR")


def test_a_rule_says_what_was_mostly_the_outcome_and_does_not_learn_by_heart():
    """A class with 10 cases follows the majority although all of them were yes."""
    table = features(("a", False, True, 80), ("a", False, False, 20), ("b", False, False, 200), ("c", False, True, 10))
    rule = simple_rule.find(COLUMN, table, 30, balanced=False)
    assert (rule.of("a"), rule.of("b"), rule.of("c"), rule.of("never seen")) == (True, False, False, False)
    assert rule.score == pytest.approx(280 / 310)


def test_a_rule_never_sees_the_half_that_it_is_tested_on():
    table = features(("a", False, True, 80), ("a", False, False, 100), ("a", True, True, 10_000))
    assert simple_rule.find(COLUMN, table, 30, balanced=False).of("a") is False


def test_a_balanced_rule_says_yes_where_yes_is_more_frequent_than_overall():
    table = features(("a", False, True, 40), ("a", False, False, 60), ("b", False, True, 10), ("b", False, False, 890))
    assert simple_rule.find(COLUMN, table, 30, balanced=True).of("a") is True
    assert simple_rule.find(COLUMN, table, 30, balanced=False).of("a") is False


def test_numbers_are_put_in_tenths():
    number = Field(name="x", type=ColumnType.NUMBER, origin="DOUBLE")
    table = features(*((float(v), False, v >= 60, 5) for v in range(100)), (None, False, True, 40))
    rule = simple_rule.find(number, table, 30, balanced=False)
    assert len(rule.bounds) == 9
    assert (rule.of(10.0), rule.of(95.0), rule.of(1e9), rule.of(None)) == (False, True, True, True)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ("i AS id", ["id"]),
        ("i * 10 AS id", ["id"]),
        ("-i AS id", ["id"]),
        ("'D' || (1000000 + i) AS id", ["id"]),
        ("TIMESTAMP '2026-01-01 00:00:00' + INTERVAL (i * 97) SECOND AS at", []),
        ("DATE '2026-01-01' + CAST(i % 365 AS INTEGER) AS day", []),
        ("i % 90 AS age, i % 1234 + 0.5 AS income", []),
    ],
)
def test_rows_fall_in_two_halves_that_do_not_follow_their_order(tmp_path, columns, key):
    """Half of the rows, also among the first thousand: a log in the order of time is not split by time."""
    rows = f"SELECT {columns}, i AS place FROM range(20000) AS t(i)"
    duckdb.connect().execute(f"COPY ({rows}) TO '{tmp_path}/log.parquet' (FORMAT parquet)")
    on_card = logged(key=key)
    declared = inputs.declared(on_card, "log")
    with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={}) as table:
        half = inputs.half(declared, [f for f in table.fields if f.name != "place"])
        first = Key("first", '"place" < 1000')
        (found,) = table.answer([Counts((half, first))]).values()
    tested = found.by(inputs.HALF)
    assert tested.of(half=True) / 20_000 == pytest.approx(0.5, abs=0.06)
    assert found.of(half=True, first=True) / 1000 == pytest.approx(0.5, abs=0.06)


def test_inputs_are_what_the_card_says_is_used():
    fields = [
        Field(name=n, type=ColumnType.TEXT, origin="VARCHAR") for n in ("id", "advice", "outcome", "sex", "a", "b")
    ]
    protected = {"protected": [{"column": "sex"}]}
    chosen = inputs.declared(logged(**protected), "log")
    assert [f.name for f in inputs.inputs(chosen, fields)] == ["a", "b"]
    chosen = inputs.declared(logged(columns={"b": {"used": True}, "sex": {"used": True}}, **protected), "log")
    assert [f.name for f in inputs.inputs(chosen, fields)] == ["b", "sex"]
    chosen = inputs.declared(logged(columns={"b": {"used": False}}, **protected), "log")
    assert [f.name for f in inputs.inputs(chosen, fields)] == ["a"]


def test_without_a_random_sample_performance_cannot_be_known(tmp_path):
    selected = {"outcome": {"column": "outcome", "positive": 1, "known_for": "selected"}}
    found = measured(tmp_path, CHECK, logged(**selected), LOG)
    assert isinstance(found, NotMeasurable)
    assert found.reason == comparing.CANNOT_BE_KNOWN


def test_with_selective_labels_only_the_random_sample_counts(tmp_path):
    rows = LOG.replace("'n' || i AS name", "CAST(i % 4 = 0 AS INTEGER) AS drawn")
    sample = {"outcome": {"column": "outcome", "positive": 1, "known_for": "selected"},
              "random_sample": {"column": "drawn", "positive": 1}}  # fmt: skip
    found = measured(tmp_path, CHECK, logged(**sample), rows)
    assert found.rows == 250
    assert of(found, "majority").difference == pytest.approx(17, abs=2)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ("SELECT i AS id, 1 AS outcome, 1 AS advice, 'a' AS x FROM range(100) AS t(i)", "gelijk"),
        ("SELECT i AS id, i % 2 AS outcome, 1 AS advice, 'a' AS x FROM range(10) AS t(i)", "Te weinig"),
        ("SELECT i AS id, i % 2 AS outcome, 1 AS advice, 'a' AS x FROM range(0) AS t(i)", "Te weinig"),
        ("SELECT i AS id, CAST(NULL AS INTEGER) AS outcome, 1 AS advice FROM range(100) AS t(i)", "niet bekend"),
        ("SELECT i AS id, i % 2 AS outcome, CAST(NULL AS INTEGER) AS advice FROM range(100) AS t(i)", "Te weinig"),
    ],
)
def test_what_cannot_be_predicted_is_said(tmp_path, rows, word):
    found = measured(tmp_path, CHECK, logged(), rows)
    assert isinstance(found, NotMeasurable)
    assert word in found.reason[Language.NL]


@pytest.mark.parametrize(
    "column", ["'c' || (i % 1000)", "'inf'::DOUBLE * (i - 5)", "CAST(NULL AS DOUBLE)", "7", "i % 3 = 0"]
)
def test_odd_inputs_do_no_harm(tmp_path, column):
    rows = f"SELECT i AS id, i % 2 AS outcome, (i // 2) % 2 AS advice, {column} AS x FROM range(2000) AS t(i)"
    found = measured(tmp_path, CHECK, logged(), rows)
    assert isinstance(found, Measured)
    assert found.low <= found.value <= found.high


def test_advice_that_knows_nothing_is_seldom_called_better():
    """False alarms: of 200 logs where advice and rule are as good, at most 5 % (plus noise) show an advantage."""
    generator, alarms = np.random.default_rng(8), 0
    for b, c, both in generator.multinomial(500, [0.2, 0.2, 0.6], size=400):
        alarms += paired.difference(Pairs(rows=500, only_advice=int(b), only_other=int(c), both=int(both)), 0.05)[1] > 0
    assert alarms / 400 <= 0.05


def test_nothing_is_planned_without_an_outcome():
    assert not list(checks.checks()[CHECK].plan(logged(outcome=None)))
