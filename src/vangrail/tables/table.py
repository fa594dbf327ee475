"""One kind of table, whatever the source: it answers needs with totals, and says what it held."""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.needs import (
    At,
    Cell,
    Classes,
    Columns,
    Counts,
    CountTable,
    Extreme,
    Field,
    Fingerprint,
    Missing,
    Need,
    NeedAnswer,
    Over,
    Repeats,
    Rows,
    Sample,
    Scan,
    Unreadable,
    Value,
    Where,
)
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import classes, layout, nearby, scan
from vangrail.tables.engine import MOST_CELLS, Engine, Grouping, Row
from vangrail.tables.expressions import Sql, Writer, columns_of, unknown_column
from vangrail.tables.source import Source, locate

AT_ONCE = 400
"""Totals per statement: a wide table asks thousands, and no engine likes them all in one."""
PYTHON: Mapping[ColumnType | None, type] = {
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.NUMBER: float,
    ColumnType.BOOLEAN: bool,
    ColumnType.DATE: date,
    ColumnType.DATETIME: datetime,
}
SIMPLE = (Rows, Missing, Unreadable, Where, Extreme)
Simple = Rows | Missing | Unreadable | Where | Extreme


@contextmanager
def open_table(
    name: str,
    dataset: card.Dataset,
    *,
    folder: Path,
    environment: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
) -> "Iterator[Table]":
    """Open the table of a data set on a card, and close it afterwards.

    folder       the card's folder, from which paths are read
    environment  where connection strings are; os.environ, mostly
    progress     is told what takes long in opening it
    Raises       VangrailError for whatever a user can solve: no file, no access, no such table, no rows that can be read
    """
    source = locate(name, dataset, folder=folder, environment=environment)
    with _told_by_change(source.unchanged):
        engine = _engine(source, dataset, tell=progress)
    try:
        yield Table(engine, source, dataset)
    finally:
        engine.close()


@contextmanager
def _told_by_change(unchanged: Callable[[], None]) -> Iterator[None]:
    """What goes wrong with a source that changed meanwhile goes wrong by that: then this is what is said."""
    try:
        yield
    except (VangrailError, OSError):
        unchanged()
        raise


def _engine(source: Source, dataset: card.Dataset, *, tell: Callable[[str], None]) -> Engine:
    """The engine for this kind of source; its driver is only loaded here."""
    if dataset.count is not None and source.kind not in ("csv", "parquet", "duckdb"):
        raise VangrailError(
            both(
                nl=f"card.yaml: datasets.{source.name}.count: een databank telt hier niet voor meer gevallen per regel.",
                en=f"card.yaml: datasets.{source.name}.count: a database is not read with several cases per line.",
            ),
            do=both(
                nl="Maak er een view met één rij per geval, of bewaar de tabel als CSV.",
                en="Make a view of it with one row per case, or save the table as CSV.",
            ),
        )
    match source.kind:
        case "sqlite":
            from vangrail.tables.lite import SqliteEngine

            return SqliteEngine(source, dataset)
        case "postgres":
            from vangrail.tables.postgres import PostgresEngine

            return PostgresEngine(source, dataset)
        case "spark":
            from vangrail.tables.spark import SparkEngine

            return SparkEngine(source, dataset, tell=tell)
        case _:
            from vangrail.tables.duck import DuckEngine

            return DuckEngine(source, dataset)


