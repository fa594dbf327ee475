"""Background work: asked once however often it is pressed, found back when a worker dies, never doubled."""

import shutil
import sqlite3
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from conftest import card
from vangrail.model.card import Model, Record
from vangrail.model.errors import VangrailError
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing, ledgers, measuring
from vangrail.web.applications.models import Application, CardVersion, Outbox
from vangrail.web.applications.places import folder_of
from vangrail.web.jobs import acts, ticking
from vangrail.web.jobs.models import Run

pytestmark = pytest.mark.django_db

ROWS = "id,wijk\n" + "\n".join(f"{i},{'noord' if i % 3 else 'zuid'}" for i in range(60))


@pytest.fixture
def measurable(town):
    """The application of the town, with a small data set."""
    with_data = card(datasets={"meldingen": {"source": "meldingen.csv", "key": ["id"], "columns": {"id": {}}}})
    applications.declare(application=town.application, card=with_data, by=town.an)
    (folder_of(town.application) / "meldingen.csv").write_text(ROWS, encoding="utf-8")
    return town


def test_who_presses_twice_gets_one_run(measurable):
    first = acts.ask_measurement(application=measurable.application, by=measurable.an)
    assert acts.ask_measurement(application=measurable.application, by=measurable.an) == first


def test_a_run_measures_and_says_how_many_figures_are_new(measurable):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    acts.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (Run.State.DONE, {}) and run.figures > 3
    again = acts.ask_measurement(application=measurable.application, by=measurable.an)
    acts.carry_out(again.pk)
    again.refresh_from_db()
    assert again.figures == 0, "the same figures of the same data on the same day are no news"


def test_what_the_user_can_solve_is_told(measurable):
    (folder_of(measurable.application) / "meldingen.csv").unlink()
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    acts.carry_out(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED and "meldingen.csv" in run.problem["nl"]


def test_a_model_that_is_down_leaves_the_rest_measured_and_its_requirement_says_why(measurable):
    model = {"name": "kiezer", "source": "endpoint:KIEZER", "dataset": "meldingen", "inputs": ["id"]}
    with_model = assessing.card_of(measurable.application).model_copy(update={"models": (Model.model_validate(model),)})
    applications.declare(application=measurable.application, card=with_model, by=measurable.an)
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    acts.carry_out(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE and run.figures > 3
    found = assessing.assess(measurable.application, on=timezone.localdate())
    (line,) = (line for line in found.board.lines if line.requirement.id == "tru-rob-2")
    assert any("'KIEZER' bevat geen adres" in j.because["nl"] for j in line.judgements), line.judgements


def test_a_run_that_a_killed_worker_left_is_started_once_more_and_then_given_up(measurable):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    now = timezone.now()
    for expected in (Run.State.ASKED, Run.State.FAILED):
        Run.objects.filter(pk=run.pk).update(state=Run.State.AT_WORK, beat_at=now - timedelta(minutes=10))
        assert acts.find_lost(now=now) == 1
        run.refresh_from_db()
        assert run.state == expected
    assert acts.find_lost(now=now) == 0


def test_a_run_whose_worker_was_killed_before_it_began_gets_in_line_again_once(measurable):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    now = timezone.now() + timedelta(minutes=10)
    assert acts.find_lost(now=now) == 0, "it stands in line"
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)  # taken, and never begun
    assert acts.find_lost(now=now) == 1 and acts.find_lost(now=now) == 0
    assert DBTaskResult.objects.ready().get().args_kwargs["args"] == [run.pk]


def test_a_run_that_was_taken_for_lost_does_not_end_the_attempt_that_came_after_it(measurable, monkeypatch):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)

    def slow(*_, **__):
        Run.objects.update(beat_at=timezone.now() - timedelta(hours=1))
        assert acts.find_lost(now=timezone.now()) == 1
        return 7

    monkeypatch.setattr(measuring, "measure", slow)
    acts.carry_out(run.pk)
    assert Run.objects.get().state == Run.State.ASKED


