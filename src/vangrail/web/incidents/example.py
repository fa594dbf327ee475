"""What the demo shows of incidents: a data breach of which the hours run, one that was handled, one that nobody took up."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from vangrail.model.vocabulary import Role
from vangrail.web.applications.models import Application
from vangrail.web.incidents import acts
from vangrail.web.organisations.models import Person


def go_wrong(application: Application, people: Mapping[Role, Person]) -> None:
    """An incident or two for each example application."""
    owner, dpo, now = people[Role.APPLICATION_OWNER], people[Role.DPO], timezone.now()
    match application.slug:
        case "ocmw-steunaanvragen":
            found = acts.record_incident(
                application=application,
                by=people[Role.OVERSEER],
                found={
                    "title": "Adviezen stonden een dag open voor alle medewerkers",
                    "what": "Na een update kon elke medewerker van het OCMW de lijst met adviezen openen, ook wie niet op de sociale dienst werkt.",
                    "severity": "high",
                    "noticed_at": now - timedelta(hours=50),
                    "happened_at": now - timedelta(hours=75),
                    "affected": "mensen die deze maand steun vroegen",
                    "people": 62,
                    "breach": True,
                    "leaked": "naam, gezinstoestand en advies; 62 dossiers",
                    "risk": "high",
                    "consequences": [],
                    "measures": "Toegang meteen afgesloten, logboek van de toegang opgevraagd.",
                },
            )
            acts.assign(incident=found, owner=dpo, by=owner)
            acts.note(incident=found, text="De leverancier bevestigt: een recht stond na de update te ruim.", by=dpo)
            acts.give_task(
                incident=found,
                what="Nagaan wie de lijst opende",
                owner=people[Role.SECURITY_OFFICER],
                due=timezone.localdate() + timedelta(days=1),
                by=dpo,
            )
            done = acts.give_task(
                incident=found, what="De lijst afsluiten", owner=people[Role.DATA_STEWARD], due=None, by=dpo
            )
            acts.finish_task(task=done, by=people[Role.DATA_STEWARD], handles=False)
        case "website-assistent":
            found = acts.record_incident(
                application=application,
                by=people[Role.COMMUNICATION],
                found={
                    "title": "De assistent gaf een oude prijs voor huisvuilzakken",
                    "what": "Een inwoner kreeg de prijs van vorig jaar te lezen. De pagina zelf was wel aangepast.",
                    "severity": "low",
                    "noticed_at": now - timedelta(days=40),
                    "affected": "bezoekers van de website",
                    "breach": False,
                    "consequences": [],
                    "cause": "De assistent las ook het archief.",
                },
            )
            acts.assign(incident=found, owner=owner, by=owner)
            acts.close(
                incident=found,
                reasons="Het archief is uit de bronnen gehaald en de prijs klopt nu.",
                lessons="De assistent leest alleen nog pagina's met een einddatum in de toekomst.",
                by=owner,
            )
        case "sluikstort-meldingen":
            acts.record_incident(
                application=application,
                by=people[Role.OVERSEER],
                found={
                    "title": "Melding met gevaarlijk afval bleef een dag liggen",
                    "what": "De toepassing stuurde een melding van asbest naar de groendienst in plaats van de brandweer.",
                    "severity": "moderate",
                    "noticed_at": now - timedelta(hours=80),
                    "affected": "buurtbewoners",
                },
            )
