"""Every check gives the same outcome on every engine, on generated tables of which one card measures everything.

The needs behind the outcomes are held to a slow and obvious implementation in tests/tables; here DuckDB is what the others are
compared with, to a relative 1e-9.
"""

import math
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from counting import ON, card
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postgres
from differences import NEEDS_ROWS, differences
from vangrail import checks
from vangrail.model.card import DECLARED, RECORDS, TEXTS, Card
from vangrail.model.evidence import Measurement
from vangrail.model.needs import Answers, CountTable
from vangrail.tables import open_table

OF_A_MODEL = {
    "counterfactual-available",
    "directional-tests",
    "disclosure-probe",
    "explanation-fidelity",
    "explanation-stability",
    "membership-inference",
    "misuse-probes",
    "permutation-importance",
    "perturbation-stability",
}
OF_THE_CARD = {
    "accessibility-scan",
    "benefit-followed",
    "energy-against-quality",
    "energy-per-use",
    "metadata-validity",
    "objection-handling-time",
    "objections-upheld",
    "readability",
}
SERVERS = ("postgres", "spark")
TYPES: Mapping[str, tuple[pa.DataType, str]] = {
    "id": (pa.int64(), "bigint"),
    "moment": (pa.timestamp("us"), "timestamp"),
    "day": (pa.date32(), "date"),
    **{c: (pa.float64(), "double precision") for c in ("income", "score", "seconds", "overlap", "sure")},
    **{c: (pa.float64(), "double precision") for c in ("forecast", "actual", "low", "high", "stress", "motivation")},
    **{c: (pa.int64(), "bigint") for c in ("age", "children")},
    **{c: (pa.bool_(), "boolean") for c in ("checked", "drawn", "happens", "warned", "up", "failed")},
}
LETTERS = ("a", "b", "c", "é", "Z z", "o'k")


