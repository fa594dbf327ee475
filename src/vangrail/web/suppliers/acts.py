"""What people do around questions to a supplier. A supplier's word is a statement: it counts once a person here takes it over."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vangrail.cards.adopting import put
from vangrail.cards.folder import digest
from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import AnswerValue, LeafKind, RecordKind, Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import AnswerGiven, Application, CardVersion
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import day, said
from vangrail.web.organisations.models import Person
from vangrail.web.registering.acts import checked
from vangrail.web.suppliers.asking import Question
from vangrail.web.suppliers.models import Enclosure, Questionnaire, Reply, Statement
from vangrail.web.talking import files
from vangrail.web.talking.models import Document

MOST_OWN = 10
"""Questions of one's own in one list."""
MOST_ENCLOSURES = 20
"""Documents with one list of questions."""
LONGEST_TERM_DAYS = 184
"""A link that works for longer is forgotten about."""


class SavedMeanwhile(VangrailError):
    """Somebody else at the supplier saved while this was typed."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was filled in for one question; nothing at all takes an earlier answer away."""

    value: Any = None
    unknown: bool = False

    def __bool__(self) -> bool:
        return self.unknown or self.value not in (None, "", [], {})


# --- here: asking ----------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    *,
    application: Application,
    supplier: str,
    keys: Collection[str],
    own: Sequence[str] = (),
    note: str = "",
    due: date,
    by: Person,
) -> tuple[Questionnaire, str]:
    """Ask a supplier; returns the secret part of the link as well, which is shown now and never again."""
    _require_term(due)
    if not keys and not own:
        raise VangrailError(
            both(nl="Je vraagt nog niets.", en="You do not ask anything yet."),
            do=both(nl="Kruis minstens één vraag aan.", en="Tick at least one question."),
        )
    if len(own) > MOST_OWN:
        raise VangrailError(
            both(nl=f"Hoogstens {MOST_OWN} eigen vragen.", en=f"At most {MOST_OWN} questions of your own."),
            do=both(nl="Kies de belangrijkste.", en="Choose the ones that matter most."),
        )
    token = secrets.token_urlsafe(32)
    made = Questionnaire.objects.create(
        application=application,
        supplier=supplier.strip(),
        asked=sorted(keys),
        own=list(own),
        note=note.strip(),
        by=by,
        made_at=timezone.now(),
        due=due,
        digest=digest_of(token),
    )
    _tell(made, "asked", {"questions": len(made.questions), "due": due.isoformat()}, by=by, supplier=made.supplier)
    return made, token


@transaction.atomic
def renew_link(*, questionnaire: Questionnaire, by: Person) -> str:
    """A new link; the one before no longer works."""
    held = _here(questionnaire)
    token = secrets.token_urlsafe(32)
    held.digest = digest_of(token)
    held.save(update_fields=["digest"])
    _tell(held, "link_renewed", {}, by=by)
    return token


@transaction.atomic
def give_time(*, questionnaire: Questionnaire, due: date, by: Person) -> None:
    """Another last day."""
    held = _here(questionnaire)
    _require_term(due)
    held.due = due
    held.save(update_fields=["due"])
    _tell(held, "term_changed", {"due": due.isoformat()}, by=by)


@transaction.atomic
def withdraw(*, questionnaire: Questionnaire, by: Person) -> None:
    """Ask it no longer: the link ends at once. What was answered stays here."""
    held = _here(questionnaire)
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    _tell(held, "withdrawn", {}, by=by)


@transaction.atomic
def ask_again(
    *, questionnaire: Questionnaire, keys: Collection[str], remark: str, due: date, by: Person
) -> Questionnaire:
    """Some answers do not do: the supplier can answer once more, by the same link. VangrailError when nothing is named."""
    held = _here(questionnaire)
    _require_term(due)
    open_keys = held.questions.keys() - _taken(held)
    wanted = set(keys) & open_keys
    if not wanted:
        raise VangrailError(
            both(nl="Je koos nog geen antwoord.", en="You have not chosen an answer yet."),
            why=both(
                nl="Wat je al overnam, kun je niet opnieuw vragen.", en="What you took over cannot be asked again."
            ),
            do=both(nl="Kruis aan wat je opnieuw wilt vragen.", en="Tick what you want to ask again."),
        )
    if not remark.strip():
        raise VangrailError(
            both(nl="Je zegt nog niet wat er ontbreekt.", en="You do not say yet what is lacking."),
            do=both(
                nl="Schrijf wat je nog wilt weten: de leverancier ziet dat bij de vraag.",
                en="Write what you still want to know: the supplier sees it at the question.",
            ),
        )
    for key in wanted:
        Reply.objects.update_or_create(questionnaire=held, key=key, defaults={"again": remark.strip()})
    held.sent_at, held.due = None, due
    held.round = F("round") + 1
    held.save(update_fields=["sent_at", "due", "round"])
    held.refresh_from_db()
    _tell(held, "asked_again", {"questions": sorted(wanted), "due": due.isoformat()}, by=by, remark=remark)
    return held


