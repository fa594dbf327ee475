"""The public register: found by everybody, as it was approved, with how it is now; constant in queries, open as data."""

import csv
import io
import json
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone
from rdflib import Graph
from test_publishing import PARTS, published

from conftest import card
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Assessed
from vangrail.web.decisions import acts as decisions
from vangrail.web.organisations.models import Organisation
from vangrail.web.publishing import acts
from vangrail.web.publishing.models import Approval, Publication
from vangrail.web.register import keeping, words
from vangrail.web.register.models import Entry, Word

PAGE = "/register/voorbeeld/meldingen/"


@pytest.fixture
def public(town):
    """One public application."""
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    published(town)
    return town


def more(town, number, *, start=0, **parts):
    """Public applications by the dozen."""
    for n in range(start, start + number):
        c = card(**{**PARTS, "id": f"toepassing-{n:02d}", "name": f"Toepassing {n:02d}", **parts})
        application = applications.register(organisation=town.organisation, card=c, by=town.an)
        made = acts.prepare(application=application, by=town.an)
        acts.review(publication=made, by=town.fons, approved=True)


# --- words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("weginspectie", "weginspecties"),
        ("Weginspecties", "weginspectie"),
        ("sluikstortherkenning", "sluikstort"),
        ("coöperatie", "cooperatie"),
        ("aanvragen", "AANVRAAG"),
        ("fiets", "fietsen"),
        ("fietsen", "fiets"),
        ("steunaanvragen", "steunaanvr"),
    ],
)
def test_a_word_is_found_by_its_stem_and_its_beginning(text, asked):
    kept = words.kept([text])
    (beginnings,) = words.asked(asked)
    assert any(b <= word <= words.last_with(b) for b in beginnings for word in kept)


def test_another_word_is_not_found():
    (beginnings,) = words.asked("afval")
    kept = words.kept(["aanvragen", "afspraak", "zwerfvuil"])
    assert not any(b <= word <= words.last_with(b) for b in beginnings for word in kept)


def test_small_words_and_signs_are_no_words():
    assert words.asked("de het van !!! %_ '") == []


# --- searching and filtering ------------------------------------------------------------------------------------------
def names(client, query):
    return [e.name for e in client.get(f"/?{query}").context["page"]]


def test_every_word_asked_must_be_there(public, client):
    assert names(client, "q=melding") == ["Meldingen"]
    assert names(client, "q=meldingen+computers") == ["Meldingen"]
    assert names(client, "q=melding+drone") == []
    assert names(client, "q=%25") == [], "a sign is no wildcard"
    assert names(client, "q=" + "x" * 5000) == ["Meldingen"], "what cannot be asked is left aside"


def test_what_has_the_word_in_its_name_comes_first(public, client):
    more(public, 1, id="aaa", name="Aaa")
    assert names(client, "q=melding") == ["Meldingen", "Aaa"]


def test_filters_by_theme_organisation_phase_and_state(public, client):
    more(public, 1, four_d=["dull"], phase="operate")
    assert names(client, "thema=dull") == ["Toepassing 00"]
    assert names(client, "thema=envi") == []
    assert names(client, "fase=operate") == ["Toepassing 00"] and names(client, "fase=idea") == ["Meldingen"]
    assert names(client, "bestuur=voorbeeld&fase=idea") == ["Meldingen"]
    assert names(client, "toestand=stopped") == []
    decisions.stop(application=public.application, by=public.els, reasons="Fout ontdekt")
    assessing.refresh(public.application)
    assert names(client, "toestand=stopped") == ["Meldingen"]
    assert names(client, "thema=onbestaand") == ["Meldingen", "Toepassing 00"], "an old link still gives a page"


def test_what_it_is_about_can_be_chosen_and_looked_for(public, client):
    more(public, 1, themes=["soci", "heal"])
    assert names(client, "thema=soci") == names(client, "thema=heal") == ["Toepassing 00"]
    assert names(client, "q=welzijn") == ["Toepassing 00"], "by the words of the theme as well"
    page = client.get("/?thema=soci").content.decode()
    assert '<optgroup label="Thema&#x27;s">' in page and '<option value="soci" selected>Welzijn en samenleving' in page
    assert (
        "Welzijn en samenleving; Gezondheid en zorg"
        in client.get("/register/voorbeeld/toepassing-00/").content.decode()
    )
    assert [i["id"] for i in client.get("/api/v1/applications?theme=soci").json()["items"]] == ["toepassing-00"]
    rows = list(
        csv.DictReader(io.StringIO(body(client.get("/register.csv?thema=soci")).lstrip("\ufeff")), delimiter=";")
    )
    assert [r["Thema's"] for r in rows] == ["Welzijn en samenleving; Gezondheid en zorg"]


