"""Spark through pyspark: the counting is done by the cluster, and only totals leave it.

A source is `spark:NAME`; `table` on the card is a table of the catalog, or a path to Parquet that the cluster reads.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import engine, grouping_sets, spark_session
from vangrail.tables.engine import Ask, Found, Grouping, Row, Seen, Work, choose_table, content, in_name_order
from vangrail.tables.expressions import BOOLEAN, DATE, DATETIME, ENGINE_TYPES, INTEGER, NUMBER, TEXT, Form, Sql, Writer
from vangrail.tables.layout import Given, Layout
from vangrail.tables.plain import WORDS
from vangrail.tables.source import Source
from vangrail.tables.stopping import stoppable
from vangrail.tables.wording import changed, data_set, said, unexplained

T = TypeVar("T")
VIEW = "vangrail_rows"
BLANK = "' \\t\\n\\r'"
NUMBER_FORM = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
COMMA_FORM = "[+-]?(\\d+|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3})+)(,\\d*)?([eE][+-]?\\d{1,4})?"
WHOLE_FORM = r"[+-]?\d{1,18}(\.0*)?"
WHOLE_COMMA_FORM = "[+-]?(\\d{1,18}|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3}){1,5})(,0*)?"
DAY_FORM = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME_FORM = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
ZONE_FORM = r" ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
MOMENT_FORM = f"{DAY_FORM}([T ]{TIME_FORM}({ZONE_FORM})?)?"
PARTS = {
    "%d": r"(\d{1,2})",
    "%m": r"(\d{1,2})",
    "%Y": r"([1-9]\d{3})",
    "%y": r"(\d{2})",
    "%H": r"(\d{1,2})",
    "%M": r"(\d{1,2})",
    "%S": r"(\d{1,2})",
    "%f": r"(\d{1,6})",
}
SPECIAL = set(".^$*+?()[]{}|\\-&#")


def text_literal(value: str) -> str:
    """A text. Spark reads a backslash as the start of an escape."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def whole_form(pattern: str) -> str:
    """A pattern that covers a whole value, as a literal; Java's $ would leave a line end at the end out of it."""
    return text_literal(f"\\A(?:{pattern})\\z")


