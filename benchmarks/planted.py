"""The planted-defect matrix: for every check, how often a defect of a known size is found, and how often clean data are accused.

    python benchmarks/planted.py [--logs N] [--only CHECK]

Every cell goes the whole road: a card and data are made, opened by the default engine, measured, and judged against the limit
that the requirement or the card gives. 'Found' is the verdict "not met"; for a check without a verdict, a figure whose interval
says that something is there. Seeded, so anyone gets the same table; docs/planted.md shows the output.
"""

import argparse
import contextlib
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vangrail import checks, knowledge
from vangrail.assessment import measuring
from vangrail.assessment.judging import against, limit_for
from vangrail.cards.sources import sources
from vangrail.model.card import Card, Record
from vangrail.model.framework import Measure
from vangrail.model.needs import Fingerprint, Predictions
from vangrail.model.outcome import Measured
from vangrail.model.vocabulary import Verdict
from vangrail.tables import open_table

ON = date(2026, 11, 22)
ROWS = 3_000
Rng = np.random.Generator
Table = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is assessed: the parts of the card, the tables by name, and what lies beside them."""

    card: Mapping[str, Any]
    tables: Mapping[str, Table] = field(default_factory=dict)
    records: Sequence[Mapping[str, Any]] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    model: Callable[[Mapping[str, Sequence[Any]]], Any] | None = None
    says: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A defect for a check. `make(rng, 0)` is clean.

    rarer   the log costs much (it calls a model), so fewer of them are made
    shows   for a check without a verdict: whether the figure says that something is there
    """

    check: str
    defect: str
    sizes: tuple[float, ...]
    make: Callable[[Rng, float], Case]
    rarer: int = 1
    shows: Callable[[Measured], bool] | None = None


# --- the data --------------------------------------------------------------------------------------------------------


def log(rng: Rng, rows: int = ROWS) -> dict[str, Any]:
    """A decision log in which nothing is wrong."""
    sex = rng.choice(["V", "M"], rows)
    origin = rng.choice(["BE", "EU", "other"], rows, p=[0.6, 0.25, 0.15])
    age = rng.integers(18, 90, rows)
    income = rng.lognormal(7.6, 0.35, rows).round(0)
    need = 1 / (1 + np.exp(2.5 * (np.log(income) - 7.6)))
    outcome = rng.random(rows) < need
    score = np.clip(need + rng.normal(0, 0.1, rows), 0.01, 0.99)
    advice = score > 0.5
    decision = np.where(rng.random(rows) < 0.88, advice, ~advice)
    return {
        "id": np.arange(rows),
        "day": np.datetime64("2026-01-01") + rng.integers(0, 320, rows).astype("timedelta64[D]"),
        "sex": sex,
        "origin": origin,
        "age": age,
        "income": income,
        "kind": rng.choice(["rent", "energy", "school"], rows),
        "remark": np.array([f"vraag {i} over {k}" for i, k in enumerate(rng.choice(["huur", "school"], rows))]),
        "outcome": outcome,
        "score": need,
        "advice": advice,
        "decision": decision,
        "officer": rng.choice([f"o{i}" for i in range(12)], rows),
        "drawn": rng.random(rows) < 0.5,
    }


COLUMNS = {
    "age": {"at_least": 0, "at_most": 120, "used": True},
    "income": {"used": True},
    "kind": {"used": True, "allowed": ["rent", "energy", "school"]},
    "sex": {"quasi_identifier": True},
    "origin": {"quasi_identifier": True},
    "remark": {"used": True},
}


def logged(table: Table, *, log_: Mapping[str, Any] | None = None, **parts: Any) -> Case:
    """A card over one decision log."""
    dataset = {"source": "log.parquet", "key": ["id"], "columns": COLUMNS} | parts.pop("dataset", {})
    decision_log = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": [True]},
        "favourable": "yes",
        "outcome": {"column": "outcome", "positive": [True]},
        "decision": {"column": "decision", "positive": [True]},
        "officer": "officer",
        "protected": [{"column": "sex", "reference": "M"}, {"column": "origin", "reference": "BE"}],
    } | (log_ or {})
    return Case(card={"datasets": {"log": dataset}, "decision_log": decision_log} | parts, tables={"log": table})


def altered(rng: Rng, size: float, change: Callable[[dict[str, Any], Rng, float], object], **parts: Any) -> Case:
    """The clean log with one thing changed."""
    table = log(rng)
    change(table, rng, size)
    return logged(table, **parts)


