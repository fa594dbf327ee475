"""Quality of the data, against numbers worked by hand or published."""

from datetime import date, datetime

import pytest
from counting import ON, answered, card, counted, fields, measure, only

from vangrail import checks
from vangrail.model.needs import (
    Answers,
    Cell,
    Counts,
    CountTable,
    Extreme,
    Field,
    Missing,
    Repeats,
    Rows,
    Unreadable,
    Where,
)
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language, Unit


def data_card(**parts):
    return card(datasets={"people": {"source": "people.csv"} | parts})


def test_completeness_is_that_of_the_worst_required_column():
    """25 of 200 incomes are missing: 12.5 %. The remark may be missing."""
    on_card = data_card(columns={"income": {}, "age": {}, "remark": {"required": False}})
    found = answered(
        "completeness",
        on_card,
        {Rows(): 200, Missing("income"): 25, Missing("age"): 5},
        columns=fields("income", "age", "remark"),
    )
    assert (found.value, found.unit, found.rows, found.low) == (12.5, Unit.PERCENT, 200, None)
    assert [(d.name, d.counted, d.percent) for d in found.details] == [("income", 25, 12.5), ("age", 5, 2.5)]


def test_a_column_that_is_not_on_the_card_counts_too():
    found = answered(
        "completeness", data_card(), {Rows(): 10, Missing("a"): 1, Missing("b"): 0}, columns=fields("a", "b")
    )
    assert found.value == 10


def test_records_that_are_not_there_are_missing_too():
    values, records = checks.checks()["completeness"].plan(data_card(expected_rows=250))
    assert (values.subject, records.subject) == ("values", "records")
    found = checks.checks()["completeness"].measure(records, fields("a"), ON, Answers({Rows(): 200}))
    assert found.value == 20
    more = checks.checks()["completeness"].measure(records, fields("a"), ON, Answers({Rows(): 300}))
    assert more.value == 0


@pytest.mark.parametrize("check", ["completeness", "uniqueness"])
def test_an_empty_table_is_not_a_good_table(check):
    found = answered(check, data_card(), {Rows(): 0, Missing("a"): 0, Repeats(("a",)): 0}, columns=fields("a"))
    assert isinstance(found, NotMeasurable) and "empty" in found.reason[Language.EN]


def test_uniqueness_counts_rows_that_repeat_another():
    """100 rows of which 4 repeat a row that is there already."""
    found = answered("uniqueness", data_card(), {Rows(): 100, Repeats(("a", "b")): 4}, columns=fields("a", "b"))
    assert found.value == 4


def test_a_key_is_judged_apart_from_whole_rows():
    rows, key = checks.checks()["uniqueness"].plan(data_card(key=["id"]))
    assert (rows.subject, key.subject) == ("rows", "key")
    found = checks.checks()["uniqueness"].measure(key, fields("id"), ON, Answers({Rows(): 50, Repeats(("id",)): 1}))
    assert found.value == 2


def test_validity_takes_the_worst_of_type_list_range_and_rule():
    on_card = data_card(
        columns={"age": {"type": "integer", "at_least": 18, "at_most": 120}, "sex": {"allowed": ["V", "M", "X"]}},
        rules=[{"name": "oud genoeg", "holds": "age >= 21 OR sex = 'X'"}],
    )
    columns = [*fields("age", type_=ColumnType.INTEGER), *fields("sex")]
    check, chosen = checks.checks()["validity"], only("validity", on_card)
    needs = check.needs(chosen, columns, ON)
    assert Unreadable("age") in needs
    counts = iter([1, 8, 3, 6])
    answers = {n: 200 if n == Rows() else next(counts) for n in needs}
    found = check.measure(chosen, columns, ON, Answers(answers))
    assert found.value == 4.0
    assert [(d.name, d.counted) for d in found.details] == [("age", 8), ("oud genoeg", 6), ("sex", 3), ("age", 1)]


def test_validity_without_expectations_is_not_measurable():
    found = answered("validity", data_card(columns={"a": {}}), {Rows(): 10}, columns=fields("a"))
    assert isinstance(found, NotMeasurable) and "which values are right" in found.reason[Language.EN]


def timely(**refresh):
    return data_card(refresh={"column": "made"} | refresh)


