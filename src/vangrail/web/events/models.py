"""An application that is watched, and each round of watching, with what changed and who looked at it."""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person


class Watch(models.Model):
    """An application that Vangrail measures by itself whenever a figure no longer counts, and who hears what changed."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="watch")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    told = models.ManyToManyField(Person, related_name="+")
    situation = models.JSONField(null=True)
    """How every requirement stood at the end of the last round (`assessment.due.Situation`); nothing before the first."""


class Round(models.Model):
    """One day of watching: what could not be measured, and what changed since the round before."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rounds")
    on = models.DateField()
    due = models.PositiveIntegerField()
    """How many figures were due."""
    left = models.PositiveIntegerField()
    """How many of them are still not there."""
    told = models.BooleanField()
    """Whether there was somebody to tell."""
    changes = models.JSONField(default=list)
    """What changed: requirement, verdict before, verdict after, and why in both languages."""
    seen_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "on"], name="one_round_a_day"),
            models.CheckConstraint(
                condition=models.Q(seen_by__isnull=True, seen_at__isnull=True)
                | models.Q(seen_by__isnull=False, seen_at__isnull=False),
                name="seen_by_somebody_at_some_time",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether something changed at which nobody looked yet."""
        return bool(self.changes or self.left) and self.seen_at is None
