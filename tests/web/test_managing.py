"""The portfolio, what waits for whom, the calendar of duties, and small files with data."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import card, person, stored_under_older_rules
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole as R
from vangrail.model.vocabulary import Role, Verdict
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing, measuring
from vangrail.web.applications.places import folder_of
from vangrail.web.decisions import acts as decisions
from vangrail.web.managing import data_files, portfolio
from vangrail.web.managing.models import CalendarAddress
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.models import Administered, Membership
from vangrail.web.participation.topics import TOPICS
from vangrail.web.talking import acts as talking

pytestmark = pytest.mark.django_db
HOME = "/werk/voorbeeld/"


def member(town, who):
    """Somebody as a member of the town."""
    held = Membership.objects.get(person=who, organisation=town.organisation)
    return Member(person=who, organisation=town.organisation, roles=held.held)


def register(town, name, **parts):
    """One more application of the town, with its board."""
    made = applications.register(
        organisation=town.organisation, card=card(id=name.lower(), name=name, **parts), by=town.an
    )
    assessing.refresh(made)
    return made


def rows(town):
    """The portfolio of today."""
    return portfolio.rows(town.organisation, on=timezone.localdate())


# --- the portfolio ---------------------------------------------------------------------------------------------------


def test_a_row_says_what_the_board_says(town):
    (row,) = rows(town)
    board = assessing.assess(town.application, on=timezone.localdate()).board
    assert dict(row.counts) == {v: n for v, n in board.count().items() if n}
    assert (row.name, row.phase, row.owner, row.stopped, row.overdue) == ("Meldingen", "idea", "An", False, 0)
    assert row.gate["nl"] and row.lacks > 5
    assert row.open == sum(n for v, n in row.counts if v not in (Verdict.MET, Verdict.NOT_APPLICABLE))


def test_what_is_stopped_late_or_stale_shows(town):
    decisions.stop(application=town.application, by=town.an, reasons="Fout.")
    talking.assign(application=town.application, requirement="dem-1", to=town.bram, by=town.an)
    town.application.assignments.update(due=timezone.localdate() - timedelta(days=1))
    (row,) = rows(town)
    assert row.states() >= {"stopped", "overdue"} and row.overdue == 1
    decisions.resume(application=town.application, by=town.an, reasons="De fout is hersteld.")
    talking.finish(application=town.application, requirement="dem-1", by=town.bram, may_assign=False)
    (row,) = rows(town)
    assert not row.states() & {"stopped", "overdue"}


def test_one_chooses_and_orders_by_the_address_alone(town, as_):
    register(town, "Alfa", phase="operate")
    register(town, "Zeta", phase="retire", people={"application_owner": {"name": "Bram"}})
    browser = as_(town.bram)

    def names(query=""):
        page = browser.get(f"{HOME}?{query}").content.decode()
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)<', page)

    assert names() == ["Alfa", "Meldingen", "Zeta"]
    assert names("sort=phase") == ["Meldingen", "Alfa", "Zeta"]
    assert names("phase=operate") == ["Alfa"]
    assert names("owner=Bram") == names("state=retired") == ["Zeta"]
    assert names("state=stopped") == []
    assert names("phase=nergens&sort=x&owner=Niemand&state=y") == ["Alfa", "Meldingen", "Zeta"], (
        "nonsense filters nothing"
    )


def test_an_empty_portfolio_says_what_to_do(town, dirk, as_):
    assert "nog geen toepassing" in as_(dirk).get("/werk/elders/").content.decode()


@pytest.mark.parametrize("place", ["", "samen/", "kalender/", "taken/"])
def test_as_many_queries_for_three_applications_as_for_thirty(town, as_, django_assert_num_queries, place):
    browser = as_(town.an)

    def fill(names):
        for name in names:
            made = register(town, name)
            talking.assign(application=made, requirement="dem-1", to=town.an, by=town.bram)
            talking.comment(application=made, requirement="dem-1", text="An?", by=town.bram, called=[town.an])

    fill(["Twee", "Drie"])
    browser.get(HOME + place)
    with CaptureQueriesContext(connection) as few:
        browser.get(HOME + place)
    fill([f"Nr{i}" for i in range(27)])
    with django_assert_num_queries(len(few)):
        browser.get(HOME + place)


def test_together_names_who_is_not_in_the_sum(town, as_):
    register(
        town,
        "Zuinig",
        phase="operate",
        energy={"operation_kwh_year": 1234.5},
        oecd_risks=["opacity"],
        benefits=[{"indicator": "tijd", "oecd": "information"}],
    )
    register(town, "Weg", phase="retire", energy={"operation_kwh_year": 99999})
    page = as_(town.bram).get(f"{HOME}samen/").content.decode()
    assert "1.234,5 kWh" in page and "99.999" not in page
    assert "Meldingen" in page and "Systemen die niemand kan uitleggen" in page


def test_two_applications_of_one_name_are_two(town):
    applications.register(organisation=town.organisation, card=card(id="nog-een"), by=town.an)
    assert len(portfolio.cards_of(town.organisation)) == 2


# --- my tasks --------------------------------------------------------------------------------------------------------


def test_what_a_gate_lacks_waits_for_whom_the_card_names(town):
    gate = [t for t in tasks_of(member(town, town.an)) if t.url.endswith("/poort/")]
    lacks = [t for t in gate if t.parts]
    assert len(gate) == 2, "what lacks, and the advice of the owner"
    assert len(lacks) == 1 and lacks[0].application == "Meldingen" and len(lacks[0].parts) > 3
    other = person("Ann", town.organisation, R.APPLICATION_OWNER)
    assert not tasks_of(member(town, other)), "the card names An, so nothing waits for another owner"


def test_required_advice_waits_until_it_is_given_on_the_card_as_it_is(town):
    town.organisation.advice_required = ["dpo"]
    town.organisation.save()
    bram = member(town, town.bram)

    def asked():
        return [t for t in tasks_of(bram) if t.kind["nl"].startswith("Je advies")]

    assert len(asked()) == 1
    reasons = "De risico's zijn klein en bekend."
    decisions.advise(application=town.application, by=town.bram, role=Role.DPO, favourable=True, text=reasons)
    assert not asked()
    applications.declare(application=town.application, card=card(summary="Anders."), by=town.an)
    assert len(asked()) == 1


def test_what_has_a_day_comes_first_and_what_is_late_says_so(town, as_):
    today = timezone.localdate()
    talking.assign(application=town.application, requirement="dem-2", to=town.an, by=town.bram, due=today)
    talking.assign(application=town.application, requirement="dem-1", to=town.an, by=town.bram, due=today)
    town.application.assignments.filter(requirement="dem-1").update(due=today - timedelta(days=2))
    found = tasks_of(member(town, town.an))
    assert [t.due for t in found[:2]] == [today - timedelta(days=2), today] and found[-1].due is None
    assert as_(town.an).get(f"{HOME}taken/").content.decode().count("te laat") == 1


def test_nothing_waits_for_a_reader(town, as_):
    reader = person("Rita", town.organisation, R.READER)
    assert "Er wacht niets op jou" in as_(reader).get(f"{HOME}taken/").content.decode()


# --- the calendar ----------------------------------------------------------------------------------------------------

FACTS = {
    "machine_based": True,
    "infers_from_input": True,
    "technique": "llm",
    "actor_kind": "public_authority",
    "role": ["deployer"],
    "first_use_by": "self",
    "uses_under_own_authority": True,
    "status": "in_use",
    "interacts_directly_with_persons": True,
    "personal_data": True,
}


@pytest.fixture
def with_duties(town):
    """An application in use, so that duties follow from its facts."""
    applications.declare(application=town.application, card=card(phase="operate", facts=FACTS), by=town.an)
    return town


def test_the_calendar_says_which_duty_starts_when_for_which_application(with_duties, as_):
    entries, refused = portfolio.duties(with_duties.organisation, on=timezone.localdate())
    assert entries and not refused and {e.application for e in entries} == {"Meldingen"}
    page = as_(with_duties.bram).get(f"{HOME}kalender/").content.decode()
    assert entries[0].title["nl"] in page.replace("&#x27;", "'") and "Meldingen" in page


def test_facts_that_contradict_each_other_are_told_and_stop_nothing(with_duties, as_):
    old = register(with_duties, "Krom")
    stored_under_older_rules(old, {"no_such_fact": True}, by=with_duties.an)
    entries, refused = portfolio.duties(with_duties.organisation, on=timezone.localdate())
    assert refused == ("Krom",) and entries
    assert "Krom" in as_(with_duties.bram).get(f"{HOME}kalender/").content.decode()


def feed(browser):
    """The address of the feed that the page shows."""
    page = browser.get(f"{HOME}kalender/").content.decode()
    found = re.search(r"<code>http://testserver(/agenda/[^<]+\.ics)</code>", page)
    return found[1] if found else None


def test_a_secret_address_gives_the_calendar_until_it_is_renewed(with_duties, as_):
    browser = as_(with_duties.bram)
    assert feed(browser) is None
    browser.post(f"{HOME}kalender/adres/")
    first = feed(browser)
    answer = Client().get(first)
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR") and text.count("BEGIN:VEVENT") > 3 and "Meldingen" in text
    browser.post(f"{HOME}kalender/adres/")
    second = feed(browser)
    assert second != first and Client().get(first).status_code == 404 and Client().get(second).status_code == 200


def test_the_address_goes_with_who_had_it(with_duties, as_):
    browser = as_(with_duties.bram)
    browser.post(f"{HOME}kalender/adres/")
    place = feed(browser)
    Membership.objects.get(person=with_duties.bram).delete()
    assert Client().get(place).status_code == 404


def test_a_copy_of_the_database_does_not_give_the_address_away(with_duties, as_):
    browser = as_(with_duties.bram)
    browser.post(f"{HOME}kalender/adres/")
    token = feed(browser).removeprefix("/agenda/").removesuffix(".ics")
    held = CalendarAddress.objects.get()
    assert token not in held.digest and token.encode() not in bytes(held.sealed)


# --- files with data -------------------------------------------------------------------------------------------------

DATA = "/werk/voorbeeld/toepassingen/meldingen/bestanden/"
ROWS = b"id,wijk\n" + b"".join(b"%d,noord\n" % i for i in range(60))


def csv(content=ROWS, name="meldingen.csv"):
    """A file that somebody sends."""
    return SimpleUploadedFile(name, content)


def test_one_changed_row_makes_what_was_measured_stale_at_once(town, as_):
    """The first of the three proofs, by the page alone."""
    with_data = card(
        phase="build", datasets={"meldingen": {"source": "data/meldingen.csv", "key": ["id"], "columns": {"id": {}}}}
    )
    applications.declare(application=town.application, card=with_data, by=town.an)
    browser = as_(town.an)
    assert browser.post(DATA, {"file": csv()}).status_code == 302
    measuring.measure(town.application, by=town.an, environment={}, progress=lambda _: None)

    def verdict():
        return assessing.assess(town.application, on=timezone.localdate()).board.line("dat-5").verdict

    assert verdict() == "met"
    browser.post(DATA, {"file": csv(ROWS.replace(b"7,noord", b"7,zuid", 1))})
    assert verdict() == "expired"
    (row,) = rows(town)
    assert row.stale and "stale" in row.states()
    assert Administered.objects.filter(act="data", by=town.an).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("meldingen.exe", ROWS, "name"),
        ("..csv", ROWS, "name"),
        ("meldingen.csv", b"PAR1....PAR1", "does not fit"),
        ("meldingen.parquet", ROWS, "does not fit"),
        ("meldingen.csv", b"a\0b", "does not fit"),
        ("meldingen.csv", b"", "empty"),
    ],
)
def test_what_is_no_data_is_refused_and_nothing_is_left_behind(town, name, content, problem):
    with pytest.raises(VangrailError, match=problem):
        data_files.put(application=town.application, file=csv(content, name), by=town.an)
    assert data_files.data_files(town.application) == []


def test_a_name_never_leads_out_of_the_folder(town):
    uploaded = csv()
    uploaded._name = "../../../elders/x.csv"  # as a client that does not clean it would send it
    put = data_files.put(application=town.application, file=uploaded, by=town.an)
    assert put.source == "data/x.csv" and (folder_of(town.application) / "data/x.csv").is_file()
    with pytest.raises(VangrailError):
        data_files.take_away(application=town.application, name="../../../secret-key", by=town.an)


def test_a_file_is_taken_away(town, as_):
    data_files.put(application=town.application, file=csv(), by=town.an)
    browser = as_(town.an)
    assert "data/meldingen.csv" in browser.get(DATA).content.decode()
    browser.post(f"{DATA}weg/", {"name": "meldingen.csv"})
    assert data_files.data_files(town.application) == []


def test_every_part_that_knows_of_work_says_so(town):
    """The parts are found by their name; one that is lost here would lose people their work in silence."""
    from vangrail.web.managing import tasks

    found = {waits.__module__.removeprefix("vangrail.web.") for waits in tasks._sources()}
    parts = {"classifying", "decisions", "events", "incidents", "participation", "publishing", "suppliers", "talking"}
    assert found >= {f"{part}.waiting" for part in parts}


def test_a_case_waits_for_who_has_it_and_an_objection_for_somebody_else(town):
    from vangrail.web.participation.models import Case

    case = Case.objects.create(
        application=town.application,
        kind="objection",
        topic=next(iter(TOPICS)),
        text="Mijn verhaal.",
        came_at=timezone.now(),
        due=timezone.localdate() + timedelta(days=20),
        promised=False,
        code_digest="x",
    )

    def kinds(who):
        return [t.kind["nl"] for t in tasks_of(member(town, who)) if "/inspraak/" in t.url]

    assert kinds(town.fons) == ["Een zaak die nog niemand heeft"] and kinds(town.bram) == []
    case.owner = town.fons
    case.save()
    assert kinds(town.fons) == ["Iemand van buiten antwoorden"] and kinds(town.an) == []
    case.state, case.proposed_by = "under_review", town.fons
    case.save()
    assert kinds(town.fons) == [] and kinds(town.bram) == ["Een bezwaar opnieuw bekijken"]
    assert "Mijn verhaal" not in repr(tasks_of(member(town, town.bram)))
