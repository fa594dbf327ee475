"""An address that wants to know, and what was told to it."""

import uuid
from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone

from vangrail.model.vocabulary import HookEvent
from vangrail.web.applications.models import Application
from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Organisation, Person


class Hook(models.Model):
    """An https address, what it wants to know, and the secret that signs what it is told.

    The address can hold a secret itself, so both are kept encrypted, and only the name of the machine is shown.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    name = models.CharField(max_length=120)
    sealed_address = models.BinaryField()
    sealed_secret = models.BinaryField()
    events = models.JSONField()
    """Each a `HookEvent`."""
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(default=timezone.now)
    """Nothing is sent before this: after a failure for a while, and while a worker is at it."""
    failures = models.PositiveIntegerField(default=0)
    """How many tries in a row did not arrive."""
    stopped_at = models.DateTimeField(null=True)
    """When it failed so often that nothing is sent any more, until the administrator tries it."""

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation.slug}/{self.name}"

    @property
    def address(self) -> str:
        """Where it goes. VangrailError when the secret key of the installation is another than it was then."""
        return secrets.opened(bytes(self.sealed_address))

    @property
    def secret(self) -> str:
        """What signs it. VangrailError as for the address."""
        return secrets.opened(bytes(self.sealed_secret))

    @property
    def host(self) -> str:
        """The part of the address that is no secret."""
        return urlsplit(self.address).netloc

    @property
    def wants(self) -> list[HookEvent]:
        """What it is told."""
        return [HookEvent(e) for e in self.events]


class Delivery(models.Model):
    """One message for one address."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting"
        ARRIVED = "arrived"
        GIVEN_UP = "given_up"

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    id_sent = models.UUIDField(default=uuid.uuid4, unique=True)
    """What the receiver knows it by: the same at every try."""
    event = models.CharField(max_length=40)
    body = models.JSONField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    """A `DeliveryOutcome`, of the last try."""
    status = models.PositiveIntegerField(null=True)
    """What the receiver answered, where it did."""

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "hook"], name="delivery_by_state")]


class StaleTold(models.Model):
    """Which requirements of an application rested on stale evidence when that was last looked at."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="stale_told")
    requirements = models.JSONField()
