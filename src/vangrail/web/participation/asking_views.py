"""For colleagues: consultations, surveys, and the pulse on workable work."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vangrail.model.errors import VangrailError
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import Member, View, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.participation import consultations, surveys
from vangrail.web.participation.forms import (
    ConsultationForm,
    LinksForm,
    PointForm,
    PulseForm,
    SurveyForm,
    TextForm,
)
from vangrail.web.participation.models import Consultation, Remark, Survey


# --- consultations ---------------------------------------------------------------------------------------------------
@members_only(Act.CONSULT)
def new_consultation(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Write down that a group was asked."""
    found = application_of(member, application)
    form = ConsultationForm(request.POST or None)
    if request.method == "POST":
        held = tried(form, lambda: consultations.hold(application=found, by=member.person, **form.cleaned_data))
        if held is not None:
            return redirect("consultation", member.organisation.slug, application, held.pk)
    context = {"member": member, "application": found, "form": form}
    return render(request, "participation/new_consultation.html", context)


@members_only(Act.READ)
def consultation(request: HttpRequest, member: Member, application: str, consultation: int) -> HttpResponse:
    """Who was asked, what they said, what was done with it."""
    found = application_of(member, application)
    return _consultation(request, member, found, _held(found, consultation))


@members_only(Act.CONSULT)
@require_POST
def add_point(request: HttpRequest, member: Member, application: str, consultation: int) -> HttpResponse:
    """One thing that was said."""
    found = application_of(member, application)
    held, form = _held(found, consultation), _point_form(request.POST)
    said = tried(
        form, lambda: consultations.add_point(consultation=held, said=form.cleaned_data["text"], by=member.person)
    )
    if said is None:
        return _consultation(request, member, found, held, adding=form)
    return redirect("consultation", member.organisation.slug, application, held.pk)


@members_only(Act.CONSULT)
@require_POST
def answer_point(request: HttpRequest, member: Member, application: str, consultation: int, point: int) -> HttpResponse:
    """What was done with one thing that was said."""
    found = application_of(member, application)
    held = _held(found, consultation)
    one = get_object_or_404(held.points, pk=point)
    form = PointForm(request.POST, prefix=f"p{point}")
    if tried(form, lambda: consultations.answer_point(point=one, by=member.person, **form.cleaned_data)) is None:
        return _consultation(request, member, found, held, answering={point: form})
    return redirect("consultation", member.organisation.slug, application, held.pk)


@members_only(Act.CONSULT)
@require_POST
def close_consultation(request: HttpRequest, member: Member, application: str, consultation: int) -> HttpResponse:
    """Every point has its answer: make it public, and a record."""
    found = application_of(member, application)
    held = _held(found, consultation)
    _try(request, lambda: consultations.close(consultation=held, by=member.person))
    return redirect("consultation", member.organisation.slug, application, held.pk)


def _held(application: Application, number: int) -> Consultation:
    return get_object_or_404(application.consultations.select_related("by"), pk=number)


def _point_form(data: Any = None) -> TextForm:
    help_text = pick(
        nl="Eén punt per keer, zonder namen. Bijvoorbeeld: 'Zet een telefoonnummer op elk scherm.'",
        en="One point at a time, without names. For example: 'Put a telephone number on every screen.'",
    )
    return TextForm(data, prefix="new", label=pick(nl="Wat zeiden ze?", en="What did they say?"), help_text=help_text)


def _consultation(
    request: HttpRequest,
    member: Member,
    found: Application,
    held: Consultation,
    *,
    adding: TextForm | None = None,
    answering: dict[int, PointForm] | None = None,
) -> HttpResponse:
    works = member.may(Act.CONSULT) and held.closed_at is None
    points = [
        {
            "point": p,
            "form": (answering or {}).get(p.pk)
            or PointForm(prefix=f"p{p.pk}", initial={"taken_over": p.taken_over, "done": p.done}),
        }
        for p in held.points.all()
    ]
    context = {
        "member": member,
        "application": found,
        "consultation": held,
        "points": points,
        "works": works,
        "adding": adding or _point_form(),
    }
    return render(request, "participation/consultation.html", context)


