"""The interview of the law on the site: one question at a time, kept aside until it goes on the card, confirmed by name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import card, stored_under_older_rules
from vangrail import law
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole, Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import CardVersion, Confirmation, Outbox
from vangrail.web.classifying import acts
from vangrail.web.classifying.models import Answers, AskedColleague
from vangrail.web.classifying.waiting import tasks_of
from vangrail.web.organisations.members import Member

pytestmark = pytest.mark.django_db

PLACE = "/werk/voorbeeld/toepassingen/meldingen/wet/"
REASONS = "Ik keek alle antwoorden na met de leverancier."


def answer(town, fact, value, by=None):
    return acts.answer(application=town.application, fact=fact, value=value, by=by or town.an)


# --- answering -------------------------------------------------------------------------------------------------------
def test_thirty_answers_make_one_version_of_the_card(town):
    answer(town, "technique", "llm")
    answer(town, "role", ["deployer"])
    answer(town, "personal_data", False)
    assert CardVersion.objects.count() == 1 and Outbox.objects.filter(kind="card_declared").count() == 1
    version = acts.put_on_card(application=town.application, by=town.an)
    assert version.number == 2
    assert version.content["facts"] == {"technique": "llm", "role": ["deployer"], "personal_data": False}
    assert not Answers.objects.exists()


def test_an_answer_that_contradicts_another_is_refused_and_nothing_is_lost(town, as_):
    answer(town, "technique", "llm")
    page = as_(town.an).post(f"{PLACE}vragen/infers_from_input/", {"value": "no", "do": "save"})
    text = page.content.decode()
    assert page.status_code == 200 and "past niet bij" in text
    assert "/wet/vragen/technique/" in text and "groot taalmodel" in text
    assert "checked" in text, "what was chosen is still chosen"
    assert Answers.objects.get().changes == {"technique": "llm"}


def test_i_do_not_know_is_no_answer_and_the_next_question_follows(town, as_):
    browser = as_(town.an)
    first = acts.interview_of(town.application).next.fact
    went = browser.post(f"{PLACE}vragen/{first}/", {"do": "unknown"}, follow=True)
    assert went.status_code == 200 and went.context["question"].fact != first
    assert first not in acts.interview_of(town.application).facts


def test_an_answer_is_taken_back_by_saying_that_one_does_not_know(town):
    applications.declare(application=town.application, card=card(facts={"technique": "llm"}), by=town.an)
    acts.do_not_know(application=town.application, fact="technique", by=town.an)
    assert "facts" not in acts.put_on_card(application=town.application, by=town.an).content


def test_somebody_else_goes_on_where_it_was_left(town, as_):
    answer(town, "technique", "llm")
    page = as_(town.bram).get(f"{PLACE}antwoorden/")
    assert "groot taalmodel" in page.content.decode() and "nog niet op de kaart" in page.content.decode()


def test_what_somebody_changed_on_the_card_meanwhile_is_not_undone(town, as_):
    answer(town, "technique", "llm")
    applications.declare(
        application=town.application, card=card(facts={"technique": "ml"}, summary="Anders."), by=town.an
    )
    with pytest.raises(VangrailError, match="technique"):
        acts.put_on_card(application=town.application, by=town.an)
    assert "techniek" in as_(town.an).post(f"{PLACE}antwoorden/bewaren/").content.decode()
    assert Answers.objects.exists(), "the answers are still there"


def test_another_change_of_the_card_stays_and_the_answers_come_beside_it(town):
    answer(town, "technique", "llm")
    applications.declare(application=town.application, card=card(summary="Nieuw."), by=town.an)
    content = acts.put_on_card(application=town.application, by=town.an).content
    assert content["summary"] == "Nieuw." and content["facts"] == {"technique": "llm"}


KINDS = [
    ("machine_based", {"value": "yes"}, True),
    ("technique", {"value": "llm"}, "llm"),
    ("role", {"value": ["deployer", "provider"]}, ["deployer", "provider"]),
    ("role", {"value": ["none"]}, []),
    ("modification_compute_share", {"value": "0,25"}, 0.25),
    ("placed_or_in_service_since", {"value": "2026-03-01"}, "2026-03-01"),
    ("placed_or_in_service_since", {"never": "on"}, "none"),
]


@pytest.mark.parametrize(("fact", "sent", "value"), KINDS)
def test_every_kind_of_question_takes_its_answers_and_shows_them_again(town, as_, fact, sent, value):
    browser = as_(town.an)
    assert browser.post(f"{PLACE}vragen/{fact}/", sent).status_code == 302
    assert acts.interview_of(town.application).facts[fact] == value
    assert browser.get(f"{PLACE}vragen/{fact}/").status_code == 200
    acts.put_on_card(application=town.application, by=town.an)
    law.parse_facts(town.application.version.content["facts"])


@pytest.mark.parametrize(
    ("fact", "sent"),
    [
        ("machine_based", {}),
        ("machine_based", {"value": "misschien"}),
        ("technique", {"value": "<script>alert(1)</script>"}),
        ("role", {"value": ["none", "provider"]}),
        ("modification_compute_share", {"value": "veel"}),
        ("modification_compute_share", {"value": "-1"}),
        ("modification_compute_share", {"value": "nan"}),
        ("modification_compute_share", {"value": "inf"}),
        ("placed_or_in_service_since", {}),
        ("placed_or_in_service_since", {"value": "2026-03-01", "never": "on"}),
        ("placed_or_in_service_since", {"value": "2026-02-31"}),
    ],
)
def test_what_is_no_answer_is_refused_on_the_page(town, as_, fact, sent):
    page = as_(town.an).post(f"{PLACE}vragen/{fact}/", sent)
    assert page.status_code == 200 and "errorlist" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert not Answers.objects.exists()


@pytest.mark.parametrize("fact", list(law.questions()))
def test_each_question_has_its_page(town, as_, fact):
    page = as_(town.an).get(f"{PLACE}vragen/{fact}/").content.decode()
    assert "Waarom we dit vragen" in page and "Bijvoorbeeld" in page and "Ik weet het niet" in page


def test_what_a_card_says_in_other_words_is_shown_as_it_is_meant(town, as_):
    """A card may say 'ja', 'onbekend' or one value where a list can stand; unknown is never shown as no."""
    facts = {"machine_based": "ja", "personal_data": "onbekend", "role": "deployer", "published": "nee"}
    applications.declare(application=town.application, card=card(facts=facts), by=town.an)
    browser = as_(town.an)

    def chosen(fact):
        return browser.get(f"{PLACE}vragen/{fact}/").context["form"]["value"].value()

    assert (chosen("machine_based"), chosen("published"), chosen("role")) == ("yes", "no", ["deployer"])
    assert chosen("personal_data") is None
    assert "Verwerkt de toepassing gegevens" not in browser.get(f"{PLACE}antwoorden/").content.decode()


def test_a_question_that_does_not_exist_is_not_found(town, as_):
    assert as_(town.an).get(f"{PLACE}vragen/verzonnen/").status_code == 404


def test_a_whole_interview_reaches_an_outcome(town, as_):
    """Someone answers the chatbot's questions on the pages, and leaves the rest open."""
    browser, known = as_(town.an), {"technique": "llm", "machine_based": "yes", "actor_kind": "public_authority"}
    asked = []
    for _ in range(120):
        page = browser.get(f"{PLACE}vragen/", follow=True)
        if "question" not in page.context:
            break
        question = page.context["question"]
        asked.append(question.fact)
        no = {"yes_no": "no", "choices": ["none"]}.get(question.kind)
        value = known.get(question.fact, no)
        sent = {"do": "unknown"} if value is None else {"value": value}
        assert browser.post(f"{PLACE}vragen/{question.fact}/", sent).status_code == 302
    assert 10 < len(asked) < 60 and len(set(asked)) == len(asked)
    assert "Er zijn geen vragen meer" in browser.get(f"{PLACE}antwoorden/").content.decode()


