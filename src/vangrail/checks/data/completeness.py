"""dat-1: what is missing, against what was declared."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Missing, Need, Rows
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit

VALUES, RECORDS = "values", "records"


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set: its values, and its records where it is declared how many there should be."""
    for name, dataset in card.datasets.items():
        optional = sorted(c for c, column in dataset.columns.items() if not column.required)
        settings: dict[str, Any] = {"optional": optional, "reading": reading(dataset)}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=VALUES, settings=settings)
        if dataset.expected_rows is not None:
            settings = {
                "expected_rows": dataset.expected_rows,
                "reading": reading(dataset),
            }
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=RECORDS, settings=settings)


def _required(measurement: Measurement, fields: Sequence[Field]) -> list[str]:
    """Every column of the source, but those that the card says may be empty."""
    return [f.name for f in fields if f.given and f.name not in measurement.settings["optional"]]


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows, and what is missing per required column."""
    if measurement.subject == RECORDS:
        return [Rows()]
    return [Rows(), *(Missing(c) for c in _required(measurement, fields))]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest share of missing values in a required column, or the share of the expected records that is missing.

    Measured        percent [0, 100]; every row is counted, so there is no interval; one detail per column
    NotMeasurable   when the table is empty (for the values)
    """
    rows = answers.rows
    if measurement.subject == RECORDS:
        expected = measurement.settings["expected_rows"]
        lacking = max(0, expected - rows)
        notes = [
            both(nl=f"{expected} records verwacht, {rows} gevonden.", en=f"{expected} records expected, {rows} found.")
        ]
        value = 100 * lacking / expected if expected else 0.0
        return Measured(value=value, unit=Unit.PERCENT, rows=rows, notes=tuple(notes))
    required = _required(measurement, fields)
    if rows == 0 or not required:
        return NotMeasurable(
            reason=both(nl="De tabel is leeg.", en="The table is empty.")
            if rows == 0
            else both(nl="Volgens de kaart mag elke kolom leeg zijn.", en="The card allows every column to be empty."),
            do=both(nl="Controleer de bron en de kaart.", en="Check the source and the card."),
            rows=rows,
        )
    details = [Detail(name=c, rows=rows, counted=answers.count(Missing(c))) for c in required]
    details.sort(key=lambda d: -d.counted)
    worst, with_gaps = details[0], sum(d.counted > 0 for d in details)
    notes = [
        both(
            nl=f"Kolommen met lege waarden: {with_gaps} van de {len(details)}.",
            en=f"Columns with empty values: {with_gaps} of {len(details)}.",
        )
    ]
    if worst.counted:
        notes.append(both(nl=f"De meeste in kolom '{worst.name}'.", en=f"Most of them in column '{worst.name}'."))
    return Measured(
        value=100 * worst.counted / rows,
        unit=Unit.PERCENT,
        rows=rows,
        details=tuple(details),
        notes=tuple(notes),
    )


CHECK = Check(
    id="completeness",
    family="data",
    title=both(nl="Volledigheid", en="Completeness"),
    measures=both(
        nl="Hoeveel waarden ontbreken in de kolom waar er het meest ontbreken, en hoeveel records ontbreken.",
        en="How many values are missing in the column that misses most, and how many records are missing.",
    ),
    wants=both(nl="een dataset op de kaart", en="a data set on the card"),
    formula="max over required columns of missing values / rows × 100; (expected − found) / expected × 100",
    source="ISO/IEC 25012:2008, completeness; principedocument p. 11",
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={VALUES: both(nl="waarden", en="values"), RECORDS: both(nl="records", en="records")},
)
