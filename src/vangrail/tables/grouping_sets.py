"""Counts many groupings on Spark in few statements, of which only the groupings that were asked come back.

A finer table of counts is made inside the statement, and grouped again there by GROUPING SETS.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vangrail.tables import cubes
from vangrail.tables.engine import MOST_CELLS, Ask, Grouping, Row, Work

SETS_AT_ONCE, KEYS_AT_ONCE, MASK_WIDTH = 24, 60, 60
"""Spark takes at most 64 keys in one statement, and a mask has a bit for each."""
Counted = tuple[dict[str, Any], int, tuple[float, ...]]
"""The value of each key, the number of rows, and the sums."""
Kinds = Mapping[frozenset[str], int]
"""Each set of keys, with the most cells that anyone wants of it."""


def groups(asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
    """For each grouping asked, its rows of key values, count and sums. `columns` as in `cubes.plan`."""
    answers: list[list[Row]] = [[] for _ in asked]
    planned = yield from cubes.plan(asked, columns)
    for member in planned.too_many:
        answers[member] = [()] * (asked[member].at_most + 1)
    for cluster in planned.clusters:
        kinds: dict[frozenset[str], int] = {}
        for member in cluster.members:
            kind = frozenset(cubes.wanted(asked[member]))
            kinds[kind] = max(kinds.get(kind, 0), asked[member].at_most)
        totals = cubes.sums(cluster, asked)
        conditions = frozenset(w for member in cluster.members if (w := asked[member].where) is not None)
        found: dict[frozenset[str], list[Counted]] = {}
        for some in _portions(kinds):
            found |= yield from _sets(cubes.cube(cluster, planned), totals, some, conditions)
        for member in cluster.members:
            one = asked[member]
            answers[member] = [
                (*(values[k] for k in one.keys), n, *(sums[totals.index(s)] for s in one.sums))
                for values, n, sums in found[frozenset(cubes.wanted(one))]
            ]
    return answers


def _mask(names: Sequence[str]) -> str:
    """A whole number with a bit for each of these keys, the last one lowest: 1 where the set does not hold it."""
    return " + ".join(f"CAST(GROUPING({n}) AS BIGINT) * {1 << at}L" for at, n in enumerate(reversed(names))) or "0L"


def _portions(kinds: Kinds) -> Iterator[Kinds]:
    """As many sets together as one statement takes."""
    some: dict[frozenset[str], int] = {}
    for kind, at_most in kinds.items():
        if some and (len(some) == SETS_AT_ONCE or len(kind.union(*some)) > KEYS_AT_ONCE):
            yield some
            some = {}
        some[kind] = at_most
    if some:
        yield some


def _sets(
    cube: cubes.Cube, sums: Sequence[str], kinds: Kinds, conditions: frozenset[str]
) -> Work[dict[frozenset[str], list[Counted]]]:
    """The cells of each set of keys; of none are more fetched than one more than is wanted of all sets together."""
    used = sorted(frozenset[str]().union(*kinds))
    names = {key: f"g{i}" for i, key in enumerate(used)}
    masks = [used[i : i + MASK_WIDTH] for i in range(0, len(used), MASK_WIDTH)]
    parts = [_mask([names[k] for k in mask]) for mask in masks]
    parts += [*names.values(), "sum(f0)", *(f"coalesce(sum(f{i + 1}), 0)" for i in range(len(sums)))]
    chosen = [f"(GROUPING({names[k]}) = 1 OR {names[k]} = 1)" for k in used if k in conditions]
    sets = ", ".join("(" + ", ".join(names[k] for k in used if k in kind) + ")" for kind in kinds)
    having, most = " AND ".join(["sum(f0) > 0", *chosen]), min(sum(kinds.values()), MOST_CELLS)
    keys = ", ".join(["*", *(f"{cube.names[k]} AS {name}" for k, name in names.items())])

    def read(counts: str) -> str:
        return (
            f"WITH cube AS (SELECT {keys} FROM {cube.cells(counts)}) SELECT {', '.join(parts)} FROM cube "
            f"GROUP BY GROUPING SETS ({sets}) HAVING {having} LIMIT {most + 1}"
        )

    ((found,),) = yield [Ask(by=cube.by, figures=("count(*)", *(f"sum({s})" for s in sums)), reads=(read,))]
    if len(found) > most and len(kinds) > 1:  # one of them is too fine: then each on its own
        alone: dict[frozenset[str], list[Counted]] = {}
        for kind, at_most in kinds.items():
            alone |= yield from _sets(cube, sums, {kind: at_most}, conditions)
        return alone
    cells: dict[frozenset[str], list[Counted]] = {kind: [] for kind in kinds}
    width = len(masks)
    for row in found:
        kind = frozenset(
            k
            for mask, bits in zip(masks, row, strict=False)
            for at, k in enumerate(reversed(mask))
            if not bits >> at & 1
        )
        values = dict(zip(used, row[width : width + len(used)], strict=True))
        cells[kind].append((values, int(row[width + len(used)]), row[width + len(used) + 1 :]))
    return cells
