"""People outside ask, object and are consulted: with a term, an owner and an answer; what is contested is open again."""

import csv
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from test_publishing import published

from conftest import card, person
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import (
    AnswerValue,
    CaseKind,
    CaseResult,
    MemberRole,
    QuestionKind,
    Role,
    SurveyKind,
    Verdict,
)
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Assessed, Outbox, RecordKept
from vangrail.web.applications.places import folder_of
from vangrail.web.participation import cases, consultations, guarding, surveys
from vangrail.web.participation.models import Case, Filled, Invitation, Knock, Remark, Survey
from vangrail.web.register.models import Entry

pytestmark = pytest.mark.django_db

SUMMARY = "De computer leest je melding en kiest een dienst. Een medewerker kijkt dat na."
FORM = "/register/voorbeeld/meldingen/vraag/"
INSIDE = "/werk/voorbeeld/toepassingen/meldingen/inspraak/"
TEXT = "Mijn melding kreeg de laagste plaats, en die van mijn buur niet."
SORRY = "We keken opnieuw naar je melding. Ze stond te laag. Dat is nu recht gezet."
NO_RATING = "Wij keken opnieuw, en vonden geen fout in de volgorde."


def public_card(term_days=None, **parts):
    """What a public page needs, with or without a promised term."""
    contact = {"ask": "vraag@voorbeeld.example", "object": "bezwaar@voorbeeld.example"} | (
        {"term_days": term_days} if term_days else {}
    )
    return card(summary=SUMMARY, contact=contact, **parts)


@pytest.fixture
def town(town):
    """The municipality, with its application in the public register."""
    applications.declare(application=town.application, card=public_card(), by=town.an)
    published(town)
    return town


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """In these tests people take their time, unless a test says that they do not."""
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)


def sent(client, **fields):
    """Somebody outside fills in the form as they see it."""
    page = client.get(FORM).content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    said = {"kind": "objection", "topic": "too-far", "text": TEXT, "email": "", "website": "", "stamp": stamp}
    return client.post(FORM, said | fields)


def code_in(answer):
    return re.search(r'id="code">([0-9A-Z-]{19})<', answer.content.decode())[1]


def objection(town, **more):
    """An objection about proportionality (dem-6)."""
    case, _ = cases.ask(
        application=town.application,
        kind=more.pop("kind", CaseKind.OBJECTION),
        topic=more.pop("topic", "too-far"),
        text=TEXT,
        email=more.pop("email", ""),
        drawn=more.pop("drawn", "x"),
        **more,
    )
    return case


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows from an act once its transaction has committed, although a test's own never does."""

    def done():
        connection.run_on_commit.clear()  # else what waits from before counts as asked already
        return django_capture_on_commit_callbacks(execute=True)

    return done


def line(town, requirement="dem-6"):
    return assessing.assess(town.application, on=timezone.localdate()).board.line(requirement)


def met(town):
    """The requirement is met by the answer of a named person."""
    applications.declare(application=town.application, card=public_card(20, phase="design"), by=town.an)
    applications.answer(
        application=town.application,
        requirement="dem-6",
        value=AnswerValue.YES,
        because="Het middel past bij het doel.",
        by=town.an,
        role=Role.APPLICATION_OWNER,
    )


