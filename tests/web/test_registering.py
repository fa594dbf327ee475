"""Registering in ten minutes, editing a card page by page, bringing in a list: nothing is lost, and two people are told."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import MultipleChoiceField
from django.urls import reverse

from conftest import card, person
from vangrail.cards import fields, read_application
from vangrail.cards.comparing import inherited
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import AnswerValue, GateOutcome, Language, Role
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Application, CardVersion, Draft
from vangrail.web.organisations.models import Organisation
from vangrail.web.registering import acts, example, importing, words
from vangrail.web.registering.models import Import, Offer
from vangrail.web.registering.questions import STEPS

pytestmark = pytest.mark.django_db

GOOD = {"name": "Leesbrief", "purpose": {"text": "Brieven begrijpelijk maken."}, "phase": "idea"}


def address(name, town, *args):
    """The address of a page."""
    return reverse(name, args=[town.organisation.slug, *args])


def started(town, **content):
    """A draft of a new application."""
    return acts.start(organisation=town.organisation, by=town.an, content=content or GOOD)


# --- the short form --------------------------------------------------------------------------------------------------
def test_from_nothing_to_an_application(town, as_):
    """The whole way, by the buttons, without JavaScript."""
    browser = as_(town.an)
    browser.post(address("begin", town))
    draft = Draft.objects.get()
    answers = (
        {"name": "Leesbrief", "summary": "Herschrijft.", "purpose": "Brieven begrijpelijk maken.", "public_task": "Sociale dienst", "theme": "soci"},
        {"affected": "Cliënten\nMaatschappelijk werkers", "step": "Herschrijven", "actor": "ai_acts_human_checks",
         "supplier": "Klaartaal bv", "product": "Leesbrief 2"},
        {"owner": "An", "decider": "Els", "dpo": "Bram", "phase": "idea", "contact": "onthaal@voorbeeld.example"},
    )  # fmt: skip
    for number, given in enumerate(answers, 1):
        draft.refresh_from_db()
        answer = browser.post(
            address("draft_step", town, draft.pk, number), {**given, "seen": draft.round, "do": "next"}
        )
        assert answer.status_code == 302, answer.content.decode()
    assert "Klaartaal bv" in browser.get(address("draft_check", town, draft.pk)).content.decode()
    answer = browser.post(address("draft_register", town, draft.pk))
    application = Application.objects.of(town.organisation).get(slug="leesbrief")
    assert answer["Location"] == address("board", town, "leesbrief")
    card = assessing.card_of(application)
    assert card.people[Role.DECIDER].name == "Els" and card.organisation.name == "Gemeente Voorbeeld"
    assert [a.who for a in card.affected] == ["Cliënten", "Maatschappelijk werkers"]
    assert card.process[0].step == "Herschrijven" and card.suppliers[0].product == "Leesbrief 2"
    assert card.themes == ("soci",)
    assert not Draft.objects.exists()


def test_another_theme_on_the_short_form_leaves_those_of_the_card(town):
    theme = next(q for _, questions in STEPS for q in questions if q.id == "theme")
    held = {"themes": ["soci", "heal"]}
    assert theme.read(held) == "soci" and theme.read({}) == ""
    theme.write(held, "gove")
    assert held["themes"] == ["gove", "heal"]
    theme.write(held, "heal")
    assert held["themes"] == ["heal"]


def test_the_short_form_says_how_many_questions_it_has(town, as_):
    page = as_(town.an).get(address("begin", town)).content.decode()
    assert "Vijftien korte vragen" in page and sum(len(questions) for _, questions in STEPS) == 15


def test_the_short_form_says_why_each_question_is_asked(town, as_):
    page = as_(town.an).get(address("draft_step", town, started(town).pk, 1)).content.decode()
    for question in STEPS[0][1]:
        assert f'id="id_{question.id}_helptext"' in page
    assert page.count("Bron:") == page.count("Voorbeeld:") == len(STEPS[0][1])


def test_what_the_site_knows_is_filled_in(town, as_):
    as_(town.an).post(address("begin", town))
    people = acts.card_in(Draft.objects.get())["people"]
    assert {role: p["name"] for role, p in people.items()} == {
        "application_owner": "An",
        "decider": "Els",
        "dpo": "Bram",
    }


def test_it_saves_itself_and_says_so(town, as_):
    draft = started(town)
    place = address("draft_step", town, draft.pk, 1)
    answer = as_(town.an).post(place, {"name": "Nieuw", "seen": "0"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Bewaard om" in page and 'value="1" hx-swap-oob="true"' in page and "<html" not in page
    draft.refresh_from_db()
    assert acts.card_in(draft)["name"] == "Nieuw"


def test_what_another_step_holds_stays(town, as_):
    draft = started(town, **GOOD, contact={"ask": "x", "person": "y"}, affected=[{"who": "Inwoners", "how": "wachten"}])
    as_(town.an).post(address("draft_step", town, draft.pk, 2), {"affected": "Inwoners\nBezoekers", "seen": "0"})
    draft.refresh_from_db()
    card = acts.card_in(draft)
    assert card["affected"] == [{"who": "Inwoners", "how": "wachten"}, {"who": "Bezoekers"}]
    assert card["contact"] == {"ask": "x", "person": "y"} and card["phase"] == "idea"


def test_two_people_at_once_are_told_and_lose_nothing(town, as_):
    colleague = person("Hugo", town.organisation, R.CONTRIBUTOR)
    draft = started(town)
    acts.save(draft=draft, seen=0, changes={"name": "Van Hugo"}, by=colleague)
    browser, place = as_(town.an), address("draft_step", town, draft.pk, 1)
    mine = {"name": "Van An", "purpose": "Anders.", "seen": "0"}
    by_itself = browser.post(place, mine, headers={"HX-Request": "true"}).content.decode()
    assert "Hugo bewaarde dit concept" in by_itself and "hx-swap-oob" not in by_itself
    page = browser.post(place, mine).content.decode()
    assert "Hugo bewaarde dit concept" in page and "Van An" in page and "Van Hugo" in page
    draft.refresh_from_db()
    assert acts.card_in(draft)["name"] == "Van Hugo"
    browser.post(place, mine | {"seen": "1"})  # now knowingly
    draft.refresh_from_db()
    assert acts.card_in(draft)["name"] == "Van An"


def test_without_name_purpose_and_phase_nothing_is_registered(town, as_):
    draft = started(town, summary="x")
    with pytest.raises(acts.Refused) as error:
        acts.register(draft=draft, by=town.an)
    assert [w.place for w in error.value.wrong] == [("name",), ("purpose", "text"), ("phase",)]
    page = as_(town.an).post(address("draft_register", town, draft.pk)).content.decode()
    assert "&#x27;Doel&#x27; is nog leeg" in page and Draft.objects.filter(pk=draft.pk).exists()


def test_a_name_that_is_taken_is_refused_in_words(town):
    with pytest.raises(VangrailError) as error:
        acts.register(draft=started(town, **GOOD | {"name": "Meldingen"}), by=town.an)
    assert "heeft al een toepassing met deze naam" in error.value.told(Language.NL)


def test_drafts_wait_on_the_portfolio_of_who_may_register(town, as_):
    started(town)
    assert "Leesbrief" in as_(town.an).get(address("portfolio", town)).content.decode()
    assert "Leesbrief" not in as_(town.els).get(address("portfolio", town)).content.decode()


def test_script_in_every_field_stays_text(town, as_):
    bad = "<script>alert(1)</script>"
    browser, draft = as_(town.an), started(town)
    for number, (_, questions) in enumerate(STEPS, 1):
        draft.refresh_from_db()
        given = {q.id: bad for q in questions if q.kind not in ("phase", "actor")} | {"phase": "idea", "actor": "human"}
        browser.post(address("draft_step", town, draft.pk, number), given | {"seen": draft.round})
    acts.register(draft=Draft.objects.get(pk=draft.pk), by=town.an)
    slug = Application.objects.of(town.organisation).exclude(slug="meldingen").get().slug
    for name in ("portfolio", "card", "edit_card", "versions", "card_yaml"):
        args = () if name == "portfolio" else (slug,)
        page = browser.get(address(name, town, *args)).content.decode()
        assert "<script>alert" not in page, name


@pytest.mark.parametrize(
    "given",
    [{}, {"seen": "x"}, {"seen": "9" * 50}, {"phase": "nergens", "seen": "0"}, {"name": "n" * 9999, "seen": "0"}],
)
def test_nonsense_is_answered_and_changes_nothing(town, as_, given):
    draft = started(town)
    for number in (1, 2, 3):
        assert as_(town.an).post(address("draft_step", town, draft.pk, number), given).status_code in (200, 302)
    draft.refresh_from_db()
    assert acts.card_in(draft) == GOOD


# --- editing the card ------------------------------------------------------------------------------------------------
def edited(town, as_, part, **given):
    """A page of the card, posted by An."""
    draft = Draft.objects.filter(application=town.application).first()
    seen = draft.round if draft else 0
    return as_(town.an).post(address("edit_part", town, "meldingen", part), {"seen": seen, **given})


def recorded(town, as_, note="Aangevuld."):
    """The draft recorded by An."""
    draft = Draft.objects.get(application=town.application)
    return as_(town.an).post(address("record_card", town, "meldingen"), {"note": note, "seen": draft.round})


def rich(name):
    """The card of an example, as the card of the town's application."""
    found = read_application(Path(__file__).parents[2] / "examples" / name).card.model_dump(
        mode="json", exclude_defaults=True
    )
    return found | {"id": "meldingen", "organisation": found["organisation"] | {"name": "Gemeente Voorbeeld"}}


