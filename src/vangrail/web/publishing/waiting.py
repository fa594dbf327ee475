"""What waits for a second person: a page that a colleague prepared."""

from django.db.models import F, Max
from django.urls import reverse

from vangrail.model.framework import both
from vangrail.web.applications.finding import names
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act
from vangrail.web.publishing.models import Publication

_READ = both(nl="Een openbare pagina nalezen", en="Read a public page before it is public")


def tasks_of(member: Member) -> list[Task]:
    """The newest publication of each application that nobody read yet, unless this member prepared it."""
    if not member.may(Act.APPROVE_PUBLICATION):
        return []
    called, slug = names(member.organisation), member.organisation.slug
    newest = Publication.objects.filter(application__organisation=member.organisation).alias(
        newest=Max("application__publications__number")
    )
    waiting = (
        newest.filter(number=F("newest"), approval=None).exclude(by=member.person).select_related("application", "by")
    )
    return [
        Task(
            kind=_READ,
            title=called.get(p.application_id, ""),
            application=called.get(p.application_id, ""),
            url=reverse("publication_preview", args=[slug, p.application.slug, p.number]),
            details=(p.by.name,) if p.by else (),
        )
        for p in waiting
    ]
