"""How long it takes to classify ten thousand cards: read the facts, answer the headlines, and list every duty.

Run: python benchmarks/law.py. The cards are the scenarios of `tests/law`, each with some facts forgotten, so that no two
neighbours are equal and many answers stand open. One process, processor time: a busy machine does not change it.
"""

import random
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.law.cases import scenarios

from vangrail.law import FactsRefused, classify, parse_facts

CARDS = 10_000
DAY = date(2026, 11, 22)


def cards(count: int) -> list[dict[str, object]]:
    """Facts as they stand on cards, always the same ones."""
    chance = random.Random(4)
    wanted = [dict(s.facts) for s in scenarios()]
    made: list[dict[str, object]] = []
    while len(made) < count:
        whole = wanted[len(made) % len(wanted)]
        some = {k: v for k, v in whole.items() if chance.random() > 0.1}
        try:
            parse_facts(some)
        except FactsRefused:  # without the exception that was forgotten, a list and its facts contradict each other
            some = whole
        made.append(some)
    return made


def main() -> None:
    given = cards(CARDS)
    _ = classify(parse_facts(given[0]), DAY).duties
    times = {"read": 0.0, "headlines": 0.0, "duties": 0.0}
    for facts in given:
        started = time.process_time()
        known = parse_facts(facts)
        read = time.process_time()
        found = classify(known, DAY)
        _ = (found.outcome, found.roles, found.fria, found.registration, found.dpia, found.transparency)
        headlines = time.process_time()
        _ = found.duties
        duties = time.process_time()
        times["read"] += read - started
        times["headlines"] += headlines - read
        times["duties"] += duties - headlines
    for name, seconds in times.items():
        print(f"{name:10} {seconds:6.2f} s")
    print(f"{'together':10} {sum(times.values()):6.2f} s for {CARDS} cards")


if __name__ == "__main__":
    main()