@pytest.mark.parametrize("name", ["sluikstort-meldingen", "website-assistent"])
@pytest.mark.parametrize("part", [p.id for p in fields.parts()])
def test_every_page_of_a_full_card_can_be_saved_as_it_is(town, as_, part, name):
    """A page that is opened and saved changes nothing: not a number, not a day, not what the page does not show."""
    version = applications.declare(application=town.application, card=Card.model_validate(rich(name)), by=town.an)
    browser, place = as_(town.an), address("edit_part", town, "meldingen", part)
    page = browser.get(place)
    form = page.context["items"] or page.context["single"]
    posted = {"seen": page.context["seen"], "count": getattr(form, "count", 0)}
    for one in form.forms if page.context["items"] else [form]:
        for bound in (one[f] for f in one.fields if f != "gone"):
            shown = bound.field.widget.format_value(bound.value()) if bound.value() not in (None, []) else ""
            if shown or not isinstance(bound.field, MultipleChoiceField):
                posted[bound.html_name] = shown or ""
    assert browser.post(place, posted).status_code == 302
    assert acts.card_in(Draft.objects.get(application=town.application)) == version.content


def test_items_are_changed_added_moved_and_taken_away(town, as_):
    content = {
        **CardVersion.objects.get().content,
        "process": [{"step": "a", "actor": "human"}, {"step": "b", "actor": "ai_acts"}],
    }
    applications.declare(application=town.application, card=Card.model_validate(content), by=town.an)
    posted = {
        "count": 3,
        "i0-was": "0", "i0-process-step": "a", "i0-process-actor": "human", "i0-gone": "on",
        "i1-was": "1", "i1-process-step": "b anders", "i1-process-actor": "ai_advises",
        "i2-was": "", "i2-process-step": "c", "i2-process-actor": "human",
        "do": "up-2",
    }  # fmt: skip
    edited(town, as_, "proces", **posted)
    assert acts.card_in(Draft.objects.get())["process"] == [
        {"step": "c", "actor": "human"},
        {"step": "b anders", "actor": "ai_advises"},
    ]