# --- the proof -------------------------------------------------------------------------------------------------------
def test_an_objection_re_opens_the_requirement_it_touches_with_a_term_an_owner_and_an_answer(town, client, committed):
    met(town)
    assert line(town).verdict is Verdict.MET
    with committed():
        code = code_in(sent(client))

    # The requirement is open again: in the core, on the board as it is kept for lists and public pages, and at the gate.
    contested = line(town)
    assert contested.verdict is Verdict.UNKNOWN and contested.contested
    kept = Assessed.objects.get(application=town.application).content
    (shown,) = (r for r in kept["requirements"] if r["id"] == "dem-6")
    due = timezone.localdate() + timedelta(days=20)
    assert shown["verdict"] == "unknown" and shown["objections"][0]["due"] == due.isoformat()
    gate = assessing.assess(town.application, on=timezone.localdate()).gate
    assert any(x.line.requirement.id == "dem-6" and due.isoformat() in x.what["nl"] for x in gate.lacks)

    public = client.get("/register/voorbeeld/meldingen/").content.decode()
    assert "bezwaar open" in public and FORM in public

    # It has a term and an owner, and the owner hears of it.
    case = Case.objects.get()
    assert (case.requirement, case.due, case.owner, case.days_left) == ("dem-6", due, town.an, 20)
    assert mail.outbox[0].to == [town.an.email] and TEXT not in mail.outbox[0].body

    # An proposes, and cannot decide; Bram looks again and decides otherwise.
    cases.answer(case=case, result=CaseResult.REJECTED, text=NO_RATING, changes="", by=town.an)
    assert line(town).contested, "a proposal is no answer"
    with committed():
        cases.review(
            case=case,
            result=CaseResult.UPHELD,
            text=SORRY,
            changes="De volgorde is aangepast.",
            because="De lijst had een oude straatnaam.",
            by=town.bram,
        )

    # It is met again, the person reads the answer with their code, and the record shows that objecting leads to something.
    assert line(town).verdict is Verdict.MET and not line(town).contested
    kept = Assessed.objects.get(application=town.application).content
    assert not any(r["objections"] for r in kept["requirements"])
    assert "bezwaar open" not in client.get("/register/voorbeeld/meldingen/").content.decode()
    page = client.post("/volg/", {"code": code}).content.decode()
    assert SORRY in page and "gegrond" in page and "ander resultaat" in page
    record = RecordKept.objects.get(kind="objection").content
    assert record["result"] == "upheld" and record["answered_on"] and record["requirement"] == "dem-6"
    assert TEXT not in str(record)


def test_the_board_and_the_requirement_say_that_it_is_contested(town, as_):
    met(town)
    objection(town)
    browser = as_(town.bram)
    assert "betwist" in browser.get("/werk/voorbeeld/toepassingen/meldingen/").content.decode()
    assert "betwist" in browser.get("/werk/voorbeeld/toepassingen/meldingen/eisen/dem-6/").content.decode()


def test_the_ledger_holds_that_it_came_and_went_and_no_word_of_the_person(town):
    case = objection(town)
    cases.answer(case=case, result=CaseResult.REJECTED, text=NO_RATING, changes="", by=town.an)
    cases.review(case=case, result=CaseResult.REJECTED, text=NO_RATING, changes="", because=NO_RATING, by=town.bram)
    leaves = list(Outbox.objects.filter(kind="objection").order_by("pk"))
    assert [x.body["event"] for x in leaves] == ["opened", "closed"]
    assert leaves[1].body["result"] == "rejected" and leaves[1].private["by"] == "Bram"
    assert TEXT not in str([(x.body, x.private) for x in Outbox.objects.all()])
    assert "Bram" not in str([x.body for x in leaves])


# --- asking ----------------------------------------------------------------------------------------------------------
def test_without_an_account_one_gets_a_code_that_is_kept_as_a_digest_only(town, client):
    code = code_in(sent(client, kind="question"))
    case = Case.objects.get()
    assert code not in str(Case.objects.values()) and code.replace("-", "") not in str(Case.objects.values())
    assert case.code_digest == guarding.digest_of_code(code)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4}", "lower", "no dashes"])
def test_a_code_can_be_typed_in_many_ways(town, client, typed):
    code = code_in(sent(client))
    written = {"lower": code.lower(), "no dashes": code.replace("-", " ")}.get(typed, typed.format(code))
    known = "Je bezwaar" in client.post("/volg/", {"code": written}).content.decode()
    assert known is (typed != "{:.4}")