class SparkWriter(Writer):
    """Spark's words. What could stop a statement in its ANSI mode is tried, and null where it fails."""

    def value(self, value: Any) -> Sql:
        """A literal. Without L a whole number has 32 bits, and so have sums of them."""
        found = super().value(value)
        return Sql(text=f"{found.text}L", type=INTEGER) if found.type is INTEGER else found

    def text_literal(self, value: str) -> str:
        """A text."""
        return text_literal(value)

    def datetime_literal(self, value: datetime) -> str:
        """A time, without zone."""
        return f"TIMESTAMP_NTZ '{value.replace(tzinfo=None).isoformat(sep=' ')}'"

    def trimmed(self, text: str) -> str:
        """Without white space around it."""
        return f"trim(BOTH {BLANK} FROM {text})"

    def blank(self, text: str) -> str:
        """Whether there is nothing but white space. The first test spares the second for almost every value."""
        return f"({text} < '!' AND {self.trimmed(text)} = '')"

    def middle(self, text: str, wanted: ColumnType, form: Form) -> str:
        """White space around it does not count."""
        if wanted is NUMBER and form.decimal == ".":
            return f"try_cast({self.trimmed(text)} AS DOUBLE)"
        return self.trimmed(text)

    def final(self, text: str, middle: str, wanted: ColumnType, form: Form) -> str:
        """What was read, where it is of the form that every engine reads alike."""
        t = middle
        match wanted:
            case ColumnType.INTEGER:
                comma = form.decimal == ","
                plain = f"translate({t}, ',. \u00a0\u202f', '.')" if comma else t
                fits = f"{t} RLIKE {whole_form(WHOLE_COMMA_FORM if comma else WHOLE_FORM)}"
                return f"(CASE WHEN {fits} THEN try_cast(substring_index({plain}, '.', 1) AS BIGINT) END)"
            case ColumnType.NUMBER if form.decimal == ",":
                number = f"try_cast(translate({t}, ',. \u00a0\u202f', '.') AS DOUBLE)"
                return f"(CASE WHEN {t} RLIKE {whole_form(COMMA_FORM)} THEN {self.finite(number)} END)"
            case ColumnType.NUMBER:  # Spark also reads 1d, and makes infinity of what is too large
                fits = f"{self.trimmed(text)} RLIKE {whole_form(NUMBER_FORM)}"
                return f"(CASE WHEN abs({t}) < double('Infinity') AND {fits} THEN {t} END)"
            case ColumnType.BOOLEAN:
                words = [
                    ", ".join(map(text_literal, (w for w, truth in WORDS.items() if truth is side)))
                    for side in (True, False)
                ]
                return (
                    f"(CASE WHEN lower({t}) IN ({words[0]}) THEN TRUE WHEN lower({t}) IN ({words[1]}) THEN FALSE END)"
                )
            case ColumnType.DATE | ColumnType.DATETIME if form.formats:
                first = f"coalesce({', '.join(self._in_format(t, parts) for parts in form.formats)})"
                return f"CAST({first} AS DATE)" if wanted is DATE else first
            case ColumnType.DATE:
                return f"(CASE WHEN {t} RLIKE {whole_form(MOMENT_FORM)} THEN try_cast(substr({t}, 1, 10) AS DATE) END)"
            case ColumnType.DATETIME:
                seconds = f"(CASE WHEN length({t}) < 17 OR substr({t}, 17, 1) = ':' THEN {t} ELSE concat(substr({t}, 1, 16), ':00', substr({t}, 17)) END)"
                zone = text_literal(r" ?([+-]\d\d):?(\d\d)\z"), text_literal("$1:$2")
                hours = text_literal(r" ?([+-]\d\d)\z"), text_literal("$1:00")
                zoned = f"regexp_replace(regexp_replace({seconds}, {hours[0]}, {hours[1]}), {zone[0]}, {zone[1]})"
                return (
                    f"(CASE WHEN NOT {t} RLIKE {whole_form(MOMENT_FORM)} THEN NULL "
                    f"WHEN {t} RLIKE ':.*[Z+-]' THEN CAST(try_cast({zoned} AS TIMESTAMP_LTZ) AS TIMESTAMP_NTZ) "
                    f"ELSE try_cast({t} AS TIMESTAMP_NTZ) END)"
                )
            case _:
                return text

    @staticmethod
    def _in_format(text: str, parts: tuple[str, ...]) -> str:
        """A time written in this format, or null."""
        pattern = "".join(PARTS.get(p) or ("\\" + p if p in SPECIAL else p) for p in parts)
        order = [p for p in parts if p in PARTS]

        def part(name: str, otherwise: str) -> str:
            """Without a match there is no text, and of no text no number."""
            if name not in order:
                return otherwise
            return f"try_cast(regexp_extract({text}, {whole_form(pattern)}, {order.index(name) + 1}) AS INT)"

        year = part("%Y", "") if "%Y" in order else f"(({part('%y', '')} + 31) % 100 + 1969)"
        fraction = "0"
        if "%f" in order:
            digits = f"regexp_extract({text}, {whole_form(pattern)}, {order.index('%f') + 1})"
            fraction = f"try_cast(concat('0.', {digits}) AS DECIMAL(8, 6))"
        second = part("%S", "0")  # try_make_timestamp takes 60 for the next minute
        second = f"(CASE WHEN {second} < 60 THEN {second} + {fraction} END)"
        rest = ", ".join([part("%m", "1"), part("%d", "1"), part("%H", "0"), part("%M", "0"), second])
        return f"try_make_timestamp_ntz({year}, {rest})"

    def within_calendar(self, text: str, kind: ColumnType) -> str:
        """Null for years before 1 or after 9999."""
        return f"(CASE WHEN year({text}) BETWEEN 1 AND 9999 THEN {text} END)"

    def if_whole(self, text: str) -> str:
        """A number as a whole number; null when it has a fraction."""
        return f"(CASE WHEN abs({text}) < 9.2e18 AND {text} = rint({text}) THEN try_cast({text} AS BIGINT) END)"

    def truncated(self, text: str) -> str:
        """A number without its fraction, as a whole number; null when it does not fit."""
        return f"try_cast({text} AS BIGINT)"

    def finite(self, text: str) -> str:
        """Null instead of infinity or NaN.

        The number stands here once: a test beside it would double it, and again in each calculation around it. That made
        50,000 characters of the place in a series, on which Spark's planner took half a minute.
        """
        return f"nullif(nullif(nanvl({text}, double('Infinity')), double('Infinity')), double('-Infinity'))"

    def whole(self, a: str, sign: str, b: str) -> str:
        """Whole-number arithmetic; null when the result does not fit."""
        return f"try_{ {'+': 'add', '-': 'subtract', '*': 'multiply'}[sign] }({a}, {b})"

    def negated(self, number: Sql) -> str:
        """The smallest whole number has no opposite."""
        return f"try_subtract(0L, {number.text})" if number.type is INTEGER else super().negated(number)

    def absolute(self, number: Sql) -> str:
        """The smallest whole number has none."""
        if number.type is not INTEGER:
            return super().absolute(number)
        return f"(CASE WHEN {number.text} < 0 THEN try_subtract(0L, {number.text}) ELSE {number.text} END)"

    def like(self, text: str, pattern: str) -> str:
        """LIKE without an escape character, which in Spark is a backslash."""
        return f"({text} LIKE replace({pattern}, '\\\\', '\\\\\\\\'))"

    def matches(self, text: str, pattern: str) -> str:
        """Whether a text matches a regular expression as a whole; a point is a line end too."""
        return f"({text} RLIKE {text_literal(f'(?s){chr(92)}A(?:{pattern}){chr(92)}z')})"

    def rounded(self, text: str, places: int) -> str:
        """Half away from zero, as DuckDB does it: Spark would round what the number looks like in decimals."""
        return f"(round({text} * 1e{places}, 0) / 1e{places})"

    def whole_part(self, name: str, text: str) -> str:
        """FLOOR and CEIL. Spark's own give a whole number, the largest there is where it does not fit: null for us."""
        whole = f"nullif(nullif({name}({text}), 9223372036854775807L), -9223372036854775807L - 1L)"
        return f"CAST({whole} AS DOUBLE)"

    def days(self, later: str, earlier: str) -> str:
        """Whole days between two dates."""
        return f"CAST(datediff({later}, {earlier}) AS BIGINT)"

    def fractional_days(self, later: str, earlier: str) -> str:
        """Days between two times."""
        return f"(timestampdiff(MICROSECOND, {earlier}, {later}) / 86400000000D)"

    def as_text(self, text: str) -> str:
        """A whole number or a date as text."""
        return f"CAST({text} AS STRING)"

    def start_of_day(self, text: str) -> str:
        """A date as a time."""
        return f"CAST({text} AS TIMESTAMP_NTZ)"

    def typed_null(self, wanted: ColumnType) -> str:
        """A null of this type."""
        return f"CAST(NULL AS { {TEXT: 'STRING', DATETIME: 'TIMESTAMP_NTZ', NUMBER: 'DOUBLE'}.get(wanted, ENGINE_TYPES[wanted]) })"


