"""The portfolio of an organisation, and the board of an application."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vangrail.model.board import Assessment
from vangrail.web.applications.assessing import assess
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act


@members_only(Act.READ)
def portfolio(request: HttpRequest, member: Member) -> HttpResponse:
    """Every application of the organisation, with where it stands."""
    applications = Application.objects.of(member.organisation).select_related("assessed").order_by("slug")
    return render(request, "applications/portfolio.html", {"member": member, "applications": applications})


@members_only(Act.READ)
def board(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Six principles, eight conditions, and every requirement with its verdict, its evidence, and who is next."""
    found = application_of(member, application)
    assessment = assess(found, on=timezone.localdate())
    return render(
        request,
        "applications/board.html",
        {"member": member, "application": found, "assessment": assessment, "principles": _by_principle(assessment)},
    )


@members_only(Act.READ)
def requirement(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """One requirement: what it asks and why, its verdict, and all that stands behind it."""
    found = application_of(member, application)
    assessment = assess(found, on=timezone.localdate())
    try:
        line = assessment.board.line(requirement)
    except KeyError:
        raise Http404 from None
    context = {"member": member, "application": found, "assessment": assessment, "line": line}
    return render(request, "applications/requirement.html", context)


def _by_principle(assessment: Assessment) -> list[dict[str, object]]:
    """Each principle with its lines: first what is asked by now, then what comes later."""
    return [
        {
            "principle": principle,
            "asked": [x for x in assessment.board.asked if x.requirement.principle == principle.id],
            "later": [x for x in assessment.board.lines if x.requirement.principle == principle.id and not x.asked],
            "counts": [(v, n) for v, n in assessment.board.count(principle=principle.id).items() if n],
        }
        for principle in assessment.framework.principles
    ]
