"""Every figure that fairlearn, scikit-learn, scipy or statsmodels computes too, on random tables, to 1e-9.

Elsewhere: intervals, Holm and Cohen's kappa (test_statistics), associations and areas (test_proxies), distances and tests of
drift (test_drift), k, l and t of pycanon (test_privacy), Welch (test_work). Nobody else computes calibration over classes as
Mantel and Haenszel, selection against the base rate, or the interval of Agresti and Min: those have worked or published examples.
"""

import numpy as np
import pytest
from counting import card, fields, log_card, measure
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, precision_score
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from test_drift import measured

from vangrail import checks
from vangrail.checks import comparing
from vangrail.checks.comparing import share_of_alpha
from vangrail.model.needs import Cell, CountTable
from vangrail.model.outcome import Measured

CLOSE = {"rel": 1e-9, "abs": 1e-9}
CARD = log_card(
    outcome={"column": "outcome", "positive": "yes"}, protected=[{"column": "group", "reference": "a"}], min_rows=5
)
RATES = {
    "selection-rate-difference": selection_rate,
    "true-positive-rate-difference": true_positive_rate,
    "true-negative-rate-difference": true_negative_rate,
    "false-positive-rate-difference": false_positive_rate,
    "false-negative-rate-difference": false_negative_rate,
    "positive-predictive-value-difference": precision_score,
    "negative-predictive-value-difference": lambda true, said: precision_score(1 - true, 1 - said),
}
# 10 or more in every cell, so that no number stays away and no figure is reckoned on a number in tens
LOGS = st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(10, 400), min_size=4 * n, max_size=4 * n))


def logged(numbers):
    """A table of counts of groups a, b, c ...; and the same row by row."""
    cells = [Cell((chr(97 + i // 4), i % 4 < 2, i % 2 == 0), number) for i, number in enumerate(numbers)]
    group, said, true = (np.repeat([c.values[k] for c in cells], numbers) for k in (0, 1, 2))
    return CountTable(("group", "advice", "outcome"), tuple(cells)), group, said.astype(int), true.astype(int)


@pytest.mark.parametrize("check", RATES)
@settings(deadline=None, max_examples=20)
@given(numbers=LOGS)
def test_rates_per_group_and_their_differences(check, numbers):
    """Ours compares with the reference group; fairlearn's own difference, the largest less the smallest, is no smaller."""
    table, group, said, true = logged(numbers)
    frame = MetricFrame(metrics=RATES[check], y_true=true, y_pred=said, sensitive_features=group)
    found = measure(check, CARD, table)
    assert {g.name: g.value for g in found.groups} == pytest.approx((100 * frame.by_group).to_dict(), **CLOSE)
    gaps = 100 * (frame.by_group - frame.by_group["a"])
    assert {g.name: g.difference for g in found.groups if not g.is_reference} == pytest.approx(
        gaps.drop("a").to_dict(), **CLOSE
    )
    assert found.value == pytest.approx(gaps.abs().max(), **CLOSE)
    assert found.value <= 100 * frame.difference() + 1e-9


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(10, 400), min_size=8, max_size=8))
def test_with_two_groups_the_named_measures_of_fairlearn_are_ours(numbers):
    """Demographic parity, as difference and as ratio; equalized odds is the larger of the gaps in both error rates."""
    table, group, said, true = logged(numbers)
    rows = {"y_true": true, "y_pred": said, "sensitive_features": group}
    parity = measure("selection-rate-difference", CARD, table).value
    assert parity == pytest.approx(100 * demographic_parity_difference(**rows), **CLOSE)
    assert measure("selection-rate-ratio", CARD, table).value == pytest.approx(
        demographic_parity_ratio(**rows), **CLOSE
    )
    odds = [measure(f"{way}-positive-rate-difference", CARD, table).value for way in ("true", "false")]
    assert max(odds) == pytest.approx(100 * equalized_odds_difference(**rows), **CLOSE)


@settings(deadline=None, max_examples=30)
@given(LOGS)
def test_intervals_of_groups_and_of_their_differences(numbers):
    """Wilson for a group by itself; Newcombe, and the adjusted log for a ratio, at the shared chance of a false alarm."""
    table, _, _, _ = logged(numbers)
    groups = {
        g.attributes["group"]: g
        for g in comparing.count_groups(table, ["group"], comparing.Rate(given={}, counted={"advice": True}))
    }
    alpha = share_of_alpha(CARD.decision_log, ["group"]) / (len(groups) - 1)
    reference = groups["a"]
    for check, how in (("selection-rate-difference", {"method": "newcomb"}), ("selection-rate-ratio", None)):
        for g in measure(check, CARD, table).groups:
            one = groups[g.name]
            own = proportion_confint(one.successes, one.trials, 0.05, method="wilson")
            assert (g.low, g.high) == pytest.approx([100 * bound for bound in own], **CLOSE)
            if g.is_reference or how is None:
                continue
            of = one.successes, one.trials, reference.successes, reference.trials
            theirs = confint_proportions_2indep(*of, **how, alpha=alpha)
            assert (g.difference_low, g.difference_high) == pytest.approx([100 * bound for bound in theirs], **CLOSE)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(10, 300), min_size=4, max_size=4), st.sampled_from(["accuracy", "balanced_accuracy"]))
