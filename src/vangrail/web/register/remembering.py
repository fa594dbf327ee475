"""Public pages that were made before, for as long as nothing that they show has changed.

A public page is the same for everybody who is not signed in, so it is made once. What the register shows has a state in the
database, a random word that becomes another one in the same transaction as each change (`changed`). It is read before a page
is made and again before a page is given away: a page of before a change is never shown after it, whichever process made the
page or the change, and also not after an older copy of the database was put back.

Pages are kept packed (gzip), the last used first, up to `MOST_BYTES` in each process. They hold nothing of one visitor, so
packing them gives nothing away.
"""

import gzip
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from vangrail.model.vocabulary import Language
from vangrail.web.decisions.models import Stop
from vangrail.web.organisations.models import Organisation
from vangrail.web.register.models import Entry, Shown

MOST_BYTES = 64_000_000
LONGEST_ADDRESS = 500
EVERYTHING = ""
"""The scope of what shows something of every organisation."""
_PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")
"""Whoever brings one of these cookies may see something of their own on the page."""
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A page as it was answered."""

    scope: str
    state: str
    packed: bytes
    headers: Mapping[str, str]


class Pages:
    """The pages of this process, the last used last."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """The page under this key."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: tuple[str, ...], page: Kept) -> None:
        """Keep a page, and let go of those that were not asked for longest."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += len(page.packed) - (len(before.packed) if before else 0)
            while self._bytes > MOST_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.packed)


class RememberedPages:
    """Answers with a page that was made before, where there is one. The outermost: a page is kept with all its headers."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond, self._pages = respond, Pages()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self._respond(request)
        kept = self._pages.get(key)
        if kept is None or kept.state != Shown.state_of(kept.scope):
            response = self._respond(request)
            kept = _kept(response)
            if kept is None:
                return response
            self._pages.put(key, kept)
        return _given(request, kept)


def same_for_everybody(view: View) -> View:
    """A view that shows each visitor the same, of one organisation where its address names one; else of every."""

    @wraps(view)
    def made(request: HttpRequest, *args: Any, **place: Any) -> HttpResponseBase:
        scope = place.get("organisation", EVERYTHING)
        state = Shown.state_of(scope)  # before anything is read, so that a page is never older than its state
        response = view(request, *args, **place)
        response.shows = (scope, state)  # type: ignore[attr-defined]
        patch_cache_control(response, private=True, no_cache=True)  # a browser asks each time whether it changed
        patch_vary_headers(response, ["Cookie"])  # the language of the visitor is a cookie
        return response

    return made


def changed(organisation: str) -> None:
    """Something changed that the register shows of this organisation."""
    state = secrets.token_hex(8)
    Shown.objects.bulk_create(
        [Shown(scope=scope, state=state) for scope in (EVERYTHING, organisation)],
        update_conflicts=True,
        unique_fields=["scope"],
        update_fields=["state"],
    )


def follow() -> None:
    """Once, when the site starts: what a public page shows lies in these three, and in what never changes."""
    for model, organisation_of in (
        (Entry, lambda entry: entry.organisation.slug),
        (Stop, lambda stop: stop.application.organisation.slug),
        (Organisation, lambda organisation: organisation.slug),
    ):

        def follow_one(instance: Any, organisation_of: Callable[[Any], str] = organisation_of, **_: Any) -> None:
            changed(organisation_of(instance))

        for signal in (post_save, post_delete):
            signal.connect(follow_one, sender=model, weak=False, dispatch_uid=f"register shows {model.__name__}")


def _key(request: HttpRequest) -> tuple[str, ...] | None:
    """What the page depends on beside its state; nothing where it may depend on who asks."""
    if request.method != "GET" or settings.DEMO or any(name in request.COOKIES for name in _PERSONAL):
        return None
    path = request.get_full_path()
    if len(path) > LONGEST_ADDRESS:
        return None
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return (request.scheme or "", request.get_host(), path, language if language in list(Language) else "")


def _kept(response: HttpResponse) -> Kept | None:
    """The page to keep; nothing for an answer that is not the same for everybody."""
    scope, state = getattr(response, "shows", (None, ""))
    if scope is None or response.status_code != 200 or response.cookies:
        return None
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return Kept(scope=scope, state=state, packed=gzip.compress(response.content, 1, mtime=0), headers=headers)


def _given(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The page, packed for who can unpack it; 'not modified' for who has it already."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(kept.packed if packed else gzip.decompress(kept.packed), headers=dict(kept.headers))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    return get_conditional_response(request, etag=kept.headers["ETag"], response=response) or response
