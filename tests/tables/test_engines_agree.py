"""DuckDB (from CSV and from Parquet), SQLite, PostgreSQL and Spark give the figures of a slow and obvious implementation."""

import csv
import itertools
import math
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postgres
from vangrail.model import card
from vangrail.model.needs import (
    At,
    Classes,
    Counts,
    Extreme,
    Key,
    Missing,
    Need,
    Over,
    Repeats,
    Rows,
    Unreadable,
    Where,
)
from vangrail.tables import Table, open_table, sql

WORDS = st.sampled_from(
    ["Gent", "gent", "Aalst", "é", "z", "a b", " a", "'", '"', ";", "%", "N.v.t.", "", "  ", "ＡＢ", "😀"]
)
WHOLE = st.one_of(st.integers(-3, 3), st.integers(-(10**17), 10**17), st.just(0))
NUMBER = st.one_of(
    st.sampled_from([0.0, 1.0, -1.5, 2.25, 1e15, 1e-7, float("nan"), float("inf"), -float("inf")]),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
)
DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TIME = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31))
ROW = st.fixed_dictionaries(
    {
        "word": st.none() | WORDS,
        "whole": st.none() | WHOLE,
        "number": st.none() | NUMBER,
        "truth": st.none() | st.booleans(),
        "day": st.none() | DAY,
        "time": st.none() | TIME,
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=25)
MANY_ROWS = st.lists(ROW, min_size=40, max_size=80)
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            *(
                "1",
                "1.0",
                "1.",
                ".5",
                "+1",
                "-1",
                "1e3",
                "1E-3",
                "1e400",
                "1_000",
                "0x1F",
                "nan",
                "inf",
                "-Infinity",
                "1,5",
                "1.234,5",
                " 7 ",
            ),
            *(
                "007",
                "999999999999999999",
                "9999999999999999999",
                "1 000",
                "-",
                "+",
                "e5",
                "1e",
                "--1",
                "0b11",
                "1d",
                "1f",
                "٣",
                "\u00a01",
            ),
            *("true", "TRUE", "ja", "Nee", "waar", "onwaar", "t", "yes", "no", "0", "2"),
            *(
                "2024-02-29",
                "2023-02-29",
                "2024-13-01",
                "2024-1-2",
                "2024-01-02T10:11",
                "2024-01-02 10:11:12.123456789",
                "01/02/2024",
            ),
            *(
                "2024-01-02T10:11:12Z",
                "2024-01-02 10:11:12+01:00",
                "2024-01-02 10:11:12 -0530",
                "2024-01-02T10:11:12+02",
                "2024-01-02 24:00",
            ),
            *(
                "0000-01-01",
                "0999-01-01",
                "9999-12-31",
                "20240102",
                "today",
                "epoch",
                "infinity",
                "2024-01-02T10",
                "2024-01-02 10:11:60",
                "2024/01/02",
            ),
            *(
                "2024-01-02 10:11:12+15:00",
                "2024-01-02 10:11 Europe/Brussels",
                "2024-01-02 (BC)",
                "",
                " ",
                "\t",
                "n/a",
                "x",
                "12.50",
                "2024-12-31T23:59:59.9999999",
            ),
        ]
    ),
    st.text(st.sampled_from("0123456789+-.,eE_ xnai:TZ/"), max_size=12),
)
KINDS = ("text", "integer", "number", "boolean", "date", "datetime")
SOURCES = ("csv", "parquet", "sqlite", "postgres")
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(QUIET, max_examples=2)
"""For Spark, where a table of many rows takes as long as one of a few."""


@pytest.fixture(scope="module")
def server(postgres_cluster: postgres.Cluster) -> Iterator[tuple[str, psycopg.Connection]]:
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as connection:
        yield postgres_cluster.connection(), connection


