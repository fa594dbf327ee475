"""An application of the database as the core knows it, and the verdicts that follow. Nothing is reckoned here."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from pydantic import TypeAdapter

import vangrail
from vangrail import knowledge, law
from vangrail.assessment import assembling, due, storing
from vangrail.assessment.assembling import History
from vangrail.assessment.judging import OverdueReport
from vangrail.assessment.staleness import State
from vangrail.assessment.ways import Ways
from vangrail.cards.records import Declared, by_kind
from vangrail.exports.assessment_json import assessment_to_json
from vangrail.ledger import Report
from vangrail.model.board import Assessment, DatasetRead
from vangrail.model.card import DECLARED, Answer, Card, Record
from vangrail.model.evidence import Evidence
from vangrail.model.framework import Text, both
from vangrail.model.needs import Fingerprint
from vangrail.model.vocabulary import CaseKind, GateOutcome, Language, Phase, RecordKind
from vangrail.web.applications.models import Application, Assessed, LedgerSeen
from vangrail.web.incidents.counting import terms_of

PROGRAM = f"vangrail {vangrail.__version__}"
_PAGES = {
    RecordKind.CONSULTATION: both(nl="Inspraak", en="Participation"),
    RecordKind.SURVEY: both(nl="Inspraak", en="Participation"),
    RecordKind.OBJECTION: both(nl="Inspraak", en="Participation"),
    RecordKind.INCIDENT: both(nl="Incidenten", en="Incidents"),
    RecordKind.INCIDENT_REVIEW: both(nl="Incidenten", en="Incidents"),
    RecordKind.PUBLICATION: both(nl="Publiceren", en="Publish"),
    RecordKind.SUPPLIER_QUESTIONNAIRE: both(nl="Leverancier", en="Supplier"),
}
"""The page on which each kind comes about; all others are written down under events."""


def _page_for(kind: RecordKind) -> Text:
    if kind is RecordKind.MONITORING:
        return both(nl="Zet de bewaking aan bij 'Gebeurtenissen'.", en="Start watching under 'Events'.")
    page = _PAGES.get(kind, both(nl="Gebeurtenissen", en="Events"))
    return both(nl=f"Doe dit bij '{page[Language.NL]}'.", en=f"Do this under '{page[Language.EN]}'.")


WAYS = Ways(
    answer_question=both(
        nl="Antwoord in de vragenlijst bij 'Wet'; 'ik weet het niet' mag altijd.",
        en="Answer in the questions under 'Law'; 'I don't know' is always allowed.",
    ),
    confirm=both(
        nl="Laat iemand die dat mag de indeling bevestigen, bij 'Wet'.",
        en="Have someone who may confirm the classification, under 'Law'.",
    ),
    verify=both(nl="Vraag de beheerder om het logboek na te kijken.", en="Ask the administrator to check the ledger."),
    measure=both(
        nl="Vraag een meting met de knop 'Meet nu' op het bord.", en="Ask to measure, with 'Measure now' on the board."
    ),
    record=_page_for,
)
_FINGERPRINT = TypeAdapter(Fingerprint)
REPORT = TypeAdapter(Report)


def card_of(application: Application) -> Card:
    """The card as it is now."""
    return Card.model_validate(application.version.content)


def answers_of(application: Application) -> list[Answer]:
    """Every answer, the oldest first."""
    return [Answer.model_validate(a.content) for a in application.answergivens.all()]


def records_of(application: Application) -> list[Record]:
    """Every record, the oldest first; and every objection of somebody outside that waits for an answer; and the rounds of watching."""
    kept = [Record.model_validate(r.content) for r in application.recordkepts.all()]
    waiting = application.cases.filter(kind=CaseKind.OBJECTION, closed_at=None).order_by("came_at")
    objections = [case.as_record() for case in waiting.select_related("application__organisation", "closed_by")]
    watched = application.rounds.filter(left=0, told=True).values_list("on", flat=True)
    series = due.monitoring(list(watched), on=timezone.localdate(), framework=knowledge.framework(), by=PROGRAM)
    return [*kept, *objections, *filter(None, [series])]


def evidence_of(application: Application) -> list[Evidence]:
    """The newest evidence of each measurement."""
    newest = application.evidencetakens.values("check_id", "dataset", "subject").annotate(last=Max("pk"))
    rows = application.evidencetakens.filter(pk__in=[n["last"] for n in newest])
    return [storing.from_body(row.content) for row in rows]


def assess(application: Application, *, on: date, at: datetime | None = None) -> Assessment:
    """Every requirement with its verdict on that day."""
    version, card = application.version, card_of(application)
    state, datasets = state_of(application, card)
    return assembling.assess(
        card,
        card_digest=version.digest,
        answers=answers_of(application),
        records=records_of(application),
        facts=law.parse_facts(card.facts),
        evidence=evidence_of(application),
        datasets=datasets,
        state=state,
        history=_history(application, card, at or timezone.now()),
        ways=WAYS,
        on=on,
        at=at or timezone.now(),
        by=PROGRAM,
    )


def refresh(application: Application) -> Assessed:
    """Reach the board anew, for lists and public pages."""
    today = timezone.localdate()
    found = assess(application, on=today)
    content: Any = assessment_to_json(found)
    assessed, _ = Assessed.objects.update_or_create(
        application=application, defaults={"on": today, "content": content, "made_at": found.made_at}
    )
    return assessed


def state_of(application: Application, card: Card) -> tuple[State, tuple[DatasetRead, ...]]:
    """What data and models held when they were last looked at; the records and the card are here, so they are read now."""
    here = {name: held.fingerprint() for name, held in by_kind(records_of(application)).items()}
    here[DECLARED] = Declared().fingerprint()
    fingerprints: dict[str, Fingerprint] = {}
    models: dict[str, Fingerprint] = {}
    unreadable: dict[str, Text] = {}
    datasets = []
    for seen in application.sources_seen.order_by("name"):
        if seen.fingerprint is None:
            unreadable[seen.name] = seen.unreadable
            continue
        fingerprint = _FINGERPRINT.validate_python(seen.fingerprint)
        if seen.kind == "model":
            models[seen.name] = fingerprint
            continue
        fingerprints[seen.name] = fingerprint
        if seen.name in card.datasets:
            datasets.append(DatasetRead(name=seen.name, fingerprint=fingerprint, columns=seen.columns, notes=()))
    return State(fingerprints=fingerprints | here, models=models, unreadable=unreadable), tuple(datasets)


def _history(application: Application, card: Card, at: datetime) -> History:
    opened = {
        Phase(d.after): timezone.localdate(d.at) for d in application.decisions.filter(outcome=GateOutcome.OPENED)
    }
    confirmation = application.confirmations.last()
    ledger = LedgerSeen.objects.filter(organisation=application.organisation).first()
    return History(
        opened=opened,
        confirmed=confirmation.facts_digest if confirmation else None,
        ledger=REPORT.validate_python(ledger.report) if ledger else None,
        checkpoint=ledger.checkpoint if ledger else None,
        overdue=tuple(_overdue(application, card, at)),
    )


def _overdue(application: Application, card: Card, at: datetime) -> Iterator[OverdueReport]:
    """What should have been reported about the incidents that are still open, by that moment."""
    for incident in application.incidents.filter(closed_at=None, noticed_at__lte=at).prefetch_related("reports"):
        for counted in terms_of(incident, card.facts, at=at):
            if counted.state == "overdue" and counted.term.by is not None:
                noticed = timezone.localdate(incident.noticed_at)
                yield OverdueReport(title=counted.term.title, noticed=noticed, due=timezone.localdate(counted.term.by))
