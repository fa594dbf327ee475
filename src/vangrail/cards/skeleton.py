"""A first card: short, filled with what is known, and with the rest as comments that say why it is asked."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType, OrganisationKind, Phase


@dataclass(frozen=True, kw_only=True)
class Start:
    """What somebody knows when they begin.

    dates   per column of text that holds dates or times: which of these, and how they are written
    """

    name: str
    organisation: str
    purpose: str
    phase: Phase
    data: str | None = None
    fields: Sequence[Field] = ()
    dates: Mapping[str, tuple[ColumnType, str]] = field(default_factory=dict)


def name_as_id(name: str) -> str:
    """'Meldingen van Sluikstort' as 'meldingen-van-sluikstort'."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:64].rstrip("-") or "toepassing"


def _text(value: str) -> str:
    """A text as YAML: quoted, so that ':' and '#' and 'no' stay what they are."""
    return json.dumps(value, ensure_ascii=False)


def skeleton(start: Start) -> str:
    """The text of card.yaml. It is a valid card as it stands."""
    kinds, phases = ", ".join(OrganisationKind), ", ".join(Phase)
    return f"""\
# De kaart van een AI-toepassing. Vul in wat je weet; wat ontbreekt, telt als 'onbekend', nooit als goed.
# Kijk ze na met: vangrail card check .        Wat wordt gevraagd en waarom: vangrail norms
vangrail: 1
id: {name_as_id(start.name)}
name: {_text(start.name)}
summary: ""                        # wat doet ze, in gewone woorden
phase: {start.phase:<27}# {phases}

organisation:
  name: {_text(start.organisation)}
  # kind: municipality             # {kinds}

# Een ander doel met hetzelfde middel is een andere toepassing (dem-2).
purpose:
  text: {_text(start.purpose)}
  # public_task: ""                # welke opdracht van je bestuur dient dit (dem-1)
  # use: [direct]                  # direct: mensen gebruiken de AI zelf; indirect: ze werkt achter een dienst (hum-5)

# Wie doet wat, met naam (tru-acc-1). Alleen wie hier staat, kan antwoorden en beslissen.
people:
  # application_owner: {{name: "", function: "", contact: ""}}
  # decider: {{name: ""}}
  # dpo: {{name: ""}}
  # overseer: {{name: ""}}

# Hoe bereiken mensen je (tru-acc-2)?
contact:
  # ask: ""
  # object: ""
  # term_days: 20

# Wie doet welke stap: human, ai_advises, ai_acts_human_checks of ai_acts (hum-1).
process:
  # - {{step: "", actor: ai_advises, why: ""}}

# Wat beloof je, en hoe meet je dat (dem-3)?
benefits:
  # - {{indicator: "", unit: "", baseline: 0, target: 0}}

# Welke andere wegen heb je vergeleken, ook 'geen AI' (dem-5)?
alternatives:
  # - {{name: "geen AI", cost: "", effect: "", chosen: false, why: ""}}

{_data(start)}
# Grenzen kies je vooraf, met reden (tru-fair-1). Wat gemeten kan worden: vangrail checks
limits:
  # - {{check: selection-rate-ratio, at_least: 0.8, because: "", by: "", on: 2026-01-01}}

# Alle andere velden, met uitleg: vangrail card schema
"""


def _data(start: Start) -> str:
    if start.data is None:
        return """\
# Waar staan de data? Kun je er niet bij, zeg dan waarom: dan antwoordt iemand met naam in de plaats.
# data_access: {possible: false, because: "De leverancier geeft geen toegang."}
datasets:
  # beslissingen:
  #   source: data/beslissingen.csv
"""
    columns = "\n".join(f"      {_text(f.name)}: {{{_reading(f, start.dates)}}}" for f in start.fields if f.given)
    return f"""\
# Wat verwacht je van elke kolom? Voeg toe: required: false, allowed: [...], at_least: 0, at_most: 120, personal: true,
# en used: true of used: false: gebruikt de toepassing deze kolom (dat-7)?
datasets:
  data:
    source: {_text(start.data)}
    columns:
{columns}
    # key: []                        # welke kolommen samen een rij aanwijzen (dat-5)
    # refresh: {{column: "", newest_within_days: 31}}
    # reference:                     # op welke bevolking moeten de data lijken (dat-2)?
    #   kolom: {{shares: {{a: 0.5, b: 0.5}}, source: ""}}

# Staat er per rij een advies in, en liefst ook wat waar bleek? Dan wordt per groep gemeten (tru-fair-1).
# decision_log:
#   dataset: data
#   advice: {{column: "", positive: [""]}}
#   favourable: "yes"                # welk advies is gunstig voor de persoon: "yes" of "no"
#   score: {{column: ""}}
#   decision: {{column: "", positive: [""]}}    # wat een mens besliste (tru-hum-2)
#   outcome: {{column: "", positive: [""]}}     # known_for: selected, als alleen gecontroleerde dossiers een uitkomst hebben
#   protected:
#     - {{column: "", reference: ""}}
"""


def _reading(found: Field, dates: Mapping[str, tuple[ColumnType, str]]) -> str:
    """How the card says what a column holds."""
    if found.name not in dates:
        return f"type: {found.type}"
    kind, form = dates[found.name]
    return f"type: {kind}, format: {_text(form)}"
