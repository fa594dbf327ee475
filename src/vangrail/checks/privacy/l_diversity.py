"""tru-priv-2: whether people who look alike also differ in what is sensitive."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.privacy.classes import (
    EMPTY,
    ONE_ROW_ONE_PERSON,
    WANTS_SENSITIVE,
    by,
    classes,
    counts,
    plan_sensitive,
)
from vangrail.checks.privacy.classes import needs as class_needs
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need, Rows
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit

TOO_MANY = both(
    nl="Er zijn te veel verschillende combinaties om te tellen. Bijna elke rij is dan te herkennen.",
    en="There are too many different combinations to count. Nearly every row can then be recognised.",
)
FEWER = both(
    nl="Maak de kenmerken grover: een leeftijdsklasse in plaats van een geboortedatum, een wijk in plaats van een straat.",
    en="Make the characteristics coarser: an age class instead of a date of birth, a district instead of a street.",
)


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set and sensitive column."""
    yield from plan_sensitive(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows per class and sensitive value."""
    return [Rows(), *class_needs(measurement.settings["quasi_identifiers"], measurement.subject)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The number of different sensitive values in the class that has fewest: distinct l-diversity.

    A missing value hides nothing less than another, so it counts as one.

    Measured        count [1, number of values]; every row is counted
    NotMeasurable   when the table is empty, or there are more combinations than can be counted
    """
    quasi, column = measurement.settings["quasi_identifiers"], measurement.subject
    if answers.rows == 0:
        return NotMeasurable(reason=EMPTY, rows=0)
    table = answers.small_table(counts(quasi, column))
    if table is None:
        return NotMeasurable(reason=TOO_MANY, do=FEWER, rows=answers.rows)
    found = classes(table, quasi)
    different = (found.table > 0).sum(axis=1)
    alone = different == 1
    detail = Detail(
        name="l = 1",
        rows=found.rows,
        counted=int(found.sizes[alone].sum()),
        note=both(
            nl=f"rijen in een groep waarin iedereen dezelfde '{column}' heeft",
            en=f"rows in a class where everyone has the same '{column}'",
        ),
    )
    notes = (
        by(quasi),
        both(
            nl=f"{len(found.sizes)} groepen; in {int(alone.sum())} heeft iedereen dezelfde waarde.",
            en=f"{len(found.sizes)} classes; in {int(alone.sum())} everyone has the same value.",
        ),
        ONE_ROW_ONE_PERSON,
    )
    return Measured(value=int(different.min()), unit=Unit.COUNT, rows=found.rows, details=(detail,), notes=notes)


CHECK = Check(
    id="l-diversity",
    family="privacy",
    title=both(nl="l-diversiteit", en="l-diversity"),
    measures=both(
        nl="Hoeveel verschillende gevoelige waarden er minstens zijn onder mensen die op elkaar lijken.",
        en="How many different sensitive values there are at least among people who look alike.",
    ),
    wants=WANTS_SENSITIVE,
    formula="min over classes of the number of different sensitive values (distinct l-diversity)",
    source="Machanavajjhala et al. (2007), ACM Transactions on Knowledge Discovery from Data 1(1), 3",
    plan=plan,
    needs=needs,
    measure=measure,
)
