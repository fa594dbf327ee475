"""Choosing an organisation, and in a demo the person whose place one takes."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from vangrail.web.organisations.members import anyone, signed_in
from vangrail.web.organisations.models import Membership, Person


@signed_in
def work(request: HttpRequest) -> HttpResponse:
    """To the one organisation of the visitor; a choice where there are more, an explanation where there is none."""
    memberships = Membership.of(request.user)  # type: ignore[arg-type]  # signed in
    if len(memberships) == 1:
        return redirect("portfolio", organisation=memberships[0].organisation.slug)
    return render(request, "choose_organisation.html", {"memberships": memberships})


@anyone
@require_POST
def take_place(request: HttpRequest) -> HttpResponse:
    """In a demo only: go on as another person."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(Person, pk=request.POST.get("person"), is_active=True)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("work")
