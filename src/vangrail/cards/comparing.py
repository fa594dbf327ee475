"""What changed between two versions of a card, field by field. Pure: plain values in, differences out."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vangrail.cards.adopting import put
from vangrail.model.card import PRODUCT_FIELDS, AdoptedFrom, keeps, value_at

Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field that is not what it was.

    place    the keys that lead to it; an item of a list goes by what it is called, or else by its number from 1
    before   nothing where it was added
    after    nothing where it was removed
    """

    place: tuple[str, ...]
    change: Change
    before: Any
    after: Any


_NAMES = ("name", "step", "who", "what", "indicator", "title", "check", "field", "column")
"""The keys by which an item of a list is called, where it has no two of the same."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every field that differs, in the order of the newer version, with what is gone at the end of each part."""
    return tuple(_between((), before, after))


def _between(place: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if len(place) == 1 and (before is None or after is None):
        # A part that was empty: what was added to it says more than that there is such a part now.
        before, after = (_empty_of(other) if one is None else one for one, other in ((before, after), (after, before)))
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _keys(place, before, after)
    elif _items(before) and _items(after):
        old, new = _called(before, after)
        yield from _keys(place, old, new)
        if [k for k in old if k in new] != [k for k in new if k in old]:
            yield Difference(place=place, change="changed", before=list(old), after=list(new))
    elif before is None:
        yield Difference(place=place, change="added", before=None, after=after)
    elif after is None:
        yield Difference(place=place, change="removed", before=before, after=None)
    else:
        yield Difference(place=place, change="changed", before=before, after=after)


def _empty_of(value: Any) -> Any:
    """What stands for nothing where there could be a group or a list of groups."""
    if isinstance(value, Mapping):
        return {}
    return [] if _items(value) else None


def _keys(place: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in [*after, *(k for k in before if k not in after)]:
        yield from _between((*place, key), before.get(key), after.get(key))


def _items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _called(before: Sequence[Any], after: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both lists by what their items are called, so that one that moved is still the same."""
    for key in _NAMES:
        names = [[str(item[key]) for item in items if item.get(key)] for items in (before, after)]
        if all(
            len(set(found)) == len(found) == len(items) for found, items in zip(names, (before, after), strict=True)
        ):
            return dict(zip(names[0], before, strict=True)), dict(zip(names[1], after, strict=True))
    return ({str(n): item for n, item in enumerate(items, 1)} for items in (before, after))  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class Inherited:
    """A field of a product card, and what the card that adopted it says there."""

    field: str
    stated: Any
    held: Any
    departs: bool
    because: str | None


def inherited(content: Mapping[str, Any]) -> tuple[Inherited, ...]:
    """What a card took over from a product card, and where it departs from it; nothing for a card that adopted none."""
    origin = AdoptedFrom.model_validate(content["adopted_from"]) if content.get("adopted_from") else None
    if origin is None:
        return ()
    because = {d.field: d.because for d in origin.departures}
    return tuple(
        Inherited(
            field=field,
            stated=origin.states[field],
            held=value_at(dict(content), field),
            departs=not keeps(origin.states[field], value_at(dict(content), field)),
            because=because.get(field),
        )
        for field in PRODUCT_FIELDS
        if field in origin.states
    )


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Two people's changes of one version, together; `clashes` are the fields that both changed, each in their own way."""

    content: dict[str, Any]
    clashes: tuple[str, ...]


def merged(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """What is theirs, with what I changed since the base. In a field that both changed, mine stands until I look at it.

    A list counts as one field: who adds an item and who changes another both mean the whole list.
    """
    content, clashes = copy.deepcopy(dict(theirs)), []
    for path in _paths(base, mine):
        before, wanted, there = (value_at(dict(v), path) for v in (base, mine, theirs))
        if wanted == before:
            continue
        if there not in (before, wanted):
            clashes.append(path)
        put(content, path, copy.deepcopy(wanted))
    return Merged(content=content, clashes=tuple(clashes))


def _paths(*contents: Mapping[str, Any]) -> list[str]:
    """The fields of cards down to two steps: deeper than that a card holds lists and tables."""
    found: dict[str, None] = {}
    for content in contents:
        for key, value in content.items():
            if isinstance(value, Mapping) and key != "adopted_from":
                found |= dict.fromkeys(f"{key}.{inner}" for inner in value)
            else:
                found[key] = None
    return [p for p in found if not any(other.startswith(f"{p}.") for other in found)]
