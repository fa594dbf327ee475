"""The examples keep their promise: what was planted is found, what is clean is left alone, and the READMEs say so.

The tables in the READMEs are the specification: each of their rows is a test. The day is fixed, so that nothing expires.
"""

import csv
import importlib.util
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from _pytest.mark import ParameterSet

from vangrail import knowledge
from vangrail.cards import read_application
from vangrail.cli.workspace import Workspace, measure_and_assess
from vangrail.model.board import Assessment, Judgement
from vangrail.model.framework import Classify, Requirement, VerifyLedger
from vangrail.model.outcome import Group, Measured
from vangrail.model.vocabulary import Language, Unit, Verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
SUPPORT, DUMPING, ASSISTANT = "ocmw-steunaanvragen", "sluikstort-meldingen", "website-assistent"
DAY = date(2026, 11, 22)


def rows_under(heading: str, example: str) -> list[dict[str, str]]:
    """The rows of the table under a heading of the example's README."""
    text = (EXAMPLES / example / "README.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    names, _, *rows = lines
    return [dict(zip(names, row, strict=True)) for row in rows]


def listed(heading: str) -> list[ParameterSet]:
    """The rows of both examples with data, each with a name that says what it is about."""
    return [
        pytest.param(example, row, id=f"{row['check']} {row['data set']} {row['subject']} {row['group']}".strip())
        for example in (SUPPORT, DUMPING)
        for row in rows_under(heading, example)
    ]


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """The script that makes the data, as a module."""
    spec = importlib.util.spec_from_file_location("generate", EXAMPLES / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, generate: ModuleType) -> Path:
    """A copy of the examples with data made anew."""
    copy = tmp_path_factory.mktemp("examples")
    for example in (SUPPORT, DUMPING, ASSISTANT):
        shutil.copytree(EXAMPLES / example, copy / example, ignore=shutil.ignore_patterns("data", ".vangrail"))
    generate.generate(copy)
    return copy


@pytest.fixture(scope="session")
def assessed(folder: Path) -> Callable[[str], Assessment]:
    """The assessment of an example on that day, without a ledger."""

    @cache
    def assess(example: str) -> Assessment:
        work = Workspace(application=read_application(folder / example), ledger=None, on=DAY)
        at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
        return measure_and_assess(work, at=at, record=False, progress=lambda _: None)

    return assess


def judgement(found: Assessment, row: dict[str, str]) -> Judgement:
    """What was said about the measurement that the row names."""
    wanted = (row["check"], row["data set"], row["subject"])
    for one in found.board.line(row["requirement"]).judgements:
        if one.measured is not None and one.measured.measurement.key == wanted:
            return one
    raise AssertionError(f"{wanted} was not measured for {row['requirement']}")


def measured(one: Judgement) -> Measured:
    assert one.measured is not None
    outcome = one.measured.outcome
    assert isinstance(outcome, Measured), outcome
    return outcome


def group_of(outcome: Measured, name: str) -> Group:
    return next(g for g in outcome.groups if g.name == name)


def shows_no_difference(outcome: Measured, low: float, high: float) -> bool:
    """Whether the interval holds 'no difference': 1 for a ratio, 0 for the rest."""
    equal = 1.0 if outcome.unit is Unit.RATIO else 0.0
    return low <= equal <= high


def stands_elsewhere(requirement: Requirement) -> bool:
    """Whether it rests on the law of that day or on a ledger, and so not on the example's folder alone."""
    return any(isinstance(proof, Classify | VerifyLedger) for proof in requirement.evidence)


# --- the data --------------------------------------------------------------------------------------------------------


def test_every_run_gives_the_same_bytes(folder: Path, generate: ModuleType, tmp_path: Path):
    written = generate.generate(tmp_path)
    assert len(written) == 6
    for file in written:
        assert file.read_bytes() == (folder / file.relative_to(tmp_path)).read_bytes(), file.name


def test_what_is_up_to_date_is_not_made_again(generate: ModuleType, tmp_path: Path):
    """So a cell that someone changed to see what goes stale stays changed; a missing file is made again."""
    generate.generate(tmp_path)
    labels = tmp_path / DUMPING / "data" / "gelabeld.csv"
    labels.write_text("changed")
    assert generate.generate(tmp_path) == []
    assert labels.read_text() == "changed"
    labels.unlink()
    assert labels in generate.generate(tmp_path)


def test_the_sizes_are_those_that_a_user_would_have(generate: ModuleType):
    log, labels = generate.reports()
    assert (len(generate.requests()["score"]), len(log["wijk"]), len(labels["wijk"])) == (40_160, 60_000, 600)


def test_what_later_checks_will_look_for_is_in_the_data(generate: ModuleType):
    requests, (reports, _) = generate.requests(), generate.reports()
    assert np.mean(requests["advies"] == requests["beslissing"]) == pytest.approx(0.988, abs=0.002)
    outside = requests["herkomst"] == "niet-EU"
    recent = requests["jaren_op_adres"] < 3
    assert (recent[outside].mean(), recent[~outside].mean()) == pytest.approx((0.78, 0.17), abs=0.01)
    green = reports["voorspelde_dienst"] == "Groen"
    month = np.array([f"{day[6:10]}-{day[3:5]}" for day in reports["gemeld_op"]])
    before, after = month < "2026-03", month >= "2026-09"
    # The router is wrong in some cases, so the share that it predicts moves a little less than the true share.
    assert (green[before].mean(), green[after].mean()) == pytest.approx((0.13, 0.32), abs=0.02)
    certainty = np.char.replace(reports["zekerheid"], ",", ".").astype(float)
    assert certainty[before].mean() - certainty[after].mean() == pytest.approx(0.09, abs=0.01)
    assert np.mean(np.char.find(reports["omschrijving"], " Bel 0400") >= 0) == pytest.approx(0.003, abs=0.001)


def test_the_reports_are_written_as_excel_in_dutch_writes_them(folder: Path):
    raw = (folder / DUMPING / "data" / "meldingen.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfmeldingsnummer;") and raw.endswith(b"\r\n")
    with (folder / DUMPING / "data" / "meldingen.csv").open(encoding="utf-8-sig", newline="") as stream:
        first = next(csv.DictReader(stream, delimiter=";"))
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", first["gemeld_op"])
    assert re.fullmatch(r"0,\d+", first["zekerheid"])
    labels = (folder / DUMPING / "data" / "gelabeld.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        labels.decode("utf-8")
    assert "é" in labels.decode("cp1252")


# --- what the assessment says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("example", "row"), listed("Planted"))
def test_what_is_planted_is_found(assessed: Callable[[str], Assessment], example: str, row: dict[str, str]):
    found = judgement(assessed(example), row)
    outcome, truth = measured(found), float(row["true size"].split()[0])
    assert found.verdict is Verdict(row["verdict"])
    assert assessed(example).board.line(row["requirement"]).verdict is Verdict.NOT_MET
    if not outcome.groups:
        assert outcome.value == pytest.approx(truth, rel=0.05)
        if row["group"]:
            assert outcome.details[0].name == row["group"]
        return
    group = group_of(outcome, row["group"])
    assert group.difference is not None and group.difference_low is not None and group.difference_high is not None
    assert not shows_no_difference(outcome, group.difference_low, group.difference_high)
    assert group.difference_low - 0.05 <= truth <= group.difference_high + 0.05


@pytest.mark.parametrize(("example", "row"), listed("Clean"))
def test_what_is_clean_is_not_accused(assessed: Callable[[str], Assessment], example: str, row: dict[str, str]):
    found = judgement(assessed(example), row)
    outcome = measured(found)
    if row["group"]:
        group = group_of(outcome, row["group"])
        assert group.difference_low is not None and group.difference_high is not None
        assert shows_no_difference(outcome, group.difference_low, group.difference_high)
        return
    assert found.verdict is Verdict(row["verdict"])
    if row["check"] in ("representativeness", "label-agreement", "timeliness"):
        return  # how far from the limit these lie says enough; zero is not what they aim for
    low = outcome.value if outcome.low is None else outcome.low
    high = outcome.value if outcome.high is None else outcome.high
    assert shows_no_difference(outcome, low, high)


def test_of_all_districts_only_the_renamed_one_differs(assessed: Callable[[str], Assessment]):
    row = next(r for r in rows_under("Planted", DUMPING) if r["check"] == "selection-rate-difference")
    outcome = measured(judgement(assessed(DUMPING), row))
    differ = [
        g.name
        for g in outcome.groups
        if g.difference_low is not None
        and g.difference_high is not None
        and not shows_no_difference(outcome, g.difference_low, g.difference_high)
    ]
    assert (len(outcome.groups), differ) == (12, ["Molenhoek"])


def test_the_district_that_the_labels_forgot_is_named(assessed: Callable[[str], Assessment]):
    row = next(r for r in rows_under("Planted", DUMPING) if r["check"] == "representativeness")
    notes = [note[Language.EN] for note in measured(judgement(assessed(DUMPING), row)).notes]
    assert "Missing altogether: Molenhoek." in notes


def test_error_rates_stand_on_the_random_sample_only(assessed: Callable[[str], Assessment], generate: ModuleType):
    drawn = int((generate.requests()["steekproef"] == "true").sum())
    row = next(r for r in rows_under("Planted", SUPPORT) if r["check"] == "false-positive-rate-difference")
    outcome = measured(judgement(assessed(SUPPORT), row))
    assert outcome.rows < drawn
    assert any(f"({drawn} cases)" in note[Language.EN] for note in outcome.notes)


@pytest.mark.parametrize("example", [SUPPORT, DUMPING])
def test_only_what_the_readme_names_is_not_met(assessed: Callable[[str], Assessment], example: str):
    """Of what is declared, answered, recorded, and measured by the families that the tables are about."""
    found, families = assessed(example), {"data", "fairness", "selection"}
    failed = {
        line.requirement.id
        for line in found.board.asked
        if not stands_elsewhere(line.requirement)
        for one in line.judgements
        if one.verdict is Verdict.NOT_MET
        and (one.measured is None or found.checks[one.measured.measurement.check].family in families)
    }
    assert failed == {row["requirement"] for row in rows_under("Planted", example)}


def test_monitoring_that_stopped_has_expired(assessed: Callable[[str], Assessment]):
    assert assessed(SUPPORT).board.line("dat-8").verdict is Verdict.EXPIRED


# --- the purchased assistant -----------------------------------------------------------------------------------------


def test_without_access_to_data_nothing_is_measured_and_people_answer(assessed: Callable[[str], Assessment]):
    lines = assessed(ASSISTANT).board.asked
    judgements = [j for line in lines for j in line.judgements]
    # Only its own card, public texts and records can be read; no data.
    own = {"readability", "benefit-followed", "objection-handling-time", "objections-upheld"}
    assert {j.measured.measurement.check for j in judgements if j.measured is not None} <= own
    instead = [j for j in judgements if j.proof.kind == "measure" and j.measured is None and j.verdict is Verdict.MET]
    assert len(instead) >= 12
    assert all(j.answer is not None and j.answer.by and j.answer.because for j in instead)


def test_the_assistant_lacks_what_its_readme_says_and_nothing_else(assessed: Callable[[str], Assessment]):
    board = assessed(ASSISTANT).board
    wanted = {
        row["requirement"]: row["verdict"]
        for row in rows_under("What it lacks, on purpose", ASSISTANT)
        if not stands_elsewhere(board.line(row["requirement"]).requirement)
    }
    lacking = {
        line.requirement.id: line.verdict.value
        for line in board.asked
        if line.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE) and not stands_elsewhere(line.requirement)
    }
    assert lacking == wanted


def test_most_of_what_is_asked_of_the_assistant_is_answered(assessed: Callable[[str], Assessment]):
    counts = assessed(ASSISTANT).board.count()
    assert counts[Verdict.MET] >= 35
    assert counts[Verdict.NOT_APPLICABLE] == 6


# --- the folders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", [SUPPORT, DUMPING, ASSISTANT])
def test_people_who_answer_stand_on_the_card_in_that_role(example: str):
    application = read_application(EXAMPLES / example)
    for answer in application.answers:
        assert answer.role is not None
        assert application.card.people[answer.role].name == answer.by, answer.requirement


@pytest.mark.parametrize("example", [SUPPORT, DUMPING, ASSISTANT])
def test_words_on_the_cards_are_words_of_the_vocabularies(example: str):
    card = read_application(EXAMPLES / example).card
    terms = {v.id: {t.id for t in v.terms} for v in knowledge.framework().vocabularies}
    assert set(card.four_d) <= terms["four-d"]
    assert set(card.sdg) <= terms["sdg"]
    assert set(card.oecd_risks) <= terms["oecd-risks"]
    assert set(card.literacy.covers) == terms["literacy-topics"]
    assert {word for benefit in card.benefits for word in benefit.oecd} <= terms["oecd-benefits"]
    assert {d.classification for d in card.datasets.values()} <= terms["data-classification"]


@pytest.mark.parametrize("example", [SUPPORT, DUMPING, ASSISTANT])
def test_documents_on_the_card_and_in_the_records_are_there(example: str):
    application = read_application(EXAMPLES / example)
    named = {d for record in application.records for d in record.documents}
    named |= set(re.findall(r"documents/[a-z-]+\.md", (EXAMPLES / example / "card.yaml").read_text(encoding="utf-8")))
    there = {f"documents/{path.name}" for path in (EXAMPLES / example / "documents").iterdir()}
    answered = {d for answer in application.answers for d in answer.documents}
    assert named <= there
    assert there <= named | answered, "a document that nothing points to"
