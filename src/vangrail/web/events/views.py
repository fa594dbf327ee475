"""The page of events: what happened, who watches, and what the rounds found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vangrail import knowledge
from vangrail.model.framework import Process, Requirement
from vangrail.model.vocabulary import RecordKind
from vangrail.web.applications.assessing import records_of
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.events import acts
from vangrail.web.events.forms import EventForm, WatchForm
from vangrail.web.events.models import Watch
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.talking.acts import colleagues

ROUNDS_SHOWN = 30


@members_only(Act.READ)
def events(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Everything that was written down, the newest first, and how the application is watched."""
    return _events(request, member, application_of(member, application))


@members_only(Act.RECORD_EVENT)
def write_down(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Write down what happened."""
    found = application_of(member, application)
    asked = {"kind": request.GET.get("soort"), "on": timezone.localdate()}
    form = EventForm(request.POST or None, initial=asked)
    if request.method == "POST":
        done = tried(
            form,
            lambda: acts.write_down(
                application=found,
                kind=form.cleaned_data["kind"],
                on=form.cleaned_data["on"],
                what=form.cleaned_data["what"],
                outcome=form.cleaned_data["outcome"],
                people=form.cleaned_data["people"],
                documents=[form.cleaned_data["document"]] if form.cleaned_data["document"] else [],
                by=member.person,
            ),
        )
        if done is not None:
            messages.success(request, pick(nl="Het is opgeschreven.", en="It is written down."))
            return redirect("events", member.organisation.slug, application)
    return render(request, "events/new.html", {"member": member, "application": found, "form": form})


@members_only(Act.MEASURE)
@require_POST
def watch(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Have it watched, or change who is told."""
    found = application_of(member, application)
    form = WatchForm(request.POST, people=colleagues(found))
    done = tried(form, lambda: acts.watch(application=found, told=form.cleaned_data["told"], by=member.person))
    if done is None:
        return _events(request, member, found, form=form)
    messages.success(request, pick(nl="De bewaking staat aan.", en="It is being watched."))
    return redirect("events", member.organisation.slug, application)


@members_only(Act.MEASURE)
@require_POST
def stop_watching(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Watch it no longer."""
    acts.stop_watching(application=application_of(member, application), by=member.person)
    messages.success(request, pick(nl="De bewaking staat uit.", en="It is no longer watched."))
    return redirect("events", member.organisation.slug, application)


@members_only(Act.RECORD_EVENT)
@require_POST
def look_at(request: HttpRequest, member: Member, application: str, round_: int) -> HttpResponse:
    """Somebody saw what changed."""
    found = application_of(member, application)
    acts.look_at(round_=get_object_or_404(found.rounds, pk=round_), by=member.person)
    return redirect("events", member.organisation.slug, application)


def _events(
    request: HttpRequest, member: Member, application: Application, *, form: WatchForm | None = None
) -> HttpResponse:
    held = Watch.objects.filter(application=application).first()
    proves = _proves()
    if form is None and member.may(Act.MEASURE):
        told = [str(p.pk) for p in held.told.all()] if held else [str(member.person.pk)]
        form = WatchForm(people=colleagues(application), initial={"told": told})
    titles = {r.id: r.title for r in knowledge.framework().requirements}
    rounds = list(application.rounds.select_related("seen_by")[:ROUNDS_SHOWN])
    for round_ in rounds:
        for change in round_.changes:
            change["title"] = titles.get(change["requirement"], change["requirement"])
    context = {
        "member": member,
        "application": application,
        "records": [(r, proves.get(r.kind, ())) for r in sorted(records_of(application), key=lambda r: r.on)[::-1]],
        "lacking": _lacking(application),
        "watch": held,
        "told": held.told.order_by("name") if held else (),
        "rounds": rounds,
        "form": form,
    }
    return render(request, "events/events.html", context)


def _proves() -> dict[RecordKind, list[Requirement]]:
    """The requirements that rest on records of each kind."""
    found: dict[RecordKind, list[Requirement]] = {}
    for requirement in knowledge.framework().requirements:
        for proof in requirement.evidence:
            if isinstance(proof, Process):
                found.setdefault(proof.record, []).append(requirement)
    return found


def _lacking(application: Application) -> list[RecordKind]:
    """What can be written down here and was not yet."""
    there = {RecordKind(kind) for kind in application.recordkepts.values_list("kind", flat=True)}
    return [kind for kind in acts.BY_HAND if kind not in there]
