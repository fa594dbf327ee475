"""Finds what an address names, within the organisation of the member."""

from django.http import Http404

from vangrail.web.applications.models import Application
from vangrail.web.organisations.members import Member


def application_of(member: Member, slug: str) -> Application:
    """The application with this short name. Http404 when the organisation has none."""
    found: Application | None = (
        Application.objects.of(member.organisation).filter(slug=slug).select_related("organisation").first()
    )
    if found is None:
        raise Http404
    return found
