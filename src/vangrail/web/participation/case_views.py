"""For colleagues: the cases of an application, what is done with each, and what is still to do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from vangrail.model.vocabulary import CaseKind, CaseResult, CaseState, Language
from vangrail.text import plain_dutch
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.participation import cases
from vangrail.web.participation.forms import (
    AnswerForm,
    AssignForm,
    PlaceForm,
    PublicAnswerForm,
    ReviewForm,
    TextForm,
)
from vangrail.web.participation.models import Case
from vangrail.web.participation.public import is_public

PLAIN = 60
"""Flesch-Douma from which a text reads as normal or easier (Douma 1960)."""
SHOWN_CLOSED = 50


@members_only(Act.READ)
def participation(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """What came in with its term and owner, the overdue first; consultations; surveys. Without what people wrote."""
    found = application_of(member, application)
    every = found.cases.select_related("owner")
    context = {
        "member": member,
        "application": found,
        "open": every.exclude(state=CaseState.CLOSED),
        "is_public": is_public(found),
        "closed": every.filter(state=CaseState.CLOSED).order_by("-closed_at")[:SHOWN_CLOSED],
        "consultations": found.consultations.all(),
        "surveys": found.surveys.all(),
    }
    return render(request, "participation/participation.html", context)


@members_only(Act.SEE_CASES)
def case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """One case: what was written, what was done, and what can be done now."""
    found = application_of(member, application)
    return _page(request, member, found, _case(found, case))


@members_only(Act.HANDLE_CASES)
@require_POST
def assign_case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Say who handles it."""
    found = application_of(member, application)
    held = _case(found, case)
    form = AssignForm(request.POST, handlers=[p for p, _ in cases.handlers_of(found)])
    return _do(
        request,
        member,
        found,
        held,
        "assign",
        form,
        lambda said: cases.assign(case=held, to=said["to"], by=member.person),
    )


@members_only(Act.HANDLE_CASES)
@require_POST
def place_case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Say which requirement it touches."""
    found = application_of(member, application)
    held = _case(found, case)
    return _do(
        request,
        member,
        found,
        held,
        "place",
        PlaceForm(request.POST),
        lambda said: cases.place(case=held, requirement=said["requirement"], because=said["because"], by=member.person),
    )


@members_only(Act.SEE_CASES)
@require_POST
def note_case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Write something for colleagues."""
    found = application_of(member, application)
    held = _case(found, case)
    return _do(
        request,
        member,
        found,
        held,
        "note",
        _note_form(request.POST),
        lambda said: cases.note(case=held, text=said["text"], by=member.person),
    )