# approx_count_distinct has a place in the plan for every fifty bytes of its sketch: for eighty columns planning took minutes.
DISTINCT = "hll_sketch_estimate(hll_sketch_agg(CASE WHEN {0} IS NOT NULL THEN xxhash64({0}) END))"
NOT_THERE = ("PATH_NOT_FOUND", "FileNotFoundException", "FILE_NOT_EXIST")
NO_PARQUET = ("UNABLE_TO_INFER_SCHEMA",)
DAMAGED = ("is not a Parquet file", "CANNOT_READ_FILE_FOOTER", "FAILED_READ_FILE", "Could not read footer")
FILES = (NOT_THERE, NO_PARQUET, DAMAGED)
"""What Spark says of a file that it cannot read."""
REASONS: tuple[tuple[tuple[str, ...], Text, Text], ...] = (
    (
        ("AccessControlException", "Permission denied", "AccessDenied", "INSUFFICIENT_PERMISSIONS"),
        both(nl="deze gebruiker mag het niet lezen.", en="this user may not read it."),
        both(nl="Vraag toegang.", en="Ask for access."),
    ),
    (
        NOT_THERE,
        both(
            nl="zo'n pad is er niet, of een bestand erin is intussen verwijderd.",
            en="there is no such path, or a file in it was removed meanwhile.",
        ),
        both(
            nl="Kijk 'table' op de kaart na. De cluster moet het pad kunnen lezen, niet alleen deze computer.",
            en="Look at 'table' on the card. The cluster must be able to read the path, not only this machine.",
        ),
    ),
    (
        NO_PARQUET,
        both(nl="op dat pad staat geen Parquetbestand.", en="there is no Parquet file in that path."),
        both(nl="Kijk 'table' op de kaart na.", en="Look at 'table' on the card."),
    ),
    (
        ("PARQUET_TYPE_ILLEGAL", "PARQUET_TYPE_NOT_SUPPORTED", "PARQUET_TYPE_NOT_RECOGNIZED", "Illegal Parquet"),
        both(
            nl="een kolom heeft een type dat Spark niet uit Parquet leest, zoals een tijd in nanoseconden.",
            en="a column has a type that Spark does not read from Parquet, such as a time in nanoseconds.",
        ),
        both(
            nl="Schrijf het bestand opnieuw met tijden in microseconden, en zonder uren die geen datum hebben.",
            en="Write the file again with times in microseconds, and without times of day.",
        ),
    ),
    (
        DAMAGED,
        both(
            nl="een bestand is geen Parquet, is afgebroken, of veranderde terwijl het gelezen werd.",
            en="a file is not Parquet, was cut off, or changed while it was read.",
        ),
        both(
            nl="Meet opnieuw als er niemand meer in schrijft, of schrijf het opnieuw.",
            en="Measure again when nothing writes to it, or write it again.",
        ),
    ),
    (
        ("OutOfMemoryError", "maxResultSize", "UNABLE_TO_ACQUIRE_MEMORY", "Cannot broadcast"),
        both(nl="Spark heeft te weinig geheugen.", en="Spark has too little memory."),
        both(
            nl="Geef het meer: spark.executor.memory en spark.driver.memory, in VARIABLE.",
            en="Give it more: spark.executor.memory and spark.driver.memory, in VARIABLE.",
        ),
    ),
    (
        ("No space left",),
        both(
            nl="de uitvoerders hebben geen schijf meer over voor hun tijdelijke bestanden.",
            en="the workers have no disk left for their temporary files.",
        ),
        both(
            nl="Maak plaats vrij, of laat spark.local.dir naar een grotere schijf wijzen.",
            en="Free some, or point spark.local.dir to a larger disk.",
        ),
    ),
    (
        ("ExecutorLostFailure", "executor lost", "heartbeat timed out", "FetchFailed"),
        both(
            nl="Spark verloor de uitvoerders die het werk deden, en die het overnamen. Er is niets gemeten.",
            en="Spark lost the executors that did the work, and those that took it over. Nothing was measured.",
        ),
        both(
            nl="Probeer opnieuw. Meestal is er te weinig geheugen: spark.executor.memory.",
            en="Try again. Too little memory is the usual cause: spark.executor.memory.",
        ),
    ),
    (
        ("cancelled", "SparkContext was shut down"),
        both(nl="de cluster stopte het werk.", en="the cluster stopped the work."),
        both(nl="Probeer opnieuw; de gegevens zijn alleen gelezen.", en="Try again; the data were only read."),
    ),
)
"""What Spark says, what that means, and what to do; VARIABLE stands for the environment variable with its address."""


