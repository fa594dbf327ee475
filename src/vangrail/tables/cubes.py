"""Counts many groupings by way of a few small cubes: one per family of groupings, rolled up inside the engine.

Measured on 10^7 rows for ten groupings of the same six keys: one cube and ten roll-ups 0.25 s, GROUPING SETS 0.72 s, one
GROUP BY each 0.98 s. A cube of too many cells loses that again, so groupings are put together only while their cube stays
small; a look at the first rows tells how many values each key has. Groupings that share little (one column each, by the same
months, for drift) go into cubes of their own, which an engine that can makes in one pass.

A key that follows from one column of about as few values is counted by that column, and reckoned of the cells of the cube: 10^7
logarithms of an age become a hundred, and keys of the same column become one.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vangrail.tables.engine import Ask, Grouping, Look, Row, Seen, Work

CELLS = 1_200_000
"""With so many possible cells counting takes twice as long. Measured on 34 groupings of 10^7 rows: 1.3 s in one cube, 1.5 to
2.0 s in two, three or four smaller ones."""


@dataclass(frozen=True)
class Cluster:
    """Groupings that share a cube, and what the rows of that are told apart by."""

    members: tuple[int, ...]
    by: frozenset[str]
    cells: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How groupings are counted.

    too_many    the places of those with too many combinations already among the first rows: they need not be counted
    clusters    the others, put together
    source      for each key and condition what the rows are told apart by: itself, or the column that it follows from
    """

    too_many: Sequence[int]
    clusters: Sequence[Cluster]
    source: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Cube:
    """The cells of a cluster as a relation: what to select from, for the name of the counts, and the keys in terms of it."""

    by: tuple[str, ...]
    names: Mapping[str, str]
    also: str

    def cells(self, counts: str) -> str:
        """What to select the keys from."""
        return f"(SELECT *{self.also} FROM {counts}) AS d" if self.also else counts


def cost_of_a_pass(keys: int, cells: float) -> float:
    """What a cube costs that is made in a pass of its own."""
    return (1 + 0.6 * keys) * (1 + min(cells / CELLS, 20))


def cost_within_a_pass(keys: int, cells: float) -> float:
    """What a cube adds to a pass. Measured in DuckDB: 2 ns a row, 2.4 for each key, up to 45 when it outgrows the cache, and
    then slowly more; each is read again for every grouping that it is rolled up to. A single key takes 3 ns in all."""
    return (1 + 1.2 * keys if keys > 1 else 1.5) + min(cells / 4_000, 22) + cells / 100_000


def groups(
    asked: Sequence[Grouping], columns: Mapping[str, str], *, cost: Callable[[int, float], float] = cost_of_a_pass
) -> Work[list[list[Row]]]:
    """For each grouping asked, its rows of key values, count and sums. `columns` as in `plan`."""
    answers: list[list[Row]] = [[] for _ in asked]
    planned = yield from plan(asked, columns, cost)
    for member in planned.too_many:
        answers[member] = [()] * (asked[member].at_most + 1)
    found = yield [_ask(cluster, asked, planned) for cluster in planned.clusters]
    for cluster, tables in zip(planned.clusters, found, strict=True):
        for member, rows in zip(cluster.members, tables, strict=True):
            answers[member] = rows
    return answers


def cube(cluster: Cluster, planned: Plan) -> Cube:
    """How to count a cluster."""
    by = tuple(e for e in dict.fromkeys(planned.source.values()) if e in cluster.by)
    place = {source: f"k{i}" for i, source in enumerate(by)}
    names = {e: place[s] if e == s else e for e, s in planned.source.items() if s in place}
    needed = dict.fromkeys(s for e, s in planned.source.items() if s in place and e != s)
    return Cube(by=by, names=names, also="".join(f", {place[s]} AS {s}" for s in needed))


def sums(cluster: Cluster, asked: Sequence[Grouping]) -> list[str]:
    """All sums that the groupings of a cluster ask."""
    return list(dict.fromkeys(s for m in cluster.members for s in asked[m].sums))


