"""The first start of an empty installation: one link, printed where the server was started, by which the first administrator
makes their organisation and their account. Whoever reads the screen of the server may; nobody else can."""

import secrets
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import MemberRole, OrganisationKind
from vangrail.web.organisations.models import Membership, Organisation, Person


def new_token() -> str | None:
    """A fresh one-time token, for which earlier ones stop working; none when there is an organisation already."""
    if Organisation.objects.exists():
        _file().unlink(missing_ok=True)
        return None
    token = secrets.token_urlsafe(32)
    _file().write_text(_digest(token), encoding="ascii")
    _file().chmod(0o600)
    return token


def holds(token: str) -> bool:
    """Whether the link still works."""
    try:
        held = _file().read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return secrets.compare_digest(held, _digest(token)) and not Organisation.objects.exists()


@transaction.atomic
def begin(*, token: str, organisation: str, kind: OrganisationKind, name: str, email: str, password: str) -> Membership:
    """The first organisation with its first administrator. VangrailError when the link no longer works."""
    if not holds(token):
        raise VangrailError(
            both(nl="Deze link werkt niet meer.", en="This link no longer works."),
            do=both(nl="Start de server opnieuw voor een nieuwe link.", en="Start the server again for a new link."),
        )
    made = Organisation.objects.create(slug=slug_for(organisation), name=organisation, kind=kind.value, contact=email)
    person = Person.objects.create_user(email, name=name, password=password)
    membership = Membership.objects.create(person=person, organisation=made, roles=[MemberRole.ADMINISTRATOR.value])
    try:
        _file().unlink()  # the last step: of two who press at once, one finds the file gone, and all of theirs is undone
    except FileNotFoundError as error:
        raise VangrailError(both(nl="Iemand was je voor.", en="Somebody was before you.")) from error
    return membership


def slug_for(name: str) -> str:
    """A short name that no organisation has yet."""
    base = slugify(name)[:40] or "organisatie"
    slug, number = base, 2
    while Organisation.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _file() -> Path:
    return Path(settings.DATA) / "first-start"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
