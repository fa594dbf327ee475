"""A public page is made once and given many times, and never after something that it shows has changed."""

import gzip

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from test_publishing import PARTS, published
from test_register import PAGE, more

from conftest import card
from vangrail.model.vocabulary import CaseKind
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.decisions import acts as decisions
from vangrail.web.participation import cases
from vangrail.web.publishing import acts
from vangrail.web.register import remembering
from vangrail.web.register.models import Shown

PLACES = ("/", "/?q=melding", PAGE, f"{PAGE}geschiedenis/", f"{PAGE}versies/1/", "/open-data/")


@pytest.fixture
def public(town):
    """One public application."""
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    published(town)
    return town


@pytest.mark.parametrize("place", PLACES)
def test_who_asks_again_costs_one_question_to_the_database(public, client, django_assert_num_queries, place):
    first = client.get(place)
    with django_assert_num_queries(1):
        again = client.get(place)
    assert again.status_code == 200 and again.content == first.content
    kept = {"Content-Security-Policy", "X-Frame-Options", "Content-Language", "Cache-Control", "ETag", "Vary"}
    assert kept <= set(again.headers) and "Set-Cookie" not in again.headers and not again.cookies


def stop(town):
    decisions.stop(application=town.application, by=town.els, reasons="Fout ontdekt")


def declare(town):
    applications.declare(application=town.application, card=card(**{**PARTS, "summary": "Anders."}), by=town.an)
    assessing.refresh(town.application)


def publish_again(town):
    applications.declare(application=town.application, card=card(**{**PARTS, "summary": "Anders."}), by=town.an)
    published(town)


def withdraw(town):
    acts.withdraw(application=town.application, by=town.els, reasons="Er stond een fout in het doel.")


def rename(town):
    town.organisation.name = "Gemeente Nieuwnaam"
    town.organisation.save()


@pytest.mark.parametrize("change", [stop, publish_again, withdraw, declare, rename])
def test_what_changed_is_shown_at_once(public, client, change):
    before = {place: client.get(place).content for place in PLACES}
    change(public)
    now = {place: client.get(place).content for place in PLACES}
    assert now == {place: Client().get(place).content for place in PLACES}, "as a process that kept nothing makes it"
    assert now != before


def test_who_takes_up_again_what_was_stopped_sees_it_at_once(public, client):
    stop(public)
    assert "is gestopt sinds" in client.get(PAGE).content.decode()
    decisions.resume(application=public.application, by=public.els, reasons="Opgelost en nagekeken")
    assert "is gestopt sinds" not in client.get(PAGE).content.decode()


def test_an_objection_shows_at_once(public, client):
    client.get(PAGE)
    cases.ask(
        application=public.application,
        kind=CaseKind.OBJECTION,
        topic="unfair",
        text="Ik ga niet akkoord met dit antwoord.",
        email="",
        drawn="s",
    )
    assessing.refresh(public.application)
    assert "Er is een bezwaar open" in client.get(PAGE).content.decode()


def test_a_change_of_one_organisation_leaves_the_pages_of_another(public, dirk):
    before = Shown.state_of("voorbeeld")
    remembering.changed("elders")
    assert Shown.state_of("voorbeeld") == before


def test_a_change_that_is_undone_changes_nothing(public, client):
    from django.db import transaction

    before = client.get(PAGE).content
    with pytest.raises(RuntimeError), transaction.atomic():
        withdraw(public)
        raise RuntimeError
    assert client.get(PAGE).content == before


def test_another_process_does_not_give_what_the_first_one_withdrew(public, rf: RequestFactory):
    made: list[HttpRequest] = []

    def respond(request):
        made.append(request)
        return Client().get(PAGE)

    one, other = (remembering.RememberedPages(respond) for _ in range(2))
    for process in (one, other):
        assert process(rf.get(PAGE)).status_code == 200
    withdraw(public)
    assert one(rf.get(PAGE)).status_code == other(rf.get(PAGE)).status_code == 410


def test_whoever_is_signed_in_gets_a_page_of_their_own(public, as_, client):
    client.get(PAGE)
    assert b"Afmelden" in as_(public.an).get(PAGE).content
    client.logout()
    assert b"Afmelden" not in client.get(PAGE).content


def test_each_language_address_and_name_of_the_site_has_its_own_page(public, client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "ai.voorbeeld.be"]
    assert b'lang="nl-BE"' in client.get(PAGE).content
    client.cookies["django_language"] = "en"
    assert b'<html lang="en">' in client.get(PAGE).content
    assert b"http://ai.voorbeeld.be/register/" in client.get(PAGE, headers={"host": "ai.voorbeeld.be"}).content
    assert b"ai.voorbeeld.be" not in client.get(PAGE).content
    assert client.get(PAGE, headers={"host": "elders.example"}).status_code == 400


def test_a_page_goes_packed_to_who_can_unpack_it(public, client):
    plain = client.get(PAGE).content
    packed = client.get(PAGE, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 2 and "Accept-Encoding" in packed["Vary"]


def test_what_is_not_found_or_withdrawn_is_not_kept(town, client):
    assert client.get(PAGE).status_code == 404
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    published(town)
    assert client.get(PAGE).status_code == 200


def test_what_was_asked_longest_ago_gives_way():
    pages = remembering.Pages()
    half = remembering.Kept(scope="", state="", packed=b"x" * (remembering.MOST_BYTES // 2), headers={})
    pages.put(("a",), half)
    pages.put(("b",), half)
    assert pages.get(("a",)) is half
    pages.put(("c",), half)
    assert pages.get(("b",)) is None and pages.get(("a",)) is half and pages.get(("c",)) is half


def test_the_list_shows_what_was_published_a_moment_ago(public, client):
    assert client.get("/").context["page"].paginator.count == 1
    more(public, 1)
    assert client.get("/").context["page"].paginator.count == 2
