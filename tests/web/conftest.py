"""The people of the web tests: An owns, Bram reviews, Chaima is a citizen, Dirk is of another municipality and sees nothing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from vangrail.model.card import Card
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web.applications import acts, assessing
from vangrail.web.applications.models import Application, CardVersion
from vangrail.web.organisations.models import Membership, Organisation, Person


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's own browser. Playwright runs a loop of its own in this thread, which Django would take for a mistake."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@dataclass(frozen=True, kw_only=True)
class Town:
    """A municipality with An (owner), Bram (DPO), Els (decides), Fons (communication), Gerda (administrator), and one application."""

    organisation: Organisation
    an: Person
    bram: Person
    els: Person
    fons: Person
    gerda: Person
    application: Application


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Any) -> None:
    """Ledgers and files of each test lie in a folder of their own."""
    settings.DATA = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def person(name: str, organisation: Organisation, *roles: R) -> Person:
    """Someone of an organisation."""
    made = Person.objects.create_user(f"{name.lower()}@{organisation.slug}.example", name=name)
    Membership.objects.create(person=made, organisation=organisation, roles=[r.value for r in roles])
    return made


def card(organisation: str = "Gemeente Voorbeeld", **parts: Any) -> Card:
    """A small card."""
    people = {"application_owner": {"name": "An"}, "dpo": {"name": "Bram"}, "decider": {"name": "Els"}}
    base = {
        "vangrail": 1,
        "id": "meldingen",
        "name": "Meldingen",
        "organisation": {"name": organisation, "kind": "municipality"},
        "phase": "idea",
        "people": people,
        "purpose": {"text": "Meldingen naar de juiste dienst sturen."},
    }
    return Card.model_validate(base | parts)


def stored_under_older_rules(application: Application, facts: dict[str, Any], *, by: Person) -> None:
    """A next version of the card with facts that were accepted when it was written and no longer can be read."""
    last = application.version
    content = last.content | {"facts": facts}
    CardVersion(application=application, by=by, at=last.at, number=last.number + 1, content=content, digest="0").save()


@pytest.fixture
def town(db: Any) -> Town:
    """The municipality."""
    organisation = Organisation.objects.create(slug="voorbeeld", name="Gemeente Voorbeeld", kind="municipality")
    an = person("An", organisation, R.APPLICATION_OWNER)
    application = acts.register(organisation=organisation, card=card(), by=an)
    assessing.refresh(application)  # a test's transaction is never committed, so nothing follows from it by itself
    return Town(
        organisation=organisation,
        an=an,
        bram=person("Bram", organisation, R.DPO),
        els=person("Els", organisation, R.DECIDER),
        fons=person("Fons", organisation, R.COMMUNICATION),
        gerda=person("Gerda", organisation, R.ADMINISTRATOR),
        application=application,
    )


@pytest.fixture
def dirk(db: Any) -> Person:
    """Someone with every role, of another municipality."""
    other = Organisation.objects.create(slug="elders", name="Gemeente Elders", kind="municipality")
    return person("Dirk", other, *R)


def second_factor(who: Person) -> None:
    """Give somebody an authenticator app: whoever decides or administers needs one."""
    Authenticator.objects.get_or_create(user=who, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})


def just_signed_in_again(browser: Client, who: Person) -> None:
    """As if the person of this browser gave their code a moment ago."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(who.pk)
    session.save()


@pytest.fixture
def as_(client: Client) -> Any:
    """A browser in which someone is signed in, with a second factor."""

    def signed_in(who: Person) -> Client:
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        second_factor(who)
        just_signed_in_again(client, who)
        return client

    return signed_in
