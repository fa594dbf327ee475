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
        required = sorted(c for c, column in dataset.columns.items() if column.required and not column.expression)
        settings: dict[str, Any] = {"required": required, "reading": reading(dataset)}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=VALUES, settings=settings)
        if dataset.expected_rows is not None:
            settings = {
                "expected_rows": dataset.expected_rows,
                "reading": reading(dataset),
            }
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=RECORDS, settings=settings)


def _required(measurement: Measurement, fields: Sequence[Field]) -> list[str]:
    """The declared required columns; every column of the source when none is declared."""
    return measurement.settings["required"] or [f.name for f in fields if f.given]


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
    if rows == 0:
        return NotMeasurable(
            reason=both(nl="De tabel is leeg.", en="The table is empty."),
            do=both(nl="Controleer de bron en 'where' op de kaart.", en="Check the source and 'where' on the card."),
            rows=0,
        )
    details = [Detail(name=c, rows=rows, counted=answers.count(Missing(c))) for c in _required(measurement, fields)]
    details.sort(key=lambda d: -d.counted)
    worst = details[0]
    cells = sum(d.counted for d in details)
    share = 100 * cells / (rows * len(details))
    return Measured(
        value=100 * worst.counted / rows,
        unit=Unit.PERCENT,
        rows=rows,
        details=tuple(details),
        notes=(
            both(
                nl=f"Meeste ontbrekende waarden in kolom '{worst.name}'. Over alle {len(details)} kolommen samen: {share:.2f} %.",
                en=f"Most values are missing in column '{worst.name}'. Over all {len(details)} columns together: {share:.2f} %.",
            ),
        ),
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
)
