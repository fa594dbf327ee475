"""What waits for a member here: their tasks, what they must report, and incidents that nobody handles yet."""

from django.utils import timezone

from vangrail.model.framework import both
from vangrail.web.applications.finding import newest_cards
from vangrail.web.incidents.counting import terms_of
from vangrail.web.incidents.models import Incident, IncidentTask
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act

_TASK = both(nl="Een taak na een incident", en="A task after an incident")
_REPORT = both(nl="Een incident melden", en="Report an incident")
_NOBODY = both(nl="Een incident dat nog niemand opvolgt", en="An incident that nobody handles yet")


def tasks_of(member: Member) -> list[Task]:
    """In three queries, however much waits."""
    cards = {v.application_id: v.content for v in newest_cards(member.organisation)}
    tasks = IncidentTask.objects.filter(
        owner=member.person, done_at=None, incident__application__organisation=member.organisation
    ).select_related("incident__application__organisation")
    found = [
        Task(
            kind=_TASK,
            title=task.what,
            url=task.incident.url,
            application=str(cards[task.incident.application_id]["name"]),
            due=task.due,
            details=(task.incident.title,),
        )
        for task in tasks
    ]
    for incident in Incident.of(member.organisation).filter(closed_at=None):
        card, name = cards[incident.application_id], str(cards[incident.application_id]["name"])
        if incident.owner_id is None and member.may(Act.HANDLE_INCIDENT):
            found.append(Task(kind=_NOBODY, title=incident.title, url=incident.url, application=name))
        if incident.owner_id != member.person.pk:
            continue
        for counted in terms_of(incident, card.get("facts", {}), at=timezone.now()):
            if counted.urgent:
                due = (
                    timezone.localdate(counted.term.by) if counted.term.by else timezone.localdate(incident.noticed_at)
                )
                found.append(
                    Task(
                        kind=_REPORT,
                        title=counted.term.title,
                        url=incident.url + "#melden",
                        application=name,
                        due=due,
                        details=(incident.title,),
                    )
                )
    return found
