"""What the demo shows of decisions: a gate that stays shut with reasons, an application that was retired, one that was stopped."""

from collections.abc import Mapping

from vangrail.model.vocabulary import GateOutcome, Role
from vangrail.web.applications.models import Application
from vangrail.web.decisions import acts
from vangrail.web.organisations.models import Person


def decide(application: Application, people: Mapping[Role, Person]) -> None:
    """What was advised and decided about the application with this short name; nothing for another."""
    match application.slug:
        case "weginspecties":
            _refused(application, people)
        case "gesprekstolk":
            _retired(application, people)
        case "sluikstort-meldingen":
            acts.advise(
                application=application,
                by=people[Role.DPO],
                role=Role.DPO,
                favourable=True,
                text="De bewaartermijn is korter dan ik vroeg, en de tekst van de melding gaat niet naar buiten.",
            )


def _refused(application: Application, people: Mapping[Role, Person]) -> None:
    acts.advise(
        application=application,
        by=people[Role.AI_OFFICER],
        role=Role.AI_OFFICER,
        favourable=False,
        text="De laser vindt een derde van de scheuren. Net die willen we vroeg zien. De proef is goed gedaan en dus duidelijk.",
    )
    acts.advise(
        application=application,
        by=people[Role.DPO],
        role=Role.DPO,
        favourable=True,
        text="Er worden hoogtes gemeten en geen beelden bewaard. Voor persoonsgegevens zie ik geen bezwaar.",
    )
    acts.decide(
        application=application,
        outcome=GateOutcome.REFUSED,
        by=people[Role.DECIDER],
        role=Role.DECIDER,
        reasons="Eis tru-rob-1 is niet voldaan: 90 van de 279 scheuren gevonden, en onze grens is 70 op 100. De leverancier"
        " mag met een lijnlaser opnieuw proberen. Tot dan rijden de toezichters zelf.",
    )


def _retired(application: Application, people: Mapping[Role, Person]) -> None:
    acts.advise(
        application=application,
        by=people[Role.OVERSEER],
        role=Role.OVERSEER,
        favourable=True,
        text="Negen van elf collega's bellen liever een tolk. Niemand zal dit missen.",
    )
    acts.decide(
        application=application,
        outcome=GateOutcome.OPENED,
        by=people[Role.DECIDER],
        role=Role.DECIDER,
        reasons="De vertaling is te onzeker voor gesprekken over geld en gezondheid, en dat zijn de meeste. We nemen meer uren"
        " van de tolkentelefoon. Er is niets bewaard, dus er valt niets te wissen.",
    )


def stop_where_districts_differ() -> None:
    """The owner in Ter Duinen stops the advice that treats the edge of the town otherwise than its centre."""
    application = Application.everywhere.select_related("organisation").get(
        organisation__slug="gemeente-ter-duinen-aan-de-vaart", slug="advies-over-bewonerskaarten"
    )
    owner = Person.objects.get(name="Marleen Persoons", memberships__organisation=application.organisation)
    acts.stop(
        application=application,
        by=owner,
        reasons="Wie in de rand woont, krijgt veel minder vaak een gunstig advies, ook wie er recht op heeft. We doen het weer met"
        " de hand tot de leverancier dat uitlegt.",
    )
