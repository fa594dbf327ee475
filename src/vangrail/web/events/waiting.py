"""What waits for whoever hears what the rounds found."""

from django.urls import reverse

from vangrail.model.framework import both
from vangrail.web.applications.finding import names
from vangrail.web.events.models import Round
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member

_CHANGED = both(nl="De bewaking vond iets", en="Watching found something")


def tasks_of(member: Member) -> list[Task]:
    """The rounds with a change at which nobody looked, of applications of which this member hears; in two queries."""
    called = names(member.organisation)
    rounds = Round.objects.filter(
        application__organisation=member.organisation, application__watch__told=member.person, seen_at=None
    ).select_related("application")
    return [
        Task(
            kind=_CHANGED,
            title=both(
                nl=f"{len(r.changes)} eisen veranderd, {r.left} cijfers niet berekend",
                en=f"{len(r.changes)} requirements changed, {r.left} figures not computed",
            ),
            application=called.get(r.application_id, ""),
            url=reverse("events", args=[member.organisation.slug, r.application.slug]) + "#bewaking",
        )
        for r in rounds
        if r.waits
    ]
