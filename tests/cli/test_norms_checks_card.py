"""Looking things up, and making a first card."""

import json
import subprocess
import sys

import jsonschema
import pytest
from helping import CARD, application, rows, vangrail
from ruamel.yaml import YAML

from vangrail.cards.published import schemas


def test_norms_lists_all_and_explains_one():
    listed = vangrail("norms", check=0).stdout
    assert listed.count("dat-") == 13
    one = vangrail("norms", "dat-2", check=0).stdout
    assert "representative" in one and "Why asked" in one and "p. 11" in one


def test_norms_lists_the_terms_of_a_vocabulary():
    assert vangrail("norms", "oecd-risks", check=0).stdout.count("\n") == 10


def test_norms_as_json_have_id_texts_by_language_and_source():
    norms = json.loads(vangrail("norms", "--format", "json", check=0).stdout)
    assert len(norms) == 65
    for norm in norms:
        assert norm["title"]["nl"] and norm["title"]["en"] and norm["source"][0]["passage"]


@pytest.mark.parametrize(
    ("command", "word", "near"), [("norms", "dat2", "dat-2"), ("checks", "completness", "completeness")]
)
def test_a_misspelt_word_gets_a_suggestion(command, word, near):
    assert f"Did you mean '{near}'?" in vangrail(command, word, check=3).stderr


def test_checks_say_formula_and_source():
    listed = json.loads(vangrail("checks", "--format", "json", check=0).stdout)
    assert {"completeness", "selection-rate-difference", "selection-against-base-rate"} <= {c["id"] for c in listed}
    assert all(c["formula"] and c["source"] and c["title"]["nl"] for c in listed)


def test_every_check_is_asked_by_a_requirement():
    assert all(c["requirements"] for c in json.loads(vangrail("checks", "--format", "json").stdout))


def test_a_new_card_is_a_valid_card(tmp_path):
    folder = tmp_path / "sluikstort"
    made = ("card", "new", folder, "--organisation", "Gemeente 'Zavel: beke'", "--purpose", "no")
    vangrail(*made, "--phase", "idea", check=0)
    vangrail("card", "check", folder, check=0)
    card = YAML(typ="safe").load((folder / "card.yaml").read_text())
    assert card["organisation"]["name"] == "Gemeente 'Zavel: beke'" and card["purpose"]["text"] == "no"
    again = vangrail(*made, check=3)
    assert "is there already" in again.stderr


def test_a_new_card_fills_in_the_columns_that_it_finds(tmp_path):
    (tmp_path / "data.csv").write_text(rows())
    folder = tmp_path / "steun"
    vangrail("card", "new", folder, "--organisation", "G", "--purpose", "p", "--data", tmp_path / "data.csv", check=0)
    card = YAML(typ="safe").load((folder / "card.yaml").read_text())
    assert card["datasets"]["data"]["source"] == "../data.csv"
    assert {c: v["type"] for c, v in card["datasets"]["data"]["columns"].items()}["age"] == "integer"
    vangrail("card", "check", folder, check=0)


def test_a_new_card_says_how_the_dates_of_a_belgian_file_are_written(tmp_path):
    """Day first, as Excel writes them here. A column that is a date in all rows but one stays text: that one would be lost."""
    lines = ["id;received;born;told;note", "1;17/03/2025;02-11-1970;17/03/2025 08:30;03/04/2025"]
    lines += ["2;01/12/2025;19-10-1948;18/03/2025 17:05;belt terug", "3;;18-02-1968;;"]
    (tmp_path / "data.csv").write_text("\r\n".join(lines), encoding="utf-8-sig")
    folder = tmp_path / "steun"
    vangrail("card", "new", folder, "--organisation", "G", "--purpose", "p", "--data", tmp_path / "data.csv", check=0)
    columns = YAML(typ="safe").load((folder / "card.yaml").read_text())["datasets"]["data"]["columns"]
    assert columns["received"] == {"type": "date", "format": "%d/%m/%Y"}
    assert columns["born"] == {"type": "date", "format": "%d-%m-%Y"}
    assert columns["told"] == {"type": "datetime", "format": "%d/%m/%Y %H:%M"}
    assert columns["note"] == {"type": "text"}
    vangrail("card", "check", folder, check=0)
    vangrail("assess", folder)
    assert "0 % · 3 rows" in vangrail("explain", "dat-3", folder, check=0).stdout


