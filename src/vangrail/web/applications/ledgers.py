"""Carries what waits in the outbox to the ledger of each organisation, once and in order."""

from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import transaction

from vangrail.ledger import Entry, Ledger
from vangrail.model.vocabulary import LeafKind
from vangrail.web.applications.models import Outbox
from vangrail.web.organisations.models import Organisation


def folder_of(organisation: Organisation) -> Path:
    """Where the ledger of an organisation lies."""
    return Path(settings.DATA) / "ledgers" / organisation.slug


def open_ledger(organisation: Organisation) -> Ledger:
    """Its ledger, made at its first use."""
    place = folder_of(organisation)
    if (place / "ledger.sqlite").exists():
        return Ledger.open(place)
    place.mkdir(parents=True, exist_ok=True)
    return Ledger.create(place, origin=f"vangrail/{organisation.slug}")


def deliver(organisation: Organisation) -> int:
    """Write what waits; returns how many entries were written.

    Whoever is stopped between the ledger and the outbox leaves entries that are in the ledger but still wait: those are
    recognised by their number in the outbox, and not written twice.
    """
    with transaction.atomic():
        waiting = list(
            Outbox.objects.select_for_update().filter(organisation=organisation, sequence__isnull=True).order_by("pk")
        )
        if not waiting:
            return 0
        with open_ledger(organisation) as ledger:
            known = Outbox.objects.filter(organisation=organisation).exclude(sequence=None).count()
            there = {}
            for sequence in range(known, ledger.size):
                there[ledger.leaf(sequence).body.get("outbox")] = sequence
            new = [o for o in waiting if o.pk not in there]
            places = iter(ledger.append_all(_entry(o) for o in new) if new else ())
            for one in waiting:
                one.sequence = there[one.pk] if one.pk in there else next(places)
                one.save(update_fields=["sequence"])
    return len(new)


def _entry(waiting: Outbox) -> Entry:
    return Entry(
        kind=LeafKind(waiting.kind),
        application=waiting.application,
        at=waiting.at.astimezone(UTC).replace(microsecond=0),
        body={**waiting.body, "outbox": waiting.pk},
        private=waiting.private or None,
    )
