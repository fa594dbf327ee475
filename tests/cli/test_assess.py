"""The main job, as a user does it: a folder in, verdicts out, and nothing lost on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from helping import CARD, application, assessed, rows, vangrail

from vangrail.exports import contract


def test_a_card_and_a_log_give_figures_with_interval_rows_and_limit(tmp_path):
    folder = application(tmp_path / "steun")
    requirements, whole = assessed(folder, code=1)
    assert len(requirements) == 65 and whole["vangrail"] == "assessment/1"
    fair = requirements["tru-fair-1"]
    assert fair["verdict"] == "not_met"
    (gap,) = [e for e in fair["evidence"] if e.get("check") == "selection-rate-difference"]
    assert gap["value"] == pytest.approx(25.0)
    assert gap["low"] < 25 < gap["high"] and gap["rows"] == 400 and gap["limit"]["at_most"] == 10
    assert {g["name"]: g["value"] for g in gap["groups"]} == pytest.approx({"M": 50.0, "V": 25.0})
    assert requirements["dat-5"]["verdict"] == "met"
    assert requirements["dem-6"]["verdict"] == "unknown"


def test_the_text_shows_every_requirement_with_its_verdict(tmp_path):
    shown = vangrail("assess", application(tmp_path / "steun"), check=1).stdout
    assert all(part in shown for part in ("tru-fair-1", "not met", "25.0", "400 rows", "at most 10"))


def test_an_unknown_figure_says_why_it_is_unknown(tmp_path):
    """25 points of difference with a limit of 10, and still '?': with 80 rows the interval reaches below it."""
    folder = application(tmp_path / "steun", data=rows(80))
    assert "the interval lies on both sides of the limit" in " ".join(vangrail("assess", folder).stdout.split())
    assert "the interval lies on both sides of the limit" in vangrail("explain", "tru-fair-1", folder).stdout.replace(
        "\n", " "
    )


def test_people_without_a_recorded_characteristic_are_named_in_dutch(tmp_path):
    folder = application(tmp_path / "steun", data=rows() + "".join(f"{n};;40;yes;yes\n" for n in range(900, 950)))
    vangrail("assess", folder)
    shown = vangrail("explain", "tru-fair-1", folder, env={"VANGRAIL_LANG": "nl"}).stdout
    assert "(niet ingevuld)" in shown and "(missing)" not in shown


def test_rows_that_do_not_count_are_not_shown_as_counted(tmp_path):
    folder = application(tmp_path / "steun", CARD.replace("key: [id]", "key: [id]\n    where: id < 300"))
    assert "400 rows (in the source; 'where' on the card picks those that count)" in vangrail("assess", folder).stdout


def test_dutch_is_the_first_language(tmp_path):
    folder = application(tmp_path / "steun")
    shown = vangrail("assess", folder, env={"VANGRAIL_LANG": "nl"}).stdout
    assert "niet voldaan" in shown and "procentpunt" in shown


def test_the_dossier_is_one_file(tmp_path):
    folder, page = application(tmp_path / "steun"), tmp_path / "dossier.html"
    vangrail("assess", folder, "--html", page, check=1)
    text = page.read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "Steunaanvragen" in text and 'src="http' not in text and not page.with_name("dossier.html.part").exists()


def test_a_changed_row_makes_the_evidence_stale_until_it_is_measured_again(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder, check=1)
    before = json.loads(vangrail("status", folder, "--format", "json").stdout)
    assert {r["id"]: r["verdict"] for r in before["requirements"]}["tru-fair-1"] == "not_met"
    (folder / "log.csv").write_text(rows().replace("7;V;27", "7;V;28"), encoding="utf-8")
    after = json.loads(vangrail("status", folder, "--format", "json").stdout)
    stale = next(r for r in after["requirements"] if r["id"] == "tru-fair-1")
    assert stale["verdict"] == "expired"
    assert "have changed" in json.dumps(stale["evidence"])
    requirements, _ = assessed(folder)
    assert requirements["tru-fair-1"]["verdict"] == "not_met"


def test_another_order_of_the_rows_changes_nothing(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder)
    head, *body = rows().splitlines()
    (folder / "log.csv").write_text("\n".join([head, *reversed(body)]) + "\n", encoding="utf-8")
    assert "expired" not in vangrail("status", folder).stdout


def test_a_changed_limit_is_judged_without_measuring_again(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder)
    limit = "limits:\n  - {check: selection-rate-difference, at_most: 60, because: ruim, by: An, on: 2026-01-01}\n"
    (folder / "card.yaml").write_text(CARD + limit, encoding="utf-8")
    shown = vangrail("explain", "tru-fair-1", folder).stdout
    assert "✓ Selection rate difference, sex" in shown and "An: ruim" in shown


def test_a_changed_column_on_the_card_makes_what_stands_on_it_stale(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder)
    (folder / "card.yaml").write_text(CARD.replace("reference: M", "reference: V"), encoding="utf-8")
    assert "The card has changed" in vangrail("explain", "tru-fair-1", folder).stdout


def test_judging_as_of_another_day_writes_nothing(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder, "--on", "2031-01-01")
    assert not (folder / ".vangrail").exists()
    shown = vangrail("assess", folder, "--on", "yesterday", check=3)
    assert "2026-11-22" in shown.stderr


def test_status_before_anything_was_measured_writes_nothing(tmp_path):
    folder = application(tmp_path / "steun")
    assert "Not measured yet" in vangrail("status", folder, check=2).stdout
    assert not (folder / ".vangrail").exists()


def test_one_ledger_for_all_applications_of_an_organisation(tmp_path):
    vangrail("ledger", "init", tmp_path, "--origin", "vangrail.example/zavelbeke", check=0)
    one, two = application(tmp_path / "een"), application(tmp_path / "twee", CARD.replace("id: steun", "id: twee"))
    vangrail("assess", one)
    vangrail("assess", two)
    assert not (one / ".vangrail").exists()
    listed = vangrail("ledger", "list", tmp_path).stdout
    assert "steun" in listed and "twee" in listed


def test_assessing_twice_on_a_day_adds_nothing_new(tmp_path):
    folder = application(tmp_path / "steun")
    vangrail("assess", folder)
    first = vangrail("ledger", "list", folder).stdout
    vangrail("assess", folder)
    assert vangrail("ledger", "list", folder).stdout == first


BAD = {
    "no folder": (None, None, "is not a folder"),
    "no card": ("", None, "expected keys with values"),
    "unknown key": (CARD + "naam: x\n", None, "Did you mean 'name'?"),
    "no such file": (CARD.replace("log.csv", "lgo.csv"), None, "log.csv"),
    "a directory": (CARD.replace("source: log.csv", "source: ."), None, "folder"),
    "no such column": (CARD.replace("column: sex", "column: gender"), None, "gender"),
    "empty file": (CARD, "", "empty"),
    "a database that is down": (
        CARD.replace("source: log.csv", "source: postgresql:DB\n    table: log"), None, "DB"),
    "not yaml": ("a: [", None, "not valid YAML"),
    "a hostile rule": (
        CARD.replace("    key: [id]", "    rules: [{name: r, holds: \"id in (select 1)\"}]"), None, "r"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_clear_error_and_nothing_is_written_half(tmp_path, case):
    card, data, message = BAD[case]
    folder = tmp_path / "steun"
    if card is not None:
        application(folder, card or "[]", data)
    done = vangrail("assess", folder, "--html", tmp_path / "dossier.html", check=3)
    assert message in done.stderr and done.stdout == ""
    assert not (tmp_path / "dossier.html").exists()
    assert not list(tmp_path.rglob("*.part"))


def test_a_dossier_that_cannot_be_written_is_said(tmp_path):
    done = vangrail("assess", application(tmp_path / "steun"), "--html", tmp_path / "no" / "dossier.html", check=3)
    assert "cannot be written" in done.stderr


def test_a_group_has_one_name_before_and_after_the_ledger(tmp_path):
    """The ledger sorts what it keeps; 'M × 20-50' of 'sex × age' came back as '20-50 × M'."""
    card = CARD.replace(
        "- {column: sex, reference: M}", "- {column: sex, reference: M}\n    - {column: age, bins: [50]}"
    )
    folder = application(tmp_path / "steun", card)
    measured, _ = assessed(folder)
    stored = json.loads(vangrail("status", folder, "--format", "json").stdout)["requirements"]
    names = [
        [g["name"] for e in fair["evidence"] if e.get("subject") == "sex × age" for g in e["groups"]]
        for fair in (measured["tru-fair-1"], next(r for r in stored if r["id"] == "tru-fair-1"))
    ]
    assert names[0] == names[1] and "M × <50" in names[0]


def test_a_dossier_never_takes_the_place_of_another_file(tmp_path):
    folder = application(tmp_path / "steun")
    done = vangrail("assess", folder, "--html", folder / "card.yaml", check=3)
    assert "it is not a dossier" in done.stderr and (folder / "card.yaml").read_text() == CARD
    for _ in range(2):
        vangrail("assess", folder, "--html", tmp_path / "dossier.html", check=1)


@pytest.mark.parametrize("command", ["assess", "status"])
def test_a_day_before_anything_was_asked_is_not_a_good_day(tmp_path, command):
    """Else nothing would be lacking, and the exit code would say that all is met."""
    done = vangrail(command, application(tmp_path / "steun"), "--on", "1900-01-01", check=3)
    assert "Nothing was asked yet on 1900-01-01" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_not_a_verdict(tmp_path):
    command = [sys.executable, "-m", "vangrail", "assess", str(application(tmp_path / "steun"))]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3 and "No space left" in done.stderr and "Traceback" not in done.stderr


def test_a_ledger_that_cannot_be_made_there_is_said(tmp_path):
    folder = application(tmp_path / "steun")
    done = vangrail("assess", folder, "--ledger", folder / "card.yaml", check=3)
    assert "card.yaml" in done.stderr


def test_a_bug_is_not_a_verdict():
    """Python's own exit code for it is 1, and that says 'something is not met'."""
    crash = "from vangrail import cli; cli.vangrail.main = lambda **_: 1 / 0; cli.main()"
    done = subprocess.run([sys.executable, "-c", crash], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "ZeroDivisionError" in done.stderr


def test_a_terminal_without_our_signs_still_shows_the_verdicts(tmp_path):
    done = vangrail("assess", application(tmp_path / "steun"), check=1, env={"PYTHONIOENCODING": "ascii"})
    assert "? not met" in done.stdout


SENSITIVE = "Zkrtx-77"


def test_no_value_of_a_row_is_in_the_ledger_or_in_an_error(tmp_path):
    data = rows() + f"400;M;{SENSITIVE};yes;yes\n"
    folder = application(tmp_path / "steun", data=data)
    done = vangrail("assess", folder, check=1)
    assert SENSITIVE not in done.stdout + done.stderr
    assert SENSITIVE.encode() not in b"".join(p.read_bytes() for p in (folder / ".vangrail").iterdir())
    assert "Not applicable" not in done.stdout


def test_a_run_that_is_killed_leaves_a_ledger_that_verifies(tmp_path):
    folder = application(tmp_path / "steun", data=rows(20_000))
    vangrail("assess", folder)
    for delay in (0.2, 0.5, 0.8, 1.0, 1.2, 1.4, 1.6):
        (folder / "log.csv").write_text(rows(20_000 + int(delay * 10)), encoding="utf-8")
        running = subprocess.Popen(
            [sys.executable, "-m", "vangrail", "assess", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.wait()
        vangrail("ledger", "verify", folder, check=0)
    vangrail("assess", folder, check=1)
    vangrail("ledger", "verify", folder, check=0)


def test_two_people_assess_at_once(tmp_path):
    folder = application(tmp_path / "steun")
    command = [sys.executable, "-m", "vangrail", "assess", str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "env": {**os.environ}}
    vangrail("assess", folder)
    running = [subprocess.Popen(command, **quiet) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 1, errors
    vangrail("ledger", "verify", folder, check=0)


def test_the_json_is_what_its_schema_says(tmp_path):
    _, whole = assessed(application(tmp_path / "steun"))
    jsonschema.validate(whole, json.loads(contract.schemas()["assessment-1.schema.json"]))


def test_help_answers_without_loading_what_it_does_not_need():
    code = "import sys; sys.argv = ['vangrail', '--help']\ntry:\n from vangrail.cli import main; main()\nexcept SystemExit: pass\n"
    code += "print(sorted(m for m in sys.modules if m in ('duckdb','numpy','statsmodels','pydantic','rich','scipy')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_the_dossier_as_a_pdf_that_takes_no_other_files_place(tmp_path):
    folder, file = application(tmp_path / "steun"), tmp_path / "dossier.pdf"
    vangrail("assess", folder, "--pdf", file, check=1)
    assert file.read_bytes().startswith(b"%PDF")
    (tmp_path / "own.pdf").write_text("mine", encoding="utf-8")
    vangrail("assess", folder, "--pdf", tmp_path / "own.pdf", check=3)
    assert (tmp_path / "own.pdf").read_text(encoding="utf-8") == "mine"
