"""Tokens: each opens one application to one program, and can be taken back."""

import hashlib
import secrets
from typing import ClassVar, Self

from django.db import models

from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person

PREFIX = "vgr_"


class Token(models.Model):
    """What a program shows to push measurements. Only its digest is kept, so it is shown once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    @classmethod
    def issue(cls, *, application: Application, name: str, by: Person) -> tuple[Self, str]:
        """A new token, and its text: the only time that it is known."""
        text = PREFIX + secrets.token_urlsafe(32)
        return cls.objects.create(application=application, name=name, digest=digest(text), made_by=by), text

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The token with this text, when it still counts."""
        found = cls.objects.filter(digest=digest(text), ended_at=None)
        return found.select_related("application__organisation", "made_by").first()


def digest(text: str) -> str:
    """SHA-256: the text has 256 bits of chance, so nothing slower is needed."""
    return hashlib.sha256(text.encode()).hexdigest()