# --- the supplier ----------------------------------------------------------------------------------------------------
def questionnaire_of(token: str) -> Questionnaire | None:
    """The questionnaire of a link, whether or not it still works; nothing for a link that never was ours."""
    return (
        Questionnaire.objects.filter(digest=digest_of(token)).select_related("application__organisation", "by").first()
    )


@transaction.atomic
def save(*, questionnaire: Questionnaire, seen: int, replies: Mapping[str, Said]) -> Questionnaire:
    """Save what was filled in. SavedMeanwhile when somebody else saved after the round that was seen.

    A question that was not asked, or of which the answer was taken over, is left as it is.
    """
    held = _of_supplier(questionnaire)
    if held.round != seen:
        raise SavedMeanwhile(
            both(
                nl="Iemand anders bewaarde deze vragenlijst terwijl je typte.",
                en="Somebody else saved these questions while you were typing.",
            ),
            why=both(
                nl="Wat je typte, staat hieronder nog. Het is niet bewaard, zodat er niets van een ander verdwijnt.",
                en="What you typed is still below. It is not saved, so that nothing of another disappears.",
            ),
            do=both(nl="Kijk na wat er verschilt, en bewaar opnieuw.", en="See what differs, and save once more."),
        )
    open_keys = held.questions.keys() - _taken(held)
    for key, given in replies.items():
        if key not in open_keys:
            continue
        defaults = {"value": given.value, "unknown": given.unknown}
        if given or held.replies.filter(key=key).exists():
            Reply.objects.update_or_create(questionnaire=held, key=key, defaults=defaults)
    held.round, held.saved_at = held.round + 1, timezone.now()
    held.save(update_fields=["round", "saved_at"])
    return held


@transaction.atomic
def enclose(*, questionnaire: Questionnaire, key: str, file: "UploadedFile[bytes]") -> Enclosure:
    """Add a document. VangrailError when it is empty, too large, no kind that is taken, or one too many."""
    held = _of_supplier(questionnaire)
    if held.enclosures.count() >= MOST_ENCLOSURES:
        raise VangrailError(
            both(nl=f"Er staan al {MOST_ENCLOSURES} documenten.", en=f"There are {MOST_ENCLOSURES} documents already."),
            do=both(nl="Neem er een weg, of voeg er samen.", en="Remove one, or put some together."),
        )
    kept = files.keep(held.application, file)
    return Enclosure.objects.create(
        questionnaire=held,
        key=key if key in held.questions else "",
        at=timezone.now(),
        name=files.called(file.name or "", files.KINDS[kept.kind].extension),
        kind=kept.kind,
        size=kept.size,
        sha256=kept.sha256,
    )


@transaction.atomic
def take_back(*, enclosure: Enclosure) -> None:
    """The supplier removes a document, as long as it was not sent in."""
    held = _of_supplier(enclosure.questionnaire)
    sent = {e["sha256"] for s in held.statements.all() for e in s.content["documents"]}
    if enclosure.sha256 in sent:
        raise VangrailError(
            both(nl="Dit document is al verstuurd.", en="This document was sent in already."),
            do=both(
                nl="Zeg bij de vraag waarom het niet meer klopt.", en="Say at the question why it no longer holds."
            ),
        )
    enclosure.delete()
    others = Enclosure.objects.filter(questionnaire__application=held.application)
    kept = Document.objects.filter(application=held.application, removed_at=None)
    if not any(found.filter(sha256=enclosure.sha256).exists() for found in (others, kept)):
        place = files.place_of(held.application, enclosure.sha256)
        transaction.on_commit(lambda: place.unlink(missing_ok=True))


@transaction.atomic
def send(*, questionnaire: Questionnaire, name: str, function: str) -> Statement:
    """Send everything in, by name. VangrailError while nothing was answered."""
    held = _of_supplier(questionnaire)
    replies = {r.key: r for r in held.replies.all() if _answers(r)}
    if not replies:
        raise VangrailError(
            both(nl="Je hebt nog niets ingevuld.", en="You have not filled in anything yet."),
            do=both(
                nl="Antwoord op minstens één vraag; 'ik weet het niet' is ook een antwoord.",
                en="Answer at least one question; 'I do not know' is an answer too.",
            ),
        )
    now = timezone.now()
    content = {
        "replies": {key: {"value": r.value, "unknown": r.unknown} for key, r in sorted(replies.items())},
        "documents": [{"name": e.name, "sha256": e.sha256, "question": e.key} for e in held.enclosures.all()],
    }
    made = Statement.objects.create(
        questionnaire=held,
        at=now,
        answered_by=name.strip(),
        answered_as=function.strip(),
        content=content,
        digest=digest(content),
    )
    held.answered_by, held.answered_as, held.sent_at = made.answered_by, made.answered_as, now
    held.save(update_fields=["answered_by", "answered_as", "sent_at"])
    held.replies.exclude(again="").update(again="")
    unknown = sum(r.unknown for r in replies.values())
    body = {"answered": len(replies) - unknown, "unknown": unknown, "documents": len(content["documents"])}
    _tell(held, "answered", body, name=made.answered_by, function=made.answered_as, content=made.digest)
    return made


