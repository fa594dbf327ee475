"""What is public of taking part: finding the application behind an address, and what its page shows."""

from typing import Any

from django.http import Http404

from vangrail.web.applications.models import Application
from vangrail.web.participation import surveys
from vangrail.web.register.models import Entry


def public_application(organisation: str, application: str) -> Application:
    """The application with this public address. Http404 where none is public there."""
    entry = (
        Entry.objects.filter(organisation__slug=organisation, slug=application)
        .select_related("application__organisation")
        .first()
    )
    if entry is None:
        raise Http404
    return entry.application


def is_public(application: Application) -> bool:
    """Whether it stands in the public register."""
    return Entry.objects.filter(application=application).exists()


def shown_of(application: Application) -> dict[str, Any]:
    """Answers that were published, consultations that were closed, and totals of surveys that were released."""
    released = application.surveys.filter(public=True).prefetch_related("questions__remarks", "filled")
    return {
        "answers": application.cases.exclude(published_at=None).order_by("-published_at"),
        "consultations": application.consultations.exclude(closed_at=None).prefetch_related("points"),
        "surveys": [
            {
                "survey": s,
                "totals": surveys.totals(s),
                "remarks": [r for q in s.questions.all() for r in q.remarks.all() if r.shown],
            }
            for s in released
        ],
    }
