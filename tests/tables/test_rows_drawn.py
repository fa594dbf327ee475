"""Rows are drawn for two uses: totals made beside the data, and a model on the card. The same rows each time."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

import psycopg
import pytest

from vangrail.model import card
from vangrail.model.needs import Cell, CountTable, Sample
from vangrail.tables import open_table


@dataclass(frozen=True)
class Total:
    """Counts the rows that are drawn, by group."""

    def __call__(self, rows):
        return CountTable(("group",), tuple(Cell((g,), n) for g, n in Counter(rows["group"]).items()))


ROWS = [("a" if i % 4 else "b", i) for i in range(200)]


@pytest.fixture(params=["csv", "sqlite", "postgres"])
def source(request, tmp_path):
    """The same 200 rows in each engine: 50 of group b."""
    environment = {}
    if request.param == "csv":
        (tmp_path / "d.csv").write_text("group,x\n" + "\n".join(f"{g},{x}" for g, x in ROWS), encoding="utf-8")
        where = {"source": "d.csv"}
    elif request.param == "sqlite":
        with sqlite3.connect(tmp_path / "d.sqlite") as db:
            db.execute('CREATE TABLE d ("group" TEXT, x INTEGER)')
            db.executemany("INSERT INTO d VALUES (?, ?)", ROWS)
        where = {"source": "d.sqlite"}
    else:
        address = request.getfixturevalue("postgres_cluster").connection()
        with psycopg.connect(address, autocommit=True) as db:
            db.execute('DROP TABLE IF EXISTS drawn; CREATE TABLE drawn ("group" TEXT, x INTEGER)')
            db.cursor().executemany("INSERT INTO drawn VALUES (%s, %s)", ROWS)
        environment["DB"] = address
        where = {"source": "postgresql:DB", "table": "drawn"}
    with open_table("d", card.Dataset.model_validate(where), folder=tmp_path, environment=environment) as table:
        yield request.param, table


def test_the_same_rows_are_drawn_each_time(source):
    _, table = source
    drawn = table.rows(("group", "x"), at_most=20)
    assert len(drawn["x"]) == 20 and set(drawn["x"]) <= set(range(200))
    assert drawn == table.rows(("group", "x"), at_most=20)
    # By what is in them, not by their place: a draw from all rows is no draw from the first ones.
    assert max(drawn["x"]) > 100


def test_only_rows_that_meet_the_condition_are_drawn(source):
    _, table = source
    assert set(table.rows(("group",), at_most=500, where="x < 8")["group"]) == {"a", "b"}
    assert len(table.rows(("group",), at_most=500, where="x < 8")["group"]) == 8
    assert (
        table.rows(("group",), at_most=5, where="x < 0") == {"group": ()}
        or not table.rows(("group",), at_most=5, where="x < 0")["group"]
    )


def test_totals_are_made_beside_the_data_and_a_server_keeps_its_rows(source):
    kind, table = source
    need = Sample(columns=("group",), at_most=1000, totals=Total())
    answer = table.answer([need])[need]
    if kind == "postgres":
        assert answer is None
    else:
        assert answer.of(group="a") == 150 and answer.of(group="b") == 50


def test_rows_that_are_alike_each_have_their_own_chance(source):
    """50 of 200 are of group b. Drawn by what is in the one column asked, 40 rows would all be of the same group."""
    _, table = source
    groups = Counter(table.rows(("group",), at_most=40)["group"])
    assert 3 <= groups["b"] <= 20


def test_a_key_decides_who_is_drawn_whatever_else_changes(tmp_path):
    def drawn(extra):
        text = "id,x,y\n" + "\n".join(f"{i},{i % 3},{extra}" for i in range(100))
        (tmp_path / "d.csv").write_text(text, encoding="utf-8")
        dataset = card.Dataset.model_validate({"source": "d.csv", "key": ["id"]})
        with open_table("d", dataset, folder=tmp_path, environment={}) as table:
            return table.rows(("id",), at_most=10)["id"]

    assert drawn("a") == drawn("b")
