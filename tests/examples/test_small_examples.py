"""The small examples: what their READMEs say is planted is what one counts in the data, and the assessment finds it."""

import csv
import importlib.util
import shutil
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import pytest

from vangrail.cards import read_application
from vangrail.cli.workspace import Workspace, measure_and_assess
from vangrail.model.vocabulary import Phase, Verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL = ("watermeters", "weginspecties", "leesbrief", "gesprekstolk")
DAY = date(2026, 11, 22)


def planted(example):
    """The rows of the table in the README, without its heading."""
    text = (EXAMPLES / example / "README.md").read_text(encoding="utf-8").split("## What is planted\n", 1)[1]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small examples, with data made anew."""
    spec = importlib.util.spec_from_file_location("generate_small", EXAMPLES / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = tmp_path_factory.mktemp("small")
    for name in SMALL:
        shutil.copytree(EXAMPLES / name, made / name, ignore=shutil.ignore_patterns("data", ".vangrail"))
    for name in SMALL:
        if name in module.EXAMPLES:
            (made / name / "data").mkdir()
            module.EXAMPLES[name][0](made / name / "data")
    return made


def rows(folder, file):
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def assessed(folder, name):
    work = Workspace(application=read_application(folder / name), ledger=None, on=DAY)
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
    return measure_and_assess(work, at=at, record=False, progress=lambda _: None)


def test_water_meters_counted_by_hand(folder):
    """Leaks one after the other in each building; a message from the day before until four days after the first day is in time."""
    meters = rows(folder, "watermeters/data/meterstanden.csv")
    leaks, seen = 0, 0
    for _, found in groupby(meters, key=lambda r: r["gebouw"]):
        days = list(found)
        for place, day in enumerate(days):
            if day["lek"] == "ja" and (place == 0 or days[place - 1]["lek"] == "nee"):
                leaks += 1
                seen += any(d["bericht"] == "ja" for d in days[max(0, place - 1) : place + 5])
    messages = [r for r in meters if r["bericht"] == "ja"]
    wrong = sum(r["lek"] == "nee" for r in messages)
    assert [int(size) for _, size in planted("watermeters")] == [len(meters), leaks, seen, len(messages), wrong]


def test_road_damage_counted_by_hand(folder):
    places = rows(folder, "weginspecties/data/proef.csv")
    for kind, there, found in planted("weginspecties"):
        really = [p for p in places if p["echt"] == kind]
        assert (len(really), sum(p["herkend"] == kind for p in really)) == (int(there), int(found))


def test_the_trial_of_the_laser_does_not_pass_and_its_gate_says_why(folder):
    found = assessed(folder, "weginspecties")
    assert found.board.line("tru-rob-1").verdict is Verdict.NOT_MET
    assert found.gate is not None and "tru-rob-1" in str(found.gate)


def test_the_water_meters_hold_what_was_promised(folder):
    """The share of leaks seen in time is 30 of 44: 68 %."""
    found = assessed(folder, "watermeters")
    assert found.board.line("tru-rob-1").verdict is Verdict.MET
    assert {found.board.line(r).verdict for r in ("dat-1", "dat-3", "dat-5")} == {Verdict.MET}


@pytest.mark.parametrize("name", SMALL)
def test_each_is_a_card_that_reads(folder, name):
    found = read_application(folder / name)
    assert found.card.id == name and found.card.purpose.text
    assert found.card.phase is {"leesbrief": Phase.IDEA, "weginspecties": Phase.VALIDATE}.get(name, Phase.OPERATE)
