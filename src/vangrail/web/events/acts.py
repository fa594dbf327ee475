"""What people do with events: write down what happened, have an application watched, look at what changed."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import RecordKind
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Application, RecordKept
from vangrail.web.events.models import Round, Watch
from vangrail.web.organisations.models import Person

BY_HAND = (
    RecordKind.TRAINING,
    RecordKind.STOP_DRILL,
    RecordKind.HELP_REQUEST,
    RecordKind.DATA_FINDING,
    RecordKind.ENERGY_FEEDBACK,
)
"""What is written down here. The other kinds come of a page of their own: incidents, objections, surveys, publications ..."""


def write_down(
    *,
    application: Application,
    kind: RecordKind,
    on: date,
    what: str,
    outcome: str,
    people: int | None,
    documents: Sequence[str],
    by: Person,
) -> RecordKept:
    """Something that happened. VangrailError for a day to come, and for a finding on data without an outcome."""
    if kind not in BY_HAND:
        raise TypeError(f"{kind} has a page of its own")
    if on > timezone.localdate():
        raise VangrailError(
            both(nl="Die dag moet nog komen.", en="That day is still to come."),
            do=both(nl="Schrijf op wat al gebeurd is.", en="Write down what has already happened."),
        )
    if kind is RecordKind.DATA_FINDING and not outcome.strip():
        raise VangrailError(
            both(
                nl="Bij deze bevinding staat niet wat ermee gebeurde.",
                en="This finding does not say what was done with it.",
            ),
            why=both(
                nl="Een fout die niemand oplost, bewijst geen zorg voor de gegevens.",
                en="A mistake that nobody puts right proves no care for the data.",
            ),
            do=both(
                nl="Schrijf bij 'Wat kwam eruit?' wie het oplost, en wat de uitkomst is.",
                en="Write under 'What came of it?' who puts it right, and what the outcome is.",
            ),
        )
    record = Record(
        kind=kind,
        on=on,
        what=what,
        by=by.name,
        outcome=outcome or None,
        people=people,
        documents=tuple(documents),
    )
    return applications.keep_record(application=application, record=record, by=by)


@transaction.atomic
def watch(*, application: Application, told: Sequence[Person], by: Person) -> Watch:
    """From now on Vangrail measures by itself what is due, and tells these people what changed."""
    if not told:
        raise VangrailError(
            both(nl="Er is niemand gekozen die bericht krijgt.", en="Nobody was chosen who gets a message."),
            why=both(
                nl="Bewaken zonder dat iemand het hoort, heeft geen zin.",
                en="Watching without anybody hearing of it serves no purpose.",
            ),
            do=both(nl="Kies minstens één persoon.", en="Choose at least one person."),
        )
    held, _ = Watch.objects.update_or_create(
        application=application, defaults={"by": by}, create_defaults={"by": by, "begun_at": timezone.now()}
    )
    held.told.set(told)
    return held


@transaction.atomic
def stop_watching(*, application: Application, by: Person) -> None:
    """Nothing is measured by itself any more. What earlier rounds found stays."""
    Watch.objects.filter(application=application).delete()


@transaction.atomic
def look_at(*, round_: Round, by: Person) -> None:
    """Somebody saw what changed; the first who does is written down."""
    Round.objects.filter(pk=round_.pk, seen_at=None).update(seen_by=by, seen_at=timezone.now())