def test_a_publication_of_before_themes_were_asked_is_still_shown(public, client):
    content = Entry.objects.get().publication.content
    del content["themes"]["policy"]
    Publication.objects.filter(pk=Entry.objects.get().publication_id).update(content=content)
    for place in (PAGE, "/register/voorbeeld/meldingen.ttl", "/register/voorbeeld/meldingen.csv", "/register.jsonld"):
        assert client.get(place).status_code == 200
    assert client.get("/api/v1/applications/voorbeeld/meldingen").json()["themes"]["policy"] == []


def test_pages_of_twenty_that_keep_the_question(public, client):
    more(public, 24)
    first = client.get("/?q=melding")
    assert len(first.context["page"]) == 20 and "?q=melding&amp;pagina=2" in first.content.decode()
    assert len(client.get("/?q=melding&pagina=2").context["page"]) == 5
    assert client.get("/?pagina=999999").status_code == 200 == client.get("/?pagina=abc").status_code


def test_the_number_of_queries_does_not_grow_with_the_rows(public, client, django_assert_num_queries):
    client.get("/?q=melding")
    more(public, 2)
    with django_assert_num_queries(4):  # the state, organisations to choose from, how many, and the page
        client.get("/?q=melding&fase=idea")
    more(public, 28, start=2)
    with django_assert_num_queries(5):  # and before it, whether the page of before can still be given
        client.get("/?q=melding&fase=idea")
    with django_assert_num_queries(5):  # state, entry, last stop, until when something was withdrawn, and the history
        client.get(PAGE)
    with django_assert_num_queries(3):  # the organisations of the form, when it changed, and all in one
        b"".join(client.get("/register.json").streaming_content)


# --- the page ---------------------------------------------------------------------------------------------------------
def test_a_question_or_an_objection_comes_before_everything_else(public, client):
    page = client.get(PAGE).content.decode()
    assert page.count("<h1") == 1
    assert (
        page.index("Heb je een vraag")
        < page.index("Wat doet deze AI?")
        < page.index("Waarom?")
        < page.index("Wie beslist?")
    )
    assert 'href="mailto:bezwaar@voorbeeld.example"' in page


def test_what_was_approved_stays_when_the_card_changes_and_the_page_says_so(public, client):
    changed = card(**{**PARTS, "summary": "Iets heel anders dan voordien."})
    applications.declare(application=public.application, card=changed, by=public.an)
    assessing.refresh(public.application)
    page = client.get(PAGE).content.decode()
    assert "De computer leest je melding" in page and "Iets heel anders" not in page
    assert "sindsdien gewijzigd" in page and names(client, "toestand=changed") == ["Meldingen"]


def test_a_stopped_application_says_so_at_once_with_what_happens_now(town, client):
    parts = {**PARTS, "fallback": {"procedure": "Een medewerker leest elke melding."}}
    applications.declare(application=town.application, card=card(**parts), by=town.an)
    published(town)
    decisions.stop(application=town.application, by=town.els, reasons="Iets vertrouwelijks over een burger")
    page = client.get(PAGE).content.decode()  # before anything was reached anew
    assert "is gestopt sinds" in page and "Een medewerker leest elke melding." in page
    assert "vertrouwelijks" not in page


def figure(town):
    """A figure on the board, as if it had been measured."""
    assessed = Assessed.objects.get(application=town.application)
    entry = Entry.objects.get(application=town.application)
    made = entry.publication
    made.content["figures"] = [
        {
            "requirement": "dat-4",
            "requirement_title": {"nl": "Actueel", "en": "Up to date"},
            "verdict": "met",
            "because": {"nl": "Binnen de grens.", "en": "Within the limit."},
            "check": "timeliness",
            "dataset": "meldingen",
            "subject": "newest",
            "title": {"nl": "Actualiteit", "en": "Timeliness"},
            "measures": {"nl": "Hoe oud.", "en": "How old."},
            "about": {"nl": "nieuwste rij", "en": "newest row"},
            "value": 3.0,
            "unit": "days",
            "rows": 40,
            "low": None,
            "high": None,
            "confidence": None,
            "exact": True,
            "group_unit": None,
            "groups": [],
            "details": [],
            "limit": None,
            "measured_on": "2026-11-20",
            "valid_until": None,
        }
    ]
    type(made).objects.filter(pk=made.pk).update(content=made.content)
    piece = {"kind": "measure", "check": "timeliness", "dataset": "meldingen", "subject": "newest"}
    piece |= {"verdict": "met", "because": {"nl": "Goed."}, "measured_at": "2026-11-20T10:00:00+00:00"}
    assessed.content["requirements"] = [{"id": "dat-4", "evidence": [piece]}]
    assessed.save()
    return assessed


