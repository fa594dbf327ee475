"""Parquet, DuckDB and SQLite files: their pitfalls, and what is said of them."""

import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Counts, CountTable, Extreme, Key, Missing, Repeats, Rows, Unreadable, Where
from vangrail.tables import open_table, sql

CANARY = "Jef-Geheim-850101"


def opened(folder: Path, source: str, **declared: Any) -> Any:
    return open_table("rows", card.Dataset(source=source, **declared), folder=folder, environment={})


def values(table: Any, column: str) -> dict[Any, int]:
    need = Counts((Key("v", sql.column(column)),))
    return {c.values[0]: c.rows for c in table.answer([need])[need].cells}


def refused(folder: Path, source: str, **declared: Any) -> str:
    with pytest.raises(VangrailError) as caught, opened(folder, source, **declared) as table:
        table.answer([Rows(), *(Extreme(f.name, "max") for f in table.fields)])
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_many_parquet_files_are_one_table(tmp_path: Path) -> None:
    for i in range(3):
        pq.write_table(pa.table({"n": [i, i + 1], "t": ["a", None]}), tmp_path / f"deel-{i}.parquet")
    with opened(tmp_path, "deel-*.parquet") as table:
        assert values(table, "n") == {0: 1, 1: 2, 2: 2, 3: 1}
        assert table.answer([Missing("t")])[Missing("t")] == 3


def test_parquet_files_of_different_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1], "t": [CANARY]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"n": ["1"], "x": [CANARY]}), tmp_path / "b.parquet")
    said = refused(tmp_path, "*.parquet")
    assert (
        "b.parquet has other columns than a.parquet: 't' is missing, 'x' is extra, 'n' is VARCHAR instead of BIGINT"
        in said
    )


def test_parquet_that_is_none_or_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / "none.parquet").write_text(f"a,b\n1,{CANARY}\n")
    (tmp_path / "nothing.parquet").write_bytes(b"")
    pq.write_table(pa.table({"n": list(range(1000))}), tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:500])
    for name in ("none", "nothing", "cut"):
        assert "is not a Parquet file, or it is damaged" in refused(tmp_path, f"{name}.parquet")


