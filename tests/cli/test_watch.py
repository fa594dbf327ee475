"""One scheduled run: it measures what is due and nothing else, tells each change once, and loses nothing on the way."""

import base64
import errno
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from helping import CARD, application, rows, vangrail

from vangrail.assessment import measuring
from vangrail.cli import alerts, watch_state
from vangrail.cli.assess import command as assess_command
from vangrail.cli.status import command as status_command
from vangrail.cli.watch import command
from vangrail.ledger import Ledger
from vangrail.model.vocabulary import LeafKind

NEW_ROW = "400;V;30;yes;yes\n"


def watch(*arguments, code=None, env=None):
    """A run in this process, as JSON."""
    return json.loads(shown("--format", "json", *arguments, code=code, env=env))


def shown(*arguments, code=None, env=None):
    done = CliRunner().invoke(command, [str(a) for a in arguments], env={"VANGRAIL_LANG": "en"} | (env or {}))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert code is None or done.exit_code == code, done.output
    return done.stdout


def seen(*arguments, **more):
    """The one application of a run."""
    (run,) = watch(*arguments, **more)["runs"]
    (one,) = run["applications"]
    return one


def told(one):
    return {a["requirement"]: a for a in one["alerts"]}


def lines(file: Path):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def leaves(folder, kind):
    with Ledger.open(folder / ".vangrail") as ledger:
        return [leaf.body for leaf in ledger.leaves(kind=kind)]


@pytest.fixture
def folder(tmp_path):
    return application(tmp_path / "steun")


@pytest.fixture
def measured(monkeypatch):
    """What was measured, data set by data set."""
    taken = []
    real = measuring.measure

    def measure(card, checks, planned, **more):
        taken.extend((m.check, m.dataset) for m in planned)
        return real(card, checks, planned, **more)

    monkeypatch.setattr(measuring, "measure", measure)
    return taken


# --- what is due, and what changed ------------------------------------------------------------------------------------


def test_the_first_run_measures_all_and_tells_what_is_not_met(folder):
    one = seen(folder, code=1)
    assert one["measured"] == len(one["due"]) > 10 and one["left"] == 0
    assert {d["why"]["en"] for d in one["due"]} == {"Not measured yet."}
    assert told(one)["tru-fair-1"]["kind"] == "worse" and told(one)["tru-fair-1"]["before"] is None
    assert {a["after"] for a in one["alerts"]} == {"not_met"}


def test_nothing_changed_is_nothing_measured_and_nothing_told(folder, measured):
    seen(folder)
    measured.clear()
    one = seen(folder, code=1)
    assert (one["due"], one["alerts"], measured) == ([], [], [])
    assert "Nothing changed since the last run" in shown(folder)
    assert shown(folder, "--quiet", code=1) == ""


