"""What people do with an application. Each act is one transaction: what it writes, and its entry for the ledger."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from vangrail import law
from vangrail.assessment import assembling, boards, storing
from vangrail.cards.folder import digest
from vangrail.cards.mistakes import mistakes
from vangrail.law.as_json import classification_to_json
from vangrail.model.board import Assessment
from vangrail.model.card import Answer, Card, Record
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence
from vangrail.model.framework import both
from vangrail.model.vocabulary import AnswerValue, GateOutcome, Language, LeafKind, RecordKind, Role
from vangrail.web.after_commit import once_after_commit
from vangrail.web.applications import assessing
from vangrail.web.applications.ledgers import deliver
from vangrail.web.applications.models import (
    AnswerGiven,
    Application,
    CardVersion,
    Confirmation,
    Decision,
    EvidenceTaken,
    Outbox,
    RecordKept,
)
from vangrail.web.applications.places import require_inside
from vangrail.web.organisations.models import Organisation, Person

LEAST_WORDS = 3
"""An answer or a decision with fewer words gives no reasons."""


@transaction.atomic
def register(*, organisation: Organisation, card: Card, by: Person, note: str = "") -> Application:
    """A new application, with the first version of its card. VangrailError when its short name is taken."""
    if Application.objects.of(organisation).filter(slug=card.id).exists():
        raise VangrailError(
            both(
                nl=f"{organisation.name} heeft al een toepassing '{card.id}'.",
                en=f"{organisation.name} already has an application '{card.id}'.",
            ),
            why=both(
                nl="De korte naam is een deel van haar adres en verandert nooit.",
                en="The short name is part of its address and never changes.",
            ),
            do=both(
                nl="Kies een andere korte naam, of open de toepassing die er al is.",
                en="Choose another short name, or open the application that is there.",
            ),
        )
    application = Application(organisation=organisation, slug=card.id)
    application.save()
    _write_version(application, card, by=by, number=1, note=note)
    return application


@transaction.atomic
def declare(
    *, application: Application, card: Card, by: Person, note: str = "", after: int | None = None
) -> CardVersion:
    """A new version of the card.

    after   the number of the version that was changed; VangrailError when somebody saved another one meanwhile
    """
    last = application.version
    if card.id != application.slug:
        raise VangrailError(
            both(
                nl="De korte naam van een toepassing verandert nooit.",
                en="The short name of an application never changes.",
            ),
            do=both(nl=f"Laat ze op '{application.slug}'.", en=f"Leave it at '{application.slug}'."),
        )
    if after is not None and after != last.number:
        raise VangrailError(
            both(
                nl=f"Iemand bewaarde versie {last.number} van deze kaart terwijl jij aan versie {after} werkte.",
                en=f"Somebody saved version {last.number} of this card while you were working on version {after}.",
            ),
            why=both(
                nl="Als je nu bewaart, verdwijnt wat die persoon schreef.",
                en="Saving now would undo what they wrote.",
            ),
            do=both(
                nl="Kijk wat er veranderd is, en zet je wijzigingen op de nieuwste versie.",
                en="Look at what changed, and add your changes to the newest version.",
            ),
        )
    if digest(_plain(card)) == last.digest:
        return last
    return _write_version(application, card, by=by, number=last.number + 1, note=note)


def _write_version(application: Application, card: Card, *, by: Person, number: int, note: str) -> CardVersion:
    require_inside(card)
    try:
        law.parse_facts(card.facts)
    except law.FactsRefused as error:  # without facts that hold together no board can be made of this card
        raise VangrailError(error.what, why=error.why, do=error.do) from error
    content = _plain(card)
    version = CardVersion(
        application=application,
        by=by,
        at=timezone.now(),
        number=number,
        content=content,
        digest=digest(content),
        note=note,
    )
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise VangrailError(
            both(
                nl="Iemand bewaarde deze kaart op hetzelfde moment.", en="Somebody saved this card at the same moment."
            ),
            do=both(nl="Open ze opnieuw en probeer het nog eens.", en="Open it again and retry."),
        ) from error
    # A card names people, so even its digest belongs in the private part: it could be guessed.
    tell(
        application, LeafKind.CARD_DECLARED, {"phase": card.phase.value, "version": number}, {"digest": version.digest}
    )
    return version


@transaction.atomic
def answer(
    *,
    application: Application,
    requirement: str,
    value: AnswerValue,
    because: str,
    by: Person,
    role: Role | None,
    documents: Sequence[str] = (),
    on: date | None = None,
) -> AnswerGiven:
    """A named person answers a requirement with reasons. VangrailError without reasons: a tick proves nothing."""
    require_reasons(because)
    given = Answer(
        requirement=requirement,
        answer=value.value,
        because=because,
        by=by.name,
        role=role,
        on=on or timezone.localdate(),
        documents=tuple(documents),
    )
    content = given.model_dump(mode="json", exclude_defaults=True)
    written = AnswerGiven(application=application, by=by, at=timezone.now(), requirement=requirement, content=content)
    written.save()
    body = {"requirement": requirement, "answer": value.value, "on": given.on.isoformat()}
    tell(application, LeafKind.ANSWER_GIVEN, body, storing.plain(content))
    return written


@transaction.atomic
def keep_record(*, application: Application, record: Record, by: Person | None) -> RecordKept:
    """Something that happened is written down."""
    content = record.model_dump(mode="json", exclude_defaults=True)
    written = RecordKept(
        application=application, by=by, at=timezone.now(), kind=RecordKind(record.kind).value, content=content
    )
    written.save()
    body = {"record": record.kind.value, "on": record.on.isoformat()}
    tell(application, LeafKind.RECORD_ADDED, body, storing.plain(content))
    return written


@transaction.atomic
def take_evidence(*, application: Application, evidence: Sequence[Evidence], by: Person | None) -> int:
    """Figures that were measured. The same figure on the same data on the same day is written once; returns how many were new."""
    held = {storing.key(storing.to_body(e)): storing.to_body(e) for e in assessing.evidence_of(application)}
    new = 0
    for found in evidence:
        body = storing.to_body(found)
        known = held.get(storing.key(body))
        if known is not None and storing.without_hour(known) == storing.without_hour(body):
            continue
        check, dataset, subject = found.measurement.key
        EvidenceTaken(
            application=application,
            by=by,
            at=found.measured_at,
            check_id=check,
            dataset=dataset,
            subject=subject,
            content=body,
        ).save()
        tell(application, LeafKind.EVIDENCE_MEASURED, body, None)
        new += 1
    once_after_commit(assessing.refresh, application)
    return new


@transaction.atomic
def confirm_classification(*, application: Application, by: Person, role: Role, reasons: str) -> Confirmation:
    """A named person confirms what the law says of the facts on the card."""
    card = assessing.card_of(application)
    boards.require_named(by=by.name, role=role, people=_named(card), reasons=reasons)
    classification = law.classify(law.parse_facts(card.facts), timezone.localdate())
    body: Any = {"facts": assembling.facts_digest(card)}
    written = Confirmation(
        application=application,
        by=by,
        at=timezone.now(),
        facts_digest=body["facts"],
        role=role.value,
        reasons=reasons,
        classification=classification_to_json(classification),
    )
    written.save()
    tell(application, LeafKind.CLASSIFIED, body, {"by": by.name, "role": role.value, "reasons": reasons})
    return written


@transaction.atomic
def decide(*, application: Application, outcome: GateOutcome, by: Person, role: Role, reasons: str) -> Decision:
    """A named, authorised person opens the gate or keeps it shut. The verdicts inform; they never decide."""
    found: Assessment = assessing.assess(application, on=timezone.localdate())
    if found.gate is None:
        phase = found.board.phase
        raise VangrailError(
            both(nl=f"Na de fase '{phase}' komt geen poort.", en=f"There is no gate after the phase '{phase}'.")
        )
    boards.require_may_decide(found.gate.gate, by=by.name, role=role, people=_named(found.card), reasons=reasons)
    verdicts = {line.requirement.id: line.verdict.value for line in found.board.asked}
    after = found.gate.gate.after
    written = Decision(
        application=application,
        by=by,
        at=timezone.now(),
        after=after.value,
        outcome=outcome.value,
        role=role.value,
        reasons=reasons,
        verdicts=verdicts,
    )
    written.save()
    body: Any = {"after": after.value, "outcome": outcome.value, "verdicts": verdicts}
    tell(application, LeafKind.GATE_DECIDED, body, {"by": by.name, "role": role.value, "reasons": reasons})
    if outcome is GateOutcome.OPENED and after.next is not None:
        moved = found.card.model_copy(update={"phase": after.next})
        _write_version(application, moved, by=by, number=application.version.number + 1, note="")
    return written


def parse_card(content: Any) -> Card:
    """A card from what a form or a file held. VangrailError that names every field that is wrong."""
    try:
        return Card.model_validate(content)
    except ValidationError as error:
        found = mistakes(error, form=Card, values=content)
        what = {language: "\n".join(m.sentence(language) for m in found) for language in Language}
        raise VangrailError(what, do=both(nl="Verbeter deze velden.", en="Correct these fields.")) from error


def _named(card: Card) -> dict[Role, str]:
    return {role: person.name for role, person in card.people.items()}


def _plain(card: Card) -> dict[str, Any]:
    return card.model_dump(mode="json", exclude_defaults=True)


def require_reasons(text: str) -> None:
    """VangrailError when there are no reasons: a tick proves nothing."""
    if len(text.split()) < LEAST_WORDS:
        raise VangrailError(
            both(nl="De redenen ontbreken of zijn te kort.", en="The reasons are missing or too short."),
            why=both(
                nl="Zonder redenen kan later niemand dit volgen. Dan telt het niet.",
                en="Without reasons nobody can follow this later, so it does not count.",
            ),
            do=both(nl="Schrijf minstens één zin.", en="Write at least one sentence."),
        )


def tell(application: Application, kind: LeafKind, body: Any, private: Any) -> None:
    """Put it on its way to the ledger, and reach the board anew once this is committed."""
    Outbox.add(application, kind, at=timezone.now(), body=body, private=private)
    once_after_commit(deliver, application.organisation)
    once_after_commit(assessing.refresh, application)
