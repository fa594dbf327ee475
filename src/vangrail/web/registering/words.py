"""A card in words: what a field is called, what stands in it, what is wrong with it, and which requirement asks for it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from vangrail import knowledge
from vangrail.cards import comparing, fields
from vangrail.cards.comparing import Difference
from vangrail.cards.fields import CardPart, Field
from vangrail.cards.mistakes import Mistake
from vangrail.cards.writing import card_text
from vangrail.exports import formatting
from vangrail.model.card import value_at
from vangrail.model.framework import Declare, Text
from vangrail.model.vocabulary import Role
from vangrail.web.look import language
from vangrail.web.look.language import in_each, pick
from vangrail.web.look.templatetags.look import said, word

Place = tuple[str, ...]


def label(place: Sequence[str]) -> str:
    """What the field at this place is called; its key where it has no name of its own."""
    found = fields.label(place)
    return said(found) if found is not None else str(place[-1])


def title(place: Place) -> str:
    """The whole way to a field, as one reads it: 'Wie merkt er iets van › Inwoners › Wat merken ze ervan?'."""
    steps = [_step(place[:n]) for n in range(1, len(place) + 1)]
    return " › ".join(step for n, step in enumerate(steps) if step not in steps[:n])


def _step(place: Place) -> str:
    part = next((p for p in fields.parts() if p.items == place[0]), None)
    if part is not None and len(place) == 2:
        if part.per == "role" and place[1] in set(Role):
            return word(place[1], "role")
        return f"{said(part.one)} {place[1]}" if place[1].isdigit() else place[1]
    return label(place)


def part_of(place: Sequence[str]) -> str | None:
    """The page of the card on which a field stands."""
    plain = [str(p) for p in place]
    for part in fields.parts():
        if part.items == (plain[0] if plain else None) or any(".".join(plain).startswith(p) for p in part.paths):
            return part.id
    return None


@cache
def asked_by() -> dict[str, tuple[str, ...]]:
    """The requirements that ask for each field, by its path."""
    found: dict[str, list[str]] = defaultdict(list)
    for requirement in knowledge.framework().requirements:
        for proof in requirement.evidence:
            for path in proof.fields if isinstance(proof, Declare) else ():
                if requirement.id not in found[path]:
                    found[path].append(requirement.id)
    return {path: tuple(ids) for path, ids in found.items()}


def asks(part: CardPart) -> tuple[str, ...]:
    """Every requirement that asks for something on this page."""
    prefix = f"{part.items}." if part.items else None
    ids = [
        id_
        for path, found in asked_by().items()
        if path in part.paths or (prefix and (path.startswith(prefix) or path == part.items))
        for id_ in found
    ]
    return tuple(dict.fromkeys(ids))


# --- values ----------------------------------------------------------------------------------------------------------
def option(field: Field, value: str) -> str:
    """The word for a choice."""
    if field.vocabulary:
        return terms(field.vocabulary).get(value, value)
    if field.words:
        return word(value, field.words) if value in field.options else value
    return said(field.own_words[value]) if value in field.own_words else value


def terms(vocabulary: str) -> dict[str, str]:
    """The terms of a vocabulary, by their id."""
    found = next(v for v in knowledge.framework().vocabularies if v.id == vocabulary)
    return {t.id: said(t.title) for t in found.terms}


def value(held: Any, field: Field | None = None) -> str:
    """A value of a card as a person reads it. Groups of values are written under each other."""
    if held in (None, "", [], {}):
        return "–"
    match held:
        case bool():
            return pick(nl="ja", en="yes") if held else pick(nl="nee", en="no")
        case int() | float():
            return formatting.number(held, language.current())
        case str() if field is not None and field.kind == "day":
            return _day(held)
        case str():
            return option(field, held) if field is not None and field.kind in ("choice", "choices") else held
        case date():
            return formatting.day(held, language.current())
        case list() if all(isinstance(v, str) for v in held):
            return "\n".join(value(v, field) for v in held)
        case _:
            return card_text(held).strip() if isinstance(held, dict) else card_text({"-": held}).strip()


def _day(text: str) -> str:
    try:
        return formatting.day(date.fromisoformat(text), language.current())
    except ValueError:
        return text


@dataclass(frozen=True, kw_only=True)
class Line:
    """A field with what stands in it."""

    label: str
    value: str
    path: str
    product: bool = False
    """Whether it is what a product card says."""
    block: bool = False
    """Whether it is a piece of YAML."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """An item of a list, or the single fields of a page."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page of the card as it is read."""

    id: str
    title: str
    groups: tuple[Group, ...]
    filled: int
    fields: int
    asks: tuple[str, ...]


def shown(content: Mapping[str, Any]) -> list[Shown]:
    """Every page of a card, with what is filled in."""
    stated = (content.get("adopted_from") or {}).get("states", {})
    return [_shown(part, content, stated) for part in fields.parts()]


