"""An application on the site: its card in versions, and everything that people said, measured and decided about it.

What is written here is never changed, only added to: a new version, a later answer. The ledger gets its share by the
outbox, in the same transaction, so that what is in the one is in the other.
"""

from typing import Any, ClassVar, Self

from django.db import models

from vangrail.model.vocabulary import LeafKind
from vangrail.web.organisations.models import Organisation, Person


class NoOrganisation(RuntimeError):
    """A query did not say of which organisation. That is a mistake of ours, and it stops here."""


class OfOrganisation(models.Manager["Application"]):
    """Applications of one organisation, or of everyone on purpose; never by accident."""

    def get_queryset(self) -> models.QuerySet["Application"]:
        """Refused: say `of(organisation)`, or `everywhere` where a job or a public page really means all."""
        raise NoOrganisation("say of which organisation: Application.objects.of(organisation)")

    def of(self, organisation: Organisation) -> models.QuerySet["Application"]:
        """Those of this organisation."""
        return super().get_queryset().filter(organisation=organisation)


class Application(models.Model):
    """An AI application of an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    slug = models.SlugField(max_length=64)
    """The `id` on its card; never changes."""
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    everywhere = models.Manager["Application"]()
    objects = OfOrganisation()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="slug_once_per_organisation")
        ]
        default_manager_name = "everywhere"

    def __str__(self) -> str:
        return f"{self.organisation.slug}/{self.slug}"

    @property
    def version(self) -> "CardVersion":
        """The card as it is now. CardVersion.DoesNotExist is a mistake of ours: an application is made with one."""
        return self.versions.latest("number")

    @property
    def name(self) -> str:
        """The name on the card."""
        return str(self.version.content["name"])


class Written(models.Model):
    """Something that is written once, by someone, and never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="%(class)ss")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """The person; none where a job or a pipeline wrote it."""
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once."""
        if self.pk is not None:
            raise TypeError(f"a {type(self).__name__} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError(f"a {type(self).__name__} is never deleted")


class CardVersion(Written):
    """The card at a moment. `content` is the card as JSON, defaults left out."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    """What changed, in the words of who changed it."""

    class Meta(Written.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} v{self.number}"


class Draft(models.Model):
    """What someone is filling in, saved as they go. It counts for nothing until it becomes a version."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="drafts")
    application = models.OneToOneField(Application, on_delete=models.CASCADE, null=True, related_name="draft")
    """None while the application is not registered yet."""
    content = models.JSONField(default=dict)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)
    round = models.PositiveIntegerField(default=0)
    """Goes up at each save, so that two people at once are told instead of overwriting each other."""


class AnswerGiven(Written):
    """The reasoned answer of a named person to a requirement; the latest counts."""

    requirement = models.CharField(max_length=40)
    content = models.JSONField()
    """As `Answer` of the core."""


class RecordKept(Written):
    """Something that happened; as `Record` of the core."""

    kind = models.CharField(max_length=40)
    content = models.JSONField()


class EvidenceTaken(Written):
    """A figure, as the ledger keeps it (`assessment.storing`); the newest of each measurement counts."""

    check_id = models.CharField(max_length=80)
    dataset = models.CharField(max_length=120)
    subject = models.CharField(max_length=300)
    content = models.JSONField()


class SourceSeen(models.Model):
    """What a data set, a model or another source of an application held when it was last looked at."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sources_seen")
    kind = models.CharField(max_length=10, choices=[("source", "source"), ("model", "model")])
    name = models.CharField(max_length=120)
    fingerprint = models.JSONField(null=True)
    unreadable = models.JSONField(default=dict, blank=True)
    columns = models.PositiveIntegerField(default=0)
    pushed = models.BooleanField(default=False)
    """Whether a pipeline told so: then the data lie elsewhere, and are not looked at from here."""
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "kind", "name"], name="source_seen_once")
        ]


class Confirmation(Written):
    """A named person confirmed the classification, on these facts."""

    facts_digest = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    reasons = models.TextField()
    classification = models.JSONField()


class Decision(Written):
    """A named person opened a gate, or kept it shut."""

    after = models.CharField(max_length=20)
    """The phase that the gate closes."""
    outcome = models.CharField(max_length=20)
    role = models.CharField(max_length=40)
    reasons = models.TextField()
    verdicts = models.JSONField()


class Assessed(models.Model):
    """The board as it was last reached, for lists and public pages; made anew whenever something it rests on changes."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="assessed")
    on = models.DateField()
    content = models.JSONField()
    """The assessment by the JSON contract."""
    made_at = models.DateTimeField()


class Outbox(models.Model):
    """An entry on its way to the ledger of its organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outbox")
    kind = models.CharField(max_length=30)
    """A `LeafKind`."""
    application = models.CharField(max_length=64)
    at = models.DateTimeField()
    body = models.JSONField()
    private = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField(null=True)
    """Its place in the ledger; none while it is on its way."""

    @classmethod
    def add(
        cls, application: Application, kind: LeafKind, *, at: Any, body: dict[str, Any], private: Any = None
    ) -> Self:
        """Put an entry on its way. It reaches the ledger only if this transaction commits."""
        return cls.objects.create(
            organisation=application.organisation,
            kind=kind.value,
            application=application.slug,
            at=at,
            body=body,
            private=private or {},
        )


class LedgerSeen(models.Model):
    """What verifying the ledger of an organisation found the last time."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="ledger_seen")
    report = models.JSONField()
    checkpoint = models.TextField()
    seen_at = models.DateTimeField()
