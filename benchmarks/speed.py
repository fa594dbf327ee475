"""How long does an assessment take, how much memory, and how does that compare with reading the data once?

    python benchmarks/speed.py [--rows 1000000 10000000] [--rounds 3] [--peers] [--only WORD ...] [--folder DIR]

Everything is measured in one run on one machine, one contender after the other, each in a process of its own: seconds of
work apart from importing and loading, processor time, and the peak memory of the process with its children. The floor is the
time that DuckDB needs to read every needed column once; a ratio is taken within a round, so other work on the machine hits
both sides. Peers get the same log and the same work, each in a virtual environment that this script makes in DIR (a folder
for temporary files when left out), where the made logs are kept too. Prints Markdown tables; docs/speed.md shows a full run.
"""

import argparse
import gc
import json
import os
import platform
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import made_log
from made_log import CATEGORIES, COLUMNS, FOLLOWED, GAPS, PROTECTED, QUASI, RANGES, SENSITIVE, TEXTS, TOGETHER

NEEDED = (*PROTECTED, "terecht", "toegekend", "score")
PATIENCE_SECONDS, MOST_MEMORY, SLOW_SECONDS = 900, 14 << 30, 40
"""When a contender is stopped; and from how many seconds of work on one round of it is enough."""


class Clock:
    """Seconds and processor seconds per stage: importing, loading, working."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started, processor = time.perf_counter(), processor_seconds()
        yield
        self.seconds[stage] = time.perf_counter() - started
        self.seconds[f"{stage}, processor"] = processor_seconds() - processor


def processor_seconds() -> float:
    """Of this process with all its threads, and of its children that are done."""
    return time.process_time() + sum(os.times()[2:4])


@dataclass(frozen=True)
class Contender:
    """One way to do a piece of work.

    run      log folder, clock -> what it found, in a few words
    floor    the columns that the work needs
    package  whose version is shown
    needs    what pip installs for a peer; nothing for what runs in this environment
    most     with more rows than this it is left out
    """

    work: str
    name: str
    run: Callable[[Path, Clock], str]
    floor: str
    package: str
    needs: tuple[str, ...] = ()
    most: int | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.work}: {self.name}"


# --- the floor -----------------------------------------------------------------------------------------------------------


def floor(columns: Sequence[str]) -> Callable[[Path, Clock], str]:
    """DuckDB reads these columns once."""

    def run(log: Path, clock: Clock) -> str:
        with clock("import"):
            import duckdb
        with clock("work"):
            read = ", ".join(f"bit_xor(hash({c}))" for c in columns)
            duckdb.connect().execute(f"SELECT {read} FROM '{log}/log.parquet'").fetchall()
        return f"{len(columns)} columns"

    return run


# --- Vangrail ------------------------------------------------------------------------------------------------------------


def card(source: str, rows: int) -> dict[str, Any]:
    """A card on which every check about data and fairness has something to do, and the other families too."""
    columns: dict[str, dict[str, Any]] = {c: {} for c in COLUMNS}
    for name, shares in TEXTS.items():
        columns[name] = {"type": "text", "allowed": list(shares), "used": name in CATEGORIES}
    for name, (low, high) in RANGES.items():
        columns[name] = {"type": "number", "at_least": low, "at_most": high, "used": True}
    for name in QUASI:
        columns[name]["quasi_identifier"] = True
    for name in PROTECTED:
        columns[name]["personal"] = True
    columns[SENSITIVE]["special_category"] = True
    columns["score"] = {"type": "number", "at_least": 0, "at_most": 1}
    dataset = {
        "source": source,
        "columns": columns,
        "key": ["dossier"],
        "expected_rows": rows,
        "refresh": {"column": "ingediend_op", "newest_within_days": 31, "rows_within_days": 365},
        "reference": {
            name: {
                "shares": {v: s / sum(PROTECTED[name].values()) for v, s in PROTECTED[name].items()},
                "source": "made",
            }
            for name in PROTECTED
        },
        "rules": [{"name": "a pensioner is no child", "holds": "werk <> 'pensioen' OR leeftijd >= 18"}],
        "drift": {"column": "ingediend_op", "validated_until": made_log.LAST_VALIDATED},
    }
    log = {
        "dataset": "log",
        "advice": {"column": "toegekend", "positive": [1]},
        "favourable": "yes",
        "outcome": {"column": "terecht", "positive": [1]},
        "score": {"column": "score", "probability": True},
        "protected": [{"column": name, "reference": next(iter(PROTECTED[name]))} for name in PROTECTED],
        "intersections": [list(TOGETHER)],
    }
    return {
        "vangrail": 1,
        "id": "made-log",
        "name": "Made log",
        "organisation": {"name": "Nobody"},
        "phase": "operate",
        "datasets": {"log": dataset},
        "decision_log": log,
    }


def vangrail(
    *wanted: str, source: str = "log.parquet", made: Callable[[Path], dict[str, Any]] | None = None
) -> Callable[[Path, Clock], str]:
    """All that is planned for these families or checks; everything when none is named.

    made    writes another table than the log into its folder, and gives the card for that
    """

    def run(log: Path, clock: Clock) -> str:
        from datetime import UTC, date, datetime

        with clock("import"):
            # The checks load these when they first need them, which is no work on the log.
            import duckdb  # noqa: F401
            import scipy.special  # noqa: F401

            from vangrail import checks
            from vangrail.assessment import measuring
            from vangrail.model.card import Card
            from vangrail.tables import open_table

            known = checks.checks()
            gc.set_threshold(200_000)  # as the command line does
        declared = Card.model_validate(card(source, int(log.name)) if made is None else made(log))
        planned = [
            m
            for m in checks.plan(declared)
            if m.dataset == "log" and (not wanted or {m.check, known[m.check].family} & {*wanted})
        ]

        @contextmanager
        def opened(name: str, dataset: Any) -> Iterator[Any]:
            with open_table(name, dataset, folder=log, environment={}) as table:
                take = table.fingerprint

                def fingerprint() -> Any:
                    with clock("fingerprint"):
                        return take()

                table.fingerprint = fingerprint  # type: ignore[method-assign]
                yield table

        with clock("work"):
            found = measuring.measure(
                declared,
                known,
                planned,
                open_table=opened,
                open_predictor=None,  # type: ignore[arg-type]  # the card has no model
                sources={},
                on=date(2026, 11, 22),
                at=datetime(2026, 11, 22, tzinfo=UTC),
                by="benchmark",
            )
        figures = [e for e in found.evidence if type(e.outcome).__name__ == "Measured"]
        return f"{len(figures)} of {len(planned)} figures; fingerprint {clock.seconds['fingerprint']:.2f} s"

    return run


def grown(groups: int, columns: int) -> Callable[[Path], dict[str, Any]]:
    """A table with so many groups and so many other columns, half of them texts of ten values and half of them numbers."""

    def made(log: Path) -> dict[str, Any]:
        import duckdb

        file = log / f"{groups}-groups-{columns}-columns.parquet"
        names = [f"c{i}" for i in range(columns)]
        if not file.exists():
            parts = [
                f"'v' || hash(n, {i}) % 10 AS {name}" if i % 2 else f"(hash(n, {i}) % 10000) / 7 AS {name}"
                for i, name in enumerate(names)
            ]
            parts += [
                f"'g' || hash(n, -1) % {groups} AS grp",
                "hash(n, -2) % 2 AS advice",
                "hash(n, -3) % 2 AS outcome",
            ]
            parts += [f"TIMESTAMP '{made_log.FIRST_DAY}' + to_seconds(n % 25000000) AS moment", "n AS id"]
            duckdb.execute(f"COPY (SELECT {', '.join(parts)} FROM range({log.name}) AS r(n)) TO '{file}'")
        written = card(file.name, int(log.name))
        number = {"type": "number", "at_least": 0, "at_most": 2000}
        written["datasets"]["log"] = {
            "source": file.name,
            "columns": {n: {"type": "text"} if i % 2 else number for i, n in enumerate(names)}
            | {"grp": {"personal": True}},
            "key": ["id"],
            "drift": {"column": "moment", "validated_until": made_log.LAST_VALIDATED},
        }
        written["decision_log"] = {
            "dataset": "log",
            "advice": {"column": "advice", "positive": [1]},
            "favourable": "yes",
            "outcome": {"column": "outcome", "positive": [1]},
            "protected": [{"column": "grp"}],
        }
        return written

    return made


def fingerprint(log: Path, clock: Clock) -> str:
    """Open the table and take its fingerprint, as `vangrail status` does."""
    with clock("import"):
        from vangrail.model.card import Card
        from vangrail.tables import open_table
    declared = Card.model_validate(card("log.parquet", int(log.name)))
    with clock("work"), open_table("log", declared.datasets["log"], folder=log, environment={}) as table:
        found = table.fingerprint()
    return f"{found.rows} rows"


def whole_program(log: Path, clock: Clock) -> str:
    """`vangrail assess` from start to end, as somebody sees it in a terminal."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "card.yaml").write_text(json.dumps(card(str(log / "log.parquet"), int(log.name))))
        with clock("work"):
            first, _, _ = in_terminal("assess", place)
    return f"first figure after {first:.2f} s"


