"""Explanation: what a model goes by is found, and an explanation that is untrue or does not hold still is seen."""

import math
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pytest
from counting import ON, card
from hypothesis import given, settings
from hypothesis import strategies as st

from vangrail import checks
from vangrail.assessment import measuring
from vangrail.checks.explanation import cases, explanation_fidelity, local, permutation_importance, shapley
from vangrail.checks.explanation.cases import Cases
from vangrail.checks.explanation.counterfactual import Reach, Search
from vangrail.checks.explanation.one_case import explain_case, in_words, typed
from vangrail.checks.explanation.permutation_importance import Shuffled
from vangrail.model.card import Card, Changeable, Condition
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Field, Fingerprint, Predictions
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import open_table, sql

FIDELITY, STABILITY, IMPORTANCE, WAY_OUT = (
    "explanation-fidelity", "explanation-stability", "permutation-importance", "counterfactual-available",
)  # fmt: skip


class Plain:
    """A model in memory: a function of the inputs that gives a score, and yes from a threshold on."""

    def __init__(self, score, *, threshold=0.5, answers=lambda **_: True):
        self.score, self.threshold, self.answers, self.asked = score, threshold, answers, 0

    def predict(self, rows):
        n = len(next(iter(rows.values())))
        self.asked += n
        each = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
        answered = np.array([self.answers(**r) for r in each], bool)
        score = np.array([self.score(**r) if a else 0.0 for r, a in zip(each, answered, strict=True)], float)
        return Predictions(answered=answered, advice=score >= self.threshold, score=score)

    def fingerprint(self):
        return Fingerprint(algorithm="test", content="model", rows=0)

    def close(self):
        pass


def modelled(names, *, log=None, **more) -> Card:
    """A card with one model on a log with these inputs."""
    model = {"name": "m", "source": "m.onnx", "inputs": list(names), "tried_rows": 400} | more
    parts = {"dataset": "log", "advice": {"column": "advice", "positive": 1}, "favourable": "yes"} | (log or {})
    return card(datasets={"log": {"source": "log.parquet", "key": ["id"]}}, decision_log=parts, models=[model])


def found(folder, check, on_card, rows, model, *, subject=None):
    """The outcome by way of the same run as the command line."""
    duckdb.connect().execute(f"COPY ({rows}) TO '{folder}/log.parquet' (FORMAT parquet)")
    planned = [m for m in checks.plan(on_card) if m.check == check and subject in (None, m.subject)]
    run = measuring.measure(
        on_card,
        checks.checks(),
        planned[:1],
        open_table=lambda name, dataset: open_table(name, dataset, folder=folder, environment={}),
        open_predictor=lambda name: _Held(model),
        sources={},
        on=ON,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by="test",
    )
    (evidence,) = run.evidence
    return evidence.outcome


class _Held:
    def __init__(self, model):
        self.model = model

    def __enter__(self):
        return self.model

    def __exit__(self, *_):
        return None


ROWS = """
    SELECT i AS id, i % 2 AS advice, (hash(i) % 1000) / 100.0 AS a, (hash(i + 1000000) % 1000) / 100.0 AS b,
        (hash(i + 2000000) % 1000) / 100.0 AS c FROM range(2000) AS t(i)
"""


def said(outcome) -> str:
    return " ".join(n[Language.EN] for n in outcome.notes)


# --- weights of inputs ------------------------------------------------------------------------------------------------


def weights(score, case, others):
    """The weights of one case against these others."""
    inputs = tuple(case)
    model = Plain(score)
    one = Cases.of({k: [v] for k, v in case.items()}, inputs)
    pool = Cases.of({k: [o[k] for o in others] for k in inputs}, inputs)
    score_ = model.predict({k: [v] for k, v in case.items()}).score
    ways = [shapley.orders(len(inputs), 2, np.random.default_rng(0))]
    return shapley.weigh(model.predict, one, score_, [pool], ways)[0]


