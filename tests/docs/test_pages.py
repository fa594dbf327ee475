"""What the docs show works: every card part is accepted, every command exists, every link leads somewhere."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from vangrail.cli import COMMANDS
from vangrail.model.card import Answer, Card, Record

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
BASE = {"vangrail": 1, "id": "test", "name": "Test", "phase": "operate", "organisation": {"name": "Gemeente"}}


def parts(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    return [YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S)]


def test_the_parts_of_a_card_make_a_card():
    card = dict(BASE)
    for part in parts("docs/card.md"):
        if "answers" in part:
            assert [Answer.model_validate(a) for a in part["answers"]]
        elif "records" in part:
            assert [Record.model_validate(r) for r in part["records"]]
        else:
            card |= part
    assert Card.model_validate(card).decision_log.min_rows == 30


def test_the_card_of_the_readme_is_a_card():
    (card,) = parts("README.md")
    assert Card.model_validate(card).id == "compas"


def test_the_docs_name_every_key_of_the_card():
    text = (ROOT / "docs" / "card.md").read_text(encoding="utf-8")
    assert not [key for key in Card.model_fields if not re.search(rf"\b{key}\b", text)]


def test_every_command_in_the_docs_exists():
    for page in PAGES:
        for command in re.findall(r"`vangrail ([a-z]+)", page.read_text(encoding="utf-8")):
            assert command in COMMANDS, f"{page.name}: vangrail {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_to_a_file(page):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_names_the_exit_codes_of_the_command_line():
    from vangrail import cli

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in (cli.MET, cli.NOT_MET, cli.UNKNOWN, cli.COULD_NOT_RUN):
        assert f"**{code}**" in text
