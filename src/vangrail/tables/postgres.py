"""PostgreSQL through psycopg: the counting is done by the server, and only totals leave it.

The session is read-only, and all statements stand in one REPEATABLE READ transaction, so that all figures are of one
moment. A finer table of counts may be made inside a statement; only the groupings that are asked leave the database.

What is counted per few values is counted in one pass by GROUPING SETS: every set is a hash table, and each expression is computed
once per row. Measured on 10^6 rows and seven tables of counts: 4.0 processor seconds, against 5.7 by a statement each.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import cubes, engine
from vangrail.tables.engine import Ask, Found, Grouping, Row, Seen, Work, choose_table, content, in_name_order
from vangrail.tables.expressions import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, Form, Sql, Writer, quoted
from vangrail.tables.layout import Given, Layout
from vangrail.tables.plain import WORDS
from vangrail.tables.reach import no_driver
from vangrail.tables.source import Source
from vangrail.tables.wording import data_set, said, unexplained

BLANK = "E' \\t\\r\\n\\v\\f'"
CELLS_EACH, CELLS_TOGETHER, PARTS_TOGETHER = 200_000, 400_000, 400
"""Counts that are made in one pass: how many each, all together, and of how many expressions. A cell takes some 150 bytes."""
MOST_COLUMNS = 1_600
"""So many columns a subquery has at most; each given one can take two."""
MASK_WIDTH = 30
"""GROUPING takes at most 31 arguments."""
NO_LIMIT, NO_LIMITS = "LIMIT (SELECT 9223372036854775807)", 4
"""Nothing is left out by these. The planner guesses that every set has a tenth as many combinations as there are rows, so that no
hash table would fit and it sorts all rows for each set (measured: 20 s instead of 4). It takes a limit that it does not know for a
tenth of the rows, so four of them, one around the other, make it guess low. What outgrows work_mem all the same goes to disk."""
DAY = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
ZONE = r" ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
NUMBER_FORM = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
COMMA_FORM = r"^[+-]?(\d+|[1-9]\d{0,2}([.%s]\d{3})+)(,\d*)?([eE][+-]?\d{1,3})?$"
WHOLE_FORM = r"^[+-]?\d{1,18}(\.0*)?$"
WHOLE_COMMA_FORM = r"^[+-]?(\d{1,18}|[1-9]\d{0,2}([.%s]\d{3}){1,5})(,0*)?$"
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
SPECIAL = set(".^$*+?()[]{}|\\")


OLDEST = 140_000
EIGHT_BYTES = {
    "bigint": "int8send",
    "timestamp without time zone": "timestamp_send",
    "timestamp with time zone": "timestamptz_send",
}
"""Of these PostgreSQL folds a hash of 64 bits out of 32, so that 5 and 5 * 2^32 share theirs; of their bytes it does not."""
PROBE = ("'Gent'::text COLLATE \"C\"", "1.5::float8", "42::bigint", "NULL::text", "TRUE", "DATE '2026-11-22'")
"""Fixed values, to name the hash by what it makes of them."""


NOT_CONNECTED: tuple[tuple[tuple[str, ...], Text], ...] = (
    (
        ("password", "authentication", "no pg_hba"),
        both(nl="De server weigert deze gebruiker of dit wachtwoord.", en="The server refuses this user or password."),
    ),
    (
        ("refused", "no such file", "timeout", "timed out", "unreachable"),
        both(nl="De server antwoordt niet: draait hij?", en="The server does not answer: is it running?"),
    ),
    (
        ("translate host", "resolve", "name or service", "getaddrinfo"),
        both(nl="De naam van de server is niet bekend.", en="The name of the server is not known."),
    ),
    (
        ("starting up", "shutting down"),
        both(nl="De server start net op of sluit net af.", en="The server is starting up or shutting down."),
    ),
    (
        ("too many", "remaining connection slots"),
        both(nl="De server heeft geen verbinding meer over.", en="The server has no connection left."),
    ),
    (
        ('missing "="', "invalid connection", "invalid uri", "invalid dsn", "invalid integer"),
        both(nl="Ze is niet te lezen.", en="It cannot be read."),
    ),
    (
        ("does not exist",),
        both(nl="De server kent zo'n databank of gebruiker niet.", en="The server knows no such database or user."),
    ),
)


class PostgresWriter(Writer):
    """PostgreSQL's words. It has no TRY_CAST before version 16, so what is cast is looked at first."""

    double = "DOUBLE PRECISION"
    spaces = " \u00a0\u202f"
    """What thousands are set apart by, besides a point."""

    def text_literal(self, value: str) -> str:
        """A text, which cannot hold a NUL in PostgreSQL."""
        if "\0" in value:
            raise self.refuse(
                nl="in een waarde staat een nulbyte, en die kan in geen tekst van PostgreSQL",
                en="a value holds a NUL byte, which no text in PostgreSQL can hold",
            )
        return quoted(value)

    def trimmed(self, text: str) -> str:
        """Without white space around it."""
        return f"btrim({text}, {BLANK})"

    def blank(self, text: str) -> str:
        """Whether there is nothing but white space. The first test spares the second for almost every value."""
        return f"({self.ordered(text)} < '!' AND {self.trimmed(text)} = '')"

    def middle(self, text: str, wanted: ColumnType, form: Form) -> str:
        """White space around it does not count. Some languages take digits of every script for digits, which cannot be cast."""
        return self.ordered(self.trimmed(text))

    def final(self, text: str, middle: str, wanted: ColumnType, form: Form) -> str:
        """Cast what has the right form, and nothing else: one value that cannot be cast would stop the statement."""
        t = middle
        plain = f"translate({t}, ',.{self.spaces}', '.')" if form.decimal == "," else t
        match wanted:
            case ColumnType.INTEGER:
                pattern = WHOLE_COMMA_FORM % self.spaces if form.decimal == "," else WHOLE_FORM
                return f"(CASE WHEN {t} ~ {quoted(pattern)} THEN CAST(split_part({plain}, '.', 1) AS BIGINT) END)"
            case ColumnType.NUMBER:
                pattern = COMMA_FORM % self.spaces if form.decimal == "," else NUMBER_FORM
                exact = f"CAST({plain} AS NUMERIC)"
                return (
                    f"(CASE WHEN NOT {t} ~ {quoted(pattern)} THEN NULL "
                    f"WHEN {t} !~ '[eE]' AND length({t}) < 300 THEN CAST({plain} AS DOUBLE PRECISION) "
                    f"WHEN abs({exact}) > 1.79769e308 THEN NULL WHEN abs({exact}) < 1e-300 THEN 0 "
                    f"ELSE CAST({plain} AS DOUBLE PRECISION) END)"
                )
            case ColumnType.BOOLEAN:
                words = [", ".join(quoted(w) for w, truth in WORDS.items() if truth is side) for side in (True, False)]
                return (
                    f"(CASE WHEN lower({t}) IN ({words[0]}) THEN TRUE WHEN lower({t}) IN ({words[1]}) THEN FALSE END)"
                )
            case ColumnType.DATE | ColumnType.DATETIME if form.formats:
                first = f"coalesce({', '.join(self._in_format(t, parts) for parts in form.formats)})"
                return f"CAST({first} AS DATE)" if wanted is DATE else first
            case ColumnType.DATE | ColumnType.DATETIME:
                y, m, d = (f"CAST(substr({t}, {at}, {n}) AS INTEGER)" for at, n in ((1, 4), (6, 2), (9, 2)))
                shape = f"NOT {t} ~ {quoted(f'^{DAY}([T ]{TIME}({ZONE})?)?$')}"
                never = f"WHEN {d} > {_days_in_month(y, m)} THEN NULL"
                if wanted is DATE:
                    return f"(CASE WHEN {shape} THEN NULL {never} ELSE make_date({y}, {m}, {d}) END)"
                short = rf"regexp_replace({t}, '(\.\d{{6}})\d+', '\1')"
                return (
                    f"(CASE WHEN {shape} THEN NULL {never} "
                    f"WHEN {t} ~ ':.*[Z+-]' THEN CAST({short} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' "
                    f"ELSE CAST({short} AS TIMESTAMP) END)"
                )
            case _:
                return text

    @staticmethod
    def _in_format(text: str, parts: tuple[str, ...]) -> str:
        """A time written in this format, or null."""
        pattern = "".join(PARTS.get(p) or ("\\" + p if p in SPECIAL else p) for p in parts)
        found = f"regexp_match({text}, {quoted(f'^{pattern}$')})"
        order = [p for p in parts if p in PARTS]

        def part(name: str, otherwise: str) -> str:
            return f"CAST(({found})[{order.index(name) + 1}] AS INTEGER)" if name in order else otherwise

        year = part("%Y", "") if "%Y" in order else f"(({part('%y', '')} + 31) % 100 + 1969)"
        month, day = part("%m", "1"), part("%d", "1")
        hour, minute, second = part("%H", "0"), part("%M", "0"), part("%S", "0")
        fraction = f"CAST('0.' || ({found})[{order.index('%f') + 1}] AS DOUBLE PRECISION)" if "%f" in order else "0"
        return (
            f"(CASE WHEN NOT {text} ~ {quoted(f'^{pattern}$')} THEN NULL "
            f"WHEN {month} NOT BETWEEN 1 AND 12 OR {hour} > 23 OR {minute} > 59 OR {second} > 59 THEN NULL "
            f"WHEN {day} NOT BETWEEN 1 AND {_days_in_month(year, month)} THEN NULL "
            f"ELSE make_timestamp({year}, {month}, {day}, {hour}, {minute}, {second} + {fraction}) END)"
        )

    def within_calendar(self, text: str, kind: ColumnType) -> str:
        """Null for infinity, and for years before 1 or after 9999."""
        word = "DATE" if kind is DATE else "TIMESTAMP"
        return f"(CASE WHEN {text} >= {word} '0001-01-01' AND {text} < {word} '10000-01-01' THEN {text} END)"

    def if_whole(self, text: str) -> str:
        """A number as a whole number; null when it has a fraction."""
        return f"(CASE WHEN abs({text}) < 9.2e18 AND {text} = trunc({text}) THEN CAST({text} AS BIGINT) END)"

    def finite(self, text: str) -> str:
        """Null instead of infinity or NaN, which sorts above infinity."""
        return f"(CASE WHEN abs({text}) < CAST('Infinity' AS DOUBLE PRECISION) THEN {text} END)"

    def whole(self, a: str, sign: str, b: str) -> str:
        """Whole-number arithmetic; null when the result does not fit."""
        found = f"(CAST({a} AS NUMERIC) {sign} {b})"
        return (
            f"(CASE WHEN {found} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST({found} AS BIGINT) END)"
        )

    def ordered(self, text: str) -> str:
        """By code point, whatever the language of the database."""
        return f'({text} COLLATE "C")'

    def extreme(self, which: str, found: Sql) -> str:
        """There is no smallest truth in PostgreSQL."""
        return f"{which}(CAST({found.text} AS INTEGER))" if found.type is BOOLEAN else super().extreme(which, found)

    def like(self, text: str, pattern: str) -> str:
        """LIKE without an escape character."""
        return f"({text} LIKE {pattern} ESCAPE '')"

    def matches(self, text: str, pattern: str) -> str:
        """Whether a text matches a regular expression as a whole; a digit is one of 0 to 9, whatever the language."""
        return f"({self.ordered(text)} ~ {quoted(f'^(?:{pattern})$')})"

    def rounded(self, text: str, places: int) -> str:
        """Half away from zero, as DuckDB does it; for numbers with fractions PostgreSQL itself rounds to even."""
        times = f"CAST(1e{places} AS DOUBLE PRECISION)"
        return f"(sign({text}) * floor(abs({text}) * {times} + 0.5) / {times})"

    def days(self, later: str, earlier: str) -> str:
        """Whole days between two dates."""
        return f"CAST({later} - {earlier} AS BIGINT)"

    def fractional_days(self, later: str, earlier: str) -> str:
        """Days between two times."""
        return f"CAST(extract(epoch FROM ({later} - {earlier})) / 86400 AS DOUBLE PRECISION)"