def test_the_same_form_sent_twice_is_one_case_with_one_code(town, client):
    stamp = guarding.new_stamp()
    first, again = code_in(sent(client, stamp=stamp)), code_in(sent(client, stamp=stamp))
    assert first == again and Case.objects.count() == 1
    other = sent(client, stamp=stamp, text="Iets anders dat ik nog wil zeggen.")
    assert 'id="code"' not in other.content.decode() and "Iets anders" in other.content.decode()
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("days", "said"),
    [(12, "binnen 12 dagen"), (None, "artikel 12, lid 3")],
)
def test_the_term_is_that_of_the_card_or_the_month_of_the_law_and_is_shown(town, client, days, said):
    applications.declare(application=town.application, card=public_card(days), by=town.an)
    assert said in client.get(FORM).content.decode()
    sent(client)
    case = Case.objects.get()
    assert case.promised is (days is not None)
    if days:
        assert case.days_left == days
    else:
        assert 28 <= case.days_left <= 31


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mijn nummer is 85.07.30-033 28 en ik wil antwoord.", "rijksregisternummer"),
        ("Stort het op BE71 0961 2345 6769 alstublieft.", "rekeningnummer"),
    ],
)
def test_a_national_number_or_account_is_refused_and_the_rest_of_the_text_stays(town, client, text, kind):
    answer = sent(client, text=text, needed="on").content.decode()
    assert kind in answer and text.split()[-1] in answer
    assert not Case.objects.exists()


def test_other_personal_data_are_asked_to_be_removed_and_may_stay_where_needed(town, client):
    text = "Bel mij terug op 0470 12 34 56 over mijn melding."
    answer = sent(client, text=text).content.decode()
    assert "telefoonnummer" in answer and 'type="checkbox" name="needed"' in answer and not Case.objects.exists()
    assert 'id="code"' in sent(client, text=text, needed="on").content.decode()


def test_an_address_is_sealed_used_for_a_sign_without_contents_and_deleted_after_closing(town, client, committed):
    sent(client, kind="question", email="chaima@example.com")
    case = Case.objects.get()
    assert b"chaima" not in bytes(case.email)
    with committed():
        cases.answer(case=case, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an)
    (letter,) = (m for m in mail.outbox if m.to == ["chaima@example.com"])
    assert SORRY not in letter.body and TEXT not in letter.body
    now = timezone.now()
    assert cases.forget_addresses(now + timedelta(days=29)) == 0
    assert cases.forget_addresses(now + timedelta(days=31)) == 1
    case.refresh_from_db()
    assert case.email is None and case.answer == SORRY


def test_what_is_not_public_cannot_be_asked_about(town, client):
    Entry.objects.all().delete()
    assert client.get(FORM).status_code == 404
    assert client.get("/register/voorbeeld/meldingen/inspraak/").status_code == 404


# --- keeping machines out --------------------------------------------------------------------------------------------
def test_too_fast_is_refused_politely_and_nothing_typed_is_lost(town, client, monkeypatch):
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 3)
    answer = sent(client).content.decode()
    assert "heel snel" in answer and TEXT in answer and not Case.objects.exists()


@pytest.mark.parametrize("stamp", ["", "x", "WyJhIiwxXQ:1x:abc"])
def test_a_stamp_that_is_not_ours_is_refused(town, client, stamp):
    assert "niet meer geldig" in sent(client, stamp=stamp).content.decode() and not Case.objects.exists()


def test_a_form_of_yesterday_asks_to_look_again(town, client, monkeypatch):
    stamp = guarding.new_stamp()
    later = guarding.time.time() + guarding.LONGEST_SECONDS + 60
    monkeypatch.setattr(guarding.time, "time", lambda: later)
    assert "langer dan een dag" in sent(client, stamp=stamp).content.decode() and not Case.objects.exists()


def test_the_field_that_people_do_not_see_must_stay_empty(town, client):
    assert "moet blijven" in sent(client, website="http://koop.example").content.decode() and not Case.objects.exists()


def test_from_one_address_only_so_many_in_a_day_and_the_address_is_not_kept(town, client, monkeypatch):
    monkeypatch.setattr(guarding, "MOST_CASES", 2)
    for _ in range(2):
        assert 'id="code"' in sent(client).content.decode()
    assert "te vaak" in sent(client).content.decode() and Case.objects.count() == 2
    assert "127.0.0.1" not in str(Knock.objects.values())
    guarding.forget_knocks(timezone.localdate() + timedelta(days=1))
    assert not Knock.objects.exists()


