"""Many groupings at once give the counts of one by one, in few passes over the rows."""

import sqlite3
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vangrail.model.card import Dataset
from vangrail.model.needs import Classes, Counts, Extreme, Key, Missing, Rows, Where
from vangrail.tables import open_table

WIDE = 60
ROWS = [tuple((row * (column + 3) + row // 7) % (column % 9 + 2) for column in range(WIDE)) for row in range(400)]
NAMES = [f"x{i}" for i in range(WIDE)]


def by(*columns, sums=(), where=None):
    """Counts by some columns; `sums` are columns too, and a condition is one on x5."""
    return Counts(
        tuple(Key(f"x{c}", f'"x{c}"') for c in columns),
        sums=tuple(Key(f"s{c}", f'"x{c}"') for c in sums),
        where=f'"x5" = {where}' if where is not None else None,
    )


ASKED = [
    *(by(0, column) for column in range(1, WIDE)),  # each against the first, as for drift
    *(by(3, column, 12, 13) for column in (7, 8, 9)),  # together in one cube
    by(3, 12),
    by(),
    by(where=1),
    by(3, 12, where=1),
    by(3, 12, where=99),
    *(by(3, column, sums=(20, 21)) for column in (12, 14)),
    by(4, sums=(20,), where=2),
]


def one_by_one(need):
    """The same, row by row."""
    found = defaultdict(lambda: [0, *(0.0 for _ in need.sums)])
    for row in ROWS:
        if need.where is None or row[5] == int(need.where.split()[-1]):
            cell = found[tuple(row[int(k.name[1:])] for k in need.by)]
            cell[0] += 1
            for place, total in enumerate(need.sums, 1):
                cell[place] += row[int(total.name[1:])]
    return {values: tuple(figures) for values, figures in found.items()}


def made(kind, folder):
    """The rows as a file."""
    path = folder / f"t.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))), path)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute(f"CREATE TABLE t ({', '.join(f'{n} INTEGER' for n in NAMES)})")
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * WIDE)})", ROWS)
        connection.close()
    return Dataset(source=path.name)


@pytest.mark.parametrize("kind", ["parquet", "sqlite"])
def test_every_grouping_has_its_own_counts_and_sums(kind, tmp_path):
    with open_table("t", made(kind, tmp_path), folder=tmp_path, environment={}) as table:
        answers = table.answer(ASKED)
    for need in ASKED:
        cells = answers[need].cells
        assert {c.values: (c.rows, *c.sums) for c in cells} == one_by_one(need), need
        assert len(cells) == len({c.values for c in cells})


def test_an_empty_table_has_no_cells(tmp_path):
    dataset = made("parquet", tmp_path).model_copy(update={"where": "x0 > 99"})
    with open_table("t", dataset, folder=tmp_path, environment={}) as table:
        assert all(not answer.cells for answer in table.answer(ASKED).values())


def passes_of(table, needs, monkeypatch):
    """The statements that go over the rows when these needs are answered, each with DuckDB's plan of it."""
    statements, run = [], table._engine.run

    def watched(text):
        if text.startswith("CREATE TEMP TABLE answers"):
            statements.append(run(f"EXPLAIN ANALYZE {text}")[0][1])
            run("DROP TABLE temp.answers")
        elif "r0" in text and "LIMIT 20000" not in text and not text.startswith("SELECT count(*) FROM read_parquet"):
            statements.append("")
        return run(text)

    monkeypatch.setattr(table._engine, "run", watched)
    table.answer(needs)
    return statements


def test_all_kinds_of_totals_together_take_one_pass_in_which_no_row_is_kept(tmp_path, monkeypatch):
    """DuckDB hands each row on to all totals while it reads; rows that it first had to keep would fill the memory."""
    more = [Rows(), Missing("x3"), Where('"x4" > 1'), Extreme("x5", "max"), Classes(("x0", "x1"))]
    with open_table("t", made("parquet", tmp_path), folder=tmp_path, environment={}) as table:
        passes = passes_of(table, [*ASKED, *more], monkeypatch)
        table.fingerprint()
    assert len(passes) == 2  # the second for the classes, which may be many
    assert "STREAMING_FANOUT" in passes[0] and "Materialized Consumers" not in passes[0]


def test_a_key_that_follows_from_a_column_of_few_values_is_counted_by_that_column(tmp_path, monkeypatch):
    """The logarithm is reckoned of two values instead of four hundred rows, and both keys are one."""
    logarithm = Counts((Key("month", '"x7"'), Key("class", 'ROUND(LN("x0" + 1), 2)')))
    with open_table("t", made("parquet", tmp_path), folder=tmp_path, environment={}) as table:
        statements, run = [], table._engine.run
        monkeypatch.setattr(table._engine, "run", lambda text: statements.append(text) or run(text))
        answer = table.answer([logarithm, Counts((Key("x0", '"x0"'), Key("month", '"x7"')))])[logarithm]
    (made_once,) = [s for s in statements if s.startswith("CREATE TEMP TABLE answers")]
    assert "ln(" not in made_once.partition("SELECT (SELECT list(q)")[0]
    assert {c.values[1] for c in answer.cells} == {0.0, 0.69} and answer.rows == len(ROWS)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_was_counted_in_hope_is_counted_again_where_a_number_is_none(odd, tmp_path):
    """That there is no NaN is only known at the end of the pass: a row with one is a gap, and no largest number."""
    pq.write_table(pa.table({"x": [1.0, odd, 3.0], "y": ["a", "b", "b"]}), tmp_path / "t.parquet")
    told = []
    with open_table("t", Dataset(source="t.parquet"), folder=tmp_path, environment={}) as table:
        largest, above = Extreme("x", "max"), Where('"x" > 2')
        answers = table.answer([largest, above], so_far=lambda found: told.append(dict(found)))
        kept = table.fingerprint()
    assert (answers[largest], answers[above]) == (3.0, 1)
    assert all(found.get(largest, 3.0) == 3.0 for found in told)
    with open_table("t", Dataset(source="t.parquet"), folder=tmp_path, environment={}) as table:
        assert table.fingerprint() == kept
