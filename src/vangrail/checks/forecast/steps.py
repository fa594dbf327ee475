"""Moments as whole numbers: the place of a row in its series, and the period that it belongs to."""

from collections.abc import Sequence
from datetime import date, datetime

from vangrail.checks.drift import classes
from vangrail.model.card import Pace
from vangrail.model.framework import Text, both
from vangrail.model.needs import Field
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql

_MINUTES: dict[Pace, int] = {
    "minute": 1,
    "5 minutes": 5,
    "10 minutes": 10,
    "15 minutes": 15,
    "30 minutes": 30,
    "hour": 60,
}
_MINUTES_IN_A_DAY = 1440
_PERIOD: dict[Pace, int] = {"day": 7, "week": 4, "month": 3, "year": 1}
"""How many steps are taken together. Errors follow each other up and down, so neighbours are not told apart, and a total
over a period is no row. Shorter steps are taken together by the day."""


def field_of(name: str, fields: Sequence[Field]) -> Field:
    """The column that the card names. VangrailError when it is not there."""
    return classes.field_of(name, fields, where="card.yaml: datasets")


def no_moments(time: str, step: Pace, fields: Sequence[Field]) -> NotMeasurable | None:
    """Why rows cannot be put in their place; None when they can. A whole number is a place by itself."""
    kind = field_of(time, fields).type
    if kind in (ColumnType.INTEGER, ColumnType.DATETIME) or (kind is ColumnType.DATE and step not in _MINUTES):
        return None
    if kind is ColumnType.DATE:
        reason = both(
            nl=f"Kolom '{time}' bevat dagen zonder uur, en 'step' is korter dan een dag.",
            en=f"Column '{time}' holds days without a time, and 'step' is shorter than a day.",
        )
    else:
        reason = both(nl=f"Kolom '{time}' bevat geen momenten.", en=f"Column '{time}' holds no moments.")
    return NotMeasurable(
        reason=reason,
        do=both(
            nl=f"Zet 'type: datetime' (of 'date') en zo nodig 'format' bij kolom '{time}'.",
            en=f"Give column '{time}' a 'type: datetime' (or 'date') and, where needed, a 'format'.",
        ),
    )


def place(time: str, step: Pace, fields: Sequence[Field]) -> str:
    """The place of a row, as SQL: two moments that are one step apart differ by 1. A moment belongs to the step it is in."""
    column, kind = sql.column(time), field_of(time, fields).type
    if kind is ColumnType.INTEGER:
        return column
    if step in _MINUTES:
        # The small addition keeps a whole hour from landing in the hour before, since days are counted in binary.
        per_day = _MINUTES_IN_A_DAY / _MINUTES[step]
        days = f"({column} - {sql.literal(datetime(1970, 1, 1))})"
        return f"CAST(FLOOR({days} * {sql.literal(per_day)} + 0.000001) AS INTEGER)"
    if step in ("month", "year"):
        year, month = f"EXTRACT(YEAR FROM {column})", f"EXTRACT(MONTH FROM {column})"
        return year if step == "year" else f"({year} * 12 + {month} - 1)"
    day = f"(CAST({column} AS DATE) - {sql.literal(date(1970, 1, 1))})"
    return day if step == "day" else f"CAST(FLOOR(({day} + 3) / 7) AS INTEGER)"  # weeks from Monday


def steps_in_period(step: Pace, horizon: int) -> int:
    """How many steps are taken together: never fewer than a forecast looks ahead, since such forecasts share their luck."""
    base = _MINUTES_IN_A_DAY // _MINUTES[step] if step in _MINUTES else _PERIOD[step]
    return max(base, horizon)


def memory(step: Pace, period: int) -> int:
    """How many steps of a day or longer there are in a period: what says how far errors can hang together."""
    return max(1, period // (_MINUTES_IN_A_DAY // _MINUTES[step])) if step in _MINUTES else period


def period(place_: str, steps: int) -> str:
    """The number of the period of a row, as SQL."""
    return f"CAST(FLOOR({place_} / {sql.literal(float(steps))}) AS INTEGER)"


def month(time: str, fields: Sequence[Field]) -> str | None:
    """The month of a row as a number, as SQL; None where moments are only counted."""
    if field_of(time, fields).type is ColumnType.INTEGER:
        return None
    return place(time, "month", fields)


_WORDS: dict[Pace, tuple[str, str, str, str]] = {
    "minute": ("minuut", "minuten", "minute", "minutes"),
    "hour": ("uur", "uur", "hour", "hours"),
    "day": ("dag", "dagen", "day", "days"),
    "week": ("week", "weken", "week", "weeks"),
    "month": ("maand", "maanden", "month", "months"),
    "year": ("jaar", "jaar", "year", "years"),
}


def span(count: int, step: Pace) -> tuple[str, str]:
    """So many steps as time, in Dutch and in English: 24 uur, 7 dagen, 45 minuten."""
    if step in _MINUTES:
        minutes = count * _MINUTES[step]
        whole = minutes % 60 == 0 and (minutes != 0 or step == "hour")
        count, step = (minutes // 60, "hour") if whole else (minutes, "minute")
    one_nl, more_nl, one_en, more_en = _WORDS[step]
    return f"{count} {one_nl if count == 1 else more_nl}", f"{count} {one_en if count == 1 else more_en}"


def month_name(number: int) -> str:
    """2026-03."""
    return f"{number // 12}-{number % 12 + 1:02}"


WHERE_TO_LOOK: Text = both(
    nl="Kijk de kolommen en de datums op de kaart na.", en="Check the columns and the dates on the card."
)
