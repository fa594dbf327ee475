"""A publication as it was prepared, what a second person said of it, and withdrawing it."""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import CardVersion, Written


class Publication(Written):
    """What becomes public, frozen as it was prepared; public once somebody else approved it."""

    number = models.PositiveIntegerField()
    version = models.ForeignKey(CardVersion, on_delete=models.PROTECT, related_name="publications")
    content = models.JSONField()
    """As `exports/publication.py` makes it."""
    digest = models.CharField(max_length=64)

    class Meta(Written.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "number"], name="publication_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} p{self.number}"


class Approval(Written):
    """What the second person said: public, or back to who prepared it, with reasons."""

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="approval")
    approved = models.BooleanField()
    reasons = models.TextField(blank=True)


class Withdrawal(Written):
    """Everything that was published until now is taken off the register; only its dates and this reason stay."""

    last = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="withdrawals")
    """The newest publication that it takes away."""
    reasons = models.TextField()
    """Public: it stands at the address of the page."""
