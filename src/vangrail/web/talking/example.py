"""What the demo shows: people ask each other things about one application, and somebody is late."""

from datetime import timedelta

from django.utils import timezone

from vangrail.model.vocabulary import Role
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Membership, Person
from vangrail.web.talking import acts


def talk_about_reports() -> None:
    """A question to a colleague, and three requirements that somebody looks into."""
    application = Application.everywhere.get(slug="sluikstort-meldingen")
    named = {role: person.name for role, person in card_of(application).people.items()}
    owner, dpo, steward, scientist = (
        _colleague(application, named[r])
        for r in (Role.APPLICATION_OWNER, Role.DPO, Role.DATA_STEWARD, Role.DATA_SCIENTIST)
    )
    acts.comment(
        application=application,
        requirement="dat-3",
        text="In de meldingen van juli staan postcodes die niet bestaan. Weet jij waar die vandaan komen?",
        by=owner,
        called=[steward],
    )
    today = timezone.localdate()
    for requirement, to, days, note in (
        ("dat-3", steward, 1, "Kijk na welke postcodes niet bestaan."),
        ("tru-rob-1", scientist, 21, ""),
        ("tru-priv-1", dpo, 5, "Klopt de bewaartermijn nog met het verwerkingsregister?"),
    ):
        acts.assign(
            application=application,
            requirement=requirement,
            to=to,
            by=owner,
            due=today + timedelta(days=days),
            note=note,
        )
    # As if it was asked three weeks ago: nobody can be asked for a day that is past.
    application.assignments.filter(requirement="dat-3").update(due=today - timedelta(days=4))


def _colleague(application: Application, name: str) -> Person:
    held = Membership.objects.filter(organisation=application.organisation, person__name=name)
    return held.select_related("person").get().person
