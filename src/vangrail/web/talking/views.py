"""Talking about a requirement, from its page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from vangrail import knowledge
from vangrail.model.errors import VangrailError
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.talking import acts, files, showing
from vangrail.web.talking.forms import AssignForm, CommentForm, DocumentForm


@members_only(Act.COMMENT)
@require_POST
def comment(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """Say something, and call on colleagues."""
    found = _place(member, application, requirement)
    form = CommentForm(request.POST, people=acts.colleagues(found), by=member.person)
    done = tried(
        form,
        lambda: acts.comment(
            application=found,
            requirement=requirement,
            text=form.cleaned_data["text"],
            by=member.person,
            called=form.cleaned_data["called"],
        ),
    )
    return _back(request, member, found, requirement, form if done is None else None)


@members_only(Act.COMMENT)
@require_POST
def withdraw(request: HttpRequest, member: Member, application: str, requirement: str, comment: int) -> HttpResponse:
    """Take one's own words back."""
    found = _place(member, application, requirement)
    written = get_object_or_404(found.comments, pk=comment, requirement=requirement)
    return _plainly(request, member, found, requirement, lambda: acts.withdraw(comment=written, by=member.person))


@members_only(Act.COMMENT)
@require_POST
def see(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """Say that one saw the comments that call on one."""
    found = _place(member, application, requirement)
    acts.see(application=found, requirement=requirement, by=member.person)
    return redirect(showing.place(member, found, requirement))


@members_only(Act.ASSIGN)
@require_POST
def assign(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """Ask somebody to look into it."""
    found = _place(member, application, requirement)
    form = AssignForm(request.POST, people=acts.colleagues(found))
    done = tried(
        form,
        lambda: acts.assign(
            application=found,
            requirement=requirement,
            to=form.cleaned_data["to"],
            by=member.person,
            due=form.cleaned_data["due"],
            note=form.cleaned_data["note"],
        ),
    )
    return _back(request, member, found, requirement, form if done is None else None)


@members_only(Act.COMMENT)
@require_POST
def finish(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """It is done."""
    found = _place(member, application, requirement)
    may = member.may(Act.ASSIGN)
    return _plainly(
        request,
        member,
        found,
        requirement,
        lambda: acts.finish(application=found, requirement=requirement, by=member.person, may_assign=may),
    )


@members_only(Act.ANSWER)
@require_POST
def attach(request: HttpRequest, member: Member, application: str, requirement: str) -> HttpResponse:
    """Attach a document."""
    found = _place(member, application, requirement)
    form = DocumentForm(request.POST, request.FILES)
    done = tried(
        form,
        lambda: acts.attach(
            application=found, requirement=requirement, file=form.cleaned_data["file"], by=member.person
        ),
    )
    return _back(request, member, found, requirement, form if done is None else None)


@members_only(Act.ANSWER)
@require_POST
def remove(request: HttpRequest, member: Member, application: str, requirement: str, document: int) -> HttpResponse:
    """Remove a document that should not be here."""
    found = _place(member, application, requirement)
    held = get_object_or_404(found.documents, pk=document, requirement=requirement)
    return _plainly(request, member, found, requirement, lambda: acts.remove(document=held, by=member.person))


@members_only(Act.READ)
def download(request: HttpRequest, member: Member, application: str, requirement: str, document: int) -> HttpResponse:
    """A document, as a file to save: never shown inside a page of ours."""
    found = _place(member, application, requirement)
    held = get_object_or_404(found.documents, pk=document, requirement=requirement, removed_at=None)
    try:
        content = files.place_of(found, held.sha256).read_bytes()  # at most files.LARGEST
    except FileNotFoundError:
        raise Http404 from None
    answer = HttpResponse(content, content_type=files.KINDS[held.kind].content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=held.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _place(member: Member, application: str, requirement: str) -> Application:
    found = application_of(member, application)
    if all(r.id != requirement for r in knowledge.framework().requirements):
        raise Http404
    return found


def _plainly(request: HttpRequest, member: Member, found: Application, requirement: str, act: Any) -> HttpResponse:
    """Do what a button asks; what cannot be done is told on the page it came from."""
    try:
        act()
    except VangrailError as error:
        messages.error(request, told(error))
    return redirect(showing.place(member, found, requirement))


def _back(request: HttpRequest, member: Member, found: Application, requirement: str, wrong: Any) -> HttpResponse:
    """To the requirement; or, when something is wrong with the form, the form with what was typed."""
    if wrong is None:
        messages.success(request, pick(nl="Bewaard.", en="Saved."))
        return redirect(showing.place(member, found, requirement))
    context = {
        "member": member,
        "application": found,
        "requirement": knowledge.framework().requirement(requirement),
        "form": wrong,
        "back": showing.place(member, found, requirement),
    }
    return render(request, "talking/again.html", context)
