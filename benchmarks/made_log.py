"""A made log of decisions on support, to measure speed with: N rows of 20 columns, with planted faults, as Parquet and CSV.

    python benchmarks/made_log.py FOLDER ROWS

Seeded: the same number of rows gives the same log. No person in it exists. Planted are missing values (more often for one
origin), repeated case numbers, impossible ages, a channel that does not exist, a bias against one origin, and a second half
in which two columns moved. What follows from the names below needs neither duckdb nor numpy, so every contender can read it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SEED, AT_ONCE = 20261122, 250_000
FIRST_DAY, DAYS = "2026-01-01", 300
LAST_VALIDATED = "2026-05-30"
"""The last day of the first half."""

Shares = dict[str, float]
PROTECTED: dict[str, Shares] = {
    "geslacht": {"V": 0.51, "M": 0.48, "X": 0.01},
    "leeftijdsklasse": {"18-24": 0.1, "25-34": 0.16, "35-44": 0.17, "45-54": 0.17, "55-64": 0.16, "65+": 0.24},
    "herkomst": {"BE": 0.7, "buurland": 0.07, "EU-zuid": 0.05, "EU-oost": 0.05, "Maghreb": 0.06, "Turkije": 0.03, "andere": 0.04},
    "wijk": {f"wijk-{i:03d}": 1 / (i + 4) for i in range(1, 121)},
}  # fmt: skip
CATEGORIES: dict[str, Shares] = {
    "kanaal": {"loket": 0.35, "web": 0.45, "telefoon": 0.15, "post": 0.05},
    "soort": {"huur": 0.3, "energie": 0.3, "school": 0.2, "vervoer": 0.1, "medisch": 0.1},
    "woning": {"huur": 0.4, "eigendom": 0.4, "sociaal": 0.17, "opvang": 0.03},
    "werk": {"loon": 0.5, "zelfstandig": 0.1, "zoekend": 0.13, "pensioen": 0.22, "student": 0.05},
}
RANGES: dict[str, tuple[int, int]] = {
    "inkomen": (0, 200_000),
    "huur": (0, 20_000),
    "schuld": (0, 5_000_000),
    "gezinsleden": (1, 25),
    "afstand_km": (0, 500),
    "leeftijd": (18, 120),
    "jaren_op_adres": (0, 120),
}
GAPS = ("inkomen", "wijk")
TEXTS = PROTECTED | CATEGORIES
COLUMNS = ("dossier", "ingediend_op", *TEXTS, *RANGES, "terecht", "toegekend", "score")
TOGETHER = ("geslacht", "leeftijdsklasse", "herkomst")
QUASI, SENSITIVE = (*PROTECTED, "woning"), "soort"
FOLLOWED = (*TEXTS, *RANGES, "score")
"""The columns of which drift is measured."""


def part(number: int, *, of: int) -> dict[str, Any]:
    """One stretch of a log `of` so many rows, as numbers. A text is the place of its value above; a gap is NaN or -1."""
    import numpy as np

    rng, start = np.random.default_rng([SEED, number]), number * AT_ONCE
    rows = min(AT_ONCE, of - start)
    late = np.arange(start, start + rows) >= of / 2

    def draw(shares: Sequence[float]) -> Any:
        bounds = np.cumsum(shares)
        return np.searchsorted(bounds / bounds[-1], rng.random(rows), side="right").astype(np.int16)

    made: dict[str, Any] = {name: draw(list(shares.values())) for name, shares in TEXTS.items()}
    made["kanaal"] = np.where(late, draw([0.2, 0.6, 0.15, 0.05]), made["kanaal"])
    worse_off = made["herkomst"] == list(PROTECTED["herkomst"]).index("Maghreb")
    inkomen = rng.lognormal(7.7 + 0.08 * late, 0.45, rows)
    schuld = rng.exponential(5_000, rows)
    gezin = 1.0 + rng.poisson(1.3, rows)
    need = 1 / (1 + np.exp(-(8.1 - 1.05 * np.log(inkomen) + schuld / 9_000 + 0.2 * (gezin - 2))))
    terecht = rng.random(rows) < need
    score = np.clip(0.5 * need + 0.3 * terecht + rng.normal(0.1, 0.12, rows) - 0.08 * worse_off, 0, 1)
    leeftijd = np.clip(
        np.array([21, 29, 39, 49, 59, 74])[made["leeftijdsklasse"]] + rng.normal(0, 3, rows), 18, 104
    ).round()
    seconds = (start + rows * np.sort(rng.random(rows))) / of * DAYS * 86_400
    made["dossier"] = np.arange(start, start + rows, dtype=np.int64)
    made["dossier"][rng.random(rows) < 0.001] = start
    leeftijd[rng.random(rows) < 0.0005] = 199
    inkomen[rng.random(rows) < np.where(worse_off, 0.06, 0.02)] = np.nan
    made["wijk"][rng.random(rows) < 0.005] = -1
    made["kanaal"][rng.random(rows) < 0.0002] = len(CATEGORIES["kanaal"])
    return made | {
        "ingediend_op": np.datetime64(FIRST_DAY, "us") + (seconds * 1e6).astype("timedelta64[us]"),
        "inkomen": inkomen.round(2),
        "huur": rng.gamma(9, 85, rows).round(2),
        "schuld": schuld.round(2),
        "gezinsleden": gezin,
        "afstand_km": rng.gamma(2, 1.7, rows).round(2),
        "leeftijd": leeftijd,
        "jaren_op_adres": rng.gamma(2, 6, rows).round(1),
        "terecht": terecht.astype(np.int8),
        "toegekend": (score > 0.5).astype(np.int8),
        "score": score.round(4),
    }


def make(folder: Path, rows: int) -> None:
    """Write log.parquet and log.csv, unless they are there already."""
    import duckdb

    if (folder / "log.csv").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    values = {name: [*shares, "ONBEKEND"] if name == "kanaal" else list(shares) for name, shares in TEXTS.items()}
    wanted = []
    for name in COLUMNS:
        if name in values:
            wanted.append(f"CASE WHEN {name} >= 0 THEN {values[name]}[{name} + 1] END AS {name}")
        else:
            wanted.append(f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" if name == "inkomen" else name)
    making = folder / "making.duckdb"
    making.unlink(missing_ok=True)
    with duckdb.connect(str(making), config={"memory_limit": "1GiB"}) as to:
        for number in range(-(-rows // AT_ONCE)):
            to.register("made", part(number, of=rows))
            verb = "CREATE TABLE log AS" if number == 0 else "INSERT INTO log"
            to.execute(f"{verb} SELECT {', '.join(wanted)} FROM made")
            to.unregister("made")
        to.execute(f"COPY log TO '{folder}/log.parquet' (FORMAT parquet, COMPRESSION zstd)")
        to.execute(f"COPY log TO '{folder}/log.part' (FORMAT csv, HEADER)")
    (folder / "log.part").rename(folder / "log.csv")
    making.unlink()


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
