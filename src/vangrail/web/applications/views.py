"""The portfolio of an organisation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vangrail.web.applications.models import Application
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act


@members_only(Act.READ)
def portfolio(request: HttpRequest, member: Member) -> HttpResponse:
    """Every application of the organisation, with where it stands."""
    applications = Application.objects.of(member.organisation).select_related("assessed").order_by("slug")
    return render(request, "applications/portfolio.html", {"member": member, "applications": applications})
