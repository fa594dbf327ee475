"""Pages for when something is not as the visitor hoped: what happened, why, and where to go on."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or it is not for this visitor; which of the two is not told."""
    return render(request, "not_found.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This visitor may not do this."""
    return render(request, "not_allowed.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours, or a database that takes nothing now. Without the layout: that may be what is broken."""
    if isinstance(sys.exc_info()[1], OperationalError):  # busy for long, a full disk, a server that is down
        return HttpResponse(
            "<!doctype html><html lang='nl-BE'><title>Even niet</title><h1>De site kan nu niets bewaren.</h1>"
            "<p>Wat je net verstuurde, is niet bewaard; wat je eerder bewaarde, is er nog. Ga terug, en probeer het over enkele "
            "minuten opnieuw. Blijft het, meld het dan aan de beheerder.</p><p lang='en'>The site cannot save anything now. What "
            "you just sent was not saved; what you saved before is still there. Go back, and try again in some minutes. If it "
            "stays like this, tell the administrator.</p></html>",
            status=503,
            headers={"Retry-After": "60"},
        )
    return HttpResponse(
        "<!doctype html><html lang='nl-BE'><title>Fout</title><h1>Er ging iets mis bij ons.</h1>"
        "<p>Wat je bewaard had, is er nog. Probeer het opnieuw; blijft het, meld het dan aan de beheerder.</p>"
        "<p lang='en'>Something went wrong on our side. What you saved is still there. Please try again.</p></html>",
        status=500,
    )
