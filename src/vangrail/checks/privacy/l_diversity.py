"""tru-priv-2: whether people who look alike also differ in what is sensitive."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.privacy.classes import EMPTY, ONE_ROW_ONE_PERSON, WANTS_SENSITIVE, by, kinds, plan_sensitive
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Classes, Field, Need
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set and sensitive column."""
    yield from plan_sensitive(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The kinds of classes, with the number of different sensitive values in each."""
    return [Classes(tuple(measurement.settings["quasi_identifiers"]), measurement.subject)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The number of different sensitive values in the class that has fewest: distinct l-diversity.

    A missing value hides nothing less than another, so it counts as one.

    Measured        count [1, number of values]; every row is counted
    NotMeasurable   when the table is empty
    """
    quasi, column = measurement.settings["quasi_identifiers"], measurement.subject
    found = kinds(answers.table(Classes(tuple(quasi), column)))
    if not found.classes:
        return NotMeasurable(reason=EMPTY, rows=0)
    rows, alone = found.rows(found.sizes > 0), found.different == 1
    detail = Detail(
        name="l = 1",
        rows=rows,
        counted=found.rows(alone),
        note=both(
            nl=f"rijen in een groep waarin iedereen dezelfde '{column}' heeft",
            en=f"rows in a class where everyone has the same '{column}'",
        ),
    )
    notes = (
        by(quasi),
        both(
            nl=f"{found.classes} groepen; in {int(found.number[alone].sum())} heeft iedereen dezelfde waarde.",
            en=f"{found.classes} classes; in {int(found.number[alone].sum())} everyone has the same value.",
        ),
        ONE_ROW_ONE_PERSON,
    )
    return Measured(value=int(found.different.min()), unit=Unit.COUNT, rows=rows, details=(detail,), notes=notes)


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
    version=2,
)
