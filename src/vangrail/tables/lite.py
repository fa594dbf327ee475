"""SQLite through the standard library, opened read-only. The counting is done by SQLite itself.

A column of SQLite may hold anything in any row, so a declared type is a hope: what a value is, is asked of each value.
Dates and times are texts that sort as they should: 2026-01-31 and 2026-01-31 14:30:00.000000.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import hashlib
import math
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import cubes, engine, plain
from vangrail.tables.engine import Ask, Found, Grouping, Row, Seen, Work, choose_table, content, in_name_order
from vangrail.tables.expressions import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, Form, Sql, Writer, quoted
from vangrail.tables.layout import Given, Layout, relation
from vangrail.tables.source import Source
from vangrail.tables.stopping import stoppable
from vangrail.tables.wording import data_set, in_use, said, unexplained

SAMPLE = 20_480
BATCH = 20_000


class LiteWriter(Writer):
    """SQLite's words; what it lacks is a function of ours, called vg_..."""

    double = "REAL"
    bigint = "INTEGER"

    def text_literal(self, value: str) -> str:
        """A text; SQLite ends a statement at a NUL, so that is written apart."""
        return " || char(0) || ".join(quoted(p) for p in value.split("\0")) if "\0" in value else quoted(value)

    def date_literal(self, value: date) -> str:
        """A date is text."""
        return quoted(value.isoformat())

    def datetime_literal(self, value: datetime) -> str:
        """A time is text of one width."""
        return quoted(_stamp(value))

    def trimmed(self, text: str) -> str:
        """Without white space around it."""
        return f"trim({text}, ' ' || char(9, 10, 13))"

    def blank(self, text: str) -> str:
        """Whether there is nothing but white space; false for what is no text."""
        return f"(typeof({text}) = 'text' AND {text} < '!' AND {self.trimmed(text)} = '')"

    def middle(self, text: str, wanted: ColumnType, form: Form) -> str:
        """Reading is one call of a function, which values that are numbers already are spared."""
        if form.formats:
            return f"vg_formats({text}, {quoted(wanted.value)}, {quoted(chr(31).join(chr(30).join(f) for f in form.formats))})"
        if wanted in (INTEGER, NUMBER):
            call = f"vg_{wanted.value}({text}, {quoted(form.decimal)})"
            kept = {INTEGER: "WHEN 'integer' THEN", NUMBER: "WHEN 'real' THEN"}[wanted]
            value = text if wanted is INTEGER else self.finite(text)
            return f"CASE typeof({text}) {kept} {value} WHEN 'null' THEN NULL ELSE {call} END"
        return f"vg_{wanted.value}({text})"

    def final(self, text: str, middle: str, wanted: ColumnType, form: Form) -> str:
        """That call has done it."""
        return middle

    def within_calendar(self, text: str, kind: ColumnType) -> str:
        """Texts of dates were read by us, so they are within."""
        return text

    def if_whole(self, text: str) -> str:
        """A number as a whole number; null when it has a fraction."""
        return f"vg_integer({text}, '.')"

    def finite(self, text: str) -> str:
        """Null instead of infinity; SQLite has no NaN."""
        return f"nullif(nullif({text}, 9e999), -9e999)"

    def whole(self, a: str, sign: str, b: str) -> str:
        """SQLite turns a whole number that does not fit into one with a fraction."""
        return f"vg_whole({a}, '{sign}', {b})"

    def is_truth(self, text: str, *, truth: bool) -> str:
        """Whether a condition is true (or false) and not null."""
        return f"({text} IS {1 if truth else 0})"

    def distinct(self, a: str, b: str, *, same: bool) -> str:
        """IS is what other engines call IS NOT DISTINCT FROM."""
        return f"({a} IS {'' if same else 'NOT '}{b})"

    def matches(self, text: str, pattern: str) -> str:
        """Through Python's regular expressions."""
        return f"vg_matches({text}, {quoted(pattern)})"

    def case_of_letters(self, name: str, text: str) -> str:
        """SQLite itself only knows the letters of ASCII."""
        return f"vg_{name}({text})"

    def rounded(self, text: str, places: int) -> str:
        """Half away from zero."""
        return f"round({text}, {places})"

    def whole_part(self, name: str, text: str) -> str:
        """FLOOR and CEIL, which not every SQLite has."""
        return f"vg_{name}({text})"

    def function(self, name: str, x: str, y: str | None = None) -> str:
        """LN, EXP, SQRT and POWER; null where there is no answer."""
        return f"vg_{name}({x}{', ' + y if y else ''})"

    def days(self, later: str, earlier: str) -> str:
        """Whole days between two dates."""
        return f"CAST(round(julianday({later}) - julianday({earlier})) AS INTEGER)"

    def fractional_days(self, later: str, earlier: str) -> str:
        """Days between two times."""
        return f"vg_days({later}, {earlier})"

    def part(self, part: str, text: str) -> str:
        """A part of a date or time, cut from its text."""
        if part == "QUARTER":
            return f"((CAST(substr({text}, 6, 2) AS INTEGER) + 2) / 3)"
        start, length = {"YEAR": (1, 4), "MONTH": (6, 2), "DAY": (9, 2), "HOUR": (12, 2), "MINUTE": (15, 2)}[part]
        return f"CAST(substr({text}, {start}, {length}) AS INTEGER)"

    def typed_null(self, wanted: ColumnType) -> str:
        """A null has no type here."""
        return "NULL"

    def as_text(self, text: str) -> str:
        """As text."""
        return f"CAST({text} AS TEXT)"

    def truncated(self, text: str) -> str:
        """Without its fraction; null when it does not fit."""
        return f"(CASE WHEN abs({text}) < 9.2e18 THEN CAST({text} AS INTEGER) END)"

    def start_of_day(self, text: str) -> str:
        """A date as a time."""
        return f"({text} || ' 00:00:00.000000')"

    def day_of(self, text: str) -> str:
        """The date of a time."""
        return f"substr({text}, 1, 10)"


