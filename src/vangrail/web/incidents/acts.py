"""What people do when something goes wrong. Each act leaves a line in the history of the incident."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from vangrail import knowledge
from vangrail.exports import formatting
from vangrail.law import term_titles
from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language, LeafKind, MemberRole, RecordKind
from vangrail.text import identifiers
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Application, RecordKept
from vangrail.web.incidents.models import Incident, IncidentEntry, IncidentReport, IncidentTask
from vangrail.web.look.language import pick
from vangrail.web.organisations.models import Membership, Person
from vangrail.web.organisations.rights import Act, may

KNOWN = (
    "title", "what", "severity", "noticed_at", "happened_at", "affected", "people", "breach", "leaked", "risk",
    "consequences", "widespread", "provider_unreachable", "significant", "down_from", "down_until", "cause", "measures",
)  # fmt: skip
"""What people find out about an incident, and may correct."""
_TEXTS = ("title", "what", "affected", "leaked", "cause", "measures")


@transaction.atomic
def record_incident(*, application: Application, found: Mapping[str, Any], by: Person) -> Incident:
    """Write down what went wrong.

    found   by the names of `KNOWN`; what is left out is not known yet
    Raises VangrailError for moments that cannot be, and for numbers that point to a person
    """
    _require_sound(found)
    incident = Incident(application=application, recorded_by=by, **found)
    incident.save()
    _write(incident, "recorded", by=by)
    _keep(incident, by=by)
    return incident


@transaction.atomic
def correct(*, incident: Incident, found: Mapping[str, Any], by: Person) -> Incident:
    """Write down what people found out since. What stood there before stays in the history."""
    _require_open(incident)
    _require_sound({name: getattr(incident, name) for name in KNOWN} | dict(found))
    before = {n: getattr(incident, n) for n in KNOWN if n in found and getattr(incident, n) != found[n]}
    if not before:
        return incident
    if incident.record is not None and {"down_from", "down_until"} & set(before):
        raise VangrailError(
            both(
                nl="De storing staat al in het logboek en kan niet meer veranderen.",
                en="The outage is in the ledger already and cannot change any more.",
            ),
            do=both(
                nl="Schrijf een nieuw incident op voor een andere storing.",
                en="Record a new incident for another outage.",
            ),
        )
    for name in before:
        setattr(incident, name, found[name])
    incident.save()
    _write(incident, "changed", by=by, before=before)
    _keep(incident, by=by)
    return incident


@transaction.atomic
def note(*, incident: Incident, text: str, by: Person) -> None:
    """Add to the history what happened or was done."""
    if not text.strip():
        raise VangrailError(both(nl="Schrijf eerst iets.", en="Write something first."))
    _write(incident, "note", by=by, text=text)


@transaction.atomic
def report(*, incident: Incident, term: str, reported_at: datetime, reference: str, by: Person) -> IncidentReport:
    """Say that what the law asks was reported, and when. Reporting itself happens at the authority."""
    if term not in term_titles():
        raise VangrailError(both(nl="Deze melding bestaat niet.", en="There is no such report."))
    if not incident.noticed_at <= reported_at <= timezone.now():
        raise VangrailError(
            both(
                nl="Het moment van de melding ligt voor het incident gemerkt werd, of in de toekomst.",
                en="The moment of the report lies before the incident was noticed, or in the future.",
            ),
            do=both(nl="Kijk dag en uur na.", en="Check day and hour."),
        )
    application = incident.application
    written = IncidentReport(
        application=application,
        incident=incident,
        by=by,
        at=timezone.now(),
        term=term,
        reported_at=reported_at,
        reference=reference,
    )
    written.save()
    _write(incident, "reported", by=by, text=reference, before={"term": term})
    body = {
        "record": RecordKind.INCIDENT.value,
        "on": timezone.localdate(reported_at).isoformat(),
        "incident": incident.pk,
        "reported": term,
    }
    applications.tell(application, LeafKind.RECORD_ADDED, body, {"by": by.name, "reference": reference})
    return written


@transaction.atomic
def assign(*, incident: Incident, owner: Person, by: Person) -> None:
    """Somebody sees to it. VangrailError when that person may not handle incidents here."""
    _require_open(incident)
    if owner not in handlers(incident.application, Act.HANDLE_INCIDENT):
        raise VangrailError(
            both(
                nl=f"{owner} mag bij deze organisatie geen incidenten opvolgen.",
                en=f"{owner} may not handle incidents at this organisation.",
            ),
            do=both(
                nl="Kies iemand anders, of vraag de beheerder om een rol.",
                en="Choose somebody else, or ask the administrator for a role.",
            ),
        )
    incident.owner = owner
    incident.save(update_fields=["owner"])
    _write(incident, "owner", by=by, text=owner.name)


@transaction.atomic
def give_task(*, incident: Incident, what: str, owner: Person, due: date | None, by: Person) -> IncidentTask:
    """Somebody has something to do, by a day."""
    _require_open(incident)
    if owner not in handlers(incident.application, Act.RECORD_INCIDENT):
        raise VangrailError(both(nl=f"{owner} kan hier geen taken krijgen.", en=f"{owner} cannot be given tasks here."))
    task = IncidentTask.objects.create(incident=incident, what=what, owner=owner, due=due, made_by=by)
    _write(incident, "task", by=by, text=what)
    return task


@transaction.atomic
def finish_task(*, task: IncidentTask, by: Person, handles: bool) -> None:
    """It is done: said by who had to do it, or by somebody who handles incidents (`handles`)."""
    if by != task.owner and not handles:
        raise VangrailError(
            both(nl=f"Deze taak is van {task.owner}.", en=f"This task is of {task.owner}."),
            do=both(nl="Laat die persoon zeggen dat ze klaar is.", en="Let that person say that it is done."),
        )
    if task.done_at is not None:
        return
    task.done_at, task.done_by = timezone.now(), by
    task.save(update_fields=["done_at", "done_by"])
    _write(task.incident, "task_done", by=by, text=task.what)


@transaction.atomic
def close(
    *,
    incident: Incident,
    reasons: str,
    lessons: str,
    by: Person,
    to_report: Sequence[str] = (),
    to_find_out: Sequence[str] = (),
) -> Incident:
    """Close it with reasons, and with what was learnt: that is its review (tru-acc-4).

    to_report     what the law asks to report and nobody reported; then it stays open
    to_find_out   what is not known about it and decides whether something must be reported; then too
    """
    _require_open(incident)
    applications.require_reasons(reasons)
    applications.require_reasons(lessons)
    _require_nobody_in({"reasons": reasons, "lessons": lessons})
    if to_report:
        raise VangrailError(
            both(
                nl=f"Dit moet nog gemeld worden: {'; '.join(to_report)}.",
                en=f"This is still to be reported: {'; '.join(to_report)}.",
            ),
            why=both(
                nl="Zolang dat niet gebeurd is, is het incident niet afgehandeld.",
                en="Until then the incident is not handled.",
            ),
            do=both(
                nl="Meld het en zeg hieronder wanneer. Klopt het niet dat het moet? Verbeter dan wat je over het incident weet.",
                en="Report it and say below when. Is it not needed after all? Then correct what you know about the incident.",
            ),
        )
    if to_find_out:
        raise VangrailError(
            both(
                nl=f"Dit is nog niet geweten: {'; '.join(to_find_out)}.",
                en=f"This is not known yet: {'; '.join(to_find_out)}.",
            ),
            why=both(nl="Daarvan hangt af of je moet melden.", en="On that hangs whether you must report."),
            do=both(nl="Vul het aan bij 'Wat we weten'.", en="Complete it under 'What we know'."),
        )
    if incident.down_from is not None and incident.down_until is None:
        raise VangrailError(
            both(nl="De dienst ligt volgens dit incident nog plat.", en="By this incident the service is still down."),
            do=both(nl="Vul eerst in tot wanneer de storing duurde.", en="Fill in until when the outage lasted first."),
        )
    incident.closed_at, incident.closed_by = timezone.now(), by
    incident.reasons, incident.lessons = reasons, lessons
    incident.save()
    _write(incident, "closed", by=by, text=reasons)
    what = pick(nl=f"Nabespreking van incident: {incident.title}", en=f"Review of incident: {incident.title}")
    review(application=incident.application, what=what, lessons=lessons, by=by)
    return incident


@transaction.atomic
def reopen(*, incident: Incident, reasons: str, by: Person) -> Incident:
    """Something turned out otherwise: it is open again. The review that was written stays in the ledger."""
    if incident.closed_at is None:
        raise VangrailError(both(nl="Dit incident is nog open.", en="This incident is still open."))
    applications.require_reasons(reasons)
    incident.closed_at = incident.closed_by = None
    incident.save()
    _write(incident, "reopened", by=by, text=reasons)
    return incident


@transaction.atomic
def review(*, application: Application, what: str, lessons: str, by: Person) -> RecordKept:
    """Look back on the incidents, also when there were none, and write down what was learnt (tru-acc-4)."""
    applications.require_reasons(lessons)
    _require_nobody_in({"what": what, "lessons": lessons})
    record = Record(
        kind=RecordKind.INCIDENT_REVIEW,
        on=timezone.localdate(),
        what=what,
        by=by.name,
        outcome=lessons,
        requirement="tru-acc-4",
    )
    return applications.keep_record(application=application, record=record, by=by)


def handlers(application: Application, act: Act) -> list[Person]:
    """The people of the organisation who may do this, by name."""
    members = Membership.objects.filter(organisation=application.organisation, person__is_active=True)
    found = members.select_related("person").order_by("person__name")
    return [m.person for m in found if may(frozenset(MemberRole(r) for r in m.roles), act)]


def _keep(incident: Incident, *, by: Person) -> None:
    """The incident becomes a record, once: as soon as it needs no more to be one. A lasting outage lacks its end."""
    if incident.record is not None or (incident.down_from is not None and incident.down_until is None):
        return
    record = Record(
        kind=RecordKind.INCIDENT,
        on=timezone.localdate(incident.noticed_at),
        what=incident.title,
        by=incident.recorded_by.name,
        people=incident.people,
        requirement="tru-acc-4",
        started_at=_on_the_wall(incident.down_from),
        ended_at=_on_the_wall(incident.down_until),
    )
    incident.record = applications.keep_record(application=incident.application, record=record, by=by)
    incident.save(update_fields=["record"])


def _on_the_wall(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)


def _write(
    incident: Incident, kind: str, *, by: Person, text: str = "", before: Mapping[str, Any] | None = None
) -> None:
    held = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in (before or {}).items()}
    IncidentEntry(
        application=incident.application, incident=incident, by=by, at=timezone.now(), kind=kind, text=text, before=held
    ).save()


def _require_open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise VangrailError(
            both(nl="Dit incident is gesloten.", en="This incident is closed."),
            do=both(nl="Open het opnieuw, met een reden.", en="Open it again, with a reason."),
        )


def _require_sound(found: Mapping[str, Any]) -> None:
    """Moments in their order and not in the future, and nothing that points to a person."""
    now, noticed = timezone.now(), found["noticed_at"]
    happened, down, up = found.get("happened_at"), found.get("down_from"), found.get("down_until")
    wrong = ""
    if any(m is not None and m > now for m in (noticed, happened, down, up)):
        wrong = pick(nl="Een moment ligt in de toekomst.", en="A moment lies in the future.")
    elif happened is not None and happened > noticed:
        wrong = pick(nl="Je merkte het op voor het gebeurde.", en="You noticed it before it happened.")
    elif up is not None and (down is None or up < down):
        wrong = pick(nl="De storing eindigt voor ze begint.", en="The outage ends before it begins.")
    if wrong:
        raise VangrailError(wrong, do=both(nl="Kijk de dagen en uren na.", en="Check the days and hours."))
    _require_nobody_in({name: found.get(name) or "" for name in _TEXTS})


def _require_nobody_in(texts: Mapping[str, str]) -> None:
    """VangrailError when a text holds a number or an address that surely points to a person; it is not repeated."""
    kinds = {f.kind for text in texts.values() for f in identifiers.find(text) if f.certain}
    if kinds:
        named = {
            language: ", ".join(
                sorted(formatting.word(f"identifier.{k}", language, knowledge.framework()) for k in kinds)
            )
            for language in Language
        }
        raise VangrailError(
            both(
                nl=f"In je tekst staat iets dat naar een persoon wijst: {named[Language.NL]}.",
                en=f"Your text holds what points to a person: {named[Language.EN]}.",
            ),
            why=both(
                nl="Een incident komt in het dossier; wie geraakt is, hoort daar niet met naam in.",
                en="An incident goes into the dossier; who was affected does not belong there by name.",
            ),
            do=both(
                nl="Schrijf 'een aanvrager' of 'drie collega's', en hou de gegevens zelf in jullie dossiersysteem.",
                en="Write 'an applicant' or 'three colleagues', and keep the data itself in your own file system.",
            ),
        )
