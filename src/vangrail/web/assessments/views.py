"""The board of an application, each requirement with all that stands behind it, and what people do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from vangrail.exports.dossier import plot_svg, requirement_view
from vangrail.model.board import Assessment, Line
from vangrail.model.framework import AskPerson, Measure
from vangrail.model.vocabulary import Role
from vangrail.web.applications import acts
from vangrail.web.applications.assessing import assess
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import AnswerGiven, Application
from vangrail.web.assessments.forms import AnswerForm
from vangrail.web.decisions.models import Stop
from vangrail.web.jobs import acts as jobs
from vangrail.web.look import language
from vangrail.web.look.acting import tried
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import words
from vangrail.web.talking import acts as talking
from vangrail.web.talking.models import Assignment


@members_only(Act.READ)
def board(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Six principles, eight conditions, and every requirement with its verdict, its evidence, and who is next."""
    found = application_of(member, application)
    assessment = assess(found, on=timezone.localdate())
    assigned = found.assignments.filter(ended_at=None).select_related("to")
    context = {
        "principles": _by_principle(assessment, {a.requirement: a for a in assigned}),
        "stopped": Stop.is_stopped(found),
        "counts": [(v, n) for v, n in assessment.board.count().items() if n],
        "run": found.runs.first(),
    }
    return _page(request, member, found, assessment, "board", context)


@members_only(Act.READ)
def requirement(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """One requirement: what it asks and why, its verdict, and all that stands behind it."""
    found = application_of(member, application)
    return _requirement(request, member, found, requirement, form=None)


@members_only(Act.ANSWER)
@require_POST
def answer(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """A named person answers with reasons."""
    found = application_of(member, application)
    there = talking.documents_of(found, requirement)
    form = AnswerForm(request.POST, request.FILES, member=member, there=there)

    @transaction.atomic
    def write() -> AnswerGiven:
        file, documents = form.cleaned_data["file"], (*form.cleaned_data["documents"], *form.chosen())
        if file is not None:
            put = talking.attach(application=found, requirement=requirement, file=file, by=member.person)
            documents = (*documents, put.reference)
        return acts.answer(
            application=found,
            requirement=requirement,
            value=form.cleaned_data["value"],
            because=form.cleaned_data["because"],
            by=member.person,
            role=form.cleaned_data["role"],
            documents=documents,
        )

    given = tried(form, write)
    if given is None:
        return _requirement(request, member, found, requirement, form=form)
    messages.success(request, language.pick(nl="Je antwoord is bewaard.", en="Your answer is saved."))
    return redirect("requirement", member.organisation.slug, application, requirement)


@members_only(Act.MEASURE)
@require_POST
def measure(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Ask to measure everything that the card plans; the page shows how far it is."""
    run = jobs.ask_measurement(application=application_of(member, application), by=member.person)
    return redirect("run", member.organisation.slug, application, run.pk)


@members_only(Act.READ)
def run(request: HttpRequest, member: Member, application: str, run: int) -> HttpResponse:
    """A measurement at work, or what came of it. Asked again every second while it is open."""
    found = application_of(member, application)
    asked = get_object_or_404(found.runs, pk=run)
    new = _measured_since(found, asked.asked_at) if asked.state == asked.State.DONE and asked.figures else []
    context = {"member": member, "application": found, "run": asked, "lines": new}
    page = "assessments/run_state.html" if request.headers.get("HX-Request") else "assessments/run.html"
    return render(request, page, context)


def _measured_since(found: Application, moment: datetime) -> list[Line]:
    """The requirements with a figure that is newer, also those that a later phase asks."""
    since = moment.replace(microsecond=0)  # as figures are stamped
    lines = assess(found, on=timezone.localdate()).board.lines
    return [x for x in lines if any(j.measured and j.measured.measured_at >= since for j in x.judgements)]


def _page(
    request: HttpRequest,
    member: Member,
    found: Application,
    assessment: Assessment,
    name: str,
    context: dict[str, object],
) -> HttpResponse:
    shown = {"member": member, "application": found, "assessment": assessment, "card": assessment.card}
    return render(request, f"assessments/{name}.html", shown | context)


def _requirement(
    request: HttpRequest, member: Member, found: Application, id_: str, *, form: AnswerForm | None
) -> HttpResponse:
    assessment = assess(found, on=timezone.localdate())
    try:
        line = assessment.board.line(id_)
    except KeyError:
        raise Http404 from None
    view = requirement_view(assessment, id_, language=language.current())
    plots = {
        e.id: mark_safe(plot_svg(e.figure.chart.plot, language=language.current()))  # noqa: S308  its texts are escaped
        for e in view.evidence
        if e.figure is not None and e.figure.chart is not None
    }
    content = found.version.content
    declared = {e.id: [line for path in e.fields for line in words.declared(content, path)] for e in view.evidence}
    asks = any(isinstance(p, AskPerson) for p in line.requirement.evidence) or not _measurable(line)
    if form is None and asks and member.may(Act.ANSWER):
        form = AnswerForm(member=member, there=talking.documents_of(found, id_))
    context = {
        "line": line,
        "view": view,
        "plots": plots,
        "declared": declared,
        "form": form,
        "measures": _measurable(line) and member.may(Act.MEASURE),
    }
    return _page(request, member, found, assessment, "requirement", context)


def _measurable(line: Line) -> bool:
    return any(isinstance(p, Measure) for p in line.requirement.evidence)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the board: since when it stands as it does, who looks into it, and whose roles can supply what it lacks."""

    line: Line
    on: date | None
    assigned: Assignment | None
    who: tuple[Role, ...]


def _row(line: Line, assigned: Assignment | None) -> Row:
    days = [j.measured.measured_at.date() for j in line.judgements if j.measured]
    days += [j.answer.on for j in line.judgements if j.answer]
    days += [r.on for j in line.judgements for r in j.records]
    who = tuple(dict.fromkeys(role for j in line.judgements for role in j.who))
    return Row(line=line, on=max(days, default=None), assigned=assigned, who=who)


def _by_principle(assessment: Assessment, assigned: Mapping[str, Assignment]) -> list[dict[str, object]]:
    """Each principle with its lines: first what is asked by now, then what comes later."""
    rows = [_row(line, assigned.get(line.requirement.id)) for line in assessment.board.lines]
    return [
        {
            "principle": principle,
            "asked": [r for r in rows if r.line.requirement.principle == principle.id and r.line.asked],
            "later": [r for r in rows if r.line.requirement.principle == principle.id and not r.line.asked],
            "counts": [(v, n) for v, n in assessment.board.count(principle=principle.id).items() if n],
        }
        for principle in assessment.framework.principles
    ]