def _days_in_month(year: str, month: str) -> str:
    leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
    return f"(CASE WHEN {month} = 2 AND {leap} THEN 29 WHEN {month} = 2 THEN 28 WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END)"


class NarrowWriter(PostgresWriter):
    """The same for a database that is not in UTF8, which takes no statement with a character that its encoding lacks."""

    spaces = " \u00a0"


class PostgresEngine:
    """A table or view of a PostgreSQL database."""

    writer: type[PostgresWriter] = PostgresWriter
    one_pass = True
    stream = None

    def __init__(self, source: Source, dataset: card.Dataset) -> None:
        try:
            import psycopg  # only who measures a PostgreSQL needs its driver
        except ImportError:
            raise no_driver(data_set(source.name)) from None
        self.psycopg: Any = psycopg
        self.source, self.dataset = source, dataset
        self.what = data_set(source.name)
        try:
            given = psycopg.conninfo.conninfo_to_dict(source.connection or "")
            wait = given.get("connect_timeout") or 10
            text = psycopg.conninfo.make_conninfo(
                source.connection or "", connect_timeout=wait, application_name="vangrail"
            )
            self.connection = psycopg.connect(text, autocommit=True)
        except psycopg.Error as error:
            raise self._not_connected(error) from None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        if self.connection.info.server_version < OLDEST:
            raise VangrailError(
                said(
                    self.what,
                    nl=": deze PostgreSQL is ouder dan versie 14.",
                    en=": this PostgreSQL is older than version 14.",
                ),
                why=both(
                    nl="Ze kent geen controlegetal van hele rijen, waaraan te zien is of gegevens veranderden.",
                    en="It does not know a hash of whole rows, by which is seen whether data changed.",
                ),
                do=both(
                    nl="Vraag een nieuwere server: versies voor 14 krijgen geen beveiligingsupdates meer.",
                    en="Ask for a newer server: versions before 14 get no security updates any more.",
                ),
            )
        # Settings of the transaction only: a pooler in between may give the session to others, who want to write.
        self._do("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for setting in (
            "jit = off",  # compiling thousands of totals was measured to take longer than counting them
            "work_mem = '64MB'",  # with the default of 4 counts of 10^5 combinations go to disk
            "enable_sort = off",  # guessing far too many combinations, it would sort all rows: twice as slow
            "TimeZone = 'UTC'",
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'iso_8601'",
            "extra_float_digits = 1",
            "bytea_output = 'hex'",
            "standard_conforming_strings = on",
            "client_encoding = 'UTF8'",
        ):
            self._do(f"SET LOCAL {setting}")
        if self._encoding() != "UTF8":
            self.writer = NarrowWriter
        default = str(self.run("SELECT coalesce(current_schema(), 'public')")[0][0])
        tables = self.run(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
            "AND n.nspname NOT LIKE 'pg\\_toast%' AND NOT c.relispartition ORDER BY 1, 2"
        )
        schema, table = choose_table(
            self.what, self.dataset.table, [(str(a), str(b)) for a, b in tables], default=default
        )
        name = f"{_identifier(schema)}.{_identifier(table)}"
        # A domain counts as the type that it narrows.
        every = self.run(
            "SELECT attname, CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) "
            "ELSE format_type(atttypid, atttypmod) END, has_column_privilege(attrelid, attnum, 'SELECT') "
            "FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid "
            f"WHERE attrelid = {quoted(name)}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        described = [(n, origin) for n, origin, readable in every if readable] or [(n, o) for n, o, _ in every]
        columns = ", ".join(f"{_identifier(str(n))} AS r{i}" for i, (n, _) in enumerate(described))
        given = []
        self.exact = [_exact(str(origin), f"r{i}") for i, (_, origin) in enumerate(described)]
        for i, (column, origin) in enumerate(described):
            kind, raw = _native(str(origin), f"r{i}")
            given.append(Given(name=str(column), origin=str(origin), native=kind, found=kind, raw=raw))
        rows = f"(SELECT {columns} FROM {name}) AS s"
        self.found = Found(
            given=tuple(given),
            rows=rows,
            decimal=self.dataset.decimal or ".",
            notes=tuple(self._unseen(name, len(every) - len(described), len(every))),
        )

    def _unseen(self, name: str, closed: int, all_: int) -> Iterator[Text]:
        """What this user may not see of the table."""
        if closed:
            yield both(
                nl=f"{closed} van de {all_} kolommen zijn niet gelezen: deze gebruiker mag dat niet.",
                en=f"{closed} of the {all_} columns were not read: this user may not.",
            )
        if self.run(f"SELECT row_security_active({quoted(name)}::regclass)")[0][0]:
            yield both(
                nl="De databank bepaalt per gebruiker welke rijen te zien zijn (row-level security). Wat deze gebruiker niet"
                " ziet, is niet geteld.",
                en="The database decides for each user which rows can be seen (row-level security). What this user does not"
                " see was not counted.",
            )

    def ready(self, layout: Layout) -> Layout:
        """Nothing to prepare: nothing may be written."""
        return layout

    def hopeful(self, layout: Layout) -> None:
        """Looking first would be a pass more."""

    def run(self, statement: str) -> list[Row]:
        """The result of a statement."""
        return self._do(statement)

    def look(self, relation: str, expressions: Sequence[str]) -> Seen:
        """About how many values the expressions have among the first rows."""
        return engine.look(self.run, relation, expressions)

    def ask(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """All that counts few combinations in one pass; the others one after the other, each in one pass as well."""
        answers: dict[int, list[list[Row]]] = {}
        counts = [i for i, ask in enumerate(asks) if ask.by]
        for batch in engine.batches(
            [asks[i] for i in counts],
            cells_each=CELLS_EACH,
            cells_together=CELLS_TOGETHER,
            parts_together=min(PARTS_TOGETHER, MOST_COLUMNS - 2 * len(self.found.given)),
        ):
            places = [counts[i] for i in batch]
            answers |= dict(zip(places, self._in_one_pass(relation, [asks[i] for i in places]), strict=True))
        for i, ask in enumerate(asks):
            if i not in answers:
                again = ask.by and len(ask.reads) > 1
                answers[i] = self._in_one_pass(relation, [ask])[0] if again else engine.apart(self.run, relation, ask)
        return [answers[i] for i in range(len(asks))]

    def _in_one_pass(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """By GROUPING SETS. What is read out of the counts comes back as rows of JSON, for a statement gives one table."""
        keys = {e: f"e{i}" for i, e in enumerate(dict.fromkeys(e for ask in asks for e in ask.by))}
        figures = {f: f"f{i}" for i, f in enumerate(dict.fromkeys(f for ask in asks for f in ask.figures))}
        sets = dict.fromkeys(frozenset(ask.by) for ask in asks)
        each = list(keys)
        masks = [each[i : i + MASK_WIDTH] for i in range(0, len(each), MASK_WIDTH)]
        rows = f"(SELECT *, {', '.join(f'{e} AS {name}' for e, name in keys.items())} FROM {relation} AS r)"
        for _ in range(NO_LIMITS):
            rows = f"(SELECT * FROM {rows} AS d {NO_LIMIT})"
        shown = [f"GROUPING({', '.join(keys[e] for e in mask)}) AS m{i}" for i, mask in enumerate(masks)]
        shown += [*keys.values(), *(f"{figure} AS {name}" for figure, name in figures.items())]
        grouped = ", ".join(f"({', '.join(keys[e] for e in each if e in one)})" for one in sets)
        steps = [f"c AS MATERIALIZED (SELECT {', '.join(shown)} FROM {rows} AS d GROUP BY GROUPING SETS ({grouped}))"]
        for i, ask in enumerate(asks):
            of = [sum(2**n for n, e in enumerate(reversed(mask)) if e not in ask.by) for mask in masks]
            parts = [f"{keys[e]} AS k{n}" for n, e in enumerate(ask.by)]
            parts += [f"{figures[f]} AS f{n}" for n, f in enumerate(ask.figures)]
            own = " AND ".join(f"m{n} = {bits}" for n, bits in enumerate(of))
            steps.append(f"t{i} AS MATERIALIZED (SELECT {', '.join(parts)} FROM c WHERE {own})")
        reads = [read(f"t{i} AS t") for i, ask in enumerate(asks) for read in ask.reads]
        answers = " UNION ALL ".join(f"(SELECT {i}, to_json(q) FROM ({read}) AS q)" for i, read in enumerate(reads))
        tables: list[list[Row]] = [[] for _ in reads]
        for place, row in self.run(f"WITH {', '.join(steps)} {answers}"):
            tables[place].append(tuple(row.values()))
        found = iter(tables)
        return [[next(found) for _ in ask.reads] for ask in asks]

    def contains(self, text: str, pattern: str) -> str:
        """By PostgreSQL's own regular expressions; a digit is one of 0 to 9, whatever the language."""
        return f'({text} COLLATE "C" ~ {quoted(pattern)})'

    def _encoding(self) -> str | None:
        """That of the database."""
        found: str | None = self.connection.info.parameter_status("server_encoding")
        return found

    def _do(self, statement: str) -> list[Row]:
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        except self.psycopg.Error as error:
            raise self._told(error) from None

    def _not_connected(self, error: Exception) -> VangrailError:
        """Why there is no connection, without a word of the connection string."""
        text, variable = str(error).lower(), self.source.connection_name
        return VangrailError(
            said(self.what, nl=": geen verbinding met PostgreSQL.", en=": no connection to PostgreSQL."),
            why=next((reason for words, reason in NOT_CONNECTED if any(w in text for w in words)), ""),
            do=both(nl=f"Kijk de verbinding in {variable} na.", en=f"Check the connection string in {variable}."),
        )

    def _told(self, error: Exception) -> VangrailError:
        """An error of the server in our words: its own text may quote the rows."""
        errors, shown = self.psycopg.errors, said(self.what, nl=f": {self.source.shown}", en=f": {self.source.shown}")
        if isinstance(error, errors.InsufficientPrivilege):
            return VangrailError(
                said(shown, nl=": deze gebruiker mag de tabel niet lezen.", en=": this user may not read the table."),
                do=both(nl="Vraag er SELECT op.", en="Ask for SELECT on it."),
            )
        if isinstance(error, errors.QueryCanceled):
            return VangrailError(
                said(shown, nl=": de server brak de opdracht af.", en=": the server stopped the statement."),
                do=both(nl="Vraag een langere statement_timeout.", en="Ask for a longer statement_timeout."),
            )
        if isinstance(
            error, errors.SerializationFailure
        ):  # who only reads one moment never waits for others, but on a standby
            return VangrailError(
                said(
                    shown,
                    nl=": deze standby brak de opdracht af om bij te blijven met de hoofdserver.",
                    en=": this standby stopped the statement to keep up with its primary.",
                ),
                do=both(
                    nl="Vraag hot_standby_feedback of een langere max_standby_streaming_delay.",
                    en="Ask for hot_standby_feedback or a longer max_standby_streaming_delay.",
                ),
            )
        if isinstance(error, errors.LockNotAvailable):
            return VangrailError(
                said(
                    shown,
                    nl=": een ander programma houdt de tabel bezet.",
                    en=": another program keeps the table locked.",
                ),
                do=both(nl="Probeer het straks opnieuw.", en="Try again later."),
            )
        if isinstance(error, errors.DiskFull | errors.OutOfMemory | errors.ConfigurationLimitExceeded):
            return VangrailError(
                said(
                    shown,
                    nl=": de server heeft te weinig schijf of geheugen.",
                    en=": the server has too little disk or memory.",
                ),
                do=both(
                    nl="Meet op een rustiger moment, of vraag een ruimere temp_file_limit.",
                    en="Measure at a quieter moment, or ask for a larger temp_file_limit.",
                ),
            )
        if isinstance(error, errors.UntranslatableCharacter | errors.CharacterNotInRepertoire):
            return VangrailError(
                said(
                    shown,
                    nl=f": een teken kan niet van of naar de codering van de databank, {self._encoding()}.",
                    en=f": a character cannot go from or to the encoding of the database, {self._encoding()}.",
                ),
                do=both(
                    nl="Gebruik in card.yaml tekens die de databank kent, of meet een databank in UTF8.",
                    en="Use characters in card.yaml that the database knows, or measure a database in UTF8.",
                ),
            )
        if self.connection.closed or isinstance(error, errors.AdminShutdown | errors.CrashShutdown):
            return VangrailError(
                said(
                    shown,
                    nl=": de verbinding met de server viel weg tijdens het meten.",
                    en=": the connection to the server was lost while measuring.",
                ),
                why=both(nl="Van deze dataset is dus niets gemeten.", en="So nothing of this data set was measured."),
                do=both(
                    nl="Probeer opnieuw als de server weer te bereiken is.",
                    en="Try again when the server can be reached.",
                ),
            )
        return unexplained(shown, "PostgreSQL", f"{type(error).__name__} ({getattr(error, 'sqlstate', None)})")

    def groups(self, asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
        """Counts by way of a few small cubes, which do not leave the server."""
        return cubes.groups(asked, columns, cost=cubes.cost_within_a_pass)

    def repeats(self, relation: str, sets: Sequence[Sequence[Sql]]) -> Work[list[int]]:
        """In one statement: the first set by all rows, each next one by those rows that repeat in the set before it.

        The server keeps groups on disk when they are many, and does not read the rows again when none repeat. Rows are told
        apart by a hash of 64 bits: that two different ones of 10^7 share theirs, and are taken for a repeat, has a chance of
        3 in a million.
        """
        marks = [_hash([_bytes(c) for c in columns], 1) for columns in sets]

        def read(totals: str) -> str:
            steps = [f"t0 AS MATERIALIZED (SELECT k0, f0 FROM {totals} WHERE f0 > 1)"]
            for i, (before, mark) in enumerate(pairwise(marks)):
                rows = f"{relation} AS s WHERE {before} IN (SELECT k0 FROM t{i})"
                some = f"SELECT {mark} AS k0, count(*) AS f0 FROM {rows} GROUP BY 1 HAVING count(*) > 1"
                steps.append(f"t{i + 1} AS MATERIALIZED ({some})")
            beyond = [f"(SELECT coalesce(sum(f0 - 1), 0) FROM t{i})" for i in range(len(marks))]
            return f"WITH {', '.join(steps)} SELECT {', '.join(beyond)}"

        (((found,),),) = yield [Ask(by=(marks[0],), figures=("count(*)",), reads=(read,), cells=math.inf)]
        return [int(n) for n in found]

    def fingerprint(self) -> tuple[str, str, int]:
        """Sum and xor of two hashes of each row, which do not depend on the order of the rows.

        PostgreSQL divides tables by this hash, so it stays what it is. Eight times as fast as MD5 of the values as text
        (measured).
        """
        columns = [self.exact[self.found.given.index(g)] for g in in_name_order(self.found)]
        # OFFSET 0 keeps the planner from writing each hash out for every figure that is made of it.
        hashes = ", ".join(f"{_hash(columns, seed)} AS h{seed}" for seed in (1, 2))
        figures = ", ".join(f"coalesce(sum(h{seed}), 0), coalesce(bit_xor(h{seed}), 0)" for seed in (1, 2))
        *found, rows, probe = self.run(
            f"SELECT {figures}, count(*), {_hash(PROBE, 1)} FROM (SELECT {hashes} FROM {self.found.rows} OFFSET 0) AS f"
        )[0]
        name = f"vangrail-1/postgresql-hash-{int(probe) % 2**64:016x}"
        return name, content(self.found, *map(int, found), int(rows)), int(rows)

    def unchanged(self) -> None:
        """What others write meanwhile is not seen: everything is read in one transaction."""

    def close(self) -> None:
        """End the session."""
        self.connection.close()


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _native(origin: str, raw: str) -> tuple[ColumnType, str]:
    """The logical type of a column, and its value in that type."""
    before, _, after = origin.partition("(")
    kind = before.strip() + after.partition(")")[2]
    if kind in ("smallint", "integer", "bigint"):
        return INTEGER, f"CAST({raw} AS BIGINT)"
    if kind in ("real", "double precision") or (kind == "numeric" and after):
        return NUMBER, f"CAST({raw} AS DOUBLE PRECISION)"
    if kind == "numeric":
        # As wide as one likes: what is too large for a number with fractions would stop the statement.
        sizes = f"WHEN abs({raw}) > 1.79769e308 THEN 'Infinity' WHEN abs({raw}) < 1e-300 THEN 0"
        return NUMBER, f"(CASE {sizes} ELSE CAST({raw} AS DOUBLE PRECISION) END)"
    if kind == "timestamp with time zone":
        return DATETIME, f"({raw} AT TIME ZONE 'UTC')"
    exact = {"boolean": BOOLEAN, "date": DATE, "timestamp without time zone": DATETIME}
    # A column can have a language of its own, in which 'Gent' equals 'gent' or patterns are not known: that of the database has not.
    return (exact[kind], raw) if kind in exact else (TEXT, f'(CAST({raw} AS TEXT) COLLATE pg_catalog."default")')


def _bytes(column: Sql) -> str:
    """A logical value for `_hash`."""
    match column.type:
        case ColumnType.INTEGER:
            return f"int8send({column.text})"
        case ColumnType.DATETIME:
            return f"timestamp_send({column.text})"
        case _:
            return column.text


def _exact(origin: str, raw: str) -> str:
    """A value of which PostgreSQL has a hash that tells every two values apart."""
    before, _, after = origin.partition("(")
    kind = before.strip() + after.partition(")")[2]
    if kind in EIGHT_BYTES:
        return f"{EIGHT_BYTES[kind]}({raw})"
    if kind in ("smallint", "integer", "real", "double precision", "boolean", "date", "uuid", "bytea"):
        return raw
    return f'(CAST({raw} AS TEXT) COLLATE "C")'  # 1.0 and 1.00 are one number, and some languages have texts that are equal


def _hash(values: Sequence[str], seed: int) -> str:
    """64 bits of a row, none of whose values is one of `EIGHT_BYTES`.

    Hashed once more in the end, for that of a row is a weighted sum of those of its values.
    """
    return f"hash_record_extended(ROW(int8send(hash_record_extended(ROW({', '.join(values)}), {seed}))), {seed})"