def _shown(part: CardPart, content: Mapping[str, Any], stated: Mapping[str, Any]) -> Shown:
    if part.items:
        groups = tuple(
            Group(title=name, lines=tuple(_lines(part, item, product=part.items in stated)))
            for name, item in items_of(part, content)
        )
        filled, asked = len(groups), max(1, len(groups))
    else:
        lines = [
            Line(
                label=said(f.label),
                value=value(value_at(dict(content), f.path), f),
                path=f.path,
                product=f.path in stated,
            )
            for f in part.fields
        ]
        full = [line for line in lines if line.value != "–"]
        groups = (Group(title="", lines=tuple(full)),) if full else ()
        filled, asked = len(full), len(lines)
    return Shown(id=part.id, title=said(part.title), groups=groups, filled=filled, fields=asked, asks=asks(part))


def _lines(part: CardPart, item: Mapping[str, Any], *, product: bool) -> Iterator[Line]:
    named = part.per is None and bool(item.get(part.fields[0].name))  # then it is the title already
    for field in part.fields[1:] if named else part.fields:
        if item.get(field.name) not in (None, "", [], {}):
            yield Line(label=said(field.label), value=value(item[field.name], field), path=field.path, product=product)
    known = {f.name for f in part.fields}
    rest = {k: v for k, v in item.items() if k not in known}
    if rest:
        more = pick(nl="Verder op de kaart", en="More on the card")
        yield Line(label=more, value=card_text(rest).strip(), path="", block=True)


def items_of(part: CardPart, content: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The items of a list, each with what it is called."""
    held = content.get(str(part.items))
    if isinstance(held, dict):
        names = {role.value: word(role.value, "role") for role in Role} if part.per == "role" else {}
        return [(names.get(str(key), str(key)), item) for key, item in held.items() if isinstance(item, dict)]
    if not isinstance(held, list):
        return []
    name = part.fields[0].name
    one = said(part.one)
    return [(str(item.get(name) or f"{one} {n}"), item) for n, item in enumerate(held, 1) if isinstance(item, dict)]


def declared(content: Mapping[str, Any], path: str) -> list[Line]:
    """What a card says in a field, named by its dotted path; of a list what its items are called, of a data set each one."""
    head, _, tail = path.partition(".")
    field = fields.labels().get(path)
    part = next((p for p in fields.parts() if p.items == head), None)
    if part is None:
        return [Line(label=label(path.split(".")), value=value(value_at(dict(content), path), field), path=path)]
    items = items_of(part, content)
    if not tail:
        return [Line(label=said(part.title), value=", ".join(name for name, _ in items) or "–", path=path)]
    if part.per == "role":
        held = content.get(head, {}).get(tail, {})
        return [Line(label=word(tail, "role"), value=value(held.get("name")), path=path)]
    return [
        Line(label=f"{label(path.split('.'))} ({name})", value=value(item.get(tail), field), path=path)
        for name, item in items
    ]


# --- what changed ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Change:
    """A difference between two versions, in words."""

    title: str
    kind: comparing.Change
    before: str
    after: str


def changes(found: Sequence[Difference]) -> list[Change]:
    """Differences as a person reads them."""
    known = fields.labels()
    made = []
    for one in found:
        path = ".".join(one.place)
        inside = ".".join((one.place[0], *one.place[2:]))
        field = known.get(path) or known.get(inside)
        made.append(
            Change(
                title=title(one.place),
                kind=one.change,
                before=value(_named(one.place, one.before), field),
                after=value(_named(one.place, one.after), field),
            )
        )
    return made


def _named(place: Place, held: Any) -> Any:
    """An item with the names of its fields, and the words for its choices."""
    part = next((p for p in fields.parts() if p.items == place[0]), None)
    if part is None or not isinstance(held, dict):
        return held
    named = {f.name: f for f in part.fields}
    return {said(named[k].label).rstrip("?") if k in named else k: value(v, named.get(k)) for k, v in held.items()}


@dataclass(frozen=True, kw_only=True)
class InheritedLine:
    """A field of a product card, in words."""

    field: str
    title: str
    stated: str
    held: str
    departs: bool
    because: str | None
    may_depart: bool


def inherited_lines(content: Mapping[str, Any]) -> list[InheritedLine]:
    """What a card took over from a product card, and where it departs from it."""
    known = fields.labels()
    return [
        InheritedLine(
            field=one.field,
            title=title(tuple(one.field.split("."))),
            stated=value(_all_named(one.field, one.stated), known.get(one.field)),
            held=value(_all_named(one.field, one.held), known.get(one.field)),
            departs=one.departs,
            because=one.because,
            may_depart=one.because is None,
        )
        for one in comparing.inherited(content)
    ]


def _all_named(field: str, held: Any) -> Any:
    if isinstance(held, list):
        return "\n".join(" · ".join(str(v) for v in i.values()) if isinstance(i, dict) else str(i) for i in held)
    return _named((field,), held)


# --- what is wrong ---------------------------------------------------------------------------------------------------
def problem(mistake: Mistake) -> Text:
    """What is wrong on a card, in the words of the page: 'Wie merkt er iets van › groep 2 › Wie?: ontbreekt.'"""
    # The second item of a list is number 2 on a page.
    place = tuple(str(step + 1) if isinstance(step, int) else step for step in mistake.place)

    def tell() -> str:
        at = title(place) if place else pick(nl="De kaart", en="The card")
        return f"{at}: {said(mistake.said)}"

    return in_each(tell)
