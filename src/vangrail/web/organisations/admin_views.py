"""Administration: people, the organisation, its connections and its look."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from vangrail.model.errors import VangrailError
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations import administering as acts
from vangrail.web.organisations import colours
from vangrail.web.organisations.forms import (
    AdviceForm,
    ConnectionForm,
    InviteForm,
    LookForm,
    ProfileForm,
    RolesForm,
)
from vangrail.web.organisations.members import Member, anyone, members_only
from vangrail.web.organisations.models import Administered, Organisation
from vangrail.web.organisations.rights import Act

SHOWN = 100
"""How many of the last changes the page shows."""


@members_only(Act.ADMINISTER)
def administration(request: HttpRequest, member: Member) -> HttpResponse:
    """The people of the organisation, who is invited, and what changed."""
    return _people(request, member, InviteForm())


@members_only(Act.ADMINISTER)
@require_POST
def invite(request: HttpRequest, member: Member) -> HttpResponse:
    """Invite somebody by mail; the link is shown once as well, for who has no mail server."""
    form = InviteForm(request.POST)
    made = tried(
        form,
        lambda: acts.invite(
            organisation=member.organisation,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            roles=form.cleaned_data["roles"],
            by=member.person,
        ),
    )
    if made is None:
        return _people(request, member, form)
    link = request.build_absolute_uri(reverse("invitation", args=[made[1]]))
    return _people(request, member, InviteForm(), link=link, invited=made[0])


@members_only(Act.ADMINISTER)
@require_POST
def withdraw_invitation(request: HttpRequest, member: Member, invitation: int) -> HttpResponse:
    """The link of an invitation stops working."""
    found = get_object_or_404(member.organisation.invitations, pk=invitation, used_at=None)
    return _done(
        request, member, "administration", lambda: acts.withdraw_invitation(invitation=found, by=member.person)
    )


@members_only(Act.ADMINISTER)
def person(request: HttpRequest, member: Member, membership: int) -> HttpResponse:
    """The roles of one person."""
    held = get_object_or_404(member.organisation.memberships.select_related("person"), pk=membership)
    # A form with nothing chosen is empty, and so would pass for none.
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held.roles})

    def change() -> bool:
        acts.set_roles(membership=held, roles=form.cleaned_data["roles"], by=member.person)
        return True

    if tried(form, change) is None:
        return render(request, "organisations/person.html", {"member": member, "held": held, "form": form})
    messages.success(request, pick(nl="De rollen zijn bewaard.", en="The roles are saved."))
    return redirect("administration", member.organisation.slug)


@members_only(Act.ADMINISTER)
@require_POST
def end_membership(request: HttpRequest, member: Member, membership: int) -> HttpResponse:
    """Somebody no longer works here."""
    held = get_object_or_404(member.organisation.memberships.select_related("person"), pk=membership)
    return _done(request, member, "administration", lambda: acts.end_membership(membership=held, by=member.person))


@members_only(Act.ADMINISTER)
def profile(request: HttpRequest, member: Member) -> HttpResponse:
    """What is the same for all applications of the organisation."""
    if request.method != "POST":
        return _page(request, member, "profile", ProfileForm.of(member.organisation))
    form = ProfileForm(request.POST)

    def change() -> bool:
        acts.set_profile(organisation=member.organisation, by=member.person, **form.cleaned_data)
        return True

    return _saved(request, member, "profile", form, change)


@members_only(Act.ADMINISTER)
def advice(request: HttpRequest, member: Member) -> HttpResponse:
    """Whose advice is required before a gate."""
    if request.method != "POST":
        return _page(request, member, "advice", AdviceForm(initial={"of": member.organisation.advice_required}))
    form = AdviceForm(request.POST)

    def change() -> bool:
        acts.require_advice(organisation=member.organisation, of=form.cleaned_data["of"], by=member.person)
        return True

    return _saved(request, member, "required_advice", form, change, page="advice")


@members_only(Act.ADMINISTER)
def connections(request: HttpRequest, member: Member) -> HttpResponse:
    """The connections to data and models, by name; their addresses are never shown."""
    held = member.organisation.connections.order_by("name")
    if request.method != "POST":
        return _page(request, member, "connections", ConnectionForm(), held=held)
    form = ConnectionForm(request.POST)

    def change() -> bool:
        acts.connect(organisation=member.organisation, by=member.person, **form.cleaned_data)
        return True

    return _saved(request, member, "connections", form, change, held=held)


@members_only(Act.ADMINISTER)
@require_POST
def try_connection(request: HttpRequest, member: Member, connection: int) -> HttpResponse:
    """Whether there is an answer."""
    held = get_object_or_404(member.organisation.connections, pk=connection)
    worked = pick(nl=f"{held.name} antwoordt.", en=f"{held.name} answers.")
    return _done(request, member, "connections", lambda: acts.try_connection(connection=held), said=worked)


@members_only(Act.ADMINISTER)
@require_POST
def disconnect(request: HttpRequest, member: Member, connection: int) -> HttpResponse:
    """Forget an address."""
    held = get_object_or_404(member.organisation.connections, pk=connection)
    return _done(request, member, "connections", lambda: acts.disconnect(connection=held, by=member.person))


@members_only(Act.ADMINISTER)
def look(request: HttpRequest, member: Member) -> HttpResponse:
    """One colour and a logo."""
    if request.method != "POST":
        return _page(
            request,
            member,
            "look",
            LookForm(initial={"accent": member.organisation.accent}, has_logo=bool(member.organisation.logo)),
        )
    form = LookForm(request.POST, request.FILES, has_logo=bool(member.organisation.logo))

    def change() -> bool:
        acts.set_look(
            organisation=member.organisation,
            accent=form.cleaned_data["accent"],
            logo=form.cleaned_data["logo"],
            no_logo=form.cleaned_data.get("no_logo", False),
            by=member.person,
        )
        return True

    return _saved(request, member, "look", form, change)


@anyone
@require_safe
@cache_control(public=True, max_age=300)
def colours_css(request: HttpRequest, organisation: str) -> HttpResponse:
    """The colour of an organisation, as a style sheet of its own: no page of ours holds a style."""
    found = get_object_or_404(Organisation, slug=organisation)
    chosen = colours.parsed(found.accent)
    if chosen is None:
        raise Http404
    c = colours.accent(chosen)
    text = f":root{{--accent:{c.accent};--accent-dark:{c.dark};--accent-pale:{c.pale}}}\n"
    return HttpResponse(text, content_type="text/css; charset=utf-8")


@anyone
@require_safe
@cache_control(public=True, max_age=300)
def logo(request: HttpRequest, organisation: str) -> HttpResponse:
    """The logo of an organisation: a PNG or JPEG, as it was recognised when it was saved."""
    found = get_object_or_404(Organisation, slug=organisation)
    if not found.logo:
        raise Http404
    try:
        with found.logo.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(content, content_type="image/png" if content.startswith(b"\x89PNG") else "image/jpeg")


def _people(request: HttpRequest, member: Member, form: InviteForm, **more: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        "member": member,
        "people": member.organisation.memberships.select_related("person").order_by("person__name"),
        "with_factor": set(
            member.organisation.memberships.filter(person__authenticator__type__in=("totp", "webauthn")).values_list(
                "pk", flat=True
            )
        ),
        "invitations": member.organisation.invitations.filter(used_at=None, until__gt=now),
        "changes": Administered.objects.filter(organisation=member.organisation).select_related("by")[:SHOWN],
        "form": form,
        "mailed": not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"),
    }
    return render(request, "organisations/people.html", context | more)


def _page(request: HttpRequest, member: Member, page: str, form: Any, **more: Any) -> HttpResponse:
    return render(request, f"organisations/{page}.html", {"member": member, "form": form, **more})


def _saved(
    request: HttpRequest,
    member: Member,
    place: str,
    form: Any,
    change: Callable[[], bool],
    *,
    page: str = "",
    **more: Any,
) -> HttpResponse:
    """Back to the page when it is saved; the page with the form and what is wrong when not."""
    if tried(form, change) is None:
        member.organisation.refresh_from_db()
        return _page(request, member, page or place, form, **more)
    messages.success(request, pick(nl="Bewaard.", en="Saved."))
    return redirect(place, member.organisation.slug)


def _done(request: HttpRequest, member: Member, place: str, act: Callable[[], None], *, said: str = "") -> HttpResponse:
    """Do what a button asks, and say what came of it on the page it came from."""
    try:
        act()
    except VangrailError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, said or pick(nl="Gedaan.", en="Done."))
    return redirect(place, member.organisation.slug)
