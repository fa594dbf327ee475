"""Many groupings at once give the counts of one by one, in few passes over the rows."""

import sqlite3
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vangrail.model.card import Dataset
from vangrail.model.needs import Counts, Key
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


def test_sixty_columns_by_the_same_month_take_two_passes(tmp_path, monkeypatch):
    """A pass has at most forty keys, so passes grow with the columns, and the table that one makes stays small."""
    with open_table("t", made("parquet", tmp_path), folder=tmp_path, environment={}) as table:
        statements = []
        run = table._engine.run
        monkeypatch.setattr(table._engine, "run", lambda text: statements.append(text) or run(text))
        table.answer(ASKED[: WIDE - 1])
    passes = [s for s in statements if s.startswith("CREATE TEMP TABLE cube")]
    assert len(passes) == 2 and all("GROUPING SETS" in p for p in passes)
