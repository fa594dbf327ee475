"""What people write down, and the rounds in which Vangrail measures by itself and tells what changed."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import card, person
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole as R
from vangrail.model.vocabulary import RecordKind, Verdict
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Outbox
from vangrail.web.applications.places import folder_of
from vangrail.web.events import acts, watching
from vangrail.web.events.models import Round, Watch
from vangrail.web.jobs import acts as jobs
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member

pytestmark = pytest.mark.django_db
PLACE = "/werk/voorbeeld/toepassingen/meldingen/gebeurtenissen/"
DATA = {
    "phase": "operate",
    "datasets": {"meldingen": {"source": "meldingen.csv", "key": ["nr"], "columns": {"buurt": {"required": True}}}},
}
NIGHT = timezone.make_aware(datetime(2026, 11, 23, 3, 0))


def write(town, kind=RecordKind.TRAINING, **more):
    given = {
        "on": timezone.localdate(),
        "what": "Twee uur opleiding voor het loket.",
        "outcome": "",
        "people": 8,
        "documents": [],
    }
    return acts.write_down(application=town.application, kind=kind, by=town.an, **(given | more))


def line(town, requirement, on=None):
    return assessing.assess(town.application, on=on or timezone.localdate()).board.line(requirement)


# --- what people write down -------------------------------------------------------------------------------------------
def test_a_stop_drill_counts_for_the_requirement_that_asks_for_one(town):
    ask = [j for j in line(town, "tru-hum-3").judgements if getattr(j.proof, "record", None) is RecordKind.STOP_DRILL]
    assert ask[0].verdict is Verdict.UNKNOWN and "Gebeurtenissen" in ask[0].do["nl"]
    write(town, RecordKind.STOP_DRILL, what="Een uur zonder AI gewerkt.")
    done = [j for j in line(town, "tru-hum-3").judgements if getattr(j.proof, "record", None) is RecordKind.STOP_DRILL]
    assert done[0].verdict is Verdict.MET
    assert Outbox.objects.filter(kind="record_added", body__record="stop_drill").exists()


def test_a_finding_on_data_needs_an_outcome(town):
    with pytest.raises(VangrailError, match="what was done"):
        write(town, RecordKind.DATA_FINDING, outcome="  ")
    write(town, RecordKind.DATA_FINDING, outcome="De gegevensbeheerder vult de adressen aan.")
    assert [r.kind for r in assessing.records_of(town.application)] == [RecordKind.DATA_FINDING]


def test_tomorrow_cannot_be_written_down(town):
    with pytest.raises(VangrailError, match="still to come"):
        write(town, on=timezone.localdate() + timedelta(days=1))


def test_the_page_takes_it_and_shows_for_what_it_counts(town, as_):
    browser = as_(person("Hanne", town.organisation, R.HR))
    assert "Nog niets over" in browser.get(PLACE).content.decode()
    assert b"stop_drill" in browser.get(f"{PLACE}nieuw/", {"soort": "stop_drill"}).content
    given = {"kind": "training", "on": "2026-11-02", "what": "<b>Opleiding</b> loket", "people": "6", "document": ""}
    assert browser.post(f"{PLACE}nieuw/", given).status_code == 302
    text = browser.get(PLACE).content.decode()
    assert "&lt;b&gt;Opleiding&lt;/b&gt; loket" in text and "Iedereen die ermee werkt, is er klaar voor" in text


def test_what_is_wrong_is_said_beside_what_was_typed(town, as_):
    given = {"kind": "data_finding", "on": "2026-11-02", "what": "Lege adressen in mei", "outcome": ""}
    text = as_(town.an).post(f"{PLACE}nieuw/", given).content.decode()
    assert "Wat kwam eruit?" in text and "Lege adressen in mei" in text and "niet wat ermee gebeurde" in text


def test_the_page_takes_as_many_queries_for_many_as_for_few(town, as_):
    browser = as_(town.an)
    write(town)
    browser.get(PLACE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(PLACE)
    for day in range(12):
        write(town, what=f"Opleiding nummer {day}")
        Round.objects.create(
            application=town.application, on=NIGHT.date() + timedelta(days=day), due=0, left=0, told=True
        )
    with CaptureQueriesContext(connection) as many:
        browser.get(PLACE)
    assert len(many) == len(few)


# --- watching ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def watched(town):
    """An application with data, watched by An and Bram."""
    applications.declare(application=town.application, card=card(**DATA), by=town.an)
    fill(town, "noord", "zuid")
    acts.watch(application=town.application, told=[town.an, town.bram], by=town.an)
    return town


def fill(town, *areas):
    folder = folder_of(town.application)
    folder.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{n};{area}\n" for n, area in enumerate(areas * 30))
    (folder / "meldingen.csv").write_text("nr;buurt\n" + rows)


def night(town, day=0):
    """One night: the rounds begin, the worker measures, the rounds go on."""
    now = NIGHT + timedelta(days=day)
    watching.watch_all(now)
    for run in town.application.runs.filter(state="asked"):
        jobs.carry_out(run.pk)
        town.application.runs.filter(pk=run.pk).update(asked_at=now, ended_at=now)
    watching.watch_all(now)
    return town.application.rounds.filter(on=now.date()).first()


def test_nothing_is_measured_by_day_or_where_nobody_asked_for_it(watched):
    watching.watch_all(NIGHT.replace(hour=1))
    assert not watched.application.runs.exists()
    acts.stop_watching(application=watched.application, by=watched.an)
    watching.watch_all(NIGHT)
    assert not watched.application.runs.exists() and not Round.objects.exists()


def test_a_first_night_measures_what_is_due_and_writes_the_round_down(watched):
    done = night(watched)
    assert done.due > 3 and done.left == 0 and done.told
    assert Outbox.objects.filter(kind="watched", body__left=0, body__told=True).count() == 1
    watching.watch_all(NIGHT)
    assert Round.objects.count() == 1 and watched.application.runs.count() == 1


def test_two_good_nights_prove_that_the_data_are_watched(watched, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: NIGHT.date() + timedelta(days=1))
    night(watched)
    assert not [r for r in assessing.records_of(watched.application) if r.kind is RecordKind.MONITORING]
    night(watched, day=1)
    monitoring = [r for r in assessing.records_of(watched.application) if r.kind is RecordKind.MONITORING]
    assert len(monitoring) == 1 and monitoring[0].on == NIGHT.date() + timedelta(days=1)


def test_data_that_change_for_the_worse_are_told_and_wait_until_somebody_looked(watched, as_):
    night(watched)
    mail.outbox.clear()
    fill(watched, "noord", "")
    done = night(watched, day=1)
    (change,) = [c for c in done.changes if c["requirement"] == "dat-1"]
    assert (change["before"], change["after"]) == ("met", "not_met")
    assert {m.to[0] for m in mail.outbox} == {watched.an.email, watched.bram.email}
    assert "noord" not in mail.outbox[0].body and "/gebeurtenissen/" in mail.outbox[0].body
    mine = Member(person=watched.bram, organisation=watched.organisation, roles=frozenset({R.DPO}))
    assert any("gebeurtenissen" in t.url for t in tasks_of(mine))
    browser = as_(watched.bram)
    assert "zijn volledig" in browser.get(PLACE).content.decode()
    browser.post(f"{PLACE}rondes/{done.pk}/gezien/")
    done.refresh_from_db()
    assert done.seen_by == watched.bram
    assert sum("gebeurtenissen" in t.url for t in tasks_of(mine)) == int(Round.objects.get(on=NIGHT.date()).waits)


def test_what_cannot_be_read_is_left_and_is_no_proof(watched):
    (folder_of(watched.application) / "meldingen.csv").unlink()
    done = night(watched)
    assert done.left > 0 and done.waits
    assert not [r for r in assessing.records_of(watched.application) if r.kind is RecordKind.MONITORING]


def test_somebody_must_hear_of_it(town, as_):
    with pytest.raises(VangrailError, match="Nobody was chosen"):
        acts.watch(application=town.application, told=[], by=town.an)
    browser = as_(town.an)
    assert "Kies minstens één persoon" in browser.post(f"{PLACE}bewaken/", {}).content.decode()
    browser.post(f"{PLACE}bewaken/", {"told": [str(town.bram.pk)]})
    assert Watch.objects.get().told.get() == town.bram
    browser.post(f"{PLACE}niet-meer-bewaken/")
    assert not Watch.objects.exists()
