"""Spark: what it reads, what is never shown, and what is said when it fails. The tests that hold it to other engines are beside this."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Counts, Extreme, Key, Missing, Need, Repeats, Rows, Unreadable, Where
from vangrail.tables import open_table, spark_session, sql
from vangrail.tables.source import Source

CANARY = "Jef-Geheim-850101"


def opened(folder: Path, address: str, table: str | None, **declared: Any) -> Any:
    dataset = card.Dataset(source="spark:CLUSTER", table=table, **declared)
    return open_table("log", dataset, folder=folder, environment={"CLUSTER": address})


def refused(folder: Path, address: str, table: str | None, **declared: Any) -> str:
    with pytest.raises(VangrailError) as caught, opened(folder, address, table, **declared) as found:
        found.answer([Rows(), *(Extreme(f.name, "max") for f in found.fields)])
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def values(table: Any, column: str) -> dict[Any, int]:
    need = Counts((Key("v", sql.column(column)),))
    return {c.values[0]: c.rows for c in table.answer([need])[need].cells}


def test_types_that_are_none_of_ours(tmp_path: Path, spark_address: str) -> None:
    """Small and huge whole numbers, decimals, zones, lists, bytes and categories each become the nearest of our types."""
    rows = pa.table(
        {
            "tiny": pa.array([1, 2], pa.int8()),
            "huge": pa.array([1, 2**63 + 5], pa.uint64()),
            "money": pa.array([Decimal("1.50"), Decimal("2.25")]),
            "exact": pa.array([Decimal("7"), None], pa.decimal128(10, 0)),
            "single": pa.array([0.5, None], pa.float32()),
            "zoned": pa.array([datetime(2026, 1, 1, 12, tzinfo=UTC), None], pa.timestamp("us", tz="Europe/Brussels")),
            "list": pa.array([["a"], []]),
            "bytes": pa.array([b"a", b"\xff"]),
            "word": pa.array(["a", "b"]).dictionary_encode(),
            "WORD": pa.array(["A", "B"]),
            'a.b`"c': pa.array([1, 1]),
        }
    )
    pq.write_table(rows, tmp_path / "rij en (1).parquet")
    with opened(tmp_path, spark_address, "rij en (1).parquet") as table:
        assert {f.name: str(f.type) for f in table.fields} == {
            "tiny": "integer",
            "huge": "number",
            "money": "number",
            "exact": "integer",
            "single": "number",
            "zoned": "datetime",
            "list": "text",
            "bytes": "text",
            "word": "text",
            "WORD": "text",
            'a.b`"c': "integer",
        }
        assert values(table, "money") == {1.5: 1, 2.25: 1}
        assert values(table, "exact") == {7: 1, None: 1}
        assert values(table, "zoned") == {datetime(2026, 1, 1, 12): 1, None: 1}
        assert values(table, "WORD") == {"A": 1, "B": 1}
        assert values(table, 'a.b`"c') == {1: 2}
        assert table.answer([Repeats(("bytes", "list"))]) == {Repeats(("bytes", "list")): 0}


def test_words_that_mean_something_to_spark(tmp_path: Path, spark_address: str) -> None:
    """Backslashes, quotes and what looks like a setting are values like any other."""
    odd = ["\\", "\\'", "a\\nb", "${spark.app.name}", "`x`", "--", "\u0000", "100%", "_", "'; DROP TABLE t"]
    pq.write_table(pa.table({"t": odd}), tmp_path / "odd.parquet")
    columns = {"t": card.Column(missing=("--",))}
    with opened(tmp_path, spark_address, "odd.parquet", columns=columns) as table:
        needs: list[Need] = [Where(f'"t" = {sql.literal(w)}') for w in odd if w not in ("--", "\u0000")]
        needs += [Where("\"t\" LIKE '%\\%'"), Where("\"t\" LIKE '_'"), Missing("t")]
        assert list(table.answer(needs).values()) == [*[1] * 8, 3, 3, 1]


def test_a_number_that_does_not_fit(tmp_path: Path, spark_address: str) -> None:
    """Whole numbers at the very end of what fits; what goes over it is null and stops nothing."""
    ends = [2**63 - 1, -(2**63), 5, None]
    pq.write_table(pa.table({"n": pa.array(ends, pa.int64())}), tmp_path / "ends.parquet")
    holds = {'"n" + 1 IS NULL': 2, '"n" * 2 IS NULL': 3, '-"n" IS NULL': 2, 'ABS("n") IS NULL': 2, '"n" % 0 IS NULL': 4}
    with opened(tmp_path, spark_address, "ends.parquet") as table:
        found = table.answer([Where(sql.checked(t, table.fields, where="test")) for t in holds])
    assert list(found.values()) == list(holds.values())


def test_nan_that_the_statistics_of_the_file_hide(tmp_path: Path, spark_address: str) -> None:
    numbers = {"x": [0.0, float("nan"), 1.0, None], "y": [0.0, float("inf"), 1.0, float("nan")]}
    pq.write_table(pa.table(numbers), tmp_path / "rows.parquet")
    with opened(tmp_path, spark_address, "rows.parquet") as table:
        for column, unreadable in (("x", 1), ("y", 2)):
            needs: list[Need] = [Unreadable(column), Extreme(column, "max"), Where(f'"{column}" > 5')]
            assert list(table.answer(needs).values()) == [unreadable, 1.0, 0]


def test_dates_before_and_after_our_calendar(tmp_path: Path, spark_address: str) -> None:
    days = pa.array([date(1, 1, 1), date(9999, 12, 31), date(1582, 10, 10), None])
    pq.write_table(pa.table({"d": days}), tmp_path / "days.parquet")
    with opened(tmp_path, spark_address, "days.parquet") as table:
        assert values(table, "d") == dict.fromkeys(days.to_pylist(), 1)


ROWS: dict[str, list[Any]] = {"x": ["a", "c"], "y": ["b", "d"]}
VARIANTS: dict[str, dict[str, list[Any]]] = {
    "a value moved to the other column": {"x": ["b", "c"], "y": ["a", "d"]},
    "a row twice": {"x": ["a", "c", "c"], "y": ["b", "d", "d"]},
    "a pair of rows twice": {"x": ["a", "c"] * 2, "y": ["b", "d"] * 2},
    "another name": {"x": ["a", "c"], "z": ["b", "d"]},
    "names exchanged": {"y": ["a", "c"], "x": ["b", "d"]},
    "cut at another place": {"x": ["ab", "c"], "y": ["", "d"]},
    "nothing instead of empty": {"x": ["ab", "c"], "y": [None, "d"]},
    "nothing on the other side": {"x": [None, "c"], "y": ["ab", "d"]},
    "no row": {"x": pa.array([], pa.string()), "y": pa.array([], pa.string())},
}


def test_the_fingerprint_is_of_the_rows_and_not_of_their_order(tmp_path: Path, spark_address: str) -> None:
    """Each variant differs from the original and from every other; another order, in other files, does not."""

    def taken(rows: dict[str, list[Any]], *parts: slice) -> str:
        for old in tmp_path.glob("*.parquet"):
            old.unlink()
        for i, part in enumerate(parts or (slice(None),)):
            pq.write_table(pa.table({n: v[part] for n, v in rows.items()}), tmp_path / f"part-{i}.parquet")
        with opened(tmp_path, spark_address, "part-*.parquet") as table:
            found = table.fingerprint()
        assert found.algorithm == "vangrail-1/spark-xxhash64-128"
        return str(found.content)

    seen = {taken(ROWS): "the original"}
    assert taken({n: v[::-1] for n, v in ROWS.items()}) in seen
    assert taken(dict(reversed(ROWS.items())), slice(0, 1), slice(1, 2)) in seen
    for name, rows in VARIANTS.items():
        content = taken(rows)
        assert content not in seen, f"{name} looks like {seen.get(content)}"
        seen[content] = name


@pytest.fixture
def catalog(tmp_path: Path, spark_address: str) -> Iterator[str]:
    """A Spark whose catalog holds two tables."""
    pq.write_table(pa.table({"a": [1, 2, 2]}), tmp_path / "seed.parquet")
    with opened(tmp_path, spark_address, "seed.parquet") as table:
        session = table._engine.session
        session.sql("CREATE DATABASE IF NOT EXISTS ocmw")
        session.sql(f"CREATE TABLE ocmw.logboek USING parquet AS SELECT * FROM parquet.`{tmp_path}/seed.parquet`")
        session.sql("CREATE VIEW ocmw.kapot AS SELECT CAST(concat('" + CANARY + "', a) AS INT) AS a FROM ocmw.logboek")
        yield spark_address
        session.sql("DROP DATABASE ocmw CASCADE")


def test_a_table_of_the_catalog(catalog: str, tmp_path: Path) -> None:
    with opened(tmp_path, catalog, "ocmw.LogBoek") as table:
        assert table.answer([Rows(), Extreme("a", "max"), Repeats(("a",))]) == {
            Rows(): 3,
            Extreme("a", "max"): 2,
            Repeats(("a",)): 1,
        }
        assert table.fingerprint().rows == 3
    assert "'ocmw.kapot', 'ocmw.logboek'" in refused(tmp_path, catalog, "ocmw.nergens")
    assert "holds no table, and 'table' on the card is empty" in refused(tmp_path, catalog, None)


def test_errors_of_spark_do_not_show_values(catalog: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A view that fails on a value makes Spark quote that value, in its error and in its log; we do not."""
    assert "CAST_INVALID_INPUT" in refused(tmp_path, catalog, "ocmw.kapot")
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""