def help_text(log: Path, clock: Clock) -> str:
    """`vangrail --help`."""
    with clock("work"):
        in_terminal("--help")
    return ""


def in_terminal(*arguments: str) -> tuple[float, int, str]:
    """Run the command line on a terminal of its own: (seconds until the first measured figure, exit code, all text)."""
    ours, theirs = pty.openpty()
    started = time.perf_counter()
    command = [sys.executable, "-m", "vangrail", *arguments]
    shown, first = "", None
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL) as child:
        os.close(theirs)
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # the terminal is gone when the program is
                break
            if not some:
                break
            shown += some.decode(errors="replace")
            if first is None and re.search(r"\d ?%|\d+(?:[.,]\d+) (?:procentpunten|percentage points)", shown):
                first = time.perf_counter() - started
        code = child.wait()
    os.close(ours)
    if code == 3:
        raise RuntimeError(shown)
    return first if first is not None else time.perf_counter() - started, code, shown


# --- data quality: peers -------------------------------------------------------------------------------------------------


def frame(log: Path, columns: Sequence[str] = COLUMNS) -> Any:
    """The log in pandas, its texts as plain objects, which every peer accepts."""
    import pandas as pd

    table = pd.read_parquet(log / "log.parquet", columns=list(columns))
    return table.astype({c: object for c in columns if c in TEXTS})


