"""The secret address of a calendar."""

import secrets as random
from hashlib import sha256
from typing import Self

from django.db import models

from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Membership


class CalendarAddress(models.Model):
    """The address under which a member's calendar program reads the duties of the organisation.

    A calendar program cannot sign in, so whoever has the address can read it: it belongs to one person, goes when they leave,
    and can be renewed. A copy of the database does not give it away.
    """

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="calendar_address")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)

    @classmethod
    def renew(cls, membership: Membership) -> Self:
        """A new address; the old one no longer works."""
        token = random.token_urlsafe(32)
        made, _ = cls.objects.update_or_create(
            membership=membership, defaults={"sealed": secrets.sealed(token), "digest": digest_of(token)}
        )
        return made

    @property
    def token(self) -> str:
        """The secret part of the address."""
        return secrets.opened(bytes(self.sealed))


def digest_of(token: str) -> str:
    """What a token is looked up by."""
    return sha256(token.encode()).hexdigest()
