"""For the demo: one product card of a supplier, adopted by two municipalities, with two different verdicts.

The product is the same; the data are not. In Zavelbeke the advice treats both districts alike. In Ter Duinen the edge of
the town gets the favourable advice less often, and more often wrongly not. Everything here is made up.
"""

import csv
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from vangrail.model.card import Card
from vangrail.model.vocabulary import MemberRole
from vangrail.web.applications import acts as applications
from vangrail.web.applications import measuring
from vangrail.web.applications.models import Application
from vangrail.web.applications.places import folder_of
from vangrail.web.organisations.models import Membership, Organisation, Person
from vangrail.web.registering import acts
from vangrail.web.registering.models import Offer

_SUPPLIER = {
    "vangrail": 1,
    "id": "kaartwijzer",
    "name": "Kaartwijzer: advies over bewonerskaarten",
    "summary": "Leest een aanvraag van een bewonerskaart voor parkeren en adviseert: toekennen, of laten nakijken door een "
    "medewerker.",
    "organisation": {"name": "Parkeerlicht bv", "kind": "other"},
    "phase": "operate",
    "people": {"application_owner": {"name": "Sofie Lampaert", "function": "productverantwoordelijke"}},
    "purpose": {"text": "Een product voor gemeenten dat eenvoudige aanvragen van bewonerskaarten herkent."},
    "suppliers": [{"name": "Parkeerlicht bv", "product": "Kaartwijzer 3", "country": "België"}],
    "models": [{"name": "kaartwijzer", "version": "3.1", "kind": "beslisboom op vijf kenmerken", "supplier": "Parkeerlicht bv"}],
    "documentation": {"model_card": "https://parkeerlicht.example/kaartwijzer/model", "versions": "https://parkeerlicht.example/kaartwijzer/versies"},
    "energy": {"location": "Gent", "sources": "stroomcontract met windenergie", "pue": 1.3, "country": "BEL"},
    "labour": {"who": "twee eigen medewerkers", "where": "Gent", "source": "verklaring van 3 maart 2026"},
    "facts": {"machine_based": True, "infers_from_input": True},
}  # fmt: skip
_COUNTS = {
    # district: (entitled and advised, entitled and not, not entitled and advised, not entitled and not)
    "zavelbeke": {"centrum": (1080, 120, 30, 270), "rand": (1078, 122, 31, 269)},
    "ter-duinen": {"centrum": (540, 60, 15, 135), "rand": (375, 225, 8, 142)},
}
_DATASET = {
    "source": "data/aanvragen.csv",
    "key": ["aanvraag"],
    "origin": "eigen parkeerdienst",
    "owner": "parkeerdienst",
    "columns": {
        "aanvraag": {"type": "text"},
        "wijk": {"allowed": ["centrum", "rand"], "used": False},
        "advies": {"allowed": ["toekennen", "nakijken"]},
        "recht": {"allowed": ["ja", "nee"]},
    },
}
_LOG = {
    "dataset": "aanvragen",
    "advice": {"column": "advies", "positive": ["toekennen"]},
    "favourable": "yes",
    "outcome": {"column": "recht", "positive": ["ja"]},
    "protected": [{"column": "wijk", "reference": "centrum"}],
}
_LIMITS = [
    {"check": "selection-rate-difference", "at_most": 10, "because": "Meer verschil tussen wijken leggen we aan niemand uit.",
     "by": "college", "on": "2026-03-02"},
]  # fmt: skip


def one_product_in_two_towns() -> None:
    """Make the supplier with its product card, and let both municipalities adopt it and measure on their own data."""
    offer = _offer()
    _adopted(
        offer,
        organisation="gemeente-zavelbeke",
        owner="Jo Vandersteegen",
        others={"decider": "Koen Dierinckx", "dpo": "Samira El Khattabi"},
        counts="zavelbeke",
        purpose="Eenvoudige aanvragen van een bewonerskaart binnen een dag toekennen. Weigeren doet alleen een medewerker.",
        affected=[{"who": "Bewoners die een kaart vragen", "vulnerable": False, "number_per_year": 3000}],
        process=[
            {"step": "Advies geven", "actor": "ai_advises", "why": "Vijf kenmerken zijn snel nagekeken."},
            {"step": "Beslissen", "actor": "human", "why": "Een medewerker kent de uitzonderingen."},
        ],
    )
    _adopted(
        offer,
        organisation="gemeente-ter-duinen-aan-de-vaart",
        owner="Marleen Persoons",
        others={"decider": "Filip Ostyn", "dpo": "Katrien Wybo"},
        counts="ter-duinen",
        purpose="Aanvragen van een bewonerskaart meteen toekennen als het advies gunstig is.",
        affected=[
            {"who": "Bewoners die een kaart vragen", "vulnerable": False, "number_per_year": 1500},
            {"who": "Bewoners van de rand zonder vaste standplaats", "vulnerable": True},
        ],
        process=[{"step": "Toekennen of doorsturen", "actor": "ai_acts_human_checks", "why": "Er is één medewerker."}],
    )
    _begun("gemeente-zavelbeke", "Jo Vandersteegen")


