"""What waits for a member around suppliers: one that is late, and answers to look at."""

from django.db.models import Q
from django.urls import reverse

from vangrail.model.framework import both
from vangrail.web.applications.finding import names
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act
from vangrail.web.suppliers.models import Questionnaire

_LATE = both(nl="Een leverancier antwoordt niet op tijd", en="A supplier does not answer in time")
_LOOK = both(nl="Antwoorden van een leverancier bekijken", en="Look at the answers of a supplier")


def tasks_of(member: Member) -> list[Task]:
    """What this member asked; and what was asked by somebody who is no longer here, for whoever may ask. Two queries."""
    if not member.may(Act.INVITE_SUPPLIER):
        return []
    mine = Q(by=member.person) | ~Q(by__memberships__organisation=member.organisation)
    asked = Questionnaire.objects.filter(
        mine, application__organisation=member.organisation, withdrawn_at=None, closed_at=None
    )
    called = names(member.organisation)
    return [
        Task(
            kind=_LATE if q.is_late else _LOOK,
            title=q.supplier,
            application=called.get(q.application_id, ""),
            url=reverse("questionnaire", args=[member.organisation.slug, q.application.slug, q.pk]),
            due=q.due if q.is_late else None,
        )
        for q in asked.select_related("application")
        if q.is_late or q.waits_for_us
    ]