def _stamp(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


class SqliteEngine:
    """A table of an SQLite file."""

    writer = LiteWriter
    one_pass = False

    def __init__(self, source: Source, dataset: card.Dataset) -> None:
        self.source, self.dataset = source, dataset
        self.what = data_set(source.name)
        try:
            # immutable would also hide a journal that another program is writing; ro keeps to what was committed
            self.connection = sqlite3.connect(
                f"{source.path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            self.connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        except sqlite3.Error as error:
            raise self._told(error) from None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        for name, function, arguments in FUNCTIONS:
            self.connection.create_function(name, arguments, function, deterministic=True)
        self.connection.create_aggregate("vg_mix", -1, _Mix)  # type: ignore[arg-type]  # the stubs ask more than is used
        self.run("PRAGMA case_sensitive_like = ON")
        self.run("PRAGMA temp_store = FILE")
        tables = self.run(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        _, table = choose_table(self.what, self.dataset.table, [("main", str(t[0])) for t in tables], default="main")
        name = '"' + table.replace('"', '""') + '"'
        self.run("BEGIN")  # all figures are of one moment, whatever another program writes meanwhile
        described = self.run(f"PRAGMA table_info({name})")
        columns = ", ".join(f'"{str(d[1]).replace(chr(34), chr(34) * 2)}" AS r{i}' for i, d in enumerate(described))
        rows = f"(SELECT {columns} FROM main.{name}) AS s"
        given = tuple(self._look(rows, i, str(d[1]), str(d[2] or "")) for i, d in enumerate(described))
        self.found = Found(given=given, rows=rows, decimal=self.dataset.decimal or ".")

    def _look(self, rows: str, number: int, name: str, origin: str) -> Given:
        """What a column holds, by looking at the first rows: text in one of them makes it a column of text."""
        raw = f"r{number}"
        declared = [str(v).strip() for v in self.dataset.missing_in(name)]
        known = ", ".join(quoted(m) for m in declared) or "NULL"
        sample = f"(SELECT {raw} AS x FROM {rows} LIMIT {SAMPLE}) WHERE x IS NOT NULL AND coalesce(trim(x) NOT IN ({known}), 1)"
        kinds = {
            str(k): int(n)
            for k, n in self.run(f"SELECT typeof(x), count(*) FROM {sample} AND trim(x) <> '' GROUP BY 1")
        }
        text = set(kinds) & {"text", "blob"}
        found = TEXT
        if kinds and not text:
            found = NUMBER if "real" in kinds else INTEGER
            if origin.upper().startswith("BOOL") and found is INTEGER:
                zeros = self.run(f"SELECT count(*) FROM {sample} AND x NOT IN (0, 1)")[0][0]
                found = INTEGER if zeros else BOOLEAN
        elif set(kinds) == {"text"}:
            tests = {DATE: "vg_date(x) IS NOT NULL AND length(trim(x)) = 10", DATETIME: "vg_datetime(x) IS NOT NULL"}
            for kind, test in tests.items():
                if not self.run(f"SELECT count(*) FROM {sample} AND trim(x) <> '' AND NOT ({test})")[0][0]:
                    found = kind
                    break
        kind = self.dataset.columns.get(name, card.Column()).type or found
        if kind is TEXT:  # any row may hold a number all the same
            raw = f"(CASE typeof({raw}) WHEN 'text' THEN {raw} ELSE CAST({raw} AS TEXT) END)"
        return Given(name=name, origin=origin or "untyped", native=TEXT, found=found, raw=raw)

    def ready(self, layout: Layout) -> Layout:
        """Values are read as their types once, into a temporary table: each is a call of Python.

        Of what was read as another type, the value itself is not kept but only that there was one.
        """
        steps = layout.steps.values()
        if not any(s.value for s in steps):
            return layout
        there = "CASE WHEN p{0} IS NOT NULL THEN 1 END AS p{0}"
        kept = [there.format(s.number) if s.value else f"p{s.number}" for s in steps]
        kept += [f"c{s.number}" for s in steps if s.value]
        self.run("DROP TABLE IF EXISTS temp.typed")
        self.run(f"CREATE TEMP TABLE typed AS SELECT {', '.join(kept)} FROM {relation(steps, layout.rows)} AS s")
        return replace(layout, stored="temp.typed")

    def hopeful(self, layout: Layout) -> None:
        """A row is read as it stands, whatever is looked at first."""

    def run(self, statement: str) -> list[Row]:
        """The result of a statement."""
        try:
            return stoppable(lambda: self.connection.execute(statement).fetchall(), self.connection.interrupt)
        except (sqlite3.Error, OverflowError) as error:
            raise self._told(error) from None

    def look(self, relation: str, expressions: Sequence[str]) -> Seen:
        """About how many values the expressions have among the first rows."""
        return engine.look(self.run, relation, expressions)

    def ask(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """One after the other."""
        return [engine.kept(self.run, relation, ask) for ask in asks]

    def stream(self, statement: str) -> Iterator[Sequence[Row]]:
        """The rows of a statement in batches."""
        cursor = self.connection.cursor()
        try:
            stoppable(lambda: cursor.execute(statement), self.connection.interrupt)
            while batch := stoppable(lambda: cursor.fetchmany(BATCH), self.connection.interrupt):
                yield batch
        except (sqlite3.Error, OverflowError) as error:
            raise self._told(error) from None
        finally:
            cursor.close()

    def contains(self, text: str, pattern: str) -> str:
        """SQLite has no regular expressions of its own, so every text is read."""
        return f"{text} IS NOT NULL"

    def _told(self, error: Exception) -> VangrailError:
        text, shown = str(error).lower(), said(self.what, nl=f": {self.source.shown}", en=f": {self.source.shown}")
        if "not a database" in text or "malformed" in text or "encrypted" in text:
            return VangrailError(
                said(
                    shown,
                    nl=" is geen SQLite-bestand, of het is beschadigd.",
                    en=" is not an SQLite file, or it is damaged.",
                ),
                do=both(
                    nl="Maak een nieuwe kopie met het programma dat het schreef.",
                    en="Make a new copy with the program that wrote it.",
                ),
            )
        if "locked" in text or "busy" in text:
            return in_use(shown)
        if "unable to open" in text:
            return VangrailError(
                said(shown, nl=" is niet te openen.", en=" cannot be opened."),
                do=both(
                    nl="Ook de map moet leesbaar zijn, ook voor het journaal ernaast.",
                    en="Its folder must be readable too, also for its journal.",
                ),
            )
        if "full" in text:
            return VangrailError(
                said(
                    shown,
                    nl=" vraagt voor tijdelijke bestanden meer schijf dan er is.",
                    en=" needs more disk for its temporary files than there is.",
                ),
                do=both(nl="Maak schijfruimte vrij.", en="Free some disk space."),
            )
        return unexplained(shown, "SQLite", type(error).__name__)

    def groups(self, asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
        """Counts by way of a few small cubes."""
        return cubes.groups(asked, columns)

    def repeats(self, relation: str, sets: Sequence[Sequence[Sql]]) -> Work[list[int]]:
        """SQLite sorts the rows."""
        return engine.one_by_one(sets, lambda columns: engine.beyond_first([c.text for c in columns]))

    def fingerprint(self) -> tuple[str, str, int]:
        """Sum and xor of 128 bits of a hash of each row, which do not depend on the order of the rows."""
        columns = ", ".join(f"r{self.found.given.index(g)}" for g in in_name_order(self.found))
        figures = str(self.run(f"SELECT vg_mix({columns}) FROM {self.found.rows}")[0][0] or "0 0 0")
        total, mixed, rows = (int(f) for f in figures.split())
        return "vangrail-1/sqlite-blake2b-128", content(self.found, total, mixed, rows), rows

    def unchanged(self) -> None:
        """The files are as they were."""
        self.source.unchanged()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class _Mix:
    """Adds up a hash of each row. A value is hashed with its type and length, so that no two rows look alike."""

    def __init__(self) -> None:
        self.total = self.mixed = self.rows = 0

    def step(self, *row: Any) -> None:
        """One row."""
        parts = []
        for value in row:
            raw = value if isinstance(value, bytes) else str(value).encode("utf-8", errors="surrogatepass")
            parts.append(b"%s%d:%s" % (type(value).__name__.encode(), len(raw), raw))
        figure = int.from_bytes(hashlib.blake2b(b"".join(parts), digest_size=16).digest())
        self.total, self.mixed, self.rows = self.total + figure, self.mixed ^ figure, self.rows + 1

    def finalize(self) -> str:
        """Sum, xor and number of rows, as text: they outgrow a column."""
        return f"{self.total} {self.mixed} {self.rows}"


# --- functions that SQLite calls ---------------------------------------------------------------------------------------


def _number(value: Any, decimal: str = ".") -> float | None:
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    return plain.number(value, decimal) if isinstance(value, str) else None


def _integer(value: Any, decimal: str = ".") -> int | None:
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 9.2e18 else None
    return plain.integer(value, decimal) if isinstance(value, str) else None


def _boolean(value: Any) -> int | None:
    if isinstance(value, int | float):
        return int(value) if value in (0, 1) else None
    found = plain.boolean(value) if isinstance(value, str) else None
    return None if found is None else int(found)


def _date(value: Any) -> str | None:
    found = plain.moment(value) if isinstance(value, str) else None
    return found.date().isoformat() if found else None


def _datetime(value: Any) -> str | None:
    found = plain.moment(value) if isinstance(value, str) else None
    return _stamp(found) if found else None


def _formats(value: Any, wanted: str, formats: str) -> str | None:
    if not isinstance(value, str | int):
        return None
    for form in formats.split("\x1f"):
        found = plain.in_format(str(value), tuple(form.split("\x1e")))
        if found is not None:
            return found.date().isoformat() if wanted == "date" else _stamp(found)
    return None


def _whole(a: int | None, sign: str, b: int | None) -> int | None:
    if a is None or b is None:
        return None
    found = a + b if sign == "+" else a - b if sign == "-" else a * b
    return found if -(2**63) <= found < 2**63 else None


def _days(later: str | None, earlier: str | None) -> float | None:
    if later is None or earlier is None:
        return None
    gap = datetime.fromisoformat(later).replace(tzinfo=UTC) - datetime.fromisoformat(earlier).replace(tzinfo=UTC)
    return (gap.days * 86_400_000_000 + gap.seconds * 1_000_000 + gap.microseconds) / 86_400_000_000.0


def _guard(function: Callable[..., float]) -> Callable[..., float | None]:
    def guarded(*values: float | None) -> float | None:
        if any(v is None for v in values):
            return None
        try:
            found = function(*values)
        except (ValueError, OverflowError, ZeroDivisionError):
            return None
        return found if math.isfinite(found) else None

    return guarded


def _text(function: Callable[[str], str]) -> Callable[[Any], str | None]:
    return lambda value: function(value) if isinstance(value, str) else None


def _matches(value: Any, pattern: str) -> int | None:
    return None if value is None else int(re.fullmatch(pattern, str(value), re.DOTALL | re.ASCII) is not None)


FUNCTIONS: tuple[tuple[str, Callable[..., Any], int], ...] = (
    ("vg_number", _number, 2),
    ("vg_integer", _integer, 2),
    ("vg_boolean", _boolean, 1),
    ("vg_date", _date, 1),
    ("vg_datetime", _datetime, 1),
    ("vg_formats", _formats, 3),
    ("vg_whole", _whole, 3),
    ("vg_days", _days, 2),
    ("vg_matches", _matches, 2),
    ("md5", _text(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()), 1),
    ("vg_lower", _text(str.lower), 1),
    ("vg_upper", _text(str.upper), 1),
    ("vg_floor", _guard(math.floor), 1),
    ("vg_ceil", _guard(math.ceil), 1),
    ("vg_ln", _guard(math.log), 1),
    ("vg_sqrt", _guard(math.sqrt), 1),
    ("vg_exp", _guard(math.exp), 1),
    ("vg_power", _guard(math.pow), 2),
)
