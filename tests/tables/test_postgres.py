"""PostgreSQL: what leaves it, what is never shown, and what is said when it fails."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

import postgres
from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import (
    Classes,
    Counts,
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

CANARY = "Jef-Geheim-850101"


@pytest.fixture
def session(postgres_cluster: postgres.Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS ocmw CASCADE; CREATE SCHEMA ocmw")
        connection.execute(
            "CREATE TABLE ocmw.logboek AS SELECT i AS id, 'wijk ' || i % 5 AS wijk, i % 3 = 0 AS advies, "
            "i * 1.5 AS bedrag, date '2026-01-01' + i % 30 AS dag FROM generate_series(1, 5000) i"
        )
        yield connection
        connection.execute("DROP SCHEMA ocmw CASCADE")


def opened(connection: str, **declared: Any) -> Any:
    dataset = card.Dataset(source="postgresql:OCMW_DB", **declared)
    return open_table("logboek", dataset, folder=Path(), environment={"OCMW_DB": connection})


def refused(connection: str, **declared: Any) -> str:
    with pytest.raises(VangrailError) as caught, opened(connection, **declared) as table:
        table.answer([Rows()])
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_no_row_leaves_the_database(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 5,000 rows no more are fetched than there are cells in the answers, and one row per statement of totals."""
    fetched: list[int] = []
    original = psycopg.Cursor.fetchall

    def counting(cursor: Any) -> Any:
        found = original(cursor)
        fetched.append(len(found))
        return found

    needs: list[Need] = [Rows(), *(n(c) for n in (Missing, Unreadable) for c in ("id", "wijk", "bedrag"))]
    needs += [Where('"bedrag" > 100'), Extreme("dag", "max"), Repeats(("id",)), Repeats(("wijk", "dag"))]
    tables = [Counts((Key("w", '"wijk"'), Key("a", '"advies"'))), Counts((Key("d", '"dag"'),), where='"advies"')]
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        monkeypatch.setattr(psycopg.Cursor, "fetchall", counting)
        answers = table.answer([*needs, *tables])
        cells = sum(len(answers[t].cells) for t in tables)
        assert cells == 10 + 10
        assert answers[tables[1]].rows == 1666
        assert sum(fetched) == cells + len(fetched) - 1, "all but one statement give one row"
        fetched.clear()
        table.fingerprint()
        assert fetched == [1]