def test_changed_data_make_the_figure_stale_on_the_public_page(public, client):
    assessed = figure(public)
    page = client.get(PAGE).content.decode()
    assert "3 dagen" in page and "verouderd" not in page and "20 november 2026" in page
    why = {"nl": "De data in 'meldingen' zijn veranderd.", "en": "The data have changed."}
    assessed.content["requirements"][0]["evidence"][0] |= {"verdict": "expired", "because": why}
    assessed.save()  # as the tick does when it saw that a row changed
    page = client.get(PAGE).content.decode()
    assert "Dit cijfer is verouderd." in page and "De data in &#x27;meldingen&#x27; zijn veranderd." in page
    assert "verdict-expired" in page and "1 cijfer is verouderd" in page
    assert names(client, "toestand=stale") == ["Meldingen"]


def test_a_newer_figure_waits_for_the_next_publication(public, client):
    assessed = figure(public)
    assessed.content["requirements"][0]["evidence"][0]["measured_at"] = "2026-12-24T10:00:00+00:00"
    assessed.save()
    assert "Op 24 december 2026 is opnieuw gemeten" in client.get(PAGE).content.decode()


# --- what is not public -----------------------------------------------------------------------------------------------
def test_what_is_not_public_is_not_there(town, client):
    for place in (PAGE, f"{PAGE}geschiedenis/", f"{PAGE}versies/1/", f"{PAGE}qr.svg", "/register/voorbeeld/"):
        assert client.get(place).status_code == 404, place
    assert client.get("/register/voorbeeld/meldingen.json").status_code == 404


def test_a_prepared_page_is_seen_by_nobody_outside(town, client):
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    acts.prepare(application=town.application, by=town.an)
    assert client.get(PAGE).status_code == 404 and client.get(f"{PAGE}versies/1/").status_code == 404


def test_what_was_withdrawn_says_why_and_shows_nothing_of_before(public, client):
    acts.withdraw(application=public.application, by=public.els, reasons="Er stond een fout in het doel.")
    page = client.get(PAGE)
    assert page.status_code == 410 and "Er stond een fout in het doel." in page.content.decode()
    assert "Els" not in page.content.decode()
    assert client.get(f"{PAGE}versies/1/").status_code == 404 and client.get("/").context["page"].paginator.count == 0
    assert not Word.objects.exists()
    published(public)
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}versies/1/").status_code == 404, "what came before stays away"
    assert client.get(f"{PAGE}versies/2/").status_code == 200


def test_nobody_is_named_on_any_public_page(public, client):
    for place in ("/", PAGE, f"{PAGE}geschiedenis/", f"{PAGE}versies/1/", "/register.json", "/register.atom"):
        answer = client.get(place)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode()
        assert not any(f" {n}" in text or f">{n}" in text for n in ("An ", "An<", "Bram", "Els", "Fons", "Gerda")), (
            place
        )


# --- history ----------------------------------------------------------------------------------------------------------
def test_the_page_as_it_was_on_a_day(public, client):
    later = timezone.now() + timedelta(days=30)
    applications.declare(
        application=public.application, card=card(**{**PARTS, "summary": "Nieuwe tekst."}), by=public.an
    )
    published(public)
    Approval.objects.filter(publication__number=2).update(at=later)
    assert client.get(f"{PAGE}geschiedenis/").content.decode().count("Versie ") == 2
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert client.get(f"{PAGE}geschiedenis/?op={day}")["Location"] == f"{PAGE}versies/1/"
    old = client.get(f"{PAGE}versies/1/").content.decode()
    assert "De computer leest je melding" in old and "vroegere versie" in old
    assert client.get(f"{PAGE}geschiedenis/?op={timezone.localdate(later)}")["Location"] == f"{PAGE}versies/2/"
    for wrong in ("1999-01-01", "2026-02-31", "gisteren", "<script>"):
        page = client.get(f"{PAGE}geschiedenis/", {"op": wrong})
        assert (
            page.status_code == 200
            and "nog geen pagina" in page.content.decode()
            and "<script>" not in page.content.decode()
        )


