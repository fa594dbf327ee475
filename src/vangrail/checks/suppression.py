"""Which numbers of groups stay away, so that nobody can work out how many people a small group has.

Leaving out a small number is not enough: the total beside it gives it away by subtraction. So other numbers stay away with
it, the smallest that help (complementary cell suppression: Cox 1980, JASA 75, 377-385; the threshold is that of Hundepool
et al. 2012, Statistical Disclosure Control, ch. 4). A table of two characteristics is a graph: each number is part of a row
and of a column, and joins them. One that stays away can be worked out exactly when no circle of such numbers runs through
it (Gusfield 1988, SIAM J. Comput. 17, 552-571). So for each small number the cheapest circle stays away.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from vangrail.model.framework import both
from vangrail.model.outcome import SMALL_COUNT, Group, Outcome

Cell = tuple[Hashable, ...]
"""The values of a group: one per characteristic."""
Line = tuple[int, Hashable]
"""A row or a column: which characteristic, and which value of it."""
MOST_CELLS = 2_000
"""In a larger table the circles are not looked for: all numbers stay away."""


@dataclass(frozen=True, kw_only=True)
class KeptBack:
    """What stays away of a table.

    numbers   the groups whose number stays away
    names     the groups that are not even named: which combinations there are would give their number away
    """

    numbers: frozenset[Cell] = frozenset()
    names: frozenset[Cell] = frozenset()

    def __or__(self, other: "KeptBack") -> "KeptBack":
        return KeptBack(numbers=self.numbers | other.numbers, names=self.names | other.names)


def kept_back(sizes: Mapping[Cell, int]) -> KeptBack:
    """The groups whose number stays away: those of one to four, and as many others as it takes to hide them.

    sizes   how many rows each group has

    What stays away does not follow by adding and subtracting from what is shown, the total over all groups, and the totals
    of each characteristic by itself, as far as this same rule shows those. With three characteristics or more nothing so
    fine is worked out: there all numbers stay away as soon as one must.
    """
    if not any(map(_small, sizes.values())) and not any(_totals(sizes, p) for p in _places(sizes)):
        return KeptBack()
    return _kept_back(frozenset(sizes.items()))


@lru_cache(maxsize=256)
def _kept_back(numbers: frozenset[tuple[Cell, int]]) -> KeptBack:
    """The same numbers are asked by one check after another."""
    sizes = dict(sorted(numbers, key=str))
    width = len(next(iter(sizes)))
    if width == 1:
        return KeptBack(numbers=frozenset(_in_line(sizes)))
    return KeptBack(numbers=frozenset(sizes)) if width > 2 or len(sizes) > MOST_CELLS else _in_table(sizes)


def in_tens(number: int) -> int:
    """The number on which the figure of a measured group is reckoned when its own number stays away.

    With all decimals a figure is a fraction, and its interval says of what: 47.916666... % with its bounds is 230 of 480.
    Rounded down, the interval is never narrower than it should be.
    """
    return number - number % 10


def without(outcome: Outcome, kept: KeptBack) -> Outcome:
    """The outcome without the numbers that stay away. Groups are found by their values, as they are called."""
    if not kept.numbers and not kept.names:
        return outcome
    notes = (*outcome.notes, _KEPT_BACK)
    return replace(outcome, groups=tuple(_shown(outcome.groups, kept)), notes=notes)


def guarded(outcome: Outcome) -> Outcome:
    """An outcome whose groups are all there is to know, without the numbers that stay away."""
    by_names: dict[tuple[str, ...], dict[Cell, int]] = defaultdict(dict)
    for g in outcome.groups:
        if g.rows is not None:
            by_names[tuple(g.attributes)][tuple(g.attributes.values())] = g.rows
    kept = KeptBack()
    for sizes in by_names.values():
        kept |= kept_back(sizes)
    return without(outcome, kept)


_KEPT_BACK = both(
    nl=f"Waar geen aantal staat, tonen we het niet: een groep van minder dan {SMALL_COUNT}, of een groep waarmee je dat"
    " kleine aantal zou kunnen uitrekenen. Het cijfer van zo'n groep is berekend op een aantal in tientallen.",
    en=f"Where no number stands, it is not shown: a group of fewer than {SMALL_COUNT}, or one from which that small number"
    " could be worked out. The figure of such a group is reckoned on a number in tens.",
)
_UNNAMED = both(nl="(kleine groepen)", en="(small groups)")
_TOO_SMALL = both(nl="te weinig gevallen, en niet elk apart getoond", en="too few cases, and not shown one by one")


def _shown(groups: Sequence[Group], kept: KeptBack) -> Iterator[Group]:
    unnamed = None
    for group in groups:
        cell = tuple(group.attributes.values())
        if cell not in kept.names:
            yield replace(group, rows=None) if cell in kept.numbers else group
        elif unnamed is None:
            unnamed = Group(attributes=dict.fromkeys(group.attributes, "…"), called=_UNNAMED, rows=None)
    if unnamed is not None:
        yield replace(unnamed, not_measurable=_TOO_SMALL)


def _small(number: int) -> bool:
    """Whether people could be known by it. Nobody is known by a 0."""
    return 0 < number < SMALL_COUNT


def _in_line(sizes: Mapping[Cell, int]) -> set[Cell]:
    """Groups that add up to a known total: the small ones, and the next until two or more, of five rows or more, stay away."""
    hidden = {c for c, n in sizes.items() if _small(n)}
    rest = sorted(sizes.keys() - hidden, key=lambda c: (sizes[c], str(c)))
    while hidden and rest and (len(hidden) == 1 or sum(sizes[c] for c in hidden) < SMALL_COUNT):
        hidden.add(rest.pop(0))
    return hidden


def _in_table(sizes: Mapping[Cell, int]) -> KeptBack:
    """Groups of two characteristics, where the totals of each are known as far as they do not stay away themselves."""
    table, safe = _Table(sizes), []
    for place in _places(sizes):
        # A total that stays away by itself may not follow from its row either. All of them can change together, in every
        # table that they stand beside, when each is joined to the same one.
        lines = sorted(_totals(sizes, place), key=str)
        safe += [table.hide_between(line, lines[0]) for line in lines[1:]]
        for line in lines:
            table.join(line, (-1 - place, None))
    small = sorted((c for c, n in sizes.items() if _small(n)), key=str)
    safe += [table.hide_between(*table.ends(cell), but=cell) for cell in small]
    if all(safe):
        return KeptBack(numbers=frozenset(table.hidden))
    # Where some combination does not occur, a total can be all of one group. So what is small is not told apart from what
    # does not occur: then any combination may be there.
    return KeptBack(numbers=frozenset(sizes), names=frozenset(small))


def _places(sizes: Mapping[Cell, int]) -> range:
    """The characteristics of a table of two or more."""
    width = len(next(iter(sizes), ()))
    return range(width if width > 1 else 0)


def _totals(sizes: Mapping[Cell, int], place: int) -> set[Line]:
    """The totals of one characteristic that stay away where it stands by itself."""
    found: dict[Cell, int] = defaultdict(int)
    for cell, n in sizes.items():
        found[(cell[place],)] += n
    return {(place, value) for (value,) in _in_line(found)}


class _Table:
    """Rows and columns, joined by the numbers that are part of both; what stays away costs nothing to walk over."""

    def __init__(self, sizes: Mapping[Cell, int]) -> None:
        self._sizes = sizes
        self.hidden = {c for c, n in sizes.items() if _small(n)}
        self._beside: dict[Line, list[tuple[Line, Cell | None]]] = defaultdict(list)
        for cell in sizes:
            self.join(*self.ends(cell), cell)

    @staticmethod
    def ends(cell: Cell) -> tuple[Line, Line]:
        """The row and the column that a number is part of."""
        return (0, cell[0]), (1, cell[1])

    def join(self, one: Line, other: Line, cell: Cell | None = None) -> None:
        """One can be walked to from the other, over a number or for nothing."""
        self._beside[one].append((other, cell))
        self._beside[other].append((one, cell))

    def hide_between(self, start: Line, end: Line, *, but: Cell | None = None) -> bool:
        """The numbers on the cheapest way from one to the other stay away; whether there is a way."""
        cost, came = {start: 0}, dict[Line, tuple[Line, Cell | None]]()
        queue = [(0, 0, start)]
        while queue:
            so_far, _, here = heapq.heappop(queue)
            if here == end:
                break
            if so_far > cost[here]:
                continue
            for there, cell in self._beside[here]:
                if cell is not None and cell == but:
                    continue
                price = so_far + (0 if cell is None or cell in self.hidden else self._sizes[cell])
                if price < cost.get(there, math.inf):
                    cost[there], came[there] = price, (here, cell)
                    heapq.heappush(queue, (price, len(came), there))
        at = end
        while at in came and at != start:
            at, cell = came[at]
            if cell is not None:
                self.hidden.add(cell)
        return end in came
