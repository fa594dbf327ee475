"""One kind of table, whatever the source: it answers needs with totals, and says what it held."""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

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
from vangrail.tables import classes, layout, nearby, passes, scan
from vangrail.tables.engine import MOST_CELLS, Ask, Engine, Grouping, Look, NotSo, Row, Work
from vangrail.tables.expressions import Sql, Writer, unknown_column
from vangrail.tables.source import Source, locate
from vangrail.tables.wording import data_set, said

T = TypeVar("T")
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
        self._what = data_set(source.name)
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

        def tell(more: Mapping[Need, NeedAnswer]) -> None:
            answers.update(more)
            progress(f"{self._source.name}: {len(answers)}/{len(asked)}")
            so_far(answers)

        self._of_all_rows(asked, tell)
        for over in dict.fromkeys(n.over for n in asked if isinstance(n, Counts) and n.over):
            tell(self._counts_nearby(over, [n for n in asked if isinstance(n, Counts) and n.over == over]))
        scans = [n for n in asked if isinstance(n, Scan) and n not in answers]
        tell(scan.answers(self._engine, self._layout, scans, where=self._what))
        for need in asked:
            if isinstance(need, Sample):
                if (stream := self._engine.stream) is None:
                    tell({need: None})
                    continue
                rows = [row for batch in stream(self._draw(need.columns, need.at_most, need.where)) for row in batch]
                tell({need: need.totals(self._drawn(need.columns, rows))})
        return answers

    def _of_all_rows(self, asked: Sequence[Need], tell: Callable[[Mapping[Need, NeedAnswer]], None]) -> None:
        """What is counted of the rows as they are, in as few passes as there can be."""
        if not self._ready:
            self._layout, self._ready = self._engine.ready(self._layout), True
            hope = self._engine.hopeful(self._layout)
            if hope is not None and self._of_all_rows_in_hope(*hope, asked, tell):
                return
        passes.run(self._engine, self._layout.relation, self._works(asked), tell)

    def _of_all_rows_in_hope(
        self,
        hoped: layout.Layout,
        look: Work[None],
        asked: Sequence[Need],
        tell: Callable[[Mapping[Need, NeedAnswer]], None],
    ) -> bool:
        """Count by a layout that may be wrong, and see in the same pass whether it is right. False when it is not, or when
        rows are left out, of which nothing is known before all rows were seen."""

        def proof() -> Work[dict[Need, NeedAnswer]]:
            yield from look
            self._layout = hoped
            return {}

        works = self._works(asked) if hoped.where is None else []
        try:
            passes.run(self._engine, replace(hoped, where=None).relation, [proof(), *works], tell)
        except NotSo:
            return False
        except VangrailError:
            if self._layout is hoped:
                raise
            return False  # by a value that the tests would have kept out, perhaps
        return hoped.where is None

    def _works(self, asked: Sequence[Need]) -> list[Work[dict[Need, NeedAnswer]]]:
        """Per kind of need what finds the answers out."""

        def some(kind: type[T]) -> list[T]:
            return [n for n in asked if isinstance(n, kind)]

        scans = some(Scan)
        for scanned in scans:
            self._column(scanned.column)
        return [
            self._totals([n for n in asked if isinstance(n, SIMPLE)]),
            self._counts([n for n in some(Counts) if not n.over]),
            self._classes(some(Classes)),
            scan.in_passing(self._engine, self._layout, scans, where=self._what),
            self._repeats(some(Repeats)),
        ]

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
        words = self._words({})
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

    def _totals(self, needs: Sequence[Simple]) -> Work[dict[Need, NeedAnswer]]:
        """Those of one column of few texts by its values, the others by all rows."""
        by_column: dict[str | None, list[Simple]] = {}
        for need in needs:
            by_column.setdefault(self._only_column(need), []).append(need)
        rest = by_column.pop(None, [])
        per_value = {c: layout.per_value(self._layout, c) for c in by_column if c is not None}
        looks = tuple(dict.fromkeys(e for by, _ in filter(None, per_value.values()) for e in by))
        seen = (yield Look(of=looks)) if looks and self._engine.one_pass else None
        asks, all_totals = [], []
        for column, values in per_value.items():
            if seen is None or values is None or not all(map(seen.few, values[0])):
                rest += by_column[column]
                continue
            by, relation = values
            totals = self._totals_of(by_column[column], weight="n")
            asks.append(Ask(by=by, figures=("count(*)",), reads=(totals.read_of(relation),)))
            all_totals.append(totals)
        for start in range(0, len(rest), AT_ONCE):
            totals = self._totals_of(rest[start : start + AT_ONCE])
            asks.append(Ask(by=(), figures=tuple(totals.parts), reads=("SELECT * FROM {}".format,)))
            all_totals.append(totals)
        if not asks:
            return {}
        found = yield asks
        return {
            n: a for totals, ((row,),) in zip(all_totals, found, strict=True) for n, a in totals.answers(row).items()
        }

    def _totals_of(self, needs: Sequence[Simple], *, weight: str | None = None) -> "_Totals":
        """The totals that these needs take, and how to read them."""
        totals = _Totals(weight=weight)
        for need in needs:
            match need:
                case Rows():
                    reader = _whole(totals.count(None))
                case Missing(column):
                    reader = _less(totals.count(None), totals.count(self._present(column)))
                case Unreadable(column):
                    there, read = self._present(column), self._column(column).text
                    reader = _less(totals.count(there), totals.count(read))
                case Where(sql):
                    reader = _whole(totals.count(f"(CASE WHEN {self._condition(sql)} THEN 1 END)"))
                case Extreme(column, which):
                    found = self._column(column)
                    reader = _value(totals.place(self._words({}).extreme(which, found)), found.type)
            totals.readers[need] = reader
        return totals

    def _only_column(self, need: Simple) -> str | None:
        """The one column of text that a need looks at, if that is so."""
        match need:
            case Missing(column) | Unreadable(column) | Extreme(column, _):
                names = {column}
            case Where(sql):
                names = set(self._sql(sql).columns)
            case _:
                return None
        name = names.pop() if len(names) == 1 else None
        return name if name is not None and self._native.get(name) is ColumnType.TEXT else None

    def _classes(self, needs: Sequence[Classes]) -> Work[dict[Need, NeedAnswer]]:
        """How rows divide over classes."""
        columns = {c: self._column(c) for n in needs for c in (*n.columns, n.sensitive) if c is not None}
        return classes.answers(self._words({}), needs, columns)

    def _repeats(self, needs: Sequence[Repeats]) -> Work[dict[Need, NeedAnswer]]:
        """How many rows repeat others. Sets of columns of which each holds the one before go together, the smallest first."""
        chains: list[list[tuple[str, ...]]] = []
        for need in sorted(needs, key=lambda n: len(n.columns)):
            if not need.columns:
                raise ValueError("name at least one column")
            chain = next((c for c in chains if set(c[-1]) <= set(need.columns)), None)
            if chain is None:
                chains.append([need.columns])
            else:
                chain.append(need.columns)
        known: dict[tuple[str, ...], int] = {}
        for chain in chains:
            sets = [[self._column(c) for c in columns] for columns in chain]
            found = yield from self._engine.repeats(self._layout.relation, sets)
            known |= zip(chain, found, strict=True)
        return {n: known[n.columns] for n in needs}

    # --- counts ------------------------------------------------------------------------------------------------------

    def _counts_nearby(self, over: tuple[Over | At, ...], needs: Sequence[Counts]) -> dict[Need, NeedAnswer]:
        """Tables of counts of rows that look at the same nearby rows."""
        relation, columns = nearby.near(self._layout.relation, self._layout.columns, over, self._words, what=self._what)
        return passes.one(self._engine, relation, self._counts(needs, columns))

    def _words(self, columns: Mapping[str, Sql]) -> Writer:
        return self._engine.writer(columns, where=self._what)

    def _counts(
        self, needs: Sequence[Counts], columns: Mapping[str, Sql] | None = None
    ) -> Work[dict[Need, NeedAnswer]]:
        """All tables of counts of the same rows; `columns` where there are more of those than the layout has."""
        if not needs:
            return {}
        words = self._words(columns or self._layout.columns)
        kinds: list[list[ColumnType | None]] = []
        asked, alone = [], dict[str, str]()
        for need in needs:
            if len({k.name for k in need.by}) != len(need.by):
                raise ValueError("two keys have the same name")
            written = [self._sql(k.sql, words) for k in need.by]
            kinds.append([w.type for w in written])
            where = None
            if need.where is not None:
                where = f"(CASE WHEN {self._condition(need.where, words)} THEN 1 END)"
            asked.append(
                Grouping(
                    keys=tuple(w.text for w in written),
                    where=where,
                    sums=tuple(self._number(s.sql, words) for s in need.sums),
                    at_most=MOST_CELLS if need.at_most is None else need.at_most,
                )
            )
            alone |= {w.text: column for w in written if (column := self._follows_from(w)) is not None}
            if need.where is not None and where is not None:
                column = self._follows_from(self._sql(need.where, words))
                alone |= {where: column} if column is not None else {}
        found = yield from self._engine.groups(asked, alone)
        answers: dict[Need, NeedAnswer] = {}
        for need, rows, types in zip(needs, found, kinds, strict=True):
            if need.at_most is not None and len(rows) > need.at_most:
                answers[need] = None
                continue
            if len(rows) > MOST_CELLS:
                names = ", ".join(f"'{k.name}'" for k in need.by)
                raise VangrailError(
                    said(
                        self._what,
                        nl=f": tellen per {names} geeft meer dan {MOST_CELLS} combinaties.",
                        en=f": counting by {names} gives more than {MOST_CELLS} combinations.",
                    ),
                    why=both(
                        nl="Dat is geen totaal meer: bijna elke rij heeft een eigen combinatie.",
                        en="That is no total any more: nearly every row has a combination of its own.",
                    ),
                    do=both(
                        nl="Gebruik een kolom met minder waarden, of verdeel ze in klassen met 'bins'.",
                        en="Use a column with fewer values, or divide it into classes with 'bins'.",
                    ),
                )
            answers[need] = CountTable(keys=tuple(k.name for k in need.by), cells=_cells(rows, types))
        return answers

    # --- SQL ---------------------------------------------------------------------------------------------------------

    def _sql(self, text: str, words: Writer | None = None) -> Sql:
        """An expression in the engine's words; `words` where there are more columns than those of the layout."""
        if words is not None and len(words.columns) > len(self._layout.columns):
            return words.write(text)
        if text not in self._written:
            self._written[text] = self._words(self._layout.columns).write(text)
        return self._written[text]

    def _follows_from(self, found: Sql) -> str | None:
        """The given column that the value follows from, if it is one and only one."""
        names = found.columns & self._layout.steps.keys()
        return self._layout.columns[next(iter(names))].text if len(names) == len(found.columns) == 1 else None

    def _condition(self, text: str, words: Writer | None = None) -> str:
        found = self._sql(text, words)
        if found.type not in (ColumnType.BOOLEAN, None):
            raise self._gives(found, text, nl="waar of onwaar", en="true or false")
        return found.text if found.type is not None else "(1 = 0)"

    def _number(self, text: str, words: Writer) -> str:
        found = words.write(text)
        if found.type is None:
            found = words.cast(found, ColumnType.NUMBER)
        if found.type not in (ColumnType.INTEGER, ColumnType.NUMBER):
            raise self._gives(found, text, nl="een getal", en="a number")
        return words.real(found)

    def _gives(self, found: Sql, text: str, *, nl: str, en: str) -> VangrailError:
        dutch = f": dit geeft {found.type}, en hier is {nl} nodig: {text}"
        return VangrailError(said(self._what, nl=dutch, en=f": this gives {found.type} where {en} is needed: {text}"))

    def _column(self, name: str) -> Sql:
        if name not in self._layout.columns:
            raise unknown_column(name, self._layout.columns, where=self._what)
        return self._layout.columns[name]

    def _present(self, name: str) -> str:
        self._column(name)
        return self._layout.present[name]