def pandera_polars(log: Path, clock: Clock) -> str:
    with clock("import"):
        import pandera.polars as pa
        import polars as pl
    with clock("load"):
        table = pl.read_parquet(log / "log.parquet")
    return _pandera(pa, table, clock, texts=pl.String, numbers=pl.Float64, whole=pl.Int64)


def pandera_pandas(log: Path, clock: Clock) -> str:
    with clock("import"):
        import pandera.pandas as pa
    with clock("load"):
        table = frame(log)
    return _pandera(pa, table, clock, texts=object, numbers=float, whole="int64")


def _pandera(pa: Any, table: Any, clock: Clock, *, texts: Any, numbers: Any, whole: Any) -> str:
    columns = {n: pa.Column(texts, pa.Check.isin(list(v)), nullable=n in GAPS) for n, v in TEXTS.items()}
    columns |= {n: pa.Column(numbers, pa.Check.in_range(*ends), nullable=n in GAPS) for n, ends in RANGES.items()}
    columns |= {"dossier": pa.Column(whole, unique=True)}
    failures = 0
    with clock("work"):
        try:
            pa.DataFrameSchema(columns).validate(table, lazy=True)
        except pa.errors.SchemaErrors as error:
            failures = len(error.schema_errors)
    return f"{failures} rules broken"


