"""Which objections are open on a day, and by when each is answered: an open one re-opens the requirement it is about.

Whoever objects says that something is not in order. Until a person has looked again, nobody knows who is right, so the
requirement is unknown, whatever was measured or answered about it (principedocument p. 6: betwistbaarheid).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from vangrail.assessment.staleness import months_later
from vangrail.model.board import OpenObjection
from vangrail.model.card import Card, Record
from vangrail.model.vocabulary import RecordKind


def due(card: Card, came: date) -> date:
    """The last day for the answer: the term that the card promises, or one month (GDPR art. 12(3)) where it promises none."""
    days = card.contact.term_days
    return months_later(came, 1) if days is None else came + timedelta(days=days)


def open_about(requirement: str, records: Iterable[Record], card: Card, *, on: date) -> tuple[OpenObjection, ...]:
    """The objections about a requirement that came in by that day and were not answered by it, the oldest first."""
    came = sorted(
        r.on
        for r in records
        if r.kind is RecordKind.OBJECTION
        and r.requirement == requirement
        and r.on <= on
        and (r.answered_on is None or r.answered_on > on)
    )
    return tuple(OpenObjection(came=day, due=due(card, day), late=due(card, day) < on) for day in came)