def log(seed: int, rows: int, gaps: float) -> dict[str, list[Any]]:
    """A table with everything in it: gaps, repeats, NaN, infinity, numbers that are out of range, and odd words."""
    rng = np.random.default_rng(seed)

    def some(values: list[Any]) -> list[Any]:
        return [None if rng.random() < gaps else v for v in values]

    def draw(*words: Any) -> list[Any]:
        return some([words[i] for i in rng.integers(len(words), size=rows)])

    def numbers(low: float, high: float, digits: int = 2) -> list[Any]:
        return some([round(float(x), digits) for x in rng.uniform(low, high, rows)])

    start = datetime(2026, 8, 1)
    actual, advice = numbers(0, 50), draw("ja", "nee", "nee")
    income = numbers(-100, 4000)
    for place, odd in zip(rng.integers(rows, size=3), (math.nan, math.inf, -math.inf), strict=True):
        income[place] = odd
    return {
        "id": [int(i) if rng.random() > 0.02 else 7 for i in range(rows)],
        "moment": [start + timedelta(hours=6 * (i // 2) + (0 if rng.random() > 0.1 else 1)) for i in range(rows)],
        "day": some([date(2026, 8, 1) + timedelta(days=int(d)) for d in rng.integers(0, 110, rows)]),
        "series": [LETTERS[i % 2] for i in range(rows)],
        "sex": draw("V", "M"),
        "district": draw(*LETTERS),
        "age": some([int(a) for a in rng.integers(15, 125, rows)]),
        "children": draw(0, 1, 2, 3, None),
        "income": income,
        "channel": draw("loket", "web", "WEB", " "),
        "remark": draw(
            "niets", "bel 0477 12 34 56", "rijksregister 85.07.30-033.28", "a.b@c.be", "BE68 5390 0754 7034"
        ),
        "advice": advice,
        "decision": [a if rng.random() < 0.8 else "ja" for a in advice],
        "outcome": draw("ja", "nee"),
        "score": numbers(0, 1, 3),
        "officer": draw("o1", "o2", "o3"),
        "seconds": numbers(0, 900, 0),
        "checked": draw(True, False, True),
        "drawn": draw(True, False, False),
        "first": draw("x", "y", "y"),
        "second": draw("x", "y", "y"),
        "seen": draw("put", "barst", "geen"),
        "real": draw("put", "barst", "geen"),
        "overlap": numbers(0, 1),
        "sure": numbers(0, 1),
        "forecast": [None if a is None else round(a + float(rng.normal(0, 5)), 2) for a in actual],
        "actual": actual,
        "low": [None if a is None else a - 6 for a in actual],
        "high": [None if a is None else a + 6 for a in actual],
        "happens": draw(True, False, False, False),
        "warned": draw(True, False, False),
        "up": draw(True, True, True, False),
        "failed": draw(False, False, True),
        "role": draw("dossierbeheerder", "jurist"),
        "valid": draw("2026-12-31", "2026-01-01", "2027-06-30"),
        "person": [f"p{i % 40}" for i in range(rows)],
        "wave": draw("voor", "na"),
        "stress": draw(1.0, 2.0, 3.0, 4.0, 5.0),
        "motivation": draw(1.0, 2.0, 3.0, 4.0, 5.0),
    }


def measured(source: str, table: str | None, *, known_for: str = "all") -> Card:
    """One card that has everything measured that a table can have; what is reckoned of selected cases with another `known_for`."""
    columns = {
        "age": {"type": "integer", "at_least": 18, "at_most": 110, "quasi_identifier": True},
        "sex": {"type": "text", "quasi_identifier": True},
        "district": {"type": "text", "quasi_identifier": True, "allowed": ["a", "b", "c"]},
        "channel": {"type": "text", "missing": ["N.v.t."], "pattern": "[a-z]+"},
        "income": {"type": "number", "at_least": 0, "special_category": True},
        "outcome": {"type": "text", "special_category": True},
        "children": {"type": "integer", "special_category": True},
        "valid": {"type": "date"},
        "moment": {"type": "datetime"},
        "day": {"type": "date"},
        **{c: {"type": "boolean"} for c, (_, kind) in TYPES.items() if kind == "boolean"},
        **{c: {"type": "number"} for c, (_, kind) in TYPES.items() if kind == "double precision" and c != "income"},
        "id": {"type": "integer"},
        "adult": {"type": "boolean", "expression": "age >= 18"},
        "per_child": {"type": "number", "expression": "income / children"},
    }
    dataset = {
        "source": source,
        "table": table,
        "where": "id IS NOT NULL",
        "columns": columns,
        "key": ["id"],
        "rules": [{"name": "bounds", "holds": "low <= high"}, {"name": "time", "holds": "CAST(moment AS DATE) <= day"}],
        "expected_rows": 500,
        "population": 10_000,
        "refresh": {"column": "moment", "newest_within_days": 30, "rows_within_days": 100},
        "drift": {"column": "moment", "validated_until": "2026-08-20"},
        "reference": {"sex": {"shares": {"V": 0.51, "M": 0.49}, "source": "Statbel 2026"}},
        "annotators": ["first", "second"],
        "detections": {
            "predicted": "seen",
            "truth": "real",
            "nothing": ["geen"],
            "overlap": "overlap",
            "score": "sure",
            "by": ["district"],
        },
        "forecasts": {
            "time": "moment",
            "step": "hour",
            "season": 24,
            "series": ["series"],
            "forecast": "forecast",
            "actual": "actual",
            "low": "low",
            "high": "high",
            "level": 0.8,
        },
        "alarms": {
            "time": "moment",
            "step": "hour",
            "series": ["series"],
            "event": {"expression": "happens"},
            "alarm": {"expression": "warned"},
            "window": 12,
            "lead": 6,
        },
    }
    decisions = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": ["ja"]},
        "favourable": "yes",
        "decision": {"column": "decision", "positive": ["ja"]},
        "officer": "officer",
        "seconds": "seconds",
        "outcome": {"column": "outcome", "positive": ["ja"], "known_for": known_for},
        "score": {"column": "score", "probability": True},
        "selected": {"expression": "checked"},
        "random_sample": {"expression": "drawn"},
        "protected": [{"column": "sex", "reference": "M"}, {"column": "age", "bins": [25, 65]}, {"column": "district"}],
        "min_rows": 10,
    }
    return card(
        datasets={"log": dataset},
        decision_log=decisions,
        fallback={
            "uptime": {
                "at_least": 99,
                "dataset": "log",
                "moment": "moment",
                "up": {"expression": "up"},
                "error": {"expression": "failed"},
                "every_minutes": 360,
            }
        },
        literacy={
            "competences": {
                "dataset": "log",
                "role": "role",
                "valid_until": "valid",
                "person": "person",
                "people": {"dossierbeheerder": 25, "jurist": 25},
            }
        },
        work_survey={
            "dataset": "log",
            "wave": "wave",
            "before": "voor",
            "after": "na",
            "lowest": 1,
            "highest": 5,
            "features": {"stress": {"column": "stress"}, "motivation": {"column": "motivation"}},
        },
    )


def planned(on_card: Card) -> list[Measurement]:
    """All that is measured on the table itself, without a model, whether outcomes are known for all or for selected cases."""
    dataset = on_card.datasets["log"]
    more = checks.plan(measured(dataset.source, dataset.table, known_for="selected"))
    all_ = checks.plan(on_card)
    all_ += [m for m in more if m.check not in {a.check for a in all_}]
    return [m for m in all_ if m.dataset not in (TEXTS, RECORDS, DECLARED) and m.model is None]


class Sources:
    """The same rows on every engine."""

    def __init__(self, folder: Path, address: str, spark: str) -> None:
        self.folder, self.environment = folder, {"PG": address, "SPARK": spark}

    def cards(self, rows: dict[str, list[Any]]) -> Iterator[tuple[str, Card]]:
        names, size = list(rows), len(rows["id"])
        typed = {n: pa.array(v, TYPES[n][0] if n in TYPES else pa.string()) for n, v in rows.items()}
        pq.write_table(pa.table(typed), self.folder / "log.parquet", row_group_size=100)
        yield "duckdb", measured("log.parquet", None)
        (self.folder / "log.sqlite").unlink(missing_ok=True)
        with sqlite3.connect(self.folder / "log.sqlite") as base:
            base.execute(f"CREATE TABLE log ({', '.join(names)})")
            for i in range(size):
                base.execute(
                    f"INSERT INTO log VALUES ({', '.join('?' * len(names))})", [_lite(v[i]) for v in rows.values()]
                )
        base.close()
        yield "sqlite", measured("log.sqlite", None)
        with psycopg.connect(self.environment["PG"], autocommit=True) as session:
            session.execute("DROP TABLE IF EXISTS everything")
            kinds = ", ".join(f'"{n}" {TYPES[n][1] if n in TYPES else "text"}' for n in names)
            session.execute(f"CREATE TABLE everything ({kinds})")
            with session.cursor().copy("COPY everything FROM STDIN") as copy:
                for i in range(size):
                    copy.write_row([v[i] for v in rows.values()])
        yield "postgres", measured("postgresql:PG", "everything")
        yield "spark", measured("spark:SPARK", "log.parquet")

    def outcomes(self, on_card: Card, wanted: list[Measurement]) -> dict[tuple[str, str], Any]:
        """What each measurement comes to, by check and subject. `cells` are then those of all answers together."""
        known = checks.checks()
        with open_table("log", on_card.datasets["log"], folder=self.folder, environment=self.environment) as table:
            needs = dict.fromkeys(n for m in wanted for n in known[m.check].needs(m, table.fields, ON))
            answers = Answers(table.answer(needs))
            self.cells = sum(len(a.cells) for a in answers.found.values() if isinstance(a, CountTable))
            return {(m.check, str(m.subject)): known[m.check].measure(m, table.fields, ON, answers) for m in wanted}


def _lite(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case date():
            return str(value)
        case float() if math.isnan(value):
            return "nan"
        case _:
            return value


@pytest.fixture
def sources(tmp_path: Path, postgres_cluster: postgres.Cluster, spark_address: str) -> Sources:
    return Sources(tmp_path, postgres_cluster.connection(), spark_address)


def agree(sources: Sources, rows: dict[str, list[Any]], *engines: str) -> None:
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for engine, on_card in sources.cards(rows):
        if engine in ("duckdb", *engines):
            wanted = [m for m in planned(on_card) if engine not in SERVERS or m.check not in NEEDS_ROWS]
            found[engine] = sources.outcomes(on_card, wanted)
    for engine in engines:
        for key, outcome in found[engine].items():
            wrong = list(differences(found["duckdb"][key], outcome))
            assert not wrong, f"{key} on {engine}: {wrong[:5]}"


@given(seed=st.integers(0, 10_000), rows=st.integers(60, 400), gaps=st.sampled_from([0.0, 0.05, 0.5]))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_check_has_one_outcome_on_every_engine(sources: Sources, seed: int, rows: int, gaps: float) -> None:
    agree(sources, log(seed, rows, gaps), "sqlite", "postgres")


AROUND = 15
"""Rows that a statement gives beside the cells that are asked: one of totals, or the few values that a class is counted by."""


def test_every_check_has_that_outcome_on_spark_and_no_row_leaves_it(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one table: Spark takes as long for a small one as for a large one. What is collected are the cells of the answers.

    The same 200 rows ten times have no more cells than once, so one fetch of rows would be seen.
    """
    from pyspark.sql.classic.dataframe import DataFrame

    fetched = counted(monkeypatch, DataFrame, "collect")
    agree(sources, {name: values * 10 for name, values in log(3, 200, 0.05).items()}, "spark")
    assert sum(fetched) <= sources.cells + AROUND * len(fetched)
    assert AROUND * len(fetched) < 2000


def test_no_row_leaves_postgresql_whatever_is_measured(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the same rows give as many cells as those rows once, so as many rows are fetched; in as few statements."""
    fetched = counted(monkeypatch, psycopg.Cursor, "fetchall")
    rows, seen = log(5, 250, 0.05), []
    for many in (1, 4):
        for engine, on_card in sources.cards({name: values * many for name, values in rows.items()}):
            if engine == "postgres":
                fetched.clear()
                sources.outcomes(on_card, planned(on_card))
                assert sum(fetched) <= sources.cells + AROUND * len(fetched)
                seen.append((len(fetched), sum(fetched)))
    assert seen[0] == seen[1]
    assert seen[0][0] < len(planned(on_card)) / 2, "many figures are made of one statement"


def counted(monkeypatch: pytest.MonkeyPatch, kind: type, method: str) -> list[int]:
    """The number of rows of each answer that comes out of an engine from now on."""
    numbers, original = list[int](), getattr(kind, method)

    def counting(self: Any, *more: Any) -> Any:
        found = original(self, *more)
        numbers.append(len(found))
        return found

    monkeypatch.setattr(kind, method, counting)
    return numbers


def test_what_needs_rows_is_the_same_on_every_server(sources: Sources) -> None:
    """Forms are counted instead of check digits, and nothing is learned from rows: on PostgreSQL as on Spark."""
    found = {}
    for engine, on_card in sources.cards(log(1, 200, 0.1)):
        found[engine] = sources.outcomes(on_card, [m for m in planned(on_card) if m.check in NEEDS_ROWS])
    assert {c for c, _ in found["spark"]} == NEEDS_ROWS
    assert not list(differences(found["duckdb"], found["sqlite"]))
    assert not list(differences(found["postgres"], found["spark"]))


def test_no_check_on_tables_is_left_out() -> None:
    """A new check is planned on this card too, or asks nothing of a table."""
    on_card = measured("log.parquet", None)
    there = {m.check for m in planned(on_card)}
    assert set(checks.shipped()) - there == OF_A_MODEL | OF_THE_CARD