def test_the_age_of_the_newest_row():
    on_card = timely(newest_within_days=31)
    future = next(
        n for n in checks.checks()["timeliness"].needs(only("timeliness", on_card), WHEN, ON) if isinstance(n, Where)
    )
    found = answered(
        "timeliness",
        on_card,
        {Rows(): 9, Missing("made"): 1, future: 0, Extreme("made", "max"): datetime(2026, 10, 13, 14, 0)},
        columns=WHEN,
    )
    assert (found.value, found.unit) == (40, Unit.DAYS)


WHEN = fields("made", type_=ColumnType.DATETIME)


def test_a_newest_row_in_the_future_says_nothing():
    on_card = timely(newest_within_days=31)
    future = next(
        n for n in checks.checks()["timeliness"].needs(only("timeliness", on_card), WHEN, ON) if isinstance(n, Where)
    )
    answers = {Rows(): 9, Missing("made"): 0, future: 2, Extreme("made", "max"): date(2030, 1, 1)}
    found = answered("timeliness", on_card, answers, columns=WHEN)
    assert isinstance(found, NotMeasurable) and "2 rows lie after 2026-11-22" in found.reason[Language.EN]


def test_rows_that_are_too_old():
    on_card = timely(rows_within_days=365)
    needs = checks.checks()["timeliness"].needs(only("timeliness", on_card), WHEN, ON)
    future, old = (n for n in needs if isinstance(n, Where))
    assert "2025-11-22" in old.sql
    found = answered("timeliness", on_card, {Rows(): 50, Missing("made"): 0, future: 0, old: 5}, columns=WHEN)
    assert (found.value, found.unit) == (10, Unit.PERCENT)


def test_a_column_without_dates_has_no_age():
    found = answered("timeliness", timely(newest_within_days=3), {Rows(): 5}, columns=fields("made"))
    assert isinstance(found, NotMeasurable) and "holds no dates" in found.reason[Language.EN]


def test_representativeness_against_the_population():
    """60 % women in the data against 51 % in the population: 9 points. Group X is missing altogether."""
    on_card = data_card(reference={"sex": {"shares": {"V": 0.51, "M": 0.48, "X": 0.01}, "source": "Statbel 2025"}})
    table = counted("""
        sex | rows
        V   | 600
        M   | 400
        -   | 50
    """)
    found = measure("representativeness", on_card, table)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(9.0)
    assert found.low < 9 < found.high
    assert found.rows == 1000
    notes = " ".join(n[Language.EN] for n in found.notes)
    assert "Missing altogether: X" in notes and "50 rows without a value" in notes and "Statbel 2025" in notes
    assert next(g for g in found.groups if g.name == "X").difference == pytest.approx(-1.0)


@pytest.mark.parametrize(("on_true", "on_false"), [("ja", "nee"), ("yes", "no"), ("1", "0"), ("True", "False")])
def test_a_population_in_other_words_for_yes_and_no(on_true, on_false):
    """The column was read as true and false; the card writes it as the people who made the data do."""
    shares = {on_true: 0.25, on_false: 0.75}
    on_card = data_card(reference={"foreign": {"shares": shares, "source": "sample"}})
    found = measure("representativeness", on_card, counted("""
        foreign | rows
        yes     | 400
        no      | 600
    """))  # fmt: skip
    assert found.value == pytest.approx(15.0)
    assert {g.name: g.value for g in found.groups} == pytest.approx({on_true: 40, on_false: 60})


def test_a_group_that_the_population_does_not_know_is_named():
    on_card = data_card(reference={"sex": {"shares": {"V": 50, "M": 50}, "source": "Statbel"}})
    table = counted("""
        sex | rows
        V   | 100
        M   | 100
        Q   | 50
    """)
    found = measure("representativeness", on_card, table)
    assert found.value == pytest.approx(20.0), "Q is 20 % of the data and 0 % of the population"
    assert "not in the reference: Q" in " ".join(n[Language.EN] for n in found.notes)


def test_numbers_and_texts_name_the_same_group():
    """The card says 1 and 2; the data hold 1.0 and 2.0."""
    on_card = data_card(reference={"sex": {"shares": {"1": 0.5, "2": 0.5}, "source": "Statbel"}})
    table = CountTable(("sex",), (Cell((1.0,), 50), Cell((2.0,), 50)))
    assert measure("representativeness", on_card, table).value == 0


