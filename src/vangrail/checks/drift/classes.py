"""Divides any column into classes without a first look at the data, so that counts of any periods can be added up.

Numbers go into fixed logarithmic classes of 1 % wide, texts by their value, long texts by their length: what a free text
says differs in every row, but that texts became half as long is a shift worth seeing.
"""

from collections.abc import Sequence

from vangrail.model.framework import Text, both
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql
from vangrail.tables.expressions import unknown_column

NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
MOMENTS = (ColumnType.DATE, ColumnType.DATETIME)
FINE, COARSE = 2, 1
"""Decimals of the natural logarithm: classes of 1 % wide, or of 10 %."""
_ZERO, _BELOW = -1000, -2000  # below the logarithm of any number a computer knows, so that classes rise with the number
_SHORT = 30
_LENGTHS = (60, 120, 240, 480, 960)


def class_of(field: Field, *, decimals: int = FINE) -> str:
    """SQL for the class of a column's value: a number that rises with numbers, text for text; null without a value.

    Rounding the logarithm was measured four times faster than the floor of a multiple of it. What holds for nearly every
    value, a positive number or a short text, is tested once.
    ValueError for dates, which only grow and so always differ between two periods.
    """
    name = sql.column(field.name)
    if field.type in NUMBERS:
        up, down = (f"ROUND(LN({size}), {decimals})" for size in (name, f"-{name}"))
        return f"CASE WHEN {name} > 0 THEN {up} WHEN {name} < 0 THEN {_BELOW} - {down} WHEN {name} = 0 THEN {_ZERO} END"
    if field.type is ColumnType.TEXT:
        length = f"LENGTH({name})"
        cases = [f"WHEN {length} <= {most} THEN {sql.literal(f'(tot {most} tekens)')}" for most in _LENGTHS]
        longest = sql.literal(f"(meer dan {_LENGTHS[-1]} tekens)")
        return f"CASE WHEN {length} > {_SHORT} THEN CASE {' '.join(cases)} ELSE {longest} END ELSE {name} END"
    if field.type is ColumnType.BOOLEAN:
        return name
    raise ValueError(f"a column of {field.type} has no classes")


def field_of(name: str, fields: Sequence[Field], *, where: str) -> Field:
    """The column of that name. VangrailError, naming the place on the card, when it is not there."""
    for field in fields:
        if field.name == name:
            return field
    raise unknown_column(name, [f.name for f in fields], where=where)


def decimal(value: float, digits: int = 2) -> Text:
    """A number as it is written in a note."""
    text = f"{value:.{digits}f}"
    return both(nl=text.replace(".", ","), en=text)