def great_expectations(log: Path, clock: Clock) -> str:
    with clock("import"):
        import great_expectations as gx

        e = gx.expectations
    with clock("load"):
        table = frame(log)
    with clock("work"):
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("log")
        whole = asset.add_batch_definition_whole_dataframe("whole")
        rules = [e.ExpectColumnValuesToBeUnique(column="dossier"), e.ExpectTableRowCountToBeBetween(min_value=1)]
        rules += [e.ExpectColumnMaxToBeBetween(column="ingediend_op", min_value=made_log.FIRST_DAY)]
        rules += [e.ExpectColumnValuesToNotBeNull(column=c) for c in COLUMNS]
        rules += [e.ExpectColumnUniqueValueCountToBeBetween(column=c, min_value=1) for c in COLUMNS]
        rules += [e.ExpectColumnValuesToBeInSet(column=c, value_set=list(v)) for c, v in TEXTS.items()]
        rules += [e.ExpectColumnValuesToBeBetween(column=c, min_value=a, max_value=b) for c, (a, b) in RANGES.items()]
        suite = context.suites.add(gx.ExpectationSuite(name="all", expectations=rules))
        asked = gx.ValidationDefinition(name="all", data=whole, suite=suite)
        found = context.validation_definitions.add(asked).run(batch_parameters={"dataframe": table})
    return f"{sum(not r.success for r in found.results)} of {len(found.results)} rules broken"


# --- fairness: peers -----------------------------------------------------------------------------------------------------


def fairlearn(log: Path, clock: Clock) -> str:
    with clock("import"):
        from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate
        from sklearn.metrics import precision_score
    with clock("load"):
        table = frame(log, NEEDED).fillna({"wijk": "?"})
    metrics = {"selection": selection_rate, "tpr": true_positive_rate, "fpr": false_positive_rate, "rows": count}
    metrics["precision"] = lambda true, said: precision_score(true, said, zero_division=0)
    gaps = []
    with clock("work"):
        for columns in ([c] for c in PROTECTED):
            gaps.append(_metric_frame(MetricFrame, metrics, table, columns))
        _metric_frame(MetricFrame, metrics, table, list(TOGETHER))
    return f"origin: {gaps[2]:.4f} apart in true positive rate; no intervals"


def _metric_frame(metric_frame: Any, metrics: dict[str, Any], table: Any, columns: list[str]) -> float:
    found = metric_frame(
        metrics=metrics, y_true=table["terecht"], y_pred=table["toegekend"], sensitive_features=table[columns]
    )
    found.ratio()
    return float(found.difference()["tpr"])


def aequitas(log: Path, clock: Clock) -> str:
    with clock("import"):
        from aequitas.bias import Bias
        from aequitas.group import Group
    with clock("load"):
        table = frame(log, NEEDED[:-1]).fillna({"wijk": "?"})
        table = table.rename(columns={"toegekend": "score", "terecht": "label_value"})
    with clock("work"):
        table["together"] = table[TOGETHER[0]].str.cat([table[c] for c in TOGETHER[1:]], sep="|")
        rates, _ = Group().get_crosstabs(table, attr_cols=[*PROTECTED, "together"])
        Bias().get_disparity_major_group(rates, original_df=table, mask_significance=True)
    origin = rates[rates.attribute_name == "herkomst"]["tpr"]
    return f"origin: {origin.max() - origin.min():.4f} apart in true positive rate; no intervals"


# --- privacy and drift: peers --------------------------------------------------------------------------------------------


def pycanon(log: Path, clock: Clock) -> str:
    with clock("import"):
        from pycanon import anonymity
    with clock("load"):
        table = frame(log, [*QUASI, SENSITIVE]).dropna().reset_index(drop=True)
    with clock("work"):
        k = anonymity.k_anonymity(table, list(QUASI))
        few = anonymity.l_diversity(table, list(QUASI), [SENSITIVE])
        apart = anonymity.t_closeness(table, list(QUASI), [SENSITIVE])
    return f"k {k}, l {few}, t {apart:.3f}"