def test_behind_a_proxy_only_what_the_proxy_added_counts(town, rf, settings):
    settings.SECURE_SSL_REDIRECT = True
    asked = [rf.get("/", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 203.0.113.9") for n in range(3)]
    for request in asked[:2]:
        guarding.count(request, "case", most=2)
    with pytest.raises(VangrailError):
        guarding.count(asked[2], "case", most=2)
    guarding.count(rf.get("/", HTTP_X_FORWARDED_FOR="203.0.113.10"), "case", most=2)


def test_a_text_that_is_too_long_is_refused(town, client):
    sent(client, text="woord " * 2_000)
    assert not Case.objects.exists()


def test_what_people_write_stays_text(town, client, as_):
    code = code_in(sent(client, text="<script>alert(1)</script> ik ben het er niet mee eens"))
    assert "<script>alert" not in client.post("/volg/", {"code": code}).content.decode()
    case = Case.objects.get()
    assert "<script>alert" not in as_(town.an).get(f"{INSIDE}zaken/{case.pk}/").content.decode()


# --- following -------------------------------------------------------------------------------------------------------
def test_by_the_code_one_adds_something_and_gives_it_up(town, client):
    code = code_in(sent(client))
    client.post("/volg/toevoegen/", {"code": code, "text": "Het gaat om de melding van 3 mei."})
    assert "3 mei" in client.post("/volg/", {"code": code}).content.decode()
    assert "zeker bent" in client.post("/volg/intrekken/", {"code": code}).content.decode()
    client.post("/volg/intrekken/", {"code": code, "sure": "yes"})
    case = Case.objects.get()
    assert case.result == "withdrawn" and RecordKept.objects.get(kind="objection").content["result"] == "withdrawn"
    assert not line(town).contested


def test_internal_notes_never_reach_the_person(town, client):
    code = code_in(sent(client))
    cases.note(case=Case.objects.get(), text="Deze meneer belt elke week.", by=town.an)
    cases.ask_back(case=Case.objects.get(), text="Welke straat bedoel je?", by=town.fons)
    page = client.post("/volg/", {"code": code}).content.decode()
    assert "elke week" not in page and "Welke straat" in page and "Fons" not in page


# --- handling --------------------------------------------------------------------------------------------------------
def test_who_handled_an_objection_cannot_review_it(town):
    boss = person("Baas", town.organisation, MemberRole.APPLICATION_OWNER, MemberRole.DPO)
    case = objection(town)
    cases.ask_back(case=case, text="Welke straat bedoel je?", by=boss)
    for who in (town.an, boss):
        with pytest.raises(VangrailError, match="handled this objection yourself"):
            cases.review(case=case, result=CaseResult.REJECTED, text=SORRY, changes="", because=SORRY, by=who)
    assert cases.review(case=case, result=CaseResult.REJECTED, text=SORRY, changes="", because=SORRY, by=town.bram)


def test_a_proposal_is_made_once_so_that_who_made_it_stays_known(town):
    case = objection(town)
    cases.answer(case=case, result=CaseResult.REJECTED, text=NO_RATING, changes="", by=town.fons)
    with pytest.raises(VangrailError, match="proposed already"):
        cases.answer(case=case, result=CaseResult.REJECTED, text=NO_RATING, changes="", by=town.an)
    case.refresh_from_db()
    assert cases.handled_by(case) == {town.an.pk, town.fons.pk}


def test_who_is_right_hears_what_changes(town):
    with pytest.raises(VangrailError, match="what changes"):
        cases.review(
            case=objection(town), result=CaseResult.UPHELD, text=SORRY, changes="", because=SORRY, by=town.bram
        )


def test_a_question_is_answered_by_who_handles_it_and_contests_nothing(town):
    case = objection(town, kind=CaseKind.QUESTION)
    assert not line(town).contested
    cases.answer(case=case, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an)
    case.refresh_from_db()
    assert (
        not case.is_open
        and not RecordKept.objects.filter(kind__in=["objection", "survey"]).exists()
        and not Outbox.objects.filter(kind="objection").exists()
    )


def test_what_was_closed_stays_closed(town):
    case = objection(town, kind=CaseKind.QUESTION)
    cases.answer(case=case, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an)
    for act in (
        lambda: cases.answer(case=case, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an),
        lambda: cases.withdraw(case=case),
        lambda: cases.add(case=case, text="Nog iets."),
    ):
        with pytest.raises(VangrailError, match="closed in the meantime"):
            act()


def test_an_objection_that_is_none_is_set_aside_by_a_second_person_and_is_no_record(town):
    case = objection(town)
    cases.review(case=case, result=CaseResult.SET_ASIDE, text=SORRY, changes="", because=SORRY, by=town.els)
    assert not line(town).contested and not RecordKept.objects.filter(kind__in=["objection", "survey"]).exists()
    assert Outbox.objects.filter(kind="objection").last().body["result"] == "set_aside"


def test_a_case_about_something_else_is_placed_with_a_reason(town):
    case = objection(town, topic="other")
    assert case.requirement == "" and not line(town).contested
    with pytest.raises(VangrailError, match="no such requirement"):
        cases.place(case=case, requirement="dem-99", because="Dat zegt de tekst zelf.", by=town.an)
    cases.place(case=case, requirement="dem-6", because="Dat zegt de tekst zelf.", by=town.an)
    assert line(town).contested


def test_the_list_shows_the_overdue_first_with_who_and_how_long(town, as_):
    late = objection(town, drawn="a", at=timezone.now() - timedelta(days=60))
    objection(town, drawn="b")
    page = as_(town.an).get(INSIDE).content.decode()
    assert page.index(f"bezwaar {late.pk}<") < page.index(f"bezwaar {late.pk + 1}<")
    assert f"{late.days_late} dagen te laat" in page and "An" in page and TEXT not in page


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_few_questions_of_the_database(town, as_, django_assert_max_num_queries, rows):
    for n in range(rows):
        objection(town, drawn=str(n))
    browser = as_(town.an)
    with django_assert_max_num_queries(14):
        assert browser.get(INSIDE).status_code == 200


def test_a_reader_sees_that_there_is_a_case_and_not_what_it_says(town, as_):
    case = objection(town)
    reader = person("Lezer", town.organisation, MemberRole.READER)
    browser = as_(reader)
    page = browser.get(INSIDE).content.decode()
    assert f"bezwaar {case.pk}" in page and TEXT not in page
    assert browser.get(f"{INSIDE}zaken/{case.pk}/").status_code == 403


def test_from_page_to_page_answer_and_review(town, as_):
    case = objection(town)
    place = f"{INSIDE}zaken/{case.pk}/"
    browser = as_(town.fons)
    seen = browser.post(f"{place}antwoord/", {"result": "rejected", "text": NO_RATING, "changes": "", "look": "yes"})
    assert "Leesbaarheid" in seen.content.decode() and Case.objects.get().state == "open"
    short = browser.post(f"{place}antwoord/", {"result": "rejected", "text": "Neen.", "changes": ""})
    assert short.status_code == 200 and "te kort" in short.content.decode() and "Neen." in short.content.decode()
    assert (
        browser.post(f"{place}antwoord/", {"result": "rejected", "text": NO_RATING, "changes": ""}).status_code == 302
    )
    browser = as_(town.bram)
    assert NO_RATING in browser.get(place).content.decode()
    sent_ = {"result": "partly_upheld", "text": SORRY, "changes": "De lijst is aangepast.", "because": NO_RATING}
    assert browser.post(f"{place}herbekijken/", sent_).status_code == 302
    case.refresh_from_db()
    assert case.result == "partly_upheld" and case.overturned and case.closed_by == town.bram
    assert RecordKept.objects.get(kind="objection").content["result"] == "upheld"


# --- public answers --------------------------------------------------------------------------------------------------
def test_a_public_answer_is_written_anew_and_names_nobody(town, client):
    case = objection(town, kind=CaseKind.QUESTION)
    cases.answer(case=case, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an)
    case.refresh_from_db()
    with pytest.raises(VangrailError, match="phone number"):
        cases.publish(case=case, question="Waarom belt 0470 12 34 56 niet?", answer_=SORRY, by=town.fons)
    cases.publish(case=case, question="Hoe wordt de volgorde bepaald?", answer_=SORRY, by=town.fons)
    page = client.get("/register/voorbeeld/meldingen/inspraak/").content.decode()
    assert "Hoe wordt de volgorde bepaald?" in page and SORRY in page and TEXT not in page
    cases.unpublish(case=case, by=town.fons)
    assert SORRY not in client.get("/register/voorbeeld/meldingen/inspraak/").content.decode()


# --- consultations ---------------------------------------------------------------------------------------------------
def consultation(town):
    return consultations.hold(
        application=town.application,
        title="Avond met de seniorenraad",
        groups="de seniorenraad",
        how="Een avond in het dorpshuis.",
        held_on=timezone.localdate(),
        people=14,
        by=town.fons,
    )


def test_a_consultation_counts_once_every_point_has_its_answer(town, client):
    held = consultation(town)
    for_phone = consultations.add_point(consultation=held, said="Zet een telefoonnummer op elk scherm.", by=town.fons)
    with pytest.raises(VangrailError, match="no answer yet"):
        consultations.close(consultation=held, by=town.fons)
    assert "telefoonnummer op elk" not in client.get("/register/voorbeeld/meldingen/inspraak/").content.decode()
    consultations.answer_point(
        point=for_phone, taken_over=AnswerValue.YES, done="Het staat er sinds deze week.", by=town.an
    )
    consultations.close(consultation=held, by=town.fons)
    record = RecordKept.objects.get(kind="consultation").content
    assert record["people"] == 14 and "1 punten" in record["outcome"]
    page = client.get("/register/voorbeeld/meldingen/inspraak/").content.decode()
    assert "telefoonnummer op elk scherm" in page and "sinds deze week" in page and "overgenomen" in page
    with pytest.raises(VangrailError, match="is closed"):
        consultations.add_point(consultation=held, said="Nog iets.", by=town.fons)


def test_a_consultation_is_about_groups(town):
    with pytest.raises(VangrailError, match="e-mail address"):
        consultations.hold(
            application=town.application,
            title="Gesprek",
            groups="jan.peeters@example.com",
            how="",
            held_on=timezone.localdate(),
            people=1,
            by=town.fons,
        )


def test_a_consultation_from_page_to_page(town, as_):
    browser = as_(town.fons)
    fields = {"title": "Avond", "groups": "de seniorenraad", "held_on": "2026-01-05", "how": "", "people": ""}
    place = browser.post(f"{INSIDE}raadplegingen/nieuw/", fields)["Location"]
    browser.post(f"{place}punt/", {"new-text": "Meer uitleg vooraf."})
    held = town.application.consultations.get()
    point = held.points.get()
    said = {f"p{point.pk}-taken_over": "no", f"p{point.pk}-done": "Daar is geen budget voor."}
    assert browser.post(f"{place}punt/{point.pk}/", said).status_code == 302
    browser.post(f"{place}sluiten/")
    held.refresh_from_db()
    assert held.closed_at is not None


@pytest.mark.parametrize("rows", [2, 12])
def test_the_public_page_asks_the_same_few_questions_of_the_database(town, client, django_assert_num_queries, rows):
    for n in range(rows):
        asked = objection(town, kind=CaseKind.QUESTION, drawn=str(n))
        cases.answer(case=asked, result=CaseResult.ANSWERED, text=SORRY, changes="", by=town.an)
        asked.refresh_from_db()
        cases.publish(case=asked, question="Hoe wordt de volgorde bepaald?", answer_=SORRY, by=town.fons)
        held = consultation(town)
        point = consultations.add_point(consultation=held, said="Meer uitleg vooraf.", by=town.fons)
        consultations.answer_point(point=point, taken_over=AnswerValue.NO, done="Daar is geen budget voor.", by=town.an)
        consultations.close(consultation=held, by=town.fons)
        done = survey(town)
        filled(done, [4] * 5, by=town.fons)
        done = surveys.close(survey=done, by=town.fons)
        surveys.publish(survey=done, public=True, by=town.fons)
    with django_assert_num_queries(10):
        assert client.get("/register/voorbeeld/meldingen/inspraak/").status_code == 200


# --- surveys ---------------------------------------------------------------------------------------------------------
def survey(town):
    return surveys.make(
        application=town.application,
        title="Hoe vlot gaat het?",
        intro="",
        groups="bezoekers van de website",
        questions=[
            surveys.Asked(kind=QuestionKind.SCALE, text="Hoe vlot ging het?"),
            surveys.Asked(kind=QuestionKind.CHOICE, text="Wist je dat het AI is?", options=("ja", "nee")),
            surveys.Asked(kind=QuestionKind.TEXT, text="Wat kan beter?"),
        ],
        by=town.fons,
    )


def filled(asked, scores, *, by):
    """So many people answer, each by a link of their own."""
    tokens = surveys.invite(survey=asked, number=len(scores), by=by)
    questions = list(asked.questions.all())
    for token, score in zip(tokens, scores, strict=True):
        values = {q.pk: score if q.kind == "scale" else 0 for q in questions if not q.is_text}
        surveys.fill_in(token=token, values=values, remarks={q.pk: "Mooi werk." for q in questions if q.is_text})
    return tokens


def test_a_link_is_good_for_one_answer_and_does_not_say_which(town, client):
    asked = survey(town)
    (token,) = surveys.invite(survey=asked, number=1, by=town.fons)
    assert token not in str(Invitation.objects.values())
    scale = asked.questions.get(kind="scale")
    page = client.get(f"/bevraging/{token}/").content.decode()
    assert "Hoe vlot ging het?" in page
    thanks = client.post(f"/bevraging/{token}/", {f"q{scale.pk}": "4"}).content.decode()
    assert "Dank je wel" in thanks and Filled.objects.get().values == {str(scale.pk): 4}
    again = client.post(f"/bevraging/{token}/", {f"q{scale.pk}": "1"}).content.decode()
    assert "werkt niet meer" in again and Filled.objects.count() == 1
    names = {f.name for m in (Filled, Invitation, Remark) for f in m._meta.get_fields()}
    assert not {n for n in names if n.endswith(("_at", "invitation"))}, "a moment would tie an answer to a link"


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
def test_totals_are_shown_from_five_answers_and_after_closing(town, answers, shown):
    asked = survey(town)
    filled(asked, [4] * answers, by=town.fons)
    assert surveys.totals(asked) is None, "while it is open, the difference would tell one person's answer"
    assert (surveys.totals(surveys.close(survey=asked, by=town.fons)) is not None) is shown
    assert RecordKept.objects.filter(kind="consultation").exists() is shown


def test_a_mean_worked_by_hand(town):
    asked = survey(town)
    filled(asked, [1, 2, 3, 5, 5], by=town.fons)
    scale, choice = surveys.totals(surveys.close(survey=asked, by=town.fons))
    assert (scale.answers, scale.mean) == (5, pytest.approx(3.2))
    assert choice.shares == (("ja", 5), ("nee", 0))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([10, 5], [10, 5]),
        ([10, 4], [None, None]),
        ([10, 4, 7], [10, None, None]),
        ([3, 4, 9], [None, None, 9]),
        ([6, 0], [6, 0]),
    ],
)
def test_counts_about_a_few_people_are_left_out_and_cannot_be_reckoned_back(counts, shown):
    assert surveys.guarded(counts) == shown