# --- here: taking over -----------------------------------------------------------------------------------------------
@transaction.atomic
def take_over(*, questionnaire: Questionnaire, keys: Collection[str], by: Person) -> CardVersion | None:
    """Accept these answers: what the card can hold goes on it, as one version that says whose word it is.

    Returns the version; none when only answers to questions of one's own were accepted. VangrailError when nothing was
    chosen, when the card refuses an answer, or for a requirement: that one is answered with reasons, by `answer`.
    """
    held = _sent(questionnaire)
    questions = held.questions
    replies = [r for r in held.replies.filter(key__in=keys, taken_at=None) if _can_be_taken(r, questions)]
    if not replies:
        raise VangrailError(
            both(nl="Je koos nog geen antwoord.", en="You have not chosen an answer yet."),
            do=both(nl="Kruis aan wat je overneemt.", en="Tick what you take over."),
        )
    version, on_card = None, [r for r in replies if questions[r.key].is_on_card]
    if on_card:
        before = held.application.version
        content = dict(before.content)
        for reply in on_card:
            put(content, reply.key, with_reply(content, questions[reply.key], reply.value))
        names = ", ".join(said(questions[r.key].field.label).rstrip("?") for r in on_card)
        note = pick(
            nl=f"Volgens {held.supplier}, overgenomen door {by.name}: {names}",
            en=f"According to {held.supplier}, taken over by {by.name}: {names}",
        )
        version = applications.declare(
            application=held.application, card=checked(content), by=by, note=note[:500], after=before.number
        )
    Reply.objects.filter(pk__in=[r.pk for r in replies]).update(taken_by=by, taken_at=timezone.now())
    _tell(held, "taken_over", {"questions": sorted(r.key for r in replies)}, by=by)
    return version


def with_reply(card: Mapping[str, Any], question: Question, value: Any) -> Any:
    """What would stand on the card: the answer; in a list beside what is there, one with the same name replaced field by field."""
    if question.items is None:
        return value
    name = question.items.fields[0].name
    held = [dict(item) for item in card.get(question.key) or []]
    there = {str(item.get(name)): item for item in held}
    for item in value or []:
        if item.get(name) in there:
            there[item[name]].update(item)
        else:
            held.append(dict(item))
    return held


@transaction.atomic
def answer(
    *, questionnaire: Questionnaire, key: str, value: AnswerValue, because: str, role: Role | None, by: Person
) -> AnswerGiven:
    """Take an answer about a requirement over: a person here says what they make of it, and why. The supplier's words and
    documents go with it."""
    held = _sent(questionnaire)
    question = held.questions.get(key)
    reply = held.replies.filter(key=key, taken_at=None).first()
    if question is None or question.requirement is None or reply is None or not _can_be_answered(reply):
        raise VangrailError(both(nl="Dit antwoord is al overgenomen.", en="This answer was taken over already."))
    applications.require_reasons(because)
    sent = day(held.sent_at)
    words = pick(
        nl=f"Volgens de leverancier {held.supplier} ({sent}): {reply.value}",
        en=f"According to the supplier {held.supplier} ({sent}): {reply.value}",
    )
    documents = [
        Document.objects.create(
            application=held.application,
            requirement=key,
            by=by,
            at=timezone.now(),
            name=e.name,
            kind=e.kind,
            size=e.size,
            sha256=e.sha256,
        ).reference
        for e in held.enclosures.filter(key=key)
    ]
    given = applications.answer(
        application=held.application,
        requirement=key,
        value=value,
        because=f"{because.strip()}\n\n{words}",
        by=by,
        role=role,
        documents=documents,
    )
    Reply.objects.filter(pk=reply.pk).update(taken_by=by, taken_at=timezone.now())
    _tell(held, "taken_over", {"questions": [key]}, by=by)
    return given