def test_what_a_page_does_not_ask_stays_on_the_card(town, as_):
    content = {
        **CardVersion.objects.get().content,
        "datasets": {"log": {"source": "data/x.csv", "columns": {"wijk": {"type": "text"}}}},
    }
    applications.declare(application=town.application, card=Card.model_validate(content), by=town.an)
    edited(
        town, as_, "gegevens",
        **{"count": 1, "i0-was": "log", "i0-key": "log", "i0-datasets-source": "data/x.csv", "i0-datasets-owner": "GIS"},
    )  # fmt: skip
    held = acts.card_in(Draft.objects.get())["datasets"]
    assert held == {"log": {"source": "data/x.csv", "owner": "GIS", "columns": {"wijk": {"type": "text"}}}}


def test_a_number_is_read_as_it_is_written_here_and_a_wrong_one_is_told(town, as_):
    edited(town, as_, "energie", **{"energy-operation_kwh_year": "1234,5"})
    assert acts.card_in(Draft.objects.get())["energy"] == {"operation_kwh_year": 1234.5}
    page = edited(
        town, as_, "energie", **{"energy-operation_kwh_year": "veel", "energy-method": "geteld"}
    ).content.decode()
    assert "niet goed ingevuld" in page and "veel" in page
    assert acts.card_in(Draft.objects.get())["energy"] == {"operation_kwh_year": 1234.5, "method": "geteld"}