def test_own_words_are_seen_outside_only_after_somebody_read_them(town, client):
    asked = survey(town)
    filled(asked, [4] * 5, by=town.fons)
    surveys.close(survey=asked, by=town.fons)
    asked.refresh_from_db()
    surveys.publish(survey=asked, public=True, by=town.fons)
    place = "/register/voorbeeld/meldingen/inspraak/"
    assert (
        "Hoe vlot ging het?" in client.get(place).content.decode()
        and "Mooi werk." not in client.get(place).content.decode()
    )
    surveys.moderate(remark=Remark.objects.first(), show=True, by=town.fons)
    assert client.get(place).content.decode().count("Mooi werk.") == 1


def test_the_pulse_becomes_a_data_set_that_the_core_measures(town):
    hr = person("Hilde", town.organisation, MemberRole.HR)
    for kind, scores in ((SurveyKind.WORK_BEFORE, [4, 4, 3, 5, 4, 2]), (SurveyKind.WORK_AFTER, [2, 2, 1, 3, 2, 2])):
        pulse = surveys.make_pulse(application=town.application, kind=kind, groups="het onthaal", by=hr)
        filled(pulse, scores, by=hr)
        surveys.close(survey=pulse, by=hr)
    with (folder_of(town.application) / surveys.FILE).open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 12 and sorted(r["werkstress"] for r in rows if r["ronde"] == "voor") == list("234445")
    surveys.put_on_card(application=town.application, by=town.an)
    assert surveys.is_on_card(town.application)
    from vangrail.web.applications import measuring

    measuring.measure(town.application, by=town.an, environment={}, progress=lambda _: None)
    found = {
        e.measurement.subject: e.outcome
        for e in assessing.evidence_of(town.application)
        if e.measurement.check == "work-survey-difference"
    }
    # Mean stress went from 22/6 to 12/6 on a scale of four steps: (22 - 12) / 6 / 4 = 41.7 points better.
    assert found["stress"].value == pytest.approx(41.67, abs=0.01)
    assert found["motivation"].value == pytest.approx(-41.67, abs=0.01)


