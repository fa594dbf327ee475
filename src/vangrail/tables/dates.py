"""How dates with the day first are written, in columns that were read as text."""

from collections.abc import Iterable
from datetime import datetime

from vangrail.model.vocabulary import ColumnType
from vangrail.tables.table import Table

FORMATS = tuple(day + time for time in ("", " %H:%M", " %H:%M:%S") for day in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"))
"""How Belgian programs write dates. Months first is never guessed: of 03/04/2026 nobody can see which one it is."""
LOOKED_AT = 1_000
"""Rows. Where another row is written otherwise, the first measurement says so (dat-3)."""


def day_first(table: Table) -> dict[str, tuple[ColumnType, str]]:
    """The type and format of each column of text in which every value seen is a date in one of these formats."""
    texts = [f.name for f in table.fields if f.type is ColumnType.TEXT]
    some = table.rows(texts, at_most=LOOKED_AT) if texts else {}
    found = {name: _format(str(v) for v in values if v is not None) for name, values in some.items()}
    return {
        name: (ColumnType.DATETIME if "%H" in form else ColumnType.DATE, form) for name, form in found.items() if form
    }


def _format(texts: Iterable[str]) -> str | None:
    some = set(texts)
    return next((f for f in FORMATS if some and all(_is_date(text, f) for text in some)), None)


def _is_date(text: str, format_: str) -> bool:
    try:
        datetime.strptime(text.strip(), format_)
    except ValueError:
        return False
    return True
