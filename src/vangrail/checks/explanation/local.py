"""What the checks on local explanation ask of a model, once for all of them: weights of inputs, three times per case.

Once against some other cases, once against others, and once for the case with every number nudged. And what the model
does when some inputs get the values of others, to hold against what the weights foretell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation import shapley
from vangrail.checks.explanation.cases import NUMBERS, Cases, Floats
from vangrail.model.framework import Text, both
from vangrail.model.needs import Cell, Columns, CountTable, Field, Predict, Predictions, Probe
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import ColumnType

WHAT = "what"
CHANGES, WITH_FACTOR, SAME, SAME_OTHERS, SAME_NUDGED, STATED, STATED_RIGHT, STATED_ELSE, UNANSWERED = (
    "changes", "with main factor", "same", "same against others", "same when nudged", "stated", "stated right",
    "stated no input", "unanswered",
)  # fmt: skip
TRIED_SETS = 8
"""Sets of inputs per case on which the weights are tried."""
NUDGE = 0.01
"""A number is nudged by at most this part of the spread of the middle half of the cases."""
NEAR = 0.9
"""An input that weighs at least this part of the heaviest is as good a main factor: who names it is not wrong."""
LEAST_POOL = 64


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Rows and a model -> sums of squares and counts of cases, by what was looked at.

    wholes   the inputs that hold whole numbers; numbers: all that hold numbers
    explain  how many cases
    reason   the column with the stated main factor; means: what stands there, with the input that it is about
    """

    inputs: tuple[str, ...]
    numbers: tuple[str, ...]
    wholes: tuple[str, ...]
    explain: int
    reason: str | None = None
    means: tuple[tuple[str, str], ...] = ()

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """One cell per thing counted; that of `CHANGES` holds what `left_over` says of them."""
        generator = np.random.default_rng(asking.SEED)
        pool = Cases.of(rows, self.inputs)
        explained, said, places = self._answered(predict, pool)
        counts = {UNANSWERED: int(places[-1]) + 1 - len(places) if len(places) else len(pool)}
        if len(pool) < LEAST_POOL or not len(explained):
            return _table(counts | {CHANGES: 0}, left_over(np.zeros(0), np.zeros(0)))
        one, ways = self._against(pool, places, generator), self._ways(len(explained), generator)
        weights = shapley.weigh(predict, explained, said.score, one, ways)
        other, anew = self._against(pool, places, generator), self._ways(len(explained), generator)
        again = shapley.weigh(predict, explained, said.score, other, anew)
        nudged = self._nudged(explained, pool, generator)
        after = asking.ask(predict, nudged)
        # The same others and orders as the first time, so that only the nudge makes a difference.
        near = shapley.weigh(predict, nudged, after.score, one, ways)
        usable = np.isfinite(weights).all(axis=1) & np.isfinite(again).all(axis=1) & np.isfinite(near).all(axis=1)
        usable &= after.answered
        counts[UNANSWERED] += int((~usable).sum())
        left, whole = self._changes(predict, explained, said.score, one, weights, generator)
        known = usable & np.isfinite(left)
        counts[CHANGES] = int(known.sum())
        factor = shapley.main(weights, said.advice)
        # The nudged case is explained as the advice that was given first: its own may have turned.
        second, third = shapley.main(again, said.advice), shapley.main(near, said.advice)
        # A case in the very middle may have a main factor against some and none against others: no other takes its place.
        each = usable & (factor >= 0) & (second >= 0) & (third >= 0)
        counts[WITH_FACTOR] = int(each.sum())
        counts[SAME_OTHERS] = int((each & (second == factor)).sum())
        counts[SAME_NUDGED] = int((each & (third == factor)).sum())
        counts[SAME] = int((each & (second == factor) & (third == factor)).sum())
        if self.reason is not None:
            reasons = [rows[self.reason][p] for p in places]
            counts |= self._stated(reasons, weights, said.advice, usable & (factor >= 0))
        return _table(counts, left_over(left[known], whole[known]))

    def _answered(self, predict: Predict, pool: Cases) -> tuple[Cases, Predictions, Any]:
        """The first cases about which the model says something, what it says, and their places."""
        _, said, places = asking.answered_only(predict, pool)
        some = slice(self.explain)
        said = Predictions(answered=said.answered[some], advice=said.advice[some], score=said.score[some])
        return pool.at(places[some]), said, places[some]

    def _against(self, pool: Cases, places: Any, generator: np.random.Generator) -> list[Cases]:
        """For each case its own draw of other cases, so that the cases are independent of each other."""
        number = min(shapley.OTHERS, len(pool) - 1)
        drawn = (generator.choice(len(pool) - 1, number, replace=False) for _ in places)
        return [pool.at(d + (d >= place)) for d, place in zip(drawn, places, strict=True)]

    def _ways(self, number: int, generator: np.random.Generator) -> list[Any]:
        return [shapley.orders(len(self.inputs), shapley.PAIRS, generator) for _ in range(number)]

    def _nudged(self, explained: Cases, pool: Cases, generator: np.random.Generator) -> Cases:
        """The same cases with every number moved a little; whole numbers by whole steps, so small ones do not move."""
        nudged = explained
        for j, name in enumerate(self.inputs):
            if name in self.numbers:
                step = NUDGE * spread(pool.values[j])
                moved = [
                    v if not _is_number(v) else (v + round(u) if name in self.wholes else v + u)
                    for v, u in zip(explained.values[j], step * generator.uniform(-1, 1, len(explained)), strict=True)
                ]
                nudged = nudged.with_(j, asking.objects(moved))
        return nudged

    def _changes(
        self,
        predict: Predict,
        explained: Cases,
        scores: Floats,
        others: Sequence[Cases],
        weights: Floats,
        generator: np.random.Generator,
    ) -> tuple[Floats, Floats]:
        """Per case: the squared change of the score that the weights did not foretell, and the squared change; summed.

        As parts of the largest change of all, squared: only their ratio counts, and the squares of large scores would not
        fit. NaN for every case where the score does not change.
        """
        number = len(self.inputs)
        replaced = []
        for _ in range(len(explained)):
            sizes = generator.integers(1, max(2, number), TRIED_SETS)
            replaced.append(np.array([np.isin(np.arange(number), generator.permutation(number)[:k]) for k in sizes]))
        means = shapley.values(predict, explained, others, [~r for r in replaced])
        change = scores[:, None] - np.array(means)
        told = np.einsum("its,is->it", np.array(replaced, float), weights)
        largest = float(np.nanmax(np.abs(change), initial=0))
        unit = largest if largest > shapley.ROUNDING else math.nan
        return (((change - told) / unit) ** 2).sum(axis=1), ((change / unit) ** 2).sum(axis=1)

    def _stated(self, reasons: Sequence[Any], weights: Floats, advice: Any, there: Any) -> dict[str, int]:
        """How often the stated main factor is the one that weighs most towards the advice, or as good as that."""
        means = dict(self.means)
        places = {name: j for j, name in enumerate(self.inputs)}
        stated = right = elsewhere = 0
        for i, reason in enumerate(reasons):
            if reason is None or not there[i]:
                continue
            stated += 1
            place = places.get(means.get(str(reason), str(reason)))
            if place is None:
                elsewhere += 1
                continue
            towards = weights[i] if advice[i] else -weights[i]
            right += bool(towards[place] >= NEAR * towards.max())
        return {STATED: stated, STATED_RIGHT: right, STATED_ELSE: elsewhere}


