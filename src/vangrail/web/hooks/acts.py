"""What an administrator does with webhooks. Each act is one transaction, and is noted down."""

import base64
import ipaddress
import secrets as random
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from django.db import transaction
from django.utils import timezone

from vangrail.exports.webhooks import PREFIX
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import HookEvent
from vangrail.web.hooks import following
from vangrail.web.hooks.models import Delivery, Hook
from vangrail.web.hooks.sending import allowed
from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Administered, Organisation, Person

MOST = 20
A = Administered.Act


@transaction.atomic
def register(
    *, organisation: Organisation, name: str, address: str, events: Collection[HookEvent], by: Person
) -> tuple[Hook, str]:
    """An address that will be told; returns it with the secret that signs, which is shown once.

    VangrailError for an address that is not https, or leads into a network where this site may not go.
    """
    _require_address(address)
    if organisation.hooks.count() >= MOST:
        raise VangrailError(
            both(nl=f"Er zijn al {MOST} webhooks.", en=f"There are {MOST} webhooks already."),
            do=both(nl="Verwijder er eerst een.", en="Remove one first."),
        )
    secret = PREFIX + base64.b64encode(random.token_bytes(32)).decode()
    made = Hook.objects.create(
        organisation=organisation,
        name=name.strip(),
        sealed_address=secrets.sealed(address),
        sealed_secret=secrets.sealed(secret),
        events=[e.value for e in HookEvent if e in events],
        made_by=by,
    )
    _note(made, A.HOOKED, by)
    return made, secret


@transaction.atomic
def try_out(*, hook: Hook, by: Person) -> Delivery:
    """Send a message that says nothing. One that was stopped begins anew."""
    Hook.objects.filter(pk=hook.pk).update(failures=0, stopped_at=None, next_at=timezone.now())
    return following.put(hook, HookEvent.TEST, following.about(hook.organisation))


@transaction.atomic
def end(*, hook: Hook, by: Person) -> None:
    """Forget the address, with what was told to it."""
    _note(hook, A.UNHOOKED, by)
    hook.delete()


def _note(hook: Hook, act: str, by: Person) -> None:
    Administered.objects.create(
        organisation=hook.organisation, by=by, act=act, about=f"{hook.name} ({hook.host})"[:300]
    )


def _require_address(address: str) -> None:
    parts = _parts(address)
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise VangrailError(
            both(nl="Dit is geen adres dat met https:// begint.", en="This is no address that begins with https://."),
            why=both(
                nl="Zonder https kan een ander meelezen. Een naam en wachtwoord in het adres worden niet meegestuurd.",
                en="Without https others can read along. A name and password in the address are not sent.",
            ),
            do=both(nl="Bijvoorbeeld https://meldingen.voorbeeld.be/vangrail", en="https://hooks.example.be/vangrail"),
        )
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return  # a name: where it leads is looked at each time that something is sent
    if not allowed(literal):
        raise VangrailError(
            both(nl="Dit adres ligt in een netwerk van binnen.", en="This address is in a network inside."),
            why=both(
                nl="Anders kan wie een adres opgeeft met deze server in jullie netwerk kijken.",
                en="Otherwise whoever gives an address could look into your network with this server.",
            ),
            do=both(
                nl="Moet het toch? De beheerder van de server kan het netwerk toelaten met VANGRAIL_HOOK_NETWORKS.",
                en="If it has to be: who runs the server can allow the network with VANGRAIL_HOOK_NETWORKS.",
            ),
        )


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # refuses a port that is none
    except ValueError:
        return None
    return None if any(c.isspace() or not c.isprintable() for c in address) else parts
