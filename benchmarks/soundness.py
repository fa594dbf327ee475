"""Do the statistics keep their promises? Coverage of every interval, false alarms on fair logs, power on planted ones.

    python benchmarks/soundness.py [coverage|alarms|power] [--logs N]

Seeded, so anyone gets the same figures; docs/soundness.md shows the output of a full run.
"""

import argparse
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from vangrail import checks
from vangrail.checks import statistics
from vangrail.model.card import Card
from vangrail.model.needs import Answers, Cell, Counts, CountTable, Field
from vangrail.model.outcome import Measured
from vangrail.model.vocabulary import ColumnType

ON = date(2026, 11, 22)
ATTRIBUTES = {
    "sex": (0.5, 0.49, 0.01),
    "age": (0.2, 0.3, 0.3, 0.2),
    "origin": (0.7, 0.15, 0.1, 0.05),
    "district": (0.125,) * 8,
}
SIZES, RATES = (30, 100, 1_000, 10_000, 100_000), (0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99)


def coverage(draws: int = 10_000) -> Iterator[str]:
    """How often the 95 % interval holds the true value, per size of the group and true rate."""
    rng = np.random.default_rng(20261122)
    for name, covers in (("Wilson, one rate", _one), ("Newcombe, difference", _difference), ("log, ratio", _ratio)):
        yield f"\n| {name}: rows | " + " | ".join(f"{r:.0%}" for r in RATES) + " |"
        yield "|---" * (len(RATES) + 1) + "|"
        for size in SIZES:
            shares = [covers(rng, size, rate, draws) for rate in RATES]
            yield f"| {size:,} | " + " | ".join(f"{100 * s:.1f}" for s in shares) + " |"


def _one(rng: np.random.Generator, size: int, rate: float, draws: int) -> float:
    low, high = statistics.wilson(rng.binomial(size, rate, draws).astype(float), np.full(draws, float(size)), 0.05)
    return float(((low <= rate) & (rate <= high)).mean())


def _pairs(
    rng: np.random.Generator,
    size: int,
    rate: float,
    draws: int,
    interval: Callable[..., statistics.Interval],
    true: float,
) -> float:
    group, reference = (rng.binomial(size, rate, draws) for _ in range(2))
    held = 0
    # The reference is one number per call, so draws with the same reference are done together.
    for other in np.unique(reference):
        mine = group[reference == other].astype(float)
        low, high = interval(mine, np.full_like(mine, size), float(other), float(size), 0.05)
        held += int(((low <= true) & (true <= high)).sum())
    return held / draws


def _difference(rng: np.random.Generator, size: int, rate: float, draws: int) -> float:
    return _pairs(rng, size, rate, draws, statistics.difference, 0.0)


def _ratio(rng: np.random.Generator, size: int, rate: float, draws: int) -> float:
    return _pairs(rng, size, rate, draws, statistics.ratio, 1.0)


def card(*, limit: float | None, outcome: bool = True) -> Card:
    """A card with four protected attributes and all their pairs."""
    log = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": "yes"},
        "favourable": "yes",
        "protected": [{"column": name, "reference": "0"} for name in ATTRIBUTES],
    }
    if outcome:
        log["outcome"] = {"column": "outcome", "positive": "yes"}
    limits = [
        {"check": id_, "at_most": limit, "because": "simulation", "by": "nobody", "on": "2026-01-01"}
        for id_, check in checks.checks().items()
        if limit is not None and check.family == "fairness" and id_ != "selection-rate-ratio"
    ]
    return Card.model_validate(
        {
            "vangrail": 1,
            "id": "simulated",
            "name": "Simulated",
            "organisation": {"name": "Nobody"},
            "phase": "operate",
            "datasets": {"log": {"source": "log.csv"}},
            "decision_log": log,
            "limits": limits,
        }
    )


def simulated(rng: np.random.Generator, rows: int, planted: float = 0.0) -> dict[str, np.ndarray]:
    """A log in which nothing depends on the attributes, but for `planted` points less advice for the second sex."""
    log = {name: rng.choice(len(shares), rows, p=shares) for name, shares in ATTRIBUTES.items()}
    outcome = rng.random(rows) < 0.3
    chance = np.where(outcome, 0.7, 0.4) - planted * (log["sex"] == 1)
    return log | {"outcome": outcome.astype(int), "advice": (rng.random(rows) < chance).astype(int)}