def test_what_the_worker_kept_is_forgotten_after_some_days_unless_it_waits(measurable):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    later = timezone.now() + timedelta(days=4)
    acts.forget_tasks(later)
    assert DBTaskResult.objects.count() == 1 and run.open
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    acts.forget_tasks(later)
    assert not DBTaskResult.objects.exists()


def test_a_task_that_comes_twice_does_its_work_once(measurable):
    run = acts.ask_measurement(application=measurable.application, by=measurable.an)
    acts.carry_out(run.pk)
    acts.carry_out(run.pk)
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE
    assert measurable.application.evidencetakens.values("check_id", "dataset", "subject").distinct().count() == (
        measurable.application.evidencetakens.count()
    )


def test_one_changed_row_makes_the_requirement_stale_without_measuring(measurable):
    measuring.measure(measurable.application, by=measurable.an, environment={}, progress=lambda _: None)
    today = timezone.localdate()
    assert assessing.assess(measurable.application, on=today).board.line("dat-5").verdict == "met"
    file = folder_of(measurable.application) / "meldingen.csv"
    file.write_text(ROWS.replace("7,noord", "7,oost", 1), encoding="utf-8")
    assert measuring.look(measurable.application, environment={})
    assert assessing.assess(measurable.application, on=today).board.line("dat-5").verdict == "expired"


def test_a_record_makes_only_the_figures_on_its_kind_stale_and_at_once(town):
    """The records are kept here, so nobody has to look first; what was seen when measuring does not go before them."""
    with_figures = card(
        phase="operate",
        contact={"object": "bezwaar@gemeente.example", "term_days": 30},
        fallback={"uptime": {"outages_since": "2026-01-01", "at_least": 99}},
    )
    applications.declare(application=town.application, card=with_figures, by=town.an)
    measuring.measure(town.application, by=town.an, environment={}, progress=lambda _: None)

    def stale():
        lines = assessing.assess(town.application, on=timezone.localdate()).board.lines
        judged = [j for line in lines for j in line.judgements if j.measured]
        return {j.measured.measurement.check for j in judged if j.verdict == "expired"}

    assert stale() == set()
    objection = Record(kind="objection", on="2026-11-20", what="Weigering", by="An")
    applications.keep_record(application=town.application, record=objection, by=town.an)
    assert stale() == {"objection-handling-time", "objections-upheld"}
    incident = Record(kind="incident", on="2026-11-20", what="Storing", by="An")
    applications.keep_record(application=town.application, record=incident, by=town.an)
    assert "availability" in stale()


def test_the_ledger_gets_everything_once_whoever_is_stopped_between_ledger_and_outbox(measurable):
    waiting = Outbox.objects.filter(sequence=None).count()
    assert waiting and ledgers.deliver(measurable.organisation) == waiting
    # As if the process was killed after the ledger had it and before the outbox knew.
    Outbox.objects.order_by("-pk").filter(pk=Outbox.objects.latest("pk").pk).update(sequence=None)
    assert ledgers.deliver(measurable.organisation) == 0
    with ledgers.open_ledger(measurable.organisation) as ledger:
        assert ledger.size == waiting and ledger.verify().ok
    assert not Outbox.objects.filter(sequence=None).exists()