def test_a_date_without_its_format_is_told_what_to_write(tmp_path):
    folder = application(
        tmp_path / "steun", CARD.replace("age: {type: integer, at_least: 18, at_most: 120}", "day: {type: date}")
    )
    lines = rows().splitlines()
    (folder / "log.csv").write_text("\n".join([f"{lines[0]};day", *(f"{line};22/11/2026" for line in lines[1:])]))
    vangrail("assess", folder)
    assert 'format: "%d/%m/%Y"' in vangrail("explain", "dat-3", folder, check=0).stdout


def test_months_first_is_never_guessed(tmp_path):
    (tmp_path / "data.csv").write_text("id,seen\n1,03/24/2025\n2,04/05/2025\n")
    folder = tmp_path / "steun"
    vangrail("card", "new", folder, "--organisation", "G", "--purpose", "p", "--data", tmp_path / "data.csv", check=0)
    assert 'seen": {type: text}' in (folder / "card.yaml").read_text()


def test_what_is_wrong_is_told_in_the_language_that_was_asked(tmp_path):
    """Dutch, unless English is asked; a command without --lang speaks English."""
    dutch = {"VANGRAIL_LANG": ""}
    assert "is geen map" in vangrail("assess", tmp_path / "nowhere", check=3, env=dutch).stderr
    assert "is not a folder" in vangrail("assess", tmp_path / "nowhere", "--lang", "en", check=3, env=dutch).stderr
    folder = application(tmp_path / "steun", CARD.replace("column: sex", "column: sekse"))
    told = vangrail("card", "check", folder, "--lang", "nl", check=3).stderr
    assert "heeft geen kolom" in told and "has no column" not in told


def test_a_new_card_asks_a_person_what_was_not_given(tmp_path):
    """In a terminal it asks; without one it says what must be given."""
    done = vangrail("card", "new", tmp_path / "x", check=3)
    assert "--organisation and --purpose" in done.stderr and not (tmp_path / "x").exists()


def test_check_finds_what_reading_alone_does_not(tmp_path):
    card = CARD + "four_d: [dul]\nlimits:\n  - {check: selektion, at_most: 1, because: r, by: An, on: 2026-01-01}\n"
    folder = application(tmp_path / "steun", card)
    (folder / "answers.yaml").write_text(
        "answers:\n  - {requirement: dem-66, answer: yes, because: r, by: An, role: dpo, on: 2026-01-01}\n"
    )
    said = vangrail("card", "check", folder, check=3).stderr
    assert "'dul' is not a term of 'four-d'" in said and "dull" in said
    assert "'dem-66' is not a requirement" in said and "'selektion' is not a check" in said


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("check: selektion-rate-difference, at_most: 1", "Did you mean 'selection-rate-difference'?"),
        ("check: selection-rate-difference, subject: seks, at_most: 1", "It has: sex."),
        ("check: selection-rate-ratio, at_most: 0.8", "needs 'at_least'"),
    ],
)
@pytest.mark.parametrize("command", [["assess"], ["status"], ["explain", "tru-fair-1"], ["gate"], ["card", "check"]])
def test_a_limit_that_would_be_passed_over_is_refused(tmp_path, command, limit, said):
    """Else our default would serve, and nobody would see that the limit of the council does not count."""
    card = CARD + f"limits:\n  - {{{limit}, because: r, by: An, on: 2026-01-01}}\n"
    done = vangrail(*command, application(tmp_path / "steun", card), check=3)
    assert said in done.stderr and done.stdout == ""


def test_a_missing_document_is_named_with_its_line(tmp_path):
    folder = application(tmp_path / "steun")
    (folder / "answers.yaml").write_text(
        "answers:\n  - requirement: dem-6\n    answer: yes\n    because: r\n    by: An\n    on: 2026-01-01\n    documents: [nota.pdf]\n"
    )
    said = vangrail("card", "check", folder, check=3).stderr
    assert "answers.yaml, line 7" in said and "nota.pdf" in said


@pytest.mark.parametrize("which", ["card", "answers", "records"])
def test_the_schema_is_a_schema(which):
    printed = json.loads(vangrail("card", "schema", which, check=0).stdout)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert printed == schemas()[which]


def test_the_schema_accepts_what_the_reader_accepts():
    jsonschema.validate(YAML(typ="safe").load(CARD), schemas()["card"])


def test_an_unknown_command_names_the_known_ones():
    assert "assess, status" in vangrail("asses", check=3).stderr


def test_output_to_a_closed_pipe_is_no_traceback():
    running = subprocess.Popen(
        [sys.executable, "-m", "vangrail", "norms", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running.stdout.close()
    _, said = running.communicate(timeout=60)
    assert "Traceback" not in said
