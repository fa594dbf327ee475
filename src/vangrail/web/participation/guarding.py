"""Keeps machines and numbers out of the forms that anyone can send, without a third party and without following people.

Four things together: a stamp that says when the form was opened, a field that only a machine fills in, a daily limit per
address of which only a digest is kept, and limits on size. A puzzle to be solved would need JavaScript, so there is none.
"""

import hashlib
import hmac
import ipaddress
import secrets
import time
from datetime import date

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import IdentifierKind
from vangrail.text import identifiers
from vangrail.web.look.language import in_each, pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.participation.models import Knock

QUICKEST_SECONDS = 3
"""Nobody reads and fills in the form faster."""
LONGEST_SECONDS = 24 * 3600
MOST_CASES = 10
"""Cases from one address in a day: a library or an office may share one."""
MOST_CODES = 100
"""Wrong codes from one address in a day."""
MOST_TEXT = 5_000
NEVER = frozenset({IdentifierKind.NATIONAL_NUMBER, IdentifierKind.IBAN})
"""What nobody needs in order to answer."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: none that looks like another."""
_SALT = "vangrail.participation.stamp"


def new_stamp() -> str:
    """Says, signed, when the form was opened; and holds what the code of this one case will follow from."""
    return signing.dumps([secrets.token_hex(16), int(time.time())], salt=_SALT)


def seed(stamp: str) -> str:
    """What is in a stamp. VangrailError when it is too fresh, too old, or not ours."""
    read = _read(stamp)
    if read is None:
        raise VangrailError(
            both(nl="Dit formulier is niet meer geldig.", en="This form is no longer valid."),
            do=both(nl="Kijk je tekst na, en verstuur nog eens.", en="Check your text, and send it again."),
        )
    drawn, passed = read
    if passed < QUICKEST_SECONDS:
        raise VangrailError(
            both(nl="Dat ging wel heel snel.", en="That was very fast."),
            why=both(nl="Zo houden we robots buiten.", en="This is how we keep robots out."),
            do=both(
                nl="Wacht enkele seconden en verstuur nog eens. Je tekst staat er nog.",
                en="Wait a few seconds and send it again. Your text is still there.",
            ),
        )
    if passed > LONGEST_SECONDS:
        raise VangrailError(
            both(nl="Dit formulier stond langer dan een dag open.", en="This form was open for more than a day."),
            do=both(nl="Kijk je tekst na, en verstuur nog eens.", en="Check your text, and send it again."),
        )
    return drawn


def is_valid(stamp: str) -> bool:
    """Whether a form that is shown again can keep its stamp."""
    read = _read(stamp)
    return read is not None and read[1] <= LONGEST_SECONDS


def drawn_in(stamp: str) -> str | None:
    """What is in a stamp of ours, however old; nothing in another."""
    read = _read(stamp)
    return read[0] if read else None


def _read(stamp: str) -> tuple[str, float] | None:
    """What is in a stamp, and how many seconds ago it was made; nothing when it is not ours."""
    try:
        drawn, at = signing.loads(stamp, salt=_SALT)
    except signing.BadSignature:
        return None
    return str(drawn), time.time() - at


def refuse_machines(trap: str) -> None:
    """VangrailError when the field was filled in that people do not see."""
    if trap:
        raise VangrailError(
            both(nl="Het veld dat leeg moet blijven, is ingevuld.", en="The field that must stay empty is filled in."),
            do=both(nl="Maak het leeg en verstuur nog eens.", en="Empty it and send again."),
        )


def count(request: HttpRequest, what: str, *, most: int) -> None:
    """Count that this was tried from this address today. VangrailError when it was tried too often."""
    digest, today = _digest_of_address(request, what), timezone.localdate()
    with transaction.atomic():
        knock, _ = Knock.objects.select_for_update().get_or_create(day=today, digest=digest)
        if knock.count >= most:
            raise VangrailError(
                both(
                    nl="Vanaf dit internetadres is dit vandaag al te vaak gebeurd.",
                    en="This was done too often today from this internet address.",
                ),
                do=both(
                    nl="Probeer het morgen opnieuw, of neem contact op met je bestuur.",
                    en="Try again tomorrow, or contact your government.",
                ),
            )
        Knock.objects.filter(pk=knock.pk).update(count=F("count") + 1)


def forget_knocks(today: date) -> None:
    """Delete what was counted on earlier days."""
    Knock.objects.filter(day__lt=today).delete()


def _digest_of_address(request: HttpRequest, what: str) -> str:
    """The address with the secret of the installation and the day: tomorrow it cannot be recognised, nor be guessed."""
    address = request.META.get("REMOTE_ADDR") or ""
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_SSL_REDIRECT and passed_on:
        address = passed_on.rsplit(",", 1)[
            -1
        ].strip()  # what our own proxy added; whatever stands before it can be lied
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        # A household has a whole /64 of IPv6 addresses.
        network = str(ipaddress.ip_network(f"{known}/{64 if known.version == 6 else 32}", strict=False))
    return _hmac(f"address {timezone.localdate().isoformat()} {what} {network}")


def code_from(drawn: str) -> str:
    """The code to follow a case: 80 bits that follow from its stamp, so that sending a form twice gives the same one."""
    number = int(_hmac(f"code {drawn}")[:20], 16)
    signs = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))
    return "-".join(signs[i : i + 4] for i in range(0, 16, 4))


def digest_of_code(code: str) -> str:
    """What is kept of a code. Spaces, dashes, small letters and look-alikes make no difference."""
    signs = "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))
    return _hmac(f"follow {signs}")


def new_token() -> str:
    """A link to a survey: 128 bits."""
    return secrets.token_urlsafe(16)


def digest_of_token(token: str) -> str:
    """What is kept of a link."""
    return _hmac(f"survey {token}")


def _hmac(text: str) -> str:
    key = b"vangrail participation " + settings.SECRET_KEY.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def personal_data_in(text: str) -> tuple[list[IdentifierKind], list[IdentifierKind]]:
    """What points to a person in a text: what must go, and what may stay where it is needed. Kinds, never the values."""
    kinds = {f.kind for f in identifiers.find(text)}
    return sorted(kinds & NEVER), sorted(kinds - NEVER - {IdentifierKind.ENTERPRISE_NUMBER})


def in_words(kinds: list[IdentifierKind]) -> str:
    """These kinds in the language of the page."""
    return ", ".join(word(k.value, "identifier") for k in kinds)


def refuse_personal_data(text: str, *, kinds: frozenset[IdentifierKind] = frozenset(IdentifierKind)) -> None:
    """VangrailError when a text that is meant for everybody's eyes holds something of these kinds."""
    found = sorted({f.kind for f in identifiers.find(text)} & kinds)
    if found:
        raise VangrailError(
            in_each(
                lambda: pick(nl=f"Deze tekst bevat: {in_words(found)}.", en=f"This text contains: {in_words(found)}.")
            ),
            why=both(
                nl="Iedereen kan dit lezen, dus er mag niets in staan dat naar een mens wijst.",
                en="Everybody can read this, so nothing in it may point to a person.",
            ),
            do=both(nl="Haal het weg en bewaar opnieuw.", en="Remove it and save again."),
        )
