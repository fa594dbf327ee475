"""Incidents of an application and of the organisation: recorded, counted down, handled, closed with what was learnt."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vangrail import law
from vangrail.model.vocabulary import Consequence
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.finding import application_of, newest_cards
from vangrail.web.applications.models import Application
from vangrail.web.classifying.papers import paper as as_file
from vangrail.web.decisions.models import Stop
from vangrail.web.incidents import acts, counting
from vangrail.web.incidents.forms import (
    CloseForm,
    IncidentForm,
    NoteForm,
    OwnerForm,
    ReopenForm,
    ReportForm,
    ReviewForm,
    TaskForm,
)
from vangrail.web.incidents.models import Incident, IncidentTask
from vangrail.web.look.acting import tried
from vangrail.web.look.language import current, pick
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act

PAPERS = ("incident-breach", "incident-serious", "incident-nis2")


@members_only(Act.READ)
def all_incidents(request: HttpRequest, member: Member) -> HttpResponse:
    """The incidents of every application of the organisation: first those that are open."""
    cards = {v.application_id: v.content for v in newest_cards(member.organisation)}
    context = {"member": member} | _sorted(Incident.of(member.organisation), cards)
    return render(request, "incidents/all.html", context)


@members_only(Act.READ)
def incidents(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The incidents of an application, and looking back on them."""
    return _incidents(request, member, application_of(member, application))


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def review(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Look back on the incidents, also when there were none."""
    found = application_of(member, application)
    form = ReviewForm(request.POST)
    done = tried(
        form,
        lambda: acts.review(
            application=found,
            what=pick(nl="Nabespreking van alle incidenten", en="Review of all incidents"),
            lessons=form.cleaned_data["lessons"],
            by=member.person,
        ),
    )
    if done is None:
        return _incidents(request, member, found, form=form)
    messages.success(request, pick(nl="De nabespreking is bewaard.", en="The review is saved."))
    return redirect("incidents", member.organisation.slug, application)


@members_only(Act.RECORD_INCIDENT)
def new(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Write down what went wrong."""
    found = application_of(member, application)
    form = IncidentForm(request.POST or None, nis2=_nis2(found), initial={"noticed_at": timezone.localtime()})
    if request.method == "POST":
        done = tried(form, lambda: acts.record_incident(application=found, found=form.cleaned_data, by=member.person))
        if done is not None:
            messages.success(request, pick(nl="Het incident is opgeschreven.", en="The incident is recorded."))
            return redirect("incident", member.organisation.slug, application, done.pk)
    return render(request, "incidents/edit.html", {"member": member, "application": found, "form": form})


@members_only(Act.READ)
def incident(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """One incident. The terms alone are asked again every minute while the page is open."""
    found = _incident_of(member, application, incident)
    if request.headers.get("HX-Request"):
        context = {"member": member, "application": found.application, "incident": found, "terms": _counted(found)}
        return render(request, "incidents/terms.html", context)
    return _incident(request, member, found)


@members_only(Act.HANDLE_INCIDENT)
def correct(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Write down what people found out since."""
    found = _incident_of(member, application, incident)
    held = IncidentForm.shown({name: getattr(found, name) for name in acts.KNOWN})
    form = IncidentForm(request.POST or None, nis2=_nis2(found.application), initial=held)
    if request.method == "POST":
        done = tried(form, lambda: acts.correct(incident=found, found=form.cleaned_data, by=member.person))
        if done is not None:
            return redirect("incident", member.organisation.slug, application, found.pk)
        found.refresh_from_db()
    context = {"member": member, "application": found.application, "incident": found, "form": form}
    return render(request, "incidents/edit.html", context)


@members_only(Act.RECORD_INCIDENT)
@require_POST
def note(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Add to the history."""
    found = _incident_of(member, application, incident)
    form = NoteForm(request.POST)
    return _done(
        request,
        member,
        found,
        "note_form",
        form,
        lambda: acts.note(incident=found, text=form.cleaned_data["text"], by=member.person),
    )


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def report(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Say that it was reported."""
    found = _incident_of(member, application, incident)
    form = ReportForm(request.POST, terms=_to_report(_counted(found)))
    return _done(
        request,
        member,
        found,
        "report_form",
        form,
        lambda: acts.report(incident=found, by=member.person, **form.cleaned_data),
    )


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def assign(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Somebody handles it."""
    found = _incident_of(member, application, incident)
    form = OwnerForm(request.POST, people=acts.handlers(found.application, Act.HANDLE_INCIDENT))
    return _done(
        request,
        member,
        found,
        "owner_form",
        form,
        lambda: acts.assign(incident=found, owner=form.cleaned_data["owner"], by=member.person),
    )


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def give_task(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Somebody has something to do."""
    found = _incident_of(member, application, incident)
    form = TaskForm(request.POST, people=acts.handlers(found.application, Act.RECORD_INCIDENT))
    return _done(
        request,
        member,
        found,
        "task_form",
        form,
        lambda: acts.give_task(incident=found, by=member.person, **form.cleaned_data),
    )


@members_only(Act.RECORD_INCIDENT)
@require_POST
def finish_task(request: HttpRequest, member: Member, application: str, incident: int, task: int) -> HttpResponse:
    """A task is done."""
    found = _incident_of(member, application, incident)
    one = get_object_or_404(
        IncidentTask.objects.select_related("owner", "incident__application"), pk=task, incident=found
    )
    form = Form(request.POST)
    handles = member.may(Act.HANDLE_INCIDENT)
    return _done(
        request,
        member,
        found,
        "finish_form",
        form,
        lambda: acts.finish_task(task=one, by=member.person, handles=handles),
    )


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def close(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Close it, with reasons and lessons."""
    found = _incident_of(member, application, incident)
    form = CloseForm(request.POST)
    counted = _counted(found)
    to_report = [c.term.title[current()] for c in counted if c.urgent]
    unknown = dict.fromkeys(m[current()] for c in counted if c.state == "unknown" for m in c.missing)
    return _done(
        request,
        member,
        found,
        "close_form",
        form,
        lambda: acts.close(
            incident=found, by=member.person, to_report=to_report, to_find_out=list(unknown), **form.cleaned_data
        ),
    )


@members_only(Act.HANDLE_INCIDENT)
@require_POST
def reopen(request: HttpRequest, member: Member, application: str, incident: int) -> HttpResponse:
    """Open it again, with a reason."""
    found = _incident_of(member, application, incident)
    form = ReopenForm(request.POST)
    return _done(
        request,
        member,
        found,
        "reopen_form",
        form,
        lambda: acts.reopen(incident=found, reasons=form.cleaned_data["reasons"], by=member.person),
    )


@members_only(Act.READ)
def paper(request: HttpRequest, member: Member, application: str, incident: int, form: str) -> HttpResponse:
    """The report for an authority, filled from the card and the incident, as a file."""
    found = _incident_of(member, application, incident)
    if form not in PAPERS:
        raise Http404
    card = card_of(found.application)
    texts = law.card_texts(card.model_dump(mode="json"))
    texts |= counting.texts_of(found, stopped=Stop.is_stopped(found.application))
    classification = counting.classification(card.facts, timezone.localdate())
    filled = law.fill(form, classification, texts, language=current())
    return as_file(filled, f"{found.application.slug}-{found.pk}", as_=request.GET.get("als", ""))


def _incident_of(member: Member, application: str, number: int) -> Incident:
    """The incident with this number, of this application of the member's organisation. Http404 when there is none."""
    found = Incident.of(member.organisation).select_related("recorded_by", "closed_by", "record")
    return get_object_or_404(found, pk=number, application__slug=application)


def _nis2(application: Application) -> bool:
    return law.plain_facts(application.version.content.get("facts", {})).get("nis2_entity") is True


def _counted(found: Incident) -> list[counting.Counted]:
    return counting.terms_of(found, found.application.version.content.get("facts", {}), at=timezone.now())


def _to_report(counted: list[counting.Counted]) -> list[law.Term]:
    return [c.term for c in counted if c.state != "not_law_yet"]


def _done(
    request: HttpRequest, member: Member, found: Incident, name: str, form: Form, act: Callable[[], object]
) -> HttpResponse:
    """Do it and go back to the incident; when it is refused, the page says why beside the form."""
    if tried(form, lambda: (act(), True)) is None:
        return _incident(request, member, Incident.objects.get(pk=found.pk), **{name: form})
    return redirect("incident", member.organisation.slug, found.application.slug, found.pk)


def _incident(request: HttpRequest, member: Member, found: Incident, **refused: Form) -> HttpResponse:
    handles, open_ = member.may(Act.HANDLE_INCIDENT), found.closed_at is None
    counted = _counted(found)
    to_report, words = _to_report(counted), law.consequences()
    context: dict[str, Any] = {
        "member": member,
        "application": found.application,
        "incident": found,
        "terms": counted,
        "late": [c for c in counted if c.state == "overdue"],
        "ticking": list(dict.fromkeys(m[current()] for c in counted if c.ticks for m in c.missing)),
        "consequences": None if found.consequences is None else [words[Consequence(c)] for c in found.consequences],
        "tasks": found.tasks.select_related("owner", "done_by"),
        "entries": found.entries.select_related("by"),
        "titles": law.term_titles(),
        "fields": counting.FIELDS,
        "stopped": Stop.is_stopped(found.application),
        "today": timezone.localdate(),
        "finish_form": None,
    }
    if handles and open_:
        handlers = acts.handlers(found.application, Act.HANDLE_INCIDENT)
        context |= {
            "report_form": ReportForm(terms=to_report, initial={"reported_at": timezone.localtime()})
            if to_report
            else None,
            "task_form": TaskForm(people=acts.handlers(found.application, Act.RECORD_INCIDENT)),
            "owner_form": OwnerForm(people=handlers, initial={"owner": found.owner or member.person}),
            "close_form": CloseForm(),
        }
    if handles and not open_:
        context["reopen_form"] = ReopenForm()
    if member.may(Act.RECORD_INCIDENT):
        context["note_form"] = NoteForm()
    return render(request, "incidents/incident.html", context | refused)


def _incidents(
    request: HttpRequest, member: Member, found: Application, *, form: ReviewForm | None = None
) -> HttpResponse:
    cards = {found.pk: found.version.content}
    reviews = found.recordkepts.filter(kind="incident_review").select_related("by").order_by("-at")
    context = {
        "member": member,
        "application": found,
        "reviews": reviews[:20],
        "form": (form or ReviewForm()) if member.may(Act.HANDLE_INCIDENT) else None,
    }
    return render(
        request,
        "incidents/list.html",
        context | _sorted(Incident.of(member.organisation).filter(application=found), cards),
    )


def _sorted(found: QuerySet[Incident], cards: dict[int, dict[str, Any]]) -> dict[str, list[counting.Listed]]:
    """What is open, the most overdue first; and what is closed."""
    shown = counting.listed(found, cards, at=timezone.now())
    open_ = [x for x in shown if x.incident.closed_at is None]
    return {
        "open": sorted(open_, key=lambda x: -x.overdue),
        "closed": [x for x in shown if x.incident.closed_at is not None],
    }
