"""What waits for a member here: questions that a colleague put to them."""

from vangrail.model.framework import both
from vangrail.web.applications.finding import names
from vangrail.web.classifying.models import AskedColleague
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member

KIND = both(nl="Een vraag van de wet beantwoorden", en="Answer a question of the law")


def tasks_of(member: Member) -> list[Task]:
    """Each open question, with who asked it and why."""
    waiting = AskedColleague.open_for(person=member.person, organisation=member.organisation)
    called = names(member.organisation)
    return [
        Task(
            kind=KIND,
            title=asked.question,
            url=asked.url,
            application=called.get(asked.application_id, ""),
            details=(asked.asked_by.name, asked.note) if asked.note else (asked.asked_by.name,),
        )
        for asked in waiting
    ]
