"""Who asks for a page, in which organisation, and whether they may: what every view of the workspace starts from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from vangrail.model.vocabulary import MemberRole
from vangrail.web.organisations.models import Membership, Organisation, Person
from vangrail.web.organisations.rights import RIGHTS, WITH_SECOND_FACTOR, Act, may
from vangrail.web.organisations.signing_in import lacks_second_factor


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person acting for an organisation."""

    person: Person
    organisation: Organisation
    roles: frozenset[MemberRole]
    lacks_second_factor: bool = False
    """Whether they have to set up a second factor before they can do what `rights.WITH_SECOND_FACTOR` names."""

    def may(self, act: Act) -> bool:
        """Whether they may do this."""
        return may(self.roles, act)

    @property
    def name(self) -> str:
        """The name by which what they do is signed."""
        return self.person.name

    @property
    def acts(self) -> frozenset[str]:
        """Everything they may do: `{% if "decide" in member.acts %}`."""
        return frozenset(act.value for act in Act if self.may(act))


View = Callable[..., HttpResponse]


def members_only(act: Act) -> Callable[[View], View]:
    """A view of the workspace: `view(request, member, ...)`, at an address with `<slug:organisation>` in it.

    Who is no member gets 'not found', so that nobody learns what another organisation has. A member who may not do
    this is told who may.
    """

    def around(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, organisation: str, **place: Any) -> HttpResponse:
            member = member_of(request, organisation)
            if not member.may(act):
                context = {"member": member, "who": sorted(RIGHTS[act])}
                return render(request, "not_allowed.html", context, status=403)
            if act in WITH_SECOND_FACTOR and member.lacks_second_factor:
                return redirect(f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}")
            return view(request, member, **place)

        checked.act = act  # type: ignore[attr-defined]  # what the test of rights walks by
        return checked

    return around


def anyone(view: View) -> View:
    """A view for everybody, signed in or not."""
    view.act = None  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A view for whoever is signed in, in any organisation or none."""
    checked = login_required(view)
    checked.act = "signed_in"  # type: ignore[attr-defined]
    return checked


def member_of(request: HttpRequest, organisation: str) -> Member:
    """The visitor as a member of an organisation. Http404 when they are none."""
    found = (
        Membership.objects.filter(person__pk=request.user.pk or 0, organisation__slug=organisation)
        .select_related("organisation", "person")
        .first()
    )
    if found is None:
        raise Http404
    weighty = any(may(found.held, act) for act in WITH_SECOND_FACTOR)
    return Member(
        person=found.person,
        organisation=found.organisation,
        roles=found.held,
        lacks_second_factor=weighty and lacks_second_factor(request),
    )