@transaction.atomic
def _offer() -> Offer:
    made, _ = Organisation.objects.get_or_create(
        slug="parkeerlicht-bv", defaults={"name": "Parkeerlicht bv", "kind": "other"}
    )
    sofie = Person.objects.create_user("sofie-lampaert@demo.example", name="Sofie Lampaert")
    Membership.objects.create(person=sofie, organisation=made, roles=[MemberRole.APPLICATION_OWNER.value])
    product = applications.register(organisation=made, card=Card.model_validate(_SUPPLIER), by=sofie)
    return acts.offer(application=product, by=sofie)


@transaction.atomic
def _adopted(
    offer: Offer, *, organisation: str, owner: str, others: Mapping[str, str], counts: str, purpose: str, **own: Any
) -> Application:
    body = Organisation.objects.get(slug=organisation)
    person = Person.objects.get(name=owner, memberships__organisation=body)
    draft = acts.adopt(offer=offer, organisation=body, by=person)
    changes = {
        "name": "Advies over bewonerskaarten",
        "phase": "validate",
        "purpose.text": purpose,
        "purpose.public_task": "Parkeerbeleid (aanvullend reglement op het parkeren)",
        "people": {role: {"name": name} for role, name in {"application_owner": owner, **others}.items()},
        "datasets": {"aanvragen": _DATASET},
        "decision_log": _LOG,
        "limits": _LIMITS,
        **own,
    }
    draft = acts.save(draft=draft, seen=draft.round, changes=changes, by=person)
    application = acts.register(
        draft=draft, by=person, note=f"Begonnen met de productkaart van {offer.application.organisation}."
    )
    _write(application, _COUNTS[counts])
    measuring.measure(application, by=person, environment={}, progress=lambda _: None)
    return application


def _write(application: Application, counts: Mapping[str, tuple[int, int, int, int]]) -> None:
    """One row per request, in the folder of the application."""
    folder = folder_of(application) / "data"
    folder.mkdir(exist_ok=True)
    kinds = (("ja", "toekennen"), ("ja", "nakijken"), ("nee", "toekennen"), ("nee", "nakijken"))
    with (folder / "aanvragen.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("aanvraag", "wijk", "advies", "recht"))
        number = 0
        for district, rows in counts.items():
            for (entitled, advice), count in zip(kinds, rows, strict=True):
                for _ in range(count):
                    number += 1
                    writer.writerow((f"A{number:05}", district, advice, entitled))


@transaction.atomic
def _begun(organisation: str, owner: str) -> None:
    """A draft that somebody will go on with, and a second version that shows what changed."""
    body = Organisation.objects.get(slug=organisation)
    person = Person.objects.get(name=owner, memberships__organisation=body)
    acts.start(
        organisation=body,
        by=person,
        content={
            "name": "Verslag van een vergadering uit spraak",
            "summary": "Zet een opname van een vergadering om in een verslag.",
            "people": {"application_owner": {"name": owner}},
        },
    )
    application = Application.objects.of(body).get(slug="advies-over-bewonerskaarten")
    draft = acts.edit(application=application, by=person)
    changes = {
        "contact.ask": "parkeren@zavelbeke.example",
        "contact.object": "parkeren@zavelbeke.example",
        "affected": [
            {"who": "Bewoners die een kaart vragen", "how": "Ze wachten een dag in plaats van een week.", "vulnerable": False,
             "number_per_year": 3200},
            {"who": "Medewerkers van de parkeerdienst", "vulnerable": False},
        ],
    }  # fmt: skip
    draft = acts.save(draft=draft, seen=draft.round, changes=changes, by=person)
    acts.declare(draft=draft, by=person, note="Contact ingevuld, en de eigen medewerkers erbij.")
