"""Fills an empty installation with a fictitious municipality, its OCMW, a second municipality, and people in every role."""

import importlib.util
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

import vangrail
from vangrail.cards import read_application
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import AnswerValue, MemberRole, Role
from vangrail.web.applications import acts, measuring
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.example import add_a_day_of_readings
from vangrail.web.applications.models import Application
from vangrail.web.applications.places import folder_of
from vangrail.web.classifying.example import answer_the_law
from vangrail.web.decisions.example import decide, stop_where_districts_differ
from vangrail.web.incidents.example import go_wrong
from vangrail.web.organisations.models import Membership, Organisation, Person
from vangrail.web.participation.example import take_part
from vangrail.web.publishing import acts as publishing
from vangrail.web.registering.example import one_product_in_two_towns
from vangrail.web.suppliers.example import ask_suppliers
from vangrail.web.talking.example import talk_about_reports

MADE = "demo-made"
"""The file in the data folder that says that a demo stands there, and all of it."""
_AS_MEMBER = {
    Role.APPLICATION_OWNER: MemberRole.APPLICATION_OWNER,
    Role.DECIDER: MemberRole.DECIDER,
    Role.DPO: MemberRole.DPO,
    Role.SECURITY_OFFICER: MemberRole.SECURITY_OFFICER,
    Role.AI_OFFICER: MemberRole.AI_OFFICER,
    Role.OVERSEER: MemberRole.CONTRIBUTOR,
    Role.DATA_STEWARD: MemberRole.CONTRIBUTOR,
    Role.DATA_SCIENTIST: MemberRole.CONTRIBUTOR,
    Role.COMMUNICATION: MemberRole.COMMUNICATION,
    Role.HR: MemberRole.HR,
}


def examples() -> Path:
    """The folder with the example applications: in the package, or beside its source."""
    package = Path(vangrail.__file__).parent
    for place in (package / "examples", package.parents[1] / "examples"):
        if place.is_dir():
            return place
    raise VangrailError("The example applications are not there.", do="Install Vangrail again.")


def make_data() -> Path:
    """The data of the examples: generated, so not shipped. Each example has a folder of its own below the one returned."""
    script = examples() / "generate.py"
    spec = importlib.util.spec_from_file_location("vangrail_example_data", script)
    if spec is None or spec.loader is None:
        raise TypeError(f"{script} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = Path(settings.DATA) / "examples"
    module.generate(made)
    return made


def fill() -> None:
    """Make the demo, once. VangrailError where something else is there, or a demo that was cut off halfway."""
    made_before = Path(settings.DATA) / MADE
    if Organisation.objects.exists():
        if made_before.exists():
            return
        raise VangrailError(
            both(
                nl="VANGRAIL_DEMO: dit is geen demo, of ze is maar half gemaakt.",
                en="VANGRAIL_DEMO: this is no demo, or it was only half made.",
            ),
            why=both(
                nl="In een demo kan iedereen zich voor iedereen uitgeven.",
                en="In a demo everybody can take everybody's place.",
            ),
            do=both(
                nl="Laat VANGRAIL_DEMO weg, of noem een lege map met VANGRAIL_DATA.",
                en="Leave VANGRAIL_DEMO out, or name an empty folder with VANGRAIL_DATA.",
            ),
        )
    made = make_data()
    for folder in sorted(p.parent for p in examples().glob("*/card.yaml")):
        _load(folder, made / folder.name)
    _publish("ocmw-steunaanvragen")
    _publish("website-assistent")
    one_product_in_two_towns()
    stop_where_districts_differ()
    add_a_day_of_readings()
    talk_about_reports()
    made_before.touch()


@transaction.atomic
def _load(folder: Path, made: Path) -> Application:
    found = read_application(folder)
    organisation = _organisation(found.card)
    people = {role: _person(p.name, organisation, role) for role, p in found.card.people.items() if role in _AS_MEMBER}
    owner = people[Role.APPLICATION_OWNER]
    _person("Nele Beheerder", organisation, None, MemberRole.ADMINISTRATOR)
    _person("Roos Devriendt", organisation, None, MemberRole.READER)
    application = acts.register(organisation=organisation, card=found.card, by=owner)
    for part in (made / "data", folder / "documents", folder / "teksten"):
        if part.is_dir():
            shutil.copytree(part, folder_of(application) / part.name, dirs_exist_ok=True)
    for record in found.records:
        acts.keep_record(application=application, record=record, by=owner)
    for answer in found.answers:
        if len((answer.because or "").split()) < acts.LEAST_WORDS:
            continue  # the example has an answer without reasons on purpose; the site does not take it
        acts.answer(
            application=application,
            requirement=answer.requirement,
            value=AnswerValue(answer.answer),
            because=answer.because or "",
            by=people.get(answer.role, owner) if answer.role else owner,
            role=answer.role,
            documents=answer.documents,
            on=answer.on,
        )
    take_part(application, people)
    answer_the_law(application, people)
    go_wrong(application, people)
    measuring.measure(application, by=owner, environment={}, progress=lambda _: None)
    decide(application, people)
    ask_suppliers(application, people)
    return application


def _publish(slug: str) -> None:
    """Fill the register: the owner prepares a page, communication approves it."""
    application = Application.everywhere.get(slug=slug)
    people = card_of(application).people
    owner, second = (
        Person.objects.get(email=_email(people[r].name)) for r in (Role.APPLICATION_OWNER, Role.COMMUNICATION)
    )
    publication = publishing.prepare(application=application, by=owner)
    publishing.review(publication=publication, by=second, approved=True)


def _organisation(card: Card) -> Organisation:
    body = card.organisation
    profile = body.model_dump(mode="json", exclude_defaults=True, exclude={"name", "kind", "number"})
    made, _ = Organisation.objects.get_or_create(
        slug=slugify(body.name),
        defaults={"name": body.name, "kind": body.kind or "other", "number": body.number or "", "profile": profile},
    )
    return made


def _person(name: str, organisation: Organisation, role: Role | None, *more: MemberRole) -> Person:
    """The person of this name, with this role in the organisation added to what they already are there."""
    email = _email(name)
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email, name=name)
    membership, _ = Membership.objects.get_or_create(person=person, organisation=organisation)
    roles = membership.held | set(more) | ({_AS_MEMBER[role]} if role else set())
    membership.roles = sorted(r.value for r in roles)
    membership.save()
    return person


def _email(name: str) -> str:
    return f"{slugify(name)}@demo.example"
