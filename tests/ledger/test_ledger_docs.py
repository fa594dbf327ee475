"""What `docs/ledger.md` says is what happens; the verifier in it is run as it stands there."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_making import add
from tampering import EDITS, checkpoint_of

from vangrail.ledger import PublicKey, files, open_checkpoint
from vangrail.ledger.leaf import decode
from vangrail.model.vocabulary import LeafKind

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    return [text for named, text in found if named == language]


@pytest.fixture(scope="module")
def verifier() -> str:
    (found,) = blocks("python")
    return found


def test_the_verifier_is_short_enough_to_read(verifier):
    assert len([line for line in verifier.splitlines() if line.strip()]) <= 60


def test_the_verifier_needs_nothing_of_vangrail(verifier):
    assert "vangrail" not in verifier.replace('"vangrail-ledger"', "")


def test_the_verifier_run_as_the_page_says(ledger, directory, tmp_path, verifier):
    add(ledger, 30, private=True)
    kept = tmp_path / "kept"
    kept.write_bytes((directory / files.CHECKPOINT).read_bytes())
    older = tmp_path / "older.jsonl"
    ledger.export(older)
    add(ledger, 7)
    ledger.export(tmp_path / "ledger.jsonl")
    (tmp_path / "verify_ledger.py").write_text(verifier, encoding="utf-8")

    def run(*arguments: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "verify_ledger.py", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.strip()

    assert run("ledger.jsonl", ledger.public_key, kept) == (0, "nothing is wrong")
    assert run("ledger.jsonl", ledger.public_key) == (0, "nothing is wrong")
    newest = directory / files.CHECKPOINT
    assert run(older, ledger.public_key, newest) == (1, "cut off or rewritten since the checkpoint that you kept")
    changed = tmp_path / "ledger.jsonl"
    changed.write_bytes(changed.read_bytes().replace(b'"rows":1012', b'"rows":1013'))
    code, words = run(changed, ledger.public_key, kept)
    assert (code, words.split(":")[0]) == (1, "line 14")


def test_the_verifier_finds_what_vangrail_finds(log, verifier):
    """Two programs, written apart, over the same hundreds of edits."""
    scope: dict[str, object] = {"__name__": "verify_ledger"}
    exec(verifier, scope)  # noqa: S102 - the text of our own page
    problems, chance = scope["problems"], random.Random(7)
    key, kept = log["key"], checkpoint_of(log["lines"])
    assert problems(log["lines"], key, kept) == []
    assert problems(log["lines"], key, checkpoint_of(log["earlier"])) == []
    for number in range(330):
        edited = list(EDITS.values())[number % len(EDITS)](list(log["lines"]), chance, log)
        assert edited == log["lines"] or problems(edited, key, kept)


def test_the_examples_on_the_page_are_real():
    (leaf,) = blocks("json")
    assert decode(leaf.strip().encode())["kind"] == LeafKind.GATE_DECIDED
    plain = blocks("")
    key = next(PublicKey.parse(block.strip()) for block in plain if block.count("+") >= 2 and block.count("\n") == 1)
    note = next(block for block in plain if block.startswith(key.name) and "— " in block)
    assert open_checkpoint(note, key=key).size == 5


def test_the_page_names_every_kind_of_leaf_and_every_member():
    row = next(line for line in PAGE.splitlines() if line.startswith("| `kind`"))
    assert set(re.findall(r"`(\w+)`", row)) - {"kind"} == set(LeafKind)
    members = set(json.loads(blocks("json")[0]))
    assert all(f"| `{member}` |" in PAGE for member in members)
