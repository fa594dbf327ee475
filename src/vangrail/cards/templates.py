"""Templates to start a card from: what holds for every application of a kind, such as a chatbot, and what to watch.

A template answers nothing. It fills in the few facts that come with the kind itself, and leaves its name, its purpose, its
people, its data and its limits to whoever uses it. One file per kind, in `kinds/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from vangrail.model.framework import Text, both


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Something that often goes wrong with this kind, and the requirement that asks about it."""

    requirement: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Template:
    """A kind of application.

    card   plain values of a card; what is not there is open
    """

    id: str
    title: Text
    what: Text
    card: Mapping[str, Any]
    watch: tuple[Watch, ...]


@cache
def templates() -> tuple[Template, ...]:
    """Every template, in the order of its file name."""
    found = sorted(
        (f for f in (files(__package__) / "kinds").iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name
    )
    return tuple(_read(yaml.safe_load(f.read_text(encoding="utf-8"))) for f in found)


def _read(values: dict[str, Any]) -> Template:
    return Template(
        id=values["id"],
        title=both(**values["title"]),
        what=both(**values["what"]),
        card=values["card"],
        watch=tuple(Watch(requirement=w["requirement"], text=both(**w["text"])) for w in values["watch"]),
    )