def _halves(log: Path) -> tuple[Any, Any]:
    import pandas as pd

    table = frame(log, ["ingediend_op", *FOLLOWED])
    late = table.pop("ingediend_op") >= pd.Timestamp(made_log.LAST_VALIDATED) + pd.Timedelta(days=1)
    return table[~late].reset_index(drop=True), table[late].reset_index(drop=True)


def evidently(log: Path, clock: Clock) -> str:
    with clock("import"):
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset
    with clock("load"):
        old, new = _halves(log)
    with clock("work"):
        kinds = DataDefinition(numerical_columns=[*RANGES, "score"], categorical_columns=list(TEXTS))
        given = [Dataset.from_pandas(half, data_definition=kinds) for half in (new, old)]
        found = Report([DataDriftPreset(num_method="psi", cat_method="psi")]).run(given[0], given[1]).dict()
    return f"{len(found['metrics'])} results, PSI"


def scipy_by_hand(log: Path, clock: Clock) -> str:
    with clock("import"):
        import numpy as np
        from scipy.spatial.distance import jensenshannon
        from scipy.stats import ks_2samp
    with clock("load"):
        old, new = _halves(log)
    found = {}
    with clock("work"):
        for name in (*RANGES, "score"):
            a, b = old[name].dropna(), new[name].dropna()
            edges = np.unique(np.quantile(a, np.linspace(0, 1, 11)[1:-1]))
            shares = [np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) / len(x) for x in (a, b)]
            found[name] = (ks_2samp(a, b, method="asymp").statistic, jensenshannon(*shares))
        for name in TEXTS:
            counted = [half[name].value_counts(normalize=True) for half in (old, new)]
            every = sorted({*counted[0].index, *counted[1].index})
            shares = [c.reindex(every).fillna(0).to_numpy() for c in counted]
            found[name] = (0.0, jensenshannon(*shares))
    return f"{len(found)} columns, KS and JS"


# --- the contenders ------------------------------------------------------------------------------------------------------

FLOORS: dict[str, tuple[str, ...]] = {
    "all columns": COLUMNS,
    "fairness": NEEDED,
    "k-anonymity": (*QUASI, SENSITIVE),
    "drift": ("ingediend_op", *FOLLOWED),
}
PANDAS = ("pandas", "pyarrow")
ALL, OURS = "all columns", "vangrail"
CONTENDERS = (
    *(Contender("floor", name, floor(columns), name, "duckdb") for name, columns in FLOORS.items()),
    Contender("together", "data and fairness", vangrail("data", "fairness"), ALL, OURS),
    Contender("together", "data, fairness, drift, privacy", vangrail("data", "fairness", "drift", "privacy"), ALL, OURS),
    Contender("together", "every family", vangrail(), ALL, OURS),
    Contender("together", "every family, from CSV", vangrail(source="log.csv"), ALL, OURS, most=2_000_000),
    Contender("together", "only the fingerprint", fingerprint, ALL, OURS),
    Contender("together", "`vangrail assess`, the whole program", whole_program, ALL, OURS),
    Contender("data quality", OURS, vangrail("data"), ALL, OURS),
    Contender("data quality", "pandera on Polars", pandera_polars, ALL, "pandera", ("pandera[polars]",)),
    Contender("data quality", "pandera on pandas", pandera_pandas, ALL, "pandera", ("pandera[pandas]", *PANDAS)),
    Contender("data quality", "Great Expectations", great_expectations, ALL, "great-expectations", ("great-expectations", *PANDAS)),
    Contender("fairness", OURS, vangrail("fairness"), "fairness", OURS),
    Contender("fairness", "fairlearn MetricFrame", fairlearn, "fairness", "fairlearn", ("fairlearn", *PANDAS)),
    Contender("fairness", "Aequitas", aequitas, "fairness", "aequitas", ("aequitas", *PANDAS)),
    Contender("k-anonymity", OURS, vangrail("k-anonymity", "l-diversity", "t-closeness"), "k-anonymity", OURS),
    Contender("k-anonymity", "pycanon", pycanon, "k-anonymity", "pycanon", ("pycanon", *PANDAS)),
    Contender("drift", OURS, vangrail("drift"), "drift", OURS),
    Contender("drift", "Evidently", evidently, "drift", "evidently", ("evidently", "pandas<3", "pyarrow")),
    Contender("drift", "scipy by hand", scipy_by_hand, "drift", "scipy", ("scipy", *PANDAS)),
    Contender("other families", "privacy, identifiers too", vangrail("privacy"), ALL, OURS),
    Contender("other families", "proxies", vangrail("proxies"), ALL, OURS),
    Contender("other families", "performance", vangrail("performance"), ALL, OURS),
    *(
        Contender(
            "growth", f"{groups} groups, {columns} columns", vangrail("data", "fairness", "drift", made=grown(groups, columns)),
            ALL, OURS, most=1_000_000,
        )
        for groups, columns in ((10, 10), (100, 10), (1000, 10), (10, 20), (10, 40), (10, 80), (100, 80))
    ),
)  # fmt: skip
START = (
    Contender("start", "`vangrail --help`", help_text, ALL, OURS),
    Contender("start", "`vangrail assess`, 10,000 rows", whole_program, ALL, OURS),
)


