"""What the checks on proxies share: per input one table of counts, by its class, every protected characteristic, and half."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from vangrail.checks.drift import classes
from vangrail.checks.performance import inputs
from vangrail.checks.performance.inputs import HALF
from vangrail.checks.planning import reading
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Counts, CountTable, Field, Key, Value
from vangrail.model.outcome import NotMeasurable, label
from vangrail.tables import sql

INPUT = "input"
WANTS = both(
    nl="een beslissingslogboek op de kaart, met 'protected'", en="a decision log on the card, with 'protected'"
)


def plan(card: Card, check: str, version: int) -> Iterator[Measurement]:
    """One measurement per protected characteristic."""
    log = card.decision_log
    if log is None:
        return
    for protected in log.protected:
        settings: Mapping[str, Any] = {
            "attribute": protected.column,
            "protected": [p.model_dump(mode="json", include={"column", "bins"}) for p in log.protected],
            "inputs": inputs.declared(card, log.dataset),
            "confidence": log.confidence,
            "min_rows": log.min_rows,
            "reading": reading(card.datasets[log.dataset]),
        }
        yield Measurement(
            check=check, version=version, dataset=log.dataset, subject=protected.column, settings=settings
        )


def asked(measurement: Measurement, fields: Sequence[Field]) -> list[tuple[Field, Counts]]:
    """The inputs, each with the counts to ask; None is the answer for an input with too many values.

    A protected characteristic that is an input itself is not held against itself.
    """
    declared = measurement.settings["inputs"]
    (bins,) = (p["bins"] for p in measurement.settings["protected"] if p["column"] == measurement.settings["attribute"])
    field = classes.field_of(measurement.settings["attribute"], fields, where="card.yaml: decision_log.protected")
    group = Key(field.name, _value(field, bins))
    half = inputs.half(declared, fields)
    return [
        (
            f,
            Counts((Key(INPUT, classes.class_of(f, decimals=classes.COARSE)), group, half), at_most=inputs.MOST_VALUES),
        )
        for f in inputs.inputs(declared, fields)
        if f.name != measurement.settings["attribute"]
    ]


def _value(field: Field, bins: Sequence[float]) -> str:
    """The value of a protected characteristic: a number without bins goes into classes of 10 %, or it would have too many."""
    if bins:
        return sql.bins(field, bins)
    return classes.class_of(field, decimals=classes.COARSE) if field.type in classes.NUMBERS else sql.column(field.name)


def cross(table: CountTable, attribute: str, half: bool | None = None) -> tuple[list[Value], list[str], Floats]:
    """Classes of the input, groups, and the counts of both; cases of which the group was not recorded are left out."""
    cells: dict[tuple[Value, str], int] = {}
    for cell in table.by(INPUT, attribute, HALF).cells:
        value, group, which = cell.values
        if group is None or (half is not None and bool(which) is not half):
            continue
        key = (value, label(group))
        cells[key] = cells.get(key, 0) + cell.rows
    values = sorted({v for v, _ in cells}, key=lambda v: (v is None, v if isinstance(v, int | float) else 0, str(v)))
    groups = sorted({g for _, g in cells})
    counts = np.zeros((len(values), len(groups)))
    at_value, at_group = {v: i for i, v in enumerate(values)}, {g: i for i, g in enumerate(groups)}
    for (value, group), rows in cells.items():
        counts[at_value[value], at_group[group]] = rows
    return values, groups, counts


def no_inputs() -> NotMeasurable:
    """What to say when nothing is known to be an input."""
    return NotMeasurable(
        reason=both(
            nl="Er is geen kolom waarmee de toepassing beslist, buiten het kenmerk zelf.",
            en="There is no column by which the application decides, but the characteristic itself.",
        ),
        do=both(
            nl="Schrijf op de kaart bij elke kolom die de toepassing gebruikt 'used: true'.",
            en="State 'used: true' on the card for each column that the application uses.",
        ),
    )


def only_own_values() -> NotMeasurable:
    """What to say when every input has a value of its own in nearly every row."""
    return NotMeasurable(
        reason=both(
            nl="Elke kolom waarmee de toepassing beslist, heeft in bijna elke rij een eigen waarde. Zo valt er niets te"
            " tellen per waarde.",
            en="Every column by which the application decides has a value of its own in nearly every row. So nothing can be"
            " counted per value.",
        ),
        do=both(
            nl="Maak er op de kaart een grovere kolom van met 'expression', en schrijf daarbij 'used: true'.",
            en="Make a coarser column of it on the card with 'expression', and state 'used: true' there.",
        ),
    )


def which_inputs(measurement: Measurement) -> Text:
    """How the inputs were chosen."""
    if measurement.settings["inputs"]["used"]:
        return both(
            nl="Gemeten op de kolommen met 'used: true' op de kaart.", en="Measured on the columns with 'used: true'."
        )
    return both(
        nl="De kaart zegt bij geen enkele kolom 'used: true'. Daarom is elke kolom gemeten die geen sleutel, datum,"
        " advies, uitkomst, score of beschermd kenmerk is.",
        en="The card says 'used: true' for no column. So every column was measured that is no key, date, advice, outcome,"
        " score or protected characteristic.",
    )


def small_groups(number: int, least: int) -> tuple[Text, ...]:
    """What to say of groups that are too small to look at; nothing when there are none."""
    if number == 0:
        return ()
    return (
        both(
            nl=f"{number} groepen met te weinig gevallen (minder dan {least}) zijn weggelaten.",
            en=f"{number} groups with too few cases (fewer than {least}) are left out.",
        ),
    )
