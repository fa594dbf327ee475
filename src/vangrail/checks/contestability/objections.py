"""What the checks on objections share: which ones count, and how each of them stands on the day of measuring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vangrail.model.card import RECORDS
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Recorded
from vangrail.model.vocabulary import ObjectionResult, RecordKind

DAYS = 730
"""Objections of the last two years count: as long as a record of one shows that objecting works (tru-acc-2)."""
PLACE = RECORDS + RecordKind.OBJECTION
RECORDED = Recorded(RecordKind.OBJECTION, ("on", "answered_on", "result"))


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection as it stands on a day. `days` is how long it took, or how long it has been open."""

    days: int
    closed: bool
    result: ObjectionResult | None


def objections(answers: Answers, on: date) -> list[Objection]:
    """Those that came in during the last two years, and those that came in earlier and are still open.

    An answer of a later day than the day of measuring was not there yet.
    """
    return list(_standing(answers, on))


def _standing(answers: Answers, on: date) -> Iterable[Objection]:
    for cell in answers.table(RECORDED).cells:
        came, answered, result = cell.values
        if not isinstance(came, date) or came > on:
            continue
        closed = isinstance(answered, date) and answered <= on
        if closed and came < on - timedelta(days=DAYS):
            continue
        until = answered if closed and isinstance(answered, date) else on
        yield Objection(
            days=(until - came).days,
            closed=closed,
            result=ObjectionResult(str(result)) if closed and result is not None else None,
        )


NONE_YET = both(
    nl="Er is de laatste twee jaar geen bezwaar genoteerd.", en="No objection was recorded in the last two years."
)
TRY = both(
    nl="Doe een proef: laat een collega bezwaar maken en noteer het in records.yaml met 'kind: objection', en 'answered_on'"
    " zodra er antwoord is.",
    en="Do a trial: have a colleague object, and record it in records.yaml with 'kind: objection', and 'answered_on' once"
    " it was answered.",
)
