"""YAML with line numbers, and what is wrong with it as messages that a civil servant can act on."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vangrail.cards.mistakes import Mistake, Place, mistakes
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

LARGEST = 5_000_000
"""Bytes. A card is read by people; a larger file is something else."""
_COMPARE = both(
    nl="Vergelijk het met een nieuwe kaart: vangrail card new MAP", en="Compare it with: vangrail card new FOLDER"
)

M = TypeVar("M", bound=BaseModel)


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

    def at(self, place: Place, said: Text) -> Text:
        """What is said of this place, with the file and the line in front."""
        return _at(self.file, self.line(place), said)


def _at(file: Path, line: int, said: Text) -> Text:
    return both(
        nl=f"{file.name}, regel {line}: {said[Language.NL]}", en=f"{file.name}, line {line}: {said[Language.EN]}"
    )


def read_yaml(file: Path) -> Document:
    """The file's values with their lines. VangrailError when it is not there, not text, or not YAML."""
    if file.is_dir():
        raise VangrailError(
            both(nl=f"{file} is een map en geen bestand.", en=f"{file} is a folder, not a file."),
            do=both(nl="Noem de map waarin card.yaml staat.", en="Name the folder that holds card.yaml."),
        )
    if not file.is_file():
        raise VangrailError(
            both(nl=f"{file} is er niet.", en=f"{file} is not there."),
            do=both(nl="Maak er een met: vangrail card new MAP", en="Make one with: vangrail card new FOLDER"),
        )
    if file.stat().st_size > LARGEST:
        most = LARGEST // 1_000_000
        raise VangrailError(
            both(nl=f"{file} is groter dan {most} MB.", en=f"{file} is larger than {most} MB."),
            do=both(nl="Op een kaart staan geen gegevens: wijs ernaar.", en="A card holds no data: point to them."),
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VangrailError(
            both(
                nl=f"{file.name} is geen tekst in UTF-8 (byte {error.start}).",
                en=f"{file.name} is not UTF-8 text (byte {error.start}).",
            ),
            do=both(nl="Bewaar het opnieuw, met codering UTF-8.", en="Save it again with the encoding UTF-8."),
        ) from error
    return read_text(text, file=file)


def read_text(text: str, *, file: Path) -> Document:
    """The values of a YAML text with their lines; `file` is what messages call it. VangrailError when it is not YAML."""
    try:
        node = YAML(typ="rt").compose(text)
        lines = _lines(node, file)
        values = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line, problem = error.problem_mark.line + 1 if error.problem_mark else 1, str(error.problem or "")
        if twice := re.match(r'found duplicate key "(.+?)"', problem):
            said = both(nl=f"'{twice[1]}' staat er twee keer.", en=f"'{twice[1]}' is there twice.")
            raise VangrailError(
                _at(file, line, said), do=both(nl="Laat er één staan.", en="Keep one of them.")
            ) from error
        said = both(nl="dit is geen geldige YAML.", en=f"this is not valid YAML: {problem or 'it cannot be read'}.")
        raise VangrailError(
            _at(file, line, said),
            why=both(
                nl="Meestal springt een regel verkeerd in, ontbreekt de spatie na een dubbelpunt, of heeft een tekst met ':' "
                "of '#' geen aanhalingstekens.",
                en="Most often an indent is off, a colon lacks its space, or a text with ':' or '#' lacks its quotes.",
            ),
            do=both(nl="Kijk naar die regel en naar de regel erboven.", en="Look at that line and the one above it."),
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise VangrailError(
            both(nl=f"{file.name} kan niet als YAML gelezen worden.", en=f"{file.name} cannot be read as YAML."),
            do=_COMPARE,
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
            _require_clear(node, file)
            continue
        if id(node) in seen:
            said = both(
                nl="een verwijzing (*) herhaalt een ander deel van het bestand.",
                en="an alias (*) repeats another part of the file.",
            )
            raise VangrailError(
                _at(file, lines[place], said),
                do=both(nl="Schrijf dat deel voluit.", en="Write that part out in full."),
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


_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d\d0")
"""As a Belgian writes twelve hundred and YAML reads one and two tenths. Who means the latter does not end on a nought."""


def _require_clear(node: Any, file: Path) -> None:
    """A number that two readers understand a thousand times differently is no number to go by. Quoted, it is a text."""
    if not node.style and _THOUSANDS.fullmatch(node.value):
        whole, short = node.value.replace(".", ""), node.value.rstrip("0").removesuffix(".")
        said = both(
            nl=f"'{node.value}' kan {whole} of {short} betekenen.", en=f"'{node.value}' can mean {whole} or {short}."
        )
        raise VangrailError(
            _at(file, node.start_mark.line + 1, said),
            do=both(
                nl=f"Schrijf {whole} of {short}, zonder punt tussen de duizendtallen.",
                en=f"Write {whole} or {short}, without a point between thousands.",
            ),
        )


def parse(document: Document, form: type[M], *, at: Place = (), why: Mapping[str, Text] | None = None) -> M:
    """The values at a place as this form. VangrailError with every problem: file, line, what, and what to do."""
    values = document.values
    for step in at:
        values = values[step]
    if not isinstance(values, Mapping):
        said = both(
            nl="hier horen sleutels met waarden, zoals 'name: ...'.",
            en="expected keys with values, such as 'name: ...'.",
        )
        raise VangrailError(document.at(at, said), do=_COMPARE)
    try:
        found = form.model_validate(values)
    except ValidationError as error:
        raise _refused(document, at, mistakes(error, form=form, values=values), why or {}) from error
    said = both(nl="is geen getal om mee te vergelijken.", en="is not a number to compare with.")
    plain = found.model_dump(exclude_defaults=True)
    endless = [Mistake(place=place, said=said, is_clash=False) for place in _not_finite(plain)]
    if endless:
        raise _refused(document, at, endless, {})
    return found


def _refused(document: Document, at: Place, found: Sequence[Mistake], why: Mapping[str, Text]) -> VangrailError:
    """Every mistake with its line, in the order of the file."""
    said = [
        document.at((*at, *m.place), _with_reason(m, why))
        for m in sorted(found, key=lambda m: document.line((*at, *m.place)))
    ]
    what = {language: "\n".join(s[language] for s in said) for language in Language}
    number = len(found)
    several = both(nl=f"{number} dingen om te verbeteren.", en=f"{number} things to correct.")
    return VangrailError(what, do=several if number > 1 else "")


def _with_reason(mistake: Mistake, why: Mapping[str, Text]) -> Text:
    reason = why.get(str(mistake.place[0])) if mistake.place else None
    return {
        language: mistake.sentence(language) + (f"\n  {reason[language]}" if reason else "") for language in Language
    }


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
