"""Describes how much a group of people who look alike gives away: how far its sensitive values lie from everyone's."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.privacy.classes import EMPTY, WANTS_SENSITIVE, by, kinds, plan_sensitive
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Classes, Field, Need
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set and sensitive column."""
    yield from plan_sensitive(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same as l-diversity."""
    return [Classes(tuple(measurement.settings["quasi_identifiers"]), measurement.subject)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest total variation distance between the sensitive values of a class and those of the whole table.

    Values are categories at equal distance of each other, numbers included: the earth mover's distance is then the total variation.

    Measured        coefficient [0, 1): 0 when every class looks like the whole; every row is counted
    NotMeasurable   when the table is empty
    """
    quasi, column = measurement.settings["quasi_identifiers"], measurement.subject
    found = kinds(answers.table(Classes(tuple(quasi), column)))
    if not found.classes:
        return NotMeasurable(reason=EMPTY, rows=0)
    rows = found.rows(found.sizes > 0)
    mean = float((found.mean * found.sizes * found.number).sum()) / rows
    notes = (
        by(quasi),
        both(
            nl=f"Gemiddeld over alle rijen is de afstand {mean:.3f}. Een kleine groep ligt vlug ver van het geheel, ook door"
            " toeval.".replace(".", ",", 1),
            en=f"On average over all rows the distance is {mean:.3f}. A small class soon lies far from the whole, also by"
            " chance.",
        ),
    )
    return Measured(value=float(found.furthest.max()), unit=Unit.COEFFICIENT, rows=rows, notes=notes)


CHECK = Check(
    id="t-closeness",
    family="privacy",
    title=both(nl="t-nabijheid", en="t-closeness"),
    measures=both(
        nl="Hoe ver de gevoelige waarden van een groep hoogstens afwijken van die van iedereen samen.",
        en="How far the sensitive values of a class lie at most from those of everyone together.",
    ),
    wants=WANTS_SENSITIVE,
    formula="max over classes of ½ Σ |share of value in class − share of value in table|",
    source="Li, Li and Venkatasubramanian (2007), IEEE 23rd International Conference on Data Engineering, 106-115",
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    judged=False,
)
