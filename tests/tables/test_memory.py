"""Data that do not fit in the memory that DuckDB may use are counted all the same, by way of the disk."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vangrail.model.card import Dataset
from vangrail.model.needs import Classes, Counts, Key, Repeats, Rows
from vangrail.tables import duck, open_table

ROWS = 1_500_000


def test_what_does_not_fit_in_memory_goes_to_disk_and_is_cleared(tmp_path, monkeypatch):
    """A million and a half texts of 50 signs that all differ, in 96 MiB: each is a class of its own, and each value a third."""
    numbers = pa.array(range(ROWS))
    texts = pc.binary_join_element_wise("a text that says who or what it is about", pc.cast(numbers, "string"), " ")
    thirds = pc.subtract(numbers, pc.multiply(pc.divide(numbers, 3), 3))
    pq.write_table(pa.table({"who": texts, "debt": thirds}), tmp_path / "t.parquet")
    monkeypatch.setattr(duck, "_memory_mib", lambda: 96)
    with open_table("t", Dataset(source="t.parquet"), folder=tmp_path, environment={}) as table:
        asked = [Rows(), Repeats(("who",)), Classes(("who",), "debt"), Counts((Key("debt", '"debt"'),))]
        rows, repeats, classes, counts = table.answer(asked).values()
        private = table._engine.private
    assert (rows, repeats) == (ROWS, 0)
    (cell,) = classes.cells
    assert (cell.values, cell.rows) == ((1, 1), ROWS) and all(abs(s - 2 / 3) < 1e-9 for s in cell.sums)
    assert sorted(c.rows for c in counts.cells) == [ROWS // 3] * 3
    assert not private.exists()
