"""YAML with line numbers, and pydantic's findings turned into messages a civil servant can act on."""

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vangrail.model.errors import VangrailError

LARGEST = 5_000_000
"""Bytes. A card is read by people; a larger file is something else."""

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A YAML file as plain values, and the line of every key and item."""

    file: Path
    values: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of this place, or of the nearest place around it that is in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(file: Path) -> Document:
    """The file's values with their lines. VangrailError when it is not there, not text, or not YAML."""
    if file.is_dir():
        raise VangrailError(f"{file} is a folder, not a file.", do="Name the folder that holds card.yaml.")
    if not file.is_file():
        raise VangrailError(f"{file} is not there.", do="Make one with: vangrail card new FOLDER")
    if file.stat().st_size > LARGEST:
        raise VangrailError(
            f"{file} is larger than {LARGEST // 1_000_000} MB.", do="A card holds no data: point to them."
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VangrailError(
            f"{file.name} is not UTF-8 text (byte {error.start}).",
            do="Save it again with the encoding UTF-8.",
        ) from error
    return read_text(text, file=file)


def read_text(text: str, *, file: Path) -> Document:
    """The values of a YAML text with their lines; `file` is what messages call it. VangrailError when it is not YAML."""
    try:
        node = YAML(typ="rt").compose(text)
        lines = _lines(node, file)
        values = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise VangrailError(
            f"{file.name}{line}: this is not valid YAML: {error.problem or 'it cannot be read'}.",
            why="Most often an indent is off, a colon lacks its space, or a text with ':' or '#' lacks its quotes.",
            do="Look at that line and the one above it.",
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise VangrailError(
            f"{file.name} cannot be read as YAML.", do="Compare it with: vangrail card new FOLDER"
        ) from error
    return Document(file=file, values=values, lines=lines)


def _lines(root: Any, file: Path) -> dict[Place, int]:
    """The line of every key and item. Each part stands once: a few lines of aliases could grow into millions of parts."""
    lines: dict[Place, int] = {}
    seen: set[int] = set()
    ahead: list[tuple[Any, Place]] = [(root, ())] if root is not None else []
    while ahead:
        node, place = ahead.pop()
        lines.setdefault(place, node.start_mark.line + 1)
        if node.id == "scalar":
            continue
        if id(node) in seen:
            raise VangrailError(
                f"{file.name}, line {lines[place]}: an alias (*) repeats another part of the file.",
                do="Write that part out in full.",
            )
        seen.add(id(node))
        if node.id == "mapping":
            for key, value in node.value:
                name = str(key.value)
                lines[(*place, name)] = key.start_mark.line + 1
                ahead.append((value, (*place, name)))
        else:
            ahead += [(item, (*place, number)) for number, item in enumerate(node.value)]
    return lines


def parse(document: Document, form: type[M], *, at: Place = (), why: Mapping[str, str] | None = None) -> M:
    """The values at a place as this form. VangrailError with every problem: file, line, what, and what to do."""
    values = document.values
    for step in at:
        values = values[step]
    if not isinstance(values, Mapping):
        raise VangrailError(
            f"{document.file.name}, line {document.line(at)}: expected keys with values, such as 'name: ...'.",
            do="Compare it with: vangrail card new FOLDER",
        )
    try:
        found = form.model_validate(values)
    except ValidationError as error:
        raise _refused(_problems(document, form, at, error.errors(include_url=False), why or {})) from error
    endless = [
        f"{document.file.name}, line {document.line((*at, *place))}: '{_name(place)}' is not a number to compare with."
        for place in _not_finite(found.model_dump(exclude_defaults=True))
    ]
    if endless:
        raise _refused(endless)
    return found


def _refused(problems: Sequence[str]) -> VangrailError:
    return VangrailError("\n".join(problems), do="" if len(problems) == 1 else f"{len(problems)} things to correct.")


def _not_finite(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where NaN or an infinity stands: every comparison with NaN fails, so a limit of NaN would never be passed."""
    if isinstance(value, float) and not math.isfinite(value):
        yield place
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _not_finite(part, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _not_finite(part, (*place, number))


def _problems(
    document: Document, form: type[BaseModel], at: Place, errors: Sequence[ErrorDetails], why: Mapping[str, str]
) -> list[str]:
    found: dict[tuple[int, str], str] = {}
    for error in errors:
        place = tuple(p for p in error["loc"] if not (isinstance(p, str) and p in _TYPE_TAGS))
        if not place and (key := re.match(r"'(\w+)'", str(error.get("ctx", {}).get("error", "")))):
            place = (key[1],)  # a rule over the whole card names the key that it is about first
        line, name = document.line((*at, *place)), _name(place)
        text = _say(error, form, place)
        reason = why.get(str(place[0]) if place else "", "")
        message = f"{document.file.name}, line {line}: {text}" + (f"\n  {reason}" if reason else "")
        found.setdefault((line, name), message)
    return [found[key] for key in sorted(found)]


_TYPE_TAGS = {"str", "int", "float", "bool", "date", "tuple", "none"}
"""What pydantic adds to a place to say which member of a union it tried."""


def _name(place: Place) -> str:
    return ".".join(str(p) for p in place)


def _say(error: ErrorDetails, form: type[BaseModel], place: Place) -> str:
    name = _name(place) or "the file"
    given, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden" if given is None and " " in str(place[-1]):
            return f"'{name}' is not a known key. A comma between {{ }} ends a text: put quotes around a text with a comma."
        case "extra_forbidden":
            return f"'{name}' is not a known key.{_closest(str(place[-1]), _keys(form, place[:-1]))}"
        case "missing":
            return f"'{name}' is missing.{_description(form, place)}"
        case "enum" | "literal_error":
            allowed = str(context.get("expected", "")).replace("' or '", "', '")
            near = difflib.get_close_matches(str(given), _quoted(allowed), n=1, cutoff=0.6)
            return f"'{name}' is '{given}'; it can be {allowed}." + (f" Did you mean '{near[0]}'?" if near else "")
        case "string_too_short":
            return f"'{name}' is empty.{_description(form, place)}"
        case "string_pattern_mismatch":
            return f"'{name}' is '{given}'; use lower case letters, digits and hyphens, such as 'sluikstort-meldingen'."
        case "value_error":
            said = str(context.get("error", error["msg"]))
            return f"{said}." if said.startswith(f"'{name}'") else f"'{name}': {said}."
        case "date_from_datetime_parsing" | "date_type" | "date_parsing" | "date_from_datetime_inexact":
            return f"'{name}' is '{given}'; write a day as 2026-11-22."
        case _:
            return f"'{name}' is {_kind(given)}; {error['msg'][0].lower()}{error['msg'][1:]}."


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str | int | float | bool | date | datetime):
        return f"'{value}'"
    return "empty" if value is None else "something else"


def _quoted(text: str) -> list[str]:
    return [part for part in text.split("'") if part.strip() and part.strip() != ","]


def _closest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f" Did you mean '{near[0]}'?"
    return f" Known here: {', '.join(sorted(known))}." if 0 < len(known) <= 40 else ""


def _form_at(form: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The form that the values at this place have, by following the fields."""
    current: Any = form
    for step in place:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(step))
            current = field.annotation if field else None
        candidates = _models(current)
        current = candidates[0] if candidates else current
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]


def _keys(form: type[BaseModel], place: Place) -> list[str]:
    found = _form_at(form, place)
    return list(found.model_fields) if found else []


def _description(form: type[BaseModel], place: Place) -> str:
    found = _form_at(form, place[:-1])
    field = found.model_fields.get(str(place[-1])) if found and place else None
    return f" {' '.join(field.description.split())}" if field and field.description else ""
