"""The interview that the law asks: one question at a time, and the one that can change most first.

Nothing is remembered here: facts and a day in, the next question out. So the terminal and the site ask the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from vangrail.law.classification import Classification, classify, values_worth_trying
from vangrail.law.engine import find
from vangrail.law.facts import Facts, changed
from vangrail.law.knowledge import Question, questions
from vangrail.law.logic import NO
from vangrail.law.reading import parse_facts

_YES = frozenset({"j", "ja", "y", "yes"})
_NO = frozenset({"n", "nee", "no"})
_NONE = frozenset({"geen", "none", "0"})


@dataclass(frozen=True, kw_only=True)
class Interview:
    """Where an interview stands. `facts` are as on a card; `skipped` are those that somebody does not know (yet)."""

    facts: Mapping[str, Any]
    on: date
    skipped: frozenset[str] = frozenset()

    @cached_property
    def classification(self) -> Classification:
        """What follows from what is known by now. Raises FactsRefused, when the facts contradict each other."""
        return classify(parse_facts(self.facts), self.on)

    @cached_property
    def ahead(self) -> tuple[Question, ...]:
        """The questions that can still change something and were not skipped, the most useful first."""
        return tuple(q for q in self.classification.next_questions if q.fact not in self.skipped)

    @property
    def next(self) -> Question | None:
        """The question to ask now; none when no other answer can change the outcome."""
        return self.ahead[0] if self.ahead else None

    def answered(self, fact: str, value: Any) -> "Interview":
        """The interview with this answer. Raises FactsRefused, when it cannot be right, alone or beside the others."""
        facts = {**self.facts, fact: value}
        parse_facts(facts)
        return replace(self, facts=facts, skipped=self.skipped - {fact})

    def unknown(self, fact: str) -> "Interview":
        """The interview without an answer to this one: it is not asked again, and never taken as no."""
        return replace(self, facts={k: v for k, v in self.facts.items() if k != fact}, skipped=self.skipped | {fact})

    @cached_property
    def about_left(self) -> int:
        """About how many questions are left: as many as are asked when nothing special comes up.

        Counted by answering them all with 'no' or 'none', except where that alone puts the application outside the Act.
        An answer that brings something special adds questions; `len(ahead)` counts them all, also those that other
        answers will make needless (111 at the start, of which some 25 are really asked).
        """
        facts, count = self.classification.facts, 0
        while True:
            open_ = [f for f in classify(facts, self.on).open_facts if f not in self.skipped]
            if not open_:
                return count
            asked = questions()
            facts, count = self._usual(facts, min(open_, key=lambda f: asked[f].rare)), count + 1

    def _usual(self, facts: Facts, fact: str) -> Facts:
        question = questions()[fact]
        values = values_worth_trying(question)
        if question.kind == "yes_no":
            values = [False, True]
        elif question.kind == "choice" and "none" in question.values:
            values = ["none", *values]
        others = (changed(facts, {fact: v}) for v in values)
        inside = (o for o in others if find(o, self.on)["in-scope"].truth is not NO)
        return next(inside, changed(facts, {fact: values[0]}))


def read_answer(question: Question, typed: str) -> Any:
    """What a person typed, as it stands on a card: yes or no, a value or its number, several with commas, a number, a day.

    What is none of these comes back as it was typed, for `parse_facts` to refuse with what it could have been.
    """
    numbered = list(question.values)

    def one(text: str) -> str:
        text = text.strip()
        return numbered[int(text) - 1] if text.isdigit() and 0 < int(text) <= len(numbered) else text

    match question.kind:
        case "yes_no":
            word = typed.lower()
            return True if word in _YES else False if word in _NO else typed
        case "choices":
            return [] if typed.lower() in _NONE else [one(part) for part in typed.split(",")]
        case "choice":
            return one(typed)
        case "number":
            return float(typed.replace(",", ".")) if typed.replace(",", "").replace(".", "").isdigit() else typed
        case "date":
            return _day(typed)


def _day(typed: str) -> Any:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return typed
