"""Evidence goes stale by itself: when the data change, the card changes, the check changes, or time passes."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from vangrail import knowledge
from vangrail.assessment.storing import plain
from vangrail.model.card import RECORDS, REPORTS, TEXTS
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Fingerprint
from vangrail.model.vocabulary import Language

_TEXTS_CHANGED = both(
    nl="De teksten zijn veranderd sinds deze meting.", en="The texts have changed since this was measured."
)
_UNSAID = both(nl="", en="")


@dataclass(frozen=True, kw_only=True)
class State:
    """What the data hold now, per data set, and what the models are now.

    unreadable  why, for a data set or a model that cannot be read at this moment
    """

    fingerprints: Mapping[str, Fingerprint]
    models: Mapping[str, Fingerprint] = field(default_factory=dict)
    unreadable: Mapping[str, Text] = field(default_factory=dict)


def why_stale(evidence: Evidence, planned: Measurement, state: State, *, valid_until: date, on: date) -> Text | None:
    """Why this evidence no longer counts for what is planned now; nothing when it does."""
    name, then = planned.dataset, evidence.fingerprint
    now = state.fingerprints.get(name)
    file = name.removeprefix(REPORTS)
    if evidence.measurement.version != planned.version:
        return both(
            nl="De meting zelf is veranderd sinds dit cijfer.", en="The check itself has changed since this figure."
        )
    if plain(evidence.measurement.settings) != plain(planned.settings):
        return both(nl="De kaart is veranderd sinds deze meting.", en="The card has changed since this was measured.")
    if now is None:
        why = state.unreadable.get(name, _UNSAID)
        if file != name:
            return both(
                nl=f"Het bestand '{file}' kan nu niet gelezen worden, dus het is niet zeker dat dit nog klopt.",
                en=f"The file '{file}' cannot be read now, so it is not certain that this still holds.",
            )
        return both(
            nl=f"Dataset '{name}' kan nu niet gelezen worden, dus het is niet zeker dat dit nog klopt. {why[Language.NL]}".strip(),
            en=f"Data set '{name}' cannot be read now, so it is not certain that this still holds. {why[Language.EN]}".strip(),
        )
    if then.algorithm != now.algorithm:
        return both(
            nl="De vingerafdruk is met een andere methode gemaakt, dus vergelijken kan niet.",
            en="The fingerprint was made by another method, so it cannot be compared.",
        )
    if name == TEXTS and then.content != now.content:
        return _TEXTS_CHANGED
    if name.startswith(RECORDS) and then.content != now.content:
        return _records_changed(name.removeprefix(RECORDS))
    if file != name and then.content != now.content:
        return both(
            nl=f"Het bestand '{file}' is veranderd sinds deze meting.",
            en=f"The file '{file}' has changed since this was measured.",
        )
    if (then.content, then.rows) != (now.content, now.rows):
        return both(
            nl=f"De data in '{name}' zijn veranderd: toen {then.rows} rijen, nu {now.rows}.",
            en=f"The data in '{name}' have changed: {then.rows} rows then, {now.rows} now.",
        )
    model = planned.model
    if model is not None and model not in state.models:
        why = state.unreadable.get(model, _UNSAID)
        return both(
            nl=f"Het model '{model}' kan nu niet gelezen worden, dus het is niet zeker dat dit nog klopt. {why[Language.NL]}".strip(),
            en=f"The model '{model}' cannot be read now, so it is not certain that this still holds. {why[Language.EN]}".strip(),
        )
    if model is not None and evidence.model != state.models[model]:
        return both(
            nl=f"Het model '{model}' is veranderd sinds deze meting.",
            en=f"The model '{model}' has changed since this was measured.",
        )
    if on > valid_until:
        return both(
            nl=f"Gemeten op {evidence.measured_at.date().isoformat()}; dit gold tot {valid_until.isoformat()}.",
            en=f"Measured on {evidence.measured_at.date().isoformat()}; this was valid until {valid_until.isoformat()}.",
        )
    return None


def _records_changed(kind: str) -> Text:
    word = next(e.title for e in knowledge.framework().glossary if e.code == f"record.{kind}")
    return both(
        nl=f"Er is iets bijgeschreven of veranderd bij '{word[Language.NL]}' sinds deze meting.",
        en=f"Something was added or changed under '{word[Language.EN]}' since this was measured.",
    )


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where there is no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