# --- running -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one process of a contender took."""

    seconds: dict[str, float]
    peak_mib: float
    version: str
    found: str


def environment(one: Contender, folder: Path) -> Path | str:
    """The Python that has what a contender needs, or why there is none."""
    if not one.needs:
        return Path(sys.executable)
    place = folder / "peers" / re.sub(r"\W+", "-", one.name.lower())
    ready, wanted = place / "installed", " ".join(one.needs)
    if not ready.exists() or ready.read_text() != wanted:
        shutil.rmtree(place, ignore_errors=True)
        tell(f"installing {one.name}")
        python = place / "bin" / "python"
        for command in (["-m", "venv", str(place)], ["-m", "pip", "install", "--quiet", *one.needs]):
            by = sys.executable if command[1] == "venv" else str(python)
            done = subprocess.run([by, *command], capture_output=True, text=True, check=False)
            if done.returncode:
                return "not installed: " + (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        ready.write_text(wanted)
    return place / "bin" / "python"


def once(one: Contender, python: Path, log: Path) -> Round | str:
    """Run a contender in a process of its own; what it took, or why it failed."""
    command = [str(python), __file__, "--one", one.key, "--folder", str(log)]
    quiet = {"PYTHONWARNINGS": "ignore", "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false"}
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=out, stderr=errors, env=os.environ | quiet) as child,
    ):
        peak, started, stopped = 0, time.perf_counter(), ""
        while child.poll() is None:
            peak = max(peak, resident(child.pid))
            if time.perf_counter() - started > PATIENCE_SECONDS:
                stopped = f"stopped after {PATIENCE_SECONDS} s"
            elif peak > MOST_MEMORY:
                stopped = f"stopped at {peak >> 30} GiB"
            if stopped:
                child.kill()
            time.sleep(0.02)
        out.seek(0)
        errors.seek(0)
        lines, last = out.read().splitlines(), errors.read().strip().splitlines()[-1:]
    if stopped or child.returncode:
        return stopped or f"failed: {''.join(last)}"[:200]
    told = json.loads(lines[-1])
    return Round(peak_mib=max(peak, told.pop("peak")) / 2**20, **told)


def resident(pid: int) -> int:
    """The most bytes that a process and its living children have held in memory, each at its own peak."""
    try:
        own = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (int(own[1]) * 1024 if own else 0) + sum(resident(int(c)) for c in children)


