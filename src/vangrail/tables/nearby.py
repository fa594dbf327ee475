"""Rows beside other rows of the same series, inside the engine: the value at another place, and what lies around a place.

The value at another place is joined: a window that looks at one place only was measured five times slower in DuckDB.
"""

# ruff: noqa: S608  expressions come from `expressions`, names by number

from collections.abc import Callable, Mapping, Sequence

from vangrail.model.framework import Text
from vangrail.model.needs import At, Over
from vangrail.model.vocabulary import ColumnType
from vangrail.tables.expressions import NUMERIC, Sql, Writer, columns_of

FURTHEST = 10**15
"""Places in a series beyond this are none, so that a step back or forth always fits."""
_ANY: Mapping[ColumnType | None, str] = {
    ColumnType.TEXT: "''",
    ColumnType.INTEGER: "0",
    ColumnType.NUMBER: "0",
    ColumnType.BOOLEAN: "FALSE",
    ColumnType.DATE: "DATE '2000-01-01'",
    ColumnType.DATETIME: "TIMESTAMP '2000-01-01 00:00:00'",
}

Words = Callable[[Mapping[str, Sql]], Writer]


def near(
    rows: str, given: Mapping[str, Sql], over: Sequence[Over | At], words: Words, *, what: Text
) -> tuple[str, Mapping[str, Sql]]:
    """The rows with what was found near each, and all columns by name. Windows that do not need each other share a step.

    rows, given     what to select from, and its columns
    words           columns -> the words of the engine for expressions over them
    """
    columns, relation, step = dict(given), rows, list[tuple[int, Over]]()
    for number, one in enumerate(over):
        if one.name in columns:
            raise ValueError(f"there is a column '{one.name}' already")
        if isinstance(one, At):
            relation, step = _windows(relation, step, words(columns)), []
            relation, found = _at(relation, rows, one, number, words, columns, given)
        else:
            used = set().union(*(columns_of(t, columns, where=what) for t in (one.sql, one.at, *one.series)))
            if used & {earlier.name for _, earlier in step}:
                relation, step = _windows(relation, step, words(columns)), []
            found = _kind(one, words(columns))
            step.append((number, one))
        columns[one.name] = Sql(text=f"o{number}", type=found.type, calculated=found.calculated)
    return _windows(relation, step, words(columns)), columns


def _kind(one: Over, words: Writer) -> Sql:
    """What the answer is like."""
    at, found = words.write(one.at), words.write(one.sql)
    if at.type is not ColumnType.INTEGER or found.type not in NUMERIC:
        raise ValueError(f"'{one.name}' needs a whole number as place and a number to look at")
    return Sql(text="", type=ColumnType.INTEGER) if one.take == "count" else found


def _place(text: str) -> str:
    return f"(CASE WHEN abs({text}) <= {FURTHEST} THEN {text} END)"


def _windows(relation: str, step: Sequence[tuple[int, Over]], words: Writer) -> str:
    """One step: first what the windows go by as columns of their own, each once, and then the windows."""
    if not step:
        return relation
    first: dict[str, str] = {}

    def column(text: str) -> str:
        return first.setdefault(text, f"x{step[0][0]}_{len(first)}")

    parts = []
    for number, one in step:
        place = column(_place(words.write(one.at).text))
        by = ", ".join(column(words.write(s).text) for s in one.series)
        # Rows without a place are kept out by hand: where nulls come in the order of places differs between engines.
        value = column(
            f"(CASE WHEN {_place(words.write(one.at).text)} IS NOT NULL THEN {words.write(one.sql).text} END)"
        )
        frame = f"{'PARTITION BY ' + by + ' ' if by else ''}ORDER BY {place}"
        frame += f" RANGE BETWEEN {_end(one.first)} AND {_end(one.last)}"
        parts.append(f"(CASE WHEN {place} IS NOT NULL THEN {one.take}({value}) OVER ({frame}) END) AS o{number}")
    inner = ", ".join(f"{text} AS {name}" for text, name in first.items())
    return f"(SELECT d.*, {', '.join(parts)} FROM (SELECT d.*, {inner} FROM {relation} AS d) AS d)"


def _end(offset: int | None) -> str:
    """Where nearby rows begin or end."""
    if offset is None:
        return "UNBOUNDED PRECEDING"
    return "CURRENT ROW" if offset == 0 else f"{abs(offset)} {'PRECEDING' if offset < 0 else 'FOLLOWING'}"


def _at(
    relation: str, rows: str, one: At, number: int, words: Words, columns: Mapping[str, Sql], given: Mapping[str, Sql]
) -> tuple[str, Sql]:
    """The rows beside what all rows at another place agree on."""
    here, there = words(columns), words(given)
    at, found, wanted = there.write(one.at), there.write(one.sql), here.write(one.place)
    if at.type is not ColumnType.INTEGER or wanted.type not in (ColumnType.INTEGER, None) or found.type not in NUMERIC:
        raise ValueError(f"'{one.name}' needs whole numbers as places and a number to look at")

    def keys(writer: Writer) -> list[str]:
        """Null is a series too, and equality that takes nulls together is no fast join in every engine."""
        series = [writer.write(s) for s in one.series]
        return [k for s in series for k in (f"coalesce({s.text}, {_any(s, writer)})", f"({s.text} IS NULL)")]

    mine = [_place(wanted.text), *keys(here)]
    theirs = [_place(at.text), *keys(there)]
    selected = ", ".join(f"{t} AS j{number}_{i}" for i, t in enumerate(mine))
    by = ", ".join(f"{t} AS y{i}" for i, t in enumerate(theirs))
    names = ", ".join(f"y{i}" for i in range(len(theirs)))
    agreed = "CASE WHEN min(v) = max(v) THEN max(v) END"
    other = (
        f"(SELECT {names}, {agreed} AS v FROM (SELECT {by}, {found.text} AS v FROM {rows} AS d) AS g GROUP BY {names})"
    )
    same = " AND ".join(f"d.j{number}_{i} = m.y{i}" for i in range(len(mine)))
    return (
        f"(SELECT d.*, m.v AS o{number} FROM (SELECT d.*, {selected} FROM {relation} AS d) AS d"
        f" LEFT JOIN {other} AS m ON {same})"
    ), found


def _any(series: Sql, writer: Writer) -> str:
    """Some value of this type; which one is all the same, since whether there was one is compared as well."""
    if series.type in (ColumnType.DATE, ColumnType.DATETIME):
        return writer.write(_ANY[series.type]).text
    return _ANY[series.type]
