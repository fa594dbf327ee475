"""Who there is: people, organisations, and what a person is in an organisation."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models

from vangrail.model.vocabulary import MemberRole
from vangrail.web.organisations import secrets


class People(BaseUserManager["Person"]):
    """Makes people."""

    def create_user(self, email: str, *, name: str, password: str | None = None, **fields: Any) -> "Person":
        """A person who signs in with an e-mail address; without a password only through an identity provider."""
        person: Person = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. What they may do follows from their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, unique=True, null=True, blank=True)
    """What the identity provider knows this person by; none for a local account."""
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name by which decisions are signed."""
        return self.name


class Organisation(models.Model):
    """A government body. What belongs to one is never seen by a member of another, unless it is public."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    """An `OrganisationKind`."""
    number = models.CharField(max_length=40, blank=True)
    contact = models.EmailField(blank=True)
    accent = models.CharField(max_length=7, default="#0055cc")
    logo = models.FileField(upload_to="logos", blank=True)
    profile = models.JSONField(default=dict)
    """The fields of `Organisation` on a card that hold for all its applications: help desk, training plan ..."""
    advice_required = models.JSONField(default=list)
    """The roles whose advice the organisation wants before a gate is decided."""
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    roles = models.JSONField(default=list)
    from_provider = models.BooleanField(default=False)
    """Whether the identity provider says so: then it is read anew at every sign-in, and nobody changes it here."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_membership_per_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.organisation})"

    @property
    def held(self) -> frozenset[MemberRole]:
        """The roles."""
        return frozenset(MemberRole(r) for r in self.roles)

    @classmethod
    def of(cls, person: Person) -> "list[Membership]":
        """Every organisation of a person, by name."""
        return list(cls.objects.filter(person=person).select_related("organisation").order_by("organisation__name"))


class Connection(models.Model):
    """A connection to data or to a model: what stands behind `postgresql:NAME` or `endpoint:NAME` on a card.

    The address is kept encrypted, and never shown again once it is saved.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(max_length=60, validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$")])
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="connection_once_per_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation.slug}/{self.name}"

    @property
    def address(self) -> str:
        """What was saved. VangrailError when the secret key of the installation is another than it was then."""
        return secrets.opened(bytes(self.sealed))


class Invitation(models.Model):
    """A one-time link by which somebody gets an account, or a place in one more organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    """Of the secret part of the link, which stands only in the mail."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]


class Administered(models.Model):
    """Something that an administrator did: who may do what is worth being able to look back at."""

    class Act(models.TextChoices):
        """What was done."""

        INVITED = "invited"
        JOINED = "joined"
        ROLES = "roles"
        LEFT = "left"
        PROFILE = "profile"
        ADVICE = "advice"
        LOOK = "look"
        CONNECTED = "connected"
        DISCONNECTED = "disconnected"
        DATA = "data"
        HOOKED = "hooked"
        UNHOOKED = "unhooked"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="administered")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """None where the identity provider did it."""
    at = models.DateTimeField(auto_now_add=True)
    act = models.CharField(max_length=20, choices=Act.choices)
    about = models.CharField(max_length=300, blank=True)
    roles = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
