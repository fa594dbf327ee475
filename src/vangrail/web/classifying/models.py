"""Answers that are not on the card yet, and questions that were put to a colleague."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from vangrail import law
from vangrail.model.framework import Text
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Organisation, Person


class Answers(models.Model):
    """The answers of an interview that is going on, one per application and shared by all who work on it.

    They count for nothing until somebody puts them on the card: then they become one version of it, with one entry in the
    ledger, instead of one for each of thirty answers.
    """

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="legal_answers")
    changes = models.JSONField(default=dict)
    """Fact → value as on a card; null where an answer was taken back."""
    skipped = models.JSONField(default=list)
    """The facts to which somebody said 'I don't know'."""
    began_with = models.JSONField(default=dict)
    """The facts on the card when the interview began, to see whether somebody changed the card meanwhile."""
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.application}: {len(self.changes)}"

    def over(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts of a card with these answers over them."""
        return {k: v for k, v in {**facts, **self.changes}.items() if v is not None}


class AskedColleague(models.Model):
    """A question of the law that was put to a colleague. Open until somebody answers that question."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="asked_colleagues")
    fact = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    """Who is asked."""
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=1_000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    known = models.BooleanField(null=True)
    """Whether there is an answer; no is 'I don't know'. Empty while it is open."""
    reply = models.CharField(max_length=1_000, blank=True)
    """What the colleague adds."""

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["application", "fact"],
                condition=models.Q(closed_at__isnull=True),
                name="question_open_with_one_colleague",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True, known__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False, known__isnull=False),
                name="question_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.fact}"

    @classmethod
    def open_for(cls, *, person: Person, organisation: Organisation) -> models.QuerySet["AskedColleague"]:
        """What waits for somebody's answer in an organisation, the oldest first."""
        waiting = cls.objects.filter(person=person, application__organisation=organisation, closed_at=None)
        return waiting.select_related("application__organisation", "asked_by")

    @property
    def question(self) -> Text:
        """The question, in both languages."""
        return law.questions()[self.fact].question

    @property
    def url(self) -> str:
        """Where it is answered."""
        place = (self.application.organisation.slug, self.application.slug, self.pk)
        return reverse("asked_question", args=place)
