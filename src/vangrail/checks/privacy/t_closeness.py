"""Describes how much a group of people who look alike gives away: how far its sensitive values lie from everyone's."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check
from vangrail.checks.privacy.classes import EMPTY, WANTS_SENSITIVE, by, classes, counts, plan_sensitive
from vangrail.checks.privacy.classes import needs as class_needs
from vangrail.checks.privacy.l_diversity import FEWER, TOO_MANY
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need, Rows
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set and sensitive column."""
    yield from plan_sensitive(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same counts as l-diversity."""
    return [Rows(), *class_needs(measurement.settings["quasi_identifiers"], measurement.subject)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest total variation distance between the sensitive values of a class and those of the whole table.

    Values are categories at equal distance of each other, numbers included: the earth mover's distance is then the total variation.

    Measured        coefficient [0, 1): 0 when every class looks like the whole; every row is counted
    NotMeasurable   when the table is empty, or there are more combinations than can be counted
    """
    quasi, column = measurement.settings["quasi_identifiers"], measurement.subject
    if answers.rows == 0:
        return NotMeasurable(reason=EMPTY, rows=0)
    table = answers.small_table(counts(quasi, column))
    if table is None:
        return NotMeasurable(reason=TOO_MANY, do=FEWER, rows=answers.rows)
    found = classes(table, quasi)
    whole = found.table.sum(axis=0) / found.rows
    distance = np.abs(found.table / found.sizes[:, None] - whole).sum(axis=1) / 2
    mean = float((distance * found.sizes).sum() / found.rows)
    notes = (
        by(quasi),
        both(
            nl=f"Gemiddeld over alle rijen is de afstand {mean:.3f}. Een kleine groep ligt vlug ver van het geheel, ook door"
            " toeval.".replace(".", ",", 1),
            en=f"On average over all rows the distance is {mean:.3f}. A small class soon lies far from the whole, also by"
            " chance.",
        ),
    )
    return Measured(value=float(distance.max()), unit=Unit.COEFFICIENT, rows=found.rows, notes=notes)


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
    judged=False,
)