def test_types_that_are_none_of_ours(tmp_path: Path) -> None:
    """Small and huge whole numbers, decimals, zones, lists, bytes and categories each become the nearest of our types."""
    rows = pa.table(
        {
            "tiny": pa.array([1, 2], pa.int8()),
            "huge": pa.array([1, 2**63 + 5], pa.uint64()),
            "money": pa.array([Decimal("1.50"), Decimal("2.25")]),
            "single": pa.array([0.5, None], pa.float32()),
            "zoned": pa.array([datetime(2026, 1, 1, 12), None], pa.timestamp("us", tz="Europe/Brussels")),
            "nano": pa.array([datetime(2026, 1, 1, 12), None], pa.timestamp("ns")),
            "list": pa.array([["a"], []]),
            "bytes": pa.array([b"a", b"\xff"]),
            "word": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    pq.write_table(rows, tmp_path / "rows.parquet")
    with opened(tmp_path, "rows.parquet") as table:
        assert {f.name: str(f.type) for f in table.fields} == {
            "tiny": "integer",
            "huge": "number",
            "money": "number",
            "single": "number",
            "zoned": "datetime",
            "nano": "datetime",
            "list": "text",
            "bytes": "text",
            "word": "text",
        }
        assert values(table, "money") == {1.5: 1, 2.25: 1}
        assert values(table, "zoned") == {datetime(2026, 1, 1, 12): 1, None: 1}
        assert values(table, "word") == {"a": 1, "b": 1}


def test_a_declared_type_reads_columns_of_text(tmp_path: Path) -> None:
    texts = ["1", "2.0", "x", None, "2026-01-31"]
    pq.write_table(pa.table({"a": texts, "b": texts, "c": [1, 0, 2, None, 1]}), tmp_path / "rows.parquet")
    columns = {"a": card.Column(type="integer"), "b": card.Column(type="date"), "c": card.Column(type="boolean")}
    with opened(tmp_path, "rows.parquet", columns=columns) as table:
        assert values(table, "a") == {1: 1, 2: 1, None: 3}
        assert values(table, "b") == {date(2026, 1, 31): 1, None: 4}
        assert values(table, "c") == {True: 2, False: 1, None: 2}
        assert list(table.answer([Unreadable("a"), Unreadable("b"), Unreadable("c"), Missing("c")]).values()) == [
            2,
            3,
            1,
            1,
        ]


def test_nan_that_the_statistics_of_the_file_hide(tmp_path: Path) -> None:
    """Writers leave NaN out of the smallest and largest value of a block, so a reader that trusts those sees none."""
    numbers = {"x": [0.0, float("nan"), 1.0, None], "y": [0.0, float("inf"), 1.0, float("nan")]}
    pq.write_table(pa.table(numbers), tmp_path / "rows.parquet")
    with opened(tmp_path, "rows.parquet") as table:
        for column, unreadable in (("x", 1), ("y", 2)):
            needs = [Unreadable(column), Extreme(column, "max"), Where(f'"{column}" > 5')]
            assert list(table.answer(needs).values()) == [unreadable, 1.0, 0]
            assert values(table, column) == {0.0: 1, 1.0: 1, None: 2}


@pytest.mark.parametrize("ending", ["duckdb", "db", "sqlite"])
def test_a_database_of_several_tables(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"base.{ending}"
    base: Any = sqlite3.connect(path) if ending == "sqlite" else duckdb.connect(str(path))
    base.execute('CREATE TABLE "Logboek 2026" (a INTEGER, "b""c" TEXT)')
    base.execute("INSERT INTO \"Logboek 2026\" VALUES (1, 'x'), (2, NULL)")
    base.execute("CREATE TABLE other (a INTEGER)")
    base.commit()
    base.close()
    said = refused(tmp_path, path.name)
    assert "holds 2 tables" in said
    assert "'Logboek 2026', 'other'" in said
    assert "there is no table 'Logboek'" in refused(tmp_path, path.name, table="Logboek")
    with opened(tmp_path, path.name, table="Logboek 2026") as table:
        assert [f.name for f in table.fields] == ["a", 'b"c']
        assert list(table.answer([Rows(), Missing('b"c'), Extreme("a", "max")]).values()) == [2, 1, 2]
        assert table.fingerprint().rows == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name], "nothing is written beside it"


@pytest.mark.parametrize("ending", ["duckdb", "sqlite"])
def test_a_database_that_is_none_or_holds_nothing(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"none.{ending}").write_text(f"{CANARY} is no database, however long this text may be. " * 50)
    assert "is not" in refused(tmp_path, f"none.{ending}")
    base: Any = (
        sqlite3.connect(tmp_path / "e.sqlite") if ending == "sqlite" else duckdb.connect(str(tmp_path / "e.duckdb"))
    )
    base.execute("CREATE VIEW v AS SELECT 1 AS a" if ending == "sqlite" else "CREATE SCHEMA s")
    base.execute("DROP VIEW IF EXISTS v")
    base.commit()
    base.close()
    assert "holds no table" in refused(tmp_path, f"e.{ending}")


def test_a_duckdb_file_in_use(tmp_path: Path) -> None:
    import subprocess
    import sys

    duckdb.connect(str(tmp_path / "base.duckdb")).execute("CREATE TABLE t AS SELECT 1 AS a")
    code = f"import duckdb, sys; c = duckdb.connect({str(tmp_path / 'base.duckdb')!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert "in use by another program" in refused(tmp_path, "base.duckdb")
        other.communicate()


def test_a_column_of_sqlite_with_everything_in_it(tmp_path: Path) -> None:
    """Its declared type promises nothing: each value is what it is."""
    with sqlite3.connect(tmp_path / "base.sqlite") as base:
        base.execute("CREATE TABLE t (i INTEGER, x, d DATE, truth BOOLEAN)")
        base.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?)",
            [
                (1, 1, "2026-01-31", 1),
                ("abc", "1", "31/01/2026", 0),
                (None, 1.0, None, None),
                (2.5, b"\xff", "2026-02-01", 1),
            ],
        )
    base.close()
    columns = {"i": card.Column(type="integer"), "d": card.Column(type="date")}
    with opened(tmp_path, "base.sqlite", columns=columns) as table:
        assert {f.name: str(f.type) for f in table.fields} == {
            "i": "integer",
            "x": "text",
            "d": "date",
            "truth": "boolean",
        }
        assert values(table, "i") == {1: 1, None: 3}
        assert values(table, "d") == {date(2026, 1, 31): 1, date(2026, 2, 1): 1, None: 2}
        assert values(table, "truth") == {True: 2, False: 1, None: 1}
        assert list(table.answer([Unreadable("i"), Missing("i"), Unreadable("d")]).values()) == [2, 1, 1]
        assert sum(values(table, "x").values()) == 4