# --- a colleague -----------------------------------------------------------------------------------------------------
def asked_fons(town, fact="technique"):
    return acts.ask_colleague(
        application=town.application, fact=fact, person=town.fons, note="Jij kent de leverancier.", by=town.an
    )


def as_member(who, town):
    roles = frozenset(MemberRole(r) for r in who.memberships.get(organisation=town.organisation).roles)
    return Member(person=who, organisation=town.organisation, roles=roles)


def test_a_colleague_without_that_right_may_answer_what_was_put_to_them(town, as_):
    asked = asked_fons(town)
    (task,) = tasks_of(as_member(town.fons, town))
    assert task.url == asked.url and task.details == ("An", "Jij kent de leverancier.")
    browser = as_(town.fons)
    assert "Jij kent de leverancier." in browser.get(asked.url).content.decode()
    assert browser.get(f"{PLACE}vragen/technique/").status_code == 403
    assert browser.post(asked.url, {"value": "llm", "reply": "Zie het contract."}).status_code == 302
    assert acts.interview_of(town.application).facts["technique"] == "llm"
    asked.refresh_from_db()
    assert asked.known and asked.closed_by == town.fons
    assert not tasks_of(as_member(town.fons, town))
    assert "Zie het contract." in as_(town.an).get(f"{PLACE}vragen/technique/").content.decode()


