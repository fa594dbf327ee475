"""What people do around a consultation: write down what a group said, answer each point, and close it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import AnswerValue, RecordKind
from vangrail.web.applications import acts
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person
from vangrail.web.participation import guarding
from vangrail.web.participation.models import Consultation, Point


@transaction.atomic
def hold(
    *, application: Application, title: str, groups: str, how: str, held_on: date, people: int | None, by: Person
) -> Consultation:
    """Write down that a group was asked. Groups, never names."""
    for text in (title, groups, how):
        guarding.refuse_personal_data(text)
    if held_on > timezone.localdate():
        raise VangrailError(
            both(nl="Deze dag moet nog komen.", en="This day is still to come."),
            do=both(nl="Noteer een raadpleging als ze geweest is.", en="Record a consultation once it was held."),
        )
    return Consultation.objects.create(
        application=application, by=by, title=title, groups=groups, how=how, held_on=held_on, people=people
    )


@transaction.atomic
def add_point(*, consultation: Consultation, said: str, by: Person) -> Point:
    """One thing that was said."""
    held = _open(consultation)
    guarding.refuse_personal_data(said)
    return Point.objects.create(consultation=held, said=said)


@transaction.atomic
def answer_point(*, point: Point, taken_over: AnswerValue, done: str, by: Person) -> Point:
    """What was done with it, or why not."""
    _open(point.consultation)
    guarding.refuse_personal_data(done, kinds=guarding.NEVER)
    if len(done.split()) < acts.LEAST_WORDS:
        raise VangrailError(
            both(nl="Dit is te kort.", en="This is too short."),
            do=both(nl="Schrijf wat je ermee deed, of waarom niet.", en="Say what you did with it, or why not."),
        )
    point.taken_over, point.done = taken_over.value, done
    point.save(update_fields=["taken_over", "done"])
    return point


@transaction.atomic
def close(*, consultation: Consultation, by: Person) -> Consultation:
    """Every point has its answer: it becomes public, and a record that the core knows (dem-10)."""
    held = _open(consultation)
    points = list(held.points.all())
    if not points or not all(p.is_answered for p in points):
        raise VangrailError(
            both(nl="Er is nog een punt zonder antwoord.", en="A point has no answer yet.")
            if points
            else both(nl="Er staat nog geen punt in.", en="There is no point in it yet."),
            why=both(
                nl="Een raadpleging telt pas als er staat wat je met elk punt deed.",
                en="A consultation counts once it says what was done with each point.",
            ),
        )
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    taken = sum(p.taken_over != AnswerValue.NO for p in points)
    record = Record(
        kind=RecordKind.CONSULTATION,
        on=held.held_on,
        what=f"{held.title} ({held.groups})",
        by=by.name,
        people=held.people,
        outcome=f"{len(points)} punten, waarvan {taken} helemaal of deels overgenomen.",
    )
    acts.keep_record(application=held.application, record=record, by=by)
    return held


def _open(consultation: Consultation) -> Consultation:
    held = Consultation.objects.select_for_update().select_related("application__organisation").get(pk=consultation.pk)
    if held.closed_at is not None:
        raise VangrailError(
            both(nl="Deze raadpleging is afgesloten.", en="This consultation is closed."),
            why=both(nl="Wat openbaar is, verandert niet meer.", en="What is public no longer changes."),
        )
    return held
