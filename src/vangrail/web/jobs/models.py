"""A run of background work, as people see it: asked, at work, done, failed, or lost and found again."""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person


class Run(models.Model):
    """One measurement of an application, from asking to its end."""

    class State(models.TextChoices):
        """Where a run is."""

        ASKED = "asked"
        AT_WORK = "at_work"
        DONE = "done"
        FAILED = "failed"

    OPEN: ClassVar[tuple[str, ...]] = (State.ASKED, State.AT_WORK)

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    """When it last gave a sign of life; a run that is silent for long is lost, and started once more."""
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=300, blank=True)
    figures = models.PositiveIntegerField(null=True)
    """How many figures were new."""
    problem = models.JSONField(default=dict, blank=True)
    """What the user can solve, or that it was a mistake of ours; in each language."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two people who press at once get one run.
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state__in=("asked", "at_work")), name="one_open_run"
            )
        ]

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state in self.OPEN
