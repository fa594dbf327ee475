"""What people do in the interview of the law. Answers are kept aside until somebody puts them on the card."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from vangrail import law
from vangrail.law.reading import parse_facts
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Application, CardVersion
from vangrail.web.classifying.models import Answers, AskedColleague
from vangrail.web.look.language import pick
from vangrail.web.organisations.models import Membership, Person


def interview_of(application: Application) -> law.Interview:
    """The interview as it stands: the card with the answers over it; what a colleague was asked is not asked again."""
    answers = Answers.objects.filter(application=application).first()
    facts = _facts(application)
    with_colleague = application.asked_colleagues.filter(closed_at=None).values_list("fact", flat=True)
    return law.Interview(
        facts=answers.over(facts) if answers else facts,
        on=timezone.localdate(),
        skipped=frozenset([*(answers.skipped if answers else []), *with_colleague]),
    )


@transaction.atomic
def answer(*, application: Application, fact: str, value: Any, by: Person) -> Answers:
    """Answer a question. VangrailError (FactsRefused) when the answer cannot be right beside the others."""
    answers = _answers(application, by)
    parse_facts({**answers.over(_facts(application)), fact: value})
    answers.changes[fact] = value
    answers.skipped = [f for f in answers.skipped if f != fact]
    answers.save()
    _close(application, fact, by=by, known=True)
    return answers


@transaction.atomic
def do_not_know(*, application: Application, fact: str, by: Person) -> Answers:
    """Say 'I don't know', or take an answer back. It stays unknown, and unknown is never taken as no."""
    answers = _answers(application, by)
    answers.changes.pop(fact, None)
    if fact in _facts(application):
        answers.changes[fact] = None
    answers.skipped = sorted({*answers.skipped, fact})
    answers.save()
    _close(application, fact, by=by, known=False)
    return answers


@transaction.atomic
def ask_colleague(*, application: Application, fact: str, person: Person, note: str, by: Person) -> AskedColleague:
    """Put a question to a colleague of the same organisation; it waits under their tasks."""
    if not Membership.objects.filter(person=person, organisation=application.organisation).exists():
        raise VangrailError(
            both(nl="Deze persoon werkt niet bij jouw organisatie.", en="This person is not of your organisation.")
        )
    asked, made = AskedColleague.objects.get_or_create(
        application=application, fact=fact, closed_at=None, defaults={"person": person, "asked_by": by, "note": note}
    )
    if not made:
        asked.person, asked.asked_by, asked.note = person, by, note
        asked.save()
    return asked


@transaction.atomic
def answer_asked(*, asked: AskedColleague, value: Any, reply: str, by: Person) -> None:
    """A colleague answers what was asked; `None` is 'I don't know'. VangrailError when somebody answered meanwhile."""
    asked = AskedColleague.objects.select_for_update().get(pk=asked.pk)
    if asked.closed_at is not None:
        raise VangrailError(
            both(nl="Iemand beantwoordde deze vraag al.", en="Somebody answered this question already."),
            do=both(nl="Je hoeft niets meer te doen.", en="There is nothing left for you to do."),
        )
    asked.reply = reply
    asked.save(update_fields=["reply"])
    if value is None:
        do_not_know(application=asked.application, fact=asked.fact, by=by)
    else:
        answer(application=asked.application, fact=asked.fact, value=value, by=by)


@transaction.atomic
def put_on_card(*, application: Application, by: Person, note: str = "") -> CardVersion:
    """The answers become one new version of the card. VangrailError when somebody changed the same facts on it meanwhile."""
    answers = Answers.objects.select_for_update().filter(application=application).first()
    if answers is None:
        raise VangrailError(
            both(nl="Er zijn geen nieuwe antwoorden.", en="There are no new answers."),
            do=both(nl="Beantwoord eerst een vraag.", en="Answer a question first."),
        )
    card, facts = assessing.card_of(application), _facts(application)
    clashing = [f for f in answers.changes if facts.get(f) not in (answers.began_with.get(f), answers.changes[f])]
    if clashing:
        short = [law.questions()[f].short for f in clashing]
        names = {language: ", ".join(s[language] for s in short) for language in Language}
        raise VangrailError(
            both(
                nl=f"Iemand veranderde intussen hetzelfde op de kaart: {names[Language.NL]}.",
                en=f"Somebody changed the same on the card meanwhile: {names[Language.EN]}.",
            ),
            why=both(nl="Nu bewaren zou dat ongedaan maken.", en="Saving now would undo that."),
            do=both(
                nl="Beantwoord die vragen opnieuw, of gooi je antwoorden weg.",
                en="Answer those questions again, or throw your answers away.",
            ),
        )
    new = answers.over(dict(card.facts))
    parse_facts(new)
    changed = applications.parse_card({**card.model_dump(mode="json", exclude_defaults=True), "facts": new})
    version = applications.declare(
        application=application,
        card=changed,
        by=by,
        note=note or pick(nl="Vragen van de wet beantwoord", en="Questions of the law answered"),
    )
    answers.delete()
    return version


@transaction.atomic
def throw_away(*, application: Application, by: Person) -> None:
    """Forget the answers that are not on the card. Whoever asked for it is a member who may classify."""
    Answers.objects.filter(application=application).delete()


def _facts(application: Application) -> dict[str, Any]:
    """The facts of the card as JSON, each written in one way, so that pages and comparisons need to know one."""
    content: Mapping[str, Any] = application.version.content
    return law.plain_facts(content.get("facts", {}))


def _answers(application: Application, by: Person) -> Answers:
    Answers.objects.get_or_create(application=application, defaults={"saved_by": by, "began_with": _facts(application)})
    answers = Answers.objects.select_for_update().get(application=application)
    answers.saved_by = by
    return answers


def _close(application: Application, fact: str, *, by: Person, known: bool) -> None:
    """Whoever answers a question answers it for everybody who was asked."""
    application.asked_colleagues.filter(fact=fact, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, known=known
    )
