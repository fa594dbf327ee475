"""Ctrl-C and data that go away in the middle of `vangrail assess`: how it ends, and that nothing is written half."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from helping import CARD, application, vangrail

from vangrail.cli import STOPPED
from vangrail.ledger import Ledger

SLOW_SQLITE = """
CREATE TABLE small (id, sex, age, advice, outcome);
CREATE VIEW log AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 100000000)
  SELECT i AS id, 'V' AS sex, 20 AS age, 'yes' AS advice, 'yes' AS outcome FROM r LIMIT 100000000;
"""


def entries(folder: Path) -> int:
    place = folder / ".vangrail"
    if not (place / "ledger.sqlite").exists():
        return 0
    with Ledger.open(place) as ledger:
        return ledger.size


def pressed(folder: Path, **environment: str) -> tuple[int, str]:
    """Exit code and what was said, when somebody presses Ctrl-C while it measures. A terminal gives it to the whole group.

    A shell shows 130 for a program that ended by the signal itself, which is what Python does when it was in the middle of
    making a class.
    """
    command = [sys.executable, "-m", "vangrail", "assess", str(folder)]
    settings = {**os.environ, "VANGRAIL_LANG": "en", **environment}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings, start_new_session=True
    ) as program:
        while not (folder / ".vangrail" / "ledger.sqlite").exists():  # made before anything is measured
            time.sleep(0.1)
        time.sleep(2)
        os.killpg(program.pid, signal.SIGINT)
        started = time.monotonic()
        _, said = program.communicate(timeout=60)
        assert time.monotonic() - started < 30, "it stops soon"
        return STOPPED if program.returncode == -signal.SIGINT else program.returncode, said


def slow(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> tuple[Path, dict[str, str]]:
    """An application whose data take minutes to measure."""
    if kind == "sqlite":
        folder = application(tmp_path, CARD.replace("log.csv", "log.sqlite\n    table: log"))
        with sqlite3.connect(folder / "log.sqlite") as base:
            base.executescript(SLOW_SQLITE)
        base.close()
        return folder, {}
    if kind == "postgresql":
        cluster = request.getfixturevalue("postgres_cluster")
        with psycopg.connect(cluster.connection(), autocommit=True) as session:
            session.execute(
                "CREATE OR REPLACE VIEW traag AS SELECT i AS id, 'V'::text AS sex, 20 AS age, 'yes'::text AS advice, "
                "'yes' || pg_sleep(0.1) AS outcome FROM generate_series(1, 100000) i"
            )
        return application(tmp_path, CARD.replace("log.csv", "postgresql:PG\n    table: traag")), {
            "PG": cluster.connection()
        }
    address = request.getfixturevalue("spark_address")
    folder = application(tmp_path, CARD.replace("log.csv", "spark:SPARK\n    table: log.parquet"))
    return folder, {"SPARK": address}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "spark"])
def test_ctrl_c_ends_with_130_and_writes_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder, environment = slow(tmp_path, kind, request)
    code, said = pressed(folder, **environment)
    assert "Traceback" not in said
    assert (code, said.strip()) == (STOPPED, "Stopped. Nothing was written half.")
    assert entries(folder) == 0
    (folder / "card.yaml").write_text(CARD, encoding="utf-8")
    assert vangrail("assess", folder).returncode in (1, 2), "the next run works"
    vangrail("ledger", "verify", folder, check=0)


def test_a_database_that_goes_away_writes_nothing(tmp_path: Path, postgres_cluster: object) -> None:
    """The first run is kept as it was; the broken one adds nothing to it."""
    cluster = postgres_cluster
    folder = application(tmp_path)
    vangrail("assess", folder)
    before = entries(folder)
    with psycopg.connect(cluster.connection(), autocommit=True) as session:
        session.execute(
            "CREATE OR REPLACE VIEW traag AS SELECT i AS id, 'V'::text AS sex, 20 AS age, 'yes'::text AS advice, "
            "'yes' || pg_sleep(0.1) AS outcome FROM generate_series(1, 100000) i"
        )
        (folder / "card.yaml").write_text(CARD.replace("log.csv", "postgresql:PG\n    table: traag"), encoding="utf-8")
        command = [sys.executable, "-m", "vangrail", "assess", str(folder)]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PG": cluster.connection()},
        ) as program:
            asked = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'vangrail' AND query LIKE '%count(%'"
            while session.execute(asked).fetchone() == (0,):
                time.sleep(0.2)
            _, said = program.communicate(timeout=60)
    assert program.returncode == 3
    assert "de verbinding met de server viel weg tijdens het meten" in said
    assert "Traceback" not in said
    assert entries(folder) == before
    vangrail("ledger", "verify", folder, check=0)
