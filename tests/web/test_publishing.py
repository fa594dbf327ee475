"""Publishing: one person prepares, another approves; nothing that is public changes afterwards; withdrawing says why."""

import pytest

from conftest import card, person
from vangrail.cards.records import by_kind
from vangrail.model.card import RECORDS, Card, Record
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.ledgers import deliver, open_ledger
from vangrail.web.applications.models import Outbox
from vangrail.web.publishing import acts, making
from vangrail.web.publishing.models import Approval, Publication
from vangrail.web.register.models import Entry

PLACE = "/werk/voorbeeld/toepassingen/meldingen/publicatie/"
PARTS = {
    "summary": "De computer leest je melding en kiest een dienst. Een medewerker kijkt dat na.",
    "contact": {"ask": "vraag@voorbeeld.example", "object": "bezwaar@voorbeeld.example", "term_days": 20},
}


@pytest.fixture
def ready(town):
    """The application with what a page needs."""
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    return town


def published(town):
    made = acts.prepare(application=town.application, by=town.an)
    acts.review(publication=made, by=town.fons, approved=True)
    return made


# --- two people -------------------------------------------------------------------------------------------------------
def test_nothing_is_public_until_a_second_person_approves(ready):
    made = acts.prepare(application=ready.application, by=ready.an)
    assert acts.public_now(ready.application) is None and not Entry.objects.exists()
    acts.review(publication=made, by=ready.fons, approved=True)
    assert acts.public_now(ready.application) == made and Entry.objects.get().name == "Meldingen"


def test_who_prepared_does_not_approve_and_reads_why(ready, as_):
    made = acts.prepare(application=ready.application, by=ready.fons)
    page = as_(ready.fons).post(f"{PLACE}{made.number}/beslissing/", {"approved": "yes"})
    assert page.status_code == 200 and "zelf voorbereid" in page.content.decode()
    assert not Approval.objects.exists()


def test_sending_back_needs_reasons_and_keeps_what_was_typed(ready, as_):
    made = acts.prepare(application=ready.application, by=ready.an)
    browser = as_(ready.els)
    page = browser.post(f"{PLACE}{made.number}/beslissing/", {"approved": "no", "reasons": "Te vaag."})
    assert "Te vaag." in page.content.decode() and not Approval.objects.exists()
    browser.post(f"{PLACE}{made.number}/beslissing/", {"approved": "no", "reasons": "Leg uit wat een dienst is."})
    assert Approval.objects.get().approved is False and acts.public_now(ready.application) is None


def test_a_prepared_page_waits_for_who_may_approve_it_and_did_not_prepare_it(ready, as_):
    def waits_for(person):
        return "nalezen" in as_(person).get("/werk/voorbeeld/taken/").content.decode()

    acts.prepare(application=ready.application, by=ready.an)
    made = acts.prepare(application=ready.application, by=ready.fons)
    assert waits_for(ready.els) and not waits_for(ready.fons) and not waits_for(ready.bram)
    acts.review(publication=made, by=ready.els, approved=True)
    assert not waits_for(ready.els)


def test_only_the_newest_can_be_approved_and_only_once(ready):
    old = acts.prepare(application=ready.application, by=ready.an)
    new = acts.prepare(application=ready.application, by=ready.an)
    with pytest.raises(VangrailError, match="newer publication"):
        acts.review(publication=old, by=ready.fons, approved=True)
    acts.review(publication=new, by=ready.fons, approved=True)
    with pytest.raises(VangrailError, match="decided on this"):
        acts.review(publication=new, by=ready.els, approved=True)


def test_a_publication_is_never_changed(ready):
    made = published(ready)
    made.content["application"]["name"] = "Anders"
    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        made.delete()


def test_the_ledger_holds_that_it_was_published_and_withdrawn_without_names(ready):
    made = published(ready)
    acts.withdraw(application=ready.application, by=ready.els, reasons="Er stond een fout in het doel.")
    bodies = [o.body for o in Outbox.objects.filter(kind="published").order_by("pk")]
    assert [(b["event"], b["publication"]) for b in bodies] == [("published", 1), ("withdrawn", 1)]
    assert bodies[0]["digest"] == made.digest
    assert not any(name in str(bodies) for name in ("An", "Fons", "Els"))
    deliver(ready.organisation)
    with open_ledger(ready.organisation) as ledger:
        assert ledger.verify().ok


def test_publishing_is_the_process_that_openness_asks(ready):
    published(ready)
    assert [r.kind for r in ready.application.recordkepts.all()] == ["publication"]


def test_publishing_makes_no_figure_stale(ready):
    """Figures about objections and incidents are measured from the records, and a publication is a record too."""

    def held(*more):
        kept = [*assessing.records_of(ready.application), *more]
        return {name: records.fingerprint() for name, records in by_kind(kept).items()}

    before = held()
    published(ready)
    incident = Record(kind="incident", on="2026-11-20", what="Storing", by="An")
    assert {name for name, now in held(incident).items() if now != before[name]} == {
        RECORDS + "publication",
        RECORDS + "incident",
    }


