"""Proxies: inputs that give away a protected characteristic are found, and chance is not taken for one."""

import math

import numpy as np
import pytest
from counting import ON, card
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mutual_info_score, roc_auc_score
from test_drift import measured

from vangrail import checks
from vangrail.checks.proxies import association, separation
from vangrail.model.card import Card
from vangrail.model.needs import Counts, Field
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language

ASSOCIATION, RECONSTRUCTION = "association-with-protected", "reconstruction-of-protected"


def logged(*protected, columns=None, **log) -> Card:
    parts = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": 1},
        "favourable": "no",
        "protected": [p if isinstance(p, dict) else {"column": p} for p in protected or ("origin",)],
    }
    dataset = {"source": "log.parquet", "key": ["id"], "columns": columns or {}}
    return card(datasets={"log": dataset}, decision_log=parts | log)


# The district gives the origin away in four cases out of five; the channel tells nothing; income a little.
LOG = """
    SELECT i AS id, i % 2 AS advice, CASE WHEN i % 4 < 2 THEN 'A' ELSE 'B' END AS origin,
        CASE WHEN (i % 4 < 2) = (i % 5 > 0) THEN 'north' ELSE 'south' END AS district,
        CASE WHEN (i // 4) % 2 = 0 THEN 'web' ELSE 'desk' END AS channel,
        1000.0 + (i * 37) % 1000 + CASE WHEN i % 4 < 2 THEN 200 ELSE 0 END AS income
    FROM range(4000) AS t(i)
"""


def of(found, name):
    return next(g for g in found.groups if g.name == name)


def test_inputs_are_ranked_by_how_much_they_give_away(tmp_path):
    """Of two even groups the district is right in 80 %: V = 0.6. The key, the advice and the origin itself are no input."""
    found = measured(tmp_path, ASSOCIATION, logged(), LOG)
    assert [g.name for g in found.groups] == ["district", "income", "channel"]
    assert found.value == pytest.approx(0.6, abs=0.001)
    assert of(found, "channel").value == 0
    assert found.low < 0.6 < found.high


def test_it_describes_and_has_no_limit():
    assert not checks.checks()[ASSOCIATION].judged
    assert not checks.checks()[RECONSTRUCTION].judged


def test_shared_bits_are_in_the_details(tmp_path):
    """1 - H(0.8) = 0.278 bit."""
    note = measured(tmp_path, ASSOCIATION, logged(), LOG).details[0].note
    assert "0,278 bit" in note[Language.NL]
    assert "0.278 bit" in note[Language.EN]


def test_a_bias_corrected_v_worked_by_hand():
    """100 cases, 3 x 2: χ² = 1.6 + 3.2 = 4.8; 0.048 less 2/99 is 0.0278; over min(3 - 4/99, 2 - 1/99) - 1: V = 0.1676."""
    found = association.cramers_v(np.array([[24, 16], [20, 20], [6, 14.0]]), 0.05)
    assert found.raw == pytest.approx(math.sqrt(0.048), abs=1e-12)
    assert found.value == pytest.approx(math.sqrt((0.048 - 2 / 99) / (98 / 99)), abs=1e-12)
    assert found.value == pytest.approx(0.1676, abs=5e-5)


tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(1, 60), min_size=k, max_size=k), min_size=2, max_size=6)
)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_coefficients_are_those_of_scipy_and_sklearn(rows):
    """Uncorrected V, H of Kruskal and Wallis over n - 1, and mutual information before its correction."""
    counts = np.array(rows, float)
    v, eta = association.cramers_v(counts, 0.05), association.correlation_ratio(counts, 0.05)
    whole = counts.astype(int)
    assert v.raw == pytest.approx(stats.contingency.association(whole, method="cramer"), abs=1e-9)
    samples = [np.repeat(np.arange(whole.shape[0]), column) for column in whole.T]
    h = stats.kruskal(*samples).statistic
    assert eta.raw**2 == pytest.approx(h / (counts.sum() - 1), abs=1e-9)
    at = np.repeat(np.indices(whole.shape).reshape(2, -1), whole.ravel(), axis=1)
    chance = (whole.shape[0] - 1) * (whole.shape[1] - 1) / (2 * whole.sum() * math.log(2))
    assert v.bits == pytest.approx(max(0.0, mutual_info_score(at[0], at[1]) / math.log(2) - chance), abs=1e-9)
    assert 0 <= v.low <= v.value <= v.high <= 1
    assert 0 <= eta.low <= eta.value <= eta.high <= 1


