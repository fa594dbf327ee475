"""The best rule that looks at one column only: found on one half of the cases, tested on the other.

For each class of the column it says what was mostly the outcome there. Very simple rules often do nearly as well as a
model (Holte 1993, Machine Learning 11, 63-91), and anyone can explain them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vangrail.checks.comparing import ADVICE, OUTCOME
from vangrail.checks.drift.classes import NUMBERS
from vangrail.checks.performance.inputs import FOUND_ON, HALF, TESTED_ON
from vangrail.checks.performance.paired import Pairs
from vangrail.model.needs import CountTable, Field, Value

FEATURE = "feature"
_TENTHS = 10


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a column alone would say, per class; elsewhere what was mostly the outcome. `score` on the half it was found on."""

    column: str
    says: Mapping[Value, bool]
    otherwise: bool
    score: float
    bounds: tuple[float, ...] = ()

    def of(self, value: Value) -> bool:
        """What the rule says for a class."""
        return self.says.get(_tenth(value, self.bounds), self.otherwise)


def _tenth(value: Value, bounds: Sequence[float]) -> Value:
    """The place of a number among the bounds; any other value as it is."""
    if not bounds or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return sum(value > b for b in bounds)


def find(field: Field, table: CountTable, least: int, *, balanced: bool) -> Rule | None:
    """The rule of one column, from the half on which rules are found. None without cases of both outcomes there.

    table   counts by feature, half, advice and outcome
    least   a class with fewer cases follows the majority, so that a column with a value per row does not learn by heart
    """
    counts: dict[Value, list[int]] = {}
    for cell in table.by(FEATURE, HALF, OUTCOME).cells:
        value, half, outcome = cell.values
        if outcome is None or bool(half) is not FOUND_ON:
            continue
        counts.setdefault(value, [0, 0])[bool(outcome)] += cell.rows
    totals = [sum(c[k] for c in counts.values()) for k in (0, 1)]
    if min(totals) == 0:
        return None
    # Balanced: each outcome weighs alike, so a class says yes where yes is more frequent than it is overall.
    weights = (1 / totals[0], 1 / totals[1]) if balanced else (1.0, 1.0)
    otherwise = totals[1] * weights[1] > totals[0] * weights[0]
    bounds = _bounds(counts) if field.type in NUMBERS else ()
    merged: dict[Value, list[int]] = {}
    for value, (no, yes) in counts.items():
        tally = merged.setdefault(_tenth(value, bounds), [0, 0])
        tally[0] += no
        tally[1] += yes
    says = {v: yes * weights[1] > no * weights[0] for v, (no, yes) in merged.items() if no + yes >= least}
    right = sum(
        (yes * weights[1] if says.get(v, otherwise) else no * weights[0]) for v, (no, yes) in merged.items()
    ) / sum(t * w for t, w in zip(totals, weights, strict=True))
    return Rule(column=field.name, says=says, otherwise=otherwise, score=right, bounds=bounds)


def _bounds(counts: Mapping[Value, Sequence[int]]) -> tuple[float, ...]:
    """Upper bounds of the first nine tenths of the numbers."""
    numbers = sorted((float(v), sum(c)) for v, c in counts.items() if isinstance(v, int | float))
    total, seen = sum(n for _, n in numbers), 0
    bounds: list[float] = []
    for value, rows in numbers:
        seen += rows
        if seen * _TENTHS >= total * (len(bounds) + 1) and len(bounds) < _TENTHS - 1:
            bounds.append(value)
    return tuple(bounds)


def against_advice(rule: Rule, table: CountTable) -> dict[bool, Pairs]:
    """Advice and rule side by side on the half on which rules are tested, per outcome."""
    found = {o: Pairs(rows=0, only_advice=0, only_other=0, both=0) for o in (False, True)}
    for cell in table.by(FEATURE, HALF, ADVICE, OUTCOME).cells:
        value, half, advice, outcome = cell.values
        if outcome is None or advice is None or bool(half) is not TESTED_ON:
            continue
        found[bool(outcome)] += pair(bool(advice), rule.of(value), bool(outcome), cell.rows)
    return found


def pair(advice: bool, other: bool, outcome: bool, rows: int) -> Pairs:
    """So many cases with this advice, this other decision, and this outcome."""
    right, right_too = advice == outcome, other == outcome
    return Pairs(
        rows=rows,
        only_advice=rows if right and not right_too else 0,
        only_other=rows if right_too and not right else 0,
        both=rows if right and right_too else 0,
    )