# --- what cannot be public --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({**PARTS, "summary": None}, "wat de toepassing doet"),
        ({**PARTS, "contact": {"ask": "vraag@voorbeeld.example"}}, "bezwaar maken"),
        ({**PARTS, "summary": "Bel Jan, rijksregisternummer 85.07.30-033.28."}, "rijksregisternummer"),
        ({**PARTS, "fallback": {"procedure": "Betaal op BE68 5390 0754 7034."}}, "Werken zonder de toepassing"),
    ],
)
def test_what_cannot_be_public_is_said_on_the_page(town, as_, parts, says):
    applications.declare(application=town.application, card=card(**parts), by=town.an)
    page = as_(town.an).post(f"{PLACE}voorbereiden/")
    assert page.status_code == 200 and says in page.content.decode()
    assert "85.07.30" not in page.content.decode().split("Is de taal duidelijk?")[0], "the message names the field only"
    assert not Publication.objects.exists()


def test_whoever_prepares_is_asked_to_look_at_a_telephone_number_in_a_text(town, as_):
    parts = {**PARTS, "purpose": {"text": "Meldingen sturen naar de ploeg op 0475 12 34 56."}}
    applications.declare(application=town.application, card=card(**parts), by=town.an)
    page = as_(town.an).get(PLACE).content.decode()
    assert "Kijk na of dit openbaar mag" in page and "Doel" in page.split("Kijk na of dit openbaar mag")[1]


# --- plain Dutch ------------------------------------------------------------------------------------------------------
def test_a_hard_text_is_named_with_what_makes_it_hard(town):
    hard = (
        "Aangaande de behandeling van de desbetreffende meldingen wordt middels een geautomatiseerde procedure overgegaan tot "
        "de toewijzing van de verantwoordelijke organisatorische entiteit, alsmede tot de kwalificatie van de problematiek."
    )
    applications.declare(application=town.application, card=card(**{**PARTS, "summary": hard}), by=town.an)
    found = making.readable(making.make(town.application).content)
    assert not found.plain and found.limit == 60
    (worst,) = [h for h in found.hard if h.place == "summary"]
    assert worst.long_sentences == (hard,)
    assert {"aangaande", "alsmede"} <= {d.word for d, _ in worst.reading.difficult}


def test_a_plain_text_passes_and_nothing_forbids_a_hard_one(ready):
    easy = PARTS["summary"] * 3
    applications.declare(application=ready.application, card=card(**{**PARTS, "summary": easy}), by=ready.an)
    assert making.readable(making.make(ready.application).content).plain


# --- the pages --------------------------------------------------------------------------------------------------------
def test_the_preview_is_the_page_of_the_public(ready, as_):
    made = acts.prepare(application=ready.application, by=ready.an)
    page = as_(ready.fons).get(f"{PLACE}{made.number}/").content.decode()
    assert "De computer leest je melding" in page and "Jij bent de tweede persoon" in page
    own = as_(ready.an).get(f"{PLACE}{made.number}/").content.decode()
    assert "Jij bent de tweede persoon" not in own


def test_the_way_of_a_publication_in_the_browser(ready, as_):
    page = as_(ready.an).post(f"{PLACE}voorbereiden/", follow=True)
    assert page.redirect_chain[-1][0] == f"{PLACE}1/"
    page = as_(ready.fons).post(f"{PLACE}1/beslissing/", {"approved": "yes"}, follow=True)
    assert "staat in het openbare register" in page.content.decode()
    assert as_(ready.fons).get("/register/voorbeeld/meldingen/").status_code == 200
    page = as_(ready.els).post(f"{PLACE}intrekken/", {"reasons": "Er stond een fout in."}, follow=True)
    assert "weg uit het register" in page.content.decode()
    assert as_(ready.els).get("/register/voorbeeld/meldingen/").status_code == 410


def test_a_reader_sees_and_may_not_prepare(ready, as_):
    reader = person("Rita", ready.organisation, MemberRole.READER)
    assert as_(reader).get(PLACE).status_code == 200
    assert as_(reader).post(f"{PLACE}voorbereiden/").status_code == 403
    assert as_(reader).get(f"{PLACE}99/").status_code == 404


def test_withdrawing_needs_reasons_and_something_public(ready):
    with pytest.raises(VangrailError, match="public now"):
        acts.withdraw(application=ready.application, by=ready.els, reasons="Er stond een fout in.")
    published(ready)
    with pytest.raises(VangrailError):
        acts.withdraw(application=ready.application, by=ready.els, reasons="")


def test_hostile_texts_are_shown_as_text(town, as_):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    parts = {"summary": evil, "contact": {"ask": f"javascript:alert(1) {evil}", "object": evil}, "name": evil}
    parts |= {"process": [{"step": evil, "actor": "human", "why": evil}], "privacy": {"personal_data": evil}}
    applications.declare(application=town.application, card=card(**parts), by=town.an)
    made = published(town)
    assert isinstance(Card.model_validate(made.version.content), Card)
    for place in (
        f"{PLACE}",
        f"{PLACE}1/",
        "/",
        "/register/voorbeeld/meldingen/",
        "/register/voorbeeld/meldingen/versies/1/",
    ):
        page = as_(town.fons).get(place).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page, place