def run_one(key: str, log: Path) -> None:
    """What the process of a contender does: the work, and one line about it."""
    import resource

    warnings.simplefilter("ignore")
    one = next(c for c in (*CONTENDERS, *START) if c.key == key)
    clock = Clock()
    found = one.run(log, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = {"seconds": clock.seconds, "peak": peak, "version": f"{one.package} {version(one.package)}", "found": found}
    print("\n" + json.dumps(told))


def tell(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def compare(contenders: Sequence[Contender], log: Path, folder: Path, rounds: int) -> dict[str, list[Round] | str]:
    """All contenders in turn, round after round."""
    pythons = {c.key: environment(c, folder) for c in contenders}
    taken: dict[str, list[Round] | str] = {c.key: [] for c in contenders}
    for number in range(rounds):
        for one in contenders:
            python, so_far = pythons[one.key], taken[one.key]
            if isinstance(python, str):
                taken[one.key] = python
                continue
            if isinstance(so_far, str) or (so_far and so_far[0].seconds["work"] > SLOW_SECONDS):
                continue
            found = once(one, python, log)
            tell(
                f"round {number + 1}, {log.name} rows, {one.key}: {found if isinstance(found, str) else found.seconds}"
            )
            if isinstance(found, str):
                taken[one.key] = found
            else:
                so_far.append(found)
    return taken


def table(contenders: Sequence[Contender], taken: dict[str, list[Round] | str]) -> Iterator[str]:
    """The medians, as Markdown."""
    yield "| work | contender | seconds | x floor | x floor, processor | load s | import s | peak MiB | version | what it found |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---|---|"
    for one in contenders:
        got = taken[one.key]
        if isinstance(got, str):
            yield f"| {one.work} | {one.name} | {got} | | | | | | | |"
            continue
        base = taken.get(f"floor: {one.floor}", [])

        def ratio(stage: str, got: list[Round] = got, base: list[Round] | str = base) -> str:
            if isinstance(base, str) or not base:
                return ""
            return f"{median(r.seconds[stage] / b.seconds[stage] for r, b in zip(got, base, strict=False)):.1f}"

        def shown(stage: str, got: list[Round] = got) -> str:
            return f"{median(r.seconds[stage] for r in got):.2f}" if stage in got[0].seconds else ""

        few = " (1 round)" if isinstance(base, list) and len(got) < len(base) else ""
        yield (
            f"| {one.work} | {one.name}{few} | {shown('work')} | {ratio('work')} | {ratio('work, processor')} | {shown('load')} "
            f"| {shown('import')} | {median(r.peak_mib for r in got):.0f} | {got[0].version} | {got[len(got) // 2].found} |"
        )


def machine() -> str:
    """What it ran on, and how busy that was."""
    about = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", about)
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {int(memory[1]) >> 20 if memory else '?'} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; load average {load}"
    )


def main() -> None:
    """Make the logs, run everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true", help="also what people use today, on the first number of rows")
    parser.add_argument("--only", nargs="+", default=[], help="only contenders with one of these words in their name")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "vangrail-speed")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run_one(given.one, given.folder)
        return
    for place, rows in enumerate([10_000, *given.rows]):
        log = given.folder / str(rows)
        tell(f"making {rows} rows")
        subprocess.run([sys.executable, made_log.__file__, str(log), str(rows)], check=True)
        contenders = [
            c
            for c in (START if place == 0 else CONTENDERS)
            if (not c.needs or (given.peers and place == 1))
            and rows <= (c.most or rows)
            and (c.work == "floor" or not given.only or any(word in c.key for word in given.only))
        ]
        before = machine()
        taken = compare(contenders, log, given.folder, given.rounds)
        load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
        print(
            f"\n**{rows:,} rows**, median of {given.rounds} round{'s' * (given.rounds > 1)}. {before} before, {load} after.\n"
        )
        print("\n".join(table(contenders, taken)), flush=True)


if __name__ == "__main__":
    main()
