"""Membership inference: a model that knows people by heart is caught, and one that does not is not accused."""

import duckdb
import numpy as np
import pytest
from counting import card
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from test_explanation import Plain, found, modelled

from vangrail import checks
from vangrail.checks.privacy import membership_inference
from vangrail.checks.privacy.membership_inference import Sure
from vangrail.checks.proxies import separation
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Predictions
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language

CHECK = "membership-inference"
OUTCOME = {"outcome": {"column": "late", "positive": 1}}
LEARNT = {"trained_on": {"column": "part", "positive": ["learn"]}}
ROWS = """
    SELECT i AS id, i % 2 AS advice, CASE WHEN i % 3 = 0 THEN 'learn' ELSE 'test' END AS part,
        i AS a, hash(i) % 1000 / 1000.0 AS b, hash(i + 1000000) % 2 AS late FROM range(6000) AS t(i)
"""


def attacked(folder, model, *, rows=ROWS, log=OUTCOME, **more):
    return found(folder, CHECK, modelled("ab", log=log, **(LEARNT | more)), rows, model)


def test_a_model_that_knows_by_heart_is_caught(tmp_path):
    """It gives the true outcome of every row that it learnt from, and 0.5 for the rest: told apart each time."""
    truth = {}

    def by_heart(a, b):
        return truth[a] if a % 3 == 0 else 0.5

    truth = dict(duckdb.connect().execute(f"SELECT a, late FROM ({ROWS})").fetchall())
    outcome = attacked(tmp_path, Plain(by_heart))
    assert outcome.value == 100
    assert outcome.details[0].percent == 100


def test_rows_of_which_it_is_equally_sure_are_pointed_out_in_part():
    """Sure of 80 of 100 that it learnt from and of 200 of 1,000 others, of all alike. At 10 false alarms, a twentieth of the
    200, it points out a twentieth of the 80: 4. An overfit forest seemed to give nobody away here."""
    (tail,) = membership_inference._tail(np.array([0.5, 0.1]), np.array([80.0, 20]), np.array([200.0, 800]), 0.95)
    assert (tail.counted, tail.rows) == (4, 100)


def test_a_model_that_learnt_nothing_of_anyone_is_not_accused(tmp_path):
    outcome = attacked(tmp_path, Plain(lambda a, b: b))
    assert outcome.low < 50 < outcome.high
    assert outcome.value == pytest.approx(50, abs=3)
    assert outcome.details[0].percent == pytest.approx(1, abs=1)


def test_an_area_worked_by_hand():
    """Sure of the truth 0.9 and 0.6 for two that it learnt from, 0.6 and 0.2 for two others: 3.5 of 4 pairs, 87.5 %."""
    sure = membership_inference._sureness([(True, 0.9), (False, 0.4), (True, 0.6), (False, 0.8)], 0.3)
    assert sure == pytest.approx([0.4, 0.1, 0.1, -0.3])
    value, *_ = separation.area(sure, np.array([1.0, 1, 0, 0]), np.array([0, 0, 1.0, 1]), 0.05)
    assert value == 0.875


def test_scores_that_are_no_chances_count_from_the_threshold():
    assert membership_inference._sureness([(True, 7.0), (False, 1.0)], 3.0) == pytest.approx([4, 2])


def learnt_forest(generator, n, leaf):
    x = generator.normal(size=(2 * n, 4))
    y = x[:, 0] + generator.normal(size=2 * n) > 0
    forest = RandomForestClassifier(25, min_samples_leaf=leaf, random_state=0).fit(x[:n], y[:n])

    def predict(rows):
        score = forest.predict_proba(np.column_stack([rows[k] for k in "abcd"]))[:, 1]
        return Predictions(answered=np.ones(len(score), bool), advice=score >= 0.5, score=score)

    def part(where):
        return {k: x[where, j].tolist() for j, k in enumerate("abcd")} | {"y": y[where].tolist()}

    return predict, part(slice(0, n)), part(slice(n, 2 * n)), y


def test_the_area_is_that_of_sklearn_on_unrounded_scores():
    """A forest that grows out on 400 cases knows them; rounding its scores moves the area by less than half a point."""
    predict, learnt, others, y = learnt_forest(np.random.default_rng(3), 400, 1)
    totals = Sure(inputs=tuple("abcd"), outcome="y", positive=(True,))
    tables = [totals(learnt, predict), totals(others, predict)]
    places = sorted({c.values for t in tables for c in t.cells}, key=str)
    sure = membership_inference._sureness(places, 0.5)
    counts = [membership_inference._counts(t, places) for t in tables]
    value, low, _ = separation.area(sure, *counts, 0.05)
    scores = np.concatenate([predict(p).score for p in (learnt, others)])
    of_truth = np.where(y, scores, 1 - scores)
    assert value == pytest.approx(roc_auc_score(np.r_[np.ones(400), np.zeros(400)], of_truth), abs=0.005)
    assert low > 0.6, "beyond the default limit"