def test_a_changed_row_is_told_as_gone_stale_with_the_new_figure(folder):
    """400 rows with 25 points between men and women; one more woman who got the advice makes it 24.6."""
    seen(folder)
    with (folder / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    one = seen(folder, code=1)
    fair = told(one)["tru-fair-1"]
    assert (fair["kind"], fair["before"], fair["after"]) == ("measured_again", "not_met", "not_met")
    assert fair["stale"]["en"] == "The data in 'log' have changed: 400 rows then, 401 now."
    (gap,) = [f for f in fair["figures"] if f["check"] == "selection-rate-difference"]
    assert gap["before"]["value"] == pytest.approx(25.0) and gap["before"]["rows"] == 400
    assert gap["after"]["value"] == pytest.approx(100 * (0.5 - 51 / 201)) and gap["after"]["rows"] == 401
    assert seen(folder)["alerts"] == []


def test_a_row_that_breaks_a_requirement_is_told_as_worse_and_its_repair_as_better(folder):
    seen(folder)
    (folder / "log.csv").write_text(rows() + "".join(f"{n};V;7;yes;yes\n" for n in range(400, 420)))
    worse = told(seen(folder))["dat-3"]
    assert (worse["kind"], worse["before"], worse["after"]) == ("worse", "met", "not_met")
    assert worse["figures"][0]["after"]["value"] == pytest.approx(100 * 20 / 420)
    (folder / "log.csv").write_text(rows())
    better = told(seen(folder))["dat-3"]
    assert (better["kind"], better["before"], better["after"]) == ("better", "not_met", "met")


def test_only_the_data_set_that_changed_is_measured_again(tmp_path, measured):
    card = CARD.replace("datasets:\n", "datasets:\n  other:\n    source: other.csv\n")
    folder = application(tmp_path / "steun", card)
    (folder / "other.csv").write_text("a;b\n1;2\n3;4\n")
    seen(folder)
    measured.clear()
    (folder / "other.csv").write_text("a;b\n1;2\n3;5\n")
    one = seen(folder)
    assert {dataset for _, dataset in measured} == {"other"} == {d["dataset"] for d in one["due"]}


def test_a_changed_card_measures_only_what_stands_on_it(folder, measured):
    seen(folder)
    measured.clear()
    (folder / "card.yaml").write_text(CARD.replace("at_most: 120", "at_most: 70"))
    seen(folder)
    assert measured == [("validity", "log")]


def test_what_assess_measured_meanwhile_is_not_measured_again_and_still_told(folder, measured):
    """Also how a run that was killed after measuring and before telling is made good."""
    seen(folder)
    with (folder / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    CliRunner().invoke(assess_command, [str(folder)])
    measured.clear()
    one = seen(folder)
    assert measured == [] and told(one)["tru-fair-1"]["kind"] == "measured_again"


def test_data_that_change_every_day_need_not_be_told_every_day(folder):
    seen(folder)
    with (folder / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    assert seen(folder, "--alerts", "verdicts")["alerts"] == []


def test_the_text_says_it_in_dutch(folder):
    shown(folder)
    with (folder / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    said = " ".join(shown(folder, "--lang", "nl").split())
    assert "opnieuw gemeten (niet voldaan)" in said and "toen 400 rijen, nu 401" in said


# --- many applications -------------------------------------------------------------------------------------------------


@pytest.fixture
def several(tmp_path):
    for name in ("een", "twee", "drie"):
        application(tmp_path / "apps" / name, CARD.replace("id: steun", f"id: {name}"))
    return tmp_path / "apps"


def test_every_application_below_a_folder_is_watched(several):
    (several / ".git" / "copy").mkdir(parents=True)
    (several / ".git" / "copy" / "card.yaml").write_text("a: [")
    (run,) = watch(several, code=1)["runs"]
    assert {a["folder"]: a["id"] for a in run["applications"]} == {"drie": "drie", "een": "een", "twee": "twee"}


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda folder: (folder / "card.yaml").write_text("a: ["), "not valid YAML"),
        (lambda folder: (folder / "log.csv").unlink(), "there is no file log.csv"),
        (lambda folder: (folder / "log.csv").write_text("id;sex\n1;M\n"), "has no column 'age'"),
        (lambda folder: (folder / ".vangrail" / "ledger.key").unlink(), "ledger.key is not there"),
    ],
)
def test_one_broken_application_is_told_once_and_does_not_stop_the_others(several, break_it, said):
    watch(several)
    break_it(several / "een")
    with (several / "twee" / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    found = {a["folder"]: a for a in watch(several, code=3)["runs"][0]["applications"]}
    failed = [a for a in found["een"]["alerts"] if a["kind"] == "failed"]
    assert len(failed) == 1 and said in failed[0]["because"]["en"] and said in " ".join(found["een"]["problems"])
    assert "tru-fair-1" in told(found["twee"])
    again = {a["folder"]: a for a in watch(several, code=3)["runs"][0]["applications"]}
    assert again["een"]["problems"] and not again["een"]["alerts"]


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda folder: (folder / "log.csv").unlink(), "er is geen bestand log.csv"),
        (lambda folder: (folder / "log.csv").write_text(""), "log.csv is leeg"),
        (lambda folder: (folder / "card.yaml").unlink(), "Er is geen card.yaml meer"),
    ],
)
def test_what_went_wrong_is_told_in_the_language_of_who_reads_it(several, tmp_path, break_it, said):
    file = tmp_path / "alerts.jsonl"
    watch(several)
    break_it(several / "een")
    text = shown("--lang", "nl", "--alert-file", file, several, code=3)
    (failed,) = [a for a in lines(file) if a["kind"] == "failed"]
    assert said in failed["because"]["nl"] and "there is no" not in failed["because"]["nl"]
    assert said in text and "Data set" not in text and "no longer" not in text


def test_a_full_disk_is_told_in_the_language_of_who_reads_it(folder, monkeypatch):
    def full(place, kept):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))

    monkeypatch.setattr(watch_state, "write", full)
    assert "de schijf is vol" in shown("--lang", "nl", folder, code=3)
    assert "No space left on device" in shown("--lang", "en", folder, code=3)


