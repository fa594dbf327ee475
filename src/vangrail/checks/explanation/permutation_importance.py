"""Which inputs the model goes by, over all cases: how much worse it does when one of them is shuffled."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vangrail.checks import Check, statistics
from vangrail.checks.drift import classes
from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation.cases import Cases, Floats
from vangrail.checks.robustness.calling import CHECK_POSITIVE
from vangrail.model.card import Card, DecisionLog, Scalar
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Columns, CountTable, Field, Need, Predict, Probe
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit
from vangrail.tables import sql

INPUT, WHOLE = "input", ""
REPEATS = 5
_OF_LOG = {"outcome", "random_sample", "performance"}


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per model that can be called."""
    for model, dataset in asking.models(card):
        log = card.decision_log
        outcome = None
        if log is not None and log.dataset == dataset and log.outcome is not None:
            outcome = log.model_dump(mode="json", exclude_defaults=True, include=_OF_LOG)
            outcome["performance"] = log.performance
        yield Measurement(
            check=CHECK.id,
            version=CHECK.version,
            dataset=dataset,
            subject=model.name,
            settings=asking.settings(card, model, dataset) | {"outcome": outcome},
        )


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """Rows and a model -> per input how many points it does worse when shuffled, summed over rows, with squares.

    outcome   the column with what turned out to be true and the values that count as yes; without one the model is held
              against its own advice
    balanced  whether both outcomes weigh alike
    """

    inputs: tuple[str, ...]
    outcome: str | None = None
    positive: tuple[Scalar, ...] = ()
    balanced: bool = False

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """Cells by input with (sum, sum of squares) of what each row adds; '' is how often the model is right, and yes."""
        everyone, said, places = asking.answered_only(predict, Cases.of(rows, self.inputs))
        truth, known = said.advice, np.ones(len(places), bool)
        if self.outcome is not None:
            values = [asking.yes(rows[self.outcome][p], self.positive) for p in places]
            known = np.array([v is not None for v in values], bool)
            truth = np.array([bool(v) for v in values], bool)[known]
        everyone, right = everyone.at(np.flatnonzero(known)), (said.advice[known] == truth)
        weights = _weights(truth, balanced=self.balanced)
        if weights is None:
            return CountTable((INPUT,), (Cell((WHOLE,), 0, (0.0, 0.0, 0.0)),))
        n = len(truth)
        own = _influence(right.astype(float), truth, weights, balanced=self.balanced)
        base = float(weights @ right) / n
        cells = [Cell((WHOLE,), n, (base * n, float(own @ own), float(said.advice[known].sum())))]
        moves = shuffles(n, REPEATS, asking.SEED)
        for j, name in enumerate(self.inputs):
            received, given, squares = np.zeros(n), np.zeros(n), 0.0
            for move in moves:
                copies = asking.ask(predict, everyone.with_(j, everyone.values[j][move]))
                still = (copies.answered & (copies.advice == truth)).astype(float)
                lost = weights * (right - still)
                received += still / REPEATS
                # What the value of a row does to the row that gets it counts as well: that is chance of the draw too.
                given[move] += lost / REPEATS
                squares += float(lost @ lost) / REPEATS
            drop = float(given.mean())
            each = own - _influence(received, truth, weights, balanced=self.balanced) + (given - drop)
            # With few shuffles each row is seen with few others: their chance is in `each` twice, and belongs there once.
            twice = (squares - n * drop * drop) / REPEATS
            cells.append(Cell((name,), n, (drop * n, max(0.0, float(each @ each) - twice), 0.0)))
        return CountTable((INPUT,), tuple(cells))


def shuffles(rows: int, repeats: int, seed: int) -> list[NDArray[np.int64]]:
    """The same orders for every input, each made from the one before, in the way of scikit-learn."""
    generator, move, order = np.random.RandomState(seed), np.arange(rows), np.arange(rows)
    found = []
    for _ in range(repeats):
        generator.shuffle(move)
        order = order[move]
        found.append(order)
    return found