def test_what_cannot_be_read(tmp_path: Path, spark_address: str) -> None:
    (tmp_path / "none.parquet").write_text(f"a,b\n1,{CANARY}\n")
    (tmp_path / "empty").mkdir()
    pq.write_table(pa.table({"t": pa.array([1], pa.timestamp("ns"))}), tmp_path / "nano.parquet")
    pq.write_table(pa.table({"n": list(range(1000))}), tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:500])
    for table, words in {
        "nowhere.parquet": "there is no such path",
        "none.parquet": "is not Parquet",
        "cut.parquet": "is not Parquet",
        "empty/": "there is no Parquet file in that path",
        "nano.parquet": "such as a time in nanoseconds",
    }.items():
        assert words in refused(tmp_path, spark_address, table), table


def test_addresses_that_cannot_be_used(tmp_path: Path) -> None:
    """What is wrong is told, and never what the variable holds."""
    wrong = {
        f"no address {CANARY}": "does not say which Spark to use",
        f"local[2] fs.s3a.secret.key={CANARY}": "does not say which Spark to use",
        f"sc://{CANARY}:15002": "does not say which Spark to use",
        f"local[2] 'spark.x={CANARY}": "does not say which Spark to use",
        f"spark://127.0.0.1:1 spark.hadoop.fs.s3a.secret.key={CANARY}": "does not answer",
    }
    for address, words in wrong.items():
        said = refused(tmp_path, address, "t")
        assert words in said
        assert "CLUSTER" in said
        assert "127.0.0.1" not in said
    with pytest.raises(VangrailError, match="the environment variable CLUSTER is not set"), opened(tmp_path, " ", "t"):
        pass
    with pytest.raises(VangrailError, match="where NAME is the name of an environment variable"):
        open_table("log", card.Dataset(source="spark:a-b"), folder=tmp_path, environment={}).__enter__()
    with pytest.raises(VangrailError, match="'source: spark:NAME'"):
        open_table("log", card.Dataset(source="spark://host:7077"), folder=tmp_path, environment={}).__enter__()


