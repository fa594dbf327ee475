"""For the demo: answers of a supplier to look at, one that is late, and one whose link a visitor can open."""

from collections.abc import Mapping
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from vangrail.model.vocabulary import Role
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person
from vangrail.web.suppliers import acts
from vangrail.web.suppliers.acts import Said
from vangrail.web.suppliers.models import Questionnaire

DEMO_LINK = "demo"
"""In place of a secret: everybody may play the supplier of a demo."""
_PRODUCT = (
    "models",
    "documentation.limits",
    "energy.location",
    "energy.country",
    "energy.sources",
    "energy.pue",
    "labour.who",
)


def ask_suppliers(application: Application, people: Mapping[Role, Person]) -> None:
    """What the suppliers of the application with this short name were asked; nothing for another."""
    owner, today = people[Role.APPLICATION_OWNER], timezone.localdate()
    match application.slug:
        case "website-assistent":
            _answered(application, owner)
        case "ocmw-steunaanvragen":
            held, _ = acts.ask(
                application=application,
                supplier="Rekenlicht bv",
                keys=[*_PRODUCT, "tru-fair-1", "tru-fair-2"],
                note="Onze adviseur vraagt dit voor het einde van de maand.",
                due=today,
                by=owner,
            )
            # As if it was asked a month ago: nobody can ask for a day that is past.
            Questionnaire.objects.filter(pk=held.pk).update(
                due=today - timedelta(days=3), made_at=timezone.now() - timedelta(days=31)
            )
        case "weginspecties":
            held, _ = acts.ask(
                application=application,
                supplier="Wegblik bv",
                keys=[*_PRODUCT, "suppliers", "tru-rob-1", "tru-rob-2"],
                own=["Werkt de laser ook op een nat wegdek?", "Vanaf welke breedte ziet hij een scheur?"],
                note="De poort bleef dicht omdat te weinig scheuren gevonden werden. Met deze antwoorden bekijken we een nieuwe proef.",
                due=today + timedelta(days=28),
                by=owner,
            )
            Questionnaire.objects.filter(pk=held.pk).update(digest=acts.digest_of(DEMO_LINK))


def _answered(application: Application, owner: Person) -> None:
    held, _ = acts.ask(
        application=application,
        supplier="Spraakwater nv",
        keys=[*_PRODUCT, "tru-rob-4", "sus-4"],
        own=["In welke talen is de assistent getest?"],
        due=timezone.localdate() + timedelta(days=12),
        by=owner,
    )
    proof = b"Proeven van Spraakwater nv, september 2026 (verzonnen).\n120 pogingen, 2 gelukt.\n"
    acts.enclose(questionnaire=held, key="tru-rob-4", file=SimpleUploadedFile("proeven-september.txt", proof))
    held = acts.save(
        questionnaire=held,
        seen=0,
        replies={
            "documentation.limits": Said(value="Geen vragen over een persoonlijk dossier; geen dialect."),
            "energy.location": Said(value="Datacenter in Groningen"),
            "energy.country": Said(value="NLD"),
            "energy.sources": Said(value="windenergie, met certificaten"),
            "energy.pue": Said(value=1.19),
            "labour.who": Said(unknown=True),
            "tru-rob-4": Said(
                value="In september 2026 lukten 2 van 120 pogingen. Beide zijn intussen opgelost; zie het document."
            ),
            "sus-4": Said(
                value="Het taalmodel kopen we aan. De maker zegt niet wie de gegevens labelde.", unknown=True
            ),
            "own-1": Said(value="Nederlands, Frans en Engels. Dialect niet."),
        },
    )
    acts.send(questionnaire=held, name="Bart Vervliet", function="klantverantwoordelijke")
