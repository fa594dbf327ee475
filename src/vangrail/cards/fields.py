"""What the fields of a card are called on screen, and how they are asked: `fields.yaml`, held against the form of the card."""

import types
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel

from vangrail.model.card import Card
from vangrail.model.framework import Text, both

Kind = Literal["line", "long", "lines", "choice", "choices", "yes_no", "day", "whole", "number"]
"""How a field is asked: one line, a longer text, a line per item, one or more of a list, yes or no, a day, a number."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a card.

    path        on the card; for a field of an item with the path of the list in front
    options     what can be chosen, for a closed list; a vocabulary holds its own
    words       the first part of the codes of the glossary for these options, such as 'phase'
    own_words   the words for these options, where the glossary has none
    required    whether an item cannot do without it
    """

    path: str
    label: Text
    help: Text | None
    kind: Kind
    options: tuple[str, ...]
    words: str | None
    own_words: dict[str, Text]
    vocabulary: str | None
    required: bool

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class CardPart:
    """A page of the card: single fields, or a list of which each item has the same fields.

    items   the path of the list; none for single fields
    per     what the items go by, where they do not stand in a list: a 'role', or a 'name' that one chooses
    one     what an item is called
    """

    id: str
    title: Text
    lead: Text
    items: str | None
    per: Literal["role", "name"] | None
    one: Text | None
    fields: tuple[Field, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields of the card that this page is about."""
        return (self.items,) if self.items else tuple(f.path for f in self.fields)


@cache
def parts() -> tuple[CardPart, ...]:
    """The pages of the card, in order."""
    return tuple(_part(p) for p in _values()["parts"])


@cache
def labels() -> dict[str, Field]:
    """Every field that has a label, by its path."""
    found = {f.path: f for p in parts() for f in p.fields}
    for part in parts():
        if part.items:
            words = {language.value: text for language, text in part.title.items()}
            found[part.items] = _field({"path": part.items, **words}, prefix="", form=None)
    return found | {o["path"]: _field(o, prefix="", form=None) for o in _values()["other"]}


def label(place: Sequence[str]) -> Text | None:
    """What the field at this place is called; the names and numbers of items are passed over. Nothing for a field without."""
    known = labels()
    for path in (".".join(place), ".".join((place[0], *place[2:])) if len(place) > 2 else ""):
        if path in known:
            return known[path].label
    return None


def meaning(form: type[BaseModel], name: str) -> Text | None:
    """What a field is for that its form cannot do without; nothing where its name says enough."""
    dutch = _values()["needed"].get(form.__name__, {}).get(name)
    english = form.model_fields[name].description if dutch else None
    return both(nl=dutch, en=" ".join(english.split())) if dutch and english else None


@cache
def _values() -> Any:
    return yaml.safe_load((files(__package__) / "fields.yaml").read_text(encoding="utf-8"))


def _part(values: dict[str, Any]) -> CardPart:
    items = values.get("items")
    form = _inside(_annotation(Card, items)) if items else Card
    prefix = f"{items}." if items else ""
    return CardPart(
        id=values["id"],
        title=both(**values["title"]),
        lead=both(**values["lead"]),
        items=items,
        per=values.get("per"),
        one=both(**values["one"]) if items else None,
        fields=tuple(_field(f, prefix=prefix, form=form) for f in values["fields"]),
    )


def _field(values: dict[str, Any], *, prefix: str, form: type[BaseModel] | None) -> Field:
    path = values["path"]
    annotation = _annotation(form, path) if form else str
    kind, options = _kind(annotation)
    if values.get("vocabulary"):
        kind = "choices"
    elif values.get("long"):
        kind = "long"
    return Field(
        path=prefix + path,
        label=both(nl=values["nl"], en=values["en"]),
        help=both(**values["help"]) if "help" in values else None,
        kind=kind,
        options=options,
        words=values.get("words"),
        own_words={name: both(**words) for name, words in values.get("options", {}).items()},
        vocabulary=values.get("vocabulary"),
        required=bool(form) and form is not Card and form.model_fields[path].is_required(),  # type: ignore[union-attr]
    )


def _annotation(form: type[BaseModel] | None, path: str) -> Any:
    """The type of the field at a path. KeyError when the card has none: the table is behind the form of the card."""
    found: Any = form
    for step in path.split("."):
        found = _inside(found).model_fields[step].annotation
    return found


def _inside(annotation: Any) -> type[BaseModel]:
    """The form within an optional form, a list of them, or a dictionary of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    forms = [_inside(a) for a in get_args(annotation) if a not in (type(None), str, Ellipsis) and _has_form(a)]
    return forms[0]


def _has_form(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, BaseModel)
    return any(_has_form(a) for a in get_args(annotation))


_SIMPLE: dict[Any, Kind] = {bool: "yes_no", int: "whole", float: "number", date: "day"}


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    """How a type is asked, and what can be chosen."""
    origin, arguments = get_origin(annotation), [a for a in get_args(annotation) if a is not type(None)]
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in (Union, types.UnionType):
        return _kind(arguments[0])
    if origin is Literal:
        return "choice", tuple(str(a) for a in arguments)
    if origin is tuple:
        _, options = _kind(arguments[0])
        return ("choices" if options else "lines"), options
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "choice", tuple(annotation)
    return _SIMPLE.get(annotation, "line"), ()
