"""Whatever is asked together, of whatever is in a table, DuckDB and PostgreSQL give the figures of a slow and obvious implementation."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postgres
from vangrail.model import card
from vangrail.model.needs import (
    Cell,
    Classes,
    Counts,
    CountTable,
    Extreme,
    Key,
    Missing,
    Need,
    Repeats,
    Rows,
    Scan,
    Unreadable,
    Where,
)
from vangrail.tables import open_table, sql

TEXTS = [
    "Gent",
    "gent",
    "",
    " ",
    "'",
    '"',
    "\\",
    "\\n",
    "a\nb",
    "%s",
    "{}",
    "{0}",
    '"}',
    "$1",
    "--",
    "NULL",
    "0",
    "1e5",
]
TEXTS += ["😀", "é", "e\u0301", "\u2028", "x" * 3000, "850101-123-45", "0470 12 34 56"]
WHOLE = st.integers(-3, 3) | st.sampled_from([2**53 + 1, 2**63 - 1, 1 - 2**63, 10**18])
NUMBER = st.sampled_from([0.0, -0.0, 1.5, -2.25, 0.1, 1e-7, 123456789012.5, math.nan, math.inf, -math.inf])
COLUMNS: dict[str, tuple[str, Any, str, st.SearchStrategy[Any]]] = {
    "e0": ("text", pa.string(), "text", st.sampled_from(TEXTS)),
    "group": ("text", pa.string(), "varchar(5000)", st.sampled_from(["a", "b", "{", "c4"])),
    "m0": ("integer", pa.int64(), "bigint", WHOLE),
    "k0": ("number", pa.float64(), "double precision", NUMBER),
    "f0": ("boolean", pa.bool_(), "boolean", st.booleans()),
    "r0": ("date", pa.date32(), "date", st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.just(date(2026, 1, 1))),
    'a"b': (
        "datetime",
        pa.timestamp("us", tz="UTC"),
        "timestamptz",
        st.datetimes(datetime(1970, 1, 1), datetime(1970, 1, 2)) | st.just(datetime(2026, 1, 1, 12)),
    ),
}
"""Name: type, type in Parquet, type in PostgreSQL, values. The names are those that the engines use inside, or words of SQL."""


def field(name: str) -> Callable[[reference.Row], Any]:
    """The value of a column."""
    return lambda row: row[name]


RULES: dict[str, Callable[[reference.Row], Any]] = {
    '"f0"': lambda r: r["f0"],
    '"m0" > 0': lambda r: None if r["m0"] is None else r["m0"] > 0,
    '"f0" OR "k0" > 0': lambda r: True if r["f0"] or (r["k0"] or 0) > 0 else None,
    "\"e0\" = '{}' OR \"group\" = '{'": lambda r: r["e0"] == "{}" or r["group"] == "{" or None,
    '"m0" > 0 AND "m0" < 0': lambda r: None if r["m0"] is None else False,
}
KEYS: dict[str, Callable[[reference.Row], Any]] = {
    **{sql.column(n): field(n) for n in (*COLUMNS, "twice")},
    'LENGTH("e0")': lambda r: None if r["e0"] is None else len(r["e0"]),
    'YEAR("r0")': lambda r: None if r["r0"] is None else r["r0"].year,
    '"m0" > 0': RULES['"m0" > 0'],
    "'one'": lambda r: "one",
}
SUMS: dict[str, Callable[[reference.Row], float]] = {
    '"k0"': lambda r: r["k0"] or 0.0,
    'CASE WHEN "f0" THEN 1 ELSE 0 END': lambda r: float(r["f0"] or 0),
}
FORMS = (("number", r"\d\d-\d\d\d"), ("letter", "[a-z]"))


def label(text: str) -> str | None:
    """What the forms say, by hand."""
    if any(text[i : i + 6].replace("-", "0").isdecimal() and text[i + 2 : i + 3] == "-" for i in range(len(text) - 5)):
        return "number"
    return "letter" if any("a" <= c <= "z" for c in text) else None


names = st.sampled_from(list(COLUMNS))
few = st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
many = st.lists(names, min_size=4, max_size=6, unique=True).map(tuple)
"""Told apart by a hash, on some engines."""
NEEDS: st.SearchStrategy[Need] = st.one_of(
    st.builds(Missing, names),
    st.builds(Unreadable, names),
    st.builds(Extreme, names, st.sampled_from(["min", "max"])),
    st.builds(Repeats, few | many),
    st.builds(Where, st.sampled_from(list(RULES))),
    st.builds(Classes, few | many, st.none() | names),
    st.builds(lambda c: Scan(c, label=label, hint="[a-z0-9]", forms=FORMS), st.sampled_from(["e0", "group"])),
    *[
        st.builds(
            lambda keys, where, sums: Counts(
                tuple(Key(k, k) for k in keys), where=where, sums=tuple(Key(s, s) for s in sums)
            ),
            st.lists(st.sampled_from(list(KEYS)), max_size=3, unique=True),
            st.none() | st.sampled_from(list(RULES)),
            st.lists(st.sampled_from(list(SUMS)), max_size=2, unique=True),
        )
    ]
    * 4,
)
ROW = st.fixed_dictionaries({n: st.none() | values for n, (*_, values) in COLUMNS.items()})
ROWS = st.one_of(
    st.lists(ROW, max_size=3),
    st.lists(ROW, min_size=1, max_size=12).map(lambda rows: rows * 12),
    st.lists(ROW, min_size=30, max_size=40),
)


def by_hand(need: Need, rows: list[reference.Row], given: list[reference.Row]) -> Any:
    """The answer, row by row. `given` are the rows before they were read."""
    match need:
        case Rows():
            return len(rows)
        case Missing(column):
            return sum(r[column] is None for r in given)
        case Unreadable(column):
            return sum(a[column] is not None and b[column] is None for a, b in zip(given, rows, strict=True))
        case Extreme(column, which):
            return reference.extreme(rows, column, which)
        case Repeats(columns):
            return reference.repeats(rows, columns)
        case Where(rule):
            return sum(RULES[rule](r) is True for r in rows)
        case Classes(columns, sensitive):
            return reference.classes(rows, columns, sensitive)
        case Scan(column):
            labels = Counter(label(r[column]) for r in rows if r[column] is not None)
            return CountTable(("label",), tuple(Cell((x,), n) for x, n in labels.items() if x is not None))
        case Counts(keys, where, sums):
            cells: dict[tuple[Any, ...], list[reference.Row]] = {}
            for row in rows:
                if where is None or RULES[where](row) is True:
                    cells.setdefault(tuple(KEYS[k.sql](row) for k in keys), []).append(row)
            figures = {v: tuple(math.fsum(SUMS[s.sql](r) for r in some) for s in sums) for v, some in cells.items()}
            return CountTable(tuple(k.name for k in keys), tuple(Cell(v, len(r), figures[v]) for v, r in cells.items()))


def put(
    kind: str, rows: list[reference.Row], folder: Path, session: psycopg.Connection, **declared: Any
) -> card.Dataset:
    """The rows as a file, or as a table on the server."""
    if kind == "parquet":
        path = folder / "t.parquet"
        path.unlink(missing_ok=True)
        pq.write_table(pa.table({n: pa.array([r[n] for r in rows], t) for n, (_, t, *_) in COLUMNS.items()}), path)
        return card.Dataset(source="t.parquet", **declared)
    types = ", ".join(f"{sql.column(n)} {t}" for n, (_, _, t, _) in COLUMNS.items())
    session.execute(f"DROP TABLE IF EXISTS alles; CREATE TABLE alles ({types})")
    with session.cursor().copy("COPY alles FROM STDIN") as copy:
        for row in rows:
            copy.write_row([v.replace(tzinfo=UTC) if isinstance(v, datetime) else v for v in (row[n] for n in COLUMNS)])
    return card.Dataset(source="postgresql:SERVER", table="alles", **declared)


@pytest.mark.parametrize("kind", ["parquet", "postgres"])
@given(rows=ROWS, needs=st.lists(NEEDS, min_size=10, max_size=40), where=st.none() | st.sampled_from(list(RULES)))
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
def test_what_is_asked_together_is_answered_as_by_hand(
    kind: str,
    tmp_path: Path,
    postgres_cluster: postgres.Cluster,
    rows: list[reference.Row],
    needs: list[Need],
    where: str | None,
) -> None:
    twice = card.Column(expression='CASE WHEN "m0" BETWEEN -9 AND 9 THEN "m0" * 2 END')
    given_ = [{n: reference.present(v) for n, v in r.items()} for r in rows]
    read = [{n: reference.read(v, COLUMNS[n][0]) for n, v in r.items()} for r in given_]
    read = [r | {"twice": r["m0"] * 2 if r["m0"] is not None and -9 <= r["m0"] <= 9 else None} for r in read]
    counted = [i for i, r in enumerate(read) if where is None or RULES[where](r) is True]
    read, given_ = [read[i] for i in counted], [given_[i] for i in counted]
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as session:
        dataset = put(kind, rows, tmp_path, session, columns={"twice": twice}, where=where)
    environment = {"SERVER": postgres_cluster.connection()}
    with open_table("t", dataset, folder=tmp_path, environment=environment) as table:
        answers = table.answer([Rows(), *needs])
    for need in [Rows(), *needs]:
        answer, wanted = answers[need], by_hand(need, read, given_)
        if isinstance(need, Scan) and kind == "postgres":
            wanted = CountTable(wanted.keys, tuple(Cell((f"{c.values[0]}?",), c.rows) for c in wanted.cells))
        if isinstance(answer, CountTable) and isinstance(wanted, CountTable):
            assert reference.same(answer, wanted), (need, answer, wanted)
        else:
            assert answer == wanted, need