@transaction.atomic
def close(*, questionnaire: Questionnaire, outcome: str, by: Person) -> None:
    """Everything was looked at: the link ends, and that a supplier answered is recorded (lit-6)."""
    held = _sent(questionnaire)
    applications.require_reasons(outcome)
    replies = list(held.replies.all())
    unknown, taken = sum(r.unknown for r in replies), sum(r.is_taken for r in replies)
    answered = sum(_answers(r) for r in replies) - unknown
    what = pick(
        nl=f"Vragenlijst aan {held.supplier}: {len(held.questions)} vragen, {answered} beantwoord, {unknown} keer 'ik weet "
        f"het niet', {taken} overgenomen.",
        en=f"Questions to {held.supplier}: {len(held.questions)} asked, {answered} answered, {unknown} times 'I do not "
        f"know', {taken} taken over.",
    )
    documents = tuple(f"{e.name} (sha256 {e.sha256})" for e in held.enclosures.all())
    record = Record(
        kind=RecordKind.SUPPLIER_QUESTIONNAIRE,
        on=timezone.localdate(),
        what=what,
        by=by.name,
        outcome=outcome.strip(),
        documents=documents,
        requirement="lit-6",
    )
    applications.keep_record(application=held.application, record=record, by=by)
    held.closed_at, held.closed_by = timezone.now(), by
    held.save(update_fields=["closed_at", "closed_by"])


# --- what all of them need -------------------------------------------------------------------------------------------
def digest_of(token: str) -> str:
    """What is kept of the secret in a link: without the secret of the installation it cannot be made."""
    key = b"vangrail suppliers " + settings.SECRET_KEY.encode()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()


def _answers(reply: Reply) -> bool:
    """Whether it says anything; a question that is only asked again has no answer yet."""
    return bool(Said(value=reply.value, unknown=reply.unknown))


def _can_be_taken(reply: Reply, questions: Mapping[str, Question]) -> bool:
    question = questions.get(reply.key)
    return question is not None and question.requirement is None and _can_be_answered(reply)


def _can_be_answered(reply: Reply) -> bool:
    """'I do not know' says something as well, but there is nothing in it to take over."""
    return _answers(reply) and not reply.unknown


def _taken(held: Questionnaire) -> set[str]:
    return set(held.replies.exclude(taken_at=None).values_list("key", flat=True))


def _held(questionnaire: Questionnaire) -> Questionnaire:
    """The row, held until the end of this transaction."""
    found = Questionnaire.objects.select_for_update().select_related("application__organisation")
    return found.get(pk=questionnaire.pk)


def _here(questionnaire: Questionnaire) -> Questionnaire:
    held = _held(questionnaire)
    if held.is_over:
        raise VangrailError(
            both(nl="Deze vragenlijst is afgesloten of ingetrokken.", en="These questions were closed or withdrawn."),
            do=both(nl="Maak een nieuwe vragenlijst.", en="Make a new list of questions."),
        )
    return held


def _sent(questionnaire: Questionnaire) -> Questionnaire:
    held = _here(questionnaire)
    if held.sent_at is None:
        raise VangrailError(
            both(nl="De leverancier heeft nog niets verstuurd.", en="The supplier has not sent anything in yet."),
            why=both(
                nl="Zolang hij niet verstuurt, kan hij zijn antwoord nog wijzigen.",
                en="Until they send it in, they can still change their answer.",
            ),
        )
    return held


def _of_supplier(questionnaire: Questionnaire) -> Questionnaire:
    held = _held(questionnaire)
    if not held.link_works(timezone.localdate()) or held.sent_at is not None:
        raise VangrailError(
            both(nl="Je kunt hier niets meer wijzigen.", en="Nothing can be changed here any more."),
            why=both(
                nl="De antwoorden zijn verstuurd, of de termijn is voorbij.",
                en="The answers were sent in, or the term is over.",
            ),
            do=both(nl="Vraag het aan wie je de link gaf.", en="Ask whoever gave you the link."),
        )
    return held


def _require_term(due: date) -> None:
    days = (due - timezone.localdate()).days
    if not 0 <= days <= LONGEST_TERM_DAYS:
        raise VangrailError(
            both(
                nl=f"De laatste dag ligt tussen vandaag en {LONGEST_TERM_DAYS} dagen verder.",
                en=f"The last day lies between today and {LONGEST_TERM_DAYS} days from now.",
            ),
            do=both(nl="Kies een andere dag.", en="Choose another day."),
        )


def _tell(
    held: Questionnaire, event: str, body: Mapping[str, Any], *, by: Person | None = None, **private: str
) -> None:
    """What happened goes to the ledger; who, and what they said, only beside it."""
    names = {"by": by.name} if by is not None else {}
    known = {"questionnaire": held.pk, "event": event}
    applications.tell(held.application, LeafKind.SUPPLIER, known | dict(body), names | private)