def test_a_figure_is_told_by_its_name_and_not_by_its_id(folder):
    seen(folder)
    (folder / "log.csv").write_text(rows() + "".join(f"{n};V;7;yes;yes\n" for n in range(400, 420)))
    text = shown("--lang", "nl", folder)
    assert "waarden: 0,0 % → 4,8 %" in text and "selection-rate-difference" not in text


def test_a_run_while_the_clock_stood_back_does_not_replace_what_was_measured_after_that_day(folder, monkeypatch):
    """A month back the log held one row more. That is measured under the wrong day, and does not stand in for today's."""
    from vangrail.cli import workspace

    def at(moment):
        monkeypatch.setattr(workspace, "now", lambda: moment)
        monkeypatch.setattr(workspace, "date", type("Day", (date,), {"today": staticmethod(moment.date)}))
        return seen(folder)

    now = datetime.now(UTC).replace(microsecond=0)
    at(now)
    (folder / "log.csv").write_text(rows() + NEW_ROW)
    at(now - timedelta(days=30))
    (folder / "log.csv").write_text(rows())
    again = at(now)
    assert (again["due"], list(told(again))) == ([], [None])  # nothing but that it can be looked at again


def test_what_works_again_is_told(several):
    watch(several)
    (several / "een" / "log.csv").rename(several / "away.csv")
    watch(several)
    (several / "away.csv").rename(several / "een" / "log.csv")
    found = {a["folder"]: a for a in watch(several, code=1)["runs"][0]["applications"]}
    assert "works_again" in {a["kind"] for a in found["een"]["alerts"]}
    assert told(found["een"])["dat-5"]["kind"] == "better"


def test_a_data_set_that_cannot_be_read_leaves_the_others_measured(tmp_path):
    card = CARD.replace("datasets:\n", "datasets:\n  other:\n    source: other.csv\n")
    folder = application(tmp_path / "steun", card)
    one = seen(folder, code=3)
    assert one["left"] and one["measured"] > 10 and one["counts"]["not_met"]
    assert any("other.csv" in p for p in one["problems"])


def test_a_fault_of_ours_in_one_application_does_not_stop_the_others(several, monkeypatch, capsys):
    from vangrail.cli import workspace

    real = workspace.stored_evidence

    def fault(work):
        if work.application.card.id == "een":
            raise KeyError("Zkrtx-77")
        return real(work)

    monkeypatch.setattr(workspace, "stored_evidence", fault)
    found = watch(several, code=3)["runs"][0]["applications"]
    (broken,) = [a for a in found if a["problems"]]
    assert broken["problems"] == ["A fault in Vangrail: KeyError."] and "Zkrtx" not in json.dumps(found)
    assert sum(a["measured"] > 10 for a in found) == 2


def test_an_application_that_is_gone_is_told_once(several):
    watch(several)
    (several / "een" / "card.yaml").unlink()
    found = {a["folder"]: a for a in watch(several, code=3)["runs"][0]["applications"]}
    assert "no longer watched" in found["een"]["alerts"][0]["because"]["en"]
    assert {a["folder"] for a in watch(several, code=1)["runs"][0]["applications"]} == {"twee", "drie"}


def test_two_applications_with_one_id_in_one_ledger_would_take_each_others_evidence(several):
    vangrail("ledger", "init", several, "--origin", "vangrail.example/zavelbeke", check=0)
    (several / "een" / "card.yaml").write_text(CARD.replace("id: steun", "id: drie"))
    found = {a["folder"]: a for a in watch(several, code=3)["runs"][0]["applications"]}
    assert "same id as the application in 'drie'" in found["een"]["problems"][0] and not found["drie"]["problems"]