def test_a_draft_counts_for_nothing_until_it_is_recorded_and_a_version_never_changes(town, as_):
    edited(town, as_, "doel", **{"name": "Andere naam", "phase": "idea", "purpose-text": "Doel."})
    assert town.application.version.number == 1
    assert recorded(town, as_, note="").status_code == 200, "without a note nothing is recorded"
    assert recorded(town, as_).status_code == 302
    version = town.application.version
    assert (version.number, version.content["name"], version.note, version.by) == (
        2,
        "Andere naam",
        "Aangevuld.",
        town.an,
    )
    assert not Draft.objects.exists() and town.application.versions.get(number=1).content["name"] == "Meldingen"


def test_a_version_that_somebody_else_recorded_meanwhile_is_never_undone(town, as_):
    edited(town, as_, "doel", **{"name": "Van An", "phase": "idea", "purpose-text": "Doel van An."})
    theirs = {**CardVersion.objects.get().content, "summary": "Van Els.", "name": "Van Els"}
    applications.declare(application=town.application, card=Card.model_validate(theirs), by=town.els)
    page = recorded(town, as_).content.decode()
    assert "Iemand legde intussen een andere versie vast" in page and "Zet mijn wijzigingen op versie 2" in page
    as_(town.an).post(address("catch_up", town, "meldingen"))
    page = as_(town.an).get(address("edit_card", town, "meldingen")).content.decode()
    assert "Jullie wijzigden allebei: Naam" in page
    recorded(town, as_)
    content = town.application.version.content
    assert (content["name"], content["summary"], content["purpose"]["text"]) == ("Van An", "Van Els.", "Doel van An.")


def test_two_people_on_one_page_of_the_card_are_told(town, as_):
    edited(town, as_, "doel", **{"name": "Eerst", "phase": "idea", "seen": "0"})
    page = edited(town, as_, "doel", **{"name": "Later", "phase": "idea", "seen": "0"}).content.decode()
    assert ", terwijl jij typte.</strong>" in page and "Later" in page and "Eerst" in page
    assert acts.card_in(Draft.objects.get())["name"] == "Eerst"


def test_a_card_that_is_none_yet_says_what_is_wrong_and_where(town, as_):
    edited(town, as_, "betrokkenen", **{"count": 1, "i0-was": "", "i0-affected-how": "wachten"})
    page = recorded(town, as_).content.decode()
    assert "Wie merkt er iets van › groep 1 › Wie?: ontbreekt." in page
    assert address("edit_part", town, "meldingen", "betrokkenen") in page


def test_after_a_decision_the_phase_changes_only_at_a_gate(town, as_):
    edited(town, as_, "doel", **{"name": "Meldingen", "phase": "design", "purpose-text": "Doel."})
    draft = Draft.objects.get()
    applications.decide(
        application=town.application,
        outcome=GateOutcome.REFUSED,
        by=town.els,
        role=Role.DECIDER,
        reasons="Nog niet genoeg bewijs.",
    )
    with pytest.raises(VangrailError) as error:
        acts.declare(draft=draft, by=town.an, note="Verder.")
    assert "beslissing aan de poort" in error.value.told(Language.NL)


