"""Counts classes of rows that look alike, and how alike they are, where the table is held: only sizes of classes leave.

A log of a million rows can have a hundred thousand classes. Fetching one cell for each, to look for the smallest, took ten
times as long as letting the engine look, and 90 MiB (measured: 0.95 s against 0.09 s).
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from vangrail.model.needs import Cell, Classes, CountTable, Need, NeedAnswer
from vangrail.tables.engine import Ask, Row, Work
from vangrail.tables.expressions import Sql, Writer

FEW = 12
"""Up to so many sensitive values each gets a count of its own; with more, the windows over all cells are faster."""


def answers(words: Writer, needs: Sequence[Classes], columns: Mapping[str, Sql]) -> Work[dict[Need, NeedAnswer]]:
    """The kinds of classes for each need. `columns` are those that the needs name."""
    found: dict[Need, NeedAnswer] = {}
    by_columns: dict[tuple[str, ...], CountTable] = {}
    for need in sorted(needs, key=lambda n: n.sensitive is None):
        table = by_columns.get(need.columns)
        keys = words.told_apart([columns[c] for c in need.columns])
        if need.sensitive is not None:
            rows = yield from _alike(words, keys, columns[need.sensitive].text)
            cells = [Cell((int(size), int(kinds)), int(n), (float(a), float(b))) for size, kinds, n, a, b in rows]
            table = CountTable(("size", "different"), tuple(cells))
        elif table is not None:  # the classes were counted already, apart by what is sensitive
            table = CountTable(("size",), tuple(replace(c, sums=()) for c in table.by("size").cells))
        else:
            sizes = "SELECT f0 AS size, count(*) AS number FROM {} GROUP BY f0"
            ((rows,),) = yield [Ask(by=keys, figures=("count(*)",), reads=(sizes.format,), cells=math.inf)]
            table = CountTable(("size",), tuple(Cell((int(size),), int(n)) for size, n in rows))
        found[need] = by_columns[need.columns] = table
    return found


def _alike(words: Writer, keys: tuple[str, ...], sensitive: str) -> Work[list[Row]]:
    """The kinds of classes: size, different values, how many, largest and mean distance."""
    double, there = words.double, ", ".join(f"k{i}" for i in range(len(keys)))
    few = f"SELECT * FROM {{}} LIMIT {FEW + 1}"
    ((values,),) = yield [Ask(by=(sensitive,), figures=("count(*)",), reads=(few.format,))]
    figures = "size, different, count(*) AS number, max(distance) AS furthest, avg(distance) AS mean"
    if 0 < len(values) <= FEW:
        tests = [f"{sensitive} IS NULL" if v is None else f"{sensitive} = {words.value(v).text}" for v, _ in values]
        counts = [f"count(CASE WHEN {test} THEN 1 END)" for test in tests]
        some = [f"f{i + 1}" for i in range(len(values))]
        different = " + ".join(f"CASE WHEN {n} > 0 THEN 1 ELSE 0 END" for n in some)
        all_ = sum(n for _, n in values)
        apart = " + ".join(
            f"abs({n} / f0 - {words.value(rows / all_).text})" for n, (_, rows) in zip(some, values, strict=True)
        )
        distances = f"SELECT f0 AS size, {different} AS different, ({apart}) / 2 AS distance FROM {{}}"
        ask = Ask(
            by=keys,
            figures=(f"CAST(count(*) AS {double})", *counts),
            reads=(f"SELECT {figures} FROM ({distances}) AS c GROUP BY size, different".format,),
            cells=math.inf,
        )
    else:
        # Distance is half the sum of |n/size - share| over all values. A value that a class lacks adds its share; those add
        # up to what the values that it has leave over. So half of 1 + the sum of |n/size - share| - share over those it has.
        shares = (
            f"SELECT {there}, CAST(f0 AS {double}) AS n, CAST(sum(f0) OVER (PARTITION BY {there}) AS {double}) AS size,"
            f" CAST(sum(f0) OVER (PARTITION BY k{len(keys)}) AS {double}) / sum(f0) OVER () AS share FROM {{}}"
        )
        apart = "(1 + sum(abs(n / size - share) - share)) / 2"
        distances = (
            f"SELECT size, count(*) AS different, {apart} AS distance FROM ({shares}) AS c GROUP BY {there}, size"
        )
        ask = Ask(
            by=(*keys, sensitive),
            figures=("count(*)",),
            reads=(f"SELECT {figures} FROM ({distances}) AS c GROUP BY size, different".format,),
            cells=math.inf,
        )
    ((rows,),) = yield [ask]
    return cast("list[Row]", rows)
