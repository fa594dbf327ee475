"""dat-5: rows and cases that are in the data more than once."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need, Repeats, Rows
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit

ROWS, KEY = "rows", "key"


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set: whole rows, and the key where one is declared."""
    for name, dataset in card.datasets.items():
        settings: dict[str, Any] = {"reading": reading(dataset)}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=ROWS, settings=settings)
        if dataset.key:
            settings = {"key": list(dataset.key), "reading": reading(dataset)}
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=KEY, settings=settings)


def _repeats(measurement: Measurement, fields: Sequence[Field]) -> Repeats:
    if measurement.subject == KEY:
        return Repeats(tuple(measurement.settings["key"]))
    return Repeats(tuple(f.name for f in fields if f.given))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows, and how many of them repeat another."""
    return [Rows(), _repeats(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of rows that repeat a row, or a key, that was there already.

    Measured        percent [0, 100]; every row is counted, so there is no interval
    NotMeasurable   when the table is empty
    """
    rows = answers.rows
    if rows == 0:
        return NotMeasurable(reason=both(nl="De tabel is leeg.", en="The table is empty."), rows=0)
    repeats = _repeats(measurement, fields)
    counted = answers.count(repeats)
    name = " + ".join(repeats.columns) if measurement.subject == KEY else "*"
    return Measured(
        value=100 * counted / rows,
        unit=Unit.PERCENT,
        rows=rows,
        details=(Detail(name=name, rows=rows, counted=counted),),
    )


CHECK = Check(
    id="uniqueness",
    family="data",
    title=both(nl="Uniciteit", en="Uniqueness"),
    measures=both(
        nl="Hoeveel rijen een andere rij helemaal herhalen, en hoeveel rijen een sleutel hebben die al voorkwam.",
        en="How many rows repeat another row in full, and how many rows have a key that was there already.",
    ),
    wants=both(nl="een dataset op de kaart (met 'key' voor dubbele dossiers)", en="a data set on the card"),
    formula="(rows − distinct combinations) / rows × 100; missing values count as equal",
    source="ISO/IEC 25024:2015, uniqueness of records",
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={ROWS: both(nl="hele rijen", en="whole rows"), KEY: both(nl="sleutel", en="key")},
)
