"""The webhooks of an organisation: which there are, what was told, make one, try it, end it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from vangrail.model.vocabulary import DeliveryOutcome, HookEvent
from vangrail.web.hooks import acts
from vangrail.web.hooks.forms import HookForm
from vangrail.web.hooks.models import Delivery, Hook
from vangrail.web.hooks.words import EVENTS, OUTCOMES
from vangrail.web.look.acting import tried
from vangrail.web.look.language import current, pick
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act

SHOWN = 50
"""How many of the last messages the page shows."""


@members_only(Act.ADMINISTER)
@require_safe
def hooks(request: HttpRequest, member: Member) -> HttpResponse:
    """Which addresses are told, and what about."""
    return _list(request, member, HookForm())


@members_only(Act.ADMINISTER)
@require_POST
def make_hook(request: HttpRequest, member: Member) -> HttpResponse:
    """A new address; its secret is on the page that answers, and nowhere else ever again."""
    form = HookForm(request.POST)
    made = tried(form, lambda: acts.register(organisation=member.organisation, by=member.person, **form.cleaned_data))
    if made is None:
        return _list(request, member, form)
    answer = _one(request, member, made[0], secret=made[1])
    answer["Cache-Control"] = "no-store"
    return answer


@members_only(Act.ADMINISTER)
@require_safe
def hook(request: HttpRequest, member: Member, hook: int) -> HttpResponse:
    """One address, with what was told to it. `htmx` asks for the list alone while something is on its way."""
    return _one(request, member, _found(member, hook))


@members_only(Act.ADMINISTER)
@require_POST
def try_hook(request: HttpRequest, member: Member, hook: int) -> HttpResponse:
    """Send a message that says nothing."""
    found = _found(member, hook)
    acts.try_out(hook=found, by=member.person)
    messages.success(request, pick(nl="Het proefbericht is op weg.", en="The try-out is on its way."))
    return redirect("hook", member.organisation.slug, found.pk)


@members_only(Act.ADMINISTER)
@require_POST
def end_hook(request: HttpRequest, member: Member, hook: int) -> HttpResponse:
    """Forget an address."""
    acts.end(hook=_found(member, hook), by=member.person)
    messages.success(request, pick(nl="De webhook is verwijderd.", en="The webhook is removed."))
    return redirect("hooks", member.organisation.slug)


def _found(member: Member, hook: int) -> Hook:
    return get_object_or_404(member.organisation.hooks.select_related("organisation", "made_by"), pk=hook)


def _list(request: HttpRequest, member: Member, form: HookForm) -> HttpResponse:
    found = [{"hook": h, "wants": _wants(h)} for h in member.organisation.hooks.all()]
    return render(request, "hooks/hooks.html", {"member": member, "found": found, "form": form})


def _one(request: HttpRequest, member: Member, found: Hook, **more: Any) -> HttpResponse:
    sent = list(found.deliveries.order_by("-pk")[:SHOWN])
    context = {
        "member": member,
        "hook": found,
        "wants": _wants(found),
        "sent": [{"delivery": d, "what": EVENTS[HookEvent(d.event)][current()], "came": _came(d)} for d in sent],
        "waiting": any(d.state == Delivery.State.WAITING for d in sent),
    }
    page = "sent" if getattr(request, "htmx", False) else "hook"
    return render(request, f"hooks/{page}.html", context | more)


def _wants(found: Hook) -> list[str]:
    return [EVENTS[e][current()] for e in found.wants]


def _came(delivery: Delivery) -> str:
    """What came of it, in words."""
    if not delivery.outcome:
        never = delivery.state == Delivery.State.GIVEN_UP
        return pick(nl="niet verstuurd", en="not sent") if never else pick(nl="op weg", en="on its way")
    return OUTCOMES[DeliveryOutcome(delivery.outcome)][current()]
