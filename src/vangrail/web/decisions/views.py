"""The gate of an application, and stopping it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vangrail.model.card import Card
from vangrail.model.vocabulary import Role
from vangrail.web.applications.assessing import assess, card_of
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.decisions import acts
from vangrail.web.decisions.forms import AdviceForm, DecisionForm, StopForm
from vangrail.web.decisions.models import Stop
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.organisations.signing_in import signed_in_again


@members_only(Act.READ)
def gate(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """What is met, what is not, what is unknown; the advice; and the decisions until now."""
    return _gate(request, member, application_of(member, application))


@members_only(Act.DECIDE)
@signed_in_again
@require_POST
def decide(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """A named person decides, after signing in again."""
    found = application_of(member, application)
    form = DecisionForm(request.POST, roles=_decider_roles(member, found))
    done = tried(
        form,
        lambda: acts.decide(
            application=found,
            outcome=form.cleaned_data["outcome"],
            by=member.person,
            role=form.cleaned_data["role"],
            reasons=form.cleaned_data["reasons"],
        ),
    )
    if done is None:
        return _gate(request, member, found, decision=form)
    messages.success(request, pick(nl="Je beslissing staat in het logboek.", en="Your decision is in the ledger."))
    return redirect("gate", member.organisation.slug, application)


@members_only(Act.ADVISE)
@require_POST
def advise(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """An adviser gives advice."""
    found = application_of(member, application)
    form = AdviceForm(request.POST, roles=_adviser_roles(member, found))
    done = tried(
        form,
        lambda: acts.advise(
            application=found,
            by=member.person,
            role=form.cleaned_data["role"],
            favourable=form.cleaned_data["favourable"],
            text=form.cleaned_data["reasons"],
        ),
    )
    if done is None:
        return _gate(request, member, found, advice=form)
    messages.success(request, pick(nl="Je advies is bewaard.", en="Your advice is saved."))
    return redirect("gate", member.organisation.slug, application)


@members_only(Act.READ)
def stopping(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The stop button with the fallback procedure beside it, and what was stopped before."""
    return _stopping(request, member, application_of(member, application), None)


@members_only(Act.STOP)
@require_POST
def stop(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Stop at once, or take it up again."""
    found = application_of(member, application)
    form = StopForm(request.POST)
    act = acts.resume if Stop.is_stopped(found) else acts.stop
    done = tried(form, lambda: act(application=found, by=member.person, reasons=form.cleaned_data["reasons"]))
    if done is None:
        return _stopping(request, member, found, form)
    return redirect("stopping", member.organisation.slug, application)


def _gate(
    request: HttpRequest,
    member: Member,
    found: Application,
    *,
    decision: DecisionForm | None = None,
    advice: AdviceForm | None = None,
) -> HttpResponse:
    assessment = assess(found, on=timezone.localdate())
    view = assessment.gate
    deciders, advisers = _decider_roles(member, found), _adviser_roles(member, found)
    context = {
        "member": member,
        "application": found,
        "assessment": assessment,
        "gate": view,
        "advice": acts.advice_for(found, view.gate) if view else [],
        "decisions": found.decisions.select_related("by").order_by("-at"),
        "decision_form": (decision or DecisionForm(roles=deciders)) if view and deciders else None,
        "advice_form": (advice or AdviceForm(roles=advisers)) if view and advisers else None,
        "decides": [(r, assessment.card.people.get(r)) for r in view.gate.opened_by] if view else [],
    }
    return render(request, "decisions/gate.html", context)


def _stopping(request: HttpRequest, member: Member, found: Application, form: StopForm | None) -> HttpResponse:
    context = {
        "member": member,
        "application": found,
        "card": card_of(found),
        "stopped": Stop.is_stopped(found),
        "stops": found.stops.select_related("by").order_by("-at"),
        "form": (form or StopForm()) if member.may(Act.STOP) else None,
    }
    return render(request, "decisions/stopping.html", context)


def _decider_roles(member: Member, found: Application) -> list[Role]:
    """The roles in which this member may decide: the gate allows it, and the card names them for it."""
    view = assess(found, on=timezone.localdate()).gate
    if view is None or not member.may(Act.DECIDE):
        return []
    named = [r for r in view.gate.opened_by if _names(card_of(found), r, member)]
    return acts.roles_of(member.roles, tuple(named))


def _adviser_roles(member: Member, found: Application) -> list[Role]:
    """The roles in which this member may advise: what they are here, and what the card names them for, such as overseer."""
    view = assess(found, on=timezone.localdate()).gate
    if view is None or not member.may(Act.ADVISE):
        return []
    asked = [a.role for a in acts.advice_for(found, view.gate)]
    held = acts.roles_of(member.roles, asked)
    return [r for r in asked if r in held or _names(card_of(found), r, member)]


def _names(card: Card, role: Role, member: Member) -> bool:
    return role in card.people and card.people[role].name.casefold() == member.name.casefold()
