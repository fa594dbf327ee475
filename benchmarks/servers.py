"""The same assessment on a file, on PostgreSQL and on Spark: seconds, processor seconds wherever they are spent, and whether
every figure is the same.

    python benchmarks/servers.py [--rows 1000000] [--folder DIR] [--spark 'local[2]']

The log and the card are those of speed.py. PostgreSQL runs as a throw-away cluster on this machine, with its default settings;
Spark as the address says. Starting a server and loading the log into PostgreSQL are no part of the work, and are shown apart.
Processor seconds are those of this process and of the server's processes together. Prints a Markdown table, and ends with 1
where a server has another figure than the file; what only rows can tell (identifiers with their digits, what the inputs together
give away) is left out of that, for the rows stay with the server.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import made_log
import speed

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from differences import NEEDS_ROWS, differences

FAMILIES = ("data", "fairness", "drift", "privacy", "proxies", "performance")
ON = date(2026, 11, 22)
TICK = os.sysconf("SC_CLK_TCK")


def processor(*above: int) -> float:
    """Of these processes, with all that they started and that is still there, or is done. Each counts once."""
    waiting, seen, total = list(above), set[int](), 0.0
    while waiting:
        pid = waiting.pop()
        if pid in seen:
            continue
        seen.add(pid)
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            below = [int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(parts[i]) for i in (11, 12, 13, 14)) / TICK
        waiting += below
    return total


@contextmanager
def postgresql(log: Path) -> Iterator[tuple[dict[str, Any], Mapping[str, str], list[int], float]]:
    """A cluster with the log in it: what the card says, the environment, its process, and how long loading took."""
    import duckdb
    import psycopg

    import postgres

    programs = postgres.programs()
    if programs is None:
        raise SystemExit("no PostgreSQL server found (initdb)")
    with postgres.cluster(programs) as cluster, psycopg.connect(cluster.connection(), autocommit=True) as session:
        started = time.perf_counter()
        base = duckdb.connect()
        kinds = {"VARCHAR": "text", "DOUBLE": "double precision", "TINYINT": "smallint"}
        columns = [(r[0], kinds.get(r[1], r[1])) for r in base.execute(f"DESCRIBE FROM '{log}/log.parquet'").fetchall()]
        session.execute("CREATE TABLE log (" + ", ".join(f"{n} {k}" for n, k in columns) + ")")
        with (
            session.cursor().copy("COPY log FROM STDIN (FORMAT csv, HEADER)") as copy,
            (log / "log.csv").open("rb") as file,
        ):
            while piece := file.read(1 << 20):
                copy.write(piece)
        session.execute("VACUUM ANALYZE log")
        server = int((cluster.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        place = {"source": "postgresql:PG", "table": "log"}
        yield place, {"PG": cluster.connection()}, [server], time.perf_counter() - started


@contextmanager
def spark(log: Path, address: str) -> Iterator[tuple[dict[str, Any], Mapping[str, str], list[int], float]]:
    """A running Spark that has done a first small question."""
    from vangrail.model.card import Dataset
    from vangrail.model.needs import Rows
    from vangrail.tables import open_table, spark_session

    place, environment = {"source": "spark:SPARK", "table": "log.parquet"}, {"SPARK": address}
    started = time.perf_counter()
    with open_table("log", Dataset.model_validate(place), folder=log, environment=environment) as table:
        table.answer([Rows()])
    program = spark_session._RUNNING.program  # type: ignore[union-attr]
    yield place, environment, [program.pid] if program else [], time.perf_counter() - started
    spark_session.stop()


def measure(
    log: Path, place: Mapping[str, Any], environment: Mapping[str, str], families: tuple[str, ...]
) -> dict[tuple[str, str, str], Any]:
    """All that these families plan on the log, and what came out."""
    from vangrail import checks
    from vangrail.model.card import Card
    from vangrail.model.needs import Answers
    from vangrail.tables import open_table

    written = speed.card("log.parquet", int(log.name))
    written["datasets"]["log"] |= place
    declared, known = Card.model_validate(written), checks.checks()
    planned = [m for m in checks.plan(declared) if m.dataset == "log" and known[m.check].family in families]
    with open_table("log", declared.datasets["log"], folder=log, environment=environment) as table:
        needs = dict.fromkeys(n for m in planned for n in known[m.check].needs(m, table.fields, ON))
        answers = Answers(table.answer(needs))
        table.fingerprint()
        return {m.key: known[m.check].measure(m, table.fields, ON, answers) for m in planned}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--spark", default="local[2] spark.driver.memory=2g")
    asked = parser.parse_args()
    gc.set_threshold(200_000)  # as the command line does
    print(f"Load average {', '.join(f'{x:.1f}' for x in os.getloadavg())} before.\n")
    print("| work | engine | seconds | processor s | figures |\n|---|---|---:|---:|---|")
    on_file: dict[tuple[str, str, str], Any] = {}
    others: list[str] = []
    with ExitStack() as stack:
        place = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = place / str(asked.rows)
        made_log.make(log, asked.rows)
        # The last one first: what Python itself loads is then no part of any work.
        measure(log, {}, {}, ("fairness",))
        engines: tuple[tuple[str, Any], ...] = (
            ("DuckDB, Parquet", None),
            ("PostgreSQL", postgresql(log)),
            (f"Spark {asked.spark.split()[0]}", spark(log, asked.spark)),
        )
        for name, opened in engines:
            with ExitStack() as inner:
                source, environment, pids, seconds = inner.enter_context(opened) if opened else ({}, {}, [], 0.0)
                if opened:
                    print(
                        f"| start{', load' if 'PG' in environment else ''} | {name} | {seconds:.1f} | | |", flush=True
                    )
                for families in (*((f,) for f in FAMILIES), FAMILIES[:4], FAMILIES):
                    began, spent = time.perf_counter(), processor(os.getpid(), *pids)
                    found = measure(log, source, environment, families)
                    seconds, used = time.perf_counter() - began, processor(os.getpid(), *pids) - spent
                    work = "all together" if families == FAMILIES else ", ".join(families)
                    figures = f"{sum(type(o).__name__ == 'Measured' for o in found.values())} of {len(found)}"
                    print(f"| {work} | {name} | {seconds:.2f} | {used:.2f} | {figures} |", flush=True)
                on_file = on_file or found  # the first engine reads the file
                for what in (w for w in found if w[0] not in NEEDS_ROWS):
                    others += (f"{what} on {name}: {d}" for d in differences(on_file[what], found[what]))
    print(f"\nLoad average {', '.join(f'{x:.1f}' for x in os.getloadavg())} after.\n")
    print("\n".join(others) or "Every figure is the same on all.")
    raise SystemExit(1 if others else 0)


if __name__ == "__main__":
    main()
