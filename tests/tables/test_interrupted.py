"""What is said when the data go away while they are measured, for each engine; and that the next time works."""

import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import postgres
from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Counts, Key, Missing, Need, Repeats, Rows, Where
from vangrail.tables import open_table, spark_session, stopping
from vangrail.tables.duck import DuckEngine
from vangrail.tables.lite import SqliteEngine

ROWS = 3000
NEEDS: list[Need] = [Rows(), Missing("t"), Where('"n" > 5'), Counts((Key("t", '"t"'),)), Repeats(("n", "t"))]


def opened(folder: Path, dataset: card.Dataset, **environment: str) -> Any:
    return open_table("log", dataset, folder=folder, environment=environment)


@contextmanager
def soon(act: Callable[[], object], seconds: float = 0.7) -> Iterator[None]:
    """Do it in a while, beside what goes on meanwhile."""

    def do() -> None:
        time.sleep(seconds)
        act()

    thread = threading.Thread(target=do)
    thread.start()
    yield
    thread.join()


# --- files that change --------------------------------------------------------------------------------------------------


def write(path: Path, *, start: int = 0) -> Path:
    """Rows of a number and a word."""
    numbers, words = list(range(start, start + ROWS)), [f"woord {i % 7}" for i in range(ROWS)]
    match path.suffix:
        case ".csv":
            path.write_text("n,t\n" + "".join(f"{n},{t}\n" for n, t in zip(numbers, words, strict=True)))
        case ".parquet":
            pq.write_table(pa.table({"n": numbers, "t": words}), path, row_group_size=500)
        case _:
            path.unlink(missing_ok=True)
            base: Any = sqlite3.connect(path) if path.suffix == ".sqlite" else duckdb.connect(str(path))
            base.execute("CREATE TABLE log (n INTEGER, t TEXT)")
            base.executemany("INSERT INTO log VALUES (?, ?)", list(zip(numbers, words, strict=True))[:300])
            base.commit()
            base.close()
    return path


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced(path: Path) -> None:
    write(path.with_name(f"other{path.suffix}"), start=10).replace(path)


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("kind", ["csv", "parquet", "sqlite", "duckdb"])
@pytest.mark.parametrize("happens", [cut_off, emptied, replaced, removed])
def test_a_file_that_changes_while_it_is_read(
    kind: str, happens: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whichever statement: it is said that it changed, and no figure comes out. With the file back the next run works."""
    path = tmp_path / f"log.{kind}"
    engine, method = (SqliteEngine, "run") if kind == "sqlite" else (DuckEngine, "_do")
    original, left = getattr(engine, method), [0]

    def hit(self: Any, *asked: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            happens(path)
        return original(self, *asked)

    monkeypatch.setattr(engine, method, hit)
    for number in range(1, 100):
        write(path)
        left[0] = number
        try:
            with opened(tmp_path, card.Dataset(source=path.name)) as table:
                table.answer(NEEDS)
                table.fingerprint()
        except VangrailError as error:
            assert "changed while it was being measured" in str(error), f"statement {number}: {error}"
            assert error.__cause__ is None
        else:
            assert left[0] > 0, f"statement {number}: nothing was said"
            break
    assert number > 5
    monkeypatch.undo()
    with opened(tmp_path, card.Dataset(source=path.name)) as table:
        assert table.answer([Rows()])[Rows()] in (ROWS, 300)


# --- servers that go away -----------------------------------------------------------------------------------------------


def test_a_postgresql_that_stops_at_once(postgres_cluster: postgres.Cluster) -> None:
    """As in a crash: no goodbye. When it is back the next run works."""
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as session:
        session.execute(
            "CREATE VIEW traag AS SELECT i AS a, pg_sleep(0.01) IS NULL AS b FROM generate_series(1, 2000) i"
        )
    dataset = card.Dataset(source="postgresql:PG", table="traag")
    with opened(Path(), dataset, PG=postgres_cluster.connection()) as table, soon(postgres_cluster.stop):
        with pytest.raises(VangrailError, match="connection to the server was lost") as caught:
            table.answer([Missing("b")])
        with pytest.raises(VangrailError, match="connection to the server was lost"):
            table.fingerprint()
    assert caught.value.__cause__ is None
    with (
        pytest.raises(VangrailError, match="does not answer"),
        opened(Path(), dataset, PG=postgres_cluster.connection()),
    ):
        pass
    postgres_cluster.start()
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as session:
        session.execute("CREATE TABLE snel AS SELECT 1 AS a")
        with opened(
            Path(), card.Dataset(source="postgresql:PG", table="snel"), PG=postgres_cluster.connection()
        ) as table:
            assert table.answer([Rows()]) == {Rows(): 1}
        session.execute("DROP TABLE snel; DROP VIEW traag")


# --- Ctrl-C -------------------------------------------------------------------------------------------------------------


def interrupted(table: Any, need: Need) -> float:
    """Seconds from Ctrl-C to the moment that it is heard."""
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    with soon(press), pytest.raises(KeyboardInterrupt):
        table.answer([need])
    return time.monotonic() - pressed[0]


def test_ctrl_c_stops_sqlite_and_duckdb_within_a_statement(tmp_path: Path) -> None:
    """Statements that would take many seconds end at once, and the table can still be asked something else."""
    with sqlite3.connect(tmp_path / "log.sqlite") as base:
        base.execute(
            "CREATE VIEW log AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 50000000) "
            "SELECT i AS n, i % 3 AS m FROM r LIMIT 50000000"
        )
        base.execute("CREATE TABLE small AS SELECT 1 AS n")
    base.close()
    pq.write_table(pa.table({"n": list(range(60_000))}), tmp_path / "log.parquet")
    with opened(tmp_path, card.Dataset(source="log.sqlite", table="small")) as table:
        table._layout = table._layout.__class__(**{**vars(table._layout), "rows": "(SELECT n AS r0 FROM log) AS s"})
        assert interrupted(table, Where('"n" % 7 = 3')) < 5
        table._layout = table._layout.__class__(**{**vars(table._layout), "rows": "(SELECT n AS r0 FROM small) AS s"})
        assert table.answer([Rows()]) == {Rows(): 1}
    with opened(tmp_path, card.Dataset(source="log.parquet")) as table:
        table._engine.ready = lambda layout: layout
        whole = table._layout
        crossed = f"(SELECT s.r0 FROM {whole.rows} CROSS JOIN range(1000000) AS x) AS s"
        table._layout = whole.__class__(**{**vars(whole), "rows": crossed})
        assert interrupted(table, Where('"n" % 7 = 3')) < 5
        table._layout = whole
        assert table.answer([Rows()]) == {Rows(): 60_000}


def test_work_that_does_not_end_is_not_waited_for() -> None:
    """Ctrl-C is heard, also when the engine does not listen; the next work is done by another thread."""
    started = time.monotonic()
    with soon(lambda: os.kill(os.getpid(), signal.SIGINT)), pytest.raises(KeyboardInterrupt):
        stopping.stoppable(lambda: time.sleep(30), lambda: None, patience=0.1)
    assert time.monotonic() - started < 10
    assert stopping.stoppable(lambda: 7, lambda: None) == 7


# --- Spark --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def slow(tmp_path: Path) -> card.Dataset:
    """Rows on which a question takes Spark long."""
    texts = [f"{'abc ' * 50}{i}" for i in range(40_000)]
    for part in range(8):
        pq.write_table(pa.table({"t": texts, "n": list(range(40_000))}), tmp_path / f"log-{part}.parquet")
    return card.Dataset(source="spark:SPARK", table="log-*.parquet")


SLOW = Where(" OR ".join(f"REGEXP_LIKE(\"t\", '.*a.*b.*c.*{i}x.*')" for i in range(40)))


def test_ctrl_c_stops_the_work_on_spark(slow: card.Dataset, tmp_path: Path, spark_address: str) -> None:
    with opened(tmp_path, slow, SPARK=spark_address) as table:
        table.answer([Rows()])
        context = table._engine.running.context
        assert interrupted(table, SLOW) < 15
        assert context.statusTracker().getActiveJobsIds() == [], "nothing goes on for nobody"
        assert table.answer([Rows()]) == {Rows(): 320_000}


def test_a_spark_that_dies(slow: card.Dataset, tmp_path: Path, spark_address: str) -> None:
    """The Java program is killed in the middle of a question. The next table starts a new one."""
    with opened(tmp_path, slow, SPARK=spark_address) as table:
        table.answer([Rows()])
        program = table._engine.running.program
        with soon(program.kill), pytest.raises(VangrailError, match="Spark itself stopped") as caught:
            table.answer([SLOW])
        assert caught.value.__cause__ is None
    with opened(tmp_path, slow, SPARK=spark_address) as table:
        assert table.answer([Rows()]) == {Rows(): 320_000}


def children(pid: int) -> list[int]:
    found = [int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()]
    return found + [g for p in found for g in children(p)]


def executors(program: subprocess.Popen[bytes]) -> list[int]:
    """The processes that do the work for a Spark with executors of its own."""
    return [
        p for p in children(program.pid) if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{p}/cmdline").read_bytes()
    ]


def working(context: Any) -> None:
    """Wait until a task runs."""
    status = context.statusTracker()
    while not any((s := status.getStageInfo(i)) and s.numActiveTasks for i in status.getActiveStageIds()):
        time.sleep(0.1)


@pytest.fixture
def workers_folder() -> Iterator[None]:
    """Executors on this machine write in the folder of pyspark itself."""
    import pyspark

    place = Path(pyspark.__file__).parent / "work"
    before = place.exists()
    yield
    spark_session.stop()
    if not before:
        shutil.rmtree(place, ignore_errors=True)


def test_an_executor_that_dies(slow: card.Dataset, tmp_path: Path, spark_address: str, workers_folder: None) -> None:
    """Spark gives its work to others as often as it is told to, here never; then it is said. The next question is answered."""
    address = "local-cluster[1,1,512] spark.executor.memory=512m spark.driver.memory=1g spark.task.maxFailures=1"
    with opened(tmp_path, slow, SPARK=address) as table:
        assert table.answer([Rows()]) == {Rows(): 320_000}
        running = table._engine.running

        def kill() -> None:
            working(running.context)
            (pid,) = executors(running.program)
            os.kill(pid, signal.SIGKILL)

        with soon(kill), pytest.raises(VangrailError, match="lost the executors") as caught:
            table.answer([SLOW])
        assert caught.value.__cause__ is None
        assert table.answer([Rows()]) == {Rows(): 320_000}


@pytest.mark.parametrize("happens", [cut_off, emptied, replaced, removed])
def test_parquet_that_changes_while_spark_reads_it(
    happens: Callable[[Path], None], tmp_path: Path, spark_address: str
) -> None:
    path = write(tmp_path / "log.parquet")
    with opened(tmp_path, card.Dataset(source="spark:SPARK", table="log.parquet"), SPARK=spark_address) as table:
        table.answer([Rows()])
        time.sleep(0.01)
        happens(path)
        with pytest.raises(VangrailError, match="changed while it was being measured") as caught:
            table.answer(NEEDS)
        assert caught.value.__cause__ is None


def test_parquet_that_is_added_while_spark_reads_is_not_read(tmp_path: Path, spark_address: str) -> None:
    write(tmp_path / "log-1.parquet")
    with opened(tmp_path, card.Dataset(source="spark:SPARK", table="log-*.parquet"), SPARK=spark_address) as table:
        table.answer([Rows()])
        shutil.copy(tmp_path / "log-1.parquet", tmp_path / "log-2.parquet")
        assert table.answer([Rows()]) == {Rows(): ROWS}
        assert table.fingerprint().rows == ROWS
