"""What the page of a requirement shows of the talk about it."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from vangrail.web.applications.models import Application
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act
from vangrail.web.talking import acts
from vangrail.web.talking.forms import AssignForm, CommentForm, DocumentForm
from vangrail.web.talking.models import Assignment, Comment, Document


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The talk about one requirement, and what the visitor can add to it."""

    comments: list[Comment]
    documents: list[Document]
    assignment: Assignment | None
    overdue: bool
    comment_form: CommentForm | None
    assign_form: AssignForm | None
    document_form: DocumentForm | None
    may_finish: bool
    called: bool
    """Whether a comment asks the visitor's attention, and they did not say that they saw it."""


def talk(member: Member, application: Application, requirement: str) -> Talk:
    """What was said, who looks into it, and which documents there are."""
    people = acts.colleagues(application)
    open_one = application.assignments.filter(requirement=requirement, ended_at=None).select_related("to", "by").first()
    comments = application.comments.filter(requirement=requirement).select_related("by")
    comments = comments.prefetch_related("called", "calls")
    return Talk(
        comments=list(comments),
        documents=list(application.documents.filter(requirement=requirement).select_related("by")),
        assignment=open_one,
        overdue=is_overdue(open_one, on=timezone.localdate()),
        comment_form=CommentForm(people=people, by=member.person) if member.may(Act.COMMENT) else None,
        assign_form=AssignForm(people=people) if member.may(Act.ASSIGN) else None,
        document_form=DocumentForm() if member.may(Act.ANSWER) else None,
        may_finish=open_one is not None
        and member.may(Act.COMMENT)
        and (open_one.to == member.person or member.may(Act.ASSIGN)),
        called=any(
            call.person_id == member.person.pk and call.seen_at is None for c in comments for call in c.calls.all()
        ),
    )


def is_overdue(assignment: Assignment | None, *, on: date) -> bool:
    """Whether it should have been done by now."""
    return assignment is not None and assignment.due is not None and assignment.due < on


def place(member: Member, application: Application, requirement: str) -> str:
    """Where the talk about a requirement stands."""
    page = reverse("requirement", args=[member.organisation.slug, application.slug, requirement])
    return f"{page}#overleg"