def _weights(truth: NDArray[np.bool_], *, balanced: bool) -> Floats | None:
    """What each row counts for; None where that cannot be said, as there is no row of one of both outcomes."""
    yes = int(truth.sum())
    if not len(truth) or (balanced and yes in (0, len(truth))):
        return None
    if not balanced:
        return np.ones(len(truth))
    return np.where(truth, len(truth) / (2 * yes), len(truth) / (2 * (len(truth) - yes)))


def _influence(right: Floats, truth: NDArray[np.bool_], weights: Floats, *, balanced: bool) -> Floats:
    """What each row adds to the weighted share right, less its mean."""
    if not balanced:
        return np.asarray(right - right.mean())
    means = np.where(truth, right[truth].mean(), right[~truth].mean())
    return np.asarray(weights * (right - means))


def _probe(measurement: Measurement, fields: Sequence[Field]) -> Probe:
    settings = measurement.settings
    column, why = _against(settings["outcome"])
    where = None
    if column is not None:
        where = f"{sql.column(column[0])} IS NOT NULL"
        sample = _log(settings["outcome"]).random_sample
        if sample is not None and why is None and _only_selected(settings["outcome"]):
            where = f"{where} AND COALESCE({sql.condition(sample, fields)}, FALSE)"
    totals = Shuffled(
        inputs=tuple(settings["inputs"]),
        outcome=column[0] if column else None,
        positive=column[1] if column else (),
        balanced=column is not None and settings["outcome"]["performance"] == "balanced_accuracy",
    )
    return Probe(
        model=settings["model"],
        columns=asking.columns(settings, totals.outcome),
        at_most=settings["rows"],
        totals=totals,
        where=where,
    )


def _log(outcome: dict[str, object]) -> DecisionLog:
    """The part of the decision log that says what turned out to be true."""
    return DecisionLog.model_validate(
        {"dataset": "log", "advice": {"expression": "TRUE"}, "favourable": "yes"} | outcome
    )


def _only_selected(outcome: dict[str, object]) -> bool:
    found = _log(outcome).outcome
    return found is not None and found.known_for == "selected"


def _against(outcome: dict[str, object] | None) -> tuple[tuple[str, tuple[Scalar, ...]] | None, Text | None]:
    """The column to hold the model against; or None, with why it is its own advice."""
    if outcome is None:
        return None, both(
            nl="De kaart noemt geen uitkomst bij deze gevallen.", en="The card names no outcome for these cases."
        )
    log = _log(outcome)
    if _only_selected(outcome) and log.random_sample is None:
        return None, both(
            nl="De uitkomst is alleen bekend voor gekozen dossiers, en er is geen willekeurige steekproef.",
            en="The outcome is known only for selected cases, and there is no random sample.",
        )
    column = asking.of_column(log.outcome)
    if column is None:
        return None, both(
            nl="De uitkomst is een expressie. Maak er een afgeleide kolom van om het model ertegen te houden.",
            en="The outcome is an expression. Make it a derived column to hold the model against it.",
        )
    return column, None


