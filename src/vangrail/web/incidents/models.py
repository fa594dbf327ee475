"""An incident, what is known about it now, and everything that was done, in order."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from vangrail.web.applications.models import Application, RecordKept, Written
from vangrail.web.organisations.models import Organisation, Person


class Incident(models.Model):
    """Something that went wrong, or nearly. What is known changes as people find out; each change stands in its history."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="incidents")
    title = models.CharField(max_length=160)
    what = models.TextField()
    severity = models.CharField(max_length=20)
    """A `Severity`."""
    noticed_at = models.DateTimeField()
    """When the organisation became aware of it: the terms count from here."""
    happened_at = models.DateTimeField(null=True)
    affected = models.TextField(blank=True)
    """Which groups of people; never who."""
    people = models.PositiveIntegerField(null=True)
    """About how many."""
    breach = models.BooleanField(null=True)
    """Whether personal data leaked, were lost or changed; empty while that is not known. So are those below."""
    leaked = models.TextField(blank=True)
    """Which data, and about how many records."""
    risk = models.CharField(max_length=20, blank=True)
    """A `BreachRisk`; empty while nobody weighed it."""
    consequences = models.JSONField(null=True)
    """Each a `Consequence`; an empty list when none, nothing while it is not known."""
    widespread = models.BooleanField(null=True)
    provider_unreachable = models.BooleanField(null=True)
    significant = models.BooleanField(null=True)
    down_from = models.DateTimeField(null=True)
    """From when the service was down, if it was."""
    down_until = models.DateTimeField(null=True)
    cause = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """Who sees to it that it is handled."""
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.TextField(blank=True)
    """Why it could be closed."""
    lessons = models.TextField(blank=True)
    record = models.OneToOneField(RecordKept, on_delete=models.PROTECT, null=True, related_name="+")
    """The record that it became; none while its outage lasts, for a record is never changed and needs the end."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-noticed_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="incident_closed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.pk}"

    @classmethod
    def of(cls, organisation: Organisation) -> models.QuerySet["Incident"]:
        """Those of an organisation, the latest first, with what a list shows."""
        found = cls.objects.filter(application__organisation=organisation)
        return found.select_related("application__organisation", "owner").prefetch_related("reports")

    @property
    def url(self) -> str:
        """Where it is handled."""
        return reverse("incident", args=(self.application.organisation.slug, self.application.slug, self.pk))


class IncidentEntry(Written):
    """A line of the history of an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    """recorded, changed, note, reported, task, task_done, owner, closed or reopened."""
    text = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    """For a change: what the changed fields held before. For a report: which term."""


class IncidentReport(Written):
    """What was reported to whom the law names. The latest of each term counts."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    term = models.CharField(max_length=40)
    """A term of `law.term_titles()`."""
    reported_at = models.DateTimeField()
    reference = models.CharField(max_length=200, blank=True)


class IncidentTask(models.Model):
    """Something to do because of an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["done_at", "due", "pk"]

    def __str__(self) -> str:
        return f"{self.incident}: {self.pk}"