def test_how_often_advice_is_right_is_that_of_scikit_learn(tmp_path_factory, numbers, kind):
    """Against always saying the most common outcome: the difference of two accuracies, or of two balanced ones."""
    _, _, said, true = logged(numbers)
    folder = tmp_path_factory.mktemp("log")
    rows = " UNION ALL ".join(
        f"SELECT {a} AS advice, {o} AS outcome FROM range({n})"
        for (a, o), n in zip(((1, 1), (1, 0), (0, 1), (0, 0)), numbers, strict=True)
    )
    log = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": 1},
        "favourable": "no",
        "outcome": {"column": "outcome", "positive": 1},
        "performance": kind,
        "min_rows": 5,
    }
    found = measured(
        folder,
        "performance-against-baseline",
        card(datasets={"log": {"source": "log.parquet"}}, decision_log=log),
        rows,
    )
    score = accuracy_score if kind == "accuracy" else balanced_accuracy_score
    majority = np.full_like(true, int(true.mean() > 0.5))
    (group,) = (g for g in found.groups if g.name == "majority")
    assert group.value == pytest.approx(100 * score(true, majority), **CLOSE)
    assert group.difference == pytest.approx(100 * (score(true, said) - score(true, majority)), **CLOSE)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(20, 400), min_size=2, max_size=6))
def test_the_composition_of_a_data_set_has_the_interval_of_statsmodels(numbers):
    shares = {"shares": {chr(97 + i): 1 / len(numbers) for i in range(len(numbers))}, "source": "-"}
    on_card = card(datasets={"log": {"source": "log.csv", "columns": {"sex": {}}, "reference": {"sex": shares}}})
    table = CountTable(("sex",), tuple(Cell((chr(97 + i),), n) for i, n in enumerate(numbers)))
    found = measure("representativeness", on_card, table)
    low, high = proportion_confint(np.array(numbers), sum(numbers), 0.05 / len(numbers), method="wilson")
    assert [g.low for g in found.groups] == pytest.approx(100 * low, **CLOSE)
    assert [g.high for g in found.groups] == pytest.approx(100 * high, **CLOSE)
    assert found.value == pytest.approx(
        100 * np.abs(np.array(numbers) / sum(numbers) - 1 / len(numbers)).max(), **CLOSE
    )


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(*[st.sampled_from("xyz")] * 3), min_size=10, max_size=60))
def test_the_kappa_of_three_who_label_is_that_of_statsmodels(labels):
    if len({label for row in labels for label in row}) < 2:
        return
    on_card = card(datasets={"log": {"source": "log.csv", "annotators": ["an", "bram", "chaima"]}})
    kinds = {row: labels.count(row) for row in labels}
    table = CountTable(("an", "bram", "chaima"), tuple(Cell(row, n) for row, n in kinds.items()))
    found = measure("label-agreement", on_card, table, columns=fields("an", "bram", "chaima"))
    if isinstance(found, Measured):
        theirs = fleiss_kappa(np.array([[row.count(k) for k in "xyz"] for row in labels]))
        assert found.value == pytest.approx(theirs, **CLOSE)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 200), min_size=4, max_size=4))
def test_how_often_advice_is_followed_has_the_interval_of_statsmodels(tmp_path_factory, numbers):
    if sum(numbers) < 30:
        return
    rows = " UNION ALL ".join(
        f"SELECT {a} AS advice, {d} AS decided FROM range({n})"
        for (a, d), n in zip(((1, 1), (1, 0), (0, 1), (0, 0)), numbers, strict=True)
    )
    log = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": 1},
        "favourable": "no",
        "decision": {"column": "decided", "positive": 1},
    }
    on_card = card(datasets={"log": {"source": "log.parquet"}}, decision_log=log)
    found = measured(tmp_path_factory.mktemp("log"), "advice-followed", on_card, rows)
    followed = numbers[0] + numbers[3]
    low, high = proportion_confint(followed, sum(numbers), 0.05, method="wilson")
    assert (found.value, found.low, found.high) == pytest.approx(
        (100 * followed / sum(numbers), 100 * low, 100 * high), **CLOSE
    )


@settings(deadline=None, max_examples=20)
@given(LOGS)
def test_at_the_same_score_groups_differ_as_the_weighted_mean_of_their_strata(numbers):
    """statsmodels pools odds and relative risks over strata, but no differences: so this is the formula over the rows."""
    table, group, said, true = logged(numbers)
    scored = CountTable(("group", "score class", "advice", "outcome"), tuple(
        Cell((c.values[0], float(2 * c.values[1]), c.values[1], c.values[2]), c.rows) for c in table.cells
    ))  # fmt: skip
    on_card = log_card(
        outcome={"column": "outcome", "positive": "yes"},
        score={"column": "score"},
        protected=[{"column": "group", "reference": "a"}],
        min_rows=5,
    )
    (need,) = (m for m in checks.checks()["calibration-difference"].plan(on_card))
    found = measure(
        "calibration-difference",
        on_card,
        scored,
        measurement=need,
        columns=fields("group", "advice", "outcome", "score"),
    )
    for g in found.groups:
        if g.is_reference:
            continue
        weights, gaps = [], []
        for class_ in (0, 1):
            ours, theirs = (true[(group == name) & (said == class_)] for name in (g.name, "a"))
            weights.append(len(ours) * len(theirs) / (len(ours) + len(theirs)))
            gaps.append(100 * (ours.mean() - theirs.mean()))
        assert g.difference == pytest.approx(np.average(gaps, weights=weights), **CLOSE)
