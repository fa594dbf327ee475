"""What `tables` asks of an engine, and what every engine words in its own way."""

# ruff: noqa: S608  expressions come from `expressions`, names by number

import json
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.tables.expressions import Sql, Writer
from vangrail.tables.layout import Given, Layout
from vangrail.tables.wording import said

Row = tuple[Any, ...]
FIRST_ROWS, LOOKS_AT_ONCE = 20_000, 100
"""How many rows a look takes, and how many expressions of them in one statement."""
MOST_CELLS = 1_000_000
"""A table of counts with more cells is no total any more but nearly the rows themselves."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Asks about how many different values each expression has among the first rows. Answer: Seen."""

    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How many rows were looked at, and about how many values each expression has in those."""

    rows: int
    values: Mapping[str, int]

    def few(self, expression: str) -> bool:
        """Whether an expression has so few values that counting those first is a gain."""
        return self.values[expression] * 10 < self.rows

    def knows(self, expression: str) -> bool:
        """Whether there are hardly more values in all rows than were seen."""
        return self.rows < FIRST_ROWS or self.values[expression] * 4 < self.rows

    def in_all(self, expression: str) -> int:
        """A guess at how many values there are in all rows.

        One with almost as many values as rows looked at has far more in all. One with a single value mostly has others
        further on, for rows lie in the order of time: the month, or the period.
        """
        n = self.values[expression]
        if self.rows < FIRST_ROWS:
            return n
        return 12 if n == 1 else max(n, 1) if self.knows(expression) else n * 1000


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Asks for totals of all rows, and for what is read out of these. Answer: the rows of each of the `reads`.

    by       what the rows are put together by: expressions that are called k0, k1, ... in the table of totals
    figures  totals of each combination: f0, f1, ...
    reads    each gives, for the name of the table of totals, a statement that reads it
    cells    about how many combinations are counted at a time
    """

    by: tuple[str, ...]
    figures: tuple[str, ...]
    reads: tuple[Callable[[str], str], ...]
    cells: float = 1

    def totals(self, rows: str, names: Mapping[str, str] | None = None) -> str:
        """The statement that makes the table of totals. `names` are those of expressions that the rows have ready."""
        by = [(names or {}).get(expression, expression) for expression in self.by]
        parts = [f"{expression} AS k{i}" for i, expression in enumerate(by)]
        parts += [f"{figure} AS f{i}" for i, figure in enumerate(self.figures)]
        group = f" GROUP BY {', '.join(str(i + 1) for i in range(len(by)))}" if by else ""
        return f"SELECT {', '.join(parts)} FROM {rows}{group}"


def batches(
    asks: Sequence[Ask], *, cells_each: float, cells_together: float, parts_together: int
) -> Iterator[list[int]]:
    """The places of those whose totals can be made in a pass that others share, a pass at a time.

    One that is alone and read once needs none of it, and large totals may need all memory there is. Parts are expressions.
    """
    batch: list[int] = []
    cells = parts = 0.0
    for place, ask in enumerate(asks):
        if ask.cells > cells_each:
            continue
        more = len(ask.by) + len(ask.figures)
        if batch and (cells + ask.cells > cells_together or parts + more > parts_together):
            yield batch
            batch, cells, parts = [], 0.0, 0.0
        batch, cells, parts = [*batch, place], cells + ask.cells, parts + more
    if sum(len(asks[place].reads) for place in batch) > 1:
        yield batch


T = TypeVar("T")
Work = Generator[Look | Sequence[Ask], Any, T]
"""Finds something out in steps: each step asks, and is answered before the next."""


class NotSo(Exception):
    """What was taken for granted about the rows does not hold."""


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Rows to be counted per combination of keys; all parts are expressions. Only rows whose `where` is 1 count."""

    keys: tuple[str, ...]
    where: str | None
    sums: tuple[str, ...]
    at_most: int = MOST_CELLS
    """More combinations than this are not wanted; an engine that sees it coming may leave them out."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an engine found when it opened a source."""

    given: tuple[Given, ...]
    rows: str
    """What to select the raw columns from."""
    decimal: str = "."
    notes: tuple[Text, ...] = ()


