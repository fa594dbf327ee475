"""The law from the command line: an outcome with its articles and days, questions one at a time, a person who confirms."""

import json
import subprocess
import sys

import pytest
from helping import CARD, application, vangrail
from ruamel.yaml import YAML

CHATBOT = """\
facts:   # wat we zeker weten
  technique: llm
  actor_kind: public_authority
  uses_under_own_authority: true
  has_developed_or_had_developed: true
  name_on_system: own
  first_use_by: self
  status: in_use
  article5_practice: []
  annex3_point: []
  annex1_act: none
  interacts_directly_with_persons: true
  two_way: true
  obvious_to_reasonable_person: false
"""


def classified(folder, *more, code=None):
    return json.loads(vangrail("classify", folder, "--format", "json", *more, check=code).stdout)


def test_a_chatbot_under_the_own_name_must_say_that_it_is_ai(tmp_path):
    found = classified(application(tmp_path / "bot", CARD + CHATBOT))
    assert {"provider", "deployer"} <= set(found["roles"])
    assert found["conclusions"]["transparency"]["answer"] is True and "TRA-1" in found["transparency_rules"]
    duty = next(d for d in found["duties"] if d["id"] == "TRA-1")
    assert duty["applies"] == "now" and duty["from"] == "2026-08-02" and duty["article"] == "50(1)"


def test_the_same_tool_for_another_purpose_is_another_application(tmp_path):
    ranking = CHATBOT.replace("annex3_point: []", "annex3_point: [4a]\n  performs_profiling: true")
    one = classified(application(tmp_path / "bot", CARD + CHATBOT))
    two = classified(application(tmp_path / "cv", CARD + ranking))
    assert one["conclusions"]["high-risk"]["answer"] is False and two["conclusions"]["high-risk"]["answer"] is True
    assert two["points"] == ["4a"]


def test_a_day_decides_what_applies(tmp_path):
    folder = application(
        tmp_path / "cv",
        CARD
        + CHATBOT.replace(
            "annex3_point: []",
            "annex3_point: [4a]\n  performs_profiling: true\n  placed_or_in_service_since: 2028-01-05",
        ),
    )
    applies = {
        day: {d["id"]: d["applies"] for d in classified(folder, "--on", day)["duties"]}
        for day in ("2027-12-01", "2028-02-01")
    }
    assert applies["2027-12-01"]["DEP-02"] != "now" and applies["2028-02-01"]["DEP-02"] == "now"


def test_nothing_known_is_never_not_high_risk(tmp_path):
    found = classified(application(tmp_path / "leeg"), code=2)
    assert found["outcome"] == "unknown" and found["conclusions"]["high-risk"]["answer"] is None
    assert found["next_questions"][0]["question"]["nl"] and found["next_questions"][0]["why"]["en"]


def test_a_prohibited_practice_has_its_own_exit_code(tmp_path):
    facts = CHATBOT.replace("article5_practice: []", "article5_practice: [f]")
    assert classified(application(tmp_path / "f", CARD + facts), code=1)["outcome"] == "prohibited"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("facts: {techniek: llm}", "'techniek' is not a fact"),
        ("facts: {technique: magic}", "expert_rules_only"),
        ("facts: {technique: expert_rules_only, infers_from_input: true}", "contradict"),
    ],
)
def test_wrong_facts_are_refused_with_their_line(tmp_path, facts, said):
    folder = application(tmp_path / "x", CARD + facts + "\n")
    for command in (("classify", folder), ("assess", folder)):
        done = vangrail(*command, check=3)
        assert said in done.stderr and f"card.yaml, line {CARD.count(chr(10)) + 1}" in done.stderr


def test_the_interview_writes_answers_on_the_card_and_keeps_its_comments(tmp_path):
    folder = application(tmp_path / "bot", CARD + "facts:   # wat we zeker weten\n  technique: llm\n")
    talk = subprocess.run(
        [sys.executable, "-m", "vangrail", "classify", str(folder), "--interview", "--lang", "en"],
        input="nonsense\nnone\nnone\n\nstop\n", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in talk.stderr
    text = (folder / "card.yaml").read_text()
    facts = YAML(typ="safe").load(text)["facts"]
    assert facts["article5_practice"] == [] and "# wat we zeker weten" in text
    assert "cannot have" in talk.stdout, "a wrong answer is explained, and asked again"
    assert "Why" in talk.stdout and "For example" in talk.stdout


def test_a_named_person_confirms_and_a_changed_fact_undoes_it(tmp_path):
    folder = application(tmp_path / "bot", CARD + CHATBOT + "  personal_data: false\n")

    def dem_7():
        found = json.loads(vangrail("status", folder, "--format", "json").stdout)
        line = next(r for r in found["requirements"] if r["id"] == "dem-7")
        return next(e["verdict"] for e in line["evidence"] if e["kind"] == "classification")

    assert dem_7() == "partly", "complete, and confirmed by nobody"
    confirm = ("classify", folder, "--confirm", "--role", "decider", "--reasons", "Dat klopt zo.", "--by")
    assert "does not name 'Dirk'" in vangrail(*confirm, "Dirk", check=3).stderr
    short = ("classify", folder, "--confirm", "--role", "decider", "--reasons", "ok", "--by", "An Peeters")
    assert "too short" in vangrail(*short, check=3).stderr, "as at a gate: a word is no reason"
    vangrail(*confirm, "An Peeters", check=0)
    assert dem_7() == "met"
    (folder / "card.yaml").write_text((folder / "card.yaml").read_text() + "  synthetic_output: [text]\n")
    assert dem_7() == "expired"


def test_a_calendar_of_one_or_of_all(tmp_path):
    one, two = application(tmp_path / "een", CARD + CHATBOT), application(tmp_path / "twee", CARD + CHATBOT)
    vangrail("classify", one, "--calendar", tmp_path / "een.ics")
    vangrail("classify", one, two, "--calendar", tmp_path / "alle.ics")
    assert (tmp_path / "een.ics").read_text().startswith("BEGIN:VCALENDAR")
    both = (tmp_path / "alle.ics").read_text()
    assert "een" in both and "twee" in both and both.count("BEGIN:VEVENT") >= 4


def test_forms_are_filled_from_the_card_and_empty_fields_stay_visible(tmp_path):
    folder = application(tmp_path / "bot", CARD + CHATBOT)
    listed = vangrail("classify", folder, "--form", "list", check=0).stdout
    form = next(line.split()[1] for line in listed.splitlines() if line.startswith("•"))
    page = vangrail("classify", folder, "--form", form, check=0).stdout
    assert "to be filled in" in page
    assert "<" in vangrail("classify", folder, "--form", form, "--form-format", "html", check=0).stdout
    assert "There is no form" in vangrail("classify", folder, "--form", "x", check=3).stderr


def test_the_law_gives_requirements_their_verdict(tmp_path):
    folder = application(tmp_path / "f", CARD + CHATBOT.replace("article5_practice: []", "article5_practice: [f]"))
    found = json.loads(vangrail("assess", folder, "--format", "json").stdout)
    by_id = {r["id"]: r["verdict"] for r in found["requirements"]}
    assert by_id["tru-law-1"] == "not_met"
