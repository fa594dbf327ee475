"""Reads a Croissant description and looks for what version 1.1 requires of a data set (section Dataset-level Information).

Only the form of the mandatory properties is looked at. Addresses are not opened.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from vangrail.checks.metadata.described import ADDRESS, DAY, TEXT, Property, State, is_address
from vangrail.model.framework import both

NAME = "Croissant"
VERSIONS = "http://mlcommons.org/croissant/"
_PREFIXES = ("", "sc:", "schema:", "http://schema.org/", "https://schema.org/", "dct:", "http://purl.org/dc/terms/")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_thing(value: object) -> bool:
    return isinstance(value, Mapping) and any(_is_text(value.get(k)) for k in ("name", "@id", "url", "sc:name"))


def _is_type(value: object) -> bool:
    return isinstance(value, str) and value.removeprefix("sc:").rpartition("/")[2] == "Dataset"


def _is_part(value: object) -> bool:
    kinds = {"FileObject", "FileSet"}
    return isinstance(value, Mapping) and str(value.get("@type", "")).removeprefix("cr:").rpartition("/")[2] in kinds


_FORMS: Mapping[str, tuple[Property, Callable[[object], bool]]] = {
    p.name: (p, form)
    for p, form in (
        (Property("@context", both(nl="woordenlijst", en="context"), TEXT), bool),
        (Property("@type", both(nl="soort", en="type"), both(nl="'sc:Dataset'", en="'sc:Dataset'")), _is_type),
        (
            Property(
                "conformsTo",
                both(nl="versie van Croissant", en="version of Croissant"),
                both(nl=f"'{VERSIONS}1.1'", en=f"'{VERSIONS}1.1'"),
            ),
            lambda v: isinstance(v, str) and v.startswith(VERSIONS),
        ),
        (Property("name", both(nl="naam", en="name"), TEXT), _is_text),
        (Property("description", both(nl="beschrijving", en="description"), TEXT), _is_text),
        (Property("license", both(nl="licentie", en="licence"), ADDRESS), lambda v: is_address(v) or _is_thing(v)),
        (Property("url", both(nl="webpagina", en="web page"), ADDRESS), is_address),
        (
            Property(
                "creator",
                both(nl="maker", en="creator"),
                both(nl="een organisatie of persoon met 'name'", en="an organisation or person with a 'name'"),
            ),
            _is_thing,
        ),
        (Property("datePublished", both(nl="datum van publicatie", en="date of publication"), DAY), _is_day),
        (
            Property(
                "distribution",
                both(nl="bestanden", en="files"),
                both(
                    nl="een of meer 'cr:FileObject' of 'cr:FileSet'", en="one or more 'cr:FileObject' or 'cr:FileSet'"
                ),
            ),
            _is_part,
        ),
    )
}
PROPERTIES: Mapping[str, Property] = {name: p for name, (p, _) in _FORMS.items()}


def states(description: Mapping[str, Any]) -> Iterator[tuple[str, State]]:
    """How each mandatory property stands. Where there are several values, all must be of the form."""
    for name, (_, form) in _FORMS.items():
        value = next((description[k] for k in _spelled(name) if k in description), None)
        values = value if isinstance(value, list) and name != "@context" else [value]
        if value in (None, "", [], {}):
            yield name, State.MISSING
            continue
        # A description may be of more types and conform to more standards than this one.
        enough = any if name in ("@type", "conformsTo") else all
        yield name, State.THERE if enough(form(v) or form(_plain(v)) for v in values) else State.MALFORMED


def _spelled(name: str) -> tuple[str, ...]:
    return (name,) if name.startswith("@") else tuple(prefix + name for prefix in _PREFIXES)


def _plain(value: object) -> object:
    """A value that JSON-LD wraps: {"@value": x}, or {"@id": x} and nothing else."""
    if isinstance(value, Mapping) and len(value) == 1:
        return value.get("@value", value.get("@id", value))
    return value
