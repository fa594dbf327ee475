"""What inputs together give away: found where each by itself says nothing, and not found where there is nothing."""

import importlib.util

import duckdb
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from test_drift import measured
from test_proxies import RECONSTRUCTION, logged

from vangrail import checks
from vangrail.checks.proxies import together
from vangrail.checks.proxies.together import Learned, Target
from vangrail.model.needs import Answers, Sample
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import Language
from vangrail.tables import open_table

# Who is of group g1 has another answer in a than in b; a by itself and b by itself say nothing. The others are noise.
BITS = "hash(i) % 2 AS a, hash(i + 1000000) % 2 AS b"
NOISE = "hash(i + 2000000) % 97 / 7.0 AS c, 'd' || (hash(i + 3000000) % 12) AS d"
XOR = f"SELECT i AS id, i % 2 AS advice, 'g' || (CASE WHEN a <> b THEN 1 ELSE 0 END) AS origin, a, b, c, d FROM (SELECT i, {BITS}, {NOISE} FROM range(8000) AS t(i))"


def shown(found) -> str:
    return " ".join(n[Language.EN] for n in found.notes)


def test_what_two_inputs_tell_together_is_found_where_each_alone_says_nothing(tmp_path):
    """The exclusive or: each input alone 50 %, both together 100 %."""
    found = measured(tmp_path, RECONSTRUCTION, logged(), XOR)
    assert found.value == pytest.approx(100, abs=0.5)
    alone, all_ = found.details[0].note[Language.EN].split("; all together: ")
    assert float(alone.rsplit(": ", 1)[1].removesuffix(" %")) == pytest.approx(50, abs=3)
    assert all_ == "100.0 %"
    assert "in two ways" in shown(found)


def test_without_the_library_only_the_floor_is_measured_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = measured(tmp_path, RECONSTRUCTION, logged(), XOR)
    assert found.value == pytest.approx(50, abs=3)
    assert "floor" in shown(found) and "vangrail[models]" in shown(found)
    assert "all together" not in found.details[0].note[Language.EN]


def test_a_server_keeps_its_rows_so_only_the_floor_is_measured(tmp_path):
    """PostgreSQL answers a draw of rows with nothing."""
    duckdb.connect().execute(f"COPY ({XOR}) TO '{tmp_path}/log.parquet' (FORMAT parquet)")
    check, on_card = checks.checks()[RECONSTRUCTION], logged()
    (chosen,) = check.plan(on_card)
    with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={}) as table:
        needs = check.needs(chosen, table.fields, None)
        answers = table.answer(n for n in needs if not isinstance(n, Sample))
        answers |= {n: None for n in needs if isinstance(n, Sample)}
        found = check.measure(chosen, table.fields, None, Answers(answers))
    assert "stay on the server" in shown(found)
    assert found.value == pytest.approx(50, abs=3)


def test_independent_inputs_come_near_the_best_that_can_be_done(tmp_path):
    """Three columns, each right in 70 %: the best two out of three give an area of 0.836; a floor never lies far above it."""
    columns = ", ".join(
        f"CASE WHEN hash(i + {k}000000) % 10 < 7 THEN i % 2 ELSE 1 - i % 2 END = 1 AS c{k}" for k in (1, 2, 3)
    )
    rows = f"SELECT i AS id, 1 AS advice, 'g' || (i % 2) AS origin, {columns} FROM range(40000) AS t(i)"
    found = measured(tmp_path, RECONSTRUCTION, logged(), rows)
    members, others = np.array([0.343, 0.441, 0.189, 0.027]), np.array([0.027, 0.189, 0.441, 0.343])
    above = np.array([others[i + 1 :].sum() + others[i] / 2 for i in range(4)])
    assert found.value == pytest.approx(100 * float(members @ above), abs=2)
    assert found.low < 100 * float(members @ above) < found.high


def test_nothing_is_found_where_there_is_nothing():
    """Of 60 draws of noise, the 95 % interval of what is learnt lies above 50 % in at most 4; the middle is 50 %."""
    generator, alarms, values = np.random.default_rng(4), 0, []
    learn = Learned(
        inputs=("x", "y"), texts=(), targets=(Target(column="g", bins=(), is_number=False),), least=30, most=20
    )
    for _ in range(60):
        n = 400
        rows = {
            "x": generator.normal(size=n).tolist(),
            "y": generator.integers(0, 5, n).tolist(),
            "g": generator.choice(["a", "b"], n).tolist(),
        }
        value, low, _ = together.area(learn(rows), "g", "a", 0.05)
        alarms += low > 0.5
        values.append(value)
    assert alarms <= 4
    assert np.mean(values) == pytest.approx(0.5, abs=0.015)


