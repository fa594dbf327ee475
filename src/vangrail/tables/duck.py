"""DuckDB inside the program: CSV, Parquet and DuckDB files. The default engine.

Nothing is fetched: extensions are neither installed nor loaded, and only the files of the source can be opened. What does
not fit in memory goes to a private folder that is removed on closing.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import csv_files, cubes, engine, expressions, passes
from vangrail.tables.engine import (
    Ask,
    Found,
    Grouping,
    NotSo,
    Row,
    Seen,
    Work,
    beyond_first,
    choose_table,
    content,
    in_name_order,
    one_by_one,
)
from vangrail.tables.expressions import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, Form, Sql, Writer, quoted
from vangrail.tables.layout import BLANKS, Given, Layout, relation
from vangrail.tables.source import Source
from vangrail.tables.stopping import stoppable
from vangrail.tables.wording import data_set, in_use, said, unexplained

SAMPLE = 20_480
LONGEST_LINE = 4 << 20
"""DuckDB sets memory aside for sixteen of these per thread."""
BATCH = 20_000
FEW_ROWS = 100_000
"""Up to so many rows a pass takes a few hundredths of a second, and the first figures are there long before the last."""
SMALL_CELLS, CELLS_AT_ONCE, PARTS_AT_ONCE = 150_000, 150_000, 200
"""Totals that are made in a pass that others share: how large each may be, all together, and of how many expressions."""
MOST_BLOCKS = 1000
"""So many places are told apart in a statement; where rows repeat in more of them, nearly all are looked at anyway."""
ROLLED_UP_CELLS = 20_000
"""Counts of so few combinations are added up in less time than it takes to count rows once more."""
PLAIN = re.compile(r"[rpc]\d+|TRUE")
"""An expression that costs nothing."""
BLANK = "' ' || chr(9) || chr(10) || chr(13)"
WHOLE_FORM = r"\s*[+-]?\d{1,18}(\.0*)?\s*"
NUMBER_FORM = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?"
COMMA_FORM = "[+-]?(\\d+|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3})+)(,\\d*)?([eE][+-]?\\d{1,4})?"
WHOLE_COMMA_FORM = "[+-]?(\\d{1,18}|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3}){1,5})(,0*)?"
DAY_FORM = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME_FORM = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
ZONE_FORM = r" ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
MOMENT_FORM = f"{DAY_FORM}([T ]{TIME_FORM}({ZONE_FORM})?)?"
WORDS = {"true": True, "1": True, "ja": True, "yes": True, "waar": True} | dict.fromkeys(
    ("false", "0", "nee", "no", "onwaar"), False
)


class DuckWriter(Writer):
    """DuckDB's words for reading text."""

    @staticmethod
    def told_apart(columns: Sequence[Sql]) -> tuple[str, ...]:
        """Up to three columns as they are, more by a hash of 64 bits, in half the time.

        It takes two combinations out of 10^7 for one with a chance of 3 in a million.
        """
        texts = tuple(c.text for c in columns)
        return texts if len(texts) <= 3 else (f"hash({', '.join(texts)})",)

    def trimmed(self, text: str) -> str:
        """Without white space around it."""
        return f"trim({text}, {BLANK})"

    def blank(self, text: str) -> str:
        """Whether there is nothing but white space. The first test spares the second for almost every value."""
        return f"({text} < '!' AND {self.trimmed(text)} = '')"

    def middle(self, text: str, wanted: ColumnType, form: Form) -> str:
        """A first attempt for plain numbers, which is what most text columns that are no text hold."""
        if wanted is NUMBER and form.decimal == ".":
            return f"TRY_CAST({text} AS DOUBLE)"
        if wanted is INTEGER and form.decimal == ".":
            return f"CASE WHEN regexp_full_match({text}, '{WHOLE_FORM}') THEN TRY_CAST({text} AS BIGINT) END"
        return f"trim({text}, {BLANK})"

    def final(self, text: str, middle: str, wanted: ColumnType, form: Form) -> str:
        """What was read, where it is of the form that every engine reads alike."""
        t = middle
        match wanted:
            case ColumnType.INTEGER | ColumnType.NUMBER if form.decimal == ",":
                plain = f"translate({t}, ',. ' || chr(160) || chr(8239), '.')"
                finite = f"nullif(nullif(TRY_CAST({plain} AS DOUBLE), 'inf'::DOUBLE), '-inf'::DOUBLE)"
                if wanted is INTEGER:
                    return (
                        f"(CASE WHEN regexp_full_match({t}, '{WHOLE_COMMA_FORM}') THEN TRY_CAST({plain} AS BIGINT) END)"
                    )
                return f"(CASE WHEN regexp_full_match({t}, '{COMMA_FORM}') THEN {finite} END)"
            case ColumnType.INTEGER:
                return t
            case ColumnType.NUMBER:  # DuckDB also reads 1_000, and makes infinity of what is too large
                return f"(CASE WHEN abs({t}) < 'inf'::DOUBLE AND NOT contains({text}, '_') THEN {t} END)"
            case ColumnType.BOOLEAN:
                words = [", ".join(quoted(w) for w, truth in WORDS.items() if truth is side) for side in (True, False)]
                return (
                    f"(CASE WHEN lower({t}) IN ({words[0]}) THEN TRUE WHEN lower({t}) IN ({words[1]}) THEN FALSE END)"
                )
            case ColumnType.DATE | ColumnType.DATETIME if form.formats:
                return self._in_formats(t, form.formats, wanted)
            case ColumnType.DATE:
                return (
                    f"(CASE WHEN regexp_full_match({t}, '{MOMENT_FORM}') THEN TRY_CAST(substr({t}, 1, 10) AS DATE) END)"
                )
            case ColumnType.DATETIME:
                zoned = f"regexp_replace({t}, ' ?([+-]\\d\\d)(\\d\\d)$', '\\1:\\2')"
                return (
                    f"(CASE WHEN NOT regexp_full_match({t}, '{MOMENT_FORM}') THEN NULL "
                    f"WHEN regexp_matches({t}, ':.*[Z+-]') THEN timezone('UTC', TRY_CAST({zoned} AS TIMESTAMPTZ)) "
                    f"ELSE TRY_CAST({t} AS TIMESTAMP) END)"
                )
            case _:
                return text

    def _in_formats(self, text: str, formats: Sequence[tuple[str, ...]], wanted: ColumnType) -> str:
        """A date or time written in one of these ways; the first that fits."""
        found = []
        for parts in formats:
            form = "".join(FORMAT_FORMS.get(p) or re.escape(p) for p in parts)
            time = f"try_strptime({text}, {quoted(''.join('%%' if p == '%' else p for p in parts))})"
            found.append(f"CASE WHEN regexp_full_match({text}, {quoted(form)}) THEN {time} END")
        first = f"coalesce({', '.join(found)})"
        return f"CAST({first} AS DATE)" if wanted is DATE else first

    def one_of(self, text: str, values: list[str], kind: ColumnType | None) -> str:
        """Whether a value is among these. A long list is looked up, for IN tries its values one by one."""
        if kind is not TEXT or len(values) < 10:
            return super().one_of(text, values, kind)
        known = f"[{', '.join(dict.fromkeys(values))}]"
        return f"(CASE WHEN {text} IS NOT NULL THEN map({known}, {known})[{text}] IS NOT NULL END)"

    def within_calendar(self, text: str, kind: ColumnType) -> str:
        """Null for a date that no calendar of ours has: infinity, or a year before 1 or after 9999."""
        word = "DATE" if kind is DATE else "TIMESTAMP"
        return f"(CASE WHEN {text} >= {word} '0001-01-01' AND {text} < {word} '10000-01-01' THEN {text} END)"

    def rounded_logarithm(self, text: str, places: int) -> str:
        """By hand, as DuckDB does it, but without taking 10 to a power for every value: 0.10 s instead of 0.16 s for eight
        columns of 10^6 rows. Any other number could outgrow itself on the way."""
        return f"(round({text} * 1e{places}) / 1e{places})"

    def if_whole(self, text: str) -> str:
        """A number as a whole number; null when it has a fraction."""
        return f"(CASE WHEN {text} = trunc({text}) AND abs({text}) < 9.2e18 THEN CAST({text} AS BIGINT) END)"


