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
        "demo_people": Person.objects.filter(is_active=True).order_by("name") if settings.DEMO else [],
    }
