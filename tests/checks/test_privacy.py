"""What points to people in the data, against worked examples, pycanon, and files made for it."""

import random
import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from counting import ON, card, counted, fields, only

from vangrail import checks
from vangrail.checks.privacy.identifiers_in_data import label, number_label
from vangrail.model.card import Dataset
from vangrail.model.needs import Answers, Cell, CountTable, Rows, Scan
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language, Unit
from vangrail.tables import open_table


def people(**columns):
    return card(datasets={"people": {"source": "people.csv", "columns": columns}})


QUASI, SENSITIVE = {"quasi_identifier": True}, {"special_category": True}


def measured(check, on_card, table):
    """The outcome when the rows are divided like this."""
    found, chosen = checks.checks()[check], only(check, on_card)
    (need,) = found.needs(chosen, [], ON)
    return found.measure(chosen, [], ON, Answers({need: kinds(table, need)}))


def kinds(table, need):
    """How many classes of each kind there are in a table of counts."""
    everyone = {c.values[0]: c.rows / table.rows for c in table.by(need.sensitive).cells} if need.sensitive else {}
    alike = {}
    for cell in table.by(*need.columns, *everyone and [need.sensitive]).cells:
        alike.setdefault(cell.values[: len(need.columns)], {})[cell.values[-1]] = cell.rows
    found = {}
    for values in alike.values():
        size = sum(values.values())
        apart = sum(abs(values.get(v, 0) / size - share) for v, share in everyone.items()) / 2
        found.setdefault((size, len(values)) if everyone else (size,), []).append(apart)
    cells = (Cell(k, len(d), (max(d), sum(d) / len(d)) if everyone else ()) for k, d in found.items())
    return CountTable(("size", "different") if everyone else ("size",), tuple(cells))


SWEENEY = counted("""
    race  | birth | gender | zip  | problem      | rows
    Black | 1965  | m      | 0214 | short breath | 1
    Black | 1965  | m      | 0214 | chest pain   | 1
    Black | 1965  | f      | 0213 | hypertension | 2
    Black | 1964  | f      | 0213 | obesity      | 1
    Black | 1964  | f      | 0213 | chest pain   | 1
    White | 1964  | m      | 0213 | chest pain   | 1
    White | 1964  | m      | 0213 | obesity      | 1
    White | 1964  | m      | 0213 | short breath | 1
    White | 1967  | m      | 0213 | chest pain   | 2
""")
ON_SWEENEY = people(race=QUASI, birth=QUASI, gender=QUASI, zip=QUASI, problem=SENSITIVE)


def test_k_anonymity_of_sweeneys_example():
    """Figure 2 of Sweeney 2002: eleven rows over race, birth, gender and zip, k = 2."""
    found = measured("k-anonymity", ON_SWEENEY, SWEENEY)
    assert isinstance(found, Measured)
    assert (found.value, found.unit, found.rows, found.low) == (2, Unit.COUNT, 11, None)
    assert [(d.name, d.counted) for d in found.details] == [("k < 5", 11), ("k = 1", 0)]
    assert "5 classes; the largest has 3 rows" in found.notes[1][Language.EN]


def test_l_diversity_sees_the_class_that_gives_itself_away():
    """Both women born in 1965 have hypertension, both men born in 1967 chest pain: l = 1, for four of eleven rows."""
    found = measured("l-diversity", ON_SWEENEY, SWEENEY)
    assert found.value == 1 and found.details[0].counted == 4


def test_t_closeness_worked_by_hand():
    """Half of all have debts; in the north 3 of 4, in the south 1 of 4: each lies 0.25 from the whole."""
    table = counted("""
        district | debt | rows
        north    | yes  | 3
        north    | no   | 1
        south    | yes  | 1
        south    | no   | 3
    """)
    found = measured("t-closeness", people(district=QUASI, debt=SENSITIVE), table)
    assert found.value == pytest.approx(0.25) and found.unit is Unit.COEFFICIENT
    assert not checks.checks()["t-closeness"].judged