def test_weights_of_an_additive_model_worked_by_hand():
    """Score 2a + 3b. Case a = 5, b = 1 against the mean a = 2, b = 4: 2 x 3 = 6 and 3 x -3 = -9."""
    others = [{"a": 1, "b": 3}, {"a": 3, "b": 5}]
    assert weights(lambda a, b: 2 * a + 3 * b, {"a": 5, "b": 1}, others) == pytest.approx([6, -9])


def test_two_inputs_that_work_together_share_what_they_do():
    """Score a x b, case (1, 1) against (0, 0): each has half of it. That holds with one pair of orders."""
    assert weights(lambda a, b: a * b, {"a": 1, "b": 1}, [{"a": 0, "b": 0}]) == pytest.approx([0.5, 0.5])


def exact(score, case, others):
    """All orders, slow and obvious."""
    from itertools import permutations

    inputs = list(case)
    total = np.zeros(len(inputs))
    for order in permutations(range(len(inputs))):
        for other in others:
            now = dict(other)
            for j in order:
                before = score(**now)
                now[inputs[j]] = case[inputs[j]]
                total[j] += score(**now) - before
    return total / math.factorial(len(inputs)) / len(others)


numbers = st.fixed_dictionaries({k: st.floats(-3, 3) for k in "abcd"})


