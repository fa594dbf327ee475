"""The public register as open data: what the formats take, and the register as JSON and as CSV for a spreadsheet.

Lines are given one by one, so that a register of any size never stands in memory.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vangrail.exports import formatting as f
from vangrail.model.framework import Framework, Text, both
from vangrail.model.vocabulary import Language

REGISTER = "register/1"
LICENCE = "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"
BOM = "\ufeff"
"""Before a CSV file, so that Excel reads it as UTF-8."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """An application as it stands in the register.

    content         the publication (`exports/publication.py`)
    address         its page; never changes
    organisation    the short name of the organisation in addresses
    changed_at      when something on the page changed, by a publication or by itself
    stale           how many of its figures no longer count
    """

    content: Mapping[str, Any]
    address: str
    organisation: str
    number: int
    published_at: datetime
    changed_at: datetime
    stopped: bool
    stale: int
    newer_card: bool
    verified_on: date | None


def published_to_json(one: Published) -> dict[str, Any]:
    """The publication with where it stands and how it is now."""
    return {
        **one.content,
        "address": one.address,
        "licence": LICENCE,
        "publication": {"number": one.number, "at": one.published_at.isoformat()},
        "now": {
            "changed_at": one.changed_at.isoformat(),
            "stopped": one.stopped,
            "stale_figures": one.stale,
            "card_changed_since": one.newer_card,
            "verified_on": one.verified_on.isoformat() if one.verified_on else None,
        },
    }


def register_json(found: Iterable[Published], *, address: str) -> Iterator[str]:
    """The whole register as one JSON document, piece by piece."""
    head = json.dumps({"vangrail": REGISTER, "address": address, "licence": LICENCE}, ensure_ascii=False)
    yield f'{head[:-1]}, "items": ['
    for number, one in enumerate(found):
        yield (",\n" if number else "\n") + json.dumps(published_to_json(one), ensure_ascii=False, allow_nan=False)
    yield "\n]}\n"


_COLUMNS: tuple[tuple[str, Text], ...] = (
    ("organisation", both(nl="Bestuur", en="Organisation")),
    ("number", both(nl="KBO- of OVO-nummer", en="KBO or OVO number")),
    ("name", both(nl="Toepassing", en="Application")),
    ("address", both(nl="Adres", en="Address")),
    ("themes", both(nl="Thema's", en="Themes")),
    ("phase", both(nl="Fase", en="Phase")),
    ("stopped", both(nl="Gestopt", en="Stopped")),
    ("summary", both(nl="Wat ze doet", en="What it does")),
    ("purpose", both(nl="Waarvoor", en="Purpose")),
    ("deciding", both(nl="Wie doet wat", en="Who does what")),
    ("personal_data", both(nl="Persoonsgegevens", en="Personal data")),
    ("law", both(nl="AI-verordening", en="AI Act")),
    ("met", both(nl="Eisen voldaan", en="Requirements met")),
    ("asked", both(nl="Eisen gevraagd", en="Requirements asked")),
    ("figures", both(nl="Cijfers", en="Figures")),
    ("stale", both(nl="Verouderde cijfers", en="Stale figures")),
    ("energy", both(nl="Energie in gebruik (kWh per jaar)", en="Energy in use (kWh per year)")),
    ("ask", both(nl="Vragen", en="Questions")),
    ("object", both(nl="Bezwaar", en="Objection")),
    ("published", both(nl="Gepubliceerd op", en="Published on")),
    ("verified", both(nl="Laatst nagekeken op", en="Last verified on")),
)


def register_csv(found: Iterable[Published], *, language: Language, framework: Framework) -> Iterator[str]:
    """One row per application, as Excel in Belgium opens it: UTF-8 with a mark, semicolons, decimal commas."""
    yield BOM + _line([f.said(title, language) for _, title in _COLUMNS])
    known = next(v for v in framework.vocabularies if v.id == "data-themes")
    themes = {t.id: f.said(t.title, language) for t in known.terms}
    yes, no = ("ja", "nee") if language is Language.NL else ("yes", "no")
    for one in found:
        c = one.content
        deciding = "; ".join(f"{s['step']}: {f.word('actor.' + s['actor'], language, framework)}" for s in c["process"])
        energy = c["energy"]["operation_kwh_year"]
        values = {
            "organisation": c["organisation"]["name"],
            "number": c["organisation"]["number"],
            "name": c["application"]["name"],
            "address": one.address,
            "themes": "; ".join(themes[t] for t in c["themes"].get("policy", ()) if t in themes),
            "phase": f.word(f"phase.{c['application']['phase']}", language, framework),
            "stopped": yes if one.stopped else no,
            "summary": c["what"]["summary"],
            "purpose": c["why"]["purpose"],
            "deciding": deciding,
            "personal_data": c["data"]["personal_data"],
            "law": c["law"]["text"].get(language.value) or c["law"]["text"][Language.NL.value],
            "met": str(c["counts"]["met"]),
            "asked": str(sum(c["counts"].values())),
            "figures": str(len(c["figures"])),
            "stale": str(one.stale),
            "energy": "" if energy is None else f"{energy:.12g}".replace(".", "," if language is Language.NL else "."),
            "ask": c["contact"]["ask"],
            "object": c["contact"]["object"],
            "published": one.published_at.date().isoformat(),
            "verified": one.verified_on.isoformat() if one.verified_on else "",
        }
        yield _line([values[name] for name, _ in _COLUMNS])


def _line(values: Iterable[str | None]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([harmless(v or "") for v in values])
    return buffer.getvalue()


def harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula: one that looks like it gets an apostrophe before it.

    The signs are those that spreadsheets act on (OWASP, CSV injection), also behind spaces, which some take away first.
    """
    start = text.lstrip(" \u00a0\n")[:1]
    return (
        f"'{text}"
        if text[:1] in ("\t", "\r", "\n") or start in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
        else text
    )
