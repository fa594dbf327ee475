"""What people say to each other about a requirement, whom they ask to look into it, and the documents they attach.

None of this is evidence, so none of it goes to the ledger: a document counts once an answer names it, with its digest.
"""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person


class Comment(models.Model):
    """What somebody says about a requirement. Whoever wrote it can take the words back; that there was one stays."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="comments")
    requirement = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    called = models.ManyToManyField(Person, through="Call", related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]


class Call(models.Model):
    """Somebody whose attention a comment asks, until they looked."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calls")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["comment", "person"], name="called_once_per_comment")
        ]


class Assignment(models.Model):
    """Who looks into a requirement, and by when."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assignments")
    requirement = models.CharField(max_length=40)
    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    """When it was done, or given to somebody else."""

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["application", "requirement"],
                condition=models.Q(ended_at=None),
                name="one_open_assignment_per_requirement",
            )
        ]


class Document(models.Model):
    """A file that somebody attached to a requirement. It lies in the data folder under its digest."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    requirement = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    """As the person called it; shown as text, and never used as a path."""
    kind = models.CharField(max_length=10)
    """A key of `files.KINDS`: what the content was recognised as."""
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True)
    """When the file was removed; its name and digest stay, so that an answer that names it can be followed."""

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    @property
    def reference(self) -> str:
        """How an answer names it."""
        return f"{self.name} (sha256 {self.sha256})"


class Reminded(models.Model):
    """That a person got their mail of a day: nobody gets two."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "on"], name="one_mail_a_day")
        ]