class _CannotReadFile(VangrailError):
    """A file is not there, or not what it was."""


class SparkEngine:
    """A table of a Spark catalog, or Parquet that a cluster reads."""

    writer = SparkWriter
    one_pass = False
    stream = None  # its workers need not have this program

    def __init__(self, source: Source, dataset: card.Dataset, *, tell: Callable[[str], None]) -> None:
        self.source, self.dataset = source, dataset
        self.what = data_set(source.name)
        self.shown = said(self.what, nl=f": {source.shown}", en=f": {source.shown}")
        tell(f"{source.name}: Spark")  # where it is not running yet, that takes seconds
        self.running, self.session = stoppable(lambda: spark_session.session(source), lambda: None, patience=0)
        self.running.users += 1
        self.files: frozenset[Row] | None = None
        self.closed = False
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        wanted = self.dataset.table
        path = wanted is not None and ("/" in wanted or wanted.endswith(".parquet"))
        # A catalog takes capitals for small letters; a file may have two columns that differ in nothing else.
        self._do(lambda: self.session.conf.set("spark.sql.caseSensitive", "true" if path else "false"))
        if path and wanted is not None:
            place = self._place(wanted)
            self.frame: Callable[[], Any] = lambda: self.session.read.parquet(place)
        else:
            table = self._do(self._table)
            self.frame = lambda: self.session.table(table)
        frame = self._do(self.frame)
        fields = self._do(lambda: [(f.name, f.dataType.simpleString()) for f in frame.schema.fields])
        given = []
        self.exact: list[str] = []
        for i, (name, origin) in enumerate(fields):
            kind, raw, exact = _native(origin, f"r{i}")
            given.append(Given(name=name, origin=origin, native=kind, found=kind, raw=raw))
            self.exact.append(exact)
        self._do(lambda: frame.toDF(*(f"r{i}" for i in range(len(fields)))).createOrReplaceTempView(VIEW))
        self.opened, self.files, self.asked = frame, None, False
        self.found = Found(given=tuple(given), rows=f"{VIEW} AS s", decimal=self.dataset.decimal or ".")

    def _place(self, path: str) -> str:
        """The path as the cluster reads it: from the card's folder where it is not a whole one."""
        if "://" in path or path.startswith(("/", "file:")) or self.source.folder is None:
            return path
        return f"file:{(self.source.folder / path).absolute()}"

    def _table(self) -> str:
        """The quoted name of the table in the catalog."""
        wanted = self.dataset.table
        if wanted is not None:
            name = ".".join(map(_identifier, wanted.split(".")))
            with contextlib.suppress(Exception):  # no such schema is an error too, where false was expected
                if self.session.catalog.tableExists(name):
                    return name
        default = str(self.session.catalog.currentDatabase())
        tables = [(default, str(t.tableName)) for t in self.session.sql("SHOW TABLES").collect()]
        schema, _, rest = (wanted or "").rpartition(".")
        if rest and schema:
            with contextlib.suppress(Exception):
                there = self.session.sql(f"SHOW TABLES IN {'.'.join(map(_identifier, schema.split('.')))}").collect()
                tables += [(schema, str(t.tableName)) for t in there if (schema, str(t.tableName)) not in tables]
        if not tables:
            raise VangrailError(
                said(
                    self.what,
                    nl=": in de catalogus van deze Spark staat geen tabel"
                    + (f" '{wanted}'." if wanted else ", en 'table' op de kaart is leeg."),
                    en=": the catalog of this Spark holds no table"
                    + (f" '{wanted}'." if wanted else ", and 'table' on the card is empty."),
                ),
                do=both(
                    nl="Schrijf bij 'table' de naam van een tabel, of een pad naar Parquet zoals logs/2026.parquet of"
                    " hdfs://host/logs.",
                    en="Write in 'table' the name of a table, or a path to Parquet such as logs/2026.parquet or"
                    " hdfs://host/logs.",
                ),
            )
        schema, table = choose_table(self.what, wanted, sorted(tables), default=default)
        return f"{'.'.join(map(_identifier, schema.split('.')))}.{_identifier(table)}"

    # --- asking ------------------------------------------------------------------------------------------------------

    def ready(self, layout: Layout) -> Layout:
        """Nothing to prepare: nothing is written on the cluster."""
        return layout

    def hopeful(self, layout: Layout) -> None:
        """Looking first would be a pass more."""

    def run(self, statement: str) -> list[Row]:
        """The result of a statement."""
        self.asked = True
        found: list[Row] = self._do(lambda: self.session.sql(statement).collect())
        return found

    def look(self, relation: str, expressions: Sequence[str]) -> Seen:
        """About how many values the expressions have among the first rows."""
        return engine.look(self.run, relation, expressions, distinct=DISTINCT)

    def ask(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """One after the other."""
        return [engine.apart(self.run, relation, ask) for ask in asks]

    def contains(self, text: str, pattern: str) -> str:
        """By Java's regular expressions."""
        return f"({text} RLIKE {text_literal(pattern)})"

    def groups(self, asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
        """Counts by GROUPING SETS of exactly what is asked, over a cube that does not leave the cluster."""
        return grouping_sets.groups(asked, columns)

    def repeats(self, relation: str, sets: Sequence[Sequence[Sql]]) -> Work[list[int]]:
        """The workers keep the groups on disk when they are many."""
        return engine.one_by_one(sets, lambda columns: engine.beyond_first([c.text for c in columns]))

    def fingerprint(self) -> tuple[str, str, int]:
        """Sum and xor of two hashes of each row, which do not depend on the order of the rows.

        xxHash64 is the same function in every version of Spark. It passes over nulls, so whether there is one goes with
        each value. A hash is begun with another word for the second 64 bits.
        """
        columns = [self.exact[self.found.given.index(g)] for g in in_name_order(self.found)]
        row = "".join(f", isnull({c}), {c}" for c in columns)
        hashes = f"xxhash64('one'{row}) AS a, xxhash64('other'{row}) AS b"
        figures = [f"coalesce(sum(CAST({h} AS DECIMAL(20, 0))), 0), coalesce(bit_xor({h}), 0)" for h in "ab"]
        *found, rows = self.run(
            f"SELECT {', '.join(figures)}, count(*) FROM (SELECT {hashes} FROM {self.found.rows}) AS f"
        )[0]
        return "vangrail-1/spark-xxhash64-128", content(self.found, *map(int, found), int(rows)), int(rows)

    def unchanged(self) -> None:
        """VangrailError when a file that was there at the start has changed or gone. Files that came after are not read.

        A table that is not made of files, such as one of another database, is taken as its source gives it.
        """
        if not self.asked:
            return
        self.asked = False
        try:
            if self.files is None:
                self.files = self._files(self.opened)
            if not self.files or self.files <= self._files(self._do(self.frame)):
                return
        except _CannotReadFile:
            pass
        raise changed(self.shown)

    def _files(self, frame: Any) -> frozenset[Row]:
        """Path, size and time of each file, as they were when the frame was made; none where it is not made of files."""
        parts = ("file_path", "file_size", "file_modification_time")
        try:
            seen = self._do(
                lambda: frame.select(*(frame.metadataColumn("_metadata").getField(p) for p in parts)).distinct()
            )
        except VangrailError:
            return frozenset()
        return frozenset(tuple(r) for r in self._do(seen.collect))

    def _do(self, work: Callable[[], T]) -> T:
        group = f"vangrail-{id(self)}"

        def alone() -> T:
            with spark_session.without_logs():
                self.running.context.setJobGroup(group, "vangrail", True)
                return work()

        def cancel() -> None:
            with contextlib.suppress(Exception):
                self.running.context.cancelJobGroup(group)

        try:
            return stoppable(alone, cancel)
        except VangrailError:
            raise
        except Exception as error:
            told = self._told(error)
            if not isinstance(told, _CannotReadFile):
                self.asked = False  # what went wrong did not go wrong by a file that changed
            raise told from None

    def _told(self, error: Exception) -> VangrailError:
        """An error of Spark in our words: its own text may quote the rows."""
        variable = self.source.connection_name
        if self.running.gone:
            return VangrailError(
                said(
                    self.shown,
                    nl=": Spark zelf stopte tijdens het meten.",
                    en=": Spark itself stopped while it was measuring.",
                ),
                why=both(nl="Van deze dataset is dus niets gemeten.", en="So nothing of this data set was measured."),
                do=both(
                    nl=f"Probeer opnieuw. Meestal is er te weinig geheugen: spark.driver.memory in {variable}.",
                    en=f"Try again. Too little memory is the usual cause: spark.driver.memory in {variable}.",
                ),
            )
        text = str(error)
        for words, what, do in REASONS:
            if any(w in text for w in words):
                kind = _CannotReadFile if words in FILES else VangrailError
                return kind(
                    said(self.shown, nl=f": {what[Language.NL]}", en=f": {what[Language.EN]}"),
                    do={language: part.replace("VARIABLE", variable) for language, part in do.items()},
                )
        return unexplained(self.shown, "Spark", _name(error))

    def close(self) -> None:
        """Leave the session. Spark goes on until the program ends, for starting it takes seconds."""
        if self.closed:
            return
        self.closed = True
        self.running.users -= 1
        if not self.running.gone:
            with contextlib.suppress(Exception):
                self.session.catalog.dropTempView(VIEW)


def _identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _name(error: Exception) -> str:
    """The class of an error, with Spark's own name for it where there is one."""
    condition = getattr(error, "getCondition", lambda: None)() or re.search(r"\[([A-Z_]+(?:\.[A-Z_]+)?)\]", str(error))
    shown = condition if isinstance(condition, str) else condition[1] if condition else None
    return f"{type(error).__name__} ({shown})" if shown else type(error).__name__


def _native(origin: str, raw: str) -> tuple[ColumnType, str, str]:
    """The logical type of a column, its value in that type, and what of it is hashed."""
    kind, _, size = origin.partition("(")
    if kind in ("tinyint", "smallint", "int", "bigint"):
        return INTEGER, f"CAST({raw} AS BIGINT)" if kind != "bigint" else raw, raw
    if kind == "decimal":
        digits, places = (int(n) for n in size.rstrip(")").split(","))
        whole = places == 0 and digits <= 18
        return (INTEGER, f"CAST({raw} AS BIGINT)", raw) if whole else (NUMBER, f"CAST({raw} AS DOUBLE)", raw)
    if kind in ("float", "double"):
        return NUMBER, f"CAST({raw} AS DOUBLE)" if kind == "float" else raw, raw
    if kind == "timestamp":  # with the zone of the session, which is UTC
        return DATETIME, f"CAST({raw} AS TIMESTAMP_NTZ)", raw
    if kind.startswith("string collate"):  # such texts may be equal without being the same
        exact = f"collate({raw}, 'UTF8_BINARY')"
        return TEXT, exact, exact
    plain = {"boolean": BOOLEAN, "date": DATE, "timestamp_ntz": DATETIME, "string": TEXT}
    if kind in plain:
        return plain[kind], raw, raw
    # A binary value need not be text, and a hash passes over nulls inside an array.
    text = f"hex({raw})" if kind == "binary" else f"CAST({raw} AS STRING)"
    return TEXT, text, text
