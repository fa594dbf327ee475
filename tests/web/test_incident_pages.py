"""What went wrong is written down, counted down, handled and closed with what was learnt; then tru-acc-4 knows of it."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import card
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Outbox, RecordKept
from vangrail.web.incidents import acts, counting
from vangrail.web.incidents.models import Incident, IncidentEntry, IncidentReport, IncidentTask
from vangrail.web.incidents.waiting import tasks_of
from vangrail.web.organisations.members import Member

pytestmark = pytest.mark.django_db

PLACE = "/werk/voorbeeld/toepassingen/meldingen/incidenten/"
LESSONS = "We testen elke nieuwe versie op tien oude vragen."
REASONS = "De pagina is verbeterd en nagekeken."


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


def happened(town, *, hours=1, by=None, **found):
    """An incident that was noticed some hours ago."""
    known = {"title": "Oude prijs", "what": "De chatbot gaf een oude prijs.", "severity": "moderate"}
    return acts.record_incident(
        application=town.application,
        found={**known, "noticed_at": hours_ago(hours), "breach": False, "consequences": []} | found,
        by=by or town.an,
    )


def as_member(who, town):
    roles = frozenset(MemberRole(r) for r in who.memberships.get(organisation=town.organisation).roles)
    return Member(person=who, organisation=town.organisation, roles=roles)


def moment(at):
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def typed(**more):
    """What somebody types in the form."""
    sent = {
        "title": "Brief naar verkeerd adres",
        "what": "Drie brieven gingen naar een ander adres.",
        "severity": "high",
        "noticed_at": moment(hours_ago(50)),
    }
    return sent | more


# --- recording -------------------------------------------------------------------------------------------------------
def test_anyone_but_a_reader_writes_down_what_went_wrong(town, as_):
    answer = as_(town.fons).post(f"{PLACE}nieuw/", typed(breach="yes", risk="likely", people="3"))
    found = Incident.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"{PLACE}{found.pk}/"
    assert (found.breach, found.risk, found.people, found.consequences) == (True, "likely", 3, None)
    assert found.recorded_by == town.fons and found.owner is None


def test_it_becomes_a_record_and_the_ledger_gets_no_words_of_it(town):
    happened(town, title="Oude prijs voor zakken", affected="bezoekers van de website", people=12)
    record = RecordKept.objects.get(kind="incident")
    assert record.content["what"] == "Oude prijs voor zakken" and record.content["people"] == 12
    leaf = Outbox.objects.get(kind="record_added")
    assert leaf.body == {"record": "incident", "on": timezone.localdate(hours_ago(1)).isoformat()}


@pytest.mark.parametrize(
    ("field", "text", "kind"),
    [
        ("what", "Mail jan.peeters@voorbeeld.be ging fout.", "mail"),
        ("title", "Dossier van 85.07.30-033.28 fout", "rijksregister"),
        ("affected", "Rekening BE71 0961 2345 6769", "IBAN"),
    ],
)
def test_a_number_that_points_to_a_person_is_refused_and_not_repeated_in_the_message(town, as_, field, text, kind):
    page = as_(town.an).post(f"{PLACE}nieuw/", typed(**{field: text}))
    body = page.content.decode()
    assert page.status_code == 200 and not Incident.objects.exists()
    errors = " ".join(page.context["form"].non_field_errors())
    assert kind.lower() in errors.lower() and text not in errors
    assert "Brief naar verkeerd adres" in body or field == "title", "nothing typed is lost"


@pytest.mark.parametrize(
    "wrong",
    [
        {"noticed_at": "2099-01-01T10:00"},
        {"happened_at": moment(hours_ago(2)), "noticed_at": moment(hours_ago(5))},
        {"down_until": moment(hours_ago(2))},
        {"down_from": moment(hours_ago(2)), "down_until": moment(hours_ago(3))},
        {"noticed_at": "gisteren"},
        {"severity": "erg"},
        {"consequences": ["none", "death"]},
        {"people": "-3"},
        {"title": ""},
    ],
)
def test_what_cannot_be_is_refused_with_everything_typed_still_there(town, as_, wrong):
    page = as_(town.an).post(f"{PLACE}nieuw/", typed(**wrong))
    assert page.status_code == 200 and "Drie brieven gingen" in page.content.decode()
    assert not Incident.objects.exists()


def test_what_a_person_types_is_shown_as_text(town, as_):
    found = happened(town, title="<script>alert(1)</script>", what="<img src=x onerror=alert(1)>")
    browser = as_(town.an)
    for place in (PLACE, f"{PLACE}{found.pk}/", f"{PLACE}{found.pk}/verslag/incident-breach/"):
        text = browser.get(place).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text


# --- terms -----------------------------------------------------------------------------------------------------------
def test_a_breach_counts_down_from_72_hours(town, as_):
    found = happened(town, hours=50, breach=True, risk="likely")
    page = as_(town.bram).get(f"{PLACE}{found.pk}/").content.decode()
    assert "Datalek melden aan de toezichthouder" in page and re.search(r"nog 2[12] uur", page)
    assert "Vlaamse Toezichtcommissie" in page and "AVG 33(1)" in page


def test_what_is_late_is_said_on_the_page_and_in_both_lists(town, as_):
    found = happened(town, hours=80, breach=True)
    browser = as_(town.an)
    for place in (f"{PLACE}{found.pk}/", PLACE, "/werk/voorbeeld/incidenten/"):
        text = browser.get(place).content.decode()
        assert re.search(r"\b[78] uur( en \d+ minuten)? te laat", text)


def test_the_terms_alone_are_asked_again_while_the_page_is_open(town, as_):
    found = happened(town, hours=50, breach=True)
    part = as_(town.an).get(f"{PLACE}{found.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="termijnen"') and "<h1" not in part and "<form" not in part


def test_what_was_reported_in_time_is_no_longer_late(town, as_):
    found = happened(town, hours=80, breach=True, risk="likely")
    sent = {"report-term": "gdpr-33", "report-reported_at": moment(hours_ago(20)), "report-reference": "VTC-2026-17"}
    assert as_(town.bram).post(f"{PLACE}{found.pk}/gemeld/", sent).status_code == 302
    (counted,) = counting.terms_of(Incident.objects.get(), {}, at=timezone.now())
    assert counted.state == "reported"
    page = as_(town.bram).get(f"{PLACE}{found.pk}/").content.decode()
    assert "VTC-2026-17" in page and "Te laat om te melden" not in page
    leaf = Outbox.objects.filter(kind="record_added").last()
    assert leaf.body["reported"] == "gdpr-33" and "VTC" not in str(leaf.body) and leaf.private["by"] == "Bram"


def test_what_was_reported_late_stays_late(town):
    found = happened(town, hours=80, breach=True, risk="likely")
    acts.report(incident=found, term="gdpr-33", reported_at=hours_ago(2), reference="", by=town.bram)
    (counted,) = counting.terms_of(Incident.objects.get(), {}, at=timezone.now())
    assert counted.state == "reported_late"


@pytest.mark.parametrize("hours", [90, -1])
def test_a_report_before_it_was_noticed_or_in_the_future_is_refused(town, hours):
    found = happened(town, hours=80, breach=True)
    with pytest.raises(VangrailError, match="in the future"):
        acts.report(incident=found, term="gdpr-33", reported_at=hours_ago(hours), reference="", by=town.bram)


def test_the_terms_of_the_ai_act_follow_from_the_classification_of_the_card(town):
    """High-risk and used by the municipality: by Article 26(5), from 2 December 2027; nothing for a card that is not."""
    on_the_day = timezone.make_aware(datetime(2026, 11, 20, 9))
    found = happened(town, noticed_at=on_the_day, consequences=["fundamental_rights"], provider_unreachable=False)
    risky = {"technique": "ml", "actor_kind": "public_authority", "annex3_point": ["5a"]}
    risky |= {"article5_practice": [], "uses_under_own_authority": True, "has_developed_or_had_developed": False}
    shown = {c.term.id: c.state for c in counting.terms_of(found, risky, at=timezone.now())}
    assert shown["ai-26-5"] == "not_law_yet"
    assert set(shown.values()) == {"not_law_yet"}
    harmless = {"technique": "expert_rules_only"}
    assert counting.terms_of(found, harmless, at=timezone.now()) == []


def test_facts_that_contradict_each_other_do_not_hide_a_term(town):
    clash = {"technique": "llm", "infers_from_input": False}
    found = happened(town, hours=80, breach=True)
    assert "overdue" in [c.state for c in counting.terms_of(found, clash, at=timezone.now())]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "minder dan een minuut"),
        (1, "nog 1 minuut"),
        (60, "nog 1 uur"),
        (95, "nog 1 uur en 35 minuten"),
        (1440, "nog 1 dag"),
        (3000, "nog 2 dagen en 2 uur"),
        (-130, "2 uur en 10 minuten te laat"),
    ],
)
def test_what_is_left_is_said_in_words(minutes, said):
    assert said in counting.left(timedelta(minutes=minutes))


# --- finding out more ------------------------------------------------------------------------------------------------
def test_what_people_find_out_changes_the_terms_and_leaves_a_trace(town, as_):
    found = happened(town, hours=50, breach=None)
    browser = as_(town.bram)
    page = browser.get(f"{PLACE}{found.pk}/verbeteren/")
    sent = {k: v for k, v in page.context["form"].initial.items() if v not in (None, "", [])}
    sent |= {"noticed_at": moment(found.noticed_at), "breach": "no", "consequences": ["none"]}
    assert browser.post(f"{PLACE}{found.pk}/verbeteren/", sent).status_code == 302
    found.refresh_from_db()
    assert found.breach is False
    entry = IncidentEntry.objects.get(kind="changed")
    assert entry.by == town.bram and entry.before["breach"] is None
    assert "datalek" in browser.get(f"{PLACE}{found.pk}/").content.decode()


def test_nothing_changed_leaves_no_trace(town):
    found = happened(town)
    acts.correct(incident=found, found={"severity": "moderate"}, by=town.an)
    assert not IncidentEntry.objects.filter(kind="changed").exists()


def test_history_is_never_changed(town):
    entry = happened(town).entries.get()
    with pytest.raises(TypeError, match="never changed"):
        entry.save()


def test_an_outage_becomes_a_record_once_its_end_is_known(town):
    """A record is never changed, so it waits for the end; then the availability counts it once."""
    found = happened(town, hours=5, down_from=hours_ago(5))
    assert not RecordKept.objects.filter(kind="incident").exists()
    with pytest.raises(VangrailError, match="still down"):
        acts.close(incident=found, reasons=REASONS, lessons=LESSONS, by=town.an)
    acts.correct(incident=found, found={"down_until": hours_ago(3)}, by=town.an)
    record = RecordKept.objects.get(kind="incident").content
    assert record["started_at"] < record["ended_at"]
    with pytest.raises(VangrailError, match="in the ledger"):
        acts.correct(incident=found, found={"down_until": hours_ago(2)}, by=town.an)


# --- people ----------------------------------------------------------------------------------------------------------
def test_an_incident_that_nobody_handles_waits_for_all_who_can(town):
    found = happened(town)
    assert [t.title for t in tasks_of(as_member(town.bram, town))] == ["Oude prijs"]
    assert not tasks_of(as_member(town.fons, town))
    acts.assign(incident=found, owner=town.an, by=town.bram)
    assert not tasks_of(as_member(town.bram, town))


def test_who_handles_it_sees_what_to_report_under_their_tasks(town):
    found = happened(town, hours=50, breach=True, risk="likely")
    acts.assign(incident=found, owner=town.bram, by=town.an)
    (task,) = tasks_of(as_member(town.bram, town))
    assert task.url.endswith("#melden") and task.due == timezone.localdate(found.noticed_at + timedelta(hours=72))


def test_only_who_may_handle_incidents_can_be_chosen(town, dirk):
    found = happened(town)
    for other in (town.fons, dirk):
        with pytest.raises(VangrailError, match="may not handle"):
            acts.assign(incident=found, owner=other, by=town.an)


def test_a_task_is_done_by_who_has_it_or_by_who_handles(town, as_):
    found = happened(town)
    task = acts.give_task(incident=found, what="Pagina verbeteren", owner=town.fons, due=None, by=town.an)
    assert [t.title for t in tasks_of(as_member(town.fons, town))] == ["Pagina verbeteren"]
    place = f"{PLACE}{found.pk}/taken/{task.pk}/klaar/"
    refused = as_(town.els).post(place)
    assert refused.status_code == 200 and "van Fons" in refused.content.decode()
    assert as_(town.fons).post(place).status_code == 302
    assert IncidentTask.objects.get().done_by == town.fons


def test_nobody_of_elsewhere_gets_a_task_or_sees_the_incident(town, dirk, as_):
    found = happened(town)
    with pytest.raises(VangrailError):
        acts.give_task(incident=found, what="Kijken", owner=dirk, due=None, by=town.an)
    assert as_(dirk).get(f"{PLACE}{found.pk}/").status_code == 404
    assert as_(dirk).get(f"/werk/elders/toepassingen/meldingen/incidenten/{found.pk}/").status_code == 404
    assert "Oude prijs" not in as_(dirk).get("/werk/elders/incidenten/").content.decode()


def test_an_incident_is_found_only_under_its_own_application(town, as_):
    found = happened(town)
    applications.register(organisation=town.organisation, card=card(id="andere", name="Andere"), by=town.an)
    assert as_(town.an).get(f"/werk/voorbeeld/toepassingen/andere/incidenten/{found.pk}/").status_code == 404


def test_a_reader_sees_it_and_writes_nothing(town, as_):
    from conftest import person

    found = happened(town)
    browser = as_(person("Rik", town.organisation, MemberRole.READER))
    page = browser.get(f"{PLACE}{found.pk}/").content.decode()
    assert "Oude prijs" in page and "<textarea" not in page
    assert browser.post(f"{PLACE}nieuw/", typed()).status_code == 403


# --- closing ---------------------------------------------------------------------------------------------------------
def verdict(town):
    """What tru-acc-4 comes to for the application in use."""
    return assessing.assess(town.application, on=timezone.localdate()).board.line("tru-acc-4").verdict.value


def test_closing_with_lessons_is_the_review_that_tru_acc_4_looks_at(town, as_):
    applications.declare(application=town.application, card=card(phase="operate"), by=town.an)
    found = happened(town)
    assert verdict(town) != "met"
    sent = {"close-reasons": REASONS, "close-lessons": LESSONS}
    assert as_(town.an).post(f"{PLACE}{found.pk}/sluiten/", sent).status_code == 302
    assert verdict(town) == "met"
    review = RecordKept.objects.get(kind="incident_review")
    assert review.content["outcome"] == LESSONS
    assert LESSONS in as_(town.an).get(f"{PLACE}{found.pk}/").content.decode()


@pytest.mark.parametrize(("reasons", "lessons"), [("", LESSONS), (REASONS, ""), ("ok", LESSONS), (REASONS, "niets")])
def test_nothing_is_closed_without_reasons_and_lessons(town, as_, reasons, lessons):
    found = happened(town)
    page = as_(town.an).post(f"{PLACE}{found.pk}/sluiten/", {"close-reasons": reasons, "close-lessons": lessons})
    assert page.status_code == 200
    found.refresh_from_db()
    assert found.closed_at is None and not RecordKept.objects.filter(kind="incident_review").exists()


def test_what_must_still_be_reported_keeps_it_open(town, as_):
    found = happened(town, hours=5, breach=True, risk="likely")
    sent = {"close-reasons": REASONS, "close-lessons": LESSONS}
    page = as_(town.an).post(f"{PLACE}{found.pk}/sluiten/", sent)
    assert page.status_code == 200 and "Dit moet nog gemeld worden" in page.content.decode()
    acts.report(incident=found, term="gdpr-33", reported_at=hours_ago(1), reference="", by=town.bram)
    assert as_(town.an).post(f"{PLACE}{found.pk}/sluiten/", sent).status_code == 302


def test_what_decides_about_reporting_and_is_not_known_keeps_it_open(town, as_):
    found = happened(town, hours=80, breach=None)
    browser = as_(town.an)
    page = browser.post(f"{PLACE}{found.pk}/sluiten/", {"close-reasons": REASONS, "close-lessons": LESSONS})
    assert page.status_code == 200 and "Dit is nog niet geweten" in page.content.decode()
    for place in (f"{PLACE}{found.pk}/", PLACE, "/werk/voorbeeld/incidenten/"):
        assert "misschien" in browser.get(place).content.decode()
    assert "want de klok loopt" in browser.get(f"{PLACE}{found.pk}/").content.decode()


def test_a_closed_incident_changes_only_after_it_is_opened_again(town):
    found = acts.close(incident=happened(town), reasons=REASONS, lessons=LESSONS, by=town.an)
    with pytest.raises(VangrailError, match="is closed"):
        acts.correct(incident=found, found={"severity": "high"}, by=town.an)
    acts.reopen(incident=found, reasons="Er kwam een tweede melding.", by=town.bram)
    acts.correct(incident=found, found={"severity": "high"}, by=town.an)
    assert [e.kind for e in found.entries.all()] == ["recorded", "closed", "reopened", "changed"]


def test_a_year_without_incidents_is_reviewed_too(town, as_):
    applications.declare(application=town.application, card=card(phase="operate"), by=town.an)
    sent = {"lessons": "Geen incidenten: we keken alle meldingen van dit jaar na."}
    assert as_(town.bram).post(f"{PLACE}nabespreking/", sent).status_code == 302
    assert verdict(town) == "met"
    assert "keken alle meldingen" in as_(town.bram).get(PLACE).content.decode()


def test_a_review_does_not_make_up_for_another_incident_that_was_not_reported_in_time(town, as_):
    """80 hours after a data breach was noticed the 72 are over: not met, until it is reported, late as that is."""
    applications.declare(application=town.application, card=card(phase="operate"), by=town.an)
    acts.close(incident=happened(town), reasons=REASONS, lessons=LESSONS, by=town.an)
    assert verdict(town) == "met"
    breach = happened(town, hours=80, breach=True, risk="likely")
    assert verdict(town) == "not_met"
    page = as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/eisen/tru-acc-4/").content.decode()
    assert "Datalek melden aan de toezichthouder: dat moest tegen" in page and "Het is nog niet gebeurd." in page
    acts.report(incident=breach, term="gdpr-33", reported_at=hours_ago(1), reference="", by=town.bram)
    assert verdict(town) == "met"


def test_an_incident_whose_term_still_runs_does_not_undo_the_review(town):
    applications.declare(application=town.application, card=card(phase="operate"), by=town.an)
    acts.close(incident=happened(town), reasons=REASONS, lessons=LESSONS, by=town.an)
    happened(town, hours=5, breach=True, risk="likely")
    assert verdict(town) == "met"


# --- papers ----------------------------------------------------------------------------------------------------------
def test_the_report_is_filled_from_card_and_incident(town, as_):
    found = happened(town, breach=True, leaked="adres, 40 dossiers", people=40, affected="aanvragers", risk="high")
    browser = as_(town.bram)
    page = browser.get(f"{PLACE}{found.pk}/verslag/incident-breach/")
    text = page.content.decode()
    assert page["Content-Disposition"].startswith("attachment")
    for part in ("Gemeente Voorbeeld", "Bram", "Meldingen", "adres, 40 dossiers", "aanvragers", "ongeveer 40 mensen"):
        assert part in text
    plain = browser.get(f"{PLACE}{found.pk}/verslag/incident-serious/", {"als": "tekst"})
    assert plain["Content-Type"].startswith("text/plain") and "De chatbot gaf een oude prijs." in plain.content.decode()
    assert browser.get(f"{PLACE}{found.pk}/verslag/fria/").status_code == 404


def test_the_pages_are_there_in_english(town, as_):
    found = happened(town, hours=50, breach=True)
    browser = as_(town.an)
    browser.cookies["django_language"] = "en"
    text = browser.get(f"{PLACE}{found.pk}/").content.decode()
    assert "Report the data breach" in text and "left" in text and "Severity: moderate" in text
    assert browser.get(f"{PLACE}nieuw/").status_code == 200


# --- the database ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", [PLACE, "/werk/voorbeeld/incidenten/"])
def test_a_list_asks_the_database_as_often_for_three_as_for_thirty(town, as_, place):
    browser, counts = as_(town.an), []
    for more in (3, 27):
        for number in range(more):
            found = happened(town, hours=50, title=f"Nummer {number}", breach=True)
            acts.report(incident=found, term="gdpr-33", reported_at=hours_ago(1), reference="", by=town.an)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(place).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] and IncidentReport.objects.count() == 30


def test_what_waits_is_asked_in_as_many_queries_for_three_as_for_thirty(town):
    counts = []
    for more in (3, 27):
        for _ in range(more):
            found = happened(town, breach=True)
            acts.assign(incident=found, owner=town.bram, by=town.an)
            acts.give_task(incident=found, what="Kijken", owner=town.bram, due=None, by=town.an)
        with CaptureQueriesContext(connection) as seen:
            tasks_of(as_member(town.bram, town))
        counts.append(len(seen))
    assert counts[0] == counts[1]
