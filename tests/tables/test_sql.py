"""The helpers that write standard SQL for checks, and what a user may write on a card."""

from datetime import date, datetime

import pytest

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql

FIELDS = [
    Field(name="bedrag", type=ColumnType.NUMBER, origin="DOUBLE"),
    Field(name="leeftijd", type=ColumnType.INTEGER, origin="BIGINT"),
    Field(name="wijk", type=ColumnType.TEXT, origin="VARCHAR"),
    Field(name="goed", type=ColumnType.BOOLEAN, origin="BOOLEAN"),
    Field(name="begin", type=ColumnType.DATE, origin="DATE"),
    Field(name="einde", type=ColumnType.DATETIME, origin="TIMESTAMP"),
    Field(name='x"; DROP TABLE y', type=ColumnType.TEXT, origin="VARCHAR"),
]
BY_NAME = {f.name: f for f in FIELDS}


def test_names_and_values_cannot_break_out() -> None:
    assert sql.column('a"b') == '"a""b"'
    assert sql.literal("O'Reilly") == "'O''Reilly'"
    assert [sql.literal(v) for v in (True, 3, -1.5, None)] == ["TRUE", "3", "-1.5", "NULL"]
    assert sql.literal(date(2026, 1, 31)) == "DATE '2026-01-31'"
    assert sql.literal(datetime(2026, 1, 31, 14, 30)) == "TIMESTAMP '2026-01-31 14:30:00'"
    for impossible in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="cannot be written"):
            sql.literal(impossible)


@pytest.mark.parametrize(
    ("column", "values", "written"),
    [
        ("wijk", [1], "(\"wijk\" IN ('1', '1.0'))"),
        ("wijk", ["1", "x"], "(\"wijk\" IN ('1', 'x'))"),
        ("wijk", [1.0], "(\"wijk\" IN ('1.0', '1'))"),
        ("wijk", [True], "(LOWER(\"wijk\") IN ('true'))"),
        ("leeftijd", ["18", " 19 ", "x"], '("leeftijd" IN (18, 19))'),
        ("leeftijd", [True, 2.0], '("leeftijd" IN (1, 2))'),
        ("bedrag", ["1,5", "2.5"], '("bedrag" IN (1.5, 2.5))'),
        ("goed", [True, "ja", 1, "1.0"], '("goed" IN (TRUE))'),
        ("goed", ["nee", 0, False], '("goed" IN (FALSE))'),
        ("begin", ["2026-01-31", date(2026, 2, 1)], "(\"begin\" IN (DATE '2026-01-31', DATE '2026-02-01'))"),
        ("einde", ["2026-01-31"], "(\"einde\" IN (TIMESTAMP '2026-01-31 00:00:00'))"),
        ("leeftijd", ["geen"], '(CASE WHEN "leeftijd" IS NULL THEN NULL ELSE FALSE END)'),
        ("goed", ["misschien", 2], '(CASE WHEN "goed" IS NULL THEN NULL ELSE FALSE END)'),
    ],
)
def test_values_of_a_card_take_the_type_of_the_column(column: str, values: list[card.Scalar], written: str) -> None:
    found = sql.is_in(BY_NAME[column], values)
    assert found == written
    assert sql.type_of(found, FIELDS, where="test") is ColumnType.BOOLEAN


def test_conditions_of_a_card() -> None:
    by_value = card.Condition(column="goed", positive=("ja",))
    assert sql.condition(by_value, FIELDS) == '("goed" IN (TRUE))'
    assert sql.condition(card.Condition(expression="Bedrag > 3"), FIELDS) == '("bedrag" > 3)'
    with pytest.raises(VangrailError, match="Did you mean 'bedrag'"):
        sql.condition(card.Condition(column="bedraag", positive=(1,)), FIELDS)
    with pytest.raises(VangrailError, match="gives number where boolean is needed"):
        sql.condition(card.Condition(expression="bedrag + 1"), FIELDS, where="card.yaml: advice")


