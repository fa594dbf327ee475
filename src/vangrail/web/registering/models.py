"""Drafts' origins: what was brought in together, and product cards that others may adopt."""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import Application, Draft
from vangrail.web.organisations.models import Organisation, Person


class Import(models.Model):
    """A file that was brought in, until it is taken in, and what came of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=10, choices=[("list", "list"), ("records", "records"), ("card", "card")])
    file_name = models.CharField(max_length=200)
    content = models.JSONField()
    """What was read from the file; emptied once it is taken in."""
    columns = models.JSONField(default=dict)
    """Of a list: the path on the card of each column, by its place."""
    phase = models.CharField(max_length=20, blank=True)
    """Of a row that says none."""
    as_product = models.BooleanField(default=False)
    """Of a card: whether it is the product card of a supplier, to begin one's own with."""
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.organisation.slug} {self.file_name}"


class Arrival(models.Model):
    """One application that came in by an import: a draft, until it is registered."""

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="arrivals")
    row = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    draft = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, related_name="arrival")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="arrivals")
    left = models.JSONField(default=dict)
    """What had no place on the card, by its heading."""


class Offer(models.Model):
    """A product card that other organisations of this installation may adopt: what the product is, nothing of its use."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offers")
    version = models.PositiveIntegerField()
    """Of the card that it was made from."""
    name = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(withdrawn_at=None), name="one_product_card_per_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} v{self.version}"

    @property
    def source(self) -> str:
        """What the card of who adopts it calls it."""
        return f"{self.application.organisation.slug}/{self.application.slug}"