PYCANON = [  # k, l and t of pycanon 1.3.6 for the table of each seed; its pins on numpy keep it out of our environment
    (6, 3, 0.3381555153707052), (2, 2, 0.5092592592592593), (1, 1, 0.7941176470588236), (4, 2, 0.5018633540372671),
    (4, 2, 0.49375), (14, 3, 0.3320031923383879), (12, 4, 0.2743796428006954), (6, 3, 0.3003048780487805),
    (3, 2, 0.5769230769230769), (6, 3, 0.3371285753957235), (8, 3, 0.411144578313253), (10, 4, 0.2986091399375532),
    (6, 3, 0.39184397163120566), (5, 2, 0.48837209302325585), (3, 1, 0.6914893617021276), (4, 2, 0.47945205479452047),
    (6, 3, 0.29333333333333333), (11, 4, 0.28094462540716614), (2, 2, 0.5378787878787878), (14, 4, 0.2760917838638046),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_pycanon_agrees(seed):
    r = random.Random(seed)
    rows = [
        (r.choice("VMX"), r.choice(["0-17", "18-64", "65+"]), r.choice(["N", "Z"]), r.choice(["geen", "schuld", "ziekte", "leefloon"]))
        for _ in range(r.randint(40, 400))
    ]  # fmt: skip
    table = CountTable(("sex", "age", "dist", "sens"), tuple(Cell(v, n) for v, n in Counter(rows).items()))
    on_card = people(sex=QUASI, age=QUASI, dist=QUASI, sens=SENSITIVE)
    k, l_, t = (measured(c, on_card, table).value for c in ("k-anonymity", "l-diversity", "t-closeness"))
    assert (k, l_) == PYCANON[seed][:2]
    assert t == pytest.approx(PYCANON[seed][2], abs=1e-9)


def test_a_missing_value_makes_a_class_of_its_own():
    table = counted("""
        district | rows
        north    | 7
        -        | 2
    """)
    assert measured("k-anonymity", people(district=QUASI), table).value == 2


def test_a_table_where_everyone_is_unique_is_counted_to_the_end(tmp_path):
    """1.1 million different rows: the smallest class has one, whoever it is gives away the sensitive value."""
    path = tmp_path / "t.parquet"
    numbers = pa.array(range(1_100_000))
    pq.write_table(pa.table({"born": numbers, "debt": pc.equal(pc.bit_wise_and(numbers, 1), 0)}), path)
    on_card = card(datasets={"t": {"source": path.name, "columns": {"born": QUASI, "debt": SENSITIVE}}})
    found = {}
    with open_table("t", on_card.datasets["t"], folder=tmp_path, environment={}) as table:
        for name in ("k-anonymity", "l-diversity", "t-closeness"):
            check, chosen = checks.checks()[name], only(name, on_card)
            answers = Answers(table.answer(check.needs(chosen, table.fields, ON)))
            found[name] = check.measure(chosen, table.fields, ON, answers)
    assert [f.value for f in found.values()] == [1, 1, pytest.approx(0.5)]
    assert {f.rows for f in found.values()} == {1_100_000}


def test_who_is_unique_here_may_not_be_in_the_population():
    """Skinner and Elliot: 10 unique rows and 5 pairs of 20 rows in 200 people: 0.1·10 / (0.1·10 + 2·0.9·5) = 10 %."""
    table = CountTable(("born",), tuple(Cell((i,), 1 if i < 10 else 2) for i in range(15)))
    on_card = card(datasets={"p": {"source": "p.csv", "population": 200, "columns": {"born": QUASI}}})
    assert "in an estimated 10 % of the cases" in " ".join(
        n[Language.EN] for n in measured("k-anonymity", on_card, table).notes
    )


@pytest.mark.parametrize("check", ["k-anonymity", "l-diversity", "t-closeness"])
def test_an_empty_table_protects_nobody(check):
    table = CountTable(("district", "debt"), ())
    assert isinstance(measured(check, people(district=QUASI, debt=SENSITIVE), table), NotMeasurable)


def test_nothing_is_planned_without_quasi_identifiers():
    assert not list(checks.checks()["k-anonymity"].plan(people(a={})))
    assert not list(checks.checks()["l-diversity"].plan(people(a=SENSITIVE)))


# --- identifiers ------------------------------------------------------------------------------------------------------

TEXT = fields("remark", "code")


def scanned(on_card, labels, *, rows, columns=TEXT):
    """The outcome when the scan of each column gives these labels."""
    check = checks.checks()["identifiers-in-data"]
    chosen = next(m for m in check.plan(on_card) if m.subject == "columns")
    answers = {Rows(): rows}
    for need in check.needs(chosen, columns, ON):
        if isinstance(need, Scan):
            answers[need] = CountTable(("label",), tuple(Cell((k,), n) for k, n in labels.get(need.column, {}).items()))
    return check.measure(chosen, columns, ON, Answers(answers))


def test_the_worst_column_counts_and_a_suspicion_is_only_an_upper_bound():
    """31 certain and 9 possible of 1000 remarks: 3.1 %, at most 4 %."""
    found = scanned(people(), {"remark": {"national_number": 20, "email,phone?": 11, "phone?": 9}}, rows=1000)
    assert (found.value, found.low, found.high, found.confidence) == (3.1, 3.1, 4.0, None)
    assert [(d.note[Language.EN], d.counted) for d in found.details] == [
        ("national register or bis numbers", 20),
        ("e-mail addresses", 11),
        ("perhaps telephone numbers", 20),
    ]


def test_nothing_found_is_zero_without_bounds():
    found = scanned(people(), {}, rows=10)
    assert (found.value, found.low, found.high, found.details) == (0, None, None, ())


def test_a_server_only_saw_the_form_but_an_e_mail_address_is_all_form():
    found = scanned(people(), {"remark": {"national_number?": 5, "email?": 2}}, rows=100)
    assert (found.value, found.high) == (2, 7)
    assert any("stay on the server" in n[Language.EN] for n in found.notes)


def test_a_column_that_is_declared_personal_is_judged_apart():
    plan = list(checks.checks()["identifiers-in-data"].plan(people(remark={"personal": True})))
    assert [m.subject for m in plan] == ["columns", "remark"]
    needs = checks.checks()["identifiers-in-data"].needs
    assert [n.column for n in needs(plan[0], TEXT, ON) if isinstance(n, Scan)] == ["code"]
    assert [n.column for n in needs(plan[1], TEXT, ON) if isinstance(n, Scan)] == ["remark"]


def test_a_column_of_numbers_counts_only_when_most_rows_have_right_check_digits():
    numbers = fields("nr", type_=ColumnType.INTEGER)
    assert scanned(people(), {"nr": {"national_number": 30}}, rows=1000, columns=numbers).value == 0
    assert scanned(people(), {"nr": {"national_number": 990}}, rows=1000, columns=numbers).value == 99


def test_leading_zeros_that_a_number_lost_are_put_back():
    assert number_label("5120312346") is None
    lost = next(f"{n}{97 - int('2' + n) % 97:02}" for n in [f"010203{i:03}" for i in range(1, 9)])
    assert number_label(lost.lstrip("0")) == "national_number"


def test_labels_name_every_kind_once():
    assert label("Bel 0477 12 34 56 of 0478 12 34 56, mail a@b.be") == "email,phone?"
    assert label("niets") is None


@pytest.mark.parametrize("kind", ["csv", "sqlite"])
def test_texts_are_read_where_the_table_is_held(tmp_path, kind):
    """Three of six remarks hold something; a category of few values is read once per value."""
    remarks = ["mijn nummer is 85.07.30-033.28", "niets", "BE68 5390 0754 7034", "", "bel 0477 12 34 56", "12/03/2026"]
    if kind == "csv":
        path = tmp_path / "t.csv"
        path.write_text("nr,remark\n" + "".join(f'{i},"{r}"\n' for i, r in enumerate(remarks)))
    else:
        import sqlite3

        path = tmp_path / "t.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE t (nr INTEGER, remark TEXT)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(remarks)))
        connection.close()
    check, on_card = checks.checks()["identifiers-in-data"], card(datasets={"t": {"source": path.name}})
    chosen = only("identifiers-in-data", on_card)
    with open_table("t", Dataset(source=path.name), folder=tmp_path, environment={}) as table:
        answers = table.answer(check.needs(chosen, table.fields, ON))
        found = check.measure(chosen, table.fields, ON, Answers(answers))
    assert found.value == pytest.approx(100 * 2 / 6) and found.high == pytest.approx(50)
    assert not re.search("85|5390|0477", repr(found)), "never a value from a row"


def test_a_server_keeps_its_rows_and_counts_forms(postgres_cluster):
    """Of five remarks three have the form of a number, one is an e-mail address; no row is fetched."""
    import psycopg

    remarks = ["mijn nummer is 85.07.30-033.28", "niets", "BE68 5390 0754 7034", "bel 0477 12 34 56", "a.b@c.be", None]
    with psycopg.connect(postgres_cluster.connection(), autocommit=True) as session:
        session.execute("DROP TABLE IF EXISTS remarks; CREATE TABLE remarks (nr bigint, remark text)")
        session.cursor().executemany("INSERT INTO remarks VALUES (%s, %s)", list(enumerate(remarks)))
        check = checks.checks()["identifiers-in-data"]
        source = Dataset(source="postgresql:PG", table="remarks")
        chosen = only("identifiers-in-data", card(datasets={"t": {"source": "postgresql:PG", "table": "remarks"}}))
        environment = {"PG": postgres_cluster.connection()}
        with open_table("t", source, folder=".", environment=environment) as table:
            answers = table.answer(check.needs(chosen, table.fields, ON))
            found = check.measure(chosen, table.fields, ON, Answers(answers))
        session.execute("DROP TABLE remarks")
    assert found.value == pytest.approx(100 / 6) and found.high == pytest.approx(400 / 6)
    assert any("stay on the server" in n[Language.EN] for n in found.notes)