def test_the_card_as_text_names_the_line(town, as_):
    browser, place = as_(town.an), address("card_yaml", town, "meldingen")
    text = browser.get(place).context["form"].initial["text"]
    assert text.startswith("vangrail: 1\nid: meldingen\n")
    wrong = text.replace("phase: idea", "phase: straks\nfoutje: 1")
    page = browser.post(place, {"text": wrong, "seen": "0"}).content.decode()
    line = wrong.split("\n").index("phase: straks") + 1
    assert f"Regel {line}: " in page and f"Regel {line + 1}: " in page and "foutje: is geen bekende sleutel" in page
    assert "phase: straks" in page, "what was typed is still there"
    assert not Draft.objects.exists()
    browser.post(place, {"text": text.replace("name: Meldingen", "name: Melden"), "seen": "0"})
    assert acts.card_in(Draft.objects.get())["name"] == "Melden"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "a: [",
        "&a [*a, *a]",
        "vangrail: 1",
        "x: .nan",
        'vangrail: 1\nid: meldingen\nname: "a\\0b"\nphase: idea\norganisation: {name: Gemeente Voorbeeld}',
        'vangrail: 1\nid: meldingen\nname: "\\ud800"\nphase: idea\norganisation: {name: Gemeente Voorbeeld}',
        "vangrail: 1\nid: ander\nname: x\nphase: idea\norganisation: {name: Gemeente Voorbeeld}",
        "- " * 2000,
    ],
)
def test_a_text_that_is_no_card_of_this_application_is_refused(town, as_, text):
    answer = as_(town.an).post(address("card_yaml", town, "meldingen"), {"text": text, "seen": "0"})
    assert answer.status_code == 200 and not Draft.objects.exists()


def test_whoever_may_only_read_sees_no_way_to_edit(town, as_):
    page = as_(town.els).get(address("card", town, "meldingen")).content.decode()
    assert "Meldingen naar de juiste dienst sturen." in page and "bewerken" not in page


# --- product cards ---------------------------------------------------------------------------------------------------
@pytest.fixture
def supplier(db):
    """A supplier with a product, offered."""
    organisation = Organisation.objects.create(slug="klaartaal", name="Klaartaal bv", kind="other")
    sofie = person("Sofie", organisation, R.APPLICATION_OWNER)
    content = {
        "vangrail": 1, "id": "leesbrief", "name": "Leesbrief", "phase": "operate", "summary": "Herschrijft een brief.",
        "organisation": {"name": "Klaartaal bv"}, "people": {"application_owner": {"name": "Sofie Geheim"}},
        "suppliers": [{"name": "Klaartaal bv", "product": "Leesbrief 2"}], "energy": {"pue": 1.3},
    }  # fmt: skip
    product = applications.register(organisation=organisation, card=Card.model_validate(content), by=sofie)
    return acts.offer(application=product, by=sofie)


def adopted(town, offer):
    """The product card, adopted and registered by An."""
    draft = acts.adopt(offer=offer, organisation=town.organisation, by=town.an)
    draft = acts.save(draft=draft, seen=0, changes={"purpose.text": "Onze brieven.", "phase": "design"}, by=town.an)
    return acts.register(draft=draft, by=town.an)


def test_a_product_card_is_adopted_without_the_people_and_the_purpose_of_the_other(town, as_, supplier):
    browser = as_(town.an)
    page = browser.get(address("offer", town, supplier.pk)).content.decode()
    assert "Herschrijft een brief." in page and "Sofie Geheim" not in page
    browser.post(address("offer", town, supplier.pk))
    card = acts.card_in(Draft.objects.get())
    assert card["name"] == "Leesbrief" and "purpose" not in card and "people" not in card
    assert card["adopted_from"]["source"] == "klaartaal/leesbrief"


def test_what_the_product_card_says_is_locked_until_it_is_set_free_with_a_reason(town, as_, supplier):
    application = adopted(town, supplier)
    browser = as_(town.an)
    place = address("edit_part", town, "leesbrief", "energie")
    assert browser.get(place).context["single"].fields["energy-pue"].disabled
    browser.post(place, {"energy-pue": "1,1", "seen": "0"})
    assert acts.card_in(Draft.objects.get())["energy"] == {"pue": 1.3}
    free = address("depart", town, "leesbrief", "energy.pue")
    assert "Zeg waarom" in browser.post(free, {"because": " ", "seen": "1"}).content.decode()
    browser.post(free, {"because": "Het draait in ons eigen gebouw.", "seen": "1"})
    browser.post(place, {"energy-pue": "1,1", "seen": "2"})
    draft = Draft.objects.get()
    acts.declare(draft=draft, by=town.an, note="Eigen gebouw.")
    (departed,) = [i for i in inherited(application.version.content) if i.departs]
    assert (departed.field, departed.held, departed.because) == ("energy.pue", 1.1, "Het draait in ons eigen gebouw.")
    page = browser.get(address("card_product", town, "leesbrief")).content.decode()
    assert "eigen afwijking" in page and "eigen gebouw" in page


