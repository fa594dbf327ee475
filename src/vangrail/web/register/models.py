"""The register as it is searched: one entry per public application, with its words. Everything here follows from elsewhere."""

from typing import ClassVar

from django.db import models

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Organisation
from vangrail.web.publishing.models import Publication


class Entry(models.Model):
    """A public application, as lists and pages need it; `keeping.keep` makes it anew when something it rests on changes."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="entry")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="entries")
    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="entry")
    slug = models.SlugField(max_length=64)
    name = models.CharField(max_length=500)
    summary = models.TextField()
    phase = models.CharField(max_length=20, db_index=True)
    outcome = models.CharField(max_length=20)
    """What the AI Act makes of it."""
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    """When something on the page changed, by a publication or by itself."""
    stopped = models.BooleanField(default=False, db_index=True)
    newer_card = models.BooleanField(default=False, db_index=True)
    figures = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0, db_index=True)
    """How many of its figures no longer count."""
    since = models.JSONField(default=dict)
    """What happened since: why figures are stale and when measured again, by place; and what objections are open about."""
    verified_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "id"], name="entry_by_name")]

    def __str__(self) -> str:
        return str(self.application)


class Theme(models.Model):
    """A term of the data themes, the four D's or the sustainable development goals that an entry names."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="themes")
    term = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["term", "entry"], name="theme_of_entry")]


class Word(models.Model):
    """A word of an entry, folded to plain small letters, and beside it its stem."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=60)
    in_name = models.BooleanField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["word", "entry"], name="word_of_entry")]


class Shown(models.Model):
    """The state of what the register shows: of an organisation, or of all of them together (`remembering`)."""

    scope = models.CharField(max_length=64, primary_key=True)
    """The short name of the organisation; empty for all."""
    state = models.CharField(max_length=16)
    """Another random word after each change."""

    def __str__(self) -> str:
        return self.scope or "everything"

    @classmethod
    def state_of(cls, scope: str) -> str:
        """The word of now; empty where nothing was ever shown."""
        return cls.objects.filter(scope=scope).values_list("state", flat=True).first() or ""