def test_cohens_kappa_of_the_textbook():
    """50 proposals read by two people: 20 twice yes, 15 twice no, 5 and 10 apart: kappa 0.4 (Cohen 1960's form)."""
    on_card = data_card(annotators=["an", "bram"])
    table = counted("""
        an  | bram | rows
        ja  | ja   | 20
        ja  | nee  | 5
        nee | ja   | 10
        nee | nee  | 15
        -   | ja   | 3
    """)
    found = measure("label-agreement", on_card, table)
    assert found.value == pytest.approx(0.4)
    assert found.low < 0.4 < found.high
    assert found.rows == 50 and "3 items miss a label" in found.notes[-1][Language.EN]


FLEISS_1971 = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def test_fleiss_kappa_of_the_worked_example():
    """Ten items, fourteen raters, five categories: 0.210 (the worked example that follows Fleiss 1971).

    Each item is counted five times: kappa stays, and there are enough items to measure.
    """
    names = [f"r{i}" for i in range(14)]
    on_card = data_card(annotators=names)
    cells = []
    for item in FLEISS_1971:
        labels = tuple(str(category) for category, times in enumerate(item) for _ in range(times))
        cells.append(Cell(labels, 5))
    found = measure("label-agreement", on_card, CountTable(tuple(names), tuple(cells)))
    assert found.value == pytest.approx(0.210, abs=0.0005)
    assert found.low < 0.21 < found.high


def test_everyone_always_the_same_is_no_agreement_beyond_chance():
    on_card = data_card(annotators=["an", "bram"])
    table = counted("""
        an | bram | rows
        ja | ja   | 100
    """)
    assert isinstance(measure("label-agreement", on_card, table), NotMeasurable)


def test_minimisation_counts_columns_that_nobody_accounts_for():
    """Five held: one is the key, one is used, one is not used, one does not say, one is not on the card."""
    on_card = data_card(key=["id"], columns={"id": {}, "income": {"used": True}, "nat": {"used": False}, "tel": {}})
    found = answered("minimisation", on_card, {Rows(): 10}, columns=fields("id", "income", "nat", "tel", "remark"))
    assert found.value == 60
    assert {d.name: d.note[Language.EN] for d in found.details} == {
        "nat": "on the card, but not used",
        "tel": "on the card, but use is not stated",
        "remark": "not on the card",
    }


def test_minimisation_sees_the_columns_in_an_expression():
    """The advice is made from 'points', which is made from 'score'; 'status' says which rows count. 'name' is in a text."""
    on_card = card(
        datasets={
            "data": {
                "source": "d.csv",
                "where": "status = 'open' OR status = 'the \"name\"'",
                "columns": {"points": {"type": "number", "expression": "score * 10"}, "name": {"used": False}},
            }
        },
        decision_log={
            "dataset": "data",
            "advice": {"expression": "points >= 5"},
            "favourable": "yes",
            "protected": [{"column": "sex"}],
        },
    )
    columns = [
        *fields("sex", "status", "name"),
        *fields("score", type_=ColumnType.NUMBER),
        Field(name="points", type=ColumnType.NUMBER, origin="", given=False),
    ]
    found = answered("minimisation", on_card, {Rows(): 10}, columns=columns)
    assert [d.name for d in found.details] == ["name"] and found.value == 25


def test_a_need_is_asked_for_every_measurement_that_is_planned():
    """Planning is from the card alone; whatever is planned can say what it needs of any table with those columns."""
    on_card = data_card(
        key=["id"], annotators=["id", "made"], expected_rows=3, refresh={"column": "made", "rows_within_days": 3}
    )
    columns = [*fields("id"), *WHEN]
    for measurement in checks.plan(on_card):
        if measurement.dataset in on_card.datasets:  # what is declared on the card alone asks nothing of a table
            assert checks.checks()[measurement.check].needs(measurement, columns, ON)
        assert not any(
            isinstance(n, Counts) and not n.by
            for n in checks.checks()[measurement.check].needs(measurement, columns, ON)
        )