def test_a_folder_without_a_card_is_told_and_does_not_stop_the_next(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    file = tmp_path / "alerts.jsonl"
    for _ in range(2):
        runs = watch(tmp_path / "empty", tmp_path / "none", folder, "--alert-file", file, code=3)["runs"]
    assert "There is no card.yaml" in runs[0]["problem"] and "is not a folder" in runs[1]["problem"]
    assert runs[2]["applications"][0]["counts"]["not_met"]
    assert sum(a["kind"] == "failed" for a in lines(file)) == 2


# --- the file ----------------------------------------------------------------------------------------------------------


def test_each_alert_is_one_line_and_an_unchanged_situation_adds_none(folder, tmp_path):
    file = tmp_path / "alerts.jsonl"
    for _ in range(3):
        watch(folder, "--alert-file", file)
    assert {a["requirement"] for a in lines(file)} == {"tru-fair-1", "dat-7"} and len(lines(file)) == 2
    assert all(a["vangrail"] == "alert/1" and a["application"]["id"] == "steun" for a in lines(file))


def test_a_half_line_that_a_power_cut_left_is_followed_by_a_whole_one(folder, tmp_path):
    file = tmp_path / "alerts.jsonl"
    watch(folder, "--alert-file", file)
    whole = file.read_text()
    file.write_text(whole[: len(whole) // 2])
    with (folder / "log.csv").open("a") as log:
        log.write(NEW_ROW)
    watch(folder, "--alert-file", file)
    later = file.read_text().splitlines()[-1]
    assert json.loads(later)["kind"] == "measured_again"


def test_a_file_that_cannot_be_written_is_reported_and_its_alerts_wait(folder, tmp_path):
    file = tmp_path / "no" / "alerts.jsonl"
    (delivery,) = watch(folder, "--alert-file", file, code=3)["runs"][0]["deliveries"]
    assert delivery["sent"] == 0 and delivery["waiting"] == 2 and "cannot be written" in delivery["problem"]
    file.parent.mkdir()
    (delivery,) = watch(folder, "--alert-file", file, code=1)["runs"][0]["deliveries"]
    assert delivery["sent"] == 2 and len(lines(file)) == 2


def test_alerts_are_not_added_to_another_file(folder):
    done = vangrail("watch", folder, "--alert-file", folder / "card.yaml", check=3)
    assert "it is not a file of alerts" in done.stderr and (folder / "card.yaml").read_text() == CARD


def test_an_alert_that_was_delivered_just_before_a_crash_is_not_delivered_twice(folder, tmp_path, monkeypatch):
    file, real = tmp_path / "alerts.jsonl", watch_state.write
    calls = []

    def power_cut(place, kept):
        calls.append(1)
        if len(calls) == 2:  # the first says what waits, the second that it was delivered
            raise OSError(28, "No space left on device", str(place))
        real(place, kept)

    monkeypatch.setattr(watch_state, "write", power_cut)
    watch(folder, "--alert-file", file, code=3)
    monkeypatch.setattr(watch_state, "write", real)
    watch(folder, "--alert-file", file)
    about = [a["requirement"] for a in lines(file) if a["kind"] == "worse"]
    assert sorted(about) == ["dat-7", "tru-fair-1"]


# --- the webhook -------------------------------------------------------------------------------------------------------


class Receiver:
    """A real server on this machine that keeps what it gets and answers what the test says."""

    def __init__(self):
        self.got, self.answers, self.pause = [], [], 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                code = outer.answers.pop(0) if outer.answers else 204
                time.sleep(outer.pause)
                if code == "hang":
                    time.sleep(0.5)
                    return
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            do_GET = do_POST  # noqa: N815  the name that the library calls

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def environment(self):
        address = f"http://127.0.0.1:{self.server.server_port}/hook?token=Zkrtx-77"
        return {"ALERTS": address, "ALERTS_SECRET": SECRET}

    @property
    def messages(self):
        return [json.loads(body) for _, body in self.got]


SECRET = "whsec_" + base64.b64encode(b"zavelbeke").decode()


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setattr(alerts, "PAUSES_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(alerts, "TIME_OUT_SECONDS", 0.2)
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_alert_is_posted_once_and_signed(folder, receiver):
    for _ in range(2):
        watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=1)
    assert [m["requirement"] for m in receiver.messages] == ["tru-fair-1", "dat-7"]
    for headers, body in receiver.got:
        sent = {k.lower(): v for k, v in headers.items()}
        signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(b"zavelbeke", signed, hashlib.sha256).digest()).decode()
        assert sent["webhook-signature"] == f"v1,{expected}"
        assert sent["webhook-id"] == json.loads(body)["id"] and abs(int(sent["webhook-timestamp"]) - time.time()) < 60


def test_no_value_of_a_row_and_no_address_is_sent_or_said(tmp_path, receiver):
    folder = application(tmp_path / "steun", data=rows() + "400;Zkrtx-78;30;yes;yes\n")
    said = json.dumps(watch(folder, "--webhook", "ALERTS", env=receiver.environment))
    receiver.answers = [500] * 9
    (folder / "log.csv").write_text(rows())
    said += shown(folder, "--webhook", "ALERTS", env=receiver.environment, code=3)
    assert "Zkrtx" not in said and all(b"Zkrtx" not in body for _, body in receiver.got)


@pytest.mark.parametrize(
    ("answers", "tries"),
    [([500, 500, 500], 3), ([429, "hang", 503], 3), ([404], 1), ([302], 1), (["hang"] * 3, 3)],
)
def test_a_webhook_that_fails_is_reported_and_retried_on_the_next_run(folder, receiver, answers, tries):
    receiver.answers = list(answers)
    (delivery,) = watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=3)["runs"][0]["deliveries"]
    assert (delivery["sent"], delivery["waiting"]) == (0, 2) and "webhook of ALERTS" in delivery["problem"]
    assert len(receiver.got) == tries
    receiver.got.clear()
    receiver.answers.clear()
    (delivery,) = watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=1)["runs"][0]["deliveries"]
    assert (delivery["sent"], delivery["waiting"]) == (2, 0)
    assert [m["requirement"] for m in receiver.messages] == ["tru-fair-1", "dat-7"]


