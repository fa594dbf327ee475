"""Forms that follow from the law, filled from the card as far as it goes. An empty field stays visibly empty.

The fields of each form, with their article, are in `knowledge/law/forms/`. A field takes its value from the card (by
the keys that it names), or from the classification.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vangrail.knowledge import yaml_values
from vangrail.law.classification import Classification
from vangrail.law.facts import known
from vangrail.law.knowledge import folder, law_knowledge, questions
from vangrail.law.texts import article_text, outcome_text, rule_title, word
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

Format = Literal["markdown", "html", "document"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _FieldForm(_Form):
    label: dict[Language, str]
    article: str
    hint: dict[Language, str] | None = None
    card: tuple[str, ...] = ()
    law: str | None = None


class _SectionForm(_Form):
    title: dict[Language, str]
    fields: tuple[_FieldForm, ...] = Field(min_length=1)


class _FormForm(_Form):
    id: str
    article: str
    rule: str
    incident: bool = False
    """Only needed when something goes wrong."""
    title: dict[Language, str]
    intro: dict[Language, str]
    sections: tuple[_SectionForm, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class FilledField:
    """One field of a form; `value` is empty when neither card nor law can fill it."""

    label: Text
    article: str
    hint: Text
    value: str


@dataclass(frozen=True, kw_only=True)
class FilledSection:
    """A heading and its fields."""

    title: Text
    fields: tuple[FilledField, ...]


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """A form, filled as far as it goes, in one language."""

    id: str
    article: str
    rule: str
    """The rule that asks for it; whether it is needed is the answer of that rule."""
    language: Language
    title: Text
    intro: Text
    sections: tuple[FilledSection, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """The labels of the fields that are still to be filled in."""
        return tuple(f.label[self.language] for s in self.sections for f in s.fields if not f.value)


@cache
def _forms() -> Mapping[str, _FormForm]:
    files = sorted((f for f in (folder() / "forms").iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    forms = [_FormForm.model_validate(yaml_values(f.read_text(encoding="utf-8"))) for f in files]
    return {f.id: f for f in forms}


def form_ids() -> tuple[str, ...]:
    """The forms that exist."""
    return tuple(_forms())


def form_card_fields() -> tuple[str, ...]:
    """Every key of the card that a form looks for, so that an edge knows what it may give."""
    return tuple(dict.fromkeys(k for f in _forms().values() for s in f.sections for x in s.fields for k in x.card))


def card_texts(card: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a card, as JSON, that forms look for, each as one plain text; what is not there is left out."""
    found = {key: [_plain(_at(card, p.split("."))) for p in _PLACES.get(key, (key,))] for key in form_card_fields()}
    return {key: "; ".join(filter(None, texts)) for key, texts in found.items() if any(texts)}


_PLACES: Mapping[str, tuple[str, ...]] = {
    "organisation": ("organisation.name",),
    "owner": ("people.application_owner.name",),
    "submitted_by": ("people.application_owner.name",),
    "dpo": ("people.dpo.name", "people.dpo.contact"),
    "security_officer": ("people.security_officer.name", "people.security_officer.contact"),
    "purpose": ("purpose.text",),
    "process": ("process.step",),
    "affected_people": ("affected.who",),
    "provider": ("suppliers.name",),
    "oversight": ("oversight.authority", "oversight.four_eyes"),
    "mitigation": ("fallback.procedure",),
    "governance": ("fallback.stopped_by",),
    "complaint": ("contact.object",),
    "contact": ("contact.ask", "contact.person"),
    "limits": ("documentation.limits",),
    "dpia": ("privacy.dpia",),
    "disclosure": ("disclosure.text",),
}
"""Where a card holds what a form calls by another name."""


def _at(value: Any, path: Sequence[str]) -> Any:
    for step in path:
        if isinstance(value, list):
            value = [v.get(step) for v in value if isinstance(v, Mapping)]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(text for v in value.values() if (text := _plain(v)))
    if isinstance(value, list):
        return "; ".join(text for v in value if (text := _plain(v)))
    return "" if value is None or value is False else str(value)


def forms_needed(classification: Classification) -> tuple[str, ...]:
    """The forms that this application needs, now or from a later day; not those for when something goes wrong."""
    return tuple(f.id for f in _forms().values() if not f.incident and classification.found[f.rule].answer)


def fill(
    form: str,
    classification: Classification,
    card: Mapping[str, str] | None = None,
    *,
    language: Language = Language.NL,
) -> FilledForm:
    """A form, filled from the card and the classification.

    form    one of `form_ids()`
    card    plain texts by the keys of `form_card_fields()`; what is absent or blank stays visibly empty
    Raises      VangrailError when there is no such form
    """
    if form not in _forms():
        known = ", ".join(form_ids())
        raise VangrailError(
            both(nl=f"Er is geen formulier '{form}'.", en=f"There is no form '{form}'."),
            do=both(nl=f"Gebruik een van deze: {known}.", en=f"Use one of: {known}."),
        )
    definition, given = _forms()[form], card or {}
    return FilledForm(
        id=form,
        article=definition.article,
        rule=definition.rule,
        language=language,
        title=definition.title,
        intro=definition.intro,
        sections=tuple(
            FilledSection(
                title=section.title,
                fields=tuple(
                    FilledField(
                        label=f.label,
                        article=f.article,
                        hint=f.hint or {},
                        value=_value(f, classification, given, language),
                    )
                    for f in section.fields
                ),
            )
            for section in definition.sections
        ),
    )


def _value(field: _FieldForm, classification: Classification, card: Mapping[str, str], language: Language) -> str:
    from_card = [card[key].strip() for key in field.card if card.get(key, "").strip()]
    from_law = _LAW[field.law](classification, language) if field.law else ""
    return "\n".join(filter(None, (*from_card, from_law)))


