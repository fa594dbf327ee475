"""What a person could change to get the favourable advice: one or two inputs, in a direction and by a step that the card allows.

The nearest case with another advice (Wachter, Mittelstadt and Russell 2018, Harvard J. Law & Technology 31, 841-887), looked
for only where a person can act (Ustun, Spangher and Liu 2019, FAT*, 10-19).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation.cases import Cases
from vangrail.checks.explanation.local import spread
from vangrail.checks.robustness.perturbation_stability import MOST_DECIMALS, decimals
from vangrail.model.card import Changeable
from vangrail.model.needs import Predict, Value
from vangrail.model.outcome import label

STEPS, STEPS_OF_TWO = 8, 6
"""Steps towards the furthest that a person can go: for one input, and for each of two."""
MOST_VALUES, LEAST_SEEN = 20, 5
_HALF_OF_SPREAD = 0.5


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to the favourable advice: the inputs to change, their new values, and how far that is, in steps of 0 to 1 each."""

    columns: tuple[str, ...]
    values: tuple[Value, ...]
    size: float


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a person can come to in one input, whoever it is.

    sides           for a number: down (-1), up (1)
    by, least, most for a number: by how much at most, and between which bounds; none of them for anything else
    decimals        for a number: with how many it is written; None where it was computed
    values          for anything else: the values
    """

    is_whole: bool = False
    sides: tuple[int, ...] = ()
    by: float = 0
    least: float = 0
    most: float = 0
    decimals: int | None = None
    values: tuple[Value, ...] = ()

    @staticmethod
    def of(how: Changeable, among: Sequence[Value], *, is_number: bool, is_whole: bool) -> "Reach":
        """From what the card says and the values of other cases: a case as no one ever had, says little."""
        if is_number:
            seen = [v for v in among if isinstance(v, int | float) and math.isfinite(v)]
            by = how.by if how.by is not None else _HALF_OF_SPREAD * spread(np.array(seen, float))
            sides = {"up": (1,), "down": (-1,), "both": (-1, 1)}[how.direction]
            least, most = (min(seen), max(seen)) if seen else (0.0, 0.0)
            written = max((decimals(v) for v in seen), default=0)
            return Reach(
                is_whole=is_whole,
                sides=sides,
                by=by,
                least=least,
                most=most,
                decimals=written if written <= MOST_DECIMALS else None,
            )
        often = Counter(v for v in among if v is not None)
        # A value on the card is written as people write it; the model gets it as the table holds it.
        held: dict[str, Value] = {label(v): v for v in often}
        values: list[Value] = [held.get(label(v), v) for v in how.to]
        return Reach(values=tuple(values or [v for v, n in often.most_common(MOST_VALUES) if n >= LEAST_SEEN]))

    def options(self, value: Value) -> list[tuple[Value, float]]:
        """The values that someone with this value can come to, the nearest first, each with how far that is from 0 to 1."""
        if not self.sides:
            return [(v, 1.0) for v in self.values if v != value]
        if not isinstance(value, int | float) or isinstance(value, bool):
            return []
        found: dict[Value, float] = {}
        for step, side in product(range(1, STEPS + 1), self.sides):
            new = self._written(value + side * self.by * step / STEPS, side)
            if self.least <= new <= self.most and new != value:
                found.setdefault(new, abs(new - value) / self.by)
        return list(found.items())

    def _written(self, new: float, side: int) -> float:
        """The number as people write such numbers, no further than it: nobody pays 702.75 where rents are whole euros."""
        unit = 10.0 ** (self.decimals or 0)
        if self.decimals is None or not math.isfinite(new * unit):
            return new
        # What arithmetic left behind the sixth decimal is no step.
        kept = (math.floor if side > 0 else math.ceil)(round(new * unit, 6))
        return kept if self.is_whole else round(kept / unit, self.decimals)


@dataclass(frozen=True, kw_only=True)
class Search:
    """How to look: what can be changed, which inputs hold numbers and whole numbers, and which advice is favourable."""

    can_change: tuple[tuple[str, Changeable], ...]
    numbers: tuple[str, ...]
    wholes: tuple[str, ...]
    favourable: bool

    def ways(self, predict: Predict, unfavourable: Cases, among: Mapping[str, Sequence[Value]]) -> list[list[Way]]:
        """Per case the ways that work, the smallest first: each input by itself, else two together."""
        reach = {
            c: Reach.of(how, among[c], is_number=c in self.numbers, is_whole=c in self.wholes)
            for c, how in self.can_change
        }
        single = [self._single(unfavourable, i, reach) for i in range(len(unfavourable))]
        found = self._work(predict, unfavourable, single)
        lost = [i for i, ways in enumerate(found) if not ways]
        pairs = self._work(predict, unfavourable.at(lost), [self._pairs(single[i]) for i in lost]) if lost else []
        for i, ways in zip(lost, pairs, strict=True):
            found[i] = ways
        return found

    def _single(self, cases: Cases, i: int, reach: Mapping[str, Reach]) -> list[Way]:
        return [
            Way(columns=(column,), values=(new,), size=size)
            for column, of in reach.items()
            for new, size in of.options(cases.values[cases.inputs.index(column)][i])
        ]

    def _pairs(self, single: Sequence[Way]) -> list[Way]:
        by_column: dict[str, list[Way]] = {}
        for way in single:
            by_column.setdefault(way.columns[0], []).append(way)
        fewer = [self._spread_out(ways) for ways in by_column.values()]
        return [
            Way(columns=a.columns + b.columns, values=a.values + b.values, size=a.size + b.size)
            for one, other in combinations(fewer, 2)
            for a, b in product(one, other)
        ]

    def _spread_out(self, ways: list[Way]) -> list[Way]:
        """Some of the steps of a number, from end to end; all values of anything else."""
        if ways[0].columns[0] not in self.numbers:
            return ways
        ordered = sorted(ways, key=lambda w: float(str(w.values[0])))
        places = np.unique(np.rint(np.linspace(0, len(ordered) - 1, STEPS_OF_TWO)).astype(int))
        return [ordered[p] for p in places]

    def _work(self, predict: Predict, cases: Cases, tried: Sequence[Sequence[Way]]) -> list[list[Way]]:
        """Of the ways tried per case, those that bring the favourable advice, the smallest first."""
        found: list[list[Way]] = [[] for _ in tried]
        whose = [(i, way) for i, ways in enumerate(tried) for way in ways]
        for start in range(0, len(whose), asking.AT_ONCE):
            part = whose[start : start + asking.AT_ONCE]
            copies = cases.at([i for i, _ in part])
            values = [v.copy() for v in copies.values]
            for row, (_, way) in enumerate(part):
                for column, value in zip(way.columns, way.values, strict=True):
                    values[cases.inputs.index(column)][row] = value
            said = asking.ask(predict, Cases(inputs=cases.inputs, values=tuple(values)))
            good = said.answered & (said.advice == self.favourable)
            for (i, way), works in zip(part, good, strict=True):
                if works:
                    found[i].append(way)
        return [sorted(ways, key=lambda w: w.size) for ways in found]