def test_classes_of_numbers() -> None:
    assert sql.bins(BY_NAME["leeftijd"], [25, 45.5]) == (
        'CASE WHEN "leeftijd" IS NULL THEN NULL WHEN "leeftijd" < 25 THEN \'<25\' '
        "WHEN \"leeftijd\" < 45.5 THEN '25-45.5' ELSE '>=45.5' END"
    )
    assert "'<1000000'" in sql.bins(BY_NAME["bedrag"], [1_000_000])
    with pytest.raises(VangrailError, match="cannot be divided into classes"):
        sql.bins(BY_NAME["wijk"], [1])


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("BEDRAG >= 0 and not goed", '("bedrag" >= 0 AND NOT "goed")'),
        ("wijk not like 'C%'", "(NOT \"wijk\" LIKE 'C%')"),
        ('"x""; DROP TABLE y" = \'\'', '("x""; DROP TABLE y" = \'\')'),
        ("begin <= '2026-01-31' -- tot eind januari", "(\"begin\" <= '2026-01-31')"),
        ("einde - begin > 3", '("einde" - "begin" > 3)'),
        ("leeftijd between 18 and 120 or leeftijd is null", '("leeftijd" BETWEEN 18 AND 120 OR "leeftijd" IS NULL)'),
    ],
)
def test_what_a_user_may_write(written: str, safe: str) -> None:
    found = sql.checked(written, FIELDS, where="card.yaml: rules 'r'")
    assert found.replace('NOT "wijk" LIKE', 'NOT "wijk" LIKE') in (
        safe,
        safe.replace("(NOT \"wijk\" LIKE 'C%')", "(\"wijk\" NOT LIKE 'C%')"),
    )
    assert sql.checked(found, FIELDS, where="again") in (found, f"({found})"), "what comes out can go in again"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("bedrag > 1; DROP TABLE x", "exactly one expression"),
        ("DROP TABLE x", "not an expression"),
        ("bedrag > (SELECT 1)", "not allowed here"),
        ("EXISTS (SELECT 1)", "not allowed here"),
        ("bedrag IN (SELECT bedrag)", "not allowed here"),
        ("CURRENT_DATE > begin", "not allowed here"),
        ("now() > einde", "not allowed here"),
        ("random() > 0.5", "not allowed here"),
        ("read_csv('/etc/passwd') = 'x'", "not allowed here"),
        ("pg_sleep(10) IS NULL", "not allowed here"),
        ("COUNT(*) > 1", "not allowed here"),
        ("SUM(bedrag) > 1", "not allowed here"),
        ("bedrag > ?", "not allowed here"),
        ("bedrag > :x", "not allowed here"),
        ("t.bedrag > 1", "is not a column name"),
        ("bedraag > 1", "Did you mean 'bedrag'"),
        ("bedrag > 'veel'", "different types"),
        ("wijk > 3", "different types"),
        ("goed = 'ja'", "different types"),
        ("begin > 'gisteren'", "is compared with a date but is not one"),
        ("wijk", "gives text where boolean is needed"),
        ("wijk AND goed", "where true or false is needed"),
        ("wijk + 1 > 0", "where a number is needed"),
        ("LENGTH(bedrag) > 1", "where text is needed"),
        ("YEAR(wijk) > 1", "where a date is needed"),
        ("CAST(bedrag AS BLOB) IS NULL", "CAST to"),
        ("bedrag >", "not an expression"),
        ("", "expression"),
        ("(" * 3000 + "goed" + ")" * 3000, "expression"),
        ("wijk LIKE 'a!%' ESCAPE '!'", "not allowed here"),
        ("SUBSTRING(wijk, 0, 1) = 'a'", "fixed start from 1"),
        ("REPLACE(wijk, '', 'a') = 'a'", "two fixed texts"),
        ("REPLACE(wijk, wijk, 'a') = 'a'", "two fixed texts"),
        ("REGEXP_LIKE(wijk, '(?<=a)b')", "not every database knows"),
        ("REGEXP_LIKE(wijk, '(')", "not a regular expression"),
        ("1e999 > bedrag", "too large"),
    ],
)
def test_what_a_user_may_not_write(written: str, why: str) -> None:
    """The message says where it stands on the card, and why it cannot be."""
    with pytest.raises(VangrailError, match=why.replace("(", r"\(")) as caught:
        sql.checked(written, FIELDS, where="card.yaml: rules 'r'", kind=ColumnType.BOOLEAN)
    assert str(caught.value).startswith("card.yaml: rules 'r'")


def test_a_long_rule() -> None:
    long = " OR ".join(f"leeftijd = {i}" for i in range(2000))
    assert sql.type_of(long, FIELDS, where="test") is ColumnType.BOOLEAN


def test_the_type_of_an_expression() -> None:
    found = {
        e: sql.type_of(e, FIELDS, where="t")
        for e in ("leeftijd + 1", "leeftijd / 2", "einde - begin", "begin - begin", "NULL")
    }
    assert list(found.values()) == [ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.NUMBER, ColumnType.INTEGER, None]


def test_patterns() -> None:
    assert sql.matches(BY_NAME["wijk"], r"\d{4}", where="t") == "REGEXP_LIKE(\"wijk\", '\\d{4}')"
    with pytest.raises(VangrailError, match="is for text"):
        sql.matches(BY_NAME["bedrag"], r"\d", where="t")