def measured(log: dict[str, np.ndarray], on: Card) -> Iterator[tuple[str, str, Measured]]:
    """Every fairness figure of the card on a simulated log: (check, subject, figure)."""
    fields = [Field(name=n, type=ColumnType.TEXT, origin="VARCHAR") for n in (*ATTRIBUTES, "advice", "outcome")]
    tables: dict[tuple[str, ...], CountTable] = {}
    for measurement in checks.plan(on):
        check = checks.checks()[measurement.check]
        if check.family != "fairness":
            continue
        (need,) = (n for n in check.needs(measurement, fields, ON) if isinstance(n, Counts))
        keys = tuple(k.name for k in need.by)
        table = tables.setdefault(keys, counted(log, keys))
        outcome = check.measure(measurement, fields, ON, Answers({need: table}))
        if isinstance(outcome, Measured):
            yield measurement.check, measurement.subject, outcome


def counted(log: dict[str, np.ndarray], keys: tuple[str, ...]) -> CountTable:
    """The table of counts that an engine would give."""
    sizes = [int(log[k].max()) + 1 for k in keys]
    code = np.ravel_multi_index([log[k] for k in keys], sizes)
    counts = np.bincount(code, minlength=int(np.prod(sizes)))
    cells = []
    for place in np.flatnonzero(counts):
        values = np.unravel_index(place, sizes)
        named = (bool(v) if k in ("advice", "outcome") else str(v) for k, v in zip(keys, values, strict=True))
        cells.append(Cell(tuple(named), int(counts[place])))
    return CountTable(keys, tuple(cells))


def alarms(logs: int, rows: int = 10_000) -> tuple[int, int]:
    """On fair logs: in how many is any difference called real, and in how many is any figure past a limit of 0 points."""
    rng, on, real, failed = np.random.default_rng(1), card(limit=0), 0, 0
    for _ in range(logs):
        found = [f for _, _, f in measured(simulated(rng, rows), on)]
        differs = any(
            g.difference_low is not None and (g.difference_low > 0 or g.difference_high < 0)
            for f in found
            if f.unit != "ratio"
            for g in f.groups
        )
        real += differs
        failed += any(f.low > 0 for f in found if f.unit != "ratio")
    return real, failed


def power(logs: int, rows: int, planted: float) -> float:
    """How often a planted difference between the two large sexes is called real."""
    rng, on, found = np.random.default_rng(2), card(limit=0), 0
    for _ in range(logs):
        for check, subject, figure in measured(simulated(rng, rows, planted), on):
            if (check, subject) == ("selection-rate-difference", "sex"):
                group = next(g for g in figure.groups if g.attributes["sex"] == "1")
                found += group.difference_high is not None and group.difference_high < 0
                break
    return found / logs


def main() -> None:
    """Print the tables that docs/soundness.md shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["coverage", "alarms", "power"])
    parser.add_argument("--logs", type=int, default=1_000)
    given = parser.parse_args()
    if given.what in (None, "coverage"):
        print("\n".join(coverage()))
    if given.what in (None, "alarms"):
        real, failed = alarms(given.logs)
        print(f"\n{given.logs} fair logs of 10,000 rows, 4 characteristics and 6 intersections, 8 checks each:")
        print(f"any difference called real: {real} ({100 * real / given.logs:.1f} %)")
        print(f"any figure past a limit of 0 points: {failed} ({100 * failed / given.logs:.1f} %)")
    if given.what in (None, "power"):
        sizes, gaps = (1_000, 3_000, 10_000, 30_000), (0.02, 0.03, 0.05, 0.08, 0.12)
        print("\n| rows | " + " | ".join(f"{100 * g:.0f} points" for g in gaps) + " |")
        print("|---" * (len(gaps) + 1) + "|")
        for rows in sizes:
            print(f"| {rows:,} | " + " | ".join(f"{100 * power(given.logs // 2, rows, g):.0f}" for g in gaps) + " |")


if __name__ == "__main__":
    main()
