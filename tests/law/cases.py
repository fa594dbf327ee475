"""Reads the scenarios that a lawyer writes, and lays them beside what the code says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from vangrail.law import Classification, classify, parse_facts

HERE = Path(__file__).parent / "scenarios"
TODAY = date(2026, 11, 22)
"""The day on which the rule base was written; scenarios without a day are asked on it."""
ANSWERS = {"yes": True, "no": False, "unknown": None, True: True, False: False}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One case: the facts, the day, what must come out, and the passage that decides it."""

    name: str
    why: str
    on: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any] = field(default_factory=dict)

    def classified(self) -> Classification:
        return classify(parse_facts(self.facts), self.on)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Duties on the last day without them and on the first day with them."""

    facts: Mapping[str, Any]
    rules: tuple[str, ...]
    before: date
    after: date
    enacted: date | None


def _load(name: str) -> Any:
    return YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))


@cache
def bases() -> dict[str, dict[str, Any]]:
    found = _load("bases.yaml")["bases"]
    full: dict[str, dict[str, Any]] = {}
    for name, facts in found.items():
        own = dict(facts)
        like = own.pop("like", None)
        full[name] = {**full.get(like, {}), **own}
    return full


def _facts(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**bases()[entry["like"]], **entry.get("facts", {})}


@cache
def scenarios() -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            name=entry["name"],
            why=entry["why"],
            on=entry.get("on", TODAY),
            facts=_facts(entry),
            expect=entry["expect"],
        )
        for file in sorted(HERE.glob("*.yaml"))
        if file.name not in ("bases.yaml", "timelines.yaml")
        for entry in _load(file.name)["scenarios"]
    )


@cache
def timelines() -> tuple[Timeline, ...]:
    return tuple(
        Timeline(
            facts=_facts(entry),
            rules=tuple(entry["rules"]),
            before=entry["before"],
            after=entry["after"],
            enacted=entry.get("enacted"),
        )
        for entry in _load("timelines.yaml")["timelines"]
    )
