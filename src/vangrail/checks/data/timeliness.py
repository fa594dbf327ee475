"""dat-4: how old the data are, against what was declared."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Extreme, Field, Missing, Need, Rows, Where
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, Unit
from vangrail.tables import sql

NEWEST, ROWS = "newest", "rows"


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set with a declared refresh: the newest row, and the rows that are too old."""
    for name, dataset in card.datasets.items():
        refresh = dataset.refresh
        if refresh is None:
            continue
        common: dict[str, Any] = {"column": refresh.column, "reading": reading(dataset)}
        if refresh.newest_within_days is not None:
            settings = common | {"limit": {"at_most": refresh.newest_within_days}}
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=NEWEST, settings=settings)
        if refresh.rows_within_days is not None:
            settings = common | {"days": refresh.rows_within_days, "limit": {"at_most": 0}}
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=ROWS, settings=settings)


def _too_old(measurement: Measurement, on: date) -> Where:
    first_good = on - timedelta(days=measurement.settings["days"])
    return Where(f"{sql.column(measurement.settings['column'])} < {sql.literal(first_good)}")


def _in_the_future(measurement: Measurement, on: date) -> Where:
    return Where(f"{sql.column(measurement.settings['column'])} >= {sql.literal(on + timedelta(days=1))}")


def _is_time(measurement: Measurement, fields: Sequence[Field]) -> bool:
    field = next(f for f in fields if f.name == measurement.settings["column"])
    return field.type in (ColumnType.DATE, ColumnType.DATETIME)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The newest moment, or the rows before the first good day; and what cannot be placed in time."""
    column = measurement.settings["column"]
    if not _is_time(measurement, fields):
        return [Rows()]
    common: list[Need] = [Rows(), Missing(column), _in_the_future(measurement, on)]
    return [*common, Extreme(column, "max") if measurement.subject == NEWEST else _too_old(measurement, on)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The age of the newest row in days, or the share of rows that are older than was declared.

    Measured        days, or percent [0, 100]; every row is counted, so there is no interval
    NotMeasurable   when the column holds no moments, or moments after the day of measuring
    """
    column, rows = measurement.settings["column"], answers.rows
    if not _is_time(measurement, fields):
        return NotMeasurable(
            reason=both(nl=f"Kolom '{column}' bevat geen datums.", en=f"Column '{column}' holds no dates."),
            do=both(
                nl=f"Zet 'type: date' en zo nodig 'format' bij kolom '{column}'.",
                en=f"Give column '{column}' a 'type: date' and, where needed, a 'format'.",
            ),
            rows=rows,
        )
    future = answers.count(_in_the_future(measurement, on))
    details = [
        Detail(
            name=column,
            rows=rows,
            counted=answers.count(Missing(column)),
            note=both(nl="zonder datum", en="without a date"),
        ),
        Detail(
            name=column, rows=rows, counted=future, note=both(nl=f"na {on.isoformat()}", en=f"after {on.isoformat()}")
        ),
    ]
    if measurement.subject == ROWS:
        if rows == 0:
            return NotMeasurable(reason=both(nl="De tabel is leeg.", en="The table is empty."), rows=0)
        counted = answers.count(_too_old(measurement, on))
        note = both(
            nl=f"ouder dan {measurement.settings['days']:g} dagen",
            en=f"older than {measurement.settings['days']:g} days",
        )
        details.insert(0, Detail(name=column, rows=rows, counted=counted, note=note))
        return Measured(value=100 * counted / rows, unit=Unit.PERCENT, rows=rows, details=tuple(details))
    newest = answers.value(Extreme(column, "max"))
    day = newest.date() if isinstance(newest, datetime) else newest
    if not isinstance(day, date):
        return NotMeasurable(
            reason=both(nl=f"Kolom '{column}' is overal leeg.", en=f"Column '{column}' is empty throughout."), rows=rows
        )
    if future:
        return NotMeasurable(
            reason=both(
                nl=f"{future} rijen liggen na {on.isoformat()}, dus de nieuwste rij zegt niets over de ouderdom.",
                en=f"{future} rows lie after {on.isoformat()}, so the newest row says nothing about age.",
            ),
            do=both(nl=f"Kijk de datums in kolom '{column}' na.", en=f"Look into the dates of column '{column}'."),
            rows=rows,
            details=tuple(details),
        )
    return Measured(value=float((on - day).days), unit=Unit.DAYS, rows=rows, details=tuple(details))


CHECK = Check(
    id="timeliness",
    family="data",
    title=both(nl="Actualiteit", en="Timeliness"),
    measures=both(
        nl="Hoe oud de nieuwste rij is, en hoeveel rijen ouder zijn dan afgesproken.",
        en="How old the newest row is, and how many rows are older than was declared.",
    ),
    wants=both(nl="'refresh' bij een dataset op de kaart", en="'refresh' with a data set on the card"),
    formula="day of measuring − newest day; rows before (day − allowed days) / rows × 100",
    source="ISO/IEC 25012:2008, currentness; principedocument p. 11",
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={
        NEWEST: both(nl="nieuwste rij", en="newest row"),
        ROWS: both(nl="te oude rijen", en="rows that are too old"),
    },
)