class Table:
    """An open table."""

    def __init__(self, engine: Engine, source: Source, dataset: card.Dataset) -> None:
        self._engine, self._source, self._key = engine, source, dataset.key
        self._what = f"Data set '{source.name}'"
        found = engine.found
        self._layout = layout.build(found.given, found.rows, engine.writer, dataset, source, decimal=found.decimal)
        self._native = {g.name: g.native for g in found.given}
        self._ready = False
        self._written: dict[str, Sql] = {}

    @property
    def fields(self) -> tuple[Field, ...]:
        """The logical columns: those found, in their order, and then the derived ones."""
        return self._layout.fields

    @property
    def notes(self) -> tuple[Text, ...]:
        """What was assumed in order to read it."""
        return self._engine.found.notes

    def answer(
        self,
        needs: Iterable[Need],
        *,
        progress: Callable[[str], None] = lambda _: None,
        so_far: Callable[[Mapping[Need, NeedAnswer]], None] = lambda _: None,
    ) -> dict[Need, NeedAnswer]:
        """Answer all needs, in as few passes over the rows as the engine can.

        progress  is told the data set and how many of the needs are answered
        so_far    is given the answers that are there, each time that there are more
        Raises    VangrailError for a column that is not there, SQL that is not understood, counts of more than a million
                  combinations, and a source that changed or went away while it was read
        """
        asked = list(dict.fromkeys(needs))
        with self._of_one_state():
            answers = self._answers(asked, progress, so_far)
        return {n: answers[n] for n in asked}

    @contextmanager
    def _of_one_state(self) -> Iterator[None]:
        """VangrailError when the data are not the same before and after, also where that is why something failed."""
        self._engine.unchanged()
        with _told_by_change(self._engine.unchanged):
            yield
        self._engine.unchanged()

    def _answers(
        self,
        asked: Sequence[Need],
        progress: Callable[[str], None],
        so_far: Callable[[Mapping[Need, NeedAnswer]], None],
    ) -> dict[Need, NeedAnswer]:
        answers: dict[Need, NeedAnswer] = {}

        def tell() -> None:
            progress(f"{self._source.name}: {len(answers)}/{len(asked)}")
            so_far(answers)

        if not self._ready:
            self._layout, self._ready = self._engine.ready(self._layout), True
        for relation, weight, some in self._passes([n for n in asked if isinstance(n, SIMPLE)]):
            for start in range(0, len(some), AT_ONCE):
                answers |= self._totals(some[start : start + AT_ONCE], relation, weight)
                tell()
        answers |= self._counts([n for n in asked if isinstance(n, Counts)])
        tell()
        answers |= self._classes([n for n in asked if isinstance(n, Classes)])
        scans = [n for n in asked if isinstance(n, Scan)]
        for scanned in scans:
            self._column(scanned.column)
        answers |= scan.answers(self._engine, self._layout, scans, where=self._what)
        tell()
        for need in asked:
            if isinstance(need, Sample):
                batches = self._engine.stream(self._draw(need.columns, need.at_most, need.where))
                if batches is None:
                    answers[need] = None
                else:
                    answers[need] = need.totals(self._drawn(need.columns, [row for batch in batches for row in batch]))
                tell()
        for need in sorted((n for n in asked if isinstance(n, Repeats)), key=lambda n: len(n.columns)):
            # Rows that differ in a few columns differ in more columns.
            differ = any(
                isinstance(n, Repeats) and a == 0 and set(n.columns) <= set(need.columns) for n, a in answers.items()
            )
            answers[need] = 0 if differ else self._repeats(need)
            tell()
        return answers

    def rows(self, columns: Sequence[str], *, at_most: int, where: str | None = None) -> Columns:
        """Rows drawn at random to try a model of the card on: the only rows that ever leave a table.

        The same ones each time, whatever their order: those with the smallest digests.
        """
        with self._of_one_state():
            return self._drawn(columns, self._engine.run(self._draw(columns, at_most, where)))

    def _draw(self, columns: Sequence[str], at_most: int, where: str | None) -> str:
        """What selects the rows with the smallest digests, of the key or else of everything in the row.

        A digest of the columns asked would bring rows that are alike in those all together or not at all. Without a key
        even rows that are alike in everything get a number each, so that each has its own chance.
        """
        found = [self._column(c) for c in columns]
        words = self._engine.writer({}, where=self._what)
        condition = f" WHERE {self._condition(where)}" if where is not None else ""
        apart = self._key or [f.name for f in self.fields if f.given]
        text = " || '|' || ".join(f"coalesce({words.as_text(self._column(c).text)}, '')" for c in apart)
        named = ", ".join(f"{f.text} AS c{i}" for i, f in enumerate(found))
        shown = ", ".join(f"c{i}" for i in range(len(found)))
        number = "0" if self._key else "ROW_NUMBER() OVER (PARTITION BY t ORDER BY t)"
        return (
            f"SELECT {shown}, md5(t || '|' || {words.as_text('n')}) AS digest FROM (SELECT {shown}, t, {number} AS n FROM "
            f"(SELECT {named}, {text} AS t FROM {self._layout.relation} AS d{condition}) AS a) AS b "
            f"ORDER BY digest LIMIT {at_most}"
        )

    def _drawn(self, columns: Sequence[str], rows: Sequence[Row]) -> Columns:
        """The rows by column, without their digests."""
        by_column: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (len(columns) + 1)
        return {
            name: [value(raw, self._column(name).type) for raw in raws]
            for name, raws in zip(columns, by_column[:-1], strict=True)
        }

    def fingerprint(self) -> Fingerprint:
        """What the table holds now: all its given columns and rows, whatever `where` on the card says."""
        with self._of_one_state():
            algorithm, content, rows = self._engine.fingerprint()
            digest = self._source.bytes_sha256()
        return Fingerprint(algorithm=algorithm, content=content, rows=rows, bytes_sha256=digest)

    # --- totals ------------------------------------------------------------------------------------------------------

    def _passes(self, needs: list[Simple]) -> Iterator[tuple[str, str | None, list[Simple]]]:
        """Which needs to answer of which rows: those of one column of few texts by its values, the others by all rows."""
        by_column: dict[str | None, list[Simple]] = {}
        for need in needs:
            by_column.setdefault(self._only_column(need), []).append(need)
        rest = by_column.pop(None, [])
        texts = [c for c in by_column if c is not None]
        few = self._engine.few_values(self._layout, texts) if texts else set()
        for column, some in by_column.items():
            values = layout.per_value(self._layout, column) if column is not None and column in few else None
            if values is None:
                rest += some
            else:
                yield values, "n", some
        if rest:
            yield self._layout.relation, None, rest

    def _only_column(self, need: Simple) -> str | None:
        """The one column of text that a need looks at, if that is so."""
        match need:
            case Missing(column) | Unreadable(column) | Extreme(column, _):
                names = {column}
            case Where(sql):
                names = columns_of(sql, self._layout.columns, where=self._what)
            case _:
                return None
        name = names.pop() if len(names) == 1 else None
        return name if name is not None and self._native.get(name) is ColumnType.TEXT else None

    def _totals(self, needs: list[Simple], relation: str, weight: str | None) -> dict[Need, NeedAnswer]:
        """One statement for many totals. `weight` is the number of rows that each row of the relation stands for."""
        parts: list[str] = []
        places: dict[str, int] = {}

        def place(text: str) -> int:
            if text not in places:
                places[text] = len(parts)
                parts.append(text)
            return places[text]

        def count(text: str | None) -> int:
            if weight is None:
                return place(f"count({text or '*'})")
            return place(
                f"coalesce(sum(CASE WHEN {text} IS NOT NULL THEN {weight} END), 0)" if text else f"sum({weight})"
            )

        readers: list[Callable[[Row], NeedAnswer]] = []
        for need in needs:
            match need:
                case Rows():
                    readers.append(_whole(count(None)))
                case Missing(column):
                    readers.append(_less(count(None), count(self._present(column))))
                case Unreadable(column):
                    there, read = self._present(column), self._column(column).text
                    readers.append(_less(count(there), count(read)))
                case Where(sql):
                    readers.append(_whole(count(f"(CASE WHEN {self._condition(sql)} THEN 1 END)")))
                case Extreme(column, which):
                    found = self._column(column)
                    words = self._engine.writer({}, where=self._what)
                    readers.append(_value(place(words.extreme(which, found)), found.type))
        row = self._engine.run(f"SELECT {', '.join(parts)} FROM {relation} AS d")[0]
        return {need: read(row) for need, read in zip(needs, readers, strict=True)}

    def _classes(self, needs: list[Classes]) -> dict[Need, NeedAnswer]:
        """How rows divide over classes."""
        columns = {c: self._column(c) for n in needs for c in (*n.columns, n.sensitive) if c is not None}
        words = self._engine.writer({}, where=self._what)
        return classes.answers(self._engine.run, words, self._layout.relation, needs, columns)

    def _repeats(self, need: Repeats) -> int:
        if not need.columns:
            raise ValueError("name at least one column")
        found = [self._column(c) for c in need.columns]
        whole = [f.text for f in found if f.type is ColumnType.INTEGER]
        return self._engine.repeats(self._layout.relation, [f.text for f in found], whole)

    # --- counts ------------------------------------------------------------------------------------------------------

    def _counts(self, needs: list[Counts]) -> dict[Need, NeedAnswer]:
        """All tables of counts together; those that look at nearby rows together with those that look at the same ones."""
        answers: dict[Need, NeedAnswer] = {}
        for over in dict.fromkeys(n.over for n in needs):
            answers |= self._counts_over(over, [n for n in needs if n.over == over])
        return answers

    def _counts_over(self, over: tuple[Over | At, ...], needs: list[Counts]) -> dict[Need, NeedAnswer]:
        """Tables of counts of the same rows with the same nearby rows."""
        relation, columns = self._layout.relation, self._layout.columns
        if over:
            relation, columns = nearby.near(
                relation, columns, over, lambda known: self._engine.writer(known, where=self._what), what=self._what
            )
        words = self._engine.writer(columns, where=self._what)
        keys: dict[str, int] = {}
        conditions: dict[str, int] = {}
        sums: dict[str, int] = {}
        kinds: list[list[ColumnType | None]] = []
        asked = []
        for need in needs:
            if len({k.name for k in need.by}) != len(need.by):
                raise ValueError("two keys have the same name")
            written = [self._sql(k.sql, words) for k in need.by]
            kinds.append([w.type for w in written])
            totals = [self._number(s.sql, words) for s in need.sums]
            where = f"(CASE WHEN {self._condition(need.where, words)} THEN 1 END)" if need.where is not None else None
            asked.append(
                Grouping(
                    keys=tuple(keys.setdefault(w.text, len(keys)) for w in written),
                    where=conditions.setdefault(where, len(conditions)) if where is not None else None,
                    sums=tuple(sums.setdefault(t, len(sums)) for t in totals),
                    at_most=MOST_CELLS if need.at_most is None else need.at_most,
                )
            )
        found = self._engine.groups(relation, list(keys), list(conditions), list(sums), asked)
        answers: dict[Need, NeedAnswer] = {}
        for need, rows, types in zip(needs, found, kinds, strict=True):
            if need.at_most is not None and len(rows) > need.at_most:
                answers[need] = None
                continue
            if len(rows) > MOST_CELLS:
                names = ", ".join(f"'{k.name}'" for k in need.by)
                raise VangrailError(
                    f"{self._what}: counting by {names} gives more than {MOST_CELLS} combinations.",
                    why="That is no total any more: nearly every row has a combination of its own.",
                    do="Use a column with fewer values, or divide it into classes with 'bins'.",
                )
            answers[need] = CountTable(keys=tuple(k.name for k in need.by), cells=_cells(rows, types))
        return answers

    # --- SQL ---------------------------------------------------------------------------------------------------------

    def _writer(self) -> Writer:
        return self._engine.writer(self._layout.columns, where=self._what)

    def _sql(self, text: str, words: Writer | None = None) -> Sql:
        """An expression in the engine's words; `words` where there are more columns than those of the layout."""
        if words is not None and len(words.columns) > len(self._layout.columns):
            return words.write(text)
        if text not in self._written:
            self._written[text] = self._writer().write(text)
        return self._written[text]

    def _condition(self, text: str, words: Writer | None = None) -> str:
        found = self._sql(text, words)
        if found.type not in (ColumnType.BOOLEAN, None):
            raise VangrailError(f"{self._what}: this gives {found.type} where true or false is needed: {text}")
        return found.text if found.type is not None else "(1 = 0)"

    def _number(self, text: str, words: Writer) -> str:
        found = words.write(text)
        if found.type is None:
            found = words.cast(found, ColumnType.NUMBER)
        if found.type not in (ColumnType.INTEGER, ColumnType.NUMBER):
            raise VangrailError(f"{self._what}: this gives {found.type} where a number is needed: {text}")
        return words.real(found)

    def _column(self, name: str) -> Sql:
        if name not in self._layout.columns:
            raise unknown_column(name, self._layout.columns, where=self._what)
        return self._layout.columns[name]

    def _present(self, name: str) -> str:
        self._column(name)
        return self._layout.present[name]