@members_only(Act.HANDLE_CASES)
@require_POST
def ask_back(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Write to the person outside."""
    found = application_of(member, application)
    held = _case(found, case)
    return _do(
        request,
        member,
        found,
        held,
        "ask",
        _ask_form(request.POST),
        lambda said: cases.ask_back(case=held, text=said["text"], by=member.person),
    )


@members_only(Act.HANDLE_CASES)
@require_POST
def answer_case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Answer; for an objection, propose an answer. First seen with how plain it reads, then sent."""
    found = application_of(member, application)
    held = _case(found, case)
    form = AnswerForm(request.POST, case=held)
    if "look" in request.POST and form.is_valid():
        return _page(request, member, found, held, answer=form, reading=_reading(form.cleaned_data["text"], held))
    return _do(
        request,
        member,
        found,
        held,
        "answer",
        form,
        lambda said: cases.answer(
            case=held,
            result=said["result"],
            text=said["text"],
            changes=said.get("changes", ""),
            by=member.person,
        ),
    )


@members_only(Act.REVIEW_CASES)
@require_POST
def review_case(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Look again at an objection, and decide."""
    found = application_of(member, application)
    held = _case(found, case)
    form = ReviewForm(request.POST, case=held)
    if "look" in request.POST and form.is_valid():
        return _page(request, member, found, held, review=form, reading=_reading(form.cleaned_data["text"], held))
    return _do(
        request,
        member,
        found,
        held,
        "review",
        form,
        lambda said: cases.review(
            case=held,
            result=said["result"],
            text=said["text"],
            changes=said.get("changes", ""),
            because=said["because"],
            by=member.person,
        ),
    )


@members_only(Act.HANDLE_CASES)
@require_POST
def publish_answer(request: HttpRequest, member: Member, application: str, case: int) -> HttpResponse:
    """Put a question with its answer on the public page, or take it off."""
    found = application_of(member, application)
    held = _case(found, case)
    if "remove" in request.POST:
        cases.unpublish(case=held, by=member.person)
        return redirect("case", member.organisation.slug, application, held.pk)
    return _do(
        request,
        member,
        found,
        held,
        "publish",
        PublicAnswerForm(request.POST),
        lambda said: cases.publish(case=held, question=said["question"], answer_=said["answer"], by=member.person),
    )


def _case(application: Application, number: int) -> Case:
    related = ("owner", "proposed_by", "closed_by", "published_by", "application__organisation")
    return get_object_or_404(application.cases.select_related(*related), pk=number)


def _note_form(data: Any = None) -> TextForm:
    return TextForm(data, prefix="note", label=pick(nl="Notitie voor collega's", en="Note for colleagues"))


def _ask_form(data: Any = None) -> TextForm:
    label = pick(nl="Vraag of bericht aan de persoon", en="Question or message to the person")
    help_text = pick(
        nl="De persoon leest dit op de volgpagina, zonder je naam.",
        en="The person reads this on their page, without your name.",
    )
    return TextForm(data, prefix="ask", label=label, help_text=help_text)


def _do(
    request: HttpRequest,
    member: Member,
    found: Application,
    held: Case,
    name: str,
    form: Form,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Do it and show the case anew; or show the form with what is wrong and all that was typed."""
    if tried(form, lambda: (act(form.cleaned_data), True)) is None:
        return _page(request, member, found, held, **{name: form})
    messages.success(request, pick(nl="Bewaard.", en="Saved."))
    return redirect("case", member.organisation.slug, found.slug, held.pk)


def _reading(text: str, held: Case) -> dict[str, object] | None:
    """How plain a Dutch answer reads; nothing for another language."""
    if held.language != Language.NL:
        return None
    read = plain_dutch.read(text)
    return {"read": read, "plain": (read.flesch_douma or 0) >= PLAIN}


def _page(
    request: HttpRequest, member: Member, found: Application, held: Case, *, reading: object = None, **forms: Form
) -> HttpResponse:
    mine = member.person.pk in cases.handled_by(held)
    handles, open_ = member.may(Act.HANDLE_CASES), held.is_open
    can_publish = handles and held.kind == CaseKind.QUESTION and held.result == CaseResult.ANSWERED
    shown: dict[str, object] = {"note": forms.get("note") or _note_form()}
    if handles and open_:
        handlers = [p for p, _ in cases.handlers_of(found)]
        shown |= {
            "assign": forms.get("assign") or AssignForm(handlers=handlers, initial={"to": held.owner_id}),
            "place": forms.get("place") or PlaceForm(initial={"requirement": held.requirement}),
            "ask": forms.get("ask") or _ask_form(),
        }
        if not held.proposed_result or "answer" in forms:
            shown["answer"] = forms.get("answer") or AnswerForm(case=held)
    if member.may(Act.REVIEW_CASES) and open_ and held.is_objection and (not mine or "review" in forms):
        shown["review"] = forms.get("review") or ReviewForm(case=held)
    if can_publish:
        initial = {"question": held.public_question or held.text, "answer": held.public_answer or held.answer}
        shown["publish"] = forms.get("publish") or PublicAnswerForm(initial=initial)
    context = {
        "member": member,
        "application": found,
        "case": held,
        "notes": held.notes.select_related("by"),
        "forms": shown,
        "reading": reading,
        "mine": mine and member.may(Act.REVIEW_CASES),
    }
    return render(request, "participation/case.html", context)