def test_a_newer_product_card_is_shown_and_taken_over_except_where_one_departs(town, as_, supplier):
    application = adopted(town, supplier)
    product = supplier.application
    content = {**product.version.content, "summary": "Herschrijft brieven beter.", "energy": {"pue": 1.2}}
    applications.declare(application=product, card=Card.model_validate(content), by=supplier.by)
    acts.offer(application=product, by=supplier.by)
    browser = as_(town.an)
    assert "De productkaart is intussen gewijzigd" in browser.get(address("card", town, "leesbrief")).content.decode()
    browser.post(address("depart", town, "leesbrief", "energy.pue"), {"because": "Eigen gebouw hier.", "seen": "0"})
    browser.post(address("take_over", town, "leesbrief"), {"seen": "1"})
    card = acts.card_in(Draft.objects.get())
    assert card["summary"] == "Herschrijft brieven beter." and card["energy"]["pue"] == 1.3
    acts.declare(draft=Draft.objects.get(), by=town.an, note="Nieuwe productkaart.")
    assert application.version.content["adopted_from"]["version"] == "2"


def test_a_product_card_that_is_withdrawn_is_offered_no_longer(town, as_, supplier):
    acts.withdraw(application=supplier.application, by=supplier.by)
    assert as_(town.an).get(address("offer", town, supplier.pk)).status_code == 404
    assert not Offer.objects.filter(withdrawn_at=None).exists()


def test_one_product_card_in_two_towns_gets_two_verdicts():
    """The demo: the same product, other data."""
    for name, slug, people in (
        ("Gemeente Zavelbeke", "gemeente-zavelbeke", ("Jo Vandersteegen",)),
        ("Gemeente Ter Duinen-aan-de-Vaart", "gemeente-ter-duinen-aan-de-vaart", ("Marleen Persoons",)),
    ):
        body = Organisation.objects.create(slug=slug, name=name, kind="municipality")
        person(people[0], body, R.APPLICATION_OWNER)
    example.one_product_in_two_towns()
    both = Application.everywhere.filter(slug="advies-over-bewonerskaarten").order_by("organisation__slug")
    there, here = (assessing.assess(a, on=date(2026, 11, 22)) for a in both)
    origins = {f.card.adopted_from.digest for f in (there, here)}
    assert len(origins) == 1, "one product card"
    verdict = {
        f.card.organisation.name: next(one.verdict for one in f.board.asked if one.requirement.id == "tru-fair-1")
        for f in (there, here)
    }
    assert verdict == {"Gemeente Zavelbeke": "met", "Gemeente Ter Duinen-aan-de-Vaart": "not_met"}


# --- bringing in -----------------------------------------------------------------------------------------------------
LIST = "Naam;Doel;Fase;Opmerking\nA;Doel A;idee;x\nB;;gebruik;\n;zonder naam;idee;\nD;Doel D;straks;\n".encode("cp1252")


def brought(town, as_, content=LIST, name="lijst.csv", **extra):
    """A file that An brings in."""
    return as_(town.an).post(address("bring", town), {"file": SimpleUploadedFile(name, content), **extra})


def test_a_list_is_looked_at_first_and_names_row_and_column(town, as_):
    page = as_(town.an).get(brought(town, as_)["Location"]).content.decode()
    assert "Naam</strong>: de naam ontbreekt" in page and "Fase</strong>: dit is geen fase" in page
    assert "Voer 2 in als concept" in page and "registreer wat volledig is (1)" in page
    assert not Draft.objects.exists(), "nothing is taken in yet"


def test_the_good_rows_become_drafts_and_all_of_it_can_be_undone(town, as_):
    brought(town, as_)
    made = Import.objects.get()
    browser = as_(town.an)
    browser.post(address("take_in", town, made.pk), {"do": "draft"})
    assert {d.content["card"]["name"] for d in Draft.objects.all()} == {"A", "B"}
    made.refresh_from_db()
    assert made.content == {}, "what is not taken in is not kept"
    page = browser.get(address("draft_step", town, Draft.objects.first().pk, 1)).content.decode()
    assert "Wat nog in het bestand stond" in page and "Opmerking" in page
    browser.post(address("undo_import", town, made.pk))
    assert not Draft.objects.exists()