def _whole(place: int) -> Callable[[Row], NeedAnswer]:
    return lambda row: int(row[place] or 0)


def _less(all_: int, some: int) -> Callable[[Row], NeedAnswer]:
    return lambda row: int(row[all_] or 0) - int(row[some] or 0)


def _value(place: int, kind: ColumnType | None) -> Callable[[Row], NeedAnswer]:
    return lambda row: value(row[place], kind)


def value(raw: Any, kind: ColumnType | None) -> Value:
    """What an engine gave, as the one Python type that goes with the column's type."""
    if raw is None:
        return None
    match kind:
        case ColumnType.INTEGER:
            return int(raw)
        case ColumnType.NUMBER:
            number = float(raw)
            return number if math.isfinite(number) else None
        case ColumnType.BOOLEAN:
            return bool(raw)
        case ColumnType.DATE:
            return date.fromisoformat(raw) if isinstance(raw, str) else raw if type(raw) is date else raw.date()
        case ColumnType.DATETIME:
            return datetime.fromisoformat(raw) if isinstance(raw, str) else raw
        case _:
            return str(raw)


def _cells(rows: list[Row], kinds: list[ColumnType | None]) -> tuple[Cell, ...]:
    """The cells of a table of counts. By column, since most engines give most columns in the right type already."""
    if not rows:
        return ()
    columns: list[Any] = list(zip(*rows, strict=True))
    width = len(kinds)
    for place, kind in enumerate(kinds):
        if set(map(type, columns[place])) - {type(None), PYTHON.get(kind)}:
            columns[place] = [value(raw, kind) for raw in columns[place]]
    keys = zip(*columns[:width], strict=True) if width else [()] * len(rows)
    sums = (
        zip(*([float(s) for s in c] for c in columns[width + 1 :]), strict=True)
        if columns[width + 1 :]
        else [()] * len(rows)
    )
    return tuple(map(Cell, keys, map(int, columns[width]), sums))
