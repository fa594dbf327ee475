"""What a supplier can be asked. Nothing is written here a second time: the questions come from the framework and the card.

A field is asked when it belongs to the product, or when a requirement that a supplier may answer declares it. A
requirement is asked when a supplier may answer it and filling in fields is not all of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

from vangrail import knowledge
from vangrail.cards import adopting, fields
from vangrail.cards.fields import CardPart, Field
from vangrail.model.card import PRODUCT_FIELDS
from vangrail.model.framework import AskPerson, Declare, Measure, Process, Requirement, Text, both
from vangrail.model.vocabulary import Language, RecordKind, Role

OWN = "own-"
"""What the key of a question begins with that the owner wrote."""
_OF_AN_ITEM = {"models": adopting.OF_A_MODEL, "suppliers": adopting.OF_A_SUPPLIER}
_PROVE = both(
    nl="Wat kun je hierover tonen voor jouw product? Noem cijfers, en zeg op welke gegevens en wanneer ze gemeten zijn.",
    en="What can you show about this for your product? Name figures, and say on which data and when they were measured.",
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to ask.

    key     a field of the card, a list of the card, the id of a requirement, or `own-` with a number
    field   what it is called and how it is asked
    items   for a list: the part of the card, with the fields that a supplier knows
    """

    key: str
    field: Field
    items: CardPart | None = None

    @property
    def is_on_card(self) -> bool:
        """Whether its answer can stand on the card."""
        return self.items is not None or self.field.path in fields.labels()

    @property
    def requirement(self) -> str | None:
        """The requirement that it is about; none for a field or a question of the owner."""
        return None if self.is_on_card or self.key.startswith(OWN) else self.key


@dataclass(frozen=True, kw_only=True)
class Page:
    """Questions that are asked together."""

    id: str
    title: Text
    lead: Text
    questions: tuple[Question, ...]


@cache
def pages() -> tuple[Page, ...]:
    """Everything that can be asked: the pages of the card, and then the requirements, by principle."""
    framework = knowledge.framework()
    asked = [r for r in framework.requirements if _is_for_supplier(r)]
    by_card = [_card_page(part) for part in fields.parts()]
    by_principle = [
        Page(
            id=f"eisen-{principle.id}",
            title=principle.title,
            lead=_PROVE,
            questions=tuple(_about(r) for r in asked if r.principle == principle.id),
        )
        for principle in framework.principles
    ]
    return tuple(page for page in (*by_card, *by_principle) if page.questions)


def asked(keys: Collection[str], own: Sequence[str]) -> tuple[Page, ...]:
    """The pages with only these questions, and a last one with what the owner wrote. A key that is no longer ours is left out."""
    chosen = [replace(p, questions=tuple(q for q in p.questions if q.key in keys)) for p in pages()]
    written = Page(
        id="eigen",
        title=both(nl="Nog enkele vragen", en="Some more questions"),
        lead=both(nl="Deze vragen schreef het bestuur zelf.", en="The government wrote these questions itself."),
        questions=tuple(_free(f"{OWN}{n}", both(nl=text, en=text)) for n, text in enumerate(own, 1)),
    )
    return tuple(page for page in (*chosen, written) if page.questions)


def belongs_to_product(key: str) -> bool:
    """Whether it is about the product itself, and not about what a customer does with it."""
    return key in PRODUCT_FIELDS or not (key in fields.labels() or key.startswith(OWN))


def _is_for_supplier(requirement: Requirement) -> bool:
    if Role.SUPPLIER not in requirement.answered_by:
        return False
    # lit-6 is about this list of questions itself: the owner answers it.
    of_this = any(
        isinstance(p, Process) and p.record is RecordKind.SUPPLIER_QUESTIONNAIRE for p in requirement.evidence
    )
    return not of_this and any(isinstance(p, AskPerson | Measure) for p in requirement.evidence)


@cache
def _known_to_supplier() -> frozenset[str]:
    """The fields of the card that a supplier can fill in."""
    declared = {
        path
        for requirement in knowledge.framework().requirements
        if Role.SUPPLIER in requirement.answered_by
        for proof in requirement.evidence
        if isinstance(proof, Declare)
        for path in proof.fields
    }
    return frozenset(declared | set(PRODUCT_FIELDS))


_OF_THE_CARD = both(
    nl="Weet je iets niet, kruis dat dan aan. Een nul of een streepje zou een bewering zijn.",
    en="Tick what you do not know. A zero or a dash would be a claim.",
)
_TOLD = both(nl="Zo leggen we het uit aan een bestuur:", en="This is how it is explained to a government:")


def _card_page(part: CardPart) -> Page:
    questions: tuple[Question, ...] = ()
    if part.items is None:
        questions = tuple(Question(key=f.path, field=f) for f in part.fields if f.path in _known_to_supplier())
    elif part.items in _OF_AN_ITEM:
        known = tuple(f for f in part.fields if f.name in _OF_AN_ITEM[part.items])
        field = replace(fields.labels()[part.items], help=part.lead)
        questions = (Question(key=part.items, field=field, items=replace(part, fields=known)),)
    return Page(id=part.id, title=part.title, lead=_OF_THE_CARD, questions=questions)


def _about(requirement: Requirement) -> Question:
    questions = [p.question for p in requirement.evidence if isinstance(p, AskPerson)]
    told = [_TOLD, requirement.why, *questions]
    return _free(requirement.id, requirement.title, {lang: " ".join(t[lang] for t in told) for lang in Language})


def _free(key: str, label: Text, help_: Text | None = None) -> Question:
    """A question that is answered in words of one's own."""
    field = Field(
        path=key,
        label=label,
        help=help_,
        kind="long",
        options=(),
        words=None,
        own_words={},
        vocabulary=None,
        required=False,
    )
    return Question(key=key, field=field)
