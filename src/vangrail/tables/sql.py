"""Builds standard SQL for checks, and checks what a user wrote. No engine is needed for any of it.

Names and values always go through `column` and `literal`, so a hostile name or value stays a name or a value.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import expressions
from vangrail.tables.expressions import Sql, quoted
from vangrail.tables.wording import said

YES = ("true", "1", "ja", "yes", "waar")
NO = ("false", "0", "nee", "no", "onwaar")


def column(name: str) -> str:
    """A column by its exact name."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: card.Scalar | date | datetime | None) -> str:
    """A value: text, number, true/false, date, time or NULL. ValueError for NaN and infinity."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            if not math.isfinite(value):
                raise ValueError("NaN and infinity cannot be written as a value")
            return repr(value)
        case datetime():
            return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return quoted(value)


def is_in(field: Field, values: Iterable[card.Scalar | date]) -> str:
    """Whether the column has one of these values: true, false, or null where it has none.

    Values of a card are brought to the column's type: 1 is '1' in a text column, '1' is 1 in a column of numbers, and
    true is also 'True' in a text column. What can never be a value of the column never matches.
    """
    name = column(field.name)
    found: dict[str, None] = {}
    any_case: dict[str, None] = {}
    for value in values:
        if field.type is ColumnType.TEXT and isinstance(value, bool):
            any_case[literal(str(value).lower())] = None
        else:
            found |= dict.fromkeys(literal(v) for v in _as(value, field.type))
    tests = [f"{name} IN ({', '.join(found)})"] if found else []
    tests += [f"LOWER({name}) IN ({', '.join(any_case)})"] if any_case else []
    return f"({' OR '.join(tests)})" if tests else f"(CASE WHEN {name} IS NULL THEN NULL ELSE FALSE END)"


def _as(value: card.Scalar | date, kind: ColumnType) -> list[card.Scalar | date]:  # noqa: PLR0912  one case per type
    """The forms that a value of a card takes in a column of this type; none when it cannot be there."""
    match kind:
        case ColumnType.TEXT:
            forms: list[card.Scalar | date] = [str(value)]
            if isinstance(value, float) and value.is_integer():
                forms.append(str(int(value)))
            elif isinstance(value, int):
                forms.append(f"{value}.0")
            return forms
        case ColumnType.INTEGER | ColumnType.NUMBER:
            if isinstance(value, date):
                return []
            try:
                number = float(value.strip().replace(",", ".")) if isinstance(value, str) else float(value)
            except ValueError:
                return []
            if not math.isfinite(number):
                return []
            if isinstance(value, int):
                return [int(value)]
            return [int(number)] if number.is_integer() and abs(number) < 2**53 else [number]
        case ColumnType.BOOLEAN:
            word = str(value).strip().lower().removesuffix(".0")
            return [True] if word in YES else [False] if word in NO else []
        case ColumnType.DATE | ColumnType.DATETIME:
            if isinstance(value, str):
                try:
                    value = datetime.fromisoformat(value.strip())
                except ValueError:
                    return []
            if not isinstance(value, date):
                return []
            if kind is ColumnType.DATETIME:
                return [value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)]
            if isinstance(value, datetime):
                return [value.date()] if value.time() == datetime.min.time() else []
            return [value]


def condition(condition: card.Condition, fields: Iterable[Field], *, where: Text | str = "card.yaml") -> str:
    """Whether a condition of the card holds: true for yes, false for no, null where it is unknown.

    VangrailError, naming `where`, for a column that is not there or an expression that is no condition.
    """
    known = {f.name: f for f in fields}
    if condition.expression is not None:
        return checked(condition.expression, known.values(), where=where, kind=ColumnType.BOOLEAN)
    assert condition.column is not None  # the card sees to it that one of both is there  # noqa: S101
    if condition.column not in known:
        raise expressions.unknown_column(condition.column, known, where=where)
    return is_in(known[condition.column], condition.positive)


def bins(field: Field, lower_bounds: Sequence[float]) -> str:
    """The class of a number as text, such as '<25', '25-45' and '>=45'. A bound belongs to the class above it.

    VangrailError when the column holds no numbers.
    """
    if field.type not in (ColumnType.INTEGER, ColumnType.NUMBER):
        raise VangrailError(
            both(
                nl=f"Kolom '{field.name}' houdt {field.type} in, dus ze is niet in klassen te verdelen met 'bins'.",
                en=f"Column '{field.name}' holds {field.type}, so it cannot be divided into classes with 'bins'.",
            ),
            do=both(
                nl="Laat 'bins' weg, of zet 'type: number' bij de kolom.",
                en="Leave 'bins' out, or declare 'type: number' for the column.",
            ),
        )
    if not lower_bounds:
        raise ValueError("at least one bound is needed")
    name, bounds = column(field.name), list(lower_bounds)
    branches = [(bounds[0], f"<{_shown(bounds[0])}")]
    branches += [(high, f"{_shown(low)}-{_shown(high)}") for low, high in pairwise(bounds)]
    cases = " ".join(f"WHEN {name} < {literal(bound)} THEN {literal(label)}" for bound, label in branches)
    return f"CASE WHEN {name} IS NULL THEN NULL {cases} ELSE {literal('>=' + _shown(bounds[-1]))} END"


def _shown(bound: float) -> str:
    return str(int(bound)) if float(bound).is_integer() else repr(bound)


def matches(field: Field, pattern: str, *, where: Text | str) -> str:
    """Whether the text of a column matches a regular expression as a whole; null where it has none.

    VangrailError for a pattern that is not understood alike by every engine, or a column that holds no text.
    """
    expressions.regular_expression(pattern, where=where)
    if field.type is not ColumnType.TEXT:
        raise VangrailError(
            said(
                where,
                nl=f": 'pattern' is voor tekst, en kolom '{field.name}' houdt {field.type} in.",
                en=f": 'pattern' is for text, and column '{field.name}' holds {field.type}.",
            ),
            do=both(
                nl="Zet 'type: text' bij de kolom, of laat 'pattern' weg.",
                en="Declare 'type: text' for the column, or leave 'pattern' out.",
            ),
        )
    return f"REGEXP_LIKE({column(field.name)}, {literal(pattern)})"


def checked(expression: str, fields: Iterable[Field], *, where: Text | str, kind: ColumnType | None = None) -> str:
    """What a user wrote, as safe standard SQL with exact column names.

    where   what to name in an error, such as "card.yaml: rules 'begin before end'"
    kind    the type that the value must have, when only one will do
    Raises  VangrailError for anything but a plain expression over these columns, and for types that do not go together
    """
    tree, found = _examined(expression, fields, where=where)
    if kind is not None and found not in (kind, None):
        raise VangrailError(
            said(
                where,
                nl=f": dit geeft {found}, en hier is {kind} nodig: {expression}",
                en=f": this gives {found} where {kind} is needed: {expression}",
            ),
            do=both(
                nl='Schrijf een vergelijking, bijvoorbeeld: "bedrag" >= 0.',
                en='Write a comparison, for example: "amount" >= 0.',
            )
            if kind is ColumnType.BOOLEAN
            else "",
        )
    return tree


def type_of(expression: str, fields: Iterable[Field], *, where: Text | str) -> ColumnType | None:
    """The type of an expression's value; none for a bare NULL. Raises as `checked`."""
    return _examined(expression, fields, where=where)[1]


def _examined(expression: str, fields: Iterable[Field], *, where: Text | str) -> tuple[str, ColumnType | None]:
    known: Mapping[str, Sql] = {f.name: Sql(text=column(f.name), type=f.type) for f in fields}
    tree = expressions.resolve(expressions.parse(expression, where=where), known, where=where)
    writer = expressions.Examiner(known, where=where)
    try:
        found = writer.tree(tree).type
        return f"({expressions.standard(tree)})", found
    except RecursionError:
        raise writer.too_deep() from None
