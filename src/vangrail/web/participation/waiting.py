"""What waits for a member here: cases to answer, cases that nobody has, and objections that a second person looks at again."""

from django.urls import reverse

from vangrail.model.framework import both
from vangrail.model.vocabulary import CaseState
from vangrail.web.applications.finding import names
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act
from vangrail.web.participation.models import Case

_MINE = both(nl="Iemand van buiten antwoorden", en="Answer somebody from outside")
_NOBODY = both(nl="Een zaak die nog niemand heeft", en="A case that nobody has yet")
_AGAIN = both(nl="Een bezwaar opnieuw bekijken", en="Look at an objection again")


def tasks_of(member: Member) -> list[Task]:
    """The open cases of the organisation that wait for this member, in two queries. What a person wrote stays on its own page."""
    cases = Case.objects.filter(application__organisation=member.organisation).exclude(state=CaseState.CLOSED.value)
    called = names(member.organisation)
    tasks = []
    for case in cases.select_related("application"):
        if case.state == CaseState.UNDER_REVIEW:
            kind = _AGAIN if member.may(Act.REVIEW_CASES) and case.proposed_by_id != member.person.pk else None
        elif case.owner_id is None:
            kind = _NOBODY if member.may(Act.HANDLE_CASES) else None
        else:
            kind = _MINE if case.owner_id == member.person.pk else None
        if kind is not None:
            place = reverse("case", args=[member.organisation.slug, case.application.slug, case.pk])
            name = called.get(case.application_id, "")
            tasks.append(Task(kind=kind, title=case.about, url=place, application=name, due=case.due))
    return tasks
