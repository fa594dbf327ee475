"""What was acknowledged stays, whatever happens to the program that wrote it."""

import random
import subprocess
import sys
import time
from pathlib import Path

from ledger_making import ORIGIN

from vangrail.ledger import Ledger

WRITER = Path(__file__).with_name("ledger_writer.py")
KILLS = 30
BATCH = 3


def writer(directory: Path, batch: int, *times: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, str(WRITER), str(directory), str(batch), *map(str, times)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE)


def acknowledged(lines: list[bytes]) -> dict[int, str]:
    """Number and hash of each leaf that the writer said was there. A line that was cut short was never said."""
    found: dict[int, str] = {}
    for line in lines:
        if line.endswith(b"\n") and line != b"open\n":
            first, *hashes = line.decode().split()
            found.update({int(first) + place: hash_ for place, hash_ in enumerate(hashes)})
    return found


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path):
    """Thirty times kill -9. Whole batches only; and whatever was committed is signed by whoever opens it next."""
    directory = tmp_path / ".vangrail"
    Ledger.create(directory, origin=ORIGIN).close()
    chance = random.Random(20261122)
    said: dict[int, str] = {}
    for _ in range(KILLS):
        with writer(directory, BATCH) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
            said |= acknowledged(lines + process.stdout.readlines())
        with Ledger.open(directory) as ledger:
            assert ledger.size % BATCH == 0
            assert ledger.size >= len(said)
            assert ledger.verify().ok
    with Ledger.open(directory) as ledger:
        kept = {leaf.seq: leaf.hash.hex() for leaf in ledger.leaves()}
    assert len(said) > KILLS
    assert said.items() <= kept.items()


def test_two_writers_at_once_both_get_everything_in(tmp_path):
    """200 appends each; every number is given once, and the checkpoint covers all."""
    directory = tmp_path / ".vangrail"
    Ledger.create(directory, origin=ORIGIN).close()
    with writer(directory, 1, 200) as one, writer(directory, 1, 200) as other:
        said = [acknowledged(process.stdout.readlines()) for process in (one, other)]
    assert [process.returncode for process in (one, other)] == [0, 0]
    assert [len(found) for found in said] == [200, 200]
    with Ledger.open(directory) as ledger:
        assert {leaf.seq: leaf.hash.hex() for leaf in ledger.leaves()} == said[0] | said[1]
        assert ledger.verify().ok
        assert "\n400\n" in ledger.checkpoint