SHAPES = {
    "nothing": np.ones((8, 3)),
    "weak": np.column_stack([np.linspace(1, 2, 8), np.ones(8), np.ones(8)]),
    "strong": np.array([[9, 1, 1], [1, 9, 1], [1, 1, 9.0]]),
    "skewed": np.array([[95, 5], [1, 9.0]]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("of_", [association.cramers_v, association.correlation_ratio])
def test_intervals_of_association_cover(shape, of_):
    """The true coefficient is in 92.5-98.5 % of the 95 % intervals, where nothing goes together and where much does."""
    generator, inside = np.random.default_rng(2), 0
    p = SHAPES[shape] / SHAPES[shape].sum()
    truth = of_(p * 1e9, 0.05).raw
    for _ in range(600):
        counts = generator.multinomial(2000, p.ravel()).reshape(p.shape).astype(float)
        found = of_(counts, 0.05)
        inside += found.low <= truth + 1e-4 and found.high >= truth - 1e-4
    assert 0.925 <= inside / 600 <= 0.99


def test_chance_alone_is_not_taken_for_a_proxy():
    """A column of 50 classes and 500 cases: V as computed is about 0.3, corrected it is near 0."""
    generator = np.random.default_rng(6)
    found = [
        association.cramers_v(generator.multinomial(500, [0.01] * 100).reshape(50, 2) + 1e-9, 0.05) for _ in range(100)
    ]
    assert np.mean([f.raw for f in found]) > 0.28
    assert np.mean([f.value for f in found]) < 0.1
    assert np.mean([f.low > 0 for f in found]) <= 0.06


def test_the_most_telling_input_points_to_the_right_one(tmp_path):
    """A district that is right in 80 % tells a member from another person in 80 % (ties for half)."""
    found = measured(tmp_path, RECONSTRUCTION, logged(columns={"district": {"used": True}}), LOG)
    assert found.value == pytest.approx(80, abs=2)
    assert found.low < 80 < found.high
    assert "'district'" in found.details[0].note[Language.NL]
    assert len(found.groups) == 1


def test_a_column_with_a_value_per_row_does_not_learn_by_heart(tmp_path):
    rows = "SELECT i AS id, 1 AS advice, 'g' || (i % 2) AS origin, 'n' || i AS name FROM range(2000) AS t(i)"
    found = measured(tmp_path, RECONSTRUCTION, logged(), rows)
    assert found.value == pytest.approx(50, abs=1)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_area_is_that_of_sklearn(pairs):
    members, others = np.array(pairs, float).T
    if min(members.sum(), others.sum()) < 2:
        return
    scores = np.array([(i * 7) % 5 for i in range(len(pairs))], float)
    value, low, high = separation.area(scores, members, others, 0.05)
    truth = np.r_[np.ones(int(members.sum())), np.zeros(int(others.sum()))]
    each = np.r_[np.repeat(scores, members.astype(int)), np.repeat(scores, others.astype(int))]
    assert value == pytest.approx(roc_auc_score(truth, each), abs=1e-9)
    assert 0 <= low <= value <= high <= 1


@pytest.mark.parametrize("tilt", [0.0, 0.5, 4.0])
@pytest.mark.parametrize(("n", "m"), [(40, 60), (500, 4000)])
def test_intervals_of_the_area_cover(tilt, n, m):
    generator, inside = np.random.default_rng(3), 0
    p, q, scores = np.exp(np.linspace(-1, 1, 8) * tilt), np.ones(8) / 8, np.arange(8.0)
    p /= p.sum()
    truth = float(p @ (np.cumsum(q) - q / 2))
    for _ in range(1000):
        _, low, high = separation.area(
            scores, generator.multinomial(n, p).astype(float), generator.multinomial(m, q).astype(float), 0.05
        )
        inside += low <= truth <= high
    assert 0.93 <= inside / 1000 <= 0.975


def test_both_checks_ask_the_same_counts_of_a_characteristic():
    fields = [
        Field(name=n, type=ColumnType.TEXT, origin="VARCHAR") for n in ("id", "advice", "origin", "sex", "district")
    ]
    on_card = logged("origin", "sex")
    needs = [
        [n for n in checks.checks()[c].needs(m, fields, ON) if isinstance(n, Counts)]
        for c in (ASSOCIATION, RECONSTRUCTION)
        for m in checks.checks()[c].plan(on_card)
    ]
    assert len(needs) == 4
    assert needs[:2] == needs[2:]
    assert [[k.name for k in n.by] for (n,) in needs[:2]] == [["input", "origin", "half"], ["input", "sex", "half"]]


def test_an_input_with_a_value_of_its_own_in_every_row_is_named_and_stops_nothing(tmp_path):
    rows = "SELECT i AS id, i % 2 AS advice, 'case ' || i AS number, CASE WHEN i % 3 = 0 THEN 'x' ELSE 'y' END AS origin, i % 5 AS n FROM range(60000) AS t(i)"
    for check in (ASSOCIATION, RECONSTRUCTION):
        found = measured(tmp_path, check, logged("origin"), rows)
        assert "'number'" in " ".join(n[Language.EN] for n in found.notes)


def test_only_columns_that_are_used_are_inputs_when_the_card_says_so(tmp_path):
    found = measured(tmp_path, ASSOCIATION, logged(columns={"channel": {"used": True}}), LOG)
    assert [g.name for g in found.groups] == ["channel"]
    assert "used: true" in found.notes[0][Language.NL]


def test_a_protected_number_is_put_in_the_classes_of_the_card(tmp_path):
    rows = "SELECT i AS id, 1 AS advice, 18 + i % 60 AS age, CASE WHEN i % 60 < 20 THEN 'y' ELSE 'n' END AS pupil FROM range(3000) AS t(i)"
    found = measured(tmp_path, RECONSTRUCTION, logged({"column": "age", "bins": [38, 58]}), rows)
    assert {g.name for g in found.groups} == {"<38", "38-58", ">=58"}
    assert of(found, "<38").value == pytest.approx(100)


@pytest.mark.parametrize("check", [ASSOCIATION, RECONSTRUCTION])
@pytest.mark.parametrize(
    ("origin", "word"),
    [
        ("'A'", "Geen twee"),
        ("CAST(NULL AS VARCHAR)", "Geen twee"),
        ("CASE WHEN i < 20 THEN 'A' ELSE 'B' END", "Geen twee"),
    ],
)
def test_one_group_or_too_small_a_group_is_not_measured(tmp_path, check, origin, word):
    rows = f"SELECT i AS id, 1 AS advice, {origin} AS origin, 'c' || (i % 3) AS x FROM range(500) AS t(i)"
    found = measured(tmp_path, check, logged(), rows)
    assert isinstance(found, NotMeasurable)
    assert word in found.reason[Language.NL]


@pytest.mark.parametrize("check", [ASSOCIATION, RECONSTRUCTION])
def test_groups_that_are_too_small_are_left_out_and_it_is_said(tmp_path, check):
    rows = "SELECT i AS id, 1 AS advice, CASE WHEN i < 8 THEN 'C' WHEN i % 2 = 0 THEN 'A' ELSE 'B' END AS origin, i % 3 AS x FROM range(900) AS t(i)"
    found = measured(tmp_path, check, logged(), rows)
    assert any(n[Language.NL].startswith("1 groepen met te weinig gevallen") for n in found.notes)
    assert "C" not in [g.name for g in found.groups]


@pytest.mark.parametrize("check", [ASSOCIATION, RECONSTRUCTION])
def test_without_inputs_there_is_nothing_to_measure(tmp_path, check):
    rows = "SELECT i AS id, 1 AS advice, 'g' || (i % 2) AS origin FROM range(500) AS t(i)"
    found = measured(tmp_path, check, logged(), rows)
    assert isinstance(found, NotMeasurable)
    assert "used: true" in found.do[Language.EN]


@pytest.mark.parametrize("check", [ASSOCIATION, RECONSTRUCTION])
def test_an_empty_table_is_not_measurable(tmp_path, check):
    assert isinstance(measured(tmp_path, check, logged(), f"{LOG} LIMIT 0"), NotMeasurable)


@pytest.mark.parametrize("check", [ASSOCIATION, RECONSTRUCTION])
@pytest.mark.parametrize(
    "column",
    ["CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)", "7", "'c' || (i % 1000)", "'nan'::DOUBLE", "'inf'::DOUBLE * (i - 5)",
     "i % 3 = 0", "-1e300 * i"],
)  # fmt: skip
def test_odd_inputs_give_a_figure_or_a_reason(tmp_path, check, column):
    rows = f"SELECT i AS id, 1 AS advice, 'g' || (i % 2) AS origin, {column} AS x, 'k' || (i % 4) AS k FROM range(3000) AS t(i)"
    found = measured(tmp_path, check, logged(), rows)
    assert isinstance(found, Measured)
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert found.low <= found.value <= found.high