def test_leaves_of_many_people_remember_less():
    predict, learnt, others, _ = learnt_forest(np.random.default_rng(3), 400, 60)
    totals = Sure(inputs=tuple("abcd"), outcome="y", positive=(True,))
    tables = [totals(p, predict) for p in (learnt, others)]
    places = sorted({c.values for t in tables for c in t.cells}, key=str)
    sure = membership_inference._sureness(places, 0.5)
    value, *_ = separation.area(sure, *(membership_inference._counts(t, places) for t in tables), 0.05)
    assert value < 0.58


def test_no_false_accusations():
    """Of 300 models that learnt nothing, the 95 % interval leaves out 50 % for 3 to 7 in a hundred."""
    generator, wrong = np.random.default_rng(9), 0
    totals = Sure(inputs=("a",), outcome="y", positive=(True,))

    def predict(rows):
        score = np.array(rows["a"], float)
        return Predictions(answered=np.ones(len(score), bool), advice=score >= 0.5, score=score)

    for _ in range(300):
        parts = []
        for n in (150, 400):
            a = generator.random(n)
            parts.append(totals({"a": a.tolist(), "y": (generator.random(n) < a).tolist()}, predict))
        places = sorted({c.values for t in parts for c in t.cells}, key=str)
        sure = membership_inference._sureness(places, 0.5)
        _, low, high = separation.area(sure, *(membership_inference._counts(t, places) for t in parts), 0.05)
        wrong += not low <= 0.5 <= high
    assert 0.02 <= wrong / 300 <= 0.075


def test_no_one_s_own_score_is_told():
    """Two figures only: of what is left to 1 when the model is nearly sure."""
    rounded = membership_inference._rounded
    assert [rounded(s) for s in (0.12345, 0.987654, 0.99999876, 1.0, 0.0, 0.5, 1234.5)] == pytest.approx(
        [0.12, 0.988, 0.9999988, 1.0, 0.0, 0.5, 1200.0]
    )


def test_without_outcome_the_model_s_own_advice_counts_and_that_is_said(tmp_path):
    outcome = attacked(tmp_path, Plain(lambda a, b: 0.99 if a % 3 == 0 else 0.6), log={})
    assert outcome.value == 100
    assert any("weaker attack" in n[Language.EN] for n in outcome.notes)


def test_the_condition_may_be_an_expression_and_rows_without_a_mark_are_neither(tmp_path):
    rows = ROWS.replace("ELSE 'test'", "WHEN i % 3 = 1 THEN 'test'")
    on = {"trained_on": {"expression": "part = 'learn'"}, "tried_rows": 2000}
    assert attacked(tmp_path, Plain(lambda a, b: b), rows=rows, **on).rows == 4000


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(VangrailError, match=r"models\.trained_on.*'prt'"):
        attacked(tmp_path, Plain(lambda a, b: b), trained_on={"column": "prt", "positive": ["learn"]})


@pytest.mark.parametrize("rows", [f"{ROWS} LIMIT 0", f"{ROWS} LIMIT 40", ROWS.replace("% 3 = 0", "% 3 = 9")])
def test_too_few_rows_of_either_kind_are_not_measured(tmp_path, rows):
    outcome = attacked(tmp_path, Plain(lambda a, b: b), rows=rows)
    assert isinstance(outcome, NotMeasurable)
    assert "trained_on" in outcome.do[Language.NL]


def test_a_model_that_says_nothing_is_not_measured(tmp_path):
    model = Plain(lambda a, b: b, answers=lambda a, b: False)
    assert isinstance(attacked(tmp_path, model), NotMeasurable)


@pytest.mark.parametrize("score", [lambda a, b: 0.5, lambda a, b: 1e300 * b, lambda a, b: -b])
def test_odd_scores_give_a_figure(tmp_path, score):
    outcome = attacked(tmp_path, Plain(score))
    assert 0 <= outcome.low <= outcome.value <= outcome.high <= 100


def test_it_is_asked_of_models_that_can_be_called_only():
    check = checks.checks()[CHECK]
    assert not list(check.plan(modelled("ab")))
    assert check.not_applicable(modelled("ab")) is None
    assert check.not_applicable(card()) is not None
