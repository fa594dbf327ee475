"""The power goes at any write: nothing that was acknowledged is gone, and no false alarm is raised afterwards.

The simulated disk has teeth: with SQLite's weaker settings the same cuts lose leaves, or leave a ledger that refuses.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import apsw
import pytest
from ledger_making import ORIGIN, add
from power_cut import Disk, PowerCut, PowerCutVFS

from vangrail.ledger import Ledger, files, schema
from vangrail.model.errors import VangrailError

BEFORE = 5
MOST_CHANGES = 90  # a few appends


@pytest.fixture
def outcome_of_cuts(tmp_path, monkeypatch):
    """How often each thing happened in so many cuts, under a setting of SQLite's `synchronous`."""
    start = tmp_path / "start"
    with Ledger.create(start, origin=ORIGIN) as ledger:
        add(ledger, BEFORE, private=True)

    def run(synchronous: str, *, cuts: int) -> Counter[str]:
        monkeypatch.setattr(schema, "SYNCHRONOUS", synchronous)
        return Counter(
            _one_cut(start, tmp_path / f"{synchronous}-{number}", number, monkeypatch) for number in range(cuts)
        )

    return run


def _one_cut(start: Path, place: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> str:
    chance = random.Random(number)
    work, after = place / "work", place / "after"
    shutil.copytree(start, work)
    disk = Disk(work, watched=files.CHECKPOINT, chance=chance, cut_at=chance.randint(1, MOST_CHANGES))
    acknowledged = _append_until_cut(work, disk, chance, monkeypatch)

    after.mkdir()
    assert disk.after is not None
    for path, content in disk.after.items():
        (after / Path(path).name).write_bytes(content)
    try:
        with Ledger.open(after) as ledger:
            if ledger.size < acknowledged:
                return "lost"
            return "kept" if ledger.verify().ok else "damaged"
    except VangrailError:
        return "refused"


def _append_until_cut(work: Path, disk: Disk, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many leaves were acknowledged when the power went."""
    acknowledged = BEFORE
    vfs = PowerCutVFS("power-cut", disk)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(files, "sync_directory", disk.sync_directory)
            with Ledger.open(work) as ledger:
                while True:
                    add(ledger, chance.randint(1, 4), private=True)
                    acknowledged = ledger.size
    except (PowerCut, apsw.Error, VangrailError):
        assert disk.after is not None, "the power is still on"
        return acknowledged
    finally:
        vfs.unregister()
        apsw.set_default_vfs("unix")


def test_no_power_cut_loses_an_acknowledged_leaf_or_raises_a_false_alarm(outcome_of_cuts):
    assert schema.SYNCHRONOUS == "EXTRA"
    assert outcome_of_cuts("EXTRA", cuts=150) == {"kept": 150}


def test_without_any_sync_leaves_are_lost(outcome_of_cuts):
    found = outcome_of_cuts("OFF", cuts=40)
    assert found["kept"] < 20


def test_with_full_alone_a_removed_journal_can_come_back_and_undo_what_was_signed(outcome_of_cuts):
    """Why EXTRA: with FULL the directory is not synced after the journal is removed."""
    found = outcome_of_cuts("FULL", cuts=150)
    assert found["refused"] > 0