@given(numbers, st.lists(numbers, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_weights_are_those_of_all_orders_where_inputs_work_two_by_two(case, others):
    """And they always add up to the difference between the case and the others."""

    def two_by_two(a, b, c, d):
        return a + 2 * b * c - d * a + d

    def three(a, b, c, d):
        return a * b * c + d

    assert weights(two_by_two, case, others) == pytest.approx(exact(two_by_two, case, others), abs=1e-9)
    whole = three(**case) - np.mean([three(**o) for o in others])
    assert weights(three, case, others).sum() == pytest.approx(whole, abs=1e-9)


def test_an_only_input_has_all_the_weight():
    assert weights(lambda a: a * a, {"a": 3}, [{"a": 1}, {"a": 2}]) == pytest.approx([9 - 2.5])


@pytest.mark.parametrize("check", [FIDELITY, STABILITY])
def test_the_weight_of_an_only_input_explains_nothing(tmp_path, check):
    """A text model was explained for 100 %: its text weighs all, whatever it does with it."""
    model = Plain(lambda a: a / 10)
    outcome = found(tmp_path, check, modelled("a"), ROWS, model)
    assert isinstance(outcome, NotMeasurable) and "only one piece of data" in outcome.reason[Language.EN]
    assert model.asked == 0


def test_a_model_that_always_gives_the_same_advice_goes_by_nothing(tmp_path):
    """No importance with a certain interval of 0 to 0."""
    outcome = found(tmp_path, IMPORTANCE, modelled("ab"), ROWS, Plain(lambda a, b: 0.6 + a / 100))
    assert isinstance(outcome, NotMeasurable) and "same advice" in outcome.reason[Language.EN]


def test_the_main_factor_weighs_most_towards_the_advice_that_was_given():
    """Yes: the largest; no: the most negative; none where every weight goes the other way."""
    weighed = np.array([[0.3, -0.5], [0.3, -0.5], [-0.1, -0.2], [0.0, 0.0]])
    assert shapley.main(weighed, np.array([True, False, True, True])).tolist() == [0, 1, -1, -1]


# --- fidelity ---------------------------------------------------------------------------------------------------------


def test_an_additive_model_is_explained_whole(tmp_path):
    outcome = found(tmp_path, FIDELITY, modelled("abc"), ROWS, Plain(lambda a, b, c: (a + 2 * b) / 30))
    assert outcome.value == pytest.approx(100, abs=1e-6)
    assert outcome.rows == 40


def test_a_model_of_exclusive_or_is_explained_for_three_quarters(tmp_path):
    """Two even yes/no inputs: each weighs a quarter, changing one alone turns the half: 1 - (1/4)² / (1/2)² = 75 %."""
    rows = "SELECT i AS id, 1 AS advice, hash(i) % 2 AS a, hash(i + 1000000) % 2 AS b FROM range(4000) AS t(i)"
    outcome = found(tmp_path, FIDELITY, modelled("ab", tried_rows=3000), rows, Plain(lambda a, b: float(a != b)))
    # Against 64 others each time, who are not evenly spread each time.
    assert outcome.value == pytest.approx(75, abs=2)


@pytest.mark.parametrize("tail", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("number", [30, 100, 400])
def test_intervals_of_fidelity_cover_also_where_few_cases_hold_nearly_all_that_is_left_over(number, tail):
    """In 93.5 to 97.5 % of 1000 draws. The normal interval covered in 84 % of 30 cases with the longest tails."""
    generator, inside = np.random.default_rng(5), 0
    for _ in range(1000):
        whole = generator.lognormal(0, 1, number) if tail else generator.gamma(2, 1, number)
        part = generator.lognormal(-tail * tail / 2, tail, number) / 5 if tail else generator.beta(1, 4, number)
        _, low, high = explanation_fidelity.explained_share(*local.left_over(whole * part, whole), alpha=0.05)
        inside += low <= 1 - 1 / 5 <= high
    assert 0.93 <= inside / 1000 <= 0.98


def test_the_uncertainty_of_what_is_left_over_is_that_of_leaving_out_one_case_at_a_time():
    left, whole = np.array([1.0, 2.0, 0.5, 3.0]), np.array([4.0, 5.0, 3.0, 6.0])
    without = np.array([(left.sum() - x) / (whole.sum() - y) for x, y in zip(left, whole, strict=True)])
    share = left.sum() / whole.sum()
    jackknife = math.sqrt(3 / 4 * ((without - share) ** 2).sum())
    found, error, freedom = local.left_over(left, whole)
    assert (found, error) == pytest.approx((share, jackknife / share), abs=1e-12)
    assert 1 <= freedom <= 3


def test_what_one_case_tells_alone_is_certain_of_nothing():
    assert explanation_fidelity.explained_share(*local.left_over(np.eye(30)[0] / 2, np.eye(30)[0]), alpha=0.05) == (
        pytest.approx((0.5, 0.0, 1.0))
    )
    assert explanation_fidelity.explained_share(*local.left_over(np.zeros(9), np.ones(9)), alpha=0.05) == (1, 1, 1)


REASON = {"stated_reason": {"column": "reason"}}


@pytest.mark.parametrize(
    ("names", "share"), [("'a'", 100), ("'b'", 0), ("CASE WHEN i % 4 = 0 THEN 'b' ELSE 'a' END", 75)]
)
def test_a_stated_reason_is_held_against_the_model(tmp_path, names, share):
    """Only a counts. Where the log says b, people are told something that is not so."""
    rows = ROWS.replace("AS advice", f"AS advice, {names} AS reason")
    on_card = modelled("ab", tried_rows=2000, **REASON)
    outcome = found(tmp_path, FIDELITY, on_card, rows, Plain(lambda a, b: a / 10), subject="m: reason")
    assert outcome.value == pytest.approx(share, abs=7)
    assert outcome.low <= share <= outcome.high


def test_a_stated_reason_may_be_written_in_words(tmp_path):
    rows = ROWS.replace("AS advice", "AS advice, 'uw inkomen' AS reason")
    means = {"stated_reason": {"column": "reason", "means": {"uw inkomen": "a"}}}
    outcome = found(
        tmp_path, FIDELITY, modelled("ab", tried_rows=1000, **means), rows, Plain(lambda a, b: a), subject="m: reason"
    )
    assert outcome.value == 100
    without = found(
        tmp_path, FIDELITY, modelled("ab", tried_rows=1000, **REASON), rows, Plain(lambda a, b: a), subject="m: reason"
    )
    assert without.value == 0 and "'means'" in without.details[0].note[Language.NL]


def test_a_reason_that_weighs_as_much_as_the_heaviest_is_not_wrong(tmp_path):
    rows = ROWS.replace("AS advice", "AS advice, 'b' AS reason").replace("hash(i + 1000000)", "hash(i)")
    outcome = found(
        tmp_path,
        FIDELITY,
        modelled("ab", tried_rows=1000, **REASON),
        rows,
        Plain(lambda a, b: a + b),
        subject="m: reason",
    )
    assert outcome.value > 85


# --- stability --------------------------------------------------------------------------------------------------------


def test_a_model_that_goes_by_one_input_is_explained_the_same_each_time(tmp_path):
    outcome = found(tmp_path, STABILITY, modelled("abc", tried_rows=1000), ROWS, Plain(lambda a, b, c: a / 10))
    assert outcome.value == 100
    assert outcome.low > 94


def test_a_model_that_turns_on_a_hair_is_explained_otherwise_each_time(tmp_path):
    """The input that counts changes with the last decimals of a: nearly equal cases are told something else."""
    model = Plain(lambda a, b, c: (b if math.floor(a * 1000) % 2 else c) / 10)
    outcome = found(tmp_path, STABILITY, modelled("abc", tried_rows=1000), ROWS, model)
    assert outcome.value < 90
    nudged = next(d for d in outcome.details if d.name == "nudged")
    assert nudged.percent < 90


def test_fidelity_and_stability_ask_the_model_once():
    plan = [m for m in checks.plan(modelled("abc", **REASON)) if m.check in (FIDELITY, STABILITY)]
    assert [m.subject for m in plan] == ["m", "m: reason", "m"]
    needs = {n for m in plan for n in checks.checks()[m.check].needs(m, [], ON)}
    assert len(needs) == 1


# --- permutation importance -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("balanced", "scoring"), [(True, "balanced_accuracy"), (False, "accuracy")])
def test_importance_is_that_of_scikit_learn_on_the_same_shuffles(balanced, scoring):
    from sklearn.inspection import permutation_importance as theirs
    from sklearn.linear_model import LogisticRegression

    generator = np.random.default_rng(1)
    x = generator.normal(size=(300, 3))
    y = (x[:, 0] + 0.5 * x[:, 1] + generator.normal(size=300) > 0.7).astype(int)
    fitted = LogisticRegression().fit(x, y)

    def predict(rows):
        score = fitted.predict_proba(np.column_stack([rows[k] for k in "abc"]))[:, 1]
        return Predictions(answered=np.ones(len(score), bool), advice=score > 0.5, score=score)

    rows = {k: x[:, j].tolist() for j, k in enumerate("abc")} | {"y": y.tolist()}
    # What scikit-learn draws first from its own generator is the seed of the shuffles of every column.
    seed = int(np.random.RandomState(7).randint(np.iinfo(np.int32).max + 1))
    expected = theirs(fitted, x, y, scoring=scoring, n_repeats=permutation_importance.REPEATS, random_state=7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "SEED", seed)
        table = Shuffled(inputs=("a", "b", "c"), outcome="y", positive=(1,), balanced=balanced)(rows, predict)
    ours = [c.sums[0] / c.rows for c in table.cells if c.values != ("",)]
    assert ours == pytest.approx(expected.importances_mean.tolist(), abs=1e-9)


OUTCOME = {"outcome": {"column": "late", "positive": 1}, "performance": "accuracy"}


def test_what_a_model_goes_by_is_found(tmp_path):
    """Right in all cases by a alone. Shuffled, half of them are right: 50 points. b and c: none."""
    rows = ROWS.replace("AS advice", "AS advice, CASE WHEN (hash(i) % 1000) >= 500 THEN 1 ELSE 0 END AS late")
    model = Plain(lambda a, b, c: float(a >= 5))
    outcome = found(tmp_path, IMPORTANCE, modelled("abc", log=OUTCOME, tried_rows=2000), rows, model)
    assert [g.name for g in outcome.groups] == ["a", "b", "c"]
    assert outcome.low < 50 < outcome.high and outcome.value == pytest.approx(50, abs=2)
    assert [g.value for g in outcome.groups[1:]] == [0, 0]
    assert "100.0 %" in said(outcome)
    assert not checks.checks()[IMPORTANCE].judged


def test_without_an_outcome_the_model_is_held_against_its_own_advice(tmp_path):
    outcome = found(tmp_path, IMPORTANCE, modelled("ab"), ROWS, Plain(lambda a, b: float(a >= 5)))
    assert outcome.value == pytest.approx(50, abs=8)
    assert "no outcome" in said(outcome) and "own advice" in said(outcome)


@pytest.mark.parametrize(
    ("log", "word"),
    [
        ({"outcome": {"expression": "late = 1"}}, "derived column"),
        ({"outcome": {"column": "late", "positive": 1, "known_for": "selected"}}, "no random sample"),
    ],
)
def test_why_the_outcome_was_not_used_is_said(tmp_path, log, word):
    rows = ROWS.replace("AS advice", "AS advice, i % 2 AS late")
    assert word in said(found(tmp_path, IMPORTANCE, modelled("ab", log=log), rows, Plain(lambda a, b: a / 10)))


def test_only_the_random_sample_counts_where_outcomes_are_known_for_selected_cases(tmp_path):
    log = {
        "outcome": {"column": "late", "positive": 1, "known_for": "selected"},
        "random_sample": {"expression": "id % 5 = 0"},
        "performance": "accuracy",
    }
    rows = ROWS.replace("AS advice", "AS advice, CASE WHEN i % 5 = 0 THEN i % 2 END AS late")
    outcome = found(tmp_path, IMPORTANCE, modelled("ab", log=log, tried_rows=2000), rows, Plain(lambda a, b: a / 10))
    assert outcome.rows == 400


@pytest.mark.parametrize("balanced", [False, True])
def test_intervals_of_importance_cover(balanced):
    """The drop in the long run is in 92.5 to 97 % of the 95 % intervals: both rows and shuffled values are a draw."""
    generator, inside, model = np.random.default_rng(2), 0, Plain(lambda a, b: 0.6 * a + 0.4 * b)

    def draw(n):
        a, b = generator.random(n), generator.random(n)
        y = generator.random(n) < 0.15 + 0.6 * a * (0.5 + b / 2)
        return a, b, y

    def predict(rows):
        score = 0.6 * np.array(rows["a"], float) + 0.4 * np.array(rows["b"], float)
        return Predictions(answered=np.ones(len(score), bool), advice=score >= 0.5, score=score)

    def right(advice, y):
        return (np.mean(advice[y]) + np.mean(~advice[~y])) / 2 if balanced else np.mean(advice == y)

    a, b, y = draw(1_000_000)
    shuffled = generator.permutation(a)
    truth = right(0.6 * a + 0.4 * b >= 0.5, y) - right(0.6 * shuffled + 0.4 * b >= 0.5, y)
    for _ in range(800):
        a, b, y = draw(200)
        rows = {"a": a.tolist(), "b": b.tolist(), "y": y.tolist()}
        table = Shuffled(inputs=("a",), outcome="y", positive=(True,), balanced=balanced)
        cell = next(
            c for c in table({**rows}, lambda r, b=rows["b"]: predict({**r, "b": b})).cells if c.values == ("a",)
        )
        drop, half = cell.sums[0] / cell.rows, 1.972 * math.sqrt(cell.sums[1] / (200 * 199))
        inside += drop - half <= truth <= drop + half
    assert 0.925 <= inside / 800 <= 0.97
    assert model.asked == 0


def test_an_input_that_the_model_does_not_look_at_is_not_said_to_matter_perhaps(tmp_path):
    """Nothing changes when it is shuffled, so it matters nothing, and that is certain."""
    outcome = found(tmp_path, IMPORTANCE, modelled("ab", tried_rows=300), ROWS, Plain(lambda a, b: a / 10))
    (b,) = (g for g in outcome.groups if g.name == "b")
    assert (b.value, b.low, b.high) == (0, 0, 0)


CONDITIONS = [
    (["ja", "nee", None, "JA"], ["ja"]),
    (["1", "1.0", "2"], [1]),
    (["true", "True", "x"], [True]),
    ([1, 2, None], ["1"]),
    ([1.5, 2.0], [2]),
    ([True, False, None], ["ja"]),
    ([True, False], [0]),
]


@pytest.mark.parametrize(("values", "positive"), CONDITIONS)
def test_a_condition_holds_for_a_row_as_it_holds_in_the_table(tmp_path, values, positive):
    import pandas as pd

    pd.DataFrame({"id": range(len(values)), "x": pd.array(values)}).to_parquet(tmp_path / "log.parquet")
    dataset = card(datasets={"log": {"source": "log.parquet"}}).datasets["log"]
    with open_table("log", dataset, folder=tmp_path, environment={}) as table:
        where = sql.condition(Condition(column="x", positive=tuple(positive)), table.fields)
        held = set(table.rows(("id",), at_most=100, where=where)["id"])
        rows = table.rows(("id", "x"), at_most=100)
    ours = {i for i, v in zip(rows["id"], rows["x"], strict=True) if cases.yes(v, tuple(positive))}
    assert ours == held


# --- a way out --------------------------------------------------------------------------------------------------------

CAN = {"can_change": {"a": {"direction": "down", "by": 2}, "b": {"direction": "up", "by": 1}}}


def test_a_way_out_is_found_only_where_a_person_can_go(tmp_path):
    """Granted when a < 5. Refused are a from 5 to 10; two down is enough below 7: two cases in five."""
    outcome = found(tmp_path, WAY_OUT, modelled("ab", tried_rows=2000, **CAN), ROWS, Plain(lambda a, b: float(a < 5)))
    assert outcome.rows == 300
    assert outcome.low < 40 < outcome.high
    assert [(d.name, d.counted > 0) for d in outcome.details] == [("a", True), ("b", False), ("two inputs", False)]
    other_way = {"can_change": {"a": {"direction": "up", "by": 2}}}
    assert found(tmp_path, WAY_OUT, modelled("ab", **other_way), ROWS, Plain(lambda a, b: float(a < 5))).value == 0


def test_two_inputs_together_are_tried_when_one_is_not_enough(tmp_path):
    """Granted when b - a > 0, of refused cases near the line: both have to move for some."""
    outcome = found(tmp_path, WAY_OUT, modelled("ab", **CAN), ROWS, Plain(lambda a, b: float(b - a > 0)))
    two = next(d for d in outcome.details if d.name == "two inputs")
    assert two.counted > 0
    alone = max(d.counted for d in outcome.details if d.name != "two inputs")
    assert outcome.value == pytest.approx(100 * (alone + two.counted) / outcome.rows)


def test_what_a_person_can_come_to():
    down = Changeable(direction="down", by=4)
    assert Reach.of(down, [0, 0.5, 10], is_number=True, is_whole=False).options(3.0)[:2] == [(2.5, 0.125), (2.0, 0.25)]
    assert [v for v, _ in Reach.of(down, [0, 10], is_number=True, is_whole=True).options(3)] == [2, 1, 0]
    assert Reach.of(down, [0, 10], is_number=True, is_whole=False).options(None) == []
    to = Changeable(to=(1, "x"))
    assert Reach.of(to, ["1", "x", "y"], is_number=False, is_whole=False).options("x") == [("1", 1.0)]
    assert Reach.of(Changeable(), ["y"] * 5 + ["z"] * 4, is_number=False, is_whole=False).options("x") == [("y", 1.0)]
    assert Reach.of(Changeable(), [], is_number=True, is_whole=False).options(1.0) == []


def test_a_number_is_changed_to_one_that_people_write():
    """Rents in whole euros stay whole, an amount keeps its cents, and no step goes further than it may."""
    up = Changeable(direction="up", by=150)
    rents = Reach.of(up, [300.0, 900.0], is_number=True, is_whole=False)
    assert [v for v, _ in rents.options(684.0)][:3] == [702.0, 721.0, 740.0]
    cents = Reach.of(Changeable(direction="down", by=1), [0.05, 9.99], is_number=True, is_whole=False)
    assert [v for v, _ in cents.options(2.05)] == [1.93, 1.8, 1.68, 1.55, 1.43, 1.3, 1.18, 1.05]
    computed = Reach.of(Changeable(direction="up", by=1), [0.123456789, 9.0], is_number=True, is_whole=False)
    assert computed.options(1.0)[0] == (1.125, 0.125)
    huge = Reach.of(Changeable(direction="up", by=1e307), [0.05, 1e308], is_number=True, is_whole=False)
    assert all(np.isfinite(v) for v, _ in huge.options(1e307))


# --- one case ---------------------------------------------------------------------------------------------------------

OTHERS = {"a": [float(i % 10) for i in range(100)], "b": [float(i // 10) for i in range(100)]}


def explained(score, case, **how):
    """The explanation of a case in a model of a and b, granted below a half."""
    can = {"can_change": tuple({"a": Changeable(direction="down", by=4)}.items()), "wholes": ()} | how
    search = Search(numbers=("a", "b"), favourable=False, **can)
    return explain_case(Plain(score).predict, case, OTHERS, inputs=("a", "b"), search=search)


def test_one_case_is_explained_in_plain_words():
    """Refused from a + b = 10 on. Here 9 + 3. Against means of 4.5, a weighs 4.5 for and b 1.5 against; a at 6 would do."""
    case = {"a": 9.0, "b": 3.0}
    outcome = explained(lambda a, b: (a + b) / 20, case)
    assert (outcome.advice, outcome.favourable) == (True, False)
    assert dict(outcome.towards) == pytest.approx({"a": 0.75}) and dict(outcome.against) == pytest.approx({"b": 0.25})
    assert outcome.ways[0].values == (6.0,)
    words = in_words(outcome, case, {"a": "de huur"}, Language.NL)
    assert words[:4] == [
        "Het model geeft een ongunstig advies.",
        "Dit woog het zwaarst voor dat advies: de huur 9 (75 %).",
        "Dit pleitte ertegen: b 3 (25 %).",
        "Met de huur 6 in plaats van 9 was het advies gunstig geweest.",
    ]
    assert "A person decides" in in_words(outcome, case, {}, Language.EN)[-1]


def test_a_favourable_advice_needs_no_way_out_and_none_is_found_where_no_one_can_go():
    assert explained(lambda a, b: (a + b) / 20, {"a": 1.0, "b": 1.0}).ways is None
    assert explained(lambda a, b: (a + b) / 20, {"a": 9.0, "b": 9.0}).ways == ()
    assert explained(lambda a, b: 1.0, {"a": 9.0, "b": 9.0}, can_change=()).ways is None


def test_a_case_in_the_middle_has_no_reason():
    outcome = explained(lambda a, b: 0.7, {"a": 1.0, "b": 1.0})
    assert outcome.towards == () == outcome.against
    assert any("midden" in s for s in in_words(outcome, {"a": 1.0, "b": 1.0}, {}, Language.NL))


FIELDS = [
    Field(name=n, type=t, origin="X")
    for n, t in (("a", ColumnType.NUMBER), ("n", ColumnType.INTEGER), ("t", ColumnType.TEXT), ("j", ColumnType.BOOLEAN),
                 ("d", ColumnType.DATE))
]  # fmt: skip


def test_a_case_comes_in_as_the_table_would_give_it():
    given = {"a": "1.5", "n": 3.0, "t": 1, "j": "ja", "d": "2026-11-22", "more": "x"}
    assert typed(given, FIELDS, list("antjd")) == {"a": 1.5, "n": 3, "t": "1", "j": True, "d": date(2026, 11, 22)}
    assert typed({"a": None, "n": ""}, FIELDS, ["a", "n"]) == {"a": None, "n": None}


@pytest.mark.parametrize(
    ("name", "value"), [("a", "geheim"), ("a", "inf"), ("a", True), ("n", 1.5), ("j", "geheim"), ("d", "geheim")]
)
def test_what_is_wrong_with_a_case_is_said_without_its_values(name, value):
    with pytest.raises(VangrailError, match=f"'{name}' is no") as caught:
        typed({name: value}, FIELDS, [name])
    assert "geheim" not in str(caught.value) and caught.value.__suppress_context__
    with pytest.raises(VangrailError, match="lacks: a"):
        typed({}, FIELDS, ["a"])


def test_a_case_about_which_the_model_says_nothing_is_not_explained():
    silent = Plain(lambda a, b: 1.0, answers=lambda a, b: a != 3)
    for case in ({"a": 3, "b": 3.0}, {"a": 2, "b": 3.0}):
        try:
            explain_case(silent.predict, case, OTHERS, inputs=("a", "b"), search=None)
        except VangrailError as error:
            assert "says nothing" in str(error)
    with pytest.raises(VangrailError, match="no other cases"):
        explain_case(silent.predict, {"a": 1, "b": 1}, {"a": [], "b": []}, inputs=("a", "b"), search=None)


# --- what stops nothing -----------------------------------------------------------------------------------------------

ALL = [FIDELITY, STABILITY, IMPORTANCE, WAY_OUT]


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize(
    "score",
    [lambda a, b: 0.5, lambda a, b: 1e300 * a, lambda a, b: float(a is None)],
    ids=["constant", "huge", "never"],
)
def test_odd_models_give_a_figure_or_a_reason(tmp_path, check, score):
    outcome = found(tmp_path, check, modelled("ab", **CAN), ROWS, Plain(score))
    if isinstance(outcome, Measured):
        assert np.isfinite([outcome.value, outcome.low, outcome.high]).all()
        assert outcome.low <= outcome.value <= outcome.high


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize("rows", [f"{ROWS} LIMIT 0", f"{ROWS} LIMIT 7"], ids=["no rows", "seven"])
def test_too_few_rows_are_not_measured(tmp_path, check, rows):
    assert isinstance(found(tmp_path, check, modelled("ab", **CAN), rows, Plain(lambda a, b: a / 10)), NotMeasurable)


@pytest.mark.parametrize("check", ALL)
def test_a_model_that_answers_nothing_is_not_measured(tmp_path, check):
    model = Plain(lambda a, b: a, answers=lambda a, b: False)
    assert isinstance(found(tmp_path, check, modelled("ab", **CAN), ROWS, model), NotMeasurable)


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize(
    "column", ["CAST(NULL AS VARCHAR)", "'k' || (i % 1000)", "i % 2 = 0", "CAST(NULL AS DOUBLE)", "DATE '2026-01-01'"]
)
def test_odd_inputs_stop_nothing(tmp_path, check, column):
    rows = ROWS.replace("AS advice", f"AS advice, {column} AS x")
    on_card = modelled("ax", can_change={"a": {"direction": "down"}, "x": {}})
    outcome = found(tmp_path, check, on_card, rows, Plain(lambda a, x: a / 10 + (0.1 if x in (True, "k1") else 0)))
    assert isinstance(outcome, Measured)


def test_rows_that_the_model_does_not_take_are_left_out(tmp_path):
    model = Plain(lambda a, b: a / 10, answers=lambda a, b: b < 9)
    outcome = found(tmp_path, FIDELITY, modelled("ab", tried_rows=1000), ROWS, model)
    assert outcome.rows == 100, "others take their place"
    small = found(tmp_path, FIDELITY, modelled("ab", tried_rows=200), ROWS, model)
    assert small.rows == 30, "so a few without an answer do not leave too few to explain"
    assert "without an answer" in said(outcome)


def test_nothing_is_planned_for_a_model_that_one_talks_to_or_that_cannot_be_called():
    for more in ({"kind": "language"}, {"source": None}, {"inputs": []}, {"dataset": "elsewhere"}):
        try:
            on_card = modelled("ab", **more)
        except ValueError:
            continue
        assert not [m for m in checks.plan(on_card) if m.check in ALL]


def test_what_can_be_changed_is_an_input():
    with pytest.raises(ValueError, match="which is not among 'inputs'"):
        modelled("ab", can_change={"z": {}})


def test_only_totals_come_back(tmp_path):
    """Nothing of a row is in what the probe gives."""
    rows = {k: [f"geheim-{i}" for i in range(100)] for k in "ab"}
    model = Plain(lambda a, b: len(a) / 10 + int(b[-1]))
    table = local.Explained(inputs=("a", "b"), numbers=(), wholes=(), explain=30)(rows, model.predict)
    assert "geheim" not in repr(table)