def test_the_area_is_that_of_sklearn_on_the_rows_not_learnt_from():
    """Scores go into 201 classes, which moves the area by less than a thousandth."""
    from sklearn.ensemble import ExtraTreesClassifier

    generator = np.random.default_rng(8)
    x = generator.normal(size=(2000, 3))
    member = x[:, 0] + generator.normal(size=2000) > 0
    rows = {f"x{k}": x[:, k].tolist() for k in range(3)} | {"g": np.where(member, "a", "b").tolist()}
    target = Target(column="g", bins=(), is_number=False)
    found = Learned(inputs=("x0", "x1", "x2"), texts=(), targets=(target,), least=30, most=20)(rows)
    trees = ExtraTreesClassifier(30, min_samples_leaf=5, max_features=None, random_state=together._SEED)
    chances = trees.fit(x[:1000], member[:1000]).predict_proba(x[1000:])[:, 1]
    value, low, high = together.area(found, "g", "a", 0.05)
    assert value == pytest.approx(roc_auc_score(member[1000:], chances), abs=1e-3)
    assert low < value < high


@pytest.mark.parametrize("bins", [(), (38, 58.5)])
def test_groups_of_a_number_go_by_the_same_name_as_in_the_table(tmp_path, bins):
    """Else what is learnt would be of no group that the table counted."""
    rows = "SELECT i AS id, 1 AS advice, (i % 60 - 3) / 2 + 18.5 AS age, i % 60 // 6 AS x FROM range(6000) AS t(i)"
    found = measured(tmp_path, RECONSTRUCTION, logged({"column": "age", "bins": list(bins)}), rows)
    assert all("all together" in d.note[Language.EN] for d in found.details)


def test_an_input_that_is_protected_is_not_told_by_itself(tmp_path):
    rows = "SELECT i AS id, 1 AS advice, 'g' || (hash(i) % 2) AS origin, hash(i + 1000000) % 5 AS x FROM range(4000) AS t(i)"
    found = measured(tmp_path, RECONSTRUCTION, logged(columns={"origin": {"used": True}, "x": {"used": True}}), rows)
    assert found.value == pytest.approx(50, abs=4)


def test_one_draw_serves_all_characteristics(tmp_path):
    on_card = logged("origin", "d")
    duckdb.connect().execute(f"COPY ({XOR}) TO '{tmp_path}/log.parquet' (FORMAT parquet)")
    check = checks.checks()[RECONSTRUCTION]
    with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={}) as table:
        needs = {n for m in check.plan(on_card) for n in check.needs(m, table.fields, None) if isinstance(n, Sample)}
    (draw,) = needs
    assert set(draw.columns) == {"a", "b", "c", "origin", "d"}


@pytest.mark.parametrize("check", ["association-with-protected", RECONSTRUCTION])
def test_when_every_input_has_too_many_values_that_is_what_is_said(tmp_path, check):
    rows = "SELECT i AS id, i % 2 AS advice, 'case ' || i AS number, 'g' || (i % 3) AS origin FROM range(60000) AS t(i)"
    found = measured(tmp_path, check, logged(), rows)
    assert isinstance(found, NotMeasurable)
    assert "a value of its own" in found.reason[Language.EN] and "grovere kolom" in found.do[Language.NL]


@pytest.mark.parametrize(
    "values", [[None] * 300, [float("nan"), 1.0, float("inf")] * 100, [1] * 300, ["x", 2, None] * 100]
)
def test_odd_values_stop_nothing(values):
    groups = ["a", "b", None] * 100
    learn = Learned(inputs=("x",), texts=(), targets=(Target(column="g", bins=(), is_number=False),), least=30, most=20)
    found = learn({"x": values, "g": groups})
    assert found.rows == 200, "100 rows to try on, for each of two groups"


def test_many_groups_are_cut_at_the_largest(tmp_path):
    rows = "SELECT i AS id, 1 AS advice, 'g' || (i % 1000) AS origin, i % 7 AS x FROM range(8000) AS t(i)"
    assert isinstance(measured(tmp_path, RECONSTRUCTION, logged(), rows), NotMeasurable)
    rows = rows.replace("% 1000", "% 40")
    found = measured(tmp_path, RECONSTRUCTION, logged(), rows)
    assert isinstance(found, Measured) and len(found.groups) == 20


def test_no_value_of_a_row_is_in_a_note(tmp_path):
    found = measured(tmp_path, RECONSTRUCTION, logged(), XOR)
    assert "d11" not in repr((found.notes, found.details))