FORMAT_FORMS = {
    "%d": r"\d{1,2}",
    "%m": r"\d{1,2}",
    "%Y": r"[1-9]\d{3}",
    "%y": r"\d{2}",
    "%H": r"\d{1,2}",
    "%M": r"\d{1,2}",
    "%S": r"\d{1,2}",
    "%f": r"\d{1,6}",
}

MOST_CASES = 1_000_000_000
"""So many cases can lines stand for that were counted already."""


class DuckEngine:
    """A CSV, Parquet or DuckDB file, read by DuckDB."""

    writer = DuckWriter

    def __init__(self, source: Source, dataset: card.Dataset) -> None:
        self.source, self.dataset = source, dataset
        self.what = data_set(source.name)
        self.private = Path(tempfile.mkdtemp(prefix="vangrail-"))
        self.names: tuple[str, ...] = ()
        self.figures: Row | None = None
        self.doubled: dict[str, tuple[int, str | None] | None] = {}
        self.rows = 0
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        spill = self.private / "spill"
        spill.mkdir()
        self.connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "temp_directory": str(spill),
                "memory_limit": f"{_memory_mib()}MiB",
                "preserve_insertion_order": "false",
            }
        )
        self._do("SET TimeZone = 'UTC'")
        notes: tuple[Text, ...] = ()
        decimal: str = self.dataset.decimal or "."
        match self.source.kind:
            case "csv":
                file = csv_files.look(self.source, self.dataset, private=self.private)
                self._only(file.path)
                self.raw = self._csv(file, null="NULL")
                self.exact = self._csv(file, null=None)
                given, decimal, more = self._look(file)
                notes = (*file.notes, *more)
            case "parquet":
                self._only(*self.source.paths)
                given = self._parquet()
            case _:
                given = self._attach()
        self.source_columns = given
        if self.dataset.count is not None:
            given = self._counted(given, self.dataset.count, decimal)
        self.found = Found(given=given, rows=self.raw, decimal=decimal, notes=notes)

    def _only(self, *paths: Path) -> None:
        """From here on DuckDB opens these files and nothing else."""
        allowed = ", ".join(quoted(str(p)) for p in paths)
        self._do(f"SET allowed_paths = [{allowed}]")
        self._do("SET enable_external_access = false")
        self._do("SET lock_configuration = true")

    # --- opening -----------------------------------------------------------------------------------------------------

    def _csv(self, file: csv_files.CsvFile, *, null: str | None) -> str:
        columns = ", ".join(f"'r{i}': 'VARCHAR'" for i in range(len(file.names)))
        nulls = (
            f", nullstr = ['', {quoted(null)}], allow_quoted_nulls = false" if null else ", allow_quoted_nulls = false"
        )
        return (
            f"read_csv({quoted(str(file.path))}, delim = {quoted(file.delimiter)}, header = {str(file.header).lower()}, skip = {file.skip}, "
            f"auto_detect = false, quote = '\"', escape = '\"', max_line_size = {LONGEST_LINE}{nulls}, columns = {{{columns}}})"
        )

    def _counted(self, given: tuple[Given, ...], count: str, decimal: str) -> tuple[Given, ...]:
        """Each line as many times as it says that there are such cases, with a column that is true for so many of them.

        VangrailError where that is no number of cases.
        """
        number = self._cases(given, count, decimal, place=f"card.yaml: datasets.{self.source.name}.count")
        columns, parts = [f"r{i}" for i in range(len(given))], list(given)
        for name, column in self.dataset.of_which.items():
            place = f"card.yaml: datasets.{self.source.name}.of_which.{name}"
            if name in (g.name for g in given):
                raise VangrailError(
                    both(
                        nl=f"{place}: het bestand heeft al een kolom '{name}'.",
                        en=f"{place}: the file has a column '{name}' already.",
                    ),
                    do=both(nl="Kies een andere naam.", en="Choose another name."),
                )
            part = self._cases(given, column, decimal, place=place, at_most=number)
            parts.append(
                Given(name=name, origin=f"cases by {column}", native=BOOLEAN, found=BOOLEAN, raw=f"r{len(columns)}")
            )
            columns.append(f"nth < {part} AS r{len(columns)}")
        self.raw = f"(SELECT {', '.join(columns)} FROM {self.raw}, range({number}) AS cases(nth)) AS s"
        return tuple(parts)

    def _cases(
        self, given: Sequence[Given], column: str, decimal: str, *, place: str, at_most: str | None = None
    ) -> str:
        """A number of cases per line, as an expression. VangrailError where it is none, or more than `at_most`, another expression.

        Thousands may stand apart: 1,390 or 1 390, and 1.390 where the file has decimal commas.
        """
        found = next((g for g in given if g.name == column), None)
        if found is None:
            raise expressions.unknown_column(column, [g.name for g in given], where=place)
        text = DuckWriter({}, where=self.what).trimmed(f"{found.raw}::VARCHAR")
        apart = f"[{'.' if decimal == ',' else ','} \u00a0\u202f]"
        form = f"(\\d{{1,18}}|\\d{{1,3}}({apart}\\d{{3}}){{1,5}})([{decimal}]0*)?"
        whole = f"regexp_replace({text}, '[{decimal}]0*$', '')"
        number = f"(CASE WHEN regexp_full_match({text}, '{form}') THEN TRY_CAST(regexp_replace({whole}, '{apart}', '', 'g') AS BIGINT) END)"
        limit = f" OR {number} > {at_most}" if at_most is not None else ""
        wrong, cases = self.run(f"SELECT count_if({number} IS NULL{limit}), sum({number}::HUGEINT) FROM {self.raw}")[0]
        if wrong or (cases or 0) > MOST_CASES:
            raise VangrailError(
                both(
                    nl=f"{place}: kolom '{column}' houdt geen aantallen in: {wrong} regels zonder geheel getal van 0 of meer"
                    f"{', of met meer dan er gevallen zijn' if at_most else ''}, samen {cases or 0} gevallen.",
                    en=f"{place}: column '{column}' holds no numbers of cases: {wrong} lines without a whole number of 0 or more"
                    f"{', or with more than there are cases' if at_most else ''}, {cases or 0} cases in all.",
                ),
                do=both(
                    nl=f"Noem de kolom met het aantal gevallen per regel; samen hoogstens {MOST_CASES}.",
                    en=f"Name the column with the number of cases per line; at most {MOST_CASES} in all.",
                ),
            )
        return number

    def _look(self, file: csv_files.CsvFile) -> tuple[tuple[Given, ...], str, list[Text]]:
        """Find what the columns of text hold, by looking at the first rows."""
        self._do(f"CREATE TEMP TABLE look AS SELECT * FROM {self.raw} LIMIT {SAMPLE}")
        looks: list[Row] = []
        for start in range(0, len(file.names), engine.LOOKS_AT_ONCE):
            looks += self._look_at(file.names[start : start + engine.LOOKS_AT_ONCE], start)
        self._do("DROP TABLE look")
        notes: list[Text] = []
        decimal = self.dataset.decimal
        if decimal is None:
            # In a file whose values are apart by commas, 1,200 is a thousand and two hundred.
            commas = sum(
                1
                for n, _, point, comma, *_, cut in looks
                if n and comma == n and point < n and (cut or file.delimiter[0] != ",")
            )
            points = sum(1 for n, whole, point, comma, *_ in looks if n and point == n and comma < n and whole < n)
            decimal = "," if commas > points else "."
            if decimal == ",":
                notes.append(
                    both(
                        nl="De getallen hebben een komma voor de decimalen. Dat is gevonden door te kijken.",
                        en="The numbers have a decimal comma. This was found by looking.",
                    )
                )
        given = []
        for i, (name, look) in enumerate(zip(file.names, looks, strict=True)):
            n, whole, point, comma, odd, day, long, truth, _ = look
            number = comma if decimal == "," else point
            if n == 0 or odd:
                found = TEXT
            elif whole == n:
                found = INTEGER
            elif number == n:
                found = NUMBER
            elif day == n:
                found = DATETIME if long else DATE
            elif truth == n:
                found = BOOLEAN
            else:
                found = TEXT
            given.append(Given(name=name, origin="text", native=TEXT, found=found, raw=f"r{i}"))
        return tuple(given), decimal, notes

    def _look_at(self, names: Sequence[str], start: int) -> list[Row]:
        """Of each column, how many values there are, and how many are of each form."""
        words = DuckWriter({}, where=self.what)
        parts, tests = [], []
        for i, name in enumerate(names, start):
            missing = [str(v) for v in self.dataset.missing_in(name)]
            t = f"nullif({words.trimmed(f'r{i}')}, '')" + "".join(
                f".nullif({quoted(m.strip(BLANKS))})" for m in missing
            )
            parts.append(f"{t} AS t{i}")
            t = f"t{i}"
            tests += [
                f"count({t})",
                f"count_if(regexp_full_match({t}, '[+-]?\\d{{1,18}}'))",
                f"count_if(regexp_full_match({t}, '{NUMBER_FORM}'))",
                f"count_if(regexp_full_match({t}, '{COMMA_FORM}'))",
                f"count_if(regexp_full_match({t}, '[+-]?0\\d.*|[+-]?\\d{{16,}}.*'))",
                f"count_if(regexp_full_match({t}, '{MOMENT_FORM}'))",
                f"count_if(length({t}) > 10)",
                f"count_if({words.read(t, BOOLEAN)} IS NOT NULL)",
                f"count_if(contains({t}, ',') AND NOT regexp_full_match({t}, '[+-]?\\d{{1,3}}(,\\d{{3}})+'))",
            ]
        figures = self.run(f"SELECT {', '.join(tests)} FROM (SELECT {', '.join(parts)} FROM look) AS t")[0]
        return [figures[9 * i : 9 * i + 9] for i in range(len(names))]

    def _parquet(self) -> tuple[Given, ...]:
        files = "[" + ", ".join(quoted(str(p)) for p in self.source.paths) + "]"
        first: list[tuple[str, str]] | None = None
        for path in self.source.paths:
            described = [
                (r[0], r[1]) for r in self._do(f"DESCRIBE FROM {_read_parquet(f'[{quoted(str(path))}]')}", path)
            ]
            if first is None:
                first = described
            elif described != first:
                raise self._other_schema(path, first, described)
        assert first is not None  # noqa: S101  a source has at least one file
        self.raw = self.exact = f"{_read_parquet(files)} AS s({', '.join(f'r{i}' for i in range(len(first)))})"
        return self._typed(first)

    def _other_schema(self, path: Path, first: list[tuple[str, str]], other: list[tuple[str, str]]) -> VangrailError:
        a, b = dict(first), dict(other)
        missing, extra = [n for n in a if n not in b][:5], [n for n in b if n not in a][:5]
        differ = [n for n in a if n in b and a[n] != b[n]][:5]
        dutch = [f"'{n}' ontbreekt" for n in missing] + [f"'{n}' is extra" for n in extra]
        dutch += [f"'{n}' is {b[n]} in plaats van {a[n]}" for n in differ]
        english = [f"'{n}' is missing" for n in missing] + [f"'{n}' is extra" for n in extra]
        english += [f"'{n}' is {b[n]} instead of {a[n]}" for n in differ]
        name = self.source.path.name
        return VangrailError(
            said(
                self.what,
                nl=f": {path.name} heeft andere kolommen dan {name}: {', '.join(dutch) or 'hun volgorde verschilt'}.",
                en=f": {path.name} has other columns than {name}: {', '.join(english) or 'their order differs'}.",
            ),
            why=both(
                nl="Bestanden die samen gelezen worden, moeten dezelfde kolommen van dezelfde types hebben.",
                en="Files that are read together must have the same columns of the same types.",
            ),
            do=both(
                nl="Schrijf ze opnieuw met één schema, of maak het patroon nauwer.",
                en="Write them again with one schema, or narrow the pattern.",
            ),
        )

    def _attach(self) -> tuple[Given, ...]:
        self._do(f"ATTACH {quoted(str(self.source.path))} AS src (READ_ONLY)")
        self._only(self.source.path)
        tables = self._do(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'src' UNION ALL "
            "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'src' AND NOT internal ORDER BY ALL"
        )
        schema, table = choose_table(
            self.what, self.dataset.table, [(str(a), str(b)) for a, b in tables], default="main"
        )
        name = f"src.{_identifier(schema)}.{_identifier(table)}"
        described = [(str(r[0]), str(r[1])) for r in self._do(f"DESCRIBE FROM {name}")]
        self.raw = self.exact = f"{name} AS s({', '.join(f'r{i}' for i in range(len(described)))})"
        return self._typed(described)

    @staticmethod
    def _typed(described: list[tuple[str, str]]) -> tuple[Given, ...]:
        given = []
        for i, (name, origin) in enumerate(described):
            kind, raw = _native(origin, f"r{i}")
            given.append(Given(name=name, origin=origin, native=kind, found=kind, raw=raw))
        return tuple(given)

    def ready(self, layout: Layout) -> Layout:
        """A CSV is read once and kept as Parquet in the private folder: each further pass over the text would cost as much.

        Of what was read as another type, the text itself is not kept but only that there was one: a fifth of the time.
        """
        if self.source.kind != "csv":
            self.rows = int(self.run(f"SELECT count(*) FROM {self.raw}")[0][0])
            return replace(layout, also=tuple(f"r{step.number}" for step in layout.steps.values()))
        steps = layout.steps.values()
        kept = [
            f"CASE WHEN p{s.number} IS NOT NULL THEN TRUE END AS p{s.number}" if s.value is not None else f"p{s.number}"
            for s in steps
        ]
        kept += [f"c{s.number}" for s in steps if s.value is not None]
        target = self.private / "spill" / "rows.parquet"
        size = max(2048, min(122_880, 1_000_000 // max(len(steps), 1) // 2048 * 2048))  # a wide row group takes memory
        ((self.rows,),) = self._do(
            f"COPY (SELECT {', '.join(kept)} FROM {relation(steps, layout.rows)} AS s) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {size})"
        )
        return replace(layout, stored=f"read_parquet({quoted(str(target))})")

    @property
    def one_pass(self) -> bool:
        """Not for few rows: planning one large statement would keep the first figures waiting."""
        return self.rows > FEW_ROWS

    def hopeful(self, layout: Layout) -> tuple[Layout, Work[None]] | None:
        """Without the tests for NaN, infinity and odd years.

        Whether there are any is found in the same pass as all the rest, and so is the fingerprint: of rows as they stand in
        the source.
        """
        if layout.stored is not None or self.raw != self.exact:
            return None
        plain, steps, tests = DuckWriter({}, where=""), dict(layout.steps), []
        for name, step in steps.items():
            kind, there = layout.columns[name].type, f"p{step.number}"
            if step.value == plain.finite(there):  # a sum is NaN or infinite as soon as one value is
                tests.append(f"coalesce(isfinite(sum({step.raw})), TRUE)")
            elif kind in (DATE, DATETIME) and step.value == plain.within_calendar(there, kind):
                word = "DATE" if kind is DATE else "TIMESTAMP"
                first, end = f"{word} '0001-01-01'", f"{word} '10000-01-01'"
                tests.append(f"coalesce(min({step.raw}) >= {first} AND max({step.raw}) < {end}, TRUE)")
            else:
                continue
            steps[name] = replace(step, value=there)
        return replace(layout, steps=steps), self._look_at_all(tests)

    def _look_at_all(self, tests: Sequence[str]) -> Work[None]:
        """The figures of the fingerprint, and whether all rows pass the tests; NotSo where they do not."""
        # By a constant: that lets DuckDB make any total in the pass that it shares with others.
        ask = Ask(by=("TRUE",), figures=(*self._figures(), *tests), reads=("SELECT * FROM {}".format,))
        ((found,),) = yield [ask]
        _, *figures = found[0] if found else (None, 0, 0, 0)
        self.figures, passed = tuple(figures[:3]), figures[3:]
        if not all(passed):
            raise NotSo

    # --- asking ------------------------------------------------------------------------------------------------------

    def run(self, statement: str) -> list[Row]:
        """The result of a statement."""
        return self._do(statement)

    def stream(self, statement: str) -> Iterator[Sequence[Row]]:
        """The rows of a statement in batches; DuckDB does not hold them all at once."""
        cursor = self.connection.cursor()
        try:
            stoppable(lambda: cursor.execute(statement), cursor.interrupt)
            while batch := stoppable(lambda: cursor.fetchmany(BATCH), cursor.interrupt):
                yield batch
        except duckdb.Error as error:
            raise self._told(error, None) from None
        finally:
            cursor.close()

    def contains(self, text: str, pattern: str) -> str:
        """By RE2, in linear time."""
        return f"regexp_matches({text}, {quoted(pattern)})"

    def look(self, relation: str, expressions: Sequence[str]) -> Seen:
        """About how many values the expressions have among the first rows."""
        return engine.look(self.run, relation, expressions, distinct="approx_count_distinct({})")

    def ask(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """All whose totals are small in one pass; the others one after the other, for they may need all memory there is."""
        answers: dict[int, list[list[Row]]] = {}
        for batch in engine.batches(
            asks, cells_each=SMALL_CELLS, cells_together=CELLS_AT_ONCE, parts_together=PARTS_AT_ONCE
        ):
            found = self._in_one_pass(relation, [asks[i] for i in batch])
            answers |= dict(zip(batch, found, strict=True))
        return [answers[i] if i in answers else engine.kept(self.run, relation, ask) for i, ask in enumerate(asks)]

    def _in_one_pass(self, relation: str, asks: Sequence[Ask]) -> list[list[list[Row]]]:
        """DuckDB hands each row that it reads on to all totals that are made of them, where these are told apart by name.

        Their answers come as one row of lists, for a statement gives one table.
        """
        shared = dict.fromkeys(e for ask in asks for e in ask.by if not PLAIN.fullmatch(e))
        names = {expression: f"x{i}" for i, expression in enumerate(shared)}
        rows = ", ".join(["*", *(f"{expression} AS {name}" for expression, name in names.items())])
        steps = [f"d AS MATERIALIZED (SELECT {rows} FROM {relation} AS d)"]
        finest_first = sorted(range(len(asks)), key=lambda i: -len(asks[i].by))
        for place, i in enumerate(finest_first):
            finer = next((j for j in finest_first[:place] if _follows(asks[i], asks[j])), None)
            totals = asks[i].totals("d", names) if finer is None else _out_of(asks[i], asks[finer], f"t{finer}")
            steps.append(f"t{i} AS ({totals})")
        reads = [read(f"t{i} AS t") for i, ask in enumerate(asks) for read in ask.reads]
        lists = ", ".join(f"(SELECT list(q) FROM ({read}) AS q) AS a{i}" for i, read in enumerate(reads))
        self.run("DROP TABLE IF EXISTS temp.answers")
        self.run(f"CREATE TEMP TABLE answers AS WITH {', '.join(steps)} SELECT {lists}")
        tables = iter([self.run(f"SELECT unnest(a{i}, max_depth := 2) FROM temp.answers") for i in range(len(reads))])
        self.run("DROP TABLE temp.answers")
        return [[next(tables) for _ in ask.reads] for ask in asks]

    def _do(self, statement: str, path: Path | None = None) -> list[Row]:
        try:
            return stoppable(lambda: self.connection.execute(statement).fetchall(), self.connection.interrupt)
        except duckdb.Error as error:
            raise self._told(error, path) from None

    def _told(self, error: duckdb.Error, path: Path | None) -> VangrailError:
        """An error of the engine in our words: its own text may quote the rows."""
        text, name = str(error), path.name if path else self.source.shown
        shown = said(self.what, nl=f": {name}", en=f": {name}")
        if isinstance(error, duckdb.OutOfMemoryException):
            return VangrailError(
                said(
                    shown,
                    nl=" vraagt meer geheugen of schijf dan er is.",
                    en=" needs more memory or disk than there is.",
                ),
                do=both(
                    nl=f"Maak plaats vrij in {tempfile.gettempdir()}, of laat TMPDIR naar een grotere schijf wijzen.",
                    en=f"Free disk space in {tempfile.gettempdir()}, or point TMPDIR to a larger disk.",
                ),
            )
        if self.source.kind == "csv" and (found := re.search(r"CSV Error on Line: (\d+)", text)):
            return self._bad_line(shown, int(found[1]), text)
        if self.source.kind == "csv" and "state machine" in text:
            return VangrailError(
                said(
                    shown,
                    nl=": niet alle regels eindigen op dezelfde manier, of een aanhalingsteken is niet gesloten.",
                    en=": the lines do not all end in the same way, or a quote is not closed.",
                ),
                do=both(nl="Exporteer het bestand opnieuw als CSV.", en="Export the file again as CSV."),
            )
        if isinstance(error, duckdb.IOException) and "lock" in text.lower():
            return in_use(shown)
        if self.source.kind == "parquet" and not isinstance(
            error, duckdb.OutOfRangeException | duckdb.ConversionException
        ):
            return VangrailError(
                said(
                    shown,
                    nl=" is geen Parquetbestand, of het is beschadigd.",
                    en=" is not a Parquet file, or it is damaged.",
                ),
                do=both(
                    nl="Schrijf het opnieuw; meestal is een kopie afgebroken.",
                    en="Write it again; a copy that was cut off is the usual cause.",
                ),
            )
        if self.source.kind == "duckdb" and isinstance(error, duckdb.IOException | duckdb.SerializationException):
            return VangrailError(
                said(
                    shown,
                    nl=f" is geen DuckDB-bestand, of het komt van een nieuwere DuckDB dan {duckdb.__version__}.",
                    en=f" is not a DuckDB file, or it was written by a newer DuckDB than {duckdb.__version__}.",
                ),
                do=both(
                    nl="Open het met het programma dat het schreef, en exporteer de tabel naar Parquet.",
                    en="Open it with the program that wrote it, and export the table to Parquet.",
                ),
            )
        return unexplained(shown, "DuckDB", type(error).__name__)

    def _bad_line(self, shown: Text, line: int, text: str) -> VangrailError:
        if found := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text):
            lines = self._ragged() or [line]
            listed, one = ", ".join(map(str, lines)), len(lines) == 1
            return VangrailError(
                said(
                    shown,
                    nl=f": regel {listed} {'heeft' if one else 'hebben'} een ander aantal kolommen dan de eerste regel"
                    f" (regel {line}: {found[2]} in plaats van {found[1]}).",
                    en=f": line {listed} {'has' if one else 'have'} another number of columns than the first line"
                    f" (line {line}: {found[2]} instead of {found[1]}).",
                ),
                why=both(
                    nl="Een waarde met het scheidingsteken erin moet tussen dubbele aanhalingstekens staan.",
                    en="A value that holds the delimiter must stand between double quotes.",
                ),
                do=both(
                    nl="Verbeter deze regels, of exporteer het bestand opnieuw.",
                    en="Correct these lines, or export the file again.",
                ),
            )
        if "quote" in text:
            return VangrailError(
                said(
                    shown,
                    nl=f": op regel {line} is een dubbel aanhalingsteken niet gesloten, of staat er tekst achter.",
                    en=f": line {line} has a double quote that is not closed, or text after a closing one.",
                ),
                do=both(
                    nl="Schrijf een dubbel aanhalingsteken in een waarde twee keer, en sluit elk.",
                    en="Write a double quote inside a value twice, and close every one.",
                ),
            )
        if "unicode" in text or "utf-8" in text:
            return VangrailError(
                said(shown, nl=f": regel {line} is geen UTF-8.", en=f": line {line} is not UTF-8."),
                do=both(nl="Bewaar het bestand als 'CSV UTF-8'.", en="Save the file as 'CSV UTF-8'."),
            )
        if "Maximum line size" in text or "line size" in text.lower():
            return VangrailError(
                said(shown, nl=f": regel {line} is langer dan 4 MiB.", en=f": line {line} is longer than 4 MiB."),
                do=both(
                    nl="Meestal is een dubbel aanhalingsteken niet gesloten.",
                    en="A double quote that is not closed is the usual cause.",
                ),
            )
        return VangrailError(
            said(
                shown,
                nl=f": regel {line} is niet als CSV te lezen.",
                en=f": line {line} cannot be read as CSV.",
            ),
            do=both(nl="Verbeter de regel, of exporteer opnieuw.", en="Correct the line, or export it again."),
        )

    def _ragged(self) -> list[int]:
        """The first lines with another number of columns."""
        cursor = self.connection.cursor()
        try:
            cursor.execute(
                f"SELECT count(*) FROM {self.exact[:-1]}, store_rejects = true, rejects_limit = 1000)"
            ).fetchall()
            return [
                int(r[0])
                for r in cursor.execute("SELECT DISTINCT line FROM reject_errors ORDER BY line LIMIT 5").fetchall()
            ]
        except duckdb.Error:
            return []

    def groups(self, asked: Sequence[Grouping], columns: Mapping[str, str]) -> Work[list[list[Row]]]:
        """Counts by way of a few small cubes."""
        return cubes.groups(asked, columns, cost=cubes.cost_within_a_pass)

    def repeats(self, relation: str, sets: Sequence[Sequence[Sql]]) -> Work[list[int]]:
        """Rows beyond the first of each combination.

        With a column of whole numbers that lie close together (a row number, mostly), only rows can repeat that lie where one
        of those does, so only those are compared.
        """
        return one_by_one(sets, lambda columns: self._repeats(relation, columns))

    def _repeats(self, relation: str, found: Sequence[Sql]) -> Work[int]:
        columns, by = [f.text for f in found], DuckWriter.told_apart(found)
        for column in (f.text for f in found if f.type is INTEGER):
            if column not in self.doubled:
                self.doubled[column] = yield from self._doubled(relation, column)
            if (doubled := self.doubled[column]) is None:
                continue
            rows, where = doubled
            if len(columns) == 1 or not rows:
                return rows
            some = f"(SELECT * FROM {relation} AS s WHERE {where})" if where is not None else relation
            if not self._beyond_first(some, [column, *columns[:2]]):
                return 0  # rows that differ in a few columns differ in all; reading those few is five times faster
            return self._beyond_first(some, by)
        return (yield from beyond_first(by))

    def _doubled(self, relation: str, column: str) -> Work[tuple[int, str | None] | None]:
        """How many rows repeat a whole number, and where to look for them unless that is in too many places.

        Numbers are marked in strings of 64 bits, one bit per possible value: some fifty times smaller than a hash table. None
        where they lie so far apart that this is no gain.
        """
        ends = self.run(f"SELECT count({column}), min({column}), max({column}) FROM {relation} AS d")[0]
        there, low, high = (int(x or 0) for x in ends)
        if not there or not there // 2 <= high - low + 1 <= min(20 * there + 1000, 2**31):
            return None
        block, bit = f"(({column} - {low}) >> 6)", f"1::UBIGINT << (({column} - {low}) & 63)"
        beyond = "f0 - coalesce(f1, 1)"  # nulls are one value
        ask = Ask(
            by=(block,),
            figures=("count(*)", f"bit_count(bit_or({bit}))"),
            reads=(
                f"SELECT sum({beyond}) AS n FROM {{}}".format,
                f"SELECT k0 FROM {{}} WHERE {beyond} > 0 LIMIT {MOST_BLOCKS + 1}".format,
            ),
            cells=(high - low) / 640,  # row numbers mostly rise, so only some of these are counted at a time
        )
        ((((rows,),), blocks),) = yield [ask]
        known = [str(k) for (k,) in blocks if k is not None]
        places = [f"{block} IN ({', '.join(known)})"] if known else []
        places += [f"{column} IS NULL"] if len(known) < len(blocks) else []
        return int(rows), f"({' OR '.join(places)})" if places and len(blocks) <= MOST_BLOCKS else None

    def _beyond_first(self, relation: str, columns: Sequence[str]) -> int:
        """Rows beyond the first of each combination, of some of the rows."""
        return passes.one(self, relation, beyond_first(columns))

    def fingerprint(self) -> tuple[str, str, int]:
        """Sum and xor of a hash of each row, which do not depend on the order of the rows."""
        total, mixed, rows = self.figures or self.run(f"SELECT {', '.join(self._figures())} FROM {self.exact}")[0]
        return self._algorithm(), content(self._in_source(), int(total), int(mixed), int(rows)), int(rows)

    def _figures(self) -> tuple[str, str, str]:
        """Of a hash of each row as it stands in the source."""
        h = f"hash({', '.join(f'r{self.source_columns.index(g)}' for g in in_name_order(self._in_source()))})"
        return f"coalesce(sum({h}), 0)", f"coalesce(bit_xor({h}), 0)", "count(*)"

    def _in_source(self) -> Found:
        """What was found, without columns that were made of numbers of cases."""
        return replace(self.found, given=self.source_columns)

    def _algorithm(self) -> str:
        """The name of the function, with what it makes of fixed values: another DuckDB may hash in another way."""
        probe = "hash('Gent', 1.5::DOUBLE, 42::BIGINT, NULL, TRUE, DATE '2026-11-22', TIMESTAMP '2026-11-22 10:00:00')"
        return f"vangrail-1/duckdb-hash-{int(self.run(f'SELECT {probe}')[0][0]):016x}"

    def unchanged(self) -> None:
        """The files are as they were."""
        self.source.unchanged()

    def close(self) -> None:
        """Close the connection and remove what was written."""
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.close()
        shutil.rmtree(self.private, ignore_errors=True)


def _follows(ask: Ask, finer: Ask) -> bool:
    """Whether the one is a count that can be read from the other, which is small."""
    counts = ask.by and ask.figures == ("count(*)",) and finer.figures[0] == "count(*)"
    return bool(counts) and {*ask.by} <= {*finer.by} and finer.cells <= ROLLED_UP_CELLS


def _out_of(ask: Ask, finer: Ask, counts: str) -> str:
    """The totals of the one out of those of the other."""
    keys = ", ".join(f"k{finer.by.index(e)} AS k{i}" for i, e in enumerate(ask.by))
    return f"SELECT {keys}, sum(f0) AS f0 FROM {counts} GROUP BY {', '.join(str(i + 1) for i in range(len(ask.by)))}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_parquet(files: str) -> str:
    return f"read_parquet({files}, hive_partitioning = false, union_by_name = false)"


def _native(origin: str, raw: str) -> tuple[ColumnType, str]:
    """The logical type of a column, and its value in that type."""
    kind = origin.upper()
    if kind in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"):
        return INTEGER, f"CAST({raw} AS BIGINT)" if kind != "BIGINT" else raw
    if kind in ("UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM", "FLOAT") or kind.startswith("DECIMAL"):
        if found := re.fullmatch(r"DECIMAL\((\d+),0\)", kind):
            return (INTEGER, f"CAST({raw} AS BIGINT)") if int(found[1]) <= 18 else (NUMBER, f"CAST({raw} AS DOUBLE)")
        return NUMBER, f"CAST({raw} AS DOUBLE)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return DATETIME, f"timezone('UTC', {raw})"
    if kind.startswith("TIMESTAMP"):
        return DATETIME, raw if kind == "TIMESTAMP" else f"CAST({raw} AS TIMESTAMP)"
    plain = {"DOUBLE": NUMBER, "BOOLEAN": BOOLEAN, "DATE": DATE, "VARCHAR": TEXT}
    return (plain[kind], raw) if kind in plain else (TEXT, f"CAST({raw} AS VARCHAR)")


def _memory_mib() -> int:
    """How much memory DuckDB may use before it goes to disk: 60 % of what is there, at most 1.2 GiB."""
    try:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        there = 2 << 30
    for limit in (Path("/sys/fs/cgroup/memory.max"),):  # a container may have less than the machine
        try:
            there = min(there, int(limit.read_text()))
        except (OSError, ValueError):
            continue
    return max(128, min(1200, there * 6 // 10 >> 20))