_SAME_FOR_ALL = both(
    nl="Het model geeft over alle gevallen hetzelfde advies, dus het gaat op niets af.",
    en="The model gives the same advice about all cases, so it goes by nothing.",
)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The model on the cases, and on copies with one input shuffled."""
    return [_probe(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """By how many points the model is right less often when an input is shuffled, the heaviest input first.

    Right is what turned out to be true, by the performance that the card chooses; without a known outcome it is the
    model's own advice before shuffling.

    Measured        percentage points for the heaviest input; t intervals that hold for all inputs at once
                    (Bonferroni) and count in that both the rows and the shuffled values are a draw; one group per input
    NotMeasurable   fewer than `min_rows` cases that the model answers, or all outcomes or advices the same
    """
    settings = measurement.settings
    table = answers.table(_probe(measurement, fields))
    column, why = _against(settings["outcome"])
    (whole,) = (c for c in table.cells if c.values == (WHOLE,))
    if whole.rows < settings["min_rows"]:
        return NotMeasurable(
            reason=both(
                nl=f"Te weinig gevallen waarop het model antwoordt en de uitkomst bekend is, of alle uitkomsten zijn gelijk."
                f" Minstens {settings['min_rows']} zijn nodig, met beide uitkomsten.",
                en=f"Too few cases that the model answers and of which the outcome is known, or all outcomes are the same."
                f" At least {settings['min_rows']} are needed, with both outcomes.",
            )
        )
    n = whole.rows
    if whole.sums[2] in (0, n):
        return NotMeasurable(reason=_SAME_FOR_ALL, do=CHECK_POSITIVE, rows=n)
    t = statistics.t_quantile((1 - settings["confidence"]) / len(settings["inputs"]), n - 1)
    found = []
    for cell in table.cells:
        if cell.values != (WHOLE,):
            half = t * math.sqrt(cell.sums[1] / (n * (n - 1)))
            drop = cell.sums[0] / n
            found.append((str(cell.values[0]), 100 * drop, 100 * (drop - half), 100 * (drop + half)))
    found.sort(key=lambda f: (-f[1], f[0]))
    right = classes.decimal(100 * whole.sums[0] / n, 1)
    held = (
        both(
            nl=f"Zonder iets te verstoren is het model juist in {right[Language.NL]} %.",
            en=f"With nothing disturbed the model is right in {right[Language.EN]} %.",
        )
        if column is not None
        else both(
            nl="Daarom is het model met zijn eigen advies vergeleken: het cijfer zegt hoeveel adviezen veranderen, niet"
            " hoeveel slechter ze worden.",
            en="So the model was held against its own advice: the figure says how many advices change, not how much worse"
            " they get.",
        )
    )
    return Measured(
        value=found[0][1],
        low=max(f[2] for f in found),
        high=max(f[3] for f in found),
        confidence=settings["confidence"],
        unit=Unit.PERCENTAGE_POINTS,
        rows=n,
        groups=tuple(
            Group(attributes={"input": name}, rows=shown(n), value=value, low=low, high=high)
            for name, value, low, high in found
        ),
        group_unit=Unit.PERCENTAGE_POINTS,
        notes=(
            both(
                nl=f"Elk gegeven kreeg {REPEATS} keer de waarden van andere gevallen, door elkaar geschud. Hoeveel"
                " procentpunt minder vaak is het model dan juist? Rond 0 doet een gegeven er weinig toe.",
                en=f"Each piece of data got the values of other cases {REPEATS} times, shuffled. How many percentage points"
                " less often is the model right then? Around 0 a piece of data matters little.",
            ),
            both(nl=f"Het zwaarst weegt: '{found[0][0]}'.", en=f"What weighs most: '{found[0][0]}'."),
            *((why,) if why is not None else ()),
            held,
            both(
                nl="Zeggen twee gegevens ongeveer hetzelfde, dan kan het model op het andere terugvallen: apart lijken ze dan"
                " minder belangrijk dan ze samen zijn.",
                en="Where two pieces of data say about the same, the model can fall back on the other: by themselves they"
                " then seem less important than they are together.",
            ),
        ),
    )


CHECK = Check(
    id="permutation-importance",
    family="explanation",
    title=both(nl="Waar het model op afgaat", en="Permutation importance"),
    measures=both(
        nl="Welke gegevens het zwaarst wegen in het model: hoeveel procentpunt minder vaak het juist is als je dat ene"
        " gegeven door elkaar schudt.",
        en="Which data weigh most in the model: how many percentage points less often it is right when you shuffle that one"
        " piece of data.",
    ),
    wants=asking.WANTS,
    formula="performance − mean performance over shuffles of one input, in percentage points",
    source="Breiman (2001), Machine Learning 45, 5-32; Fisher, Rudin and Dominici (2019), JMLR 20(177)",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,
    not_applicable=asking.none_to_call,
    judged=False,
)