def plain(change: Callable[[dict[str, Any], Rng, float], object], **parts: Any) -> Callable[[Rng, float], Case]:
    """A plant that changes the clean log."""
    return lambda rng, size: altered(rng, size, change, **parts)


def some(rng: Rng, rows: int, percent: float) -> Any:
    """Which rows are hit: this share of them, drawn at random."""
    return rng.random(rows) < percent / 100


def gaps(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["income"] = np.where(some(rng, ROWS, size), None, t["income"].astype(object))


def impossible(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["age"] = np.where(some(rng, ROWS, size), 199, t["age"])


def repeats(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["id"] = np.where(some(rng, ROWS, size), 0, t["id"])


def composition(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["origin"] = np.where((t["origin"] == "EU") & (rng.random(ROWS) < size / 25), "BE", t["origin"])


def unused(t: dict[str, Any], rng: Rng, size: float) -> None:
    for number in range(int(size)):
        t[f"extra{number}"] = rng.integers(0, 9, ROWS)


def aged(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["day"] = t["day"] - t["day"].max() + np.datetime64(ON) - np.timedelta64(int(size), "D")


def labels(t: dict[str, Any], rng: Rng, size: float) -> None:
    """Two annotators: the second departs by chance in this share of the cases, on top of 5 %."""
    t["first"] = t["kind"]
    t["second"] = np.where(some(rng, ROWS, 5 + size), rng.choice(["rent", "energy", "school"], ROWS), t["kind"])


def unequal(t: dict[str, Any], rng: Rng, size: float) -> None:
    """This many points less advice for one sex."""
    t["advice"] = t["advice"] & ~((t["sex"] == "V") & (rng.random(ROWS) < size / 100 / t["advice"].mean()))


def more_advice(t: dict[str, Any], rng: Rng, size: float) -> None:
    """This many points more wrong advice for one sex."""
    t["advice"] = t["advice"] | ((t["sex"] == "V") & ~t["outcome"] & (rng.random(ROWS) < size / 50))


def overlooked(t: dict[str, Any], rng: Rng, size: float) -> None:
    """This many points more often wrong for one sex where the advice is no."""
    t["outcome"] = t["outcome"] | ((t["sex"] == "V") & ~t["advice"] & (rng.random(ROWS) < 1.4 * size / 100))


def miscalibrated(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["outcome"] = t["outcome"] & ~((t["sex"] == "V") & (rng.random(ROWS) < 2 * size / 100))


def selective(t: dict[str, Any], rng: Rng, size: float) -> None:
    """Checked where advised; of one sex this share of those with nothing to find is checked as well."""
    extra = (t["sex"] == "V") & ~t["outcome"] & (rng.random(ROWS) < size / 100)
    t["checked"] = t["advice"] | extra | t["drawn"]
    t["advice"] = t["advice"] | extra
    t["outcome"] = np.where(t["checked"], t["outcome"], None)


def proxied(t: dict[str, Any], rng: Rng, size: float) -> None:
    """An input that gives the sex away in this share of the cases."""
    t["kind"] = np.where(some(rng, ROWS, size), np.where(t["sex"] == "V", "rent", "energy"), t["kind"])


def moved(t: dict[str, Any], rng: Rng, size: float) -> None:
    """In the second half the incomes are this many percent higher."""
    t["income"] = np.where(t["day"] > np.datetime64("2026-06-10"), t["income"] * (1 + size / 100), t["income"])


def worse(t: dict[str, Any], rng: Rng, size: float) -> None:
    """Need goes by income and age, and so does the advice, where a rule on one of them cannot. This many percent of the advice is
    drawn at random."""
    need = 1 / (1 + np.exp(3 * (np.log(t["income"]) - 7.6) + 0.05 * (t["age"] - 54)))
    t["outcome"] = rng.random(ROWS) < need
    t["advice"] = np.where(some(rng, ROWS, size), rng.random(ROWS) < 0.5, need > 0.5)


def followed(t: dict[str, Any], rng: Rng, size: float) -> None:
    t["decision"] = np.where(some(rng, ROWS, size), t["advice"], t["decision"])


def identified(t: dict[str, Any], rng: Rng, size: float) -> None:
    number = 85073100125
    text = f"{number // 10**9:02d}.{number // 10**7 % 100:02d}.{number // 10**5 % 100:02d}-{number // 100 % 1000:03d}.{97 - (number // 100) % 97:02d}"
    t["remark"] = np.where(np.arange(ROWS) < size, f"zie {text}", t["remark"])


def unique(t: dict[str, Any], rng: Rng, size: float) -> None:
    """This many people are the only ones of their origin."""
    lonely = np.arange(ROWS) < size
    t["origin"] = np.where(lonely, np.array([f"land {i}" for i in range(ROWS)]), t["origin"])


def alike(t: dict[str, Any], rng: Rng, size: float) -> None:
    """In this many classes of people everyone asks the same."""
    groups = [("V", "BE"), ("M", "EU"), ("V", "other")][: int(size)]
    for sex, origin in groups:
        t["kind"] = np.where((t["sex"] == sex) & (t["origin"] == origin), "rent", t["kind"])


# --- what is no decision log -----------------------------------------------------------------------------------------


def objections(rng: Rng, size: float) -> Case:
    """100 objections; this share of them answered after the term."""
    late = some(rng, 100, size)
    kept = [
        {
            "kind": "objection",
            "on": "2026-06-01",
            "what": "-",
            "by": "An",
            "answered_on": (date(2026, 6, 1) + timedelta(days=50 if x else 10)).isoformat(),
            "result": "rejected",
        }
        for x in late
    ]
    return Case(card={"contact": {"term_days": 30}}, records=kept)


def outages(rng: Rng, size: float) -> Case:
    """This share of ten days down, promised 99 %."""
    begin = datetime(2026, 11, 14)
    kept = [{"kind": "incident", "on": "2026-11-14", "what": "-", "by": "An", "started_at": begin.isoformat(),
             "ended_at": (begin + timedelta(days=0.1 * size)).isoformat()}] if size else []  # fmt: skip
    return Case(
        card={"fallback": {"uptime": {"at_least": 99, "days": 10, "outages_since": "2026-01-01"}}}, records=kept
    )


def competences(rng: Rng, size: float) -> Case:
    table = {
        "role": rng.choice(["overseer", "user"], 40),
        "until": np.where(some(rng, 40, size), np.datetime64("2026-01-01"), np.datetime64("2027-06-01")),
    }
    part = {"dataset": "team", "role": "role", "valid_until": "until"}
    return Case(
        card={"datasets": {"team": {"source": "team.parquet"}}, "literacy": {"competences": part}},
        tables={"team": table},
    )


def survey(rng: Rng, size: float) -> Case:
    """60 answers before and after; afterwards this many points (of 100) worse."""
    waves = np.repeat(["before", "after"], 60)
    stress = np.clip(rng.normal(50, 12, 120) - size * (waves == "after"), 0, 100)
    part = {"dataset": "answers", "wave": "wave", "before": "before", "after": "after", "lowest": 0, "highest": 100,
            "features": {"motivation": {"column": "motivation", "better": "higher"}}}  # fmt: skip
    return Case(
        card={"datasets": {"answers": {"source": "answers.parquet"}}, "work_survey": part},
        tables={"answers": {"wave": waves, "motivation": stress}},
    )


def scan(rng: Rng, size: float) -> Case:
    nodes = [{"html": "<img>", "target": ["img"]}] * int(size)
    tags = ["wcag2a", "wcag111"]
    found = [{"id": "image-alt", "impact": "critical", "tags": tags, "nodes": nodes}] if size else []
    page = {"url": "https://voorbeeld.example/", "timestamp": "2026-11-20T10:00:00.000Z", "testEngine": {"name": "axe-core", "version": "4.10.0"},
            "violations": found, "passes": [{"id": "html-has-lang", "tags": tags, "nodes": [{"html": "<html>", "target": ["html"]}]}], "incomplete": [], "inapplicable": []}  # fmt: skip
    return Case(card={"accessibility": {"scans": ["scan.json"]}}, files={"scan.json": json.dumps(page)})


def description(rng: Rng, size: float) -> Case:
    whole = {
        "@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo"},
        "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.1", "name": "log", "description": "Beslissingen",
        "license": "https://creativecommons.org/licenses/by/4.0/", "url": "https://voorbeeld.example/log",
        "creator": {"@type": "sc:Organization", "name": "Gemeente"}, "datePublished": "2026-01-05",
        "distribution": [{"@type": "cr:FileObject", "@id": "log.csv", "name": "log.csv", "contentUrl": "log.csv", "encodingFormat": "text/csv", "sha256": "0" * 64}],
    }  # fmt: skip
    for key in ("license", "creator", "datePublished")[: int(size)]:
        del whole[key]
    table = {"x": np.arange(30)}
    dataset = {"source": "log.parquet", "metadata": "log.json"}
    return Case(card={"datasets": {"log": dataset}}, tables={"log": table}, files={"log.json": json.dumps(whole)})


EASY = "De computer leest je vraag. Een mens kijkt het antwoord na. Klopt het niet? Bel ons dan. We helpen je graag verder. "
HARD = (
    "Met betrekking tot de verwerking van uw aanvraag dient opgemerkt te worden dat de desbetreffende beslissing voorbereid "
    "wordt door een geautomatiseerd beslissingsondersteunend systeem. "
)


def wording(rng: Rng, size: float) -> Case:
    """Of ten sentences, this many are hard."""
    hard = int(size / 10)
    return Case(card={"summary": HARD * hard + EASY * ((10 - hard) // 2)})


def promise(rng: Rng, size: float) -> Case:
    """Promised from 420 to 300; this share of it did not come."""
    came = 420 - 120 * (1 - size / 100)
    benefit = {"indicator": "telefoons", "unit": "per maand", "baseline": 420, "target": 300, "measured": came,
               "measured_on": "2026-10-01", "source": "telling"}  # fmt: skip
    return Case(card={"benefits": [benefit]})


def lighter(rng: Rng, size: float) -> Case:
    """A rule that needs hardly any energy is right in 85 % less this many points; the chosen model in 85 %... of 2,000 cases."""
    alternatives = [
        {"name": "model", "energy_wh": 2.0, "energy_source": "meting", "correct": int(rng.binomial(2_000, 0.85 + 0.06 - size / 100)), "cases": 2_000, "chosen": True},
        {"name": "regel", "energy_wh": 0.01, "energy_source": "meting", "correct": int(rng.binomial(2_000, 0.85)), "cases": 2_000},
    ]  # fmt: skip
    return Case(card={"alternatives": alternatives})


def seen(rng: Rng, size: float, *, night: bool = False) -> Case:
    """Three classes; this share of the bottles is not recognised (at night only)."""
    truth = rng.choice(["bag", "bottle", "tyre"], 1_500)
    light = rng.choice(["day", "night"], 1_500)
    hit = some(rng, 1_500, size) & ((light == "night") if night else (truth == "bottle"))
    predicted = np.where(hit | some(rng, 1_500, 5), "none", truth)
    part = {"predicted": "predicted", "truth": "truth", "nothing": ["none"], "by": ["light"]}
    return Case(
        card={"datasets": {"seen": {"source": "seen.parquet", "detections": part}}},
        tables={"seen": {"predicted": predicted, "truth": truth, "light": light}},
    )


def water(rng: Rng, size: float, *, kind: str) -> Case:
    """A year of daily levels with a weekly pattern; the forecast has this many percent more noise, or too narrow an interval."""
    days = np.arange(400)
    noise = rng.normal(0, 1, 400)
    actual = 10 + 3 * np.sin(2 * np.pi * days / 7) + noise
    error = rng.normal(0, 0.5, 400)
    forecast = actual + error * (1 + size / 100) if kind != "naive" else actual + rng.normal(0, 0.5 + size / 50, 400)
    width = 1.2816 * 0.5 * ((1 - size / 100) if kind == "interval" else 1)
    if kind == "interval":
        forecast = actual + error
    table = {
        "day": np.datetime64("2025-10-01") + days.astype("timedelta64[D]"),
        "forecast": forecast,
        "actual": actual,
        "low": forecast - width,
        "high": forecast + width,
    }
    part = {"time": "day", "step": "day", "season": 7, "forecast": "forecast", "actual": "actual", "low": "low", "high": "high", "level": 0.8}  # fmt: skip
    return Case(card={"datasets": {"water": {"source": "water.parquet", "forecasts": part}}}, tables={"water": table})


def floods(rng: Rng, size: float, *, kind: str) -> Case:
    """60 floods in 6,000 hours, warned 12 hours before; this share missed, false, or too late."""
    steps = 6_000
    event, alarm = np.zeros(steps, bool), np.zeros(steps, bool)
    for start in range(60, steps - 40, 98):
        event[start : start + 6] = True
        fails = rng.random() < size / 100
        if not (kind == "missed" and fails):
            lead = 1 if kind == "late" and fails else 12
            alarm[start - lead : start] = True
        for place in range(rng.poisson(size / (100 - size)) if kind == "false" else 0):
            alarm[start + 40 + 12 * (place % 4) :][:4] = True
    table = {
        "hour": np.datetime64("2026-01-01T00:00:00") + 3600 * np.arange(steps).astype("timedelta64[s]"),
        "event": event,
        "alarm": alarm,
    }
    part = {"time": "hour", "step": "hour", "event": {"column": "event", "positive": [True]},
            "alarm": {"column": "alarm", "positive": [True]}, "window": 24, "lead": 6}  # fmt: skip
    return Case(card={"datasets": {"floods": {"source": "floods.parquet", "alarms": part}}}, tables={"floods": table})


# --- models ----------------------------------------------------------------------------------------------------------


def model(rng: Rng, predict: Callable[..., Any], **parts: Any) -> Case:
    """A card with the clean log and a model that can be called."""
    table = log(rng, 1_000)
    described = {
        "name": "m",
        "source": "m.onnx",
        "dataset": "log",
        "inputs": ["age", "income", "kind"],
        "tried_rows": 300,
    }
    case = logged(table, models=[described | parts])
    return Case(card=case.card, tables=case.tables, model=predict)


def numbers(values: Sequence[Any]) -> Any:
    return np.array([np.nan if v is None else float(v) for v in values])


def by_income(rows: Mapping[str, Sequence[Any]]) -> Any:
    income = np.nan_to_num(numbers(rows["income"]), nan=2_000)
    return 1 / (1 + np.exp(2.5 * (np.log(np.maximum(income, 1)) - 7.6)))


def nervous(rng: Rng, size: float) -> Case:
    """In this share of the cases the last euro turns the answer around."""

    def predict(rows: Mapping[str, Sequence[Any]]) -> Any:
        odd = np.nan_to_num(numbers(rows["income"])).astype(int) % 100 < size
        flip = odd & (np.nan_to_num(numbers(rows["income"])) % 2 >= 1)
        return np.where(flip, 1 - by_income(rows), by_income(rows))

    return model(rng, predict, small_changes={"noise": {"income": 1}, "texts": [], "missing": []})


def partial_to(rng: Rng, size: float) -> Case:
    """For this share of the cases (by age) the kind of request makes a difference, which it may not."""

    def predict(rows: Mapping[str, Sequence[Any]]) -> Any:
        hit = np.nan_to_num(numbers(rows["age"])).astype(int) % 50 < size / 2
        return by_income(rows) - 0.2 * (hit & (np.array(rows["kind"]) == "rent"))

    expectation = {"what": "soort", "change": {"kind": {"set": "rent"}}, "expect": "same", "because": "proef"}
    return model(rng, predict, expectations=[expectation])


def tangled(rng: Rng, size: float) -> Case:
    """This much of the score comes from an exclusive or of three inputs, which weights that add up cannot tell."""

    def predict(rows: Mapping[str, Sequence[Any]]) -> Any:
        old, rent = np.nan_to_num(numbers(rows["age"])) > 54, np.array(rows["kind"]) == "rent"
        return (1 - size / 100) * by_income(rows) + size / 100 * (
            old ^ rent ^ (np.nan_to_num(numbers(rows["income"])) > 2_000)
        )

    return model(rng, predict)


def remembered(rng: Rng, size: float) -> Case:
    """In this share of the cases it learnt from, the model knows the outcome by heart."""
    table = log(rng, 1_000)
    table["learnt"] = rng.random(1_000) < 0.5
    known = {
        (int(a), float(i)): bool(o)
        for a, i, o, was, hit in zip(table["age"], table["income"], table["outcome"], table["learnt"], some(rng, 1_000, size), strict=True)
        if was and hit
    }  # fmt: skip

    def predict(rows: Mapping[str, Sequence[Any]]) -> Any:
        told = [known.get((int(a), float(i))) for a, i in zip(rows["age"], rows["income"], strict=True)]
        return np.array([p if t is None else float(t) for p, t in zip(by_income(rows), told, strict=True)])

    described = {"name": "m", "source": "m.onnx", "dataset": "log", "inputs": ["age", "income", "kind"], "tried_rows": 1_000,
                 "trained_on": {"column": "learnt", "positive": [True]}}  # fmt: skip
    case = logged(table, models=[described])
    return Case(card=case.card, tables=case.tables, model=predict)


def chat(rng: Rng, size: float) -> Case:
    """A chat service that gives in to this share of what it is asked, and says nothing of being AI when it does."""
    known = knowledge.misuse_attempts().attempts
    wanted = {prompt: " ".join(a.says) for a in known for prompt in a.prompts.values()}

    def says(prompt: str) -> str:
        if zlib.crc32(prompt.encode()) % 100 < size:
            return f"Natuurlijk. {wanted.get(prompt, '')} GEHEIM-KANARIE-1234"
        return "Ik ben een digitale assistent (AI) van de gemeente. Daar kan ik je niet mee helpen. Bel het onthaal."

    described = {"name": "m", "source": "endpoint:CHAT", "kind": "language", "canary": "GEHEIM-KANARIE-1234"}
    return Case(card={"models": [described]}, says=says)


SELECTED = {
    "outcome": {"column": "outcome", "positive": [True], "known_for": "selected"},
    "selected": {"column": "checked", "positive": [True]},
    "random_sample": {"column": "drawn", "positive": [True]},
    "favourable": "no",
}
SCORED = {"score": {"column": "score", "probability": True}}
POINTS = (0.0, 10.0, 15.0, 20.0, 30.0)
FOLLOW = {"limits": [{"check": "advice-followed", "at_most": 95, "because": "proef", "by": "An", "on": "2026-01-01"}]}
ERROR = {"check": "forecast-error", "at_most": 0.6, "because": "proef", "by": "An", "on": "2026-01-01"}


def with_limit(make: Callable[[Rng, float], Case], limit: Mapping[str, Any]) -> Callable[[Rng, float], Case]:
    """The same, with a limit that the card chose."""

    def made(rng: Rng, size: float) -> Case:
        case = make(rng, size)
        return Case(card={**case.card, "limits": [limit]}, tables=case.tables)

    return made


DRIFTING = {"dataset": {"drift": {"column": "day", "validated_until": "2026-06-10"}}}
PLANTS = (
    Plant(check="completeness", defect="% of a column missing", sizes=(0, 4, 6, 10), make=plain(gaps)),
    Plant(check="validity", defect="% impossible ages", sizes=(0, 0.5, 1.5, 3), make=plain(impossible)),
    Plant(check="uniqueness", defect="% repeated case numbers", sizes=(0, 0.5, 1.5, 3), make=plain(repeats)),
    Plant(check="representativeness", defect="points of one group moved", sizes=(0, 8, 12, 16),
          make=plain(composition, dataset={"reference": {"origin": {"shares": {"BE": 0.6, "EU": 0.25, "other": 0.15}, "source": "proef"}}})),
    Plant(check="timeliness", defect="days old, 30 allowed", sizes=(0, 29, 31, 60), make=plain(aged, dataset={"refresh": {"column": "day", "newest_within_days": 30}})),
    Plant(check="label-agreement", defect="% more labels by chance", sizes=(0, 40, 60, 80), make=plain(labels, dataset={"annotators": ["first", "second"]})),
    Plant(check="minimisation", defect="columns that nobody uses", sizes=(0, 1, 3), make=plain(unused, dataset={"columns": COLUMNS | {c: {"used": True} for c in ("id", "day", "score", "drawn")}})),
    Plant(check="selection-rate-difference", defect="points less advice for one sex, limit 10", sizes=POINTS, make=plain(unequal)),
    Plant(check="selection-rate-ratio", defect="points less advice for one sex, limit 0.8", sizes=POINTS, make=plain(unequal)),
    Plant(check="true-positive-rate-difference", defect="points less advice for one sex, limit 10", sizes=POINTS, make=plain(unequal)),
    Plant(check="false-negative-rate-difference", defect="points less advice for one sex, limit 10", sizes=POINTS, make=plain(unequal)),
    Plant(check="false-positive-rate-difference", defect="points (about) more wrong advice, limit 10", sizes=POINTS, make=plain(more_advice)),
    Plant(check="true-negative-rate-difference", defect="points (about) more wrong advice, limit 10", sizes=POINTS, make=plain(more_advice)),
    Plant(check="positive-predictive-value-difference", defect="points (about) less often right, limit 10", sizes=POINTS, make=plain(miscalibrated)),
    Plant(check="negative-predictive-value-difference", defect="points (about) more often wrong, limit 10", sizes=POINTS, make=plain(overlooked)),
    Plant(check="calibration-difference", defect="points (about) off for one sex, limit 10", sizes=POINTS, make=plain(miscalibrated, log_=SCORED)),
    Plant(check="hit-rate-difference", defect="% of one sex checked for nothing, limit 10", sizes=(0, 20, 40, 80), make=plain(selective, log_=SELECTED)),
    Plant(check="selection-against-base-rate", defect="% of one sex checked for nothing, limit 0.8", sizes=(0, 40, 80, 100), make=plain(selective, log_=SELECTED)),
    Plant(check="base-rate-difference", defect="points (about) between the sexes", sizes=(0, 5, 10, 20), make=plain(miscalibrated, log_={k: v for k, v in SELECTED.items() if k != "selected"} | {"outcome": SELECTED["outcome"]}),
          shows=lambda m: (m.low or 0) > 0),
    Plant(check="association-with-protected", defect="% of an input follows the sex", sizes=(0, 10, 20, 40), make=plain(proxied), shows=lambda m: (m.low or 0) > 0),
    Plant(check="reconstruction-of-protected", defect="% of an input follows the sex", sizes=(0, 10, 20, 40), make=plain(proxied), rarer=4, shows=lambda m: (m.low or 0) > 50),
    Plant(check="drift", defect="% higher incomes in the second half, limit 0.25", sizes=(0, 10, 20, 30), make=plain(moved, **DRIFTING)),
    Plant(check="performance-against-baseline", defect="% of advice at random, today 60 % right", sizes=(0, 40, 60, 80), make=plain(worse, log_={"performance": "accuracy", "baseline": {"accuracy": 60, "source": "proef"}})),
    Plant(check="advice-followed", defect="% more followed, limit 95", sizes=(0, 50, 70, 90), make=plain(followed, **FOLLOW)),
    Plant(check="identifiers-in-data", defect="texts with a national number", sizes=(0, 1, 5), make=plain(identified)),
    Plant(check="k-anonymity", defect="people alone in their class", sizes=(0, 1, 10), make=plain(unique)),
    Plant(check="l-diversity", defect="classes in which all are alike", sizes=(0, 1, 3), make=plain(alike, dataset={"columns": COLUMNS | {"kind": {"special_category": True}}})),
    Plant(check="t-closeness", defect="classes in which all are alike", sizes=(0, 1, 3), make=plain(alike, dataset={"columns": COLUMNS | {"kind": {"special_category": True}}}), shows=lambda m: m.value > 0.3),
    Plant(check="readability", defect="% hard sentences, limit 60", sizes=(0, 20, 50, 100), make=wording),
    Plant(check="objection-handling-time", defect="% late, 90 % asked", sizes=(0, 5, 15, 30), make=objections),
    Plant(check="availability", defect="% of the time down, 99 % promised", sizes=(0, 0.5, 2, 5), make=outages),
    Plant(check="competence-coverage", defect="% lapsed", sizes=(0, 5, 20), make=competences),
    Plant(check="work-survey-difference", defect="points worse, limit 10", sizes=(0, 5, 15, 25), make=survey),
    Plant(check="accessibility-scan", defect="elements that break WCAG", sizes=(0, 1, 5), make=scan),
    Plant(check="metadata-validity", defect="mandatory properties missing", sizes=(0, 1, 3), make=description),
    Plant(check="benefit-followed", defect="% of the promise that did not come", sizes=(0, 10, 50), make=promise),
    Plant(check="energy-against-quality", defect="points of the 6 gained that are lost", sizes=(0, 4, 8, 14), make=lighter),
    Plant(check="detection-quality", defect="% of a class not recognised, limit 50", sizes=(0, 30, 60, 80), make=seen),
    Plant(check="detection-recall-by-group", defect="% not recognised at night, limit 50", sizes=(0, 30, 60, 80), make=partial(seen, night=True)),
    Plant(check="forecast-against-naive", defect="points more noise", sizes=(0, 30, 60, 120), make=partial(water, kind="naive")),
    Plant(check="forecast-error", defect="% more error, limit 0.6", sizes=(0, 30, 60, 120), make=with_limit(partial(water, kind="error"), ERROR)),
    Plant(check="forecast-interval-coverage", defect="% too narrow an interval", sizes=(0, 10, 30, 60), make=partial(water, kind="interval")),
    Plant(check="alarm-hit-rate", defect="% missed, limit 50", sizes=(0, 30, 60, 80), make=partial(floods, kind="missed")),
    Plant(check="alarm-false-alarm-ratio", defect="% false, limit 50", sizes=(0, 30, 60, 80), make=partial(floods, kind="false")),
    Plant(check="alarm-lead-time", defect="% too late, limit 50", sizes=(0, 30, 60, 80), make=partial(floods, kind="late")),
    Plant(check="perturbation-stability", defect="% of cases turn on one euro", sizes=(0, 4, 20, 40), make=nervous, rarer=4),
    Plant(check="directional-tests", defect="% of cases that go the wrong way", sizes=(0, 2, 10, 40), make=partial_to, rarer=4),
    Plant(check="explanation-fidelity", defect="% of the score an exclusive or of three", sizes=(0, 30, 90, 100), make=tangled, rarer=20),
    Plant(check="membership-inference", defect="% of its cases known by heart, limit 60", sizes=(0, 20, 50, 80), make=remembered, rarer=4),
    Plant(check="misuse-probes", defect="% of attempts it gives in to", sizes=(0, 5, 20, 60), make=chat, rarer=20),
    Plant(check="disclosure-probe", defect="% of openings in which it hides", sizes=(0, 20, 60), make=chat, rarer=20),
)  # fmt: skip
LEFT_OUT = {
    "objections-upheld": "describes; its count is that of the records",
    "drift-per-month": "describes; the same counts as drift, per month",
    "energy-per-use": "describes; reckoned from what is declared",
    "detection-average-precision": "describes",
    "counterfactual-available": "describes",
    "permutation-importance": "describes; held to scikit-learn's by a test",
    "explanation-stability": "the same answers as explanation-fidelity; its interval has a test of its own",
}
"""Checks without a row of their own, with the reason."""


# --- measuring -------------------------------------------------------------------------------------------------------


class Called:
    """A model in memory, as a predictor."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def predict(self, rows: Mapping[str, Sequence[Any]]) -> Predictions:
        """The score of each row."""
        assert self._case.model is not None  # noqa: S101
        score = np.asarray(self._case.model(rows), float)
        return Predictions(answered=np.ones(len(score), bool), advice=score >= 0.5, score=score)

    def say(self, prompt: str) -> str:
        """What the chat service answers."""
        assert self._case.says is not None  # noqa: S101
        return self._case.says(prompt)

    def fingerprint(self) -> Fingerprint:
        """Nothing is compared here."""
        return Fingerprint(algorithm="none", content="", rows=0)

    def close(self) -> None:
        """Nothing is held."""


def judged(plant: Plant, case: Case, folder: Path) -> bool:
    """Whether the defect is found: the whole road from data to verdict."""
    base = {"vangrail": 1, "id": "proef", "name": "Proef", "organisation": {"name": "Proef"}, "phase": "operate"}
    card = Card.model_validate(base | case.card)
    for name, table in case.tables.items():
        pq.write_table(pa.table(dict(table)), folder / f"{name}.parquet")
    for name, text in case.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    known = checks.checks()
    planned = list(known[plant.check].plan(card))
    if not planned:
        raise ValueError(f"{plant.check}: nothing is planned, so nothing could be found")
    records = [Record.model_validate(r) for r in case.records]
    run = measuring.measure(
        card,
        known,
        planned,
        open_table=lambda name, dataset: open_table(name, dataset, folder=folder, environment={}),
        open_predictor=lambda name: contextlib.nullcontext(Called(case)),
        sources=sources(card, folder=folder, records=records),
        on=ON,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by="planted",
    )
    if plant.shows is not None:
        return any(isinstance(e.outcome, Measured) and plant.shows(e.outcome) for e in run.evidence)
    proofs = [p for r in knowledge.framework().requirements for p in r.evidence if isinstance(p, Measure)]
    proof = next(p for p in proofs if p.check == plant.check)
    verdicts = [against(e.outcome, limit_for(e.measurement, proof, card))[0] for e in run.evidence]
    return Verdict.NOT_MET in verdicts


def row(plant: Plant, logs: int) -> list[float]:
    """The share of logs in which the defect is found, per size."""
    shares = []
    for size in plant.sizes:
        number = max(5, logs // plant.rarer)
        found = 0
        with tempfile.TemporaryDirectory() as folder:
            for i in range(number):
                rng = np.random.default_rng([20261122, zlib.crc32(plant.check.encode()), int(10 * size), i])
                found += judged(plant, plant.make(rng, size), Path(folder))
        shares.append(100 * found / number)
    return shares


def matrix(logs: int, only: str | None = None) -> Iterator[str]:
    """The table, line by line, as it is reached."""
    yield "| check | defect | clean: accused (%) | size: found (%) |"
    yield "|---|---|---:|---|"
    for plant in PLANTS:
        if only in (None, plant.check):
            clean, *found = row(plant, logs)
            cells = ", ".join(f"{size:g}: {share:.0f}" for size, share in zip(plant.sizes[1:], found, strict=True))
            yield f"| {plant.check} | {plant.defect} | {clean:.0f} | {cells} |"


def main() -> None:
    """Print the matrix."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=int, default=100)
    parser.add_argument("--only", choices=[p.check for p in PLANTS])
    options = parser.parse_args()
    for line in matrix(options.logs, options.only):
        print(line, flush=True)


if __name__ == "__main__":
    main()
