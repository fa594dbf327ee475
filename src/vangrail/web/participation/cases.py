"""What people do with a question, an objection or a complaint. Each act is one transaction, with its entry for the ledger.

An objection is never closed by whoever handled it: another person looks again and can come to another result (GDPR art.
22(3)). While it is open it is a record of the application without an answer, so that the core re-opens the requirement it
is about; once closed it is kept as a record with its answer.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vangrail import knowledge
from vangrail.assessment import objections
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import CaseKind, CaseResult, CaseState, LeafKind, MemberRole, Role
from vangrail.web.applications import acts
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.models import Application
from vangrail.web.look.language import current, pick
from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Membership, Person
from vangrail.web.organisations.rights import Act, may
from vangrail.web.participation import guarding, letters
from vangrail.web.participation.models import Case, CaseNote
from vangrail.web.participation.topics import TOPICS

ADDRESS_KEPT = timedelta(days=30)
"""How long after closing an e-mail address is kept: long enough for a letter that came back."""
MOST_NOTES = 20
"""How often the person outside can add something to one case."""

CHOICES: Mapping[CaseKind, tuple[CaseResult, ...]] = {
    CaseKind.QUESTION: (CaseResult.ANSWERED, CaseResult.SET_ASIDE),
    CaseKind.COMPLAINT: (CaseResult.UPHELD, CaseResult.PARTLY_UPHELD, CaseResult.REJECTED, CaseResult.SET_ASIDE),
    CaseKind.OBJECTION: (CaseResult.UPHELD, CaseResult.PARTLY_UPHELD, CaseResult.REJECTED, CaseResult.SET_ASIDE),
}
"""What can come of each kind."""
RIGHT = (CaseResult.UPHELD, CaseResult.PARTLY_UPHELD)


@transaction.atomic
def ask(
    *,
    application: Application,
    kind: CaseKind,
    topic: str,
    text: str,
    email: str,
    drawn: str,
    at: datetime | None = None,
) -> tuple[Case, str]:
    """Somebody outside asks, objects or complains; returns the case and the code to follow it.

    drawn   what the form's stamp holds; the same form sent twice is one case, and gives the same code
    """
    code = guarding.code_from(drawn)
    digest = guarding.digest_of_code(code)
    there = Case.objects.filter(code_digest=digest).first()
    if there is not None:
        if (there.application_id, there.kind, there.topic, there.text) == (application.pk, kind, topic, text):
            return there, code
        raise VangrailError(
            both(nl="Met dit formulier is al een bericht verstuurd.", en="A message was sent with this form already."),
            do=both(nl="Kijk je tekst na, en verstuur nog eens.", en="Check your text, and send it again."),
        )
    card, now = card_of(application), at or timezone.now()
    case = Case.objects.create(
        application=application,
        kind=kind.value,
        topic=topic,
        requirement=TOPICS[topic].requirement,
        text=text,
        language=current().value,
        came_at=now,
        due=objections.due(card, timezone.localdate(now)),
        promised=card.contact.term_days is not None,
        code_digest=digest,
        email=secrets.sealed(email) if email else None,
        owner=owner_for(application),
    )
    _tell(case, "opened")
    letters.to_owner(case)
    return case, code


def is_used(stamp: str) -> bool:
    """Whether a case was made already with a form that has this stamp."""
    drawn = guarding.drawn_in(stamp)
    return drawn is not None and Case.objects.filter(code_digest=_digest(drawn)).exists()


def _digest(drawn: str) -> str:
    return guarding.digest_of_code(guarding.code_from(drawn))


def owner_for(application: Application) -> Person | None:
    """Who gets a new case: the person whom the card names as owner, else another owner, else whoever may handle cases."""
    named = card_of(application).people.get(Role.APPLICATION_OWNER)
    handlers = handlers_of(application)
    for person, _ in handlers:
        if named is not None and person.name.casefold() == named.name.casefold():
            return person
    owners = [person for person, roles in handlers if MemberRole.APPLICATION_OWNER in roles]
    return next(iter(owners or [person for person, _ in handlers]), None)


def handlers_of(application: Application) -> list[tuple[Person, frozenset[MemberRole]]]:
    """Everybody who may handle cases of this organisation, with their roles, by name."""
    members = Membership.objects.filter(organisation=application.organisation, person__is_active=True)
    found = [(m.person, m.held) for m in members.select_related("person").order_by("person__name")]
    return [(person, roles) for person, roles in found if may(roles, Act.HANDLE_CASES)]


@transaction.atomic
def assign(*, case: Case, to: Person, by: Person) -> None:
    """Somebody gets the case to handle."""
    case = _open(case)
    if to not in [person for person, _ in handlers_of(case.application)]:
        raise VangrailError(
            both(nl=f"{to.name} mag geen vragen behandelen.", en=f"{to.name} may not handle questions.")
        )
    case.owner = to
    case.save(update_fields=["owner"])
    _note(case, by=by, shared=False, text=pick(nl=f"Toegewezen aan {to.name}.", en=f"Assigned to {to.name}."))
    if to != by:
        letters.to_owner(case)


@transaction.atomic
def place(*, case: Case, requirement: str, because: str, by: Person) -> None:
    """Say which requirement the case touches, with a reason: the choice on the form is in plain words, and can be off."""
    case = _open(case)
    _require(because)
    if requirement not in {r.id for r in knowledge.framework().requirements}:
        raise VangrailError(both(nl="Die eis is er niet.", en="There is no such requirement."))
    before, case.requirement = case.requirement, requirement
    case.save(update_fields=["requirement"])
    _note(case, by=by, shared=False, text=f"{before or '–'} → {requirement}: {because}")
    _tell(case, "placed", private={"by": by.name})


@transaction.atomic
def note(*, case: Case, text: str, by: Person) -> CaseNote:
    """Something for colleagues only. Also after closing."""
    return _note(case, by=by, shared=False, text=text)


@transaction.atomic
def ask_back(*, case: Case, text: str, by: Person) -> CaseNote:
    """Ask the person outside for more, or tell them how far it is."""
    written = _note(_open(case), by=by, shared=True, text=text)
    letters.to_citizen(case)
    return written


@transaction.atomic
def add(*, case: Case, text: str) -> CaseNote:
    """The person outside adds something. They are known by their code."""
    case = _open(case)
    if case.notes.filter(by=None).count() >= MOST_NOTES:
        raise VangrailError(
            both(nl="Je hebt al vaak iets toegevoegd.", en="You have added something many times already."),
            do=both(nl="Wacht op het antwoord, of neem contact op.", en="Wait for the answer, or contact us."),
        )
    return _note(case, by=None, shared=True, text=text)


@transaction.atomic
def withdraw(*, case: Case) -> None:
    """The person outside gives it up. They are known by their code."""
    _close(_open(case), result=CaseResult.WITHDRAWN, answer="", changes="", by=None)


@transaction.atomic
def answer(*, case: Case, result: CaseResult, text: str, changes: str, by: Person) -> Case:
    """Answer in plain words. For an objection it is a proposal: another person looks again, and decides."""
    case = _open(case)
    _check(case, result=result, text=text, changes=changes)
    if not case.is_objection:
        return _close(case, result=result, answer=text, changes=changes, by=by)
    if case.proposed_by_id is not None:
        # A second proposal would hide who made the first, and so who may not review it.
        raise VangrailError(
            both(nl="Er ligt al een voorstel van antwoord.", en="An answer was proposed already."),
            do=both(nl="Schrijf een notitie voor wie het herbekijkt.", en="Write a note for whoever reviews it."),
        )
    case.proposed_result, case.proposed_answer = result.value, text
    case.changes = changes
    case.proposed_by, case.proposed_at = by, timezone.now()
    case.state = CaseState.UNDER_REVIEW.value
    case.save()
    letters.to_reviewers(case)
    return case


@transaction.atomic
def review(*, case: Case, result: CaseResult, text: str, changes: str, because: str, by: Person) -> Case:
    """Another person looks again at an objection, and decides. They can come to another result than was proposed."""
    case = _open(case)
    if not case.is_objection:
        raise VangrailError(both(nl="Dit is geen bezwaar.", en="This is no objection."))
    if by.pk in handled_by(case):
        raise VangrailError(
            both(nl="Jij hebt dit bezwaar zelf behandeld.", en="You handled this objection yourself."),
            why=both(
                nl="Wie opnieuw kijkt, is een ander dan wie het behandelde.",
                en="Whoever looks again is another person than who handled it.",
            ),
            do=both(nl="Laat een collega herbekijken.", en="Let a colleague review it."),
        )
    _require(because)
    _check(case, result=result, text=text, changes=changes)
    _note(case, by=by, shared=False, text=because)
    return _close(case, result=result, answer=text, changes=changes, by=by)


def handled_by(case: Case) -> set[int]:
    """Who has handled it, so who may not review it: its owner, who proposed the answer, who wrote to the person outside."""
    wrote = case.notes.filter(shared=True).exclude(by=None).values_list("by", flat=True)
    return {pk for pk in (case.owner_id, case.proposed_by_id, *wrote) if pk is not None}


@transaction.atomic
def publish(*, case: Case, question: str, answer_: str, by: Person) -> None:
    """Put a question and its answer on the public page, written anew so that nobody can be recognised."""
    if case.kind != CaseKind.QUESTION or case.result != CaseResult.ANSWERED:
        raise VangrailError(
            both(
                nl="Alleen een vraag met een antwoord kan openbaar worden.",
                en="Only a question with an answer can be made public.",
            )
        )
    guarding.refuse_personal_data(question)
    guarding.refuse_personal_data(answer_, kinds=guarding.NEVER)
    case.public_question, case.public_answer = question, answer_
    case.published_by, case.published_at = by, timezone.now()
    case.save(update_fields=["public_question", "public_answer", "published_by", "published_at"])


@transaction.atomic
def unpublish(*, case: Case, by: Person) -> None:
    """Take it off the public page."""
    case.published_by, case.published_at = by, None
    case.save(update_fields=["published_by", "published_at"])


def forget_addresses(now: datetime) -> int:
    """Delete the e-mail addresses of cases that were closed some time ago; returns how many."""
    return Case.objects.filter(closed_at__lt=now - ADDRESS_KEPT).exclude(email=None).update(email=None)


def _check(case: Case, *, result: CaseResult, text: str, changes: str) -> None:
    if result not in CHOICES[CaseKind(case.kind)]:
        raise VangrailError(both(nl="Dit resultaat kan hier niet.", en="This result is not possible here."))
    _require(text)
    if result in RIGHT and len(changes.split()) < acts.LEAST_WORDS:
        raise VangrailError(
            both(nl="Schrijf wat er nu verandert.", en="Say what changes now."),
            why=both(
                nl="Wie gelijk krijgt, moet weten wat daarvan komt.",
                en="Whoever is right must know what comes of it.",
            ),
        )


def _require(text: str) -> None:
    if len(text.split()) < acts.LEAST_WORDS:
        raise VangrailError(
            both(nl="Dit is te kort.", en="This is too short."),
            do=both(nl="Schrijf minstens één zin.", en="Write at least one sentence."),
        )


def _open(case: Case) -> Case:
    """The case as it is now, held while it is changed. VangrailError when it was closed meanwhile."""
    held = Case.objects.select_for_update().select_related("application__organisation").get(pk=case.pk)
    if not held.is_open:
        raise VangrailError(
            both(nl="Dit is intussen afgesloten.", en="This was closed in the meantime."),
            do=both(nl="Bekijk het antwoord.", en="See the answer."),
        )
    return held


def _note(case: Case, *, by: Person | None, shared: bool, text: str) -> CaseNote:
    return CaseNote.objects.create(case=case, at=timezone.now(), by=by, shared=shared, text=text)


def _close(case: Case, *, result: CaseResult, answer: str, changes: str, by: Person | None) -> Case:
    case.state, case.result = CaseState.CLOSED.value, result.value
    case.answer, case.changes = answer, changes if result in RIGHT else ""
    case.closed_by, case.closed_at = by, timezone.now()
    case.save()
    if case.is_objection and result is not CaseResult.SET_ASIDE:
        acts.keep_record(application=case.application, record=case.as_record(), by=by)
    body: dict[str, object] = {"result": result.value, "overturned": case.overturned}
    _tell(case, "closed", body=body, private={"by": by.name, "answer": answer, "changes": case.changes} if by else None)
    if by is not None:
        letters.to_citizen(case)
    return case


def _tell(
    case: Case, event: str, *, body: dict[str, object] | None = None, private: dict[str, str] | None = None
) -> None:
    """An objection goes to the ledger: that it came, about which requirement and by when it is answered. No word of it."""
    if not case.is_objection:
        return
    known = {
        "case": case.pk,
        "event": event,
        "requirement": case.requirement,
        "came": timezone.localdate(case.came_at).isoformat(),
        "due": case.due.isoformat(),
    }
    acts.tell(case.application, LeafKind.OBJECTION, known | (body or {}), private)
