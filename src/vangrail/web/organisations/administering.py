"""What an administrator does: people, profile, connections, look. Each act is one transaction, and is noted down."""

import secrets as random
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import MemberRole, OrganisationKind, Role
from vangrail.web.organisations import colours, secrets
from vangrail.web.organisations.models import (
    Administered,
    Connection,
    Invitation,
    Membership,
    Organisation,
    Person,
)
from vangrail.web.organisations.trying import reach

VALID = timedelta(days=7)
"""How long an invitation works."""
LARGEST_LOGO = 300_000
"""In bytes."""
ADVISERS = (Role.DPO, Role.SECURITY_OFFICER, Role.AI_OFFICER)
"""Whose advice an organisation can require before a gate."""
PROFILE = ("competence_profiles", "training_plan", "ai_rules", "help_desk", "deontological_code")
"""The fields of the organisation on a card that hold for all its applications."""
A = Administered.Act


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, name: str, roles: Collection[MemberRole], by: Person
) -> tuple[Invitation, str]:
    """Invite somebody by mail; returns the invitation and the secret part of its link. An earlier one for the same address
    stops working. VangrailError for who is a member already, or without a role."""
    email = email.strip().lower()
    _require_roles(roles)
    if Membership.objects.filter(organisation=organisation, person__email=email).exists():
        raise VangrailError(
            both(nl=f"{email} hoort er al bij.", en=f"{email} is a member already."),
            do=both(nl="Pas de rollen aan in de lijst.", en="Change the roles in the list."),
        )
    Invitation.objects.filter(organisation=organisation, email=email, used_at=None).delete()
    token, now = random.token_urlsafe(32), timezone.now()
    made = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name.strip(),
        roles=sorted(r.value for r in roles),
        digest=_digest(token),
        by=by,
        at=now,
        until=now + VALID,
    )
    _note(organisation, A.INVITED, by=by, about=f"{made.name} <{email}>", roles=made.roles)
    transaction.on_commit(lambda: _mail_invitation(made, token), robust=True)
    return made, token


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link that still works."""
    return (
        Invitation.objects.filter(digest=_digest(token), used_at=None, until__gt=timezone.now())
        .select_related("organisation", "by")
        .first()
    )


@transaction.atomic
def accept(*, invitation: Invitation, person: Person | None, name: str = "", password: str = "") -> Membership:
    """Take up an invitation: as the person who is signed in, or with a new account. VangrailError when it was used
    meanwhile, or is for another address."""
    held = Invitation.objects.select_for_update().filter(pk=invitation.pk, used_at=None).first()
    if held is None:
        raise VangrailError(both(nl="Deze uitnodiging is al gebruikt.", en="This invitation was used already."))
    if person is None:
        if Person.objects.filter(email=held.email).exists():
            raise VangrailError(
                both(nl="Je hebt al een account.", en="You have an account already."),
                do=both(
                    nl="Meld je aan, en open de link uit de mail opnieuw.",
                    en="Sign in, and open the link of the mail again.",
                ),
            )
        person = Person.objects.create_user(held.email, name=name.strip(), password=password)
    elif person.email != held.email:
        raise VangrailError(
            both(nl="Deze uitnodiging is voor iemand anders.", en="This invitation is for somebody else."),
            do=both(nl=f"Meld je aan als {held.email}.", en=f"Sign in as {held.email}."),
        )
    membership, _ = Membership.objects.update_or_create(
        person=person, organisation=held.organisation, defaults={"roles": held.roles, "from_provider": False}
    )
    held.used_at = timezone.now()
    held.save(update_fields=["used_at"])
    _note(held.organisation, A.JOINED, by=person, about=person.name, roles=held.roles)
    return membership


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person) -> None:
    """The link stops working."""
    _note(invitation.organisation, A.LEFT, by=by, about=f"{invitation.name} <{invitation.email}>")
    invitation.delete()


@transaction.atomic
def set_roles(*, membership: Membership, roles: Collection[MemberRole], by: Person) -> None:
    """Give somebody these roles and no others. VangrailError when nobody would be left to administer, without a role, or
    when the identity provider decides."""
    _require_here(membership)
    _require_roles(roles)
    if MemberRole.ADMINISTRATOR not in roles:
        _require_other_administrator(membership)
    membership.roles = sorted(r.value for r in roles)
    membership.save(update_fields=["roles"])
    _note(membership.organisation, A.ROLES, by=by, about=membership.person.name, roles=membership.roles)


@transaction.atomic
def end_membership(*, membership: Membership, by: Person) -> None:
    """Somebody no longer works here. What they signed stays theirs; an account without any organisation is closed."""
    _require_here(membership)
    _require_other_administrator(membership)
    person = membership.person
    _note(membership.organisation, A.LEFT, by=by, about=person.name, roles=membership.roles)
    membership.delete()
    if not person.memberships.exists():
        Person.objects.filter(pk=person.pk).update(is_active=False)


@transaction.atomic
def set_profile(
    *,
    organisation: Organisation,
    name: str,
    kind: OrganisationKind,
    number: str,
    contact: str,
    by: Person,
    **texts: str,
) -> None:
    """What is the same for all its applications. `texts` are those of `PROFILE`."""
    organisation.name, organisation.kind = name.strip(), kind.value
    organisation.number, organisation.contact = number.strip(), contact.strip()
    organisation.profile = {k: texts[k].strip() for k in PROFILE if texts.get(k, "").strip()}
    organisation.save(update_fields=["name", "kind", "number", "contact", "profile"])
    _note(organisation, A.PROFILE, by=by)


@transaction.atomic
def require_advice(*, organisation: Organisation, of: Collection[Role], by: Person) -> None:
    """Open no gate without the advice of these roles."""
    organisation.advice_required = [r.value for r in ADVISERS if r in of]
    organisation.save(update_fields=["advice_required"])
    _note(organisation, A.ADVICE, by=by, roles=organisation.advice_required)


@transaction.atomic
def connect(*, organisation: Organisation, name: str, address: str, by: Person) -> Connection:
    """Keep the address of data or of a model, sealed. It is never shown again; saving it once more replaces it."""
    made, _ = Connection.objects.update_or_create(
        organisation=organisation, name=name, defaults={"sealed": secrets.sealed(address.strip())}
    )
    _note(organisation, A.CONNECTED, by=by, about=name)
    return made


@transaction.atomic
def disconnect(*, connection: Connection, by: Person) -> None:
    """Forget an address."""
    _note(connection.organisation, A.DISCONNECTED, by=by, about=connection.name)
    connection.delete()


@transaction.atomic
def set_look(
    *, organisation: Organisation, accent: str, logo: "UploadedFile[bytes] | None", no_logo: bool, by: Person
) -> None:
    """One colour and a logo. VangrailError for a colour that cannot be read on white, or a picture that is no PNG or JPEG."""
    colour = colours.parsed(accent)
    if colour is None:
        raise VangrailError(
            both(nl="Dit is geen kleur.", en="This is no colour."),
            do=both(nl="Schrijf ze als #0055cc.", en="Write it as #0055cc."),
        )
    ratio = colours.contrast(colour)
    if ratio < colours.LEAST_CONTRAST:
        said = f"{ratio:.1f}", f"{colours.LEAST_CONTRAST:.1f}"
        raise VangrailError(
            both(
                nl=f"Deze kleur is te licht: het contrast met wit is {said[0].replace('.', ',')}.",
                en=f"This colour is too light: its contrast with white is {said[0]}.",
            ),
            why=both(
                nl=f"Wie minder goed ziet, kan de tekst dan niet lezen. Nodig is {said[1].replace('.', ',')} (WCAG 1.4.3).",
                en=f"People who see less well could not read the text. It takes {said[1]} (WCAG 1.4.3).",
            ),
            do=both(nl="Kies een donkerder tint.", en="Choose a darker shade."),
        )
    organisation.accent = colours.accent(colour).accent
    if logo is not None:
        organisation.logo.save(f"{organisation.slug}-{random.token_hex(4)}{_picture(logo)}", _content(logo), save=False)
    elif no_logo:
        organisation.logo = ""
    organisation.save(update_fields=["accent", "logo"])
    _note(organisation, A.LOOK, by=by)


def _picture(file: "UploadedFile[bytes]") -> str:
    """The extension of what it is. No SVG: that can carry a program."""
    if (file.size or 0) > LARGEST_LOGO:
        raise VangrailError(
            both(nl="Het logo is te groot.", en="The logo is too large."),
            do=both(nl="Hoogstens 300 kB.", en="At most 300 kB."),
        )
    start = file.read(8)
    file.seek(0)
    if start == b"\x89PNG\r\n\x1a\n":
        return ".png"
    if start.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    raise VangrailError(
        both(nl="Dit is geen PNG of JPEG.", en="This is no PNG or JPEG."),
        do=both(nl="Bewaar je logo als PNG of JPEG.", en="Save your logo as PNG or JPEG."),
    )


def _content(file: "UploadedFile[bytes]") -> ContentFile[bytes]:
    return ContentFile(file.read())


def note_data(*, organisation: Organisation, about: str, by: Person) -> None:
    """That data were put in the folder of an application."""
    _note(organisation, A.DATA, by=by, about=about)


def _require_roles(roles: Collection[MemberRole]) -> None:
    if not roles:
        raise VangrailError(
            both(nl="Er is geen rol gekozen.", en="No role was chosen."),
            do=both(nl="Kies minstens één rol; lezer is de kleinste.", en="Choose at least one; reader is the least."),
        )


def _require_here(membership: Membership) -> None:
    if membership.from_provider:
        raise VangrailError(
            both(
                nl="De rollen van deze persoon komen van je aanmeldsysteem.",
                en="The roles of this person come from your identity provider.",
            ),
            do=both(nl="Pas ze daar aan; ze gelden vanaf de volgende aanmelding.", en="Change them there."),
        )


def _require_other_administrator(membership: Membership) -> None:
    """VangrailError when this is the last one who can administer."""
    if MemberRole.ADMINISTRATOR not in membership.held:
        return
    # Locked in one order, so that two administrators who remove each other at once do not both succeed.
    others = Membership.objects.select_for_update().filter(organisation=membership.organisation).order_by("pk")
    left = [m for m in others.select_related("person") if m.pk != membership.pk and MemberRole.ADMINISTRATOR in m.held]
    if not any(m.person.is_active for m in left):
        raise VangrailError(
            both(nl="Dit is de laatste beheerder.", en="This is the last administrator."),
            why=both(
                nl="Zonder beheerder kan niemand nog rollen geven.", en="Without one, nobody can give roles any more."
            ),
            do=both(nl="Maak eerst iemand anders beheerder.", en="Make somebody else an administrator first."),
        )


def _mail_invitation(invitation: Invitation, token: str) -> None:
    place = settings.SITE_ADDRESS + reverse("invitation", args=[token])
    days = VALID.days
    send_mail(
        f"Uitnodiging voor Vangrail: {' '.join(invitation.organisation.name.split())}",
        f"Dag {invitation.name},\n\n{invitation.by.name} nodigt je uit om mee te werken aan het AI-register van"
        f" {invitation.organisation.name}.\nOpen deze link om te beginnen. Hij werkt één keer, en {days} dagen lang:\n\n"
        f"  {place}\n\nVerwachtte je dit niet? Dan hoef je niets te doen.\n",
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )


def _note(
    organisation: Organisation, act: str, *, by: Person | None, about: str = "", roles: Collection[str] = ()
) -> None:
    Administered.objects.create(organisation=organisation, by=by, act=act, about=about[:300], roles=list(roles))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def try_connection(*, connection: Connection) -> None:
    """Open what stands behind a connection, and close it again. VangrailError when that does not succeed."""
    reach(connection.name, connection.address)