def _rules(classification: Classification, rules: tuple[str, ...], language: Language) -> str:
    known_rules = law_knowledge().rules
    return "; ".join(f"{rule_title(r)[language]} ({known_rules[r].article})" for r in rules)


def _outcome(classification: Classification, language: Language) -> str:
    return outcome_text(classification.outcome)[language]


def _points(classification: Classification, language: Language) -> str:
    return _rules(classification, tuple(f"HRA-{p}" for p in classification.points), language)


def _roles(classification: Classification, language: Language) -> str:
    return ", ".join(rule_title(r)[language] for r in sorted(classification.roles))


def _transparency(classification: Classification, language: Language) -> str:
    return _rules(classification, classification.transparency_rules, language)


def _eased(classification: Classification, language: Language) -> str:
    eased = classification.found["eased-disclosure"].answer
    return rule_title("eased-disclosure")[language] if eased else ""


def _condition(classification: Classification, language: Language) -> str:
    return _fact(classification, "art63_condition", language)


def _profiling(classification: Classification, language: Language) -> str:
    return _fact(classification, "performs_profiling", language)


def _influence(classification: Classification, language: Language) -> str:
    return _fact(classification, "materially_influences_decision", language)


def _status(classification: Classification, language: Language) -> str:
    return _fact(classification, "status", language)


def _affected(classification: Classification, language: Language) -> str:
    return _fact(classification, "affected", language)


def _fact(classification: Classification, fact: str, language: Language) -> str:
    value = known(classification.facts).get(fact)
    if value is None:
        return ""
    if isinstance(value, bool):
        return word("yes" if value else "no")[language]
    return questions()[fact].values[str(value)][language]


def _authority(classification: Classification, language: Language) -> str:
    return law_knowledge().authorities[0].name[language]


_DATA_PROTECTION = ("data_protection_flanders", "data_protection_belgium")


def _supervisors(classification: Classification, language: Language) -> str:
    return _named((*_DATA_PROTECTION, "fundamental_rights"), language)


def _data_protection(classification: Classification, language: Language) -> str:
    return _named(_DATA_PROTECTION, language)


def _named(authorities: tuple[str, ...], language: Language) -> str:
    return "; ".join(a.name[language] for a in law_knowledge().authorities if a.id in authorities)


def _as_of(classification: Classification, language: Language) -> str:
    return f"{word('as_of')[language]} {classification.on.isoformat()}"


_LAW: Mapping[str, Callable[[Classification, Language], str]] = {
    "outcome": _outcome,
    "points": _points,
    "roles": _roles,
    "transparency": _transparency,
    "eased": _eased,
    "condition": _condition,
    "profiling": _profiling,
    "influence": _influence,
    "status": _status,
    "affected": _affected,
    "authority": _authority,
    "supervisors": _supervisors,
    "data_protection": _data_protection,
    "as_of": _as_of,
}


def render(form: FilledForm, *, as_: Format = "markdown") -> str:
    """A filled form as Markdown, as an HTML fragment with everything escaped, or as an HTML document that stands alone."""
    match as_:
        case "markdown":
            return _markdown(form)
        case "html":
            return _html(form)
        case "document":
            return _document(form)


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1b2733}"
    "dt{font-weight:600;margin-top:1rem}dd{margin:0}.empty{color:#8a4700}small{font-weight:400;color:#4c5967}"
)


def _document(form: FilledForm) -> str:
    lang = {Language.NL: "nl-BE", Language.EN: "en"}[form.language]
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(form.title[form.language])}</title><style>{_STYLE}</style></head><body>\n"
        f"{_html(form)}</body></html>\n"
    )


def _quiet(text: str) -> str:
    """Text of a card as text: nothing of it is read as Markdown or HTML."""
    for mark in "\\`*_{}[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "  \n")


def _markdown(form: FilledForm) -> str:
    lang, empty = form.language, word("empty")[form.language]
    lines = [f"# {form.title[lang]}", "", f"*{article_text(form.article)[lang]}*", ""]
    lines += [form.intro[lang], ""]
    for section in form.sections:
        lines += [f"## {section.title[lang]}", ""]
        for field in section.fields:
            where = f" ({field.article})" if field.article else ""
            lines += [f"**{field.label[lang]}**{where}", ""]
            if field.value:
                lines += [_quiet(field.value), ""]
            else:
                hint = f" {field.hint[lang]}" if field.hint else ""
                lines += [f"**{empty}**{hint}", ""]
    lines += ["---", "", word("proposal")[lang], ""]
    return "\n".join(lines)


def _html(form: FilledForm) -> str:
    lang, empty = form.language, word("empty")[form.language]
    parts = [
        f'<article lang="{lang}" class="form" id="form-{escape(form.id)}">',
        f"<h1>{escape(form.title[lang])}</h1>",
        f"<p><em>{escape(article_text(form.article)[lang])}</em></p>",
        f"<p>{escape(form.intro[lang])}</p>",
    ]
    for section in form.sections:
        parts += [f"<section><h2>{escape(section.title[lang])}</h2>", "<dl>"]
        for field in section.fields:
            where = f" <small>({escape(field.article)})</small>" if field.article else ""
            parts.append(f"<dt>{escape(field.label[lang])}{where}</dt>")
            if field.value:
                parts.append(f"<dd>{escape(field.value).replace(chr(10), '<br>')}</dd>")
            else:
                hint = f" {escape(field.hint[lang])}" if field.hint else ""
                parts.append(f'<dd class="empty"><strong>{escape(empty)}</strong>{hint}</dd>')
        parts.append("</dl></section>")
    parts += [f"<footer><p>{escape(word('proposal')[lang])}</p></footer>", "</article>"]
    return "\n".join(parts) + "\n"