def test_a_try_that_succeeds_is_enough(folder, receiver):
    receiver.answers = [503, 200]
    watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=1)
    assert [m["requirement"] for m in receiver.messages] == ["tru-fair-1", "tru-fair-1", "dat-7"]
    assert receiver.messages[0]["id"] == receiver.messages[1]["id"]


def test_a_slow_receiver_does_not_keep_a_run_busy(folder, receiver, monkeypatch):
    """Two alerts, of which the second may not be begun any more."""
    monkeypatch.setattr(alerts, "DEADLINE_SECONDS", 0.15)
    receiver.pause = 0.1
    (delivery,) = watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=3)["runs"][0]["deliveries"]
    assert (delivery["sent"], delivery["waiting"]) == (1, 1)
    receiver.pause = 0
    watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=1)
    assert receiver.messages[-1]["requirement"] == "dat-7"


def test_nobody_listens(folder, receiver):
    receiver.server.shutdown()
    receiver.server.server_close()
    (delivery,) = watch(folder, "--webhook", "ALERTS", env=receiver.environment, code=3)["runs"][0]["deliveries"]
    assert "cannot be reached" in delivery["problem"] and delivery["waiting"] == 2


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "ALERTS holds no address"),
        ({"ALERTS": "file:///etc/passwd", "ALERTS_SECRET": "x"}, "neither with https://"),
        ({"ALERTS": "https://example.org"}, "ALERTS_SECRET is not set"),
        ({"ALERTS": "https://example.org", "ALERTS_SECRET": "whsec_?"}, "not base64"),
    ],
)
def test_a_webhook_without_address_or_secret_is_said_before_anything_is_measured(folder, environment, said):
    done = vangrail("watch", folder, "--webhook", "ALERTS", env=environment, check=3)
    assert said in done.stderr and not (folder / ".vangrail").exists()


# --- interrupted, and two at once --------------------------------------------------------------------------------------


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "vangrail", "watch", *map(str, arguments), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )


def test_a_run_that_is_killed_is_picked_up_by_the_next(several, tmp_path):
    """Whatever the moment: every application is measured and every alert arrives once."""
    file = tmp_path / "alerts.jsonl"
    for delay in (0.6, 1.0, 1.4, 1.8):
        running = start(several, "--alert-file", file)
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    watch(several, "--alert-file", file, code=1)
    about = sorted((a["application"]["id"], a["requirement"]) for a in lines(file))
    assert about == sorted((id_, r) for id_ in ("een", "twee", "drie") for r in ("dat-7", "tru-fair-1"))
    for name in ("een", "twee", "drie"):
        vangrail("ledger", "verify", several / name, check=0)


def test_two_runs_at_once_measure_and_tell_once(folder, tmp_path):
    file = tmp_path / "alerts.jsonl"
    running = [start(folder, "--alert-file", file) for _ in range(3)]
    found = [json.loads(process.communicate(timeout=120)[0]) for process in running]
    assert [process.returncode for process in running] == [1, 1, 1]
    due = sorted(len(f["runs"][0]["applications"][0]["due"]) for f in found)
    assert due[:2] == [0, 0] and due[2] > 10 and len(lines(file)) == 2
    held = [tuple(body["measurement"][k] for k in ("check", "dataset", "subject")) for body in leaves(folder, LeafKind.EVIDENCE_MEASURED)]  # fmt: skip
    assert len(held) == len(set(held)) == due[2]