def test_complete_rows_can_be_registered_at_once_and_undone_without_wiping_the_ledger(town, as_):
    brought(town, as_)
    made = Import.objects.get()
    as_(town.an).post(address("take_in", town, made.pk), {"do": "register"})
    application = Application.objects.of(town.organisation).get(slug="a")
    assert application.version.note == "Ingevoerd uit lijst.csv, rij 2." and Draft.objects.count() == 1
    importing.undo(brought=made, by=town.an)
    application.refresh_from_db()
    assert application.version.content["phase"] == "retire" and application.retired_at is not None
    assert application.versions.count() == 2 and not Draft.objects.exists()
    brought(town, as_)
    importing.take_in(brought=Import.objects.latest("pk"), by=town.an, register=True)
    application.refresh_from_db()
    assert application.version.content["phase"] == "idea" and application.retired_at is None
    assert application.versions.count() == 3


def test_a_long_list_is_registered_a_hundred_at_a_time(town, as_, monkeypatch):
    monkeypatch.setattr(importing, "MOST_AT_ONCE", 2)
    rows = "".join(f"T{n};Doel;idee\n" for n in range(5))
    brought(town, as_, b"Naam;Doel;Fase\n" + rows.encode())
    made = Import.objects.get()
    assert importing.take_in(brought=made, by=town.an, register=True) == (3, 2)
    browser = as_(town.an)
    assert "Registreer wat volledig is (3)" in browser.get(address("import", town, made.pk)).content.decode()
    browser.post(address("register_import", town, made.pk))
    assert Draft.objects.count() == 1 and Application.objects.of(town.organisation).count() == 1 + 4


def test_an_import_on_which_work_was_done_is_not_undone(town, as_):
    brought(town, as_)
    made = Import.objects.get()
    importing.take_in(brought=made, by=town.an, register=True)
    application = Application.objects.of(town.organisation).get(slug="a")
    because = "Het dient onze opdracht."
    applications.answer(
        application=application, requirement="dem-1", value=AnswerValue.YES, because=because, by=town.an, role=None
    )
    page = as_(town.an).post(address("undo_import", town, made.pk)).content.decode()
    assert "al verder gewerkt" in page and Draft.objects.count() == 1


def test_the_columns_can_be_chosen_and_a_phase_given(town, as_):
    brought(town, as_, b"Wie;Wat\nX;doet iets\n")
    made = Import.objects.get()
    place = address("import", town, made.pk)
    assert "Voer" not in as_(town.an).get(place).content.decode()
    twice = as_(town.an).post(place, {"c0": "name", "c1": "name"}).content.decode()
    assert "ook voor een andere kolom" in twice
    as_(town.an).post(place, {"c0": "name", "c1": "purpose.text", "phase": "build"})
    (found,) = importing.found(Import.objects.get())
    assert found.content == {"name": "X", "purpose": {"text": "doet iets"}, "phase": "build"}


def test_the_template_that_is_downloaded_can_be_brought_in_again(town, as_):
    browser = as_(town.an)
    for form in ("xlsx", "csv"):
        answer = browser.get(address("import_template", town, form))
        assert answer["Content-Disposition"].startswith("attachment")
        content = answer.content
        if form == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            book.worksheets[0].append(["Uit sjabloon", "Doet iets.", "Doel.", "Taak", "idee"])
            held = io.BytesIO()
            book.save(held)
            content = held.getvalue()
        else:
            content += b"Uit csv;Doet iets.;Doel.;Taak;idee\r\n"
        brought(town, as_, content, f"lijst.{form}")
        (found,) = importing.found(Import.objects.latest("pk"))
        assert not found.problems and found.content["phase"] == "idea"
    assert browser.get(address("import_template", town, "exe")).status_code == 404


def test_a_card_file_and_a_product_card_file_come_in(town, as_):
    text = b"vangrail: 1\nid: van-elders\nname: Van elders\nphase: build\norganisation: {name: Elders}\nsummary: Doet iets.\npeople: {dpo: {name: X}}\n"
    brought(town, as_, text, "card.yaml")
    (found,) = importing.found(Import.objects.latest("pk"))
    assert found.content["people"] == {"dpo": {"name": "X"}} and "organisation" not in found.content
    brought(town, as_, text, "card.yaml", as_product="on")
    (found,) = importing.found(Import.objects.latest("pk"))
    assert "people" not in found.content and found.content["adopted_from"]["by"] == "Elders"
    page = brought(town, as_, text.replace(b"build", b"straks"), "card.yaml").content.decode()
    assert "Regel 4: " in page