# --- surveys: the same pages twice, as HR asks about work and others ask the rest ------------------------------------
@members_only(Act.CONSULT)
def new_survey(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """A survey with questions of one's own."""
    found = application_of(member, application)
    form = SurveyForm(request.POST or None)
    if request.method == "POST":
        made = tried(
            form,
            lambda: surveys.make(
                application=found,
                title=form.cleaned_data["title"],
                intro=form.cleaned_data["intro"],
                groups=form.cleaned_data["groups"],
                questions=form.questions(),
                by=member.person,
            ),
        )
        if made is not None:
            return redirect("survey_inside", member.organisation.slug, application, made.pk)
    context = {"member": member, "application": found, "form": form}
    return render(request, "participation/new_survey.html", context)


@members_only(Act.SURVEY_STAFF)
def new_pulse(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The four questions on workable work."""
    found = application_of(member, application)
    form = PulseForm(request.POST or None)
    if request.method == "POST":
        made = tried(form, lambda: surveys.make_pulse(application=found, by=member.person, **form.cleaned_data))
        if made is not None:
            return redirect("survey_inside", member.organisation.slug, application, made.pk)
    context = {"member": member, "application": found, "form": form, "pulse": surveys.PULSE.values()}
    return render(request, "participation/new_pulse.html", context)


@members_only(Act.READ)
def survey_inside(request: HttpRequest, member: Member, application: str, survey: int) -> HttpResponse:
    """A survey: its questions, how many answered, and the totals once it is closed."""
    found = application_of(member, application)
    return _survey(request, member, found, get_object_or_404(found.surveys, pk=survey))


def _links(about_work: bool, act: Act) -> View:
    @members_only(act)
    @never_cache
    @require_POST
    def links(request: HttpRequest, member: Member, application: str, survey: int) -> HttpResponse:
        """Make links, and show them once."""
        found = application_of(member, application)
        held = _of_kind(found, survey, about_work=about_work)
        form = LinksForm(request.POST)
        tokens = tried(form, lambda: surveys.invite(survey=held, number=form.cleaned_data["number"], by=member.person))
        addresses = [request.build_absolute_uri(reverse("survey", args=[t])) for t in tokens or []]
        return _survey(request, member, found, held, links=form if tokens is None else None, addresses=addresses)

    return links


def _close(about_work: bool, act: Act) -> View:
    @members_only(act)
    @require_POST
    def close(request: HttpRequest, member: Member, application: str, survey: int) -> HttpResponse:
        """No more answers."""
        found = application_of(member, application)
        held = _of_kind(found, survey, about_work=about_work)
        _try(request, lambda: surveys.close(survey=held, by=member.person))
        return redirect("survey_inside", member.organisation.slug, application, held.pk)

    return close


survey_links, pulse_links = _links(False, Act.CONSULT), _links(True, Act.SURVEY_STAFF)
close_survey, close_pulse = _close(False, Act.CONSULT), _close(True, Act.SURVEY_STAFF)


@members_only(Act.CONSULT)
@require_POST
def publish_survey(request: HttpRequest, member: Member, application: str, survey: int) -> HttpResponse:
    """Show the totals on the public page, or no longer."""
    found = application_of(member, application)
    held = _of_kind(found, survey, about_work=False)
    _try(request, lambda: surveys.publish(survey=held, public="show" in request.POST, by=member.person))
    return redirect("survey_inside", member.organisation.slug, application, held.pk)


@members_only(Act.CONSULT)
@require_POST
def moderate_remark(request: HttpRequest, member: Member, application: str, survey: int, remark: str) -> HttpResponse:
    """Let a remark be seen outside, or no longer."""
    found = application_of(member, application)
    held = _of_kind(found, survey, about_work=False)
    one = next((r for r in Remark.objects.filter(question__survey=held) if str(r.pk) == remark), None)
    if one is None or surveys.totals(held) is None:
        raise Http404
    _try(request, lambda: surveys.moderate(remark=one, show="show" in request.POST, by=member.person))
    return redirect("survey_inside", member.organisation.slug, application, held.pk)


@members_only(Act.EDIT_CARD)
@require_POST
def pulse_on_card(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Say on the card where the answers of the pulse are."""
    found = application_of(member, application)
    _try(request, lambda: surveys.put_on_card(application=found, by=member.person))
    return redirect("participation", member.organisation.slug, application)


def _of_kind(application: Application, number: int, *, about_work: bool) -> Survey:
    held: Survey = get_object_or_404(application.surveys, pk=number)
    if held.is_about_work != about_work:
        raise Http404
    return held


def _survey(
    request: HttpRequest,
    member: Member,
    found: Application,
    held: Survey,
    *,
    links: LinksForm | None = None,
    addresses: list[str] | None = None,
) -> HttpResponse:
    works = member.may(Act.SURVEY_STAFF if held.is_about_work else Act.CONSULT)
    totals = surveys.totals(held)
    context = {
        "member": member,
        "application": found,
        "survey": held,
        "questions": held.questions.all(),
        "invited": held.invitations.count(),
        "answers": held.filled.count(),
        "totals": totals,
        "remarks": Remark.objects.filter(question__survey=held).select_related("question")
        if works and totals is not None
        else [],
        "works": works,
        "links": links or LinksForm(),
        "addresses": addresses or [],
        "can_put_on_card": held.is_about_work
        and held.closed_at is not None
        and totals is not None
        and member.may(Act.EDIT_CARD)
        and not surveys.is_on_card(found),
        "prefix": "pulse" if held.is_about_work else "survey",
    }
    return render(request, "participation/survey_inside.html", context)


def _try(request: HttpRequest, act: Callable[[], object]) -> None:
    """Do what a button without fields asks; what the user can solve is said on the page that follows."""
    try:
        act()
    except VangrailError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, pick(nl="Bewaard.", en="Saved."))