# --- files ------------------------------------------------------------------------------------------------------------
def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def test_every_page_is_data_too(public, client):
    found = json.loads(body(client.get("/register/voorbeeld/meldingen.json")))
    assert found["application"]["name"] == "Meldingen" and found["address"] == f"http://testserver{PAGE}"
    row = next(csv.DictReader(io.StringIO(body(client.get("/register/voorbeeld/meldingen.csv"))[1:]), delimiter=";"))
    assert row["Bestuur"] == "Gemeente Voorbeeld"
    turtle = Graph().parse(data=body(client.get("/register/voorbeeld/meldingen.ttl")), format="turtle")
    jsonld = Graph().parse(data=body(client.get("/register/voorbeeld/meldingen.jsonld")), format="json-ld")
    assert len(turtle) == len(jsonld) > 10


def test_the_whole_register_and_a_selection_of_it(public, client):
    more(public, 2, phase="operate")
    assert len(json.loads(body(client.get("/register.json")))["items"]) == 3
    assert len(json.loads(body(client.get("/register.json?fase=operate")))["items"]) == 2
    assert body(client.get("/register.csv?q=melding")).count("\r\n") == 4
    Graph().parse(data=body(client.get("/register.ttl")), format="turtle")
    Graph().parse(data=body(client.get("/register.jsonld")), format="json-ld")
    catalogue = Graph().parse(data=body(client.get("/catalogus.ttl")), format="turtle")
    assert "AI-register Gemeente Voorbeeld" in {str(o) for o in catalogue.objects()}
    Graph().parse(data=body(client.get("/catalogus.jsonld")), format="json-ld")


def test_the_feed_tells_what_was_published_and_withdrawn(public, client):
    more(public, 1)
    acts.withdraw(application=public.application, by=public.els, reasons="Er stond een fout in.")
    root = ElementTree.fromstring(body(client.get("/register.atom")))
    titles = [e.text for e in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Openbaar register van AI-toepassingen", "Ingetrokken: meldingen", "Gepubliceerd: Toepassing 00"]


def test_an_empty_register_has_files_and_pages_too(db, client):
    for place in (
        "/register.csv",
        "/register.json",
        "/register.ttl",
        "/register.jsonld",
        "/register.atom",
        "/catalogus.ttl",
    ):
        assert client.get(place).status_code == 200, place
    assert "nog niets gepubliceerd" in client.get("/").content.decode()
    assert client.get("/open-data/").status_code == 200


def test_who_has_the_page_already_does_not_get_it_again(public, client):
    client.get(PAGE)
    first = client.get(PAGE)
    again = client.get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    decisions.stop(application=public.application, by=public.els, reasons="Fout ontdekt")
    assert client.get(PAGE, headers={"If-None-Match": first["ETag"]}).status_code == 200
    data = client.get("/register/voorbeeld/meldingen.json")
    assert client.get("/register/voorbeeld/meldingen.json", headers={"If-None-Match": data["ETag"]}).status_code == 304


def test_whoever_is_signed_in_gets_the_page_anew(public, as_):
    answer = as_(public.an).get(PAGE)
    assert "ETag" not in answer and "private" in answer["Cache-Control"]


def test_the_qr_code_is_a_file_of_our_own(public, client):
    answer = client.get(f"{PAGE}qr.svg")
    assert answer["Content-Type"] == "image/svg+xml" and b"<svg" in answer.content and b"style=" not in answer.content
    assert f'src="{PAGE}qr.svg"' in client.get(PAGE).content.decode()


def test_the_block_for_another_site_is_a_link_without_script_or_frame(public, client):
    block = client.get(PAGE).context["page"].embed
    assert block.startswith(f'<p><a href="http://testserver{PAGE}">Meldingen</a>')
    assert "<script" not in block and "<iframe" not in block


def test_public_pages_only_read(public, client):
    for place in ("/", PAGE, "/register.json", "/open-data/", f"{PAGE}geschiedenis/"):
        assert client.post(place).status_code == 405, place


def test_the_list_of_an_organisation_has_an_address(public, client):
    assert client.get("/register/voorbeeld/")["Location"] == "/?bestuur=voorbeeld"
    Organisation.objects.create(slug="leeg", name="Leeg", kind="municipality")
    assert client.get("/register/leeg/").status_code == 404


def test_the_register_follows_the_boards_by_itself(public):
    before = Entry.objects.get().changed_at
    keeping.keep(public.application)
    assert Entry.objects.get().changed_at == before, "nothing changed, so nothing is written"
    decisions.stop(application=public.application, by=public.els, reasons="Fout ontdekt")
    assessing.refresh(public.application)
    assert Entry.objects.get().stopped and Entry.objects.get().changed_at > before


def test_english_pages_mark_what_is_dutch(public, client):
    client.cookies["django_language"] = "en"
    page = client.get(PAGE).content.decode()
    assert '<html lang="en">' in page and '<p lang="nl-BE">De computer leest je melding' in page
