"""A municipality's own check: found, measured, shown, held to its contract; it adds and never softens.

The packages here are real ones as far as Python can tell: a module and a dist-info with entry points, on the path.
"""

import importlib
import json
import os
import re
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))
from helping import CARD, application, vangrail

from vangrail import checks, knowledge
from vangrail.assessment.boards import board
from vangrail.assessment.judging import Known
from vangrail.assessment.staleness import State
from vangrail.checks import own
from vangrail.cli import workspace
from vangrail.cli.references import require_known
from vangrail.exports.assessment_json import assessment_to_json
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence
from vangrail.model.framework import Declare
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Measured
from vangrail.model.vocabulary import Unit, Verdict

PAGE = (Path(__file__).parent.parent.parent / "docs" / "own-checks.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
(PROJECT,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
RULE, LIMIT = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
ID = "zavelbeke-busiest-officer"
OWN_CARD = CARD.replace("      age:", "      officer: {}\n      age:")
LIMITED = OWN_CARD + LIMIT


def package(place: Path, code: str = EXAMPLE, *, name: str = "zavelbeke-checks") -> Path:
    """A package as pip leaves it behind."""
    module = name.replace("-", "_")
    info = place / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (place / f"{module}.py").write_text(code, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{own.GROUP}]\nbusiest-officer = {module}:CHECK\n", encoding="utf-8")
    return place


def on_the_path(place: Path) -> dict[str, str]:
    """The environment of a process that finds the package."""
    return {"PYTHONPATH": os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package for this test, in this process."""
    monkeypatch.syspath_prepend(tmp_path / "site")

    def into_site(code: str = EXAMPLE, *, name: str = "zavelbeke-checks") -> None:
        package(tmp_path / "site", code, name=name)
        importlib.invalidate_caches()
        checks.checks.cache_clear()

    yield into_site
    checks.checks.cache_clear()
    for name in [n for n in sys.modules if n.endswith("_checks")]:
        del sys.modules[name]


def decided(busiest: int, others: int) -> str:
    """A decision log with one officer who had so many cases, and another who had the rest."""
    names = ["An"] * busiest + ["Bram"] * others
    lines = [f"{n};{'MV'[n % 2]};40;yes;yes;{officer}" for n, officer in enumerate(names)]
    return "\n".join(["id;sex;age;advice;outcome;officer", *lines]) + "\n"


def evidence_of(found, requirement="tru-hum-2"):
    return [e for e in found[requirement]["evidence"] if e.get("check") == ID]


def assess(folder: Path, *, again: bool = True):
    """The requirements of an assessment by id; `again` measures, and writes it down."""
    with workspace.open_workspace(folder, ledger=None, on=None) as work:
        require_known(work.application)
        if again:
            found = workspace.measure_and_assess(work, at=workspace.now(), record=True, progress=lambda _: None)
        else:
            found = workspace.assess_from_ledger(work, at=workspace.now())
    return {r["id"]: r for r in assessment_to_json(found)["requirements"]}


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_example_of_the_page_has_fifteen_lines():
    assert len(EXAMPLE.strip().splitlines()) == 15 and all(line.strip() for line in EXAMPLE.strip().splitlines())


def test_the_project_file_of_the_page_is_what_the_test_installs():
    project = tomllib.loads(PROJECT)["project"]
    assert (project["name"], project["version"]) == ("zavelbeke-checks", "1.0")
    assert project["entry-points"] == {own.GROUP: {"busiest-officer": "zavelbeke_checks:CHECK"}}


def test_the_example_is_planned_measured_and_judged_by_the_limit_on_the_card(tmp_path, install):
    """130 of 200 cases is 65 %, and the card of the page allows 60."""
    install()
    (found,) = evidence_of(assess(application(tmp_path / "steun", LIMITED, decided(130, 70))))
    assert (found["value"], found["unit"], found["rows"]) == (65.0, "percent", 200)
    assert found["verdict"] == "not_met" and found["limit"]["at_most"] == 60
    assert found["limit"]["chosen_by"] == "College"


def test_the_example_is_shown_wherever_a_figure_is_shown(tmp_path):
    """As a user runs it: a process of its own, that finds the package by itself."""
    folder, env = application(tmp_path / "steun", LIMITED, decided(130, 70)), on_the_path(package(tmp_path / "s"))
    page = tmp_path / "dossier.html"
    board = vangrail("assess", folder, "--html", page, "--lang", "nl", env=env, check=1).stdout
    assert "Drukste medewerker" in " ".join(board.split())
    assert "65" in vangrail("explain", "tru-hum-2", folder, env=env, check=0).stdout
    assert ID in page.read_text(encoding="utf-8") and "uit zavelbeke-checks 1.0" in page.read_text(encoding="utf-8")
    listed = vangrail("checks", env=env, check=0).stdout
    assert ID in listed and "zavelbeke-checks 1.0" in listed
    (as_json,) = json.loads(vangrail("checks", ID, "--format", "json", env=env, check=0).stdout)
    assert (as_json["origin"], as_json["requirements"]) == ("zavelbeke-checks 1.0", ["tru-hum-2"])


def test_the_rule_of_the_page_needs_no_python(tmp_path):
    rule = YAML(typ="safe").load(RULE)["datasets"]["requests"]["rules"][0]
    card = CARD.replace("    key: [id]", f"    key: [id]\n    rules: [{json.dumps(rule)}]")
    data = "id;sex;age;advice;outcome;rent\n1;M;17;yes;yes;500\n2;V;40;no;yes;500\n3;V;17;no;yes;\n4;M;50;no;no;1\n"
    found = assess(application(tmp_path / "steun", card, data))
    (validity,) = [e for e in found["dat-3"]["evidence"] if e.get("check") == "validity"]
    assert {d["name"]: d["counted"] for d in validity["details"]}["minors pay no rent"] == 1


# --- it adds, and never softens ---------------------------------------------------------------------------------------


def proving(requirement: str) -> str:
    return EXAMPLE.replace("tru-hum-2", requirement)


def test_a_figure_within_its_limit_lifts_nothing(tmp_path, install):
    """tru-hum-2 wants the decisions beside the advice, which this card lacks: it stays unknown."""
    without = assess(application(tmp_path / "other", OWN_CARD, decided(100, 100)))
    install()
    with_ = assess(application(tmp_path / "steun", LIMITED, decided(100, 100)))
    assert evidence_of(with_)[0]["verdict"] == "met"
    assert with_["tru-hum-2"]["verdict"] == without["tru-hum-2"]["verdict"] == "unknown"
    assert len(with_["tru-hum-2"]["evidence"]) == len(without["tru-hum-2"]["evidence"]) + 1


def test_a_figure_within_its_limit_does_not_make_met_what_nothing_else_is_asked_of(install):
    """Where nothing is measured no limit is asked, so the requirement does not apply; the own figure leaves it so."""
    install()
    (measurement,) = checks.checks()[ID].plan(LOG_CARD)
    figure = Evidence(
        measurement=measurement,
        outcome=Measured(value=50.0, unit=Unit.PERCENT, rows=200),
        fingerprint=PRINT,
        measured_at=datetime(2026, 11, 22, tzinfo=UTC),
        measured_by="test",
    )
    known = Known(
        card=LOG_CARD,
        on=date(2026, 11, 22),
        checks=checks.checks(),
        planned=[measurement],
        evidence={measurement.key: figure},
        state=State(fingerprints={"log": PRINT}),
    )
    asked = replace(knowledge.framework().requirement("tru-hum-2"), evidence=(Declare(fields=("limits",)),))
    (line,) = board(replace(knowledge.framework(), requirements=(asked,)), known).lines
    assert [j.verdict for j in line.judgements] == [Verdict.NOT_APPLICABLE, Verdict.MET]
    assert line.verdict is Verdict.NOT_APPLICABLE


LOG_CARD = Card.model_validate(
    {
        "vangrail": 1,
        "id": "steun",
        "name": "Steun",
        "phase": "operate",
        "organisation": {"name": "Gemeente Zavelbeke"},
        "datasets": {"log": {"source": "log.csv", "columns": {"officer": {}}}},
        "limits": [{"check": ID, "at_most": 60, "because": "r", "by": "College", "on": "2026-03-02"}],
    }
)
PRINT = Fingerprint(algorithm="test-1", content="abc", rows=200)


def test_a_figure_within_its_limit_does_not_make_met_what_does_not_apply(tmp_path, install):
    install(proving("tru-fair-2"))
    folder = application(tmp_path / "steun", LIMITED, decided(100, 100))
    (folder / "answers.yaml").write_text(NOT_APPLICABLE)
    found = assess(folder)
    assert evidence_of(found, "tru-fair-2")[0]["verdict"] == "met"
    assert found["tru-fair-2"]["verdict"] == "not_applicable"


def test_a_figure_beyond_its_limit_pulls_a_requirement_down(tmp_path, install):
    """dat-5 is met by the key alone; the own check of the organisation holds it to more."""
    assert assess(application(tmp_path / "other", OWN_CARD, decided(130, 70)))["dat-5"]["verdict"] == "met"
    install(proving("dat-5"))
    assert assess(application(tmp_path / "steun", LIMITED, decided(130, 70)))["dat-5"]["verdict"] == "not_met"


NOT_APPLICABLE = """\
answers:
  - {requirement: tru-fair-2, answer: not_applicable, because: geen, by: An, role: data_scientist, on: 2026-01-01}
"""


def test_an_answer_that_it_does_not_apply_sets_no_own_figure_aside(tmp_path, install):
    install(proving("tru-fair-2"))
    folder = application(tmp_path / "steun", LIMITED, decided(130, 70))
    (folder / "answers.yaml").write_text(NOT_APPLICABLE)
    assert assess(folder)["tru-fair-2"]["verdict"] == "not_met"


def test_without_a_limit_there_is_no_verdict(tmp_path, install):
    install(proving("dat-5"))
    found = assess(application(tmp_path / "steun", OWN_CARD, decided(100, 100)))
    assert found["dat-5"]["verdict"] == "unknown" and "no limit was chosen" in found["dat-5"]["because"]["en"]


def test_where_it_plans_nothing_it_says_nothing(tmp_path, install):
    install(proving("dat-5"))
    found = assess(application(tmp_path / "steun"))
    assert found["dat-5"]["verdict"] == "met" and not evidence_of(found, "dat-5")


def test_a_limit_on_the_card_misses_the_figure_that_is_not_planned(tmp_path, install):
    install(proving("dat-5"))
    found = assess(application(tmp_path / "steun", CARD + LIMIT))
    assert found["dat-5"]["verdict"] == "unknown"
    assert evidence_of(found, "dat-5")[0]["because"]["en"].startswith("Not measured. It needs: a column 'officer'")


def test_a_limit_on_the_card_is_refused_when_the_package_is_gone(tmp_path):
    with pytest.raises(VangrailError, match=f"'{ID}' is not a check"):
        assess(application(tmp_path / "steun", LIMITED, decided(130, 70)))


def test_its_evidence_goes_stale_and_comes_back_like_any_other(tmp_path, install):
    install()
    folder = application(tmp_path / "steun", LIMITED, decided(100, 100))
    assess(folder)
    (folder / "log.csv").write_text(decided(101, 100))
    assert evidence_of(assess(folder, again=False))[0]["verdict"] == "expired"
    assert evidence_of(assess(folder))[0]["rows"] == 201


# --- what is wrong is said with its name ------------------------------------------------------------------------------


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new)


MEASURED = "return Measured(value=100 * max(cases) / sum(cases), unit=Unit.PERCENT, rows=sum(cases))"
LOADING = {
    "a missing import": ("import geodata_zavelbeke\n" + EXAMPLE, "ModuleNotFoundError: No module named 'geodata_zavelbeke'"),
    "a syntax error": ("def plan(:\n", "SyntaxError"),
    "no CHECK": (EXAMPLE.replace("CHECK = Check", "OTHER = Check"), "CHECK"),
    "another type": ("CHECK = 1\n", "is int, and not a Check"),
    "an id of ours": (changed(ID, "completeness"), "'completeness' of zavelbeke-checks 1.0 has an id that is Vangrail's own"),
    "an id that a requirement names": (changed(ID, "benefit-followed"), "an id that is Vangrail's own"),
    "an id with capitals": (changed(ID, "Zavelbeke"), "no id of small letters"),
    "no requirement": (changed('("tru-hum-2",)', "()"), "does not say which requirement"),
    "an unknown requirement": (changed("tru-hum-2", "tru-hum-9"), "'tru-hum-9', which is no requirement"),
    "a text in one language": (changed('title=both(nl="Drukste medewerker", en="Busiest officer")', 'title="x"'), "'title' in both"),
    "no source": (changed("Nota dossierspreiding, 2026", " "), "no 'source'"),
    "no function": (changed("measure=measure", "measure=None"), "a 'measure' that is no function"),
}  # fmt: skip
RUNNING = {
    "plan stops": (changed('if "officer" in data.columns', "if 1 / 0"), "plan stops with ZeroDivisionError (zavelbeke_checks.py, line 5)"),
    "plan gives something else": (changed("yield Measurement(", "yield dict("), "plan gives dict"),
    "another version": (changed("version=1", "version=2"), "another 'check' or 'version'"),
    "another data set": (changed("dataset=name", 'dataset="x"'), "a data set that is not on the card: 'x'"),
    "records of an unsaid kind": (changed("dataset=name", 'dataset="card.records"'), "not on the card: 'card.records'"),
    "records of another kind": (
        changed("lambda *_: [BY_OFFICER]", "lambda *_: [Recorded(RecordKind.SURVEY, ('on',))]").replace("import Check", "import Recorded, RecordKind, Check"),
        "asks for records, so 'dataset' must be RECORDS + 'survey'",
    ),
    "settings that are no JSON": (changed("settings=reading(data)", 'settings={"x": {1, 2}}'), "settings that are not plain JSON"),
    "one subject twice": (changed("            yield", "          for _ in 'ab':\n            yield"), "two measurements of 'officer'"),
    "needs stop": (changed("lambda *_: [BY_OFFICER]", "lambda *_: 1 / 0"), "needs stops with ZeroDivisionError"),
    "needs something else": (changed("lambda *_: [BY_OFFICER]", "lambda *_: [1]"), "needs gives int"),
    "a column that is not there": (changed('"officer"),), where="officer', '"offficer"),), where="officer'), "offficer"),
    "SQL that is none": (changed("officer IS NOT NULL", "DROP TABLE log"), f"Own check '{ID}' of zavelbeke-checks 1.0, needs"),
    "measure stops": (changed(MEASURED, "return {}['Zkrtx-77']"), "measure stops with KeyError (zavelbeke_checks.py"),
    "measure gives a number": (changed(MEASURED, "return 65.0"), "measure gives float"),
    "not a number": (changed(MEASURED, MEASURED.replace("100 * max(cases)", "float('nan')")), "no finite number"),
    "infinity": (changed(MEASURED, MEASURED.replace("100 * max(cases)", "float('inf')")), "no finite number"),
    "no rows": (changed(MEASURED, MEASURED.replace("rows=sum(cases)", "rows=None")), "without a number of rows"),
    "an interval beside its figure": (changed(MEASURED, MEASURED[:-1] + ", low=0, high=1, confidence=.95)"), "does not hold its own figure"),
    "an interval of unstated confidence": (changed(MEASURED, MEASURED[:-1] + ", low=0, high=100)"), "without its confidence"),
    "another unit": (changed("Unit.PERCENT", "'promille'"), "not a Unit"),
    "no reason": (changed("if not cases:\n        return NotMeasurable(reason=both(nl=\"Er zijn geen dossiers met een naam.\", en=\"No case has a name.\"))",
                          "if cases:\n        return NotMeasurable(reason='')"), "no reason in both languages"),
}  # fmt: skip


@pytest.mark.parametrize("case", LOADING)
def test_a_check_of_the_wrong_form_is_refused_by_its_name(install, case):
    code, said = LOADING[case]
    install(code)
    with pytest.raises(VangrailError) as refused:
        checks.checks()
    assert said in str(refused.value) and "zavelbeke-checks 1.0" in str(refused.value)


@pytest.mark.parametrize("case", RUNNING)
def test_a_check_that_does_wrong_stops_the_run_by_its_name(tmp_path, install, case):
    code, said = RUNNING[case]
    install(code)
    with pytest.raises(VangrailError) as stopped:
        assess(application(tmp_path / "steun", OWN_CARD, decided(130, 70)))
    assert said in str(stopped.value) and ID in str(stopped.value) and "zavelbeke-checks 1.0" in str(stopped.value)
    assert "Zkrtx-77" not in str(stopped.value)


def test_a_bad_package_is_no_traceback_and_no_verdict(tmp_path):
    env = on_the_path(package(tmp_path / "s", changed(MEASURED, "return 1 / 0")))
    done = vangrail("assess", application(tmp_path / "steun", OWN_CARD, decided(130, 70)), env=env, check=3)
    assert "measure stops with ZeroDivisionError" in done.stderr and done.stdout == ""


def test_two_packages_cannot_have_one_id(install):
    install()
    install(name="dilzen-checks")
    with pytest.raises(
        VangrailError, match=rf"'{ID}' of zavelbeke-checks 1.0 has the id of a check of dilzen-checks 1.0"
    ):
        checks.checks()


def test_a_group_that_is_too_small_is_shown_without_its_number(tmp_path, install):
    code = changed(MEASURED, MEASURED[:-1] + ', groups=(Group(attributes={"officer": "b"}, rows=min(cases)),))')
    install(code.replace("import Check,", "import Group, Check,"))
    (found,) = evidence_of(assess(application(tmp_path / "steun", LIMITED, decided(197, 3))))
    assert [g["rows"] for g in found["groups"]] == [None]


# --- trying -----------------------------------------------------------------------------------------------------------


def test_trying_needs_no_installation_and_writes_nothing(tmp_path):
    file = tmp_path / "zavelbeke_checks.py"
    file.write_text(EXAMPLE, encoding="utf-8")
    folder = application(tmp_path / "steun", OWN_CARD, decided(130, 70))
    assert "Busiest officer" in vangrail("checks", "--try", file, check=0).stdout
    assert "log, officer: 65 %" in vangrail("checks", "--try", file, "--for", folder, check=0).stdout
    assert not (folder / ".vangrail").exists()
    assert "measures nothing" in vangrail("checks", "--try", file, "--for", application(tmp_path / "b"), check=0).stdout


def test_trying_finds_a_figure_about_nothing(tmp_path):
    file = tmp_path / "zavelbeke_checks.py"
    file.write_text(
        changed(
            "if not cases:", "if not cases:\n        return Measured(value=0, unit=Unit.PERCENT, rows=0)\n    if 0:"
        )
    )
    folder = application(tmp_path / "steun", OWN_CARD, decided(130, 70))
    assert "gives a figure where there is no row" in vangrail("checks", "--try", file, "--for", folder, check=3).stderr


@pytest.mark.parametrize("case", LOADING)
def test_trying_says_what_installing_would_say(tmp_path, case):
    file = tmp_path / "zavelbeke_checks.py"
    file.write_text(LOADING[case][0], encoding="utf-8")
    with pytest.raises(VangrailError) as refused:
        own.in_file(file, checks.shipped())
    assert LOADING[case][1].replace("zavelbeke-checks 1.0", "zavelbeke_checks.py") in str(refused.value)


def test_trying_a_file_that_is_not_there():
    assert "nergens.py is not there" in vangrail("checks", "--try", "nergens.py", check=3).stderr