def test_a_pulse_with_fewer_than_five_answers_leaves_no_file(town):
    hr = person("Hilde", town.organisation, MemberRole.HR)
    pulse = surveys.make_pulse(application=town.application, kind=SurveyKind.WORK_BEFORE, groups="het onthaal", by=hr)
    filled(pulse, [4] * 4, by=hr)
    surveys.close(survey=pulse, by=hr)
    assert (
        not (folder_of(town.application) / surveys.FILE).exists()
        and not RecordKept.objects.filter(kind__in=["objection", "survey"]).exists()
    )


def test_a_pulse_is_never_put_on_the_public_page(town):
    hr = person("Hilde", town.organisation, MemberRole.HR)
    pulse = surveys.make_pulse(application=town.application, kind=SurveyKind.WORK_AFTER, groups="het onthaal", by=hr)
    filled(pulse, [4] * 5, by=hr)
    surveys.close(survey=pulse, by=hr)
    pulse.refresh_from_db()
    with pytest.raises(VangrailError):
        surveys.publish(survey=pulse, public=True, by=hr)


def test_surveys_from_page_to_page(town, as_):
    browser = as_(town.fons)
    fields = {"title": "Kort", "groups": "bezoekers", "intro": "", "q1": "Hoe vlot?", "kind1": "scale", "options1": ""}
    fields |= {f"{k}{n}": v for n in range(2, 7) for k, v in (("q", ""), ("kind", "scale"), ("options", ""))}
    place = browser.post(f"{INSIDE}bevragingen/nieuw/", fields)["Location"]
    page = browser.post(f"{place}links/", {"number": "3"}).content.decode()
    assert page.count("/bevraging/") == 3 and browser.get(place).content.decode().count("/bevraging/") == 0
    browser.post(f"{place}sluiten/")
    assert Survey.objects.get().closed_at is not None
    assert as_(town.fons).get(f"{INSIDE}werk/nieuw/").status_code == 403, "the pulse is for HR"
