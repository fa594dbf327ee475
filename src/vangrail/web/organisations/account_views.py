"""Accounts: the first start, invitations, a second factor, signing in again."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url, perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vangrail.model.errors import VangrailError
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.look.limits import at_most
from vangrail.web.organisations import administering, first_start
from vangrail.web.organisations.forms import FirstStartForm, JoinForm
from vangrail.web.organisations.members import anyone, signed_in
from vangrail.web.organisations.models import Invitation, Person
from vangrail.web.organisations.signing_in import (
    ask_again,
    by_provider,
    lacks_second_factor,
    provider_settings,
    signed_in_again_at_provider,
)

_AFTER_SECOND_FACTOR = "after_second_factor"


def _in(request: HttpRequest, person: Person, then: str) -> HttpResponse:
    """Sign somebody in who just chose a password, as the form would: the session stands among theirs, and nobody asks it again."""
    record_authentication(request, person, method="password", reauthenticated=True)
    answer: HttpResponse = perform_login(request, person, redirect_url=then)
    return answer


@anyone
@never_cache
@at_most(20, a_minute="first_start")
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """The first administrator makes the organisation and their account. Not there once it was done."""
    if not first_start.holds(token):
        raise Http404
    form = FirstStartForm(request.POST or None)
    made = tried(
        form,
        lambda: first_start.begin(
            token=token,
            organisation=form.cleaned_data["organisation"],
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
        ),
    )
    if made is None:
        return render(request, "organisations/begin.html", {"form": form})
    return _in(request, made.person, reverse("administration", args=[made.organisation.slug]))


@anyone
@never_cache
@at_most(20, a_minute="invitation")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation: with a new account, or as who one is."""
    found = administering.invitation_of(token)
    if found is None:
        return render(request, "organisations/invitation_gone.html", status=404)
    person = request.user if isinstance(request.user, Person) else None
    known = person or Person.objects.filter(email=found.email).first()
    context = {"invitation": found, "known": known, "form": None}
    if known is not None:
        if request.method == "POST" and person is not None:
            return _joined(request, found, person)
        return render(request, "organisations/invitation.html", context)
    form = JoinForm(request.POST or None, email=found.email, initial={"name": found.name})
    made = tried(
        form,
        lambda: administering.accept(
            invitation=found, person=None, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
        ),
    )
    if made is None:
        return render(request, "organisations/invitation.html", context | {"form": form})
    return _in(request, made.person, reverse("portfolio", args=[made.organisation.slug]))


def _joined(request: HttpRequest, found: Invitation, person: Person) -> HttpResponse:
    try:
        made = administering.accept(invitation=found, person=person)
    except VangrailError as error:
        messages.error(request, told(error))
        return redirect(request.path)
    return redirect("portfolio", made.organisation.slug)


@signed_in
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a password alone is not enough here, and how to add a second factor."""
    then = get_next_redirect_url(request)
    if not lacks_second_factor(request):
        return redirect(then or request.session.pop(_AFTER_SECOND_FACTOR, reverse("work")))
    if then:
        request.session[_AFTER_SECOND_FACTOR] = then  # the pages of allauth in between do not hand it on
    return render(request, "organisations/second_factor.html", {"then": then or reverse("work")})


@signed_in
@never_cache
@require_safe
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Before something weighty, for who signed in at the identity provider: what happens, and the link to it."""
    then = get_next_redirect_url(request) or reverse("work")
    if not by_provider(request):
        return redirect("account_reauthenticate")
    go = f"{reverse('ask_again')}?{urlencode({'next': then})}"
    return render(request, "organisations/sign_in_again.html", {"go": go, "name": provider_settings().name})


@signed_in
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """To the identity provider."""
    if not by_provider(request):
        raise Http404
    then = get_next_redirect_url(request) or reverse("work")
    return ask_again(request, then=f"{reverse('signed_in_again')}?{urlencode({'next': then})}")


@signed_in
@never_cache
@require_safe
def signed_in_again(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider: what was asked is done now, or it is said why not."""
    if not signed_in_again_at_provider(request):
        messages.error(
            request,
            pick(
                nl="Je aanmeldsysteem bevestigde niet dat jij je net opnieuw aanmeldde. Er is niets beslist.",
                en="Your identity provider did not confirm that you signed in again just now. Nothing was decided.",
            ),
        )
        then = get_next_redirect_url(request) or reverse("work")
        return redirect(f"{reverse('sign_in_again')}?{urlencode({'next': then})}")
    return resume_request(request) or redirect("work")


@anyone
def closed(request: HttpRequest, **place: str) -> HttpResponse:
    """Addresses of allauth that this installation does not have: accounts are made and joined by an administrator."""
    raise Http404