def written(value: Any) -> str:
    """As a CSV file has it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case _:
            return str(value)


def stored(value: Any) -> Any:
    """As an SQLite file has it, which knows no NaN, truth, date or time."""
    match value:
        case bool():
            return int(value)
        case datetime() | date():
            return str(value)
        case float() if math.isnan(value):
            return "nan"
        case _:
            return value


ARROW = {
    "word": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "day": pa.date32(),
    "time": pa.timestamp("us"),
}
SERVER = {
    "word": "text",
    "whole": "bigint",
    "number": "double precision",
    "truth": "boolean",
    "day": "date",
    "time": "timestamp",
}


class Maker:
    """Writes rows to a source of each kind."""

    def __init__(self, folder: Path, server: tuple[str, psycopg.Connection], spark: str = "") -> None:
        self.folder, (self.connection, self.session), self.spark = folder, server, spark

    def source(self, kind: str, rows: list[dict[str, Any]], *, texts: bool = False) -> card.Dataset | None:
        names = list(rows[0])
        path = self.folder / f"rows.{kind}"
        path.unlink(missing_ok=True)
        match kind:
            case "csv":
                with path.open("w", newline="", encoding="utf-8") as stream:
                    out = csv.writer(stream, quoting=csv.QUOTE_ALL)
                    out.writerows([names, *([written(r[n]) for n in names] for r in rows)])
            case "parquet" | "spark":
                columns = {n: pa.array([r[n] for r in rows], pa.string() if texts else ARROW[n]) for n in names}
                pq.write_table(pa.table(columns), path, row_group_size=3)
                if kind == "spark":
                    return card.Dataset(source="spark:SPARK", table=str(path))
            case "sqlite":
                with sqlite3.connect(path) as base:
                    base.execute(f"CREATE TABLE rows ({', '.join(names)})")
                    base.executemany(
                        f"INSERT INTO rows VALUES ({', '.join('?' * len(names))})",
                        [[stored(r[n]) for n in names] for r in rows],
                    )
                base.close()
            case _:
                self.session.execute("DROP TABLE IF EXISTS rows")
                types = ", ".join(f'"{n}" {"text" if texts else SERVER[n]}' for n in names)
                self.session.execute(f"CREATE TABLE rows ({types})")
                with self.session.cursor().copy("COPY rows FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row([row[n] for n in names])
                return card.Dataset(source="postgresql:SERVER", table="rows")
        return card.Dataset(source=path.name)

    def open(self, dataset: card.Dataset) -> Any:
        environment = {"SERVER": self.connection, "SPARK": self.spark}
        return open_table("rows", dataset, folder=self.folder, environment=environment)


@pytest.fixture
def maker(tmp_path: Path, server: tuple[str, psycopg.Connection]) -> Maker:
    return Maker(tmp_path, server)


@pytest.fixture
def spark_maker(tmp_path: Path, server: tuple[str, psycopg.Connection], spark_address: str) -> Maker:
    return Maker(tmp_path, server, spark_address)


def check(table: Table, wanted: dict[Need, Any]) -> None:
    answers = table.answer(wanted)
    for need, value in wanted.items():
        if isinstance(need, Counts | Classes):
            assert reference.same(answers[need], value), (need, answers[need], value)
        else:
            assert answers[need] == value, need
            assert type(answers[need]) is type(value), need


COLUMNS = {
    "word": "text",
    "whole": "integer",
    "number": "number",
    "truth": "boolean",
    "day": "date",
    "time": "datetime",
}


def answers_alike(kind: str, maker: Maker, rows: list[dict[str, Any]]) -> None:
    """Totals, counts by one and by two columns, repeats, smallest and largest, with nulls, NaN, infinity and odd texts."""
    dataset = maker.source(kind, rows).model_copy(
        update={
            "columns": {n: card.Column(type=t, missing=("N.v.t.",) if n == "word" else ()) for n, t in COLUMNS.items()}
        }
    )
    there = [{n: reference.present(v, ("N.v.t.",) if n == "word" else ()) for n, v in r.items()} for r in rows]
    logical = [
        {
            n: reference.read(v, COLUMNS[n]) if not isinstance(v, float) else reference.read(v, "number")
            for n, v in r.items()
        }
        for r in there
    ]
    wanted: dict[Need, Any] = {Rows(): len(rows)}
    for name in COLUMNS:
        wanted[Missing(name)] = sum(r[name] is None for r in there)
        wanted[Unreadable(name)] = sum(
            a[name] is not None and b[name] is None for a, b in zip(there, logical, strict=True)
        )
        wanted[Extreme(name, "min")] = reference.extreme(logical, name, "min")
        wanted[Extreme(name, "max")] = reference.extreme(logical, name, "max")
        wanted[Repeats((name,))] = reference.repeats(logical, [name])
        wanted[Counts((Key(name, sql.column(name)),))] = reference.counts(logical, {name: lambda r, n=name: r[n]})
    for a, b in itertools.combinations(COLUMNS, 2):
        wanted[Counts((Key(a, sql.column(a)), Key(b, sql.column(b))), where='"whole" >= 0')] = reference.counts(
            logical,
            {a: lambda r, n=a: r[n], b: lambda r, n=b: r[n]},
            lambda r: None if r["whole"] is None else r["whole"] >= 0,
        )
    wanted[Repeats(tuple(COLUMNS))] = reference.repeats(logical, COLUMNS)
    for by, sensitive in (
        (("truth",), None),
        (("truth",), "word"),
        (("whole", "time"), "truth"),
        (("word", "day"), None),
    ):
        wanted[Classes(by, sensitive)] = reference.classes(logical, by, sensitive)
    for sensitive in ("whole", "number", "day", "time"):
        wanted[Classes(("word", "truth"), sensitive)] = reference.classes(logical, ("word", "truth"), sensitive)
    wanted[Counts((), where='"truth"')] = reference.counts(logical, {}, lambda r: r["truth"])
    with maker.open(dataset) as table:
        assert {f.name: str(f.type) for f in table.fields} == COLUMNS
        check(table, wanted)


@pytest.mark.parametrize("kind", SOURCES)
@given(rows=ROWS)
@QUIET
def test_every_engine_answers_every_need_alike(kind: str, maker: Maker, rows: list[dict[str, Any]]) -> None:
    answers_alike(kind, maker, rows)


@given(rows=MANY_ROWS)
@FEW
def test_spark_answers_every_need_alike(spark_maker: Maker, rows: list[dict[str, Any]]) -> None:
    answers_alike("spark", spark_maker, rows)


SERIES = st.lists(
    st.fixed_dictionaries(
        {
            "word": st.none() | st.sampled_from(["a", "b"]),
            "whole": st.none() | st.integers(-4, 6) | st.sampled_from([10**15, 10**15 + 1, 2**62]),
            "number": st.none() | st.sampled_from([0.0, 1.5, -2.0, 7.25]),
            "truth": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=14,
)


def nearby_alike(kind: str, maker: Maker, rows: list[dict[str, Any]], first: int | None, length: int) -> None:
    """What stands so many places earlier or later in the same series; gaps, repeats, and rows without a place included."""
    last = length - 2 if first is None else first + length
    dataset = maker.source(kind, rows).model_copy(
        update={"columns": {n: card.Column(type=COLUMNS[n]) for n in ("word", "whole", "number", "truth")}}
    )
    place = {"series": ('"word"',), "at": '"whole"', "first": first, "last": last}
    overs = tuple(Over(f"{take} of number", '"number"', take, **place) for take in ("min", "max", "count"))
    # The second step looks at what the first one found: one place earlier.
    back = Over("back", '"max of number"', "max", ('"word"',), '"whole"', -1, -1)
    marked = [
        r
        | {
            f"{take} of number": reference.nearby(
                rows, r, "number", take, series="word", at="whole", first=first, last=last
            )
            for take in ("min", "max", "count")
        }
        for r in rows
    ]
    marked = [
        r | {"back": reference.nearby(marked, r, "max of number", "max", series="word", at="whole", first=-1, last=-1)}
        for r in marked
    ]
    # The place to look at differs per row.
    other = At("other", '"number"', ('"word"', '"truth" AND "truth"'), '"whole"', '"whole" - CAST("number" AS INTEGER)')
    marked = [
        r
        | {
            "other": reference.agreed(
                [s for s in rows if s["truth"] is r["truth"]],
                r,
                "number",
                series="word",
                at="whole",
                place=None if None in (r["whole"], r["number"]) else r["whole"] - math.trunc(r["number"]),
            )
        }
        for r in marked
    ]
    names = [o.name for o in overs]
    wanted: dict[Need, Any] = {
        Counts(tuple(Key(n, sql.column(n)) for n in names), over=overs): reference.counts(
            marked, {n: lambda r, n=n: r[n] for n in names}
        ),
        Counts((Key("b", '"back"'),), where='"truth"', over=(*overs, back)): reference.counts(
            marked, {"b": lambda r: r["back"]}, lambda r: r["truth"]
        ),
        Counts((Key("o", '"other"'),), over=(*overs, other)): reference.counts(marked, {"o": lambda r: r["other"]}),
        Counts((Key("w", '"word"'),)): reference.counts(rows, {"w": lambda r: r["word"]}),
    }
    with maker.open(dataset) as table:
        check(table, wanted)


@pytest.mark.parametrize("kind", SOURCES)
@given(rows=SERIES, first=st.none() | st.integers(-4, 2), length=st.integers(0, 4))
@QUIET
def test_every_engine_sees_the_same_nearby_rows(
    kind: str, maker: Maker, rows: list[dict[str, Any]], first: int | None, length: int
) -> None:
    nearby_alike(kind, maker, rows, first, length)


@given(rows=SERIES, first=st.none() | st.integers(-4, 2), length=st.integers(0, 4))
@FEW
def test_spark_sees_the_same_nearby_rows(
    spark_maker: Maker, rows: list[dict[str, Any]], first: int | None, length: int
) -> None:
    nearby_alike("spark", spark_maker, rows, first, length)


def texts_alike(kind: str, maker: Maker, texts: list[str | None]) -> None:
    """The same text is the same number, truth, date or time everywhere, or unreadable everywhere."""
    rows = [dict.fromkeys(KINDS, t) for t in texts]
    dataset = maker.source(kind, rows, texts=True)
    for decimal in (".", ","):
        columns = {k: card.Column(type=k, missing=("n/a",)) for k in KINDS}
        there = [reference.present(t, ("n/a",)) for t in texts]
        wanted: dict[Need, Any] = {}
        for k in KINDS:
            values = [reference.read(t, k, decimal=decimal) for t in there]
            wanted[Missing(k)] = there.count(None)
            wanted[Unreadable(k)] = values.count(None) - there.count(None)
            wanted[Counts((Key(k, sql.column(k)),))] = reference.counts(
                [{k: v} for v in values], {k: lambda r, n=k: r[n]}
            )
        with maker.open(dataset.model_copy(update={"columns": columns, "decimal": decimal})) as table:
            check(table, wanted)


@pytest.mark.parametrize("kind", SOURCES)
@given(texts=st.lists(TEXTS, min_size=1, max_size=30))
@QUIET
def test_every_engine_reads_texts_alike(kind: str, maker: Maker, texts: list[str | None]) -> None:
    texts_alike(kind, maker, texts)


@given(texts=st.lists(TEXTS, min_size=80, max_size=150))
@FEW
def test_spark_reads_texts_alike(spark_maker: Maker, texts: list[str | None]) -> None:
    texts_alike("spark", spark_maker, texts)


def rounded(number: float, places: int) -> float:
    """Half away from zero."""
    return math.copysign(math.floor(abs(number) * 10**places + 0.5) / 10**places, number)


EXPRESSIONS: dict[str, Any] = {
    '"number" / 0 IS NULL': lambda r: True,
    '"whole" + 1 > "whole"': lambda r: None if r["whole"] is None else True,
    '"number" > 1 OR "number" <= 1': lambda r: None if r["number"] is None else True,
    "\"word\" LIKE '%a%'": lambda r: None if r["word"] is None else "a" in r["word"],
    "\"word\" NOT LIKE 'G_nt'": lambda r: None if r["word"] is None else r["word"] != "Gent",
    "LOWER(\"word\") = 'gent'": lambda r: None if r["word"] is None else r["word"].lower() == "gent",
    'LENGTH("word") > 1': lambda r: None if r["word"] is None else len(r["word"]) > 1,
    "\"word\" < 'b'": lambda r: None if r["word"] is None else r["word"] < "b",
    "COALESCE(\"word\", 'leeg') || '!' = 'leeg!'": lambda r: r["word"] is None,
    '"truth" IS TRUE': lambda r: r["truth"] is True,
    'NOT "truth"': lambda r: None if r["truth"] is None else not r["truth"],
    "\"day\" >= '2000-01-01'": lambda r: None if r["day"] is None else r["day"] >= date(2000, 1, 1),
    'CAST("time" AS DATE) - "day" > 100': lambda r: (
        None if None in (r["time"], r["day"]) else (r["time"].date() - r["day"]).days > 100
    ),
    '"time" >= "day"': lambda r: None if None in (r["time"], r["day"]) else r["time"].date() >= r["day"],
    '"time" - "day" > 0.5': lambda r: (
        None
        if None in (r["time"], r["day"])
        else (r["time"] - datetime.combine(r["day"], datetime.min.time())).total_seconds() / 86400 > 0.5
    ),
    'YEAR("day") % 4 = 0': lambda r: None if r["day"] is None else r["day"].year % 4 == 0,
    'EXTRACT(MONTH FROM "time") IN (1, 2)': lambda r: None if r["time"] is None else r["time"].month in (1, 2),
    'FLOOR("number") = "number"': lambda r: None if r["number"] is None else r["number"] == int(r["number"] // 1),
    'ROUND("number") > 1': lambda r: None if r["number"] is None else rounded(r["number"], 0) > 1,
    'ROUND("number", 2) = 2.25': lambda r: None if r["number"] is None else rounded(r["number"], 2) == 2.25,
    'ABS("whole") BETWEEN 1 AND 3': lambda r: None if r["whole"] is None else 1 <= abs(r["whole"]) <= 3,
    'NULLIF("whole", 0) IS NULL': lambda r: r["whole"] in (None, 0),
    'CASE WHEN "truth" THEN 1 WHEN "whole" > 0 THEN 2 ELSE 3 END = 3': lambda r: (
        not r["truth"] and not (r["whole"] or 0) > 0
    ),
    '"whole" IS DISTINCT FROM 0': lambda r: r["whole"] != 0,
    "CAST(\"whole\" AS TEXT) = '0'": lambda r: None if r["whole"] is None else r["whole"] == 0,
    'TRY_CAST("word" AS INTEGER) IS NULL': lambda r: True,
    "REGEXP_LIKE(\"word\", '[A-Z].*')": lambda r: (
        None if r["word"] is None else r["word"][:1].isascii() and r["word"][:1].isupper()
    ),
    'SQRT("number") >= 0': lambda r: None if r["number"] is None or r["number"] < 0 else True,
    'LN("number") > 0': lambda r: None if r["number"] is None or r["number"] <= 0 else r["number"] > 1,
    '"whole" * 1000000000 * 1000000000 IS NULL': lambda r: r["whole"] is None or abs(r["whole"] * 10**18) >= 2**63,
    "REPLACE(\"word\", 'e', '') = \"word\"": lambda r: None if r["word"] is None else "e" not in r["word"],
    "SUBSTRING(\"word\", 1, 1) = 'G'": lambda r: None if r["word"] is None else r["word"][:1] == "G",
}


def rules_alike(kind: str, maker: Maker, rows: list[dict[str, Any]]) -> None:
    """Each expression is for each row true, false or unknown, the same everywhere."""
    dataset = maker.source(kind, rows).model_copy(
        update={"columns": {n: card.Column(type=t) for n, t in COLUMNS.items()}}
    )
    logical = [{n: reference.read(reference.present(v), COLUMNS[n]) for n, v in r.items()} for r in rows]
    wanted: dict[Need, Any] = {}
    with maker.open(dataset) as table:
        for text, truth in EXPRESSIONS.items():
            safe = sql.checked(text, table.fields, where="test")
            wanted[Where(safe)] = sum(truth(r) is True for r in logical)
            wanted[Counts((Key("holds", safe),))] = reference.counts(logical, {"holds": truth})
        check(table, wanted)


@pytest.mark.parametrize("kind", SOURCES)
@given(rows=ROWS)
@QUIET
def test_every_engine_agrees_on_what_a_rule_means(kind: str, maker: Maker, rows: list[dict[str, Any]]) -> None:
    rules_alike(kind, maker, rows)


@given(rows=MANY_ROWS)
@FEW
def test_spark_agrees_on_what_a_rule_means(spark_maker: Maker, rows: list[dict[str, Any]]) -> None:
    rules_alike("spark", spark_maker, rows)