def test_a_run_beside_one_that_does_not_end_says_so(folder, monkeypatch):
    monkeypatch.setattr(watch_state, "WAIT_SECONDS", 0.2)
    with watch_state.alone(folder / ".vangrail" / "watch"):
        assert "still at work" in watch(folder, code=3)["runs"][0]["problem"]


def test_two_watchers_of_different_folders_wait_for_each_other_at_one_ledger(several, monkeypatch):
    monkeypatch.setattr(watch_state, "WAIT_SECONDS", 0.2)
    watch(several)
    with watch_state.alone(several / "een" / ".vangrail" / "watch"):
        found = {a["folder"]: a for a in watch(several, code=3)["runs"][0]["applications"]}
    assert "still at work" in found["een"]["problems"][0] and not found["twee"]["problems"]


def test_a_state_that_is_none_of_ours_is_said(folder):
    watch(folder)
    (folder / ".vangrail" / "watch" / "state.json").write_text("{")
    assert "state.json is not what a run" in watch(folder, code=3)["runs"][0]["problem"]


def test_what_is_kept_stays_out_of_git(folder):
    watch(folder)
    assert (folder / ".vangrail" / "watch" / ".gitignore").read_text() == "*\n"


# --- dat-8 -------------------------------------------------------------------------------------------------------------


def verdict(folder, requirement):
    done = CliRunner().invoke(status_command, [str(folder), "--format", "json"])
    return next(r for r in json.loads(done.stdout)["requirements"] if r["id"] == requirement)


def watched(folder, *days, **body):
    """Runs of earlier days, as they stand in the ledger."""
    from datetime import UTC, datetime, timedelta

    said = {"due": 0, "measured": 0, "left": 0, "told": True} | body
    with Ledger.open(folder / ".vangrail") as ledger:
        for ago in days:
            at = datetime.now(UTC) - timedelta(days=ago)
            ledger.append(kind=LeafKind.WATCHED, application="steun", at=at, body=said)


def test_a_run_is_written_down_once_a_day_while_nothing_is_different(folder):
    for _ in range(4):
        watch(folder)
    assert [body["measured"] > 0 for body in leaves(folder, LeafKind.WATCHED)] == [True, False]


def test_runs_on_several_days_that_tell_somebody_are_monitoring(folder, tmp_path):
    watch(folder, "--alert-file", tmp_path / "a.jsonl")
    before = verdict(folder, "dat-8")
    assert before["verdict"] == "unknown" and "vangrail watch" in before["evidence"][0]["do"]["en"]
    watched(folder, 7)
    found = verdict(folder, "dat-8")
    assert found["verdict"] == "met" and "vangrail watch" in found["evidence"][0]["records"][0]["what"]


@pytest.mark.parametrize("body", [{"left": 1}, {"told": False}])
def test_runs_that_measured_not_all_or_told_nobody_are_no_monitoring(folder, tmp_path, body):
    watch(folder, "--alert-file", tmp_path / "a.jsonl")
    watched(folder, 7, 14, **body)
    assert verdict(folder, "dat-8")["verdict"] == "unknown"


def test_monitoring_that_stopped_proves_nothing_any_more(folder):
    watch(folder)
    watched(folder, 200, 193)
    assert verdict(folder, "dat-8")["verdict"] == "unknown"


# --- the page ----------------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parent.parent.parent / "docs" / "watch.md").read_text(encoding="utf-8")


def test_every_command_of_the_page_is_understood():
    lines_ = [line.split("#")[0] for line in PAGE.splitlines() if "vangrail watch " in line and "`" not in line]
    assert len(lines_) == 7
    for line in lines_:
        arguments = line.partition("vangrail watch ")[2].rstrip("'\" ").split()
        assert command.make_context("watch", arguments).params["folders"]


def test_the_alert_of_the_page_has_the_keys_of_a_real_one(folder, tmp_path):
    import re

    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    watch(folder)
    (folder / "log.csv").write_text(rows() + "".join(f"{n};V;7;yes;yes\n" for n in range(400, 420)))
    real = told(seen(folder))["dat-3"]
    shown_ = json.loads(example)
    assert list(shown_) == list(real)
    assert {**shown_, "id": 0, "at": 0} == {**real, "id": 0, "at": 0, "application": shown_["application"]}
