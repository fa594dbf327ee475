"""What waits for an administrator here: a webhook that was stopped because nothing arrived any more."""

from django.urls import reverse

from vangrail.model.framework import both
from vangrail.web.hooks.models import Hook
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act

_STOPPED = both(nl="Een webhook die gestopt is", en="A webhook that was stopped")


def tasks_of(member: Member) -> list[Task]:
    """In one query."""
    if not member.may(Act.ADMINISTER):
        return []
    stopped = Hook.objects.filter(organisation=member.organisation).exclude(stopped_at=None)
    return [
        Task(kind=_STOPPED, title=hook.name, url=reverse("hook", args=[member.organisation.slug, hook.pk]))
        for hook in stopped
    ]
