"""Counts classes of rows that look alike, and how alike they are, where the table is held: only sizes of classes leave.

A log of a million rows can have a hundred thousand classes. Fetching one cell for each, to look for the smallest, took ten
times as long as letting the engine look, and 90 MiB (measured: 0.95 s against 0.09 s).
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from vangrail.model.needs import Cell, Classes, CountTable, Need, NeedAnswer
from vangrail.tables.engine import Row
from vangrail.tables.expressions import Sql, Writer

FEW = 12
"""Up to so many sensitive values each gets a count of its own; with more, the windows over all cells are faster."""


def answers(
    run: Callable[[str], list[Row]], words: Writer, relation: str, needs: Sequence[Classes], columns: Mapping[str, Sql]
) -> dict[Need, NeedAnswer]:
    """The kinds of classes for each need. `columns` are those that the needs name."""
    found: dict[Need, NeedAnswer] = {}
    by_columns: dict[tuple[str, ...], CountTable] = {}
    for need in sorted(needs, key=lambda n: n.sensitive is None):
        table = by_columns.get(need.columns)
        keys = [columns[c] for c in need.columns]
        if need.sensitive is not None:
            rows = run(_alike(run, words, relation, keys, columns[need.sensitive]))
            cells = [Cell((int(size), int(kinds)), int(n), (float(a), float(b))) for size, kinds, n, a, b in rows]
            table = CountTable(("size", "different"), tuple(cells))
        elif table is not None:  # the classes were counted already, apart by what is sensitive
            table = CountTable(("size",), tuple(replace(c, sums=()) for c in table.by("size").cells))
        else:
            sizes = f"SELECT count(*) AS size FROM {_rows(relation, keys)} GROUP BY {_names(keys)}"
            rows = run(f"SELECT size, count(*) FROM ({sizes}) AS c GROUP BY size")
            table = CountTable(("size",), tuple(Cell((int(size),), int(n)) for size, n in rows))
        found[need] = by_columns[need.columns] = table
    return found


def _rows(relation: str, keys: Sequence[Sql], *also: str) -> str:
    return (
        f"(SELECT {', '.join([*(f'{k.text} AS k{i}' for i, k in enumerate(keys)), *also])} FROM {relation} AS d) AS r"
    )


def _names(keys: Sequence[Sql]) -> str:
    return ", ".join(f"k{i}" for i in range(len(keys)))


def _alike(run: Callable[[str], list[Row]], words: Writer, relation: str, keys: Sequence[Sql], sensitive: Sql) -> str:
    """What selects the kinds of classes: size, different values, how many, largest and mean distance."""
    rows, by, double = _rows(relation, keys, f"{sensitive.text} AS s"), _names(keys), words.double
    values = run(f"SELECT s, count(*) FROM {rows} GROUP BY s LIMIT {FEW + 1}")
    if 0 < len(values) <= FEW:
        tests = ["s IS NULL" if v is None else f"s = {words.value(v).text}" for v, _ in values]
        counts = ", ".join(f"count(CASE WHEN {test} THEN 1 END) AS n{i}" for i, test in enumerate(tests))
        classes = f"SELECT CAST(count(*) AS {double}) AS size, {counts} FROM {rows} GROUP BY {by}"
        there = " + ".join(f"CASE WHEN n{i} > 0 THEN 1 ELSE 0 END" for i in range(len(values)))
        all_ = sum(n for _, n in values)
        apart = " + ".join(f"abs(n{i} / size - {words.value(n / all_).text})" for i, (_, n) in enumerate(values))
        distances = f"SELECT size, {there} AS different, ({apart}) / 2 AS distance FROM ({classes}) AS c"
    else:
        # Distance is half the sum of |n/size - share| over all values. A value that a class lacks adds its share; those add
        # up to what the values that it has leave over. So half of 1 + the sum of |n/size - share| - share over those it has.
        cells = f"SELECT {by}, s, count(*) AS n FROM {rows} GROUP BY {by}, s"
        shares = (
            f"SELECT {by}, CAST(n AS {double}) AS n, CAST(sum(n) OVER (PARTITION BY {by}) AS {double}) AS size,"
            f" CAST(sum(n) OVER (PARTITION BY s) AS {double}) / sum(n) OVER () AS share FROM ({cells}) AS c"
        )
        apart = "(1 + sum(abs(n / size - share) - share)) / 2"
        distances = f"SELECT size, count(*) AS different, {apart} AS distance FROM ({shares}) AS c GROUP BY {by}, size"
    figures = "size, different, count(*), max(distance), avg(distance)"
    return f"SELECT {figures} FROM ({distances}) AS c GROUP BY size, different"
