"""A program that appends to a ledger until it is stopped, and says what was acknowledged: one line per append.

ledger_writer.py DIRECTORY BATCH [TIMES]     each line: the number of the first leaf and the hash of each
"""

import sys
from itertools import count
from pathlib import Path

from ledger_making import entry

from vangrail.ledger import Ledger


def main(directory: Path, batch: int, times: int | None) -> None:
    with Ledger.open(directory) as ledger:
        print("open", flush=True)
        for number in count() if times is None else range(times):
            added = ledger.append_all([entry(number * batch + place, private=True) for place in range(batch)])
            hashes = " ".join(ledger.leaf(seq).hash.hex() for seq in added)
            print(added.start, hashes, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
