"""Carries what waits in the outbox to the ledger of each organisation, once and in order."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from vangrail.ledger import Entry, Ledger
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import LeafKind
from vangrail.web.applications.models import Outbox
from vangrail.web.organisations.models import Organisation


def folder_of(organisation: Organisation) -> Path:
    """Where the ledger of an organisation lies."""
    return Path(settings.DATA) / "ledgers" / organisation.slug


def open_ledger(organisation: Organisation) -> Ledger:
    """Its ledger, made at its first use."""
    place = folder_of(organisation)
    if not place.exists():
        if Outbox.objects.filter(organisation=organisation).exclude(sequence=None).exists():
            raise VangrailError(
                both(
                    nl=f"Het logboek van {organisation.name} is weg.", en=f"The ledger of {organisation.name} is gone."
                ),
                why=both(
                    nl="Een nieuw, leeg logboek zou verbergen wat er al in stond.",
                    en="A new, empty ledger would hide what was written in it already.",
                ),
                do=both(nl=f"Zet {place} terug uit de laatste back-up.", en=f"Put back {place} from the last backup."),
            )
        # Whole or not at all: a key without its ledger, left by whoever was stopped here, would never be opened again.
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{organisation.slug}-", dir=place.parent))
        Ledger.create(making, origin=f"vangrail/{organisation.slug}").close()
        making.rename(place)
    return Ledger.open(place)


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
                leaf = ledger.leaf(sequence)
                there[leaf.body.get("outbox")] = (sequence, leaf.kind, leaf.application, leaf.at)
            for one in waiting:
                if one.pk in there and there[one.pk][1:] != (one.kind, one.application, _moment(one)):
                    raise _older_database(organisation)
            new = [o for o in waiting if o.pk not in there]
            places = iter(ledger.append_all(_entry(o) for o in new) if new else ())
            for one in waiting:
                one.sequence = there[one.pk][0] if one.pk in there else next(places)
                one.save(update_fields=["sequence"])
    return len(new)


def _moment(waiting: Outbox) -> datetime:
    return waiting.at.astimezone(UTC).replace(microsecond=0)


def _older_database(organisation: Organisation) -> VangrailError:
    return VangrailError(
        both(
            nl=f"De databank is ouder dan het logboek van {organisation.name}: een oude back-up werd teruggezet.",
            en=f"The database is older than the ledger of {organisation.name}: an old backup was put back.",
        ),
        why=both(
            nl="Wat daarna geschreven werd, zou in het logboek door elkaar lopen.",
            en="What was written since would get mixed up in the ledger.",
        ),
        do=both(
            nl="Zet databank en logboeken terug uit dezelfde back-up (vangrail restore).",
            en="Put back database and ledgers from the same backup (vangrail restore).",
        ),
    )


def _entry(waiting: Outbox) -> Entry:
    return Entry(
        kind=LeafKind(waiting.kind),
        application=waiting.application,
        at=_moment(waiting),
        body={**waiting.body, "outbox": waiting.pk},
        private=waiting.private or None,
    )