class Engine(Protocol):
    """An open source. Every method raises VangrailError for what a user can solve, without values of rows."""

    @property
    def found(self) -> Found:
        """The columns, and how to read them."""
        ...

    @property
    def writer(self) -> type[Writer]:
        """Writes expressions in this engine's words."""
        ...

    @property
    def one_pass(self) -> bool:
        """Whether what is asked together is answered in one pass, and that is a gain. Then counting values first is one too."""
        ...

    def ready(self, layout: Layout) -> Layout:
        """The layout to measure on: the same, or one of which the steps were taken once and for all."""
        ...

    def hopeful(self, layout: Layout) -> tuple[Layout, Work[None]] | None:
        """A layout without tests that hardly any table needs, and the work that raises NotSo where one does need them."""
        ...

    def run(self, statement: str) -> list[Row]:
        """The result of a statement that gives totals."""
        ...

    def look(self, relation: str, expressions: Sequence[str]) -> Seen:
        """About how many values the expressions have among the first rows."""
        ...

    def ask(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """The answers to all these, in as few passes as the engine can: per ask, the rows of each of its `reads`."""
        ...

    @property
    def stream(self) -> Callable[[str], Iterator[Sequence[Row]]] | None:
        """Gives the rows of a statement in batches, within this process; None where rows stay with the server."""
        ...

    def contains(self, text: str, pattern: str) -> str:
        """Whether a regular expression is found in a text; true, where finding out would cost more than it spares."""
        ...

    def groups(self, asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
        """For each grouping asked: rows of (key values..., number of rows, sums...), at most one more than it wants.

        columns     for keys that follow from one column of the relation: which
        """
        ...

    def repeats(self, relation: str, sets: Sequence[Sequence[Sql]]) -> Work[list[int]]:
        """Rows beyond the first of each combination, for each of these sets of columns; each holds the set before it."""
        ...

    def fingerprint(self) -> tuple[str, str, int]:
        """The algorithm, the content, and the number of rows."""
        ...

    def unchanged(self) -> None:
        """VangrailError when the data are no longer those that were opened, as far as the source can tell."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


def beyond_first(columns: Sequence[str]) -> Work[int]:
    """Rows beyond the first of each combination, by grouping; an engine keeps the groups on disk when they are many."""
    read = "SELECT coalesce(sum(f0), 0) - count(*) FROM {}"
    ((((number,),),),) = yield [Ask(by=tuple(columns), figures=("count(*)",), reads=(read.format,), cells=math.inf)]
    return int(number)


def one_by_one(sets: Sequence[Sequence[Sql]], repeats: Callable[[Sequence[Sql]], Work[int]]) -> Work[list[int]]:
    """What repeats in each of these sets, where each holds the one before: rows that differ in few columns differ in more."""
    found: list[int] = []
    for columns in sets:
        found.append((yield from repeats(columns)) if not found or found[-1] else 0)
    return found


def apart(run: Callable[[str], list[Row]], relation: str, ask: Ask) -> list[list[Row]]:
    """The answer to one ask by statements of its own, one for each of its `reads`."""
    return [run(read(f"({ask.totals(f'{relation} AS d')}) AS t")) for read in ask.reads]


def kept(run: Callable[[str], list[Row]], relation: str, ask: Ask) -> list[list[Row]]:
    """The same where temporary tables can be made: totals that are read more than once are counted once, and kept meanwhile."""
    if len(ask.reads) == 1:
        return apart(run, relation, ask)
    run("DROP TABLE IF EXISTS temp.totals")
    run(f"CREATE TEMP TABLE totals AS {ask.totals(f'{relation} AS d')}")
    answers = [run(read("temp.totals AS t")) for read in ask.reads]
    run("DROP TABLE temp.totals")
    return answers


def look(
    run: Callable[[str], list[Row]], relation: str, expressions: Sequence[str], *, distinct: str = "count(DISTINCT {})"
) -> Seen:
    """A look by as few statements as there can be; no engine likes thousands of expressions in one.

    distinct    how to count different values, roughly
    """
    rows, values = 0, dict[str, int]()
    for start in range(0, len(expressions), LOOKS_AT_ONCE):
        some = expressions[start : start + LOOKS_AT_ONCE]
        parts = ", ".join(f"{expression} AS k{i}" for i, expression in enumerate(some))
        counts = ", ".join(distinct.format(f"k{i}") for i in range(len(some)))
        first = f"(SELECT {parts} FROM {relation} AS d LIMIT {FIRST_ROWS}) AS l"
        rows, *found = (int(n) for n in run(f"SELECT count(*), {counts} FROM {first}")[0])
        values |= dict(zip(some, found, strict=True))
    return Seen(rows=rows, values=values)


def content(found: Found, *figures: int) -> str:
    """One digest over the names of the columns and the figures that were computed of the rows."""
    import hashlib

    names = sorted(g.name for g in found.given)
    return hashlib.sha256(json.dumps([names, [str(f) for f in figures]], ensure_ascii=False).encode()).hexdigest()


def in_name_order(found: Found) -> list[Given]:
    """The columns in an order that does not depend on where they stand in the file."""
    return sorted(found.given, key=lambda g: g.name)


def choose_table(what: Text, wanted: str | None, tables: Sequence[tuple[str, str]], *, default: str) -> tuple[str, str]:
    """The schema and name of the table to read; VangrailError that lists them when it is not clear which."""
    shown = ", ".join(f"'{t if s == default else f'{s}.{t}'}'" for s, t in tables[:20]) + (
        " ..." if len(tables) > 20 else ""
    )
    if not tables:
        raise VangrailError(said(what, nl=": in de databank staat geen tabel.", en=": the database holds no table."))
    if wanted is None:
        if len(tables) == 1:
            return tables[0]
        raise VangrailError(
            said(
                what,
                nl=f": in de databank staan {len(tables)} tabellen.",
                en=f": the database holds {len(tables)} tables.",
            ),
            do=both(nl=f"Schrijf 'table:' met een van: {shown}.", en=f"Write 'table:' with one of: {shown}."),
        )
    exact = [(s, t) for s, t in tables if wanted in (t if s == default else None, f"{s}.{t}")]
    if not exact:
        exact = [(s, t) for s, t in tables if wanted == t]
    if len(exact) != 1:
        raise VangrailError(
            said(what, nl=f": er is geen tabel '{wanted}'.", en=f": there is no table '{wanted}'."),
            do=both(nl=f"De tabellen zijn: {shown}.", en=f"The tables are: {shown}."),
        )
    return exact[0]
