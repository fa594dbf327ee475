"""Pages for when something is not as the visitor hoped: what happened, why, and where to go on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or it is not for this visitor; which of the two is not told."""
    return render(request, "not_found.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This visitor may not do this."""
    return render(request, "not_allowed.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours. Without the layout: that may be what is broken."""
    return HttpResponse(
        "<!doctype html><html lang='nl-BE'><title>Fout</title><h1>Er ging iets mis bij ons.</h1>"
        "<p>Wat je bewaard had, is er nog. Probeer het opnieuw; blijft het, meld het dan aan de beheerder.</p>"
        "<p lang='en'>Something went wrong on our side. What you saved is still there. Please try again.</p></html>",
        status=500,
    )
