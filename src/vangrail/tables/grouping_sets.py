"""Counts many groupings on a server in few statements, of which only the groupings that were asked come back.

A finer table of counts is made inside the statement, and grouped again there by GROUPING SETS.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vangrail.tables import cubes
from vangrail.tables.engine import MOST_CELLS, Grouping, Row

SETS_AT_ONCE, KEYS_AT_ONCE = 24, 60
"""Spark takes at most 64 keys in one statement."""
Counted = tuple[dict[int, Any], int, tuple[float, ...]]
"""The value of each key, the number of rows, and the sums."""
Kinds = Mapping[frozenset[int], int]
"""Each set of keys, with the most cells that anyone wants of it."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What servers word in their own way.

    distinct    counts the different values of {}, roughly
    once        keeps the server from making the finer table again for every set
    mask        a whole number with a bit for each of these keys, the last one lowest: 1 where the set does not hold it
    mask_width  of how many keys at most
    """

    distinct: str
    once: str
    mask: Callable[[Sequence[str]], str]
    mask_width: int


def groups(
    run: Callable[[str], list[Row]],
    words: Words,
    relation: str,
    keys: Sequence[str],
    conditions: Sequence[str],
    sums: Sequence[str],
    asked: Sequence[Grouping],
) -> list[list[Row]]:
    """For each grouping asked, its rows of key values, count and sums."""
    expressions = [*keys, *conditions]

    def rows(used: Sequence[int], totals: Sequence[int]) -> str:
        """Only what a statement uses: what else would stand there takes a planner as long as what it needs."""
        some = [f"{expressions[k]} AS k{k}" for k in used] + [f"{sums[s]} AS v{s}" for s in totals]
        return f"(SELECT {', '.join(some) or '1 AS nothing'} FROM {relation} AS d)"

    answers: list[list[Row]] = [[] for _ in asked]
    everything = rows(range(len(expressions)), ())
    too_many, clusters = cubes.plan(run, everything, len(keys), len(conditions), asked, words.distinct)
    for member in too_many:
        answers[member] = [()] * (asked[member].at_most + 1)
    for cluster in clusters:
        kinds: dict[frozenset[int], int] = {}
        for member in cluster.members:
            kind = cubes.wanted(asked[member], len(keys))
            kinds[kind] = max(kinds.get(kind, 0), asked[member].at_most)
        totals = sorted({s for member in cluster.members for s in asked[member].sums})
        found: dict[frozenset[int], list[Counted]] = {}
        for some in _portions(kinds):
            found |= _sets(run, words, rows, some, len(keys), totals)
        for member in cluster.members:
            one = asked[member]
            answers[member] = [
                (*(values[k] for k in one.keys), n, *(sums_of[totals.index(s)] for s in one.sums))
                for values, n, sums_of in found[cubes.wanted(one, len(keys))]
            ]
    return answers


def _portions(kinds: Kinds) -> Iterator[Kinds]:
    """As many sets together as one statement takes."""
    some: dict[frozenset[int], int] = {}
    for kind, at_most in kinds.items():
        if some and (len(some) == SETS_AT_ONCE or len(kind.union(*some)) > KEYS_AT_ONCE):
            yield some
            some = {}
        some[kind] = at_most
    if some:
        yield some


def _sets(
    run: Callable[[str], list[Row]],
    words: Words,
    rows: Callable[[Sequence[int], Sequence[int]], str],
    kinds: Kinds,
    keys: int,
    totals: Sequence[int],
) -> dict[frozenset[int], list[Counted]]:
    """The cells of each set of keys; of none are more fetched than one more than is wanted of all sets together."""
    used = sorted(frozenset[int]().union(*kinds))
    names = [f"k{k}" for k in used]
    figures = ["count(*) AS n", *(f"sum(v{s}) AS s{s}" for s in totals)]
    by = f" GROUP BY {', '.join(names)}" if names else ""
    cube = f"WITH cube AS {words.once}(SELECT {', '.join(names + figures)} FROM {rows(used, totals)} AS r{by})"
    masks = [used[i : i + words.mask_width] for i in range(0, len(used), words.mask_width)]
    parts = [words.mask([f"k{k}" for k in mask]) for mask in masks]
    parts += [*names, "sum(n)", *(f"coalesce(sum(s{s}), 0)" for s in totals)]
    having = " AND ".join(["sum(n) > 0", *(f"(GROUPING(k{k}) = 1 OR k{k} = 1)" for k in used if k >= keys)])
    sets = ", ".join("(" + ", ".join(f"k{k}" for k in sorted(kind)) + ")" for kind in kinds)
    most = min(sum(kinds.values()), MOST_CELLS)
    found = run(
        f"{cube} SELECT {', '.join(parts)} FROM cube GROUP BY GROUPING SETS ({sets}) HAVING {having} LIMIT {most + 1}"
    )
    if len(found) > most and len(kinds) > 1:  # one of them is too fine: then each on its own
        alone = [_sets(run, words, rows, {kind: at_most}, keys, totals) for kind, at_most in kinds.items()]
        return {kind: cells for one in alone for kind, cells in one.items()}
    cells: dict[frozenset[int], list[Counted]] = {kind: [] for kind in kinds}
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
