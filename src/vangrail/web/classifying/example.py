"""What the demo shows of the law: an interview half-way with a question at a colleague, and a confirmation that expired."""

from collections.abc import Mapping

from vangrail.model.vocabulary import Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Application
from vangrail.web.classifying import acts
from vangrail.web.organisations.models import Person


def answer_the_law(application: Application, people: Mapping[Role, Person]) -> None:
    """Leave the interview of one application half-way; confirm another, and change a fact after it."""
    owner = people[Role.APPLICATION_OWNER]
    match application.slug:
        case "sluikstort-meldingen":
            acts.answer(application=application, fact="synthetic_output", value=[], by=owner)
            acts.answer(application=application, fact="biometric_function", value=[], by=people[Role.DATA_SCIENTIST])
            acts.do_not_know(application=application, fact="systematic_public_monitoring", by=owner)
            acts.ask_colleague(
                application=application,
                fact="on_national_dpia_list",
                person=people[Role.DPO],
                note="Jij hebt die lijst vorige maand nagekeken voor de camera's.",
                by=owner,
            )
        case "website-assistent":
            applications.confirm_classification(
                application=application,
                by=owner,
                role=Role.APPLICATION_OWNER,
                reasons="Nagekeken met de DPO en de leverancier: de assistent geeft alleen informatie en beslist niets.",
            )
            acts.answer(application=application, fact="substantially_alters_input", value=True, by=people[Role.DPO])
            acts.put_on_card(application=application, by=people[Role.DPO])
