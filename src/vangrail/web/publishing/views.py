"""Preparing, previewing, approving and withdrawing a publication."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from vangrail.model.errors import VangrailError
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import RIGHTS, Act
from vangrail.web.publishing import acts, making
from vangrail.web.publishing.forms import ReviewForm, WithdrawForm
from vangrail.web.publishing.models import Publication
from vangrail.web.register.showing import Page


@members_only(Act.READ)
def publishing(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """What is public, what waits for a second person, how plain the page is now, and what was published before."""
    return _publishing(request, member, application_of(member, application))


@members_only(Act.PREPARE_PUBLICATION)
@require_POST
def prepare(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Freeze what the page would say now, for somebody else to approve."""
    found = application_of(member, application)
    try:
        made = acts.prepare(application=found, by=member.person)
    except VangrailError as error:
        return _publishing(request, member, found, problem=told(error))
    done = pick(
        nl="Klaar. Nu leest iemand anders de pagina na, en keurt ze goed.",
        en="Done. Now somebody else reads the page and approves it.",
    )
    messages.success(request, done)
    return redirect("publication_preview", member.organisation.slug, application, made.number)


@members_only(Act.READ)
def preview(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """The page as the public will see it, with the question whether it may."""
    return _preview(request, member, _publication(application_of(member, application), number))


@members_only(Act.APPROVE_PUBLICATION)
@require_POST
def review(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """A second person approves, or sends it back."""
    publication = _publication(application_of(member, application), number)
    form = ReviewForm(request.POST)
    said = tried(
        form,
        lambda: acts.review(
            publication=publication,
            by=member.person,
            approved=form.cleaned_data["approved"],
            reasons=form.cleaned_data["reasons"],
        ),
    )
    if said is None:
        return _preview(request, member, publication, form=form)
    if said.approved:
        done = pick(nl="De pagina staat in het openbare register.", en="The page is in the public register.")
    else:
        done = pick(nl="De publicatie gaat terug, met je redenen.", en="The publication goes back, with your reasons.")
    messages.success(request, done)
    return redirect("publishing", member.organisation.slug, application)


@members_only(Act.APPROVE_PUBLICATION)
@require_POST
def withdraw(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Take the page off the register."""
    found = application_of(member, application)
    form = WithdrawForm(request.POST)
    said = tried(form, lambda: acts.withdraw(application=found, by=member.person, reasons=form.cleaned_data["reasons"]))
    if said is None:
        return _publishing(request, member, found, withdraw=form)
    messages.success(request, pick(nl="De pagina is weg uit het register.", en="The page is off the register."))
    return redirect("publishing", member.organisation.slug, application)


def _publication(application: Application, number: int) -> Publication:
    found = application.publications.select_related("by", "version", "approval__by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _publishing(
    request: HttpRequest,
    member: Member,
    found: Application,
    *,
    problem: str = "",
    withdraw: WithdrawForm | None = None,
) -> HttpResponse:
    made = making.make(found)
    publications = list(found.publications.select_related("by", "approval__by", "version").order_by("-number"))
    newest = publications[0] if publications else None
    current = acts.public_now(found)
    context = {
        "member": member,
        "application": found,
        "problem": problem,
        "current": current,
        "current_card": found.version.number,
        "waiting": newest if newest and not hasattr(newest, "approval") else None,
        "publications": publications,
        "withdrawals": found.withdrawals.select_related("by").order_by("-at"),
        "readable": making.readable(made.content),
        "names_replaced": [making.called(place) for place in made.names_replaced],
        "look_at": making.places_with(made.content, making.ASKED),
        "approvers": sorted(RIGHTS[Act.APPROVE_PUBLICATION]),
        "withdraw_form": (withdraw or WithdrawForm()) if current and member.may(Act.APPROVE_PUBLICATION) else None,
    }
    return render(request, "publishing/publishing.html", context)


def _preview(
    request: HttpRequest, member: Member, publication: Publication, *, form: ReviewForm | None = None
) -> HttpResponse:
    application = publication.application
    decided = getattr(publication, "approval", None)
    newest = not application.publications.filter(number__gt=publication.number).exists()
    open_ = decided is None and newest and member.may(Act.APPROVE_PUBLICATION)
    context = {
        "member": member,
        "application": application,
        "publication": publication,
        "decided": decided,
        "newest": newest,
        "own": publication.by == member.person,
        "approvers": sorted(RIGHTS[Act.APPROVE_PUBLICATION]),
        "readable": making.readable(publication.content),
        "form": (form or ReviewForm()) if open_ and (publication.by != member.person or form) else None,
        "page": Page.preview(publication),
    }
    return render(request, "publishing/preview.html", context)
