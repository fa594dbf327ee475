"""A classification as a page shows it: what the core found, put in the order in which people ask. Nothing is reckoned here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from vangrail import law
from vangrail.law.classification import HEADLINES
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language

WEIGHTY = ("in-scope", "prohibited", "high-risk", "transparency", "FRI-01")
"""The answers for which it is worth knowing what would turn them."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: yes, no or unknown; where it stands, how sure the law is, and what would turn it."""

    id: str
    title: Text
    answer: Text
    tone: str
    """'yes', 'no' or 'unknown', for the look."""
    articles: tuple[Text, ...]
    presumed: bool
    level: str
    certainty: Text
    because: tuple[tuple[Text, Text], ...]
    """What was looked at, and how it stands."""
    missing: tuple[law.Question, ...]
    turns: tuple[tuple[tuple[Text, Text], ...], ...]
    """Each smallest change that would turn it: facts with the value they would have."""


@dataclass(frozen=True, kw_only=True)
class Duties:
    """Duties that start together."""

    title: Text
    day: date | None
    duties: tuple[law.Duty, ...]


def answers(found: law.Classification) -> list[Answer]:
    """The headline answers, in order."""
    return [_answer(found, id_) for id_ in HEADLINES]


def _answer(found: law.Classification, id_: str) -> Answer:
    rules, asked = law.law_knowledge().rules, law.questions()
    conclusion = found.conclusion(id_)
    tone = {True: "yes", False: "no", None: "unknown"}[conclusion.answer]
    deciding = [r for r in conclusion.rules if r in rules]
    elements = [e for r in deciding for e in found.explain(r)] if conclusion.answer is not None else []
    return Answer(
        id=id_,
        title=found.title(id_),
        answer=law.word(tone),
        tone=tone,
        articles=tuple(law.article_text(a) for a in dict.fromkeys(rules[r].article for r in deciding))
        if conclusion.answer
        else (),
        presumed=conclusion.answer is not None and not conclusion.certain,
        level=conclusion.certainty,
        certainty=law.law_knowledge().certainty[conclusion.certainty],
        because=tuple(_standing(e.truth, text) for e, text in elements),
        missing=tuple(asked[f] for f in conclusion.missing),
        turns=tuple(_turn(f) for f in found.flips(id_, limit=3)) if id_ in WEIGHTY else (),
    )


def _standing(truth: law.Truth, text: Text) -> tuple[Text, Text]:
    return text, law.word({True: "yes", False: "no", None: "unknown"}[truth.answer])


def _turn(flip: law.Flip) -> tuple[tuple[Text, Text], ...]:
    asked = law.questions()
    return tuple((asked[fact].short, law.value_text(fact, value)) for fact, value in flip.changes.items())


def duties(found: law.Classification) -> list[Duties]:
    """What applies now; what comes, day by day; what waits for release; and what may apply."""
    groups: dict[tuple[int, date], list[law.Duty]] = {}
    for duty in found.duties:
        place = ("now", "on_release", "later", "unknown").index(duty.applies)
        day = duty.from_day if duty.applies == "later" and duty.from_day else date.min
        groups.setdefault((place, day), []).append(duty)
    titles = (_NOW, law.word("on_release"), law.word("later"), _PERHAPS)
    return [
        Duties(title=titles[place], day=None if day == date.min else day, duties=tuple(held))
        for (place, day), held in sorted(groups.items(), key=lambda g: g[0])
    ]


_NOW: Text = {Language.NL: "Dit geldt nu", Language.EN: "This applies now"}
_PERHAPS: Text = {
    Language.NL: "Dit geldt misschien: het hangt af van wat nog niet bekend is",
    Language.EN: "This may apply: it depends on what is not known yet",
}


def open_points(found: law.Classification) -> list[law.Rule]:
    """The points on which the law itself is contested and that matter here."""
    rules = law.law_knowledge().rules
    return [rules[p] for p in found.open_points]


def answered(facts: dict[str, object], new: Collection[str]) -> list[dict[str, object]]:
    """Every answer that is known, in the order of the law."""
    return [
        {"question": q, "value": law.value_text(fact, facts[fact]), "new": fact in new}
        for fact, q in law.questions().items()
        if fact in facts
    ]


def questions_of(facts: Iterable[str]) -> list[law.Question]:
    """The questions behind these facts, in the order of the law."""
    wanted = set(facts)
    return [q for fact, q in law.questions().items() if fact in wanted]