def left_over(left: Floats, whole: Floats) -> tuple[float, float, float]:
    """The share of all change that is left over, how uncertain the logarithm of that share is, and its degrees of freedom.

    left, whole   per case
    uncertain     its standard error, by leaving out one case at a time (jackknife of a ratio); infinite where one case
                  holds all change
    freedom       few where few cases hold nearly all of what is left over (Satterthwaite 1946, Biometrics Bulletin 2,
                  110-114): without that, intervals over a hundred cases with long tails were measured to cover in 89 %
    """
    number, all_left, all_change = len(left), float(left.sum()), float(whole.sum())
    if all_change == 0 or all_left == 0:
        return 0.0, 0.0, 1.0
    rest = 1 - whole / all_change
    if (rest <= 0).any():
        return all_left / all_change, math.inf, 1.0
    moved = ((left - all_left / all_change * whole) / rest) ** 2
    if not moved.any():
        return all_left / all_change, 0.0, 1.0
    error = math.sqrt((number - 1) / number * float(moved.sum())) / all_left
    return all_left / all_change, error, min(number - 1.0, max(1.0, float(moved.sum() ** 2 / (moved @ moved))))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def spread(values: Any) -> float:
    """The distance between the quarter and the three quarters of the numbers in it; 0 without any."""
    found = [float(v) for v in values if _is_number(v)]
    low, high = np.quantile(found, [0.25, 0.75]) if found else (0.0, 0.0)
    return float(high - low)


