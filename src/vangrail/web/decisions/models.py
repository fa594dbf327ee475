"""Advice before a gate, and stopping and resuming."""

from django.db import models

from vangrail.web.applications.models import Written


class Advice(Written):
    """What an adviser says about opening a gate. The latest of each role counts."""

    after = models.CharField(max_length=20)
    """The phase that the gate closes."""
    role = models.CharField(max_length=40)
    favourable = models.BooleanField()
    text = models.TextField()
    version = models.PositiveIntegerField()
    """The version of the card that the adviser saw."""


class Stop(Written):
    """The application was stopped, or taken up again, by a person with reasons."""

    stopped = models.BooleanField()
    reasons = models.TextField()

    @classmethod
    def is_stopped(cls, application: object) -> bool:
        """Whether the last act was a stop."""
        last = cls.objects.filter(application=application).last()
        return last is not None and last.stopped