def _ask(cluster: Cluster, asked: Sequence[Grouping], planned: Plan) -> Ask:
    """The cube of a cluster, and what rolls it up to each of its groupings."""
    made, totals = cube(cluster, planned), sums(cluster, asked)
    return Ask(
        by=made.by,
        figures=("count(*)", *(f"coalesce(sum({s}), 0)" for s in totals)),
        reads=tuple(_roll_up(asked[m], made, totals) for m in cluster.members),
        cells=cluster.cells,
    )


def _roll_up(one: Grouping, made: Cube, totals: Sequence[str]) -> Callable[[str], str]:
    """A grouping out of the cube of its cluster; where that has no other key, out of its cells as they are."""
    names = [made.names[k] for k in one.keys]
    where = f" WHERE {made.names[one.where]} = 1" if one.where is not None else ""
    whole = not made.also and len(made.by) == len(names)
    figures = ["f0", *(f"f{1 + totals.index(s)}" for s in one.sums)]
    shown = [f"{name} AS c{i}" for i, name in enumerate(names)]
    shown += [f"{f if whole and names else f'sum({f})'} AS s{i}" for i, f in enumerate(figures)]
    group = f" GROUP BY {', '.join(str(i + 1) for i in range(len(names)))}" if names and not whole else ""
    having = "" if names else " HAVING sum(f0) > 0"
    return lambda counts: (
        f"SELECT {', '.join(shown)} FROM {made.cells(counts)}{where}{group}{having} LIMIT {one.at_most + 1}"
    )


def wanted(one: Grouping) -> list[str]:
    """What a grouping tells rows apart by: its keys, and its condition."""
    return [*one.keys, *([one.where] if one.where is not None else [])]


def plan(
    asked: Sequence[Grouping], columns: Mapping[str, str], cost: Callable[[int, float], float] = cost_of_a_pass
) -> Work[Plan]:
    """How to count all these, by a look at the first rows. `columns` says which keys follow from one column, and which."""
    expressions = list(dict.fromkeys(e for one in asked for e in wanted(one)))
    seen: Seen = yield Look(of=tuple(dict.fromkeys([*expressions, *(columns[e] for e in expressions if e in columns)])))
    source = {e: e for e in expressions}
    source |= {
        e: c for e, c in columns.items() if e in source and seen.values[c] <= 2 * seen.values[e] and seen.knows(c)
    }
    too_many, follow = [], {}
    for place, one in enumerate(asked):
        # The look is rough: of 32 values DuckDB makes 40. Only far too many are left out unseen; counting shows the others.
        if one.where is None and max((seen.values[k] for k in one.keys), default=0) > 2 * one.at_most:
            too_many.append(place)
        else:
            follow[place] = frozenset(source[e] for e in wanted(one))
    sizes = {s: seen.in_all(s) for s in source.values()}
    return Plan(too_many=too_many, clusters=_clusters(follow, sizes, cost), source=source)


def _clusters(
    follow: Mapping[int, frozenset[str]], sizes: Mapping[str, int], cost: Callable[[int, float], float]
) -> list[Cluster]:
    """Put groupings together as long as that makes the whole cheaper: each with the cluster where it gains most."""
    kinds: dict[frozenset[str], tuple[int, ...]] = {}
    for place, by in follow.items():
        kinds[by] = (*kinds.get(by, ()), place)

    def together(members: tuple[int, ...], by: frozenset[str]) -> Cluster:
        cells = 1.0
        for source in by:
            cells = min(cells * max(sizes[source], 1), 1e12)
        return Cluster(members, by, cells)

    def price(one: Cluster) -> float:
        return cost(len(one.by), one.cells)

    found: list[Cluster] = []
    each = [together(members, by) for by, members in kinds.items()]
    for one in sorted(each, key=lambda c: -price(c)):  # the widest first: the others may fit in
        joined = [together(c.members + one.members, c.by | one.by) for c in found]
        gains = [(price(c) + price(one) - price(j), i) for i, (c, j) in enumerate(zip(found, joined, strict=True))]
        gain, best = max(gains, default=(0.0, -1))
        if gain > 0:
            found[best] = joined[best]
        else:
            found.append(one)
    return found