def _table(counts: dict[str, int], sums: tuple[float, ...]) -> CountTable:
    nothing = (0.0,) * len(sums)
    cells = (Cell((k,), n, tuple(map(float, sums)) if k == CHANGES else nothing) for k, n in counts.items())
    return CountTable((WHAT,), tuple(cells))


def need(settings: Any, fields: Sequence[Field]) -> Probe:
    """What to ask: the same for fidelity and stability of a model, so that it is asked once."""
    reason = settings["reason"]
    types = {f.name: f.type for f in fields}
    inputs = tuple(settings["inputs"])
    totals = Explained(
        inputs=inputs,
        numbers=tuple(i for i in inputs if types.get(i) in NUMBERS),
        wholes=tuple(i for i in inputs if types.get(i) is ColumnType.INTEGER),
        explain=explained_cases(settings["rows"]),
        reason=reason["column"] if reason else None,
        means=tuple(sorted(reason["means"].items())) if reason else (),
    )
    columns = asking.columns(settings, totals.reason)
    return Probe(model=settings["model"], columns=columns, at_most=max(settings["rows"], 200), totals=totals)


def explained_cases(rows: int) -> int:
    """How many cases are explained of so many that the model is tried on: each takes over a thousand questions."""
    return max(30, rows // 10)


def settings_of(card: Any, model: Any, dataset: str) -> dict[str, Any]:
    """The settings of both checks."""
    reason = model.stated_reason
    return asking.settings(card, model, dataset) | {
        "reason": reason.model_dump(mode="json") if reason is not None else None
    }


def too_few(found: int, least: int, unanswered: int) -> NotMeasurable:
    """What to say when too few cases could be explained."""
    return NotMeasurable(
        reason=both(
            nl=f"Voor te weinig gevallen is er iets uit te leggen: {found}, en minstens {least} zijn nodig."
            f" Zonder antwoord van het model: {unanswered}.",
            en=f"There is something to explain for too few cases: {found}, and at least {least} are needed."
            f" Without an answer of the model: {unanswered}.",
        ),
        do=both(
            nl="Kies een hogere 'tried_rows' op de kaart. Zijn er dan nog te weinig? Dan geeft het model overal bijna dezelfde"
            " score, of geen antwoord: kijk na of de invoer juist is.",
            en="Choose higher 'tried_rows' on the card. Are there still too few? Then the model gives nearly the same score"
            " everywhere, or no answer: see whether its input is right.",
        ),
    )


ONE_INPUT = NotMeasurable(
    reason=both(
        nl="Het model krijgt maar één gegeven, en dat weegt dus altijd alles. Zo'n gewicht legt niets uit.",
        en="The model gets only one piece of data, so that always weighs all. Such a weight explains nothing.",
    ),
    do=both(
        nl="Is het een tekst? Laat dan een mens nagaan welke woorden de doorslag geven, en beantwoord de eis zelf.",
        en="Is it a text? Then have a person find out which words decide, and answer the requirement yourself.",
    ),
)


def unanswered_note(table: CountTable) -> tuple[Text, ...]:
    """What to say of cases about which the model said nothing; nothing when there are none."""
    number = table.of(what=UNANSWERED)
    if not number:
        return ()
    return (
        both(
            nl=f"{number} gevallen zonder antwoord van het model tellen niet mee.",
            en=f"{number} cases without an answer of the model are left out.",
        ),
    )


def wilson(right: int, trials: int, confidence: float) -> tuple[float, float, float]:
    """A share in percent with its interval."""
    from vangrail.checks import statistics

    low, high = statistics.wilson([right], [trials], 1 - confidence)
    share = right / trials
    return 100 * share, 100 * min(share, float(low[0])), 100 * max(share, float(high[0]))