def test_derived_columns_and_rows_that_count(tmp_path: Path) -> None:
    rows = {
        "start": [date(2026, 1, 1)] * 3,
        "end": [date(2026, 1, 31), date(2026, 1, 2), None],
        "kind": ["a", "b", "a"],
    }
    pq.write_table(pa.table(rows), tmp_path / "rows.parquet")
    columns = {
        "weken": card.Column(expression="dagen / 7"),
        "dagen": card.Column(expression='"end" - "start"'),
        "lang": card.Column(expression="Dagen > 7", type="boolean"),
    }
    with opened(tmp_path, "rows.parquet", columns=columns, where="kind IN ('a', 'b')") as table:
        assert [(f.name, str(f.type), f.given) for f in table.fields][3:] == [
            ("weken", "number", False),
            ("dagen", "integer", False),
            ("lang", "boolean", False),
        ]
        assert values(table, "dagen") == {30: 1, 1: 1, None: 1}
        assert values(table, "lang") == {True: 1, False: 1, None: 1}
        assert table.answer([Missing("weken")])[Missing("weken")] == 1
    with opened(tmp_path, "rows.parquet", where="\"kind\" = 'a'") as table:
        assert table.answer([Rows(), Repeats(("kind",))]) == {Rows(): 2, Repeats(("kind",)): 1}
        assert table.fingerprint().rows == 3, "the fingerprint is of all rows"


def test_derived_columns_that_cannot_be(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "t": [CANARY]}), tmp_path / "rows.parquet")
    circle = {"x": card.Column(expression="y + 1"), "y": card.Column(expression="x + 1")}
    assert "in a circle" in refused(tmp_path, "rows.parquet", columns=circle)
    assert "Give the derived column another name" in refused(
        tmp_path, "rows.parquet", columns={"a": card.Column(expression="1")}
    )
    assert "no column 'b'" in refused(tmp_path, "rows.parquet", columns={"x": card.Column(expression="b + 1")})
    assert "'where'" in refused(tmp_path, "rows.parquet", where="a")
    assert "is not allowed here" in refused(tmp_path, "rows.parquet", where="a IN (SELECT 1)")


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    pq.write_table(pa.table({"leeftijd": [1]}), tmp_path / "rows.parquet")
    with opened(tmp_path, "rows.parquet") as table:
        for need in (Missing("leeftyd"), Extreme("leeftyd", "min"), Repeats(("leeftyd",)), Where('"leeftyd" > 1')):
            with pytest.raises(VangrailError, match="Did you mean 'leeftijd'"):
                table.answer([need])


def test_counts_that_are_nearly_the_rows_themselves(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": pa.array(range(1_000_001))}), tmp_path / "rows.parquet")
    need = Counts((Key("n", '"n"'),))
    with opened(tmp_path, "rows.parquet") as table:
        with pytest.raises(VangrailError, match="more than 1000000 combinations"):
            table.answer([need])
        fewer = Counts((Key("n", 'FLOOR("n" / 10)'),), where='"n" < 20', sums=(Key("n", '"n"'),))
        found = table.answer([fewer])[fewer]
        assert isinstance(found, CountTable)
        assert {c.values[0]: (c.rows, c.sums) for c in found.cells} == {0.0: (10, (45.0,)), 1.0: (10, (145.0,))}


@pytest.mark.parametrize(
    ("numbers", "repeats"),
    [
        ([1, 2, 3], 0),
        ([1, 1, None, None, 5], 2),
        ([-3, -3, 10**12], 1),
        ([*range(5000), 64, 127, 4999], 3),
        ([-(2**62), 2**62, -(2**62)], 1),
        ([None, None], 1),
    ],
)
def test_repeats_of_whole_numbers(tmp_path: Path, numbers: list[int | None], repeats: int) -> None:
    """Close together, far apart, missing: alone, and as one column of whole rows."""
    rows = {"n": pa.array(numbers, pa.int64()), **{c: ["x"] * len(numbers) for c in "abcd"}}
    pq.write_table(pa.table(rows), tmp_path / "rows.parquet")
    with opened(tmp_path, "rows.parquet") as table:
        alone, whole = Repeats(("n",)), Repeats(("a", "n", "b", "c", "d"))
        assert table.answer([whole]) == {whole: repeats}
        assert table.answer([alone, whole]) == {alone: repeats, whole: repeats}


@pytest.mark.parametrize("values", [20, 32, 50, 100, 1000, 5000])
def test_just_as_many_combinations_as_may_be(tmp_path: Path, values: int) -> None:
    """They are counted, although an engine's first look may take them for more; one more is too many."""
    pq.write_table(pa.table({"a": [f"v{i}" for i in range(values)] * 3}), tmp_path / "rows.parquet")
    just, over = (Counts((Key("a", '"a"'),), at_most=n) for n in (values, values - 1))
    with opened(tmp_path, "rows.parquet") as table:
        found = table.answer([just, over])
    assert len(found[just].cells) == values
    assert found[over] is None


def test_progress_is_told(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "rows.parquet")
    told: list[str] = []
    with opened(tmp_path, "rows.parquet") as table:
        table.answer([Rows(), Repeats(("a",)), Counts((Key("a", '"a"'),))], progress=told.append)
    assert told[-1] == "rows: 3/3"
