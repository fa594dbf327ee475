"""What waits for somebody because a colleague asked: a requirement to look into, a comment that calls on them."""

from django.urls import reverse

from vangrail import knowledge
from vangrail.model.framework import Text, both
from vangrail.web.applications.finding import names
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.talking.models import Assignment, Call

_ASKED = both(nl="Een eis bekijken", en="Look into a requirement")
_CALLED = both(nl="Een vraag van een collega", en="A question of a colleague")


def tasks_of(member: Member) -> list[Task]:
    """The open assignments and the unseen calls of this member, in this organisation."""
    mine = {"application__organisation": member.organisation, "to": member.person, "ended_at": None}
    assigned = Assignment.objects.filter(**mine).select_related("application")
    calls = Call.objects.filter(
        person=member.person, seen_at=None, comment__application__organisation=member.organisation
    ).select_related("comment__by", "comment__application")
    called = names(member.organisation)
    titles = {r.id: r.title for r in knowledge.framework().requirements}
    return [
        *(
            Task(
                kind=_ASKED,
                title=_title(titles, a.requirement),
                application=called.get(a.application_id, ""),
                url=_place(member, a.application.slug, a.requirement),
                due=a.due,
                details=(a.note,) if a.note else (),
            )
            for a in assigned
        ),
        *(
            Task(
                kind=_CALLED,
                title=_title(titles, c.comment.requirement),
                application=called.get(c.comment.application_id, ""),
                url=_place(member, c.comment.application.slug, c.comment.requirement),
                details=(f"{c.comment.by}: {c.comment.text[:200]}",),
            )
            for c in calls
        ),
    ]


def _title(titles: dict[str, Text], requirement: str) -> Text | str:
    return titles.get(requirement, requirement)  # an old assignment can be about one that is no longer asked


def _place(member: Member, application: str, requirement: str) -> str:
    return reverse("requirement", args=[member.organisation.slug, application, requirement]) + "#overleg"