def test_two_clusters_at_once(tmp_path: Path, spark_address: str) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with opened(tmp_path, spark_address, "a.parquet"):
        assert "another Spark is in use" in refused(tmp_path, "local[1]", "a.parquet")


def test_without_pyspark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    said = refused(tmp_path, "local[2]", "t")
    assert 'pip install "vangrail[spark]"' in said


START = """
import sys
from pathlib import Path
from vangrail.model import card
from vangrail.model.needs import Rows
from vangrail.tables import open_table
dataset = card.Dataset(source="spark:S", table="a.parquet")
with open_table("log", dataset, folder=Path(sys.argv[1]), environment={"S": sys.argv[2]}) as table:
    print(table.answer([Rows()])[Rows()])
"""


def started(folder: Path, address: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, str(folder), address],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder / "tmp")} | environment,
        timeout=120,
        check=False,
    )


def test_it_is_quiet_and_leaves_nothing(tmp_path: Path, spark_address: str) -> None:
    """One line of ours, none of Spark's; nothing beside the data or among the temporary files; no secret among the processes."""
    (tmp_path / "tmp").mkdir()
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "a.parquet")
    done = started(tmp_path, spark_address)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "tmp"]
    assert [p.name for p in (tmp_path / "tmp").iterdir() if not p.name.startswith("hsperfdata")] == []


def test_without_java_or_with_too_little_memory(tmp_path: Path, spark_address: str) -> None:
    (tmp_path / "tmp").mkdir()
    assert "Spark needs Java, and there is none" in started(tmp_path, "local[1]", JAVA_HOME="/nowhere").stderr
    assert "There is not the memory" in started(tmp_path, "local[1] spark.driver.memory=100000g").stderr


def test_settings_are_not_on_a_command_line(tmp_path: Path, spark_address: str) -> None:
    """Every user of a machine can read those."""
    source = Source(name="log", shown="spark:S", kind="spark", connection=f"local[1] spark.hadoop.key={CANARY}")
    assert spark_session.read(source).settings == {"spark.hadoop.key": CANARY}
    assert not "spark.hadoop.key".startswith(spark_session.AT_START)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with opened(tmp_path, spark_address, "a.parquet") as table:
        program = table._engine.running.program
        line = Path(f"/proc/{program.pid}/cmdline").read_text()
    assert "spark.driver.host" in line
    assert "spark.sql." not in line
