"""The fingerprint: another content gives another fingerprint, and the same content the same, however it is laid out."""

import hashlib
import random
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import postgres
from vangrail.model import card
from vangrail.model.needs import Fingerprint
from vangrail.tables import open_table

TABLE = st.lists(
    st.tuples(
        st.none() | st.sampled_from(["", "a", "b", "ab", "1", "NULL"]), st.none() | st.sampled_from(["", "a", "b", "1"])
    ),
    min_size=1,
    max_size=12,
)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = ("parquet", "sqlite", "csv")
Rows = list[tuple[str | None, str | None]]


def write(path: Path, rows: Rows, *, names: tuple[str, str] = ("x", "y"), group: int = 100) -> None:
    path.unlink(missing_ok=True)
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as base:
            base.execute(f'CREATE TABLE t ("{names[0]}" TEXT, "{names[1]}" TEXT)')
            base.executemany("INSERT INTO t VALUES (?, ?)", rows)
        base.close()
    elif path.suffix == ".csv":
        shown = [",".join("" if v is None else f'"{v}"' for v in row) for row in rows]
        path.write_text("\n".join([",".join(names), *shown]) + "\n")
    else:
        columns = {n: pa.array([r[i] for r in rows], pa.string()) for i, n in enumerate(names)}
        pq.write_table(pa.table(columns), path, row_group_size=group)


def taken(folder: Path, source: str, **environment: str) -> Fingerprint:
    dataset = card.Dataset(source=source, table="t" if source.endswith(("sqlite", "PG")) else None)
    with open_table("t", dataset, folder=folder, environment=environment) as table:
        return table.fingerprint()


@pytest.mark.parametrize("kind", KINDS)
@given(rows=TABLE, other=TABLE)
@QUIET
def test_it_is_of_the_rows_and_not_of_their_order(kind: str, tmp_path: Path, rows: Rows, other: Rows) -> None:
    """Two tables have the same fingerprint exactly when they hold the same rows equally often."""
    write(tmp_path / f"a.{kind}", rows)
    write(tmp_path / f"b.{kind}", other)
    a, b = taken(tmp_path, f"a.{kind}"), taken(tmp_path, f"b.{kind}")
    key = [sorted(map(repr, r)) for r in (rows, other)]
    assert (a.content == b.content) == (key[0] == key[1])
    mixed = random.Random(1).sample(rows, len(rows))
    write(tmp_path / f"c.{kind}", mixed, group=2)
    assert taken(tmp_path, f"c.{kind}").content == a.content


@pytest.mark.parametrize("kind", KINDS)
@given(
    rows=TABLE,
    place=st.integers(0, 11),
    column=st.integers(0, 1),
    value=st.none() | st.sampled_from(["", "a", "zz", "NULL"]),
)
@QUIET
def test_any_one_cell_changes_it(
    kind: str, tmp_path: Path, rows: Rows, place: int, column: int, value: str | None
) -> None:
    row = list(rows[place % len(rows)])
    assume(row[column] != value)
    row[column] = value
    changed = rows.copy()
    changed[place % len(rows)] = (row[0], row[1])
    write(tmp_path / f"a.{kind}", rows)
    write(tmp_path / f"b.{kind}", changed)
    assert taken(tmp_path, f"a.{kind}").content != taken(tmp_path, f"b.{kind}").content


VARIANTS: dict[str, tuple[Rows, tuple[str, str]]] = {
    "a value moved to the other column": ([("b", "a"), ("c", "d")], ("x", "y")),
    "two cells of two rows exchanged": ([("c", "b"), ("a", "d")], ("x", "y")),
    "a row twice": ([("a", "b"), ("c", "d"), ("c", "d")], ("x", "y")),
    "a pair of rows twice": ([("a", "b"), ("c", "d"), ("a", "b"), ("c", "d")], ("x", "y")),
    "another name": ([("a", "b"), ("c", "d")], ("x", "z")),
    "names exchanged": ([("a", "b"), ("c", "d")], ("y", "x")),
    "cut at another place": ([("ab", ""), ("c", "d")], ("x", "y")),
    "nothing instead of empty": ([("ab", None), ("c", "d")], ("x", "y")),
    "no row": ([], ("x", "y")),
}


@pytest.mark.parametrize("kind", [*KINDS, "postgres"])
def test_what_must_change_it(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each variant differs from the original, and from every other."""
    seen: dict[str, str] = {}
    environment: dict[str, str] = {}
    session: Any = None
    if kind == "postgres":
        import psycopg

        server: postgres.Cluster = request.getfixturevalue("postgres_cluster")
        environment = {"PG": server.connection()}
        session = psycopg.connect(server.connection(), autocommit=True)
    for name, (rows, names) in {"the original": ([("a", "b"), ("c", "d")], ("x", "y")), **VARIANTS}.items():
        if session is None:
            write(tmp_path / f"rows.{kind}", rows, names=names)
            content = taken(tmp_path, f"rows.{kind}").content
        else:
            session.execute("DROP TABLE IF EXISTS t")
            session.execute(f"CREATE TABLE t ({names[0]} text, {names[1]} text)")
            for row in rows:
                session.execute("INSERT INTO t VALUES (%s, %s)", row)
            found = taken(tmp_path, "postgresql:PG", **environment)
            assert found.bytes_sha256 is None
            content = found.content
        assert content not in seen, f"{name} looks like {seen.get(content)}"
        seen[content] = name
    if session is not None:
        session.execute("DROP TABLE t")
        session.close()


def test_several_files_are_as_one(tmp_path: Path) -> None:
    rows: Rows = [("a", "b"), ("c", None), ("c", None), ("", "d")]
    write(tmp_path / "whole.parquet", rows)
    write(tmp_path / "part-1.parquet", rows[2:])
    write(tmp_path / "part-2.parquet", rows[:2])
    whole, parts = taken(tmp_path, "whole.parquet"), taken(tmp_path, "part-*.parquet")
    assert (whole.content, whole.rows) == (parts.content, parts.rows)
    digests = sorted(hashlib.sha256((tmp_path / f"part-{i}.parquet").read_bytes()).hexdigest() for i in (1, 2))
    assert parts.bytes_sha256 == hashlib.sha256("".join(f"{d}\n" for d in digests).encode()).hexdigest()
    assert whole.bytes_sha256 == hashlib.sha256((tmp_path / "whole.parquet").read_bytes()).hexdigest()


def test_the_order_of_the_columns_does_not_count(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [("1", "2")], names=("x", "y"))
    write(tmp_path / "b.parquet", [("2", "1")], names=("y", "x"))
    assert taken(tmp_path, "a.parquet").content == taken(tmp_path, "b.parquet").content


def test_the_function_is_named_with_what_it_makes_of_fixed_values(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [("1", "2")])
    name, _, digest = taken(tmp_path, "a.parquet").algorithm.rpartition("-")
    assert name == "vangrail-1/duckdb-hash"
    assert len(digest) == 16
