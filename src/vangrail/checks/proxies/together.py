"""What all inputs together give away of a protected characteristic: learnt on some rows, tried on others, beside the data.

Trees see how inputs work together, which adding up the evidence of each cannot: who is told by the combination of two
inputs is told by neither of them alone. Extremely randomised trees (Geurts, Ernst and Wehenkel 2006, Machine Learning 63,
3-42) that look at every input at each split were measured against boosting and random forests: they alone found such a
combination among twelve inputs that say nothing in every draw, and they answer the same with any number of processors.
Any other learner may find more, so what is found is a floor.
"""

import importlib.util
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vangrail.checks.drift import classes
from vangrail.checks.proxies import separation
from vangrail.checks.statistics import Floats
from vangrail.model.needs import Cell, Columns, CountTable, Field, Sample, Value
from vangrail.model.outcome import label
from vangrail.model.vocabulary import ColumnType

if TYPE_CHECKING:
    from numpy.typing import NDArray

ATTRIBUTE, GROUP, SCORE, MEMBER = "attribute", "group", "score", "member"
DRAWN = 6000
"""Rows drawn, half to learn from: more cost seconds in a run and were measured to change little."""
_TREES, _LEAF, _CLASSES, _SEED = 30, 5, 200, 20261122
_LONG = 30


@dataclass(frozen=True, kw_only=True)
class Target:
    """A protected characteristic: its column, the bounds of its classes where it is a number, and whether it is one."""

    column: str
    bins: tuple[float, ...]
    is_number: bool

    def group(self, value: Value) -> str | None:
        """The group of a value, named as the engines name it; nothing without a value."""
        if value is None or not self.is_number or isinstance(value, bool) or not isinstance(value, int | float):
            return None if value is None else label(value)
        if self.bins:
            return _between(float(value), self.bins)
        if value == 0:
            return label(-1000)
        size = round(math.log(abs(value)), 1)
        return label(size if value > 0 else -2000 - size)


def _between(value: float, bounds: Sequence[float]) -> str:
    def shown(bound: float) -> str:
        return str(int(bound)) if float(bound).is_integer() else repr(bound)

    if value < bounds[0]:
        return f"<{shown(bounds[0])}"
    if value >= bounds[-1]:
        return f">={shown(bounds[-1])}"
    place = next(i for i, high in enumerate(bounds) if value < high)
    return f"{shown(bounds[place - 1])}-{shown(bounds[place])}"


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Rows -> per characteristic, group and class of score, how many members and others there are on the half not learnt from.

    inputs   the columns to tell by; a characteristic is never told by itself
    texts    which of them hold text
    least    a group with fewer rows in either half is left out
    most     only the so many largest groups are looked at
    """

    inputs: tuple[str, ...]
    texts: tuple[str, ...]
    targets: tuple[Target, ...]
    least: int
    most: int

    def __call__(self, rows: Columns) -> CountTable:
        """The counts."""
        columns = {name: self._numbers(name, rows[name]) for name in self.inputs}
        cells: list[Cell] = []
        for target in self.targets:
            groups = [target.group(v) for v in rows[target.column]]
            by = [c for name, c in columns.items() if name != target.column and c is not None]
            if by:
                cells += self._told(target.column, groups, np.column_stack(by))
        return CountTable((ATTRIBUTE, GROUP, SCORE, MEMBER), tuple(cells))

    def _numbers(self, name: str, values: Sequence[Value]) -> "NDArray[np.float64] | None":
        """A column as numbers: text by how frequent it is, long text by its length. None for one that differs in each row."""
        if name not in self.texts:
            found = np.array([float(v) if isinstance(v, int | float) else math.nan for v in values])
            # Trees compare numbers as 32 bits; what does not fit would be infinite.
            return np.clip(np.where(np.isfinite(found), found, np.nan), -1e38, 1e38)
        texts = [None if v is None else (str(v) if len(str(v)) <= _LONG else f"{len(str(v)) // _LONG}") for v in values]
        counted = Counter(t for t in texts if t is not None)
        if len(counted) > len(texts) / 4:
            return None
        ordered = sorted(counted, key=lambda t: (-counted[t], t))
        place: dict[str | None, float] = {t: float(i) for i, t in enumerate(ordered)}
        return np.array([place.get(t, -1.0) for t in texts], float)

    def _told(self, attribute: str, groups: Sequence[str | None], inputs: "NDArray[np.float64]") -> list[Cell]:
        from sklearn.ensemble import ExtraTreesClassifier

        known = [i for i, g in enumerate(groups) if g is not None]
        learn, try_ = known[: len(known) // 2], known[len(known) // 2 :]
        sizes = [Counter(groups[i] for i in half) for half in (learn, try_)]
        large = [g for g in sizes[0] if g is not None and min(s[g] for s in sizes) >= self.least]
        chosen = sorted(large, key=lambda g: (-sizes[0][g], g))[: self.most]
        if len(chosen) < 2:
            return []
        rest = len(chosen)
        names = {g: k for k, g in enumerate(chosen)}
        truth = np.array([names.get(str(groups[i]), rest) for i in known])
        trees = ExtraTreesClassifier(_TREES, min_samples_leaf=_LEAF, max_features=None, random_state=_SEED)
        trees.fit(inputs[learn], truth[: len(learn)])
        chances, truth = trees.predict_proba(inputs[try_]), truth[len(learn) :]
        found: list[Cell] = []
        for group, k in names.items():
            scores = np.rint(chances[:, list(trees.classes_).index(k)] * _CLASSES).astype(int)
            for is_member in (True, False):
                counts = np.bincount(scores[(truth == k) == is_member], minlength=_CLASSES + 1)
                found += [Cell((attribute, group, int(s), is_member), int(n)) for s, n in enumerate(counts) if n]
        return found


def need(
    fields: Sequence[Field],
    inputs: Sequence[Field],
    protected: Sequence[dict[str, Any]],
    **limits: int,
) -> Sample | None:
    """What to ask for all characteristics at once. None without the library that learns (the extra 'models')."""
    if importlib.util.find_spec("sklearn") is None:
        return None
    found = [classes.field_of(p["column"], fields, where="card.yaml: decision_log.protected") for p in protected]
    targets = tuple(
        Target(column=f.name, bins=tuple(p["bins"]), is_number=f.type in classes.NUMBERS)
        for f, p in zip(found, protected, strict=True)
    )
    names = tuple(f.name for f in inputs)
    columns = tuple(dict.fromkeys((*names, *(t.column for t in targets))))
    texts = tuple(f.name for f in inputs if f.type is ColumnType.TEXT)
    return Sample(columns=columns, at_most=DRAWN, totals=Learned(inputs=names, texts=texts, targets=targets, **limits))


def area(found: CountTable, attribute: str, group: str, alpha: float) -> tuple[float, float, float] | None:
    """How well members of the group are told from others, with its interval at 1 - alpha. None where it was not looked at."""
    sides: list[Floats] = [np.zeros(_CLASSES + 1), np.zeros(_CLASSES + 1)]
    for cell in found.cells:
        if cell.values[:2] == (attribute, group):
            sides[0 if cell.values[3] else 1][int(str(cell.values[2]))] += cell.rows
    members, others = sides
    if min(members.sum(), others.sum()) < 2:
        return None
    there = members + others > 0
    return separation.area(np.arange(_CLASSES + 1.0)[there], members[there], others[there], alpha)