class _Totals:
    """Many totals in one statement, each total once. `weight` is the number of rows that each row stands for."""

    def __init__(self, *, weight: str | None = None) -> None:
        self.parts: list[str] = []
        self.readers: dict[Need, Callable[[Row], NeedAnswer]] = {}
        self._weight = weight
        self._places: dict[str, int] = {}

    def answers(self, row: Row) -> dict[Need, NeedAnswer]:
        """The answers out of the totals."""
        return {need: read(row) for need, read in self.readers.items()}

    def read_of(self, relation: Callable[[str], str]) -> Callable[[str], str]:
        """What reads them of a relation that is made of counts."""
        parts = ", ".join(f"{part} AS f{i}" for i, part in enumerate(self.parts))
        return lambda counts: f"SELECT {parts} FROM {relation(counts)} AS d"

    def count(self, text: str | None) -> int:
        """The place of the number of rows where there is a value; of all rows without an expression."""
        if self._weight is None:
            return self.place(f"count({text or '*'})")
        some = f"CASE WHEN {text} IS NOT NULL THEN {self._weight} END" if text else self._weight
        return self.place(f"coalesce(sum({some}), 0)")

    def place(self, text: str) -> int:
        """The place of a total."""
        if text not in self._places:
            self._places[text] = len(self.parts)
            self.parts.append(text)
        return self._places[text]


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