def test_a_colleague_may_not_know_either(town, as_):
    asked = asked_fons(town)
    as_(town.fons).post(asked.url, {"do": "unknown", "reply": "Vraag het aan IT."})
    asked.refresh_from_db()
    assert asked.known is False and asked.reply == "Vraag het aan IT."
    assert "technique" in acts.interview_of(town.application).skipped


def test_what_a_colleague_was_asked_does_not_hold_up_the_rest(town):
    first = acts.interview_of(town.application).next.fact
    asked_fons(town, first)
    assert acts.interview_of(town.application).next.fact != first


def test_who_answers_meanwhile_answers_it_for_all(town, as_):
    asked = asked_fons(town)
    answer(town, "technique", "ml")
    page = as_(town.fons).post(asked.url, {"value": "llm"})
    assert page.status_code == 200 and "beantwoord door An" in page.content.decode()
    assert acts.interview_of(town.application).facts["technique"] == "ml"


def test_nobody_else_sees_what_was_put_to_a_colleague(town, dirk, as_):
    asked = asked_fons(town)
    assert as_(town.els).get(asked.url).status_code == 404
    assert as_(dirk).get(asked.url).status_code == 404


def test_somebody_of_elsewhere_cannot_be_asked(town, dirk, as_):
    with pytest.raises(VangrailError):
        acts.ask_colleague(application=town.application, fact="technique", person=dirk, note="", by=town.an)
    page = as_(town.an).post(f"{PLACE}vragen/technique/collega/", {"ask-person": dirk.pk})
    assert page.status_code == 200 and not AskedColleague.objects.exists()


def test_asking_on_the_page_goes_on_with_the_next_question(town, as_):
    sent = {"ask-person": town.fons.pk, "ask-note": "Weet jij dit?"}
    assert as_(town.an).post(f"{PLACE}vragen/technique/collega/", sent).status_code == 302
    assert AskedColleague.objects.get().person == town.fons


# --- the result ------------------------------------------------------------------------------------------------------
HIGH = {
    "technique": "ml",
    "actor_kind": "public_authority",
    "annex3_point": ["5a"],
    "article5_practice": [],
    "uses_under_own_authority": True,
    "has_developed_or_had_developed": False,
    "personal_data": True,
}


@pytest.fixture
def risky(town):
    applications.declare(application=town.application, card=card(facts=HIGH), by=town.an)
    return town


def test_the_result_is_explained_with_articles_days_and_what_would_change_it(risky, as_):
    text = as_(risky.bram).get(PLACE, {"op": "2026-11-22"}).content.decode()
    assert "Hoog risico. Dit kan alleen met de plichten" in text
    assert "bijlage III 5(a)" in text and "Gebruiksverantwoordelijke" in text
    assert "Wat zou dit veranderen?" in text
    assert "Vanaf 2 december 2027" in text and "Dit geldt nu" in text
    assert "Betwist, of steunt op ontwerprichtsnoeren" in text


def test_duties_that_come_later_stand_under_their_day_in_order(risky, as_):
    groups = as_(risky.bram).get(PLACE, {"op": "2026-11-22"}).context["duties"]
    days = [g.day for g in groups if g.day]
    assert days and days == sorted(days)
    assert groups[0].day is None and all(d.applies == "now" for d in groups[0].duties)


def test_another_day_is_looked_at_without_confirming_it(risky, as_):
    browser = as_(risky.an)
    later = browser.get(PLACE, {"op": "2028-01-01"})
    assert "Stand van het recht op 1 januari 2028" in later.content.decode()
    assert any(d.id == "DEP-02" for d in later.context["duties"][0].duties)
    assert later.context["confirm_form"] is None
    assert browser.get(PLACE, {"op": "gisteren"}).status_code == 200


def test_the_page_is_there_in_english(risky, as_):
    browser = as_(risky.an)
    browser.cookies["django_language"] = "en"
    text = browser.get(PLACE).content.decode()
    assert "High-risk. This is only possible" in text and "What would change this?" in text
    assert "Annex III 5(a)" in text


