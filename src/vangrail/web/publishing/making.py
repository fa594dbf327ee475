"""What would be public of an application today, from what the core says of it."""

from dataclasses import dataclass

from django.utils import timezone

from vangrail import knowledge, law
from vangrail.assessment import assembling
from vangrail.cards import fields
from vangrail.exports import formatting
from vangrail.exports.publication import LawSaid, Made, prose, publication
from vangrail.model.card import Card
from vangrail.model.framework import Measure
from vangrail.model.vocabulary import IdentifierKind
from vangrail.text import identifiers, plain_dutch
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Application
from vangrail.web.look import language

READABILITY = "readability"
NEVER = frozenset((IdentifierKind.NATIONAL_NUMBER, IdentifierKind.IBAN))
"""Numbers of people: a text that holds one is not published. They have check digits, so this is no guess."""
ASKED = frozenset((IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.LICENCE_PLATE, IdentifierKind.ADDRESS))
"""What may belong on the page, or not: whoever prepares it is asked to look."""
LEAST_WORDS = 25
"""With fewer words the index hangs on one or two of them; so says the check that measures readability."""
_CONTACT = ("contact.", "fallback.", "accessibility.")


def make(application: Application) -> Made:
    """The publication as it would be now."""
    assessment = assessing.assess(application, on=timezone.localdate())
    return publication(assessment, law=_law(application, assessment.card))


def _law(application: Application, card: Card) -> LawSaid:
    found = law.classify(law.parse_facts(card.facts), timezone.localdate())
    confirmation = application.confirmations.last()
    same = confirmation is not None and confirmation.facts_digest == assembling.facts_digest(card)
    rules = law.law_knowledge().rules
    points = [
        (found.title(rule), rules[rule].article)
        for headline in ("prohibited", "high-risk", "transparency")
        if (conclusion := found.conclusion(headline)).answer
        for rule in conclusion.rules
        if rule in rules
    ]
    return LawSaid(
        outcome=found.outcome,
        text=law.outcome_text(found.outcome),
        confirmed_on=timezone.localdate(confirmation.at) if confirmation is not None and same else None,
        points=tuple({article: (title, article) for title, article in points}.values()),
        roles=tuple(sorted(found.roles)),
        routes=found.routes,
        annex_iii=found.points,
    )


@dataclass(frozen=True, kw_only=True)
class Hard:
    """A text of the page that is hard to read, and what makes it so."""

    place: str

    @property
    def name(self) -> str:
        """What the field is called on screen."""
        return called(self.place)

    reading: plain_dutch.Reading
    long_sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Readable:
    """How plain the page is, by the core's measure and by the limit that the framework puts."""

    index: float | None
    limit: float
    hard: tuple[Hard, ...]

    @property
    def plain(self) -> bool:
        """Whether the page as a whole stays within the limit."""
        return self.index is not None and self.index >= self.limit


def readable(content: dict[str, object]) -> Readable:
    """How plain the texts are, and which are hard. Numbers, names and headings of the page itself are not counted."""
    difficult, limit = knowledge.difficult_words(), _limit()
    texts = [(place, text) for place, text in prose(content) if len(text.split()) > 2]
    whole = plain_dutch.read("\n\n".join(text for _, text in texts), difficult)
    hard = []
    for place, text in texts:
        reading = plain_dutch.read(text, difficult)
        long = tuple(s for s in plain_dutch.sentences(text) if len(plain_dutch.words_of(s)) > 20)
        below = reading.words >= LEAST_WORDS and (reading.flesch_douma or 0) < limit
        if long or reading.difficult or reading.abbreviations or below:
            hard.append(Hard(place=place, reading=reading, long_sentences=long))
    index = whole.flesch_douma if whole.words >= LEAST_WORDS else None
    return Readable(index=index, limit=limit, hard=tuple(hard))


def _limit() -> float:
    """The default limit of the requirement that the public register is plain."""
    for proof in knowledge.framework().requirement("dem-11").evidence:
        if isinstance(proof, Measure) and proof.check == READABILITY and proof.limit and proof.limit.at_least:
            return proof.limit.at_least
    raise LookupError("dem-11 has no limit on readability")


def called(place: str) -> str:
    """What a field of the card is called on screen; its path, where it has no name of its own."""
    known = fields.labels().get(place)
    return formatting.said(known.label, language.current()) if known else place


def places_with(content: dict[str, object], kinds: frozenset[IdentifierKind]) -> tuple[str, ...]:
    """What the fields are called in which something of these kinds stands; where people are told whom to reach is left out."""
    found = [
        place
        for place, text in prose(content)
        if not (kinds is ASKED and place.startswith(_CONTACT))
        and any(i.kind in kinds and (i.certain or kinds is ASKED) for i in identifiers.find(text))
    ]
    return tuple(dict.fromkeys(map(called, found)))
