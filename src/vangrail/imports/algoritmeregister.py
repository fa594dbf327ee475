"""Records of the Dutch Algoritmeregister, standard 1.0, as the beginning of a card.

Names of the fields: those of its delivery API, of its schema, and the titles of its download files. A record is about the
use by another body in another country: what the thing is and does is taken over; its law, its contacts, its stage and its
assessments are not, and are shown as left over.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any

from vangrail.cards.adopting import adopt, put
from vangrail.cards.folder import digest
from vangrail.cards.skeleton import name_as_id
from vangrail.imports.columns import normal
from vangrail.imports.found import LONGEST, MOST_APPLICATIONS, MOST_BYTES, Found, Problem, can_be_kept, clean
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Phase

FIELDS = {
    "name": ("name", "Naam"),
    "description_short": ("description_short", "Korte omschrijving"),
    "organization": ("organization", "Organisatie"),
    "category": ("theme", "Thema"),
    "status": ("status", "Status"),
    "begin_date": ("start_date", "Begindatum"),
    "end_date": ("end_date", "Einddatum"),
    "contact_email": ("contact", "Contactgegevens"),
    "website": ("link", "Link naar publiekspagina"),
    "publication_category": ("publication_category", "Publicatiecategorie"),
    "url": ("source_link", "Link naar bronregistratie"),
    "goal": ("purpose_and_impact", "Doel en impact"),
    "proportionality": ("considerations", "Afwegingen"),
    "human_intervention": ("human_intervention", "Menselijke tussenkomst"),
    "risks": ("risk_management", "Risicobeheer"),
    "lawful_basis": ("legal_basis", "Wettelijke basis"),
    "lawful_basis_grouping": ("legal_basis_title", "Links naar wettelijke basis"),
    "process_index_url": ("processing_register_link", "Link naar verwerkingsregister"),
    "impacttoetsen_grouping": ("impact_assessments", "Impacttoetsen"),
    "impacttoetsen": ("impact_assessment_explanation", "Toelichting op impacttoetsen"),
    "source_data": ("data", "Gegevens"),
    "source_data_grouping": ("data_source_title", "Links naar gegevensbronnen"),
    "methods_and_models": ("technical_operation", "Technische werking"),
    "provider": ("supplier", "Leverancier"),
    "publiccode": ("source_code_link", "Link naar broncode"),
    "lang": ("language", "Taal"),
    "standard_version": ("schema", "Versie"),
    "source_id": ("source_id", "Bron-ID"),
    "tags": ("search_terms", "Zoektermen"),
    "lars": ("lars", "Algoritme-ID"),
    "publication_dt": ("publication_dt", "Publicatiedatum"),
}
"""Name in the API: name in the schema, title in a download."""
_NAMES = {normal(n): api for api, names in FIELDS.items() for n in (api, *names)} | {
    "organisatienaam": "organization",
    "organisation": "organization",
    "organisatie": "organization",
    "doel": "goal",
}
_TELLING = {
    "description_short",
    "goal",
    "human_intervention",
    "publication_category",
    "methods_and_models",
    "proportionality",
}
"""Fields that other lists do not have under these names."""
_TAKEN_OVER = {"name", "description_short", "goal", "human_intervention", "provider", "lang", "standard_version"}


def is_record_heading(headings: Collection[str]) -> bool:
    """Whether these are the columns of their download: a name, and several that only they have."""
    known = {_NAMES.get(normal(h)) for h in headings}
    return "name" in known and len(known & _TELLING) >= 3


def read_records(content: bytes) -> tuple[dict[str, Any], ...]:
    """The records in a JSON file of theirs, by the names of the API. VangrailError for what has another form."""
    if len(content) > MOST_BYTES:
        raise VangrailError(
            both(nl="Het bestand is groter dan 5 MB.", en="The file is larger than 5 MB."),
            do=both(nl="Haal alleen de records op die je wilt.", en="Fetch only the records that you want."),
        )
    try:
        values = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise VangrailError(
            both(nl="Dit JSON-bestand kan niet gelezen worden.", en="This JSON file cannot be read."), do=_FETCH_AGAIN
        ) from error
    records = [_by_api(r) for r in _list(values)]
    if not records or not all("name" in r for r in records) or not can_be_kept(records):
        raise VangrailError(
            both(
                nl="Dit is geen record van het Nederlandse Algoritmeregister.",
                en="This is no record of the Dutch Algoritmeregister.",
            ),
            do=_FETCH_AGAIN,
        )
    if len(records) > MOST_APPLICATIONS:
        raise VangrailError(
            both(nl=f"Meer dan {MOST_APPLICATIONS} records.", en=f"More than {MOST_APPLICATIONS} records."),
            do=both(nl="Haal alleen de records op die je wilt.", en="Fetch only the records that you want."),
        )
    return tuple(records)


_FETCH_AGAIN = both(
    nl="Download het record opnieuw op algoritmes.overheid.nl.",
    en="Download the record again at algoritmes.overheid.nl.",
)


def by_heading(headings: Collection[str], cells: Collection[str]) -> dict[str, Any]:
    """A row of their download, by the names of the API."""
    return _by_api({h: c for h, c in zip(headings, cells, strict=False) if c})


def found_in(
    records: Collection[Mapping[str, Any]], *, on: date, phase: Phase | None, taken: Collection[str] = ()
) -> tuple[Found, ...]:
    """Each record as the beginning of a card of one's own.

    on      the day on which it is taken over
    phase   where it stands in the own organisation: what the other body does with it says nothing about that
    taken   the short names that exist already
    """
    seen = set(taken)
    found = []
    for number, record in enumerate(records, 1):
        one = _found(number, record, on=on, phase=phase, taken=seen)
        seen.add(name_as_id(one.name))
        found.append(one)
    return tuple(found)


def _found(number: int, record: Mapping[str, Any], *, on: date, phase: Phase | None, taken: Collection[str]) -> Found:
    said = {field: _plain(value) for field, value in record.items()}
    name = said.get("name", "")[:200]
    source = said.get("lars") or said.get("source_id") or said.get("url") or name or str(number)
    content = adopt(
        {}, source=source, by=said.get("organization") or "algoritmes.overheid.nl", on=on, kind="algoritmeregister",
        version=said.get("standard_version") or None,
    )  # fmt: skip
    content["adopted_from"]["digest"] = digest({k: said[k] for k in sorted(said)})
    for path, field in (("name", "name"), ("summary", "description_short"), ("purpose.text", "goal")):
        put(content, path, said.get(field, ""))
    if said.get("human_intervention"):
        put(content, "oversight.authority", said["human_intervention"])
    if said.get("provider"):
        put(content, "suppliers", [{"name": said["provider"]}])
    if phase is not None:
        put(content, "phase", phase.value)
    problems = []
    if not name:
        problems.append(
            Problem(column=FIELDS["name"][1], what=both(nl="de naam ontbreekt.", en="the name is missing."))
        )
    elif name_as_id(name) in taken:
        problems.append(
            Problem(
                column=None,
                what=both(
                    nl="er is al een toepassing met deze naam.", en="there is already an application with this name."
                ),
            )
        )
    left = {FIELDS[f][1]: t for f, t in said.items() if f in FIELDS and f not in _TAKEN_OVER and t}
    return Found(row=number, name=name, content=content, problems=tuple(problems), left=left)


def _list(values: Any) -> list[Mapping[Any, Any]]:
    """The records, alone or in a list, or in a list under one key."""
    if isinstance(values, dict) and "name" not in values:
        values = next((v for v in values.values() if isinstance(v, list)), [])
    values = values if isinstance(values, list) else [values]
    return [v for v in values[: MOST_APPLICATIONS + 1] if isinstance(v, dict)]


def _by_api(record: Mapping[Any, Any]) -> dict[str, Any]:
    return {_NAMES[normal(str(k))]: v for k, v in record.items() if k is not None and normal(str(k)) in _NAMES}


def _plain(value: Any) -> str:
    """A value as text: their texts may hold simple markup, and their lists titles with links."""
    if isinstance(value, list):
        return "\n".join(filter(None, (_plain(v) for v in value[:100])))
    if isinstance(value, dict):
        return " ".join(filter(None, (_plain(v) for v in list(value.values())[:10])))
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    reader = _Words()
    reader.feed(str(value)[:LONGEST])
    reader.close()
    return clean("\n".join(filter(None, (" ".join(line.split()) for line in "".join(reader.said).split("\n")))))


class _Words(HTMLParser):
    """The words of a text with markup; of scripts and styles nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new line where one is meant."""
        self._silent += tag in ("script", "style")
        if tag in ("p", "br", "div", "ul", "ol", "li"):
            self.said.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a script is the end of silence."""
        self._silent -= tag in ("script", "style") and self._silent > 0

    def handle_data(self, data: str) -> None:
        """What is said."""
        if not self._silent:
            self.said.append(data)
