"""How often, and how much: what a visitor may send."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]
Respond = Callable[[HttpRequest], HttpResponse]
MOST = 11 * 1024 * 1024
"""The most bytes in one request, unless its view takes more: a document of 10 MB with its form around it."""


def at_most(times: int, *, a_minute: str) -> Callable[[View], View]:
    """A view to which one address on the network can send at most so many forms in a minute, counted under this name."""

    def around(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                key = f"at_most:{a_minute}:{sha256(client_address(request).encode()).hexdigest()}"
                cache.add(key, 0, timeout=60)
                try:
                    sent = cache.incr(key)
                except ValueError:  # the minute ended between these two lines
                    sent = 1
                if sent > times:
                    return too_often(request)
            return view(request, *args, **kwargs)

        return checked

    return around


def too_often(request: HttpRequest) -> HttpResponse:
    """This visitor sends too much too quickly."""
    return render(request, "too_often.html", status=429)


def takes_up_to(size: int) -> Callable[[View], View]:
    """A view that takes so many bytes in one request. The outermost of its wrappers."""

    def around(view: View) -> View:
        view.takes = size  # type: ignore[attr-defined]
        return view

    return around


class NotTooLarge:
    """Refuses what is too large before a byte of it is read. Stands before everything that reads the form."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._respond(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Django reads no more than this header says, so nothing larger hides behind a smaller number."""
        most = getattr(view, "takes", MOST)
        said = str(request.META.get("CONTENT_LENGTH") or "0")
        if said.isdecimal() and int(said) <= most:
            return None
        return render(request, "too_large.html", {"most": most // 1024 // 1024}, status=413)


def client_address(request: HttpRequest) -> str:
    """The address of the visitor, past the proxies of one's own. For counting attempts; it is kept nowhere."""
    passed = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    if settings.PROXIES and len(passed) >= settings.PROXIES:
        return str(passed[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR") or "")
