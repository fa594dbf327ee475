"""Words for what was found: rules, conclusions between rules, and elements, in Dutch and English."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict

from vangrail.knowledge import yaml_values
from vangrail.law.knowledge import folder, law_knowledge, questions
from vangrail.law.logic import Element
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    conclusions: dict[str, dict[Language, str]]
    outcomes: dict[str, dict[Language, str]]
    words: dict[str, dict[Language, str]]


@cache
def words() -> _Words:
    """The texts of `knowledge/law/texts.yaml`."""
    file: Traversable = folder() / "texts.yaml"
    return _Words.model_validate(yaml_values(file.read_text(encoding="utf-8")))


def rule_title(rule: str) -> Text:
    """The title of a rule or of a conclusion between rules."""
    known = law_knowledge().rules
    return known[rule].title if rule in known else words().conclusions[rule]


def outcome_text(outcome: str) -> Text:
    """What an outcome means, in one sentence."""
    return words().outcomes[outcome]


def word(name: str) -> Text:
    """A fixed word of the screens and forms."""
    return words().words[name]


def value_text(fact: str, value: object) -> Text:
    """A value of a fact as it is said: yes, no, the text of a choice, several with commas, a day as 2026-11-22.

    value   as `Facts` holds it, or as it stands on a card
    """
    texts = questions()[fact].values
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if value is None:
        return word("unknown")
    if isinstance(value, set | frozenset | list | tuple):
        several = sorted(str(v) for v in value)
        chosen = {lang: ", ".join(texts[v][lang] if v in texts else v for v in several) for lang in Language}
        return chosen if several else word("none")
    return texts.get(str(value)) or (word("none") if value == "none" else {lang: str(value) for lang in Language})


_ARTICLES = (
    ("Annex", {Language.NL: "bijlage", Language.EN: "Annex"}),
    ("GDPR", {Language.NL: "AVG", Language.EN: "GDPR"}),
    ("Directive", {Language.NL: "Richtlijn", Language.EN: "Directive"}),
    ("Reg.", {Language.NL: "Verordening", Language.EN: "Regulation"}),
    ("rec.", {Language.NL: "overweging", Language.EN: "recital"}),
    ("Wet", {Language.NL: "wet van", Language.EN: "law of"}),
    ("first subparagraph", {Language.NL: "eerste alinea", Language.EN: "first subparagraph"}),
    ("second subparagraph", {Language.NL: "tweede alinea", Language.EN: "second subparagraph"}),
    ("third subparagraph", {Language.NL: "derde alinea", Language.EN: "third subparagraph"}),
)


def article_text(article: str) -> Text:
    """Where a rule stands, as it is said: '6(1)' is 'artikel 6(1)', 'Annex III 5' is 'bijlage III 5'. Empty stays empty."""
    said = {}
    for lang in Language:
        text = f"{word('article')[lang]} {article}" if article[:1].isdigit() else article
        for name, names in _ARTICLES:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[lang], text)
        said[lang] = text
    return said


def element_text(element: Element) -> Text:
    """What an element looks at: the fact or rule, and what it should be."""
    asked = questions()
    texts: Mapping[Language, str]
    if element.name in asked and element.facts:
        question = asked[element.name]
        texts = question.short
        if isinstance(element.wanted, tuple):
            values = {
                lang: ", ".join(question.values[v][lang] if v in question.values else v for v in element.wanted)
                for lang in Language
            }
            texts = {lang: f"{question.short[lang]}: {values[lang]}" for lang in Language}
    else:
        texts = rule_title(element.name)
    if element.wanted is False:
        return {lang: f"{word('not')[lang]}: {texts[lang]}" for lang in Language}
    return texts