def test_a_record_of_the_dutch_register_comes_in(town, as_):
    record = {
        "name": "Parkeercontrole",
        "goal": "<p>Nakijken.</p>",
        "organization": "Gemeente Verweg",
        "lars": "1",
        "lawful_basis": "Gemeentewet",
    }
    page = as_(town.an).get(brought(town, as_, json.dumps([record]).encode(), "x.json")["Location"]).content.decode()
    assert (
        "Parkeercontrole" in page and "Gemeentewet" in page and "records van het Nederlandse Algoritmeregister" in page
    )
    importing.take_in(brought=Import.objects.get(), by=town.an, register=False)
    assert acts.card_in(Draft.objects.get())["adopted_from"]["kind"] == "algoritmeregister"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"\0\1\2"),
        ("x.xlsx", b"PK\x03\x04kapot"),
        ("x.json", b"[1,2"),
        ("x.json", b'{"name": "a\\u0000b"}'),
        ("x.json", b'{"name": "\\ud800"}'),
        ("x.json", b'{"name": NaN}'),
        ("card.yaml", b"\xff\xfe\x00"),
        ("card.yaml", b"a: [" + b"[" * 3000),
        ("../../etc/passwd", b"%PDF-1.4"),
        ("x.exe", b"MZ\x00\x01"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_form(town, as_, name, content):
    answer = brought(town, as_, content, name)
    assert answer.status_code == 200 and not Import.objects.exists()
    assert "errorlist" in answer.content.decode() or "alert-error" in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(town, as_):
    page = brought(town, as_, b"Naam\n" + b"x" * 6_000_000).content.decode()
    assert "groter dan 5 MB" in page and not Import.objects.exists()


def test_bringing_in_still_asks_for_the_token_of_the_form(town):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(town.an, backend="django.contrib.auth.backends.ModelBackend")
    assert brought_by(browser, town).status_code == 403 and not Import.objects.exists()
    token = browser.get(address("bring", town)).cookies["csrftoken"].value
    assert brought_by(browser, town, csrfmiddlewaretoken=token).status_code == 302


def brought_by(browser, town, **extra):
    """A file posted from a browser of one's own."""
    return browser.post(address("bring", town), {**extra, "file": SimpleUploadedFile("lijst.csv", LIST)})


def test_an_import_is_seen_by_its_own_organisation_only(town, dirk, as_):
    brought(town, as_)
    made = Import.objects.get()
    assert as_(dirk).get(address("import", town, made.pk)).status_code == 404
    assert as_(dirk).get(reverse("import", args=["elders", made.pk])).status_code == 404
    draft = started(town)
    assert as_(dirk).get(reverse("draft_step", args=["elders", draft.pk, 1])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_drafts(town, as_, django_assert_max_num_queries):
    browser, counts = as_(town.an), []
    for number in (3, 27):
        for n in range(number):
            started(town, name=f"T{number}-{n}")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            browser.get(address("portfolio", town))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_the_card_declares_stands_beside_the_verdict(town, as_):
    parts = {
        "fallback": {"stopped_by": "Het diensthoofd <b>"},
        "affected": [{"who": "Inwoners", "how": "Hun melding."}, {"who": "Bedrijven", "how": "Idem."}],
    }
    applications.declare(application=town.application, card=card(**parts), by=town.an)
    browser = as_(town.an)
    place = "/werk/voorbeeld/toepassingen/meldingen/eisen"
    text = browser.get(f"{place}/tru-hum-3/").content.decode()
    assert "Wie stopt ze?" in text and "Het diensthoofd &lt;b&gt;" in text
    content = town.application.version.content
    assert [line.value for line in words.declared(content, "affected")] == ["Inwoners, Bedrijven"]
    assert [line.value for line in words.declared(content, "people.dpo")] == ["Bram"]
    assert [line.value for line in words.declared(content, "privacy.dpia")] == ["–"]
