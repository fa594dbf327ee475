"""Finds a version: by its number, or as the card was on a day."""

from datetime import date, datetime, time

from django.http import Http404
from django.utils import timezone

from vangrail.web.applications.models import Application, CardVersion


def version_of(application: Application, number: int) -> CardVersion:
    """The version with this number. Http404 when there is none."""
    found = application.versions.select_related("by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def as_it_was(application: Application, on: date) -> CardVersion | None:
    """The card as it stood at the end of that day in Brussels; none before the first version."""
    end = timezone.make_aware(datetime.combine(on, time.max), timezone.get_default_timezone())
    return application.versions.select_related("by").filter(at__lte=end).order_by("-number").first()