def test_a_card_whose_facts_clash_says_which_questions_to_look_at(town, as_):
    clash = {"technique": "llm", "infers_from_input": False}
    with pytest.raises(VangrailError, match="contradict"):
        applications.declare(application=town.application, card=card(facts=clash), by=town.an)
    stored_under_older_rules(town.application, clash, by=town.an)
    browser = as_(town.an)
    text = browser.get(PLACE).content.decode()
    assert "spreken elkaar tegen" in text and "/wet/vragen/technique/" in text
    assert browser.get(f"{PLACE}antwoorden/").status_code == 200
    assert browser.get(f"{PLACE}vragen/", follow=True).status_code == 200
    assert browser.get(f"{PLACE}formulieren/fria/").status_code == 302
    assert browser.get(f"{PLACE}kalender.ics").status_code == 302
    assert browser.get(f"{PLACE}vragen/technique/").status_code == 200
    assert browser.post(f"{PLACE}vragen/technique/", {"value": "expert_rules_only"}).status_code == 302


def test_forms_and_calendar_are_files_filled_from_the_card(risky, as_):
    browser = as_(risky.an)
    form = browser.get(f"{PLACE}formulieren/fria/")
    assert form["Content-Disposition"].startswith("attachment") and "Meldingen" in form.content.decode()
    text = browser.get(f"{PLACE}formulieren/fria/", {"als": "tekst"})
    assert text["Content-Type"].startswith("text/plain")
    assert browser.get(f"{PLACE}formulieren/verzonnen/").status_code == 404
    dates = browser.get(f"{PLACE}kalender.ics").content.decode()
    assert dates.startswith("BEGIN:VCALENDAR") and "DTSTART;VALUE=DATE:20271202" in dates


def test_nothing_on_a_card_becomes_markup_in_a_form(town, as_):
    applications.declare(application=town.application, card=card(name="<script>alert(1)</script>"), by=town.an)
    assert b"<script>" not in as_(town.an).get(f"{PLACE}formulieren/fria/").content


# --- confirming ------------------------------------------------------------------------------------------------------
def test_a_named_person_confirms_and_a_changed_fact_undoes_it(risky, as_):
    browser = as_(risky.an)
    sent = {"role": Role.APPLICATION_OWNER.value, "reasons": REASONS}
    assert browser.post(f"{PLACE}bevestigen/", sent).status_code == 302
    assert Confirmation.objects.get().classification["outcome"] == "high_risk"
    page = browser.get(PLACE).content.decode()
    assert REASONS in page and "geldig" in page
    leaf = Outbox.objects.get(kind="classified")
    assert "An" not in leaf.body.values() and leaf.private["by"] == "An"
    answer(risky, "special_categories", True)
    assert "geldig" in browser.get(PLACE).content.decode(), "what is not on the card does not count"
    acts.put_on_card(application=risky.application, by=risky.an)
    assert "Vervallen" in browser.get(PLACE).content.decode()


def test_who_the_card_does_not_name_cannot_confirm(risky, as_):
    from conftest import person

    other = person("Zoë", risky.organisation, MemberRole.APPLICATION_OWNER)
    page = as_(other).post(f"{PLACE}bevestigen/", {"role": "application_owner", "reasons": REASONS})
    assert page.status_code == 200 and not Confirmation.objects.exists()
    assert "noemt jouw naam niet" in page.content.decode()


@pytest.mark.parametrize("reasons", ["", "ok", "  ja  "])
def test_without_reasons_nothing_is_confirmed(risky, as_, reasons):
    page = as_(risky.an).post(f"{PLACE}bevestigen/", {"role": "application_owner", "reasons": reasons})
    assert page.status_code == 200 and not Confirmation.objects.exists()


def test_asking_for_a_page_changes_nothing(town, as_):
    browser = as_(town.an)
    for name in ("put_answers_on_card", "throw_answers_away", "confirm_classification"):
        assert browser.get(reverse(name, args=["voorbeeld", "meldingen"])).status_code == 405
    assert not Answers.objects.exists()


def test_the_pages_ask_the_database_as_often_with_one_answer_as_with_thirty(town, as_):
    browser = as_(town.an)
    answer(town, "technique", "llm")
    asked_fons(town, "actor_kind")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(f"{PLACE}antwoorden/")
        counts.append(len(seen))
        for fact, question in list(law.questions().items())[:40]:
            if question.kind == "yes_no" and fact not in ("machine_based", "infers_from_input"):
                acts.do_not_know(application=town.application, fact=fact, by=town.an)
        for fact in ("role", "annex3_point", "article5_practice"):
            asked_fons(town, fact)
    assert counts[0] == counts[1]