def test_all_counts_share_one_pass_over_the_table(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the server's own plans: counts by whatever columns, and the forms of identifiers, take one scan in all. Figures of all
    rows take one more, and so do classes that may be many. The first look takes a few rows."""
    scan = Scan("wijk", label=lambda _: None, hint="x", forms=(("four'{}", "[4]$"), ("other", "wijk")))
    counts: list[Need] = [
        Counts((Key("k", sql), Key("d", '"dag"'))) for sql in ('"wijk"', '"advies"', '"bedrag" > 100')
    ]
    others: list[Need] = [Rows(), Missing("wijk"), Where('"bedrag" > 100'), Extreme("dag", "max"), Classes(("wijk",))]
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        scans, together = scans_of(table, [*counts, scan, *others], "logboek", monkeypatch)
        assert scans == [1, 1, 1, 1]
    assert {c.values: c.rows for c in together[scan].cells} == {("other?",): 4000, ("four'{}?",): 1000}
    for need in [*counts, *others]:
        with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
            alone = table.answer([need])[need]
        if isinstance(need, Counts):
            assert sorted(together[need].cells, key=repr) == sorted(alone.cells, key=repr) and alone.cells
        else:
            assert together[need] == alone


def test_all_figures_are_of_one_moment(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        before = table.fingerprint()
        session.execute("DELETE FROM ocmw.logboek WHERE id > 10")
        assert table.answer([Rows()])[Rows()] == 5000
        assert table.fingerprint() == before


def test_nothing_can_be_written(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table, pytest.raises(VangrailError):
        table._engine.run("DELETE FROM ocmw.logboek")
    assert session.execute("SELECT count(*) FROM ocmw.logboek").fetchone() == (5000,)


def test_which_table(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute('CREATE VIEW ocmw."Leeg ""x" AS SELECT 1 AS a WHERE false')
    said = refused(postgres_cluster.connection())
    assert "'ocmw.Leeg \"x', 'ocmw.logboek'" in said
    assert "there is no table 'ocmw.nergens'" in refused(postgres_cluster.connection(), table="ocmw.nergens")
    with opened(postgres_cluster.connection(), table='ocmw.Leeg "x') as table:
        assert table.answer([Rows(), Extreme("a", "min"), Repeats(("a",))]) == {
            Rows(): 0,
            Extreme("a", "min"): None,
            Repeats(("a",)): 0,
        }
    with opened(postgres_cluster.connection(), table="logboek") as table:
        assert [str(f.type) for f in table.fields] == ["integer", "text", "boolean", "number", "date"]


def test_a_connection_that_cannot_be_made(postgres_cluster: postgres.Cluster) -> None:
    """What is wrong is told, and never the connection string or a part of it."""
    wrong = {
        postgres_cluster.connection(password=CANARY): "refuses this user or password",
        postgres_cluster.connection(database="nergens"): "knows no such database",
        f"host=/nergens user=x password={CANARY}": "does not answer",
        f"postgresql://x:{CANARY}@127.0.0.1:1/db": "does not answer",
        f"no connection string {CANARY}": "cannot be read",
    }
    for connection, words in wrong.items():
        said = refused(connection, table="t")
        assert words in said
        assert "OCMW_DB" in said
        assert CANARY not in said
        assert str(postgres_cluster.folder) not in said


def test_a_table_that_may_not_be_read(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute(
        "DROP ROLE IF EXISTS lezer; CREATE ROLE lezer LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA ocmw TO lezer"
    )
    other = f"host={postgres_cluster.folder} dbname=postgres user=lezer password=x"
    assert "may not read the table" in refused(other, table="ocmw.logboek")
    session.execute("DROP OWNED BY lezer; DROP ROLE lezer")


def test_a_connection_that_is_lost(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute(
        "CREATE VIEW ocmw.traag AS SELECT i AS a, pg_sleep(0.01) IS NULL AS b FROM generate_series(1, 2000) i"
    )
    with opened(postgres_cluster.connection(), table="ocmw.traag") as table:

        def cut() -> None:
            time.sleep(0.5)
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vangrail'"
            )

        thread = threading.Thread(target=cut)
        thread.start()
        with pytest.raises(VangrailError, match="connection to the server was lost"):
            table.answer([Missing("b")])
        thread.join()


def test_errors_of_the_server_do_not_show_values(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    """A view that fails on a value makes PostgreSQL quote that value; we do not."""
    session.execute(f"CREATE VIEW ocmw.kapot AS SELECT CAST('{CANARY}' || id AS integer) AS a FROM ocmw.logboek")
    with opened(postgres_cluster.connection(), table="ocmw.kapot") as table, pytest.raises(VangrailError) as caught:
        table.answer([Missing("a")])
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "InvalidTextRepresentation" in str(caught.value)


def test_many_keys_and_conditions_at_once(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """More keys than GROUPING takes, and conditions that are keys as well: each count is of its own keys."""
    wanted = [Counts((Key("k", f'"id" % {n}'),), where=f'"id" <= {n}') for n in range(2, 45)]
    wanted += [Counts((Key("k", '"advies"'),), where='"advies"'), Counts((), where='"advies"')]
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        answers = table.answer(wanted)
    assert all(
        {c.values[0]: c.rows for c in answers[w].cells} == dict.fromkeys(range(n), 1)
        for n, w in enumerate(wanted[:-2], 2)
    )
    assert [(c.values, c.rows) for w in wanted[-2:] for c in answers[w].cells] == [((True,), 1666), ((), 1666)]


def test_too_many_combinations(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute("CREATE VIEW ocmw.veel AS SELECT i AS a, i % 2 AS b FROM generate_series(1, 1000001) i")
    few, many = Counts((Key("b", sql.column("b")),)), Counts((Key("a", sql.column("a")),))
    with opened(postgres_cluster.connection(), table="ocmw.veel") as table:
        with pytest.raises(VangrailError, match="counting by 'a' gives more than 1000000"):
            table.answer([few, many])
        assert len(table.answer([few])[few].cells) == 2


def test_a_pooler_gets_the_session_back_as_it_was(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    """With pgbouncer another program can go on in this session after the transaction, and want to write."""
    names = ("default_transaction_read_only", "enable_sort", "jit", "work_mem", "TimeZone", "DateStyle")
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        during = [table._engine.run(f"SHOW {name}") for name in names]
        table._engine.connection.execute("ROLLBACK")
        assert [table._engine.run(f"SHOW {n}") for n in names] == [
            session.execute(f"SHOW {n}").fetchall() for n in names
        ]
        assert during[1:3] == [[("off",)], [("off",)]]


def test_columns_that_the_user_may_not_read_are_left_out(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    session.execute(
        "DROP ROLE IF EXISTS zuinig; CREATE ROLE zuinig LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA ocmw TO zuinig; "
        "GRANT SELECT (wijk, advies) ON ocmw.logboek TO zuinig"
    )
    other = f"host={postgres_cluster.folder} dbname=postgres user=zuinig password=x"
    with opened(other, table="ocmw.logboek") as table:
        assert [f.name for f in table.fields] == ["wijk", "advies"]
        assert [n["en"] for n in table.notes] == ["3 of the 5 columns were not read: this user may not."]
        assert table.answer([Rows(), Where('"advies"')]) == {Rows(): 5000, Where('"advies"'): 1666}
        assert table.fingerprint().rows == 5000
    session.execute("DROP OWNED BY zuinig; DROP ROLE zuinig")


def test_columns_in_a_language_of_their_own(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """Where 'Gent' equals 'GENT', where two columns have different languages, and where ٣ is a digit."""
    session.execute(
        "CREATE COLLATION ocmw.gelijk (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
        "CREATE COLLATION ocmw.nl (provider = icu, locale = 'nl-BE'); "
        "CREATE TABLE ocmw.taal (stad text COLLATE ocmw.gelijk, naam text COLLATE ocmw.nl, getal text COLLATE ocmw.nl); "
        "INSERT INTO ocmw.taal VALUES ('Gent', 'Gent', '3'), ('GENT', 'x', '\u0663'), ('gent', 'y', '2026')"
    )
    by = Counts((Key("s", '"stad"'),))
    rules = {
        '"stad" = "naam"': 1,
        "\"stad\" LIKE '%en%'": 2,
        "REGEXP_LIKE(\"stad\", 'G.*')": 2,
        "LOWER(\"stad\") = 'gent'": 3,
    }
    digits = Scan("getal", label=lambda _: None, hint="x", forms=(("digit", r"^\d$"),))
    columns = {"getal": card.Column(type="integer")}
    with opened(postgres_cluster.connection(), table="ocmw.taal", columns=columns) as table:
        answers = table.answer([by, Repeats(("stad",)), Unreadable("getal"), *map(Where, rules)])
    with opened(postgres_cluster.connection(), table="ocmw.taal") as table:
        assert [(c.values, c.rows) for c in table.answer([digits])[digits].cells] == [(("digit?",), 1)]
    assert sorted(c.values for c in answers[by].cells) == [("GENT",), ("Gent",), ("gent",)]
    assert (answers[Repeats(("stad",))], answers[Unreadable("getal")]) == (0, 1)
    assert {rule: answers[Where(rule)] for rule in rules} == rules


def test_a_database_in_another_encoding(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """A narrow no-break space, and whatever else LATIN1 does not know, cannot be in a statement there."""
    session.execute("DROP DATABASE IF EXISTS latijn")
    session.execute("CREATE DATABASE latijn TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    latin = postgres_cluster.connection(database="latijn")
    with psycopg.connect(latin, autocommit=True, client_encoding="utf8") as connection:
        connection.execute("CREATE TABLE t AS SELECT 'é' AS w, '1.234,5' AS n UNION ALL SELECT 'x', '1\u00a0234'")
    columns = {"n": card.Column(type="number")}
    by = Counts((Key("w", '"w"'), Key("n", '"n"')))
    with opened(latin, table="t", decimal=",", columns=columns) as table:
        assert {c.values for c in table.answer([by])[by].cells} == {("é", 1234.5), ("x", 1234.0)}
    assert "encoding of the database, LATIN1" in refused(latin, table="t", where="w <> '😀'")
    session.execute("DROP DATABASE latijn")


def test_a_numeric_beyond_what_a_number_holds(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """Unreadable, or nothing; and the others are measured."""
    session.execute("CREATE TABLE ocmw.wijd AS SELECT unnest(ARRAY[1e400, -1e400, 1e-400, 'NaN', 1.5]::numeric[]) AS n")
    by = Counts((Key("n", '"n"'),))
    with opened(postgres_cluster.connection(), table="ocmw.wijd") as table:
        answers = table.answer([Unreadable("n"), by])
    assert answers[Unreadable("n")] == 3
    assert {c.values[0]: c.rows for c in answers[by].cells} == {None: 3, 0.0: 1, 1.5: 1}


def scans_of(
    table: Any, needs: Sequence[Need], name: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[int], dict[Need, Any]]:
    """How often each statement goes over the rows, by the server's own plans, and the answers."""
    scans, run = [], table._engine.run

    def watched(statement: str) -> Any:
        plan = "\n".join(str(line) for (line,) in run(f"EXPLAIN {statement}"))
        scans.append(plan.count(f"Seq Scan on {name}"))
        return run(statement)

    with monkeypatch.context() as patch:
        patch.setattr(table._engine, "run", watched)
        return scans, table.answer(needs)


def test_counts_of_many_combinations_take_one_pass_with_all_that_is_read_of_them(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12 x 100 x 400 cells are too many to count beside others; what is less fine is added up from these, not counted anew."""
    session.execute(
        "CREATE TABLE ocmw.fijn AS SELECT i % 12 AS a, i * 7919 % 100 AS b, i * 31 % 400 AS c FROM generate_series(1, 30000) i"
    )
    fine = Counts(tuple(Key(k, f'"{k}"') for k in "abc"))
    parts = [Counts(tuple(Key(k, f'"{k}"') for k in some)) for some in ("ab", "ac", "a", "b", "c")]
    with opened(postgres_cluster.connection(), table="ocmw.fijn") as table:
        scans, answers = scans_of(table, [fine, *parts], "fijn", monkeypatch)
    assert scans == [1, 1]
    for need in parts:
        assert {c.values: c.rows for c in answers[need].cells} == {
            c.values: c.rows for c in answers[fine].by(*(k.name for k in need.by)).cells
        }


def test_a_table_of_as_many_columns_as_fit(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """A subquery takes 1,664 columns, and each of these 740 takes two."""
    session.execute(f"CREATE TABLE ocmw.breed AS SELECT {', '.join(f'{i}::real AS c{i}' for i in range(740))}")
    needs = [Counts((Key("k", f'"c{i}"'),)) for i in range(0, 740, 3)]
    with opened(postgres_cluster.connection(), table="ocmw.breed") as table:
        answers = table.answer(needs)
    assert [answers[n].cells[0].values for n in needs] == [(float(i),) for i in range(0, 740, 3)]


def test_a_session_that_the_server_found_idle_too_long(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        table._engine.run("SELECT set_config('idle_in_transaction_session_timeout', '50ms', true)")
        time.sleep(0.5)
        with pytest.raises(VangrailError, match="connection to the server was lost"):
            table.answer([Rows()])


def test_a_table_of_which_the_user_sees_some_rows(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    session.execute(
        "DROP ROLE IF EXISTS wijkteam; CREATE ROLE wijkteam LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA ocmw TO wijkteam; "
        "GRANT SELECT ON ocmw.logboek TO wijkteam; ALTER TABLE ocmw.logboek ENABLE ROW LEVEL SECURITY; "
        "CREATE POLICY eigen ON ocmw.logboek USING (wijk = 'wijk 1')"
    )
    other = f"host={postgres_cluster.folder} dbname=postgres user=wijkteam password=x"
    with opened(other, table="ocmw.logboek") as table:
        assert table.answer([Rows()]) == {Rows(): 1000}
        assert ["row-level security" in n["en"] for n in table.notes] == [True]
    with opened(postgres_cluster.connection(), table="ocmw.logboek") as table:
        assert table.notes == ()
    session.execute("DROP OWNED BY wijkteam; DROP ROLE wijkteam")


def test_a_table_that_another_program_keeps_locked(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    with psycopg.connect(postgres_cluster.connection()) as other:
        other.execute("LOCK TABLE ocmw.logboek IN ACCESS EXCLUSIVE MODE")
        impatient = f"{postgres_cluster.connection()} options='-c lock_timeout=50ms'"
        assert "another program keeps the table locked" in refused(impatient, table="ocmw.logboek")


def test_a_standby_that_must_go_on(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    """A standby ends a long statement whose rows the primary has cleaned up, with this state."""
    with (
        opened(postgres_cluster.connection(), table="ocmw.logboek") as table,
        pytest.raises(VangrailError, match="this standby stopped the statement"),
    ):
        table._engine.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")


def test_a_domain_counts_as_what_it_narrows(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute(
        "CREATE DOMAIN ocmw.leeftijd AS integer CHECK (value >= 0); CREATE DOMAIN ocmw.bedrag AS numeric(12, 2); "
        "CREATE TABLE ocmw.domein (n ocmw.leeftijd, b ocmw.bedrag); INSERT INTO ocmw.domein VALUES (9, 1.5), (10, -2)"
    )
    largest, smallest = Extreme("n", "max"), Extreme("b", "min")
    with opened(postgres_cluster.connection(), table="ocmw.domein") as table:
        assert [str(f.type) for f in table.fields] == ["integer", "number"]
        assert table.answer([largest, smallest]) == {largest: 10, smallest: -2.0}
        assert table.fingerprint().rows == 2


def test_every_row_is_told_apart_from_every_other(
    session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    """A hash of 32 bits, which is what PostgreSQL makes of a number of eight bytes, takes twelve more of these rows for repeats."""
    session.execute(
        "CREATE TABLE ocmw.velen AS SELECT i::bigint AS n, 'a' || i AS t, timestamp '2026-01-01' + i * interval '1 s' AS m, "
        "i / 7.0::float8 AS x, i / 3 AS d FROM generate_series(1, 300000) i; INSERT INTO ocmw.velen SELECT * FROM ocmw.velen "
        "WHERE n <= 5 OR n = 7; INSERT INTO ocmw.velen SELECT 7, 'anders', m, x, d FROM ocmw.velen WHERE n = 9"
    )
    some, more, every = Repeats(("n",)), Repeats(("n", "m", "x", "d")), Repeats(("n", "t", "m", "x", "d"))
    with opened(postgres_cluster.connection(), table="ocmw.velen") as table:
        assert table.answer([every, more, some, Repeats(("d", "x"))]) == {
            every: 6,
            more: 6,
            some: 7,
            Repeats(("d", "x")): 7,
        }


def test_rows_without_a_key_are_compared_too(session: psycopg.Connection, postgres_cluster: postgres.Cluster) -> None:
    session.execute(
        "CREATE TABLE ocmw.leeg (n bigint, t text, m timestamp, x float8);"
        "INSERT INTO ocmw.leeg VALUES (NULL, 'a', NULL, 1), (NULL, 'a', NULL, 1), (NULL, NULL, NULL, 1), (3, NULL, NULL, NULL)"
    )
    some, every = Repeats(("n",)), Repeats(("n", "t", "m", "x"))
    with opened(postgres_cluster.connection(), table="ocmw.leeg") as table:
        assert table.answer([every, some]) == {every: 1, some: 2}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bigint", "5", str(5 << 32)),
        ("timestamp", "'2000-01-01 00:00:00.000005'", "'2000-01-01 05:57:54.83648'"),
        ("timestamptz", "'2000-01-01 00:00:00.000005+00'", "'2000-01-01 05:57:54.83648+00'"),
    ],
)
def test_values_that_postgresql_itself_hashes_alike_are_told_apart(
    kind: str, one: str, other: str, session: psycopg.Connection, postgres_cluster: postgres.Cluster
) -> None:
    """The lower and the upper half of eight bytes exchanged."""
    session.execute(
        f"CREATE TABLE ocmw.helft (n {kind}, a int, b int, c int); INSERT INTO ocmw.helft VALUES ({one}, 1, 1, 1)"
    )
    with opened(postgres_cluster.connection(), table="ocmw.helft") as table:
        before = table.fingerprint().content
    session.execute(f"INSERT INTO ocmw.helft VALUES ({other}, 1, 1, 1)")
    with opened(postgres_cluster.connection(), table="ocmw.helft") as table:
        assert table.answer([Repeats(("n", "a", "b", "c"))]) == {Repeats(("n", "a", "b", "c")): 0}
    session.execute(f"DELETE FROM ocmw.helft WHERE n = {one}")
    with opened(postgres_cluster.connection(), table="ocmw.helft") as table:
        assert table.fingerprint().content != before
