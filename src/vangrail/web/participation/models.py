"""What people from outside bring, what is done with it, and what groups were asked.

Nothing here says who somebody from outside is. An e-mail address that was left for an answer lies apart, sealed, and is
deleted some time after closing; the code to follow a case and the links to a survey are kept as digests only.
"""

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from vangrail.model.card import Record
from vangrail.model.framework import Text
from vangrail.model.vocabulary import (
    AnswerValue,
    CaseKind,
    CaseResult,
    CaseState,
    Language,
    ObjectionResult,
    QuestionKind,
    RecordKind,
    SurveyKind,
)
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person
from vangrail.web.participation.topics import TOPICS

_RESULTS = {
    CaseResult.UPHELD: ObjectionResult.UPHELD,
    CaseResult.PARTLY_UPHELD: ObjectionResult.UPHELD,  # upheld in part is upheld
    CaseResult.REJECTED: ObjectionResult.REJECTED,
    CaseResult.WITHDRAWN: ObjectionResult.WITHDRAWN,
}


class Case(models.Model):
    """A question, an objection or a complaint of somebody outside, with its term, its owner and its answer."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=20)
    """A `CaseKind`."""
    topic = models.CharField(max_length=40)
    """What it is about, in the plain words of `topics.py`."""
    requirement = models.CharField(max_length=40, blank=True)
    """The requirement that it touches; empty while nobody said which."""
    text = models.TextField()
    language = models.CharField(max_length=2, default=Language.NL.value)
    came_at = models.DateTimeField()
    due = models.DateField()
    """The last day for the answer, as it was promised when it came in."""
    promised = models.BooleanField()
    """Whether the card promised that term; else it is the month of the GDPR."""
    code_digest = models.CharField(max_length=64, unique=True)
    email = models.BinaryField(null=True)
    """Sealed; none when none was left, or when it was deleted."""
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=20, default=CaseState.OPEN.value)

    proposed_result = models.CharField(max_length=20, blank=True)
    proposed_answer = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)

    result = models.CharField(max_length=20, blank=True)
    """A `CaseResult`."""
    answer = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    """What changes now, where the person was right."""
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """Who answered; none when it was withdrawn."""
    closed_at = models.DateTimeField(null=True)

    public_question = models.TextField(blank=True)
    """The question as it is published: written anew, so that nobody can be recognised in it."""
    public_answer = models.TextField(blank=True)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="case_closed_with_result_and_moment",
                condition=(models.Q(state=CaseState.CLOSED.value, closed_at__isnull=False) & ~models.Q(result=""))
                | (~models.Q(state=CaseState.CLOSED.value) & models.Q(closed_at__isnull=True, result="")),
            )
        ]

    @property
    def is_objection(self) -> bool:
        """Whether somebody else must look again before it is closed."""
        return self.kind == CaseKind.OBJECTION

    @property
    def about(self) -> Text:
        """What it is about, in the plain words that were chosen."""
        return TOPICS[self.topic].said

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state != CaseState.CLOSED

    @property
    def days_left(self) -> int:
        """Days until the term ends, as of today; below 0 when it is over."""
        return (self.due - timezone.localdate()).days

    @property
    def days_late(self) -> int:
        """Days since the term ended."""
        return max(0, -self.days_left)

    @property
    def answered_on(self) -> date | None:
        """The day of the answer or the withdrawal."""
        return timezone.localdate(self.closed_at) if self.closed_at else None

    @property
    def overturned(self) -> bool:
        """Whether whoever looked again came to another result than was proposed."""
        return bool(self.proposed_result) and bool(self.result) and self.proposed_result != self.result

    def as_record(self) -> Record:
        """The objection as the core knows it: when it came in, about what, and what came of it. No word of the person."""
        result = _RESULTS.get(CaseResult(self.result)) if self.result else None
        return Record(
            kind=RecordKind.OBJECTION,
            on=timezone.localdate(self.came_at),
            what=f"Bezwaar via de website: {self.about[Language.NL]}",
            by=self.closed_by.name if self.closed_by else self.application.organisation.name,
            requirement=self.requirement or None,
            answered_on=self.answered_on,
            result=result,
        )


class CaseNote(models.Model):
    """Something that was written about a case: among colleagues, or between them and the person outside."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """None where the person outside wrote it."""
    shared = models.BooleanField()
    """Whether the person outside sees it."""
    text = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]


class Knock(models.Model):
    """How often something was tried from one address on one day. The address is not kept: only a digest with that day's salt."""

    day = models.DateField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "digest"], name="knock_once_per_day")
        ]


class Consultation(models.Model):
    """A group was asked what they think: who (never names), when, what they said, and what was done with it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consultations")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    groups = models.CharField(max_length=500)
    how = models.CharField(max_length=500, blank=True)
    held_on = models.DateField()
    people = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    """When every point had its answer; from then on it is public."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-held_on", "-pk"]


class Point(models.Model):
    """One thing that was said in a consultation, and what was done with it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="points")
    said = models.TextField()
    taken_over = models.CharField(max_length=20, blank=True)
    """An `AnswerValue`: yes, partly or no; empty until somebody answered."""
    done = models.TextField(blank=True)
    """What was done with it, or why not."""

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    @property
    def is_answered(self) -> bool:
        """Whether it says what was done, or why not."""
        return self.taken_over in {AnswerValue.YES, AnswerValue.PARTLY, AnswerValue.NO} and bool(self.done)


class Survey(models.Model):
    """A few questions to a group, answered by link, without a name."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="surveys")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    """A `SurveyKind`."""
    title = models.CharField(max_length=200)
    intro = models.TextField(blank=True)
    groups = models.CharField(max_length=500)
    """Who is asked; never names."""
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    public = models.BooleanField(default=False)
    """Whether the totals are shown on the public page."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    @property
    def is_about_work(self) -> bool:
        """Whether it is the pulse on workable work."""
        return self.kind != SurveyKind.OWN


class Question(models.Model):
    """A question of a survey."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10)
    """A `QuestionKind`."""
    text = models.CharField(max_length=300)
    options = models.JSONField(default=list)
    """The answers to choose from, for a choice."""
    feature = models.CharField(max_length=40, blank=True)
    """The feature of workable work that it asks about."""

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    @property
    def is_text(self) -> bool:
        """Whether it is answered in one's own words."""
        return self.kind == QuestionKind.TEXT


class Invitation(models.Model):
    """A link to a survey, good for one answer. It does not say which answer was given by it, nor when."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)


class Filled(models.Model):
    """One filled-in survey. Its number is drawn at random and it has no moment, so that it cannot be laid beside a link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="filled")
    values = models.JSONField()
    """By the number of the question: a figure from 1 to 5, or the place of the chosen option."""


class Remark(models.Model):
    """What somebody wrote in their own words, apart from their other answers. Shown outside only after a person read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    shown = models.BooleanField(default=False)
