"""Image recognition per class: worked by hand, as scikit-learn has it, and with intervals that hold."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from counting import ON, card, counted, fields, measure
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from vangrail import checks
from vangrail.checks.detection import intervals, matches
from vangrail.checks.detection.detection_average_precision import average_precision
from vangrail.checks.detection.matches import Matches
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Answers, CountTable
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language
from vangrail.tables import open_table

metrics = pytest.importorskip("sklearn.metrics")

NAMES = {"predicted": "predicted", "truth": "truth"}

# What was recognised on 400 pictures of the street; '-' is nothing.
STREET = """
    predicted | truth | rows
    bag       | bag   | 80
    bag       | couch | 10
    bag       | -     | 10
    couch     | couch | 30
    couch     | bag   | 4
    -         | bag   | 16
    -         | couch | 20
    -         | -     | 230
"""


def log(**parts: Any) -> Any:
    return card(datasets={"log": {"source": "log.parquet", "detections": NAMES | parts}})


def quality(table: str, subject: str, **parts: Any) -> Outcome:
    on_card = log(**parts)
    plan = {m.subject: m for m in checks.checks()["detection-quality"].plan(on_card)}
    return measure("detection-quality", on_card, counted(table), measurement=plan[subject])


def on_rows(
    folder: Path, check: str, rows: list[dict[str, Any]], *, subject: str | None = None, **parts: Any
) -> Outcome:
    """The outcome of a check on a real table."""
    pq.write_table(pa.Table.from_pylist(rows), folder / "log.parquet")
    on_card, found = log(**parts), checks.checks()[check]
    chosen = next(m for m in found.plan(on_card) if subject in (None, m.subject))
    with open_table("log", on_card.datasets["log"], folder=folder, environment={}) as table:
        answers = Answers(table.answer(found.needs(chosen, table.fields, ON)))
        return found.measure(chosen, table.fields, ON, answers)


def of(found: Outcome, name: str) -> Any:
    return next(g for g in found.groups if g.name == name)


@pytest.mark.parametrize(
    ("subject", "bag", "couch"),
    [
        ("recall", 80 / 100, 30 / 60),
        ("precision", 80 / 100, 30 / 34),
        ("f1", 2 * 80 / (100 + 100), 2 * 30 / (60 + 34)),
    ],
)
def test_two_classes_worked_by_hand(subject, bag, couch):
    """80 of 100 bags and 30 of 60 couches are recognised; 100 things are called a bag and 34 a couch."""
    found = quality(STREET, subject)
    assert of(found, "bag").value == pytest.approx(100 * bag)
    assert of(found, "couch").value == pytest.approx(100 * couch)
    assert found.value == pytest.approx(100 * min(bag, couch))


def test_exact_bounds_for_all_classes_and_figures_at_once():
    """80 of 100 at 1 - 0.05 / 6, by Clopper and Pearson."""
    found = of(quality(STREET, "recall"), "bag")
    low, high = proportion_confint(80, 100, alpha=0.05 / 6, method="beta")
    assert (found.low, found.high) == pytest.approx((100 * low, 100 * high), abs=1e-9)


@pytest.mark.parametrize("classes", [1, 12])
def test_who_recognises_as_well_as_the_limit_is_not_accused_of_less(classes):
    """30 objects of each class, all truly recognised in 95 %: by Wilson one of twelve was found worse in 17 % of the logs."""
    rng, accused, logs = np.random.default_rng(2), 0, 1000
    for _ in range(logs):
        shares = [intervals.Share(counted=int(rng.binomial(30, 0.95)), of=30) for _ in range(classes)]
        accused += min(intervals.exact(s, 0.05 / (3 * classes))[1] for s in shares) < 0.95
    assert accused / logs <= 0.05


def test_the_average_stands_beside_the_worst_class():
    note = quality(STREET, "recall").notes[0]
    assert "65.0 %" in note[Language.EN]
    assert "65,0 %" in note[Language.NL]


def test_mistakes_are_named_and_rare_ones_are_not():
    """Four bags were taken for a couch: too few to show."""
    shown = [(d.name, d.note[Language.EN], d.counted, d.rows) for d in quality(STREET, "recall").details]
    assert shown == [
        ("couch", "not seen", 20, 60),
        ("bag", "not seen", 16, 100),
        ("bag", "seen where nothing is", 10, 100),
        ("couch", "seen as 'bag'", 10, 60),
    ]


def test_the_wrong_place_is_a_miss_and_a_false_one():
    """Of 100 pits 60 lie where they were seen; 40 do not, so 40 were missed and 40 seen where there are none."""
    table = """
        predicted | truth | apart | rows
        pit       | pit   | no    | 60
        pit       | pit   | yes   | 40
    """
    columns = [*fields("predicted", "truth"), *fields("iou", type_="number")]
    for subject, value in (("recall", 60), ("precision", 60), ("f1", 60)):
        on_card = log(overlap="iou")
        plan = {m.subject: m for m in checks.checks()["detection-quality"].plan(on_card)}
        found = measure("detection-quality", on_card, counted(table), measurement=plan[subject], columns=columns)
        assert found.value == pytest.approx(value)


def test_pictures_that_nobody_looked_at_do_not_count():
    table = """
        predicted | truth | looked | rows
        bag       | bag   | yes    | 80
        -         | bag   | yes    | 20
        bag       | -     | no     | 500
    """
    found = quality(table, "precision", nothing=["niets"])
    assert found.value == 100
    assert any("500 rows" in n[Language.EN] for n in found.notes)


def test_what_was_missed_is_unknown_when_people_only_looked_at_alarms():
    assert isinstance(quality(STREET, "recall", known_for="predicted"), NotMeasurable)
    assert isinstance(quality(STREET, "f1", known_for="predicted"), NotMeasurable)
    assert quality(STREET, "precision", known_for="predicted").value == pytest.approx(80)


def test_a_rare_class_is_named_and_not_measured():
    table = STREET + "    piano | piano | 3\n    -  | piano | 9\n"
    found = quality(table, "recall")
    assert of(found, "piano").not_measurable is not None
    assert of(found, "piano").rows == 12
    assert of(quality(table, "precision"), "piano").rows is None  # three: not shown


PAIRS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "b", "c"])), min_size=200, max_size=300
)


@given(pairs=PAIRS)
@settings(max_examples=40, deadline=None)
def test_every_figure_agrees_with_scikit_learn(pairs):
    """Precision, recall, F1 and support per class, and their averages."""
    predicted, truth = zip(*pairs, strict=True)
    names = sorted({*predicted, *truth})
    p, r, f, support = metrics.precision_recall_fscore_support(truth, predicted, labels=names, zero_division=0)
    table = "predicted | truth | rows\n" + "\n".join(f"{a} | {b} | 1" for a, b in pairs)
    for subject, theirs in (("precision", p), ("recall", r), ("f1", f)):
        found = quality(table, subject, min_rows=5)
        for name, value, rows in zip(names, theirs, support, strict=True):
            group = of(found, name)
            if group.value is not None:
                assert group.value == pytest.approx(100 * value, abs=1e-9)
            if subject == "recall" and rows >= 5:
                assert group.rows == rows


@given(
    rows=st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=60),
)
@settings(max_examples=100, deadline=None)
def test_average_precision_agrees_with_scikit_learn(rows):
    """Scores of three decimals, ties included; and whatever order breaks the ties lies between the best and the worst."""
    if not any(y for _, y in rows):
        return
    scores, truth = zip(*rows, strict=True)
    levels = sorted(set(scores), reverse=True)
    right = [sum(y for s, y in rows if s == level) for level in levels]
    false = [sum(not y for s, y in rows if s == level) for level in levels]
    found = average_precision(right, false, sum(truth))
    assert found.value == pytest.approx(metrics.average_precision_score(truth, [s / 1000 for s in scores]), abs=1e-9)
    broken = [s + i * 1e-4 for i, s in enumerate(scores)]
    assert found.worst - 1e-12 <= metrics.average_precision_score(truth, broken) <= found.best + 1e-12


def test_average_precision_worked_by_hand(tmp_path):
    """Right, false, right of two objects and one never seen: (1 + 2/3) / 3 = 0.5556; sixty times over."""
    rows = []
    for _ in range(60):
        rows += [
            {"predicted": "pit", "truth": "pit", "score": 0.9},
            {"predicted": "pit", "truth": None, "score": 0.8},
            {"predicted": "pit", "truth": "pit", "score": 0.7},
            {"predicted": None, "truth": "pit", "score": None},
        ]
    found = on_rows(tmp_path, "detection-average-precision", rows, score="score")
    assert found.value == pytest.approx(100 * 5 / 9)
    assert found.rows == 180
    # Sixty equal scores in any order: the worst puts all that is false first.
    assert found.low < 100 * 5 / 9 < found.high


def test_scores_beyond_one_are_refused(tmp_path):
    rows = [{"predicted": "pit", "truth": "pit", "score": 97.0}] * 50
    found = on_rows(tmp_path, "detection-average-precision", rows, score="score")
    assert "buiten 0 tot 1" in found.reason[Language.NL]


def test_the_darkest_hour_counts(tmp_path):
    """By day 90 of 100 are recognised, at night 30 of 60; four at dusk are too few to say."""
    rows = [
        {"predicted": "bag" if i < seen else None, "truth": "bag", "light": light}
        for light, seen, there in (("day", 90, 100), ("night", 30, 60), ("dusk", 1, 4))
        for i in range(there)
    ]
    found = on_rows(tmp_path, "detection-recall-by-group", rows, by=["light"])
    assert found.value == pytest.approx(50)
    assert of(found, "day").value == pytest.approx(90)
    assert of(found, "dusk").rows is None
    assert "minder dan 5 keer" in of(found, "dusk").not_measurable[Language.NL]


def test_a_class_can_be_a_number_in_one_column_and_text_in_the_other(tmp_path):
    rows = [{"predicted": i % 2, "truth": str(i % 2)} for i in range(100)]
    found = on_rows(tmp_path, "detection-quality", rows, subject="recall")
    assert {g.name: g.value for g in found.groups} == {"0": 100, "1": 100}


# --- intervals -------------------------------------------------------------------------------------------------------


def test_f1_follows_from_the_share_of_agreement():
    """2 x 30 / (60 + 34) from 30 of 64."""
    assert intervals.f1_of(30 / 64) == pytest.approx(60 / 94)


SHARES = np.array([[0.30, 0.04, 0.02], [0.05, 0.20, 0.03], [0.02, 0.03, 0.08], [0.08, 0.07, 0.08]])
"""Recognised (rows: three classes and nothing) against really there (columns)."""


def _drawn(rng: np.random.Generator, rows: int) -> Matches:
    counts = rng.multinomial(rows, SHARES.ravel()).reshape(SHARES.shape)
    names = ["a", "b", "c", None]
    pairs = {(names[i], names[j]): int(counts[i, j]) for i in range(4) for j in range(3)}
    return Matches(pairs=pairs, not_looked=0)


@pytest.mark.parametrize("rows", [150, 1500])
def test_intervals_of_f1_and_of_its_average_hold(rows):
    """Simulated: 95 % intervals cover in about 95 of 100 logs."""
    agreed = np.diag(SHARES[:3])
    true = 2 * agreed / (SHARES[:3].sum(axis=1) + SHARES.sum(axis=0))
    rng, logs = np.random.default_rng(5), 2000
    own = average = 0
    for _ in range(logs):
        found = _drawn(rng, rows)
        share = intervals.Share(
            counted=found.found("c"), of=found.there("c") + found.recognised("c") - found.found("c")
        )
        low, high = (intervals.f1_of(x) for x in intervals.wilson(share, 0.05))
        own += low <= true[2] <= high
        _, low, high = intervals.mean_f1(found, ["a", "b", "c"], 0.05)
        average += low <= true.mean() <= high
    assert 0.93 <= own / logs <= 0.97
    assert 0.93 <= average / logs <= 0.97


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [{"predicted": None, "truth": None}] * 50,
        [{"predicted": "a", "truth": "a"}] * 3,
        [{"predicted": f"p{i}", "truth": f"t{i}"} for i in range(2000)],
        [{"predicted": 0.5, "truth": 0.25}] * 50,
    ],
    ids=["nothing", "three", "a class per row", "fractions"],
)
def test_what_cannot_be_measured_says_why(rows, tmp_path):
    columns = pa.schema([("predicted", pa.string()), ("truth", pa.string())]) if rows[0]["truth"] is None else None
    pq.write_table(pa.Table.from_pylist(rows, schema=columns), tmp_path / "log.parquet")
    on_card = log()
    found = checks.checks()["detection-quality"]
    for chosen in found.plan(on_card):
        with open_table("log", on_card.datasets["log"], folder=tmp_path, environment={}) as table:
            answers = Answers(table.answer(found.needs(chosen, table.fields, ON)))
            outcome = found.measure(chosen, table.fields, ON, answers)
        assert isinstance(outcome, NotMeasurable)
        assert outcome.do is not None


def test_too_many_pairs_of_classes_are_no_classes():
    on_card = log()
    found = checks.checks()["detection-quality"]
    chosen = next(iter(found.plan(on_card)))
    (need,) = found.needs(chosen, fields("predicted", "truth"), ON)
    outcome = found.measure(chosen, fields("predicted", "truth"), ON, Answers({need: None}))
    assert "namen van foto" in outcome.reason[Language.NL]


def test_a_thousand_classes_are_measured_at_once():
    pairs = "\n".join(f"c{i} | c{i} | {30 + i % 7}" for i in range(1000))
    found = quality("predicted | truth | rows\n" + pairs, "recall")
    assert isinstance(found, Measured)
    assert len(found.groups) == 1000
    assert found.low < 75  # thirty of thirty says little when a thousand classes are judged at once


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(VangrailError, match="thruth"):
        on_rows(tmp_path, "detection-quality", [{"predicted": "a", "truth": "a"}] * 50, **{"truth": "thruth"})


def test_without_such_a_log_nothing_is_asked():
    nothing = card(datasets={"log": {"source": "x.csv"}})
    some = log()
    for name, check in checks.checks().items():
        if check.family == "detection":
            assert list(check.plan(nothing)) == [], name
            assert check.not_applicable(nothing) is not None, name
    assert checks.checks()["detection-average-precision"].not_applicable(some) is not None
    assert checks.checks()["detection-recall-by-group"].not_applicable(some) is not None
    assert checks.checks()["detection-quality"].not_applicable(some) is None


def test_the_table_is_read_the_same_whatever_the_order_of_its_keys():
    table = counted(STREET)
    turned = CountTable(("truth", "predicted"), tuple(c.__class__(c.values[::-1], c.rows) for c in table.cells))
    assert matches.read(table).pairs == matches.read(turned).pairs
