"""What the layout of every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from vangrail.web.look import language
from vangrail.web.organisations.models import Membership, Person


def around_every_page(request: HttpRequest) -> dict[str, Any]:
    """The language, the visitor's organisations, and in a demo the people whose place the visitor can take."""
    person = getattr(request, "user", None)
    return {
        "language": language.current().value,
        "memberships": Membership.of(person) if isinstance(person, Person) else [],
        "demo": settings.DEMO,
        "demo_people": demo_people() if settings.DEMO else {},
    }


def demo_people() -> dict[str, list[Membership]]:
    """Everybody whose place a visitor of a demo can take, by organisation: who they are there, in one query."""
    found: dict[str, list[Membership]] = {}
    held = Membership.objects.filter(person__is_active=True).select_related("person", "organisation")
    for membership in held.order_by("organisation__name", "person__name"):
        found.setdefault(membership.organisation.name, []).append(membership)
    return found
