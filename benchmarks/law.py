"""How long it takes to classify ten thousand cards: read the facts, answer the headlines, and list every duty.

Run: python benchmarks/law.py. The cards are the scenarios of `tests/law`, each with some facts forgotten, so that no two
neighbours are equal and many answers stand open. First in one process, then in two processes on the clock.
"""

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
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
    print(f"{'together':10} {sum(times.values()):6.2f} s of processor time for {CARDS} cards in one process")
    halves = given[::2], given[1::2]
    with ProcessPoolExecutor(2) as two:
        list(two.map(classified, ([h[0]] for h in halves)))  # both have read the law before the clock starts
        started_at = time.perf_counter()
        done = sum(two.map(classified, halves))
    print(f"{'two cores':10} {time.perf_counter() - started_at:6.2f} s on the clock for {done} cards, duties included")


def classified(given: list[dict[str, object]]) -> int:
    """Classify these cards with their duties; how many there were."""
    return sum(1 for facts in given if classify(parse_facts(facts), DAY).duties)


if __name__ == "__main__":
    main()
