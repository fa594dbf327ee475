"""Questions to a supplier: what was asked, what they answered, and who took it over.

The link is kept as a digest only. Who answered at the supplier is kept here, and never in what the ledger shows.
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person
from vangrail.web.suppliers import asking
from vangrail.web.suppliers.asking import Page, Question


class Questionnaire(models.Model):
    """What one supplier is asked about one application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questionnaires")
    supplier = models.CharField(max_length=200)
    """The company, as its card or the owner calls it."""
    asked = models.JSONField()
    """The keys of the questions (`asking.Question`)."""
    own = models.JSONField(default=list)
    """Questions in the owner's own words."""
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due = models.DateField()
    """The last day on which the link works."""
    digest = models.CharField(max_length=64, unique=True)
    """Of the secret in the link."""
    round = models.PositiveIntegerField(default=0)
    """Goes up at each save, so that two people at once are told instead of overwriting each other."""
    saved_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_as = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    """When it was sent in; none while the supplier works on it."""
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="questionnaire_sent_in_by_somebody",
                condition=models.Q(sent_at=None) | ~models.Q(answered_by=""),
            ),
            models.CheckConstraint(
                name="questionnaire_closed_by_somebody",
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    @property
    def pages(self) -> tuple[Page, ...]:
        """What is asked, page by page."""
        return asking.asked(self.asked, self.own)

    @property
    def questions(self) -> dict[str, Question]:
        """What is asked, by key."""
        return {q.key: q for page in self.pages for q in page.questions}

    @property
    def is_over(self) -> bool:
        """Whether it was withdrawn or closed here."""
        return self.withdrawn_at is not None or self.closed_at is not None

    @property
    def is_late(self) -> bool:
        """Whether the term passed before it was sent in."""
        return self.sent_at is None and not self.is_over and self.due < timezone.localdate()

    @property
    def waits_for_supplier(self) -> bool:
        """Whether the supplier can still fill something in."""
        return self.sent_at is None and not self.is_over and not self.is_late

    @property
    def waits_for_us(self) -> bool:
        """Whether there are answers to look at."""
        return self.sent_at is not None and not self.is_over

    def link_works(self, on: date) -> bool:
        """Until the term, or until it is withdrawn or closed."""
        return not self.is_over and on <= self.due


class Reply(models.Model):
    """What the supplier says to one question, and what became of it here."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="replies")
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    """As the card holds it, for a field or a list; else text."""
    unknown = models.BooleanField(default=False)
    """Whether they say that they do not know."""
    again = models.TextField(blank=True)
    """What was asked once more; empty when nothing was."""
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["questionnaire", "key"], name="one_reply_per_question"),
            models.CheckConstraint(
                name="reply_taken_over_by_somebody",
                condition=models.Q(taken_at__isnull=True, taken_by__isnull=True)
                | models.Q(taken_at__isnull=False, taken_by__isnull=False),
            ),
        ]

    @property
    def is_taken(self) -> bool:
        """Whether somebody here accepted it."""
        return self.taken_at is not None


class Enclosure(models.Model):
    """A document of the supplier. It lies in the data folder under its digest, with those of the application."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="enclosures")
    key = models.CharField(max_length=80, blank=True)
    """The question that it goes with; none when it goes with all."""
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    """As the supplier called it; shown as text, and never used as a path."""
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]


class Statement(models.Model):
    """Everything as it was sent in, at that moment. Never changed, so that what was said stays said."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="statements")
    at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)
    answered_as = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