def test_whoever_is_stopped_while_the_ledger_is_made_leaves_nothing_in_the_way(measurable, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as m, pytest.raises(KeyboardInterrupt):
        m.setattr("vangrail.ledger.schema.create", stopped)  # the key is there, the database is not
        ledgers.deliver(measurable.organisation)
    assert ledgers.deliver(measurable.organisation) > 0
    with ledgers.open_ledger(measurable.organisation) as ledger:
        assert ledger.verify().ok


def test_a_ledger_that_is_gone_is_not_begun_anew(measurable):
    ledgers.deliver(measurable.organisation)
    shutil.rmtree(ledgers.folder_of(measurable.organisation))
    Outbox.objects.order_by("-pk").filter(pk=Outbox.objects.latest("pk").pk).update(sequence=None)
    with pytest.raises(VangrailError, match="is gone"):
        ledgers.deliver(measurable.organisation)


def test_an_older_database_beside_a_newer_ledger_is_refused(measurable):
    """As when only the database was put back from a backup: the next entry gets a number that the ledger knows already."""
    ledgers.deliver(measurable.organisation)
    last = Outbox.objects.latest("pk")
    Outbox.objects.filter(pk=last.pk).update(sequence=None, kind="answer_given")
    with pytest.raises(VangrailError, match="older than the ledger"):
        ledgers.deliver(measurable.organisation)
    assert Outbox.objects.get(pk=last.pk).sequence is None


def test_a_damaged_ledger_shows_on_the_board(measurable):
    ledgers.deliver(measurable.organisation)
    assert ticking.verify(measurable.organisation).ok
    assert assessing.assess(measurable.application, on=timezone.localdate()).board.line("tru-acc-3").verdict == "met"
    with sqlite3.connect(ledgers.folder_of(measurable.organisation) / "ledger.sqlite") as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")  # whoever tampers starts here
        db.execute("UPDATE leaf SET data = replace(data, 'idea', 'build') WHERE seq = 0")
    assert not ticking.verify(measurable.organisation).ok
    assert (
        assessing.assess(measurable.application, on=timezone.localdate()).board.line("tru-acc-3").verdict == "not_met"
    )


def test_one_round_does_all_that_is_due_and_a_second_has_nothing_left(measurable):
    ticking.tick(now=timezone.now())
    assert not Outbox.objects.filter(sequence=None).exists()
    seen = measurable.application.sources_seen.get(name="meldingen")
    ticking.tick(now=timezone.now())
    assert measurable.application.sources_seen.get(name="meldingen").seen_at == seen.seen_at


@pytest.mark.parametrize(
    "parts",
    [
        {"datasets": {"x": {"source": "../../../db.sqlite3", "table": "organisations_person"}}},
        {"datasets": {"x": {"source": "/etc/passwd.csv"}}},
        {"datasets": {"x": {"source": "~/x.csv"}}},
        {"datasets": {"x": {"source": "map/../../x*.parquet"}}},
        {"datasets": {"x": {"source": "..\\x.csv"}}},
        {"datasets": {"x": {"source": "C:\\x.csv"}}},
        {"datasets": {"x": {"source": "spark:CLUSTER", "table": "file:///etc/x.csv"}}},
        {"datasets": {"x": {"source": "x.csv", "metadata": "../../x.json"}}},
        {"models": [{"name": "m", "source": "../../elders/krom/m.onnx"}]},
        {"texts": [{"what": "brief", "file": "../../elders/krom/brief.txt"}]},
    ],
    ids=str,
)
def test_a_card_reads_nothing_outside_the_folder_of_its_application(town, parts):
    """Figures name groups, so a path to another file would show what belongs to another organisation or to the site."""
    outside = card(**parts)
    with pytest.raises(VangrailError, match="leads out of the folder"):
        applications.declare(application=town.application, card=outside, by=town.an)
    with pytest.raises(VangrailError, match="leads out of the folder"):
        applications.register(organisation=town.organisation, card=outside.model_copy(update={"id": "y"}), by=town.an)
    last = town.application.version  # a version from before this was refused
    content = outside.model_dump(mode="json", exclude_defaults=True)
    CardVersion(application=town.application, by=town.an, at=last.at, number=2, content=content, digest="0").save()
    town.application.refresh_from_db()
    for act in (measuring.measure, measuring.look):
        more = {"by": town.an, "progress": lambda _: None} if act is measuring.measure else {}
        with pytest.raises(VangrailError, match="leads out of the folder"):
            act(Application.everywhere.get(pk=town.application.pk), environment={}, **more)
