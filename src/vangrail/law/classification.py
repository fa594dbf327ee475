"""Facts and a day in, what follows from the law out: a reasoned proposal that a named person confirms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations, product
from typing import Literal

from vangrail.law.ai_act.annex_iii import POINTS
from vangrail.law.ai_act.article_05 import PRACTICES
from vangrail.law.ai_act.article_25 import ROLES
from vangrail.law.case import Case
from vangrail.law.duties import Duty, duties
from vangrail.law.engine import facts_behind, find
from vangrail.law.facts import Facts, Value, changed
from vangrail.law.knowledge import Certainty, Question, law_knowledge, questions
from vangrail.law.logic import NO, PRESUMED, UNKNOWN, YES, Element, Finding
from vangrail.law.reading import contradictions
from vangrail.law.texts import element_text, rule_title
from vangrail.model.framework import Text

Outcome = Literal["out_of_scope", "prohibited", "high_risk", "transparency", "minimal", "unknown"]
"""The heaviest thing that the Act says of a system. Lighter ones may hold at the same time."""
HEADLINES = (
    "in-scope",
    "prohibited",
    "high-risk",
    "transparency",
    "provider",
    "deployer",
    "FRI-01",
    "DEP-13",
    "GDP-35",
)
"""What a classification answers first."""
ASKED = (
    "in-scope",
    "prohibited",
    "high-risk",
    "FRI-01",
    "DEP-13",
    "transparency",
    "provider",
    "deployer",
    "GDP-35",
    "LEG-02",
    "LEG-05",
)
"""In which order questions are worth asking: what the system is, what you owe to people, who you are, and since when.

The last two are asked about older systems, for only they know the day from which the duties count (Article 111).
"""


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """One answer of a classification; why it is so is looked up when asked."""

    id: str
    answer: bool | None
    """Yes, no, or unknown. What is presumed because no exception was shown counts as yes."""
    certain: bool
    """Whether no further fact can change it."""
    _of: "Classification" = field(repr=False, compare=False)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules that decide it: those met, or all that stand open."""
        return _deciding(self._of.found, self._of.found[self.id])

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The facts that could still change it."""
        return self._of.missing(self.id)

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the law itself is, for the least sure of the rules that decide."""
        known_rules = law_knowledge().rules
        sure = [self._of.found[r].certainty or known_rules[r].certainty for r in self.rules if r in known_rules]
        return max(sure, default="S1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """A smallest change of facts that gives another answer."""

    changes: Mapping[str, Value]
    """Fact → the value that it would have instead."""
    answer: bool
    """The answer that it would give."""


@dataclass(frozen=True, kw_only=True)
class Classification:
    """What follows from the law for these facts on this day.

    Everything is worked out from `facts` and `on` alone and only when asked for, so that classifying ten thousand cards
    costs no more than what is read of each.
    """

    facts: Facts
    on: date
    found: Case

    # --- headlines

    def conclusion(self, id_: str) -> Conclusion:
        """The answer under the id of a rule or of a conclusion between rules ("high-risk", "FRI-01")."""
        finding = self.found[id_]
        return Conclusion(id=id_, answer=finding.answer, certain=finding.certain, _of=self)

    def missing(self, rule: str) -> tuple[str, ...]:
        """The unknown facts that could still move a finding, in the order in which the law reads them."""
        behind = facts_behind(self.found, rule, only_open=True)
        return tuple(f for f in behind if getattr(self.facts, f) is None)

    @cached_property
    def in_scope(self) -> Conclusion:
        """Inside the AI Act (Articles 2 and 3)."""
        return self.conclusion("in-scope")

    @property
    def outside(self) -> bool:
        """Certainly outside the AI Act, so that there are no roles, points or practices in its sense."""
        return self.found["in-scope"].truth is NO

    @property
    def before_release(self) -> bool:
        """Still being made, so that the Act's duties wait for release (Article 2(8))."""
        return self.found["SCP-06"].truth is YES

    @property
    def roles(self) -> frozenset[str]:
        """The roles held; what the facts leave open is in `roles_unknown`.

        None outside the Act: Article 3(3)-(8) speaks of an AI system or model that the Act reaches.
        """
        return frozenset(() if self.outside else (r for r in ROLES if self.found[r].answer))

    @property
    def roles_unknown(self) -> frozenset[str]:
        """The roles that may be held."""
        return frozenset(() if self.outside else (r for r in ROLES if self.found[r].answer is None))

    @cached_property
    def prohibited(self) -> Conclusion:
        """A practice that Article 5 prohibits on this day. `prohibited_later`: from a later day."""
        return self.conclusion("prohibited")

    @cached_property
    def prohibited_later(self) -> Conclusion:
        """A practice that will be prohibited (Article 5(1)(ba), (bb))."""
        return self.conclusion("prohibited-later")

    @property
    def practices(self) -> tuple[str, ...]:
        """The letters of Article 5 that are met, also those that apply from a later day."""
        return tuple(rule for rule in PRACTICES.values() if self.found[rule].answer and not self.outside)

    @cached_property
    def high_risk(self) -> Conclusion:
        """High-risk by Annex I or by Annex III after the derogation."""
        return self.conclusion("high-risk")

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes by which it is high-risk: 'annex_i_a', 'annex_i_b', 'annex_iii'."""
        found = self.found
        routes = []
        if found["high-risk-i"].answer:
            routes.append("annex_i_a" if found["HRI-A"].answer else "annex_i_b")
        if found["high-risk-iii"].answer:
            routes.append("annex_iii")
        return tuple(routes)

    @property
    def points(self) -> tuple[str, ...]:
        """The points of Annex III that are met, before the derogation: '4a', '5a' ..."""
        return tuple(rule.removeprefix("HRA-") for rule in POINTS if self.found[rule].answer and not self.outside)

    @cached_property
    def derogation(self) -> Conclusion:
        """In Annex III, but not high-risk by Article 6(3)."""
        return self.conclusion("HRX-E")

    @cached_property
    def transparency(self) -> Conclusion:
        """Article 50 asks something of this system, whoever must do it."""
        return self.conclusion("transparency")

    @property
    def transparency_rules(self) -> tuple[str, ...]:
        """The paragraphs of Article 50 that are met: 'TRA-1' ... 'TRA-4b'."""
        rules = ("TRA-1", "TRA-2", "TRA-3", "TRA-4a", "TRA-4b")
        return tuple(r for r in rules if self.found[r].answer and not self.outside)

    @cached_property
    def fria(self) -> Conclusion:
        """You must make a fundamental rights impact assessment (Article 27)."""
        return self.conclusion("FRI-01")

    @cached_property
    def registration(self) -> Conclusion:
        """You must register the use as a public deployer (Article 49(3))."""
        return self.conclusion("DEP-13")

    @cached_property
    def provider_registration(self) -> Conclusion:
        """You must register the system as its provider (Article 49(1)), also when derogated (49(2))."""
        rule = "HRX-G" if self.found["HRX-G"].answer else "PRV-17"
        return self.conclusion(rule)

    @cached_property
    def dpia(self) -> Conclusion:
        """A data protection impact assessment is needed (GDPR Article 35)."""
        return self.conclusion("GDP-35")

    @property
    def outcome(self) -> Outcome:
        """The heaviest answer that is known; 'unknown' when an open answer could be heavier.

        One exception: what is high-risk is called so while some prohibition stands open, for the duties follow from it.
        `outcomes_possible` then still holds 'prohibited', and `prohibited` asks its questions.
        """
        found = self.found
        if self.outside:
            return "out_of_scope"
        if found["prohibited"].truth < PRESUMED <= found["high-risk"].truth:
            return "high_risk"
        for name, outcome in _BY_WEIGHT:
            truth = found[name].truth
            if truth >= PRESUMED:
                return outcome
            if truth is UNKNOWN:
                return "unknown"
        return "minimal" if found["in-scope"].truth >= PRESUMED else "unknown"

    @cached_property
    def outcomes_possible(self) -> frozenset[Outcome]:
        """Every outcome that the unknown facts still leave open; one when all is certain."""
        found = self.found
        possible: set[Outcome] = set()
        if found["in-scope"].truth is not YES:
            possible.add("out_of_scope")
        if found["in-scope"].truth is NO:
            return frozenset(possible)
        for name, outcome in _BY_WEIGHT:
            truth = found[name].truth
            if truth is not NO:
                possible.add(outcome)
            if truth is YES:
                return frozenset(possible)
        return frozenset(possible | {"minimal"})

    # --- everything

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Every rule of the rule base by its id, in order."""
        found = self.found.all()
        return {rule: found[rule] for rule in law_knowledge().rules}

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Every duty that applies, will apply or may apply, with its days."""
        return duties(self.found)

    @property
    def open_points(self) -> tuple[str, ...]:
        """The points on which the law is contested and that matter here: 'OPN-01' ..."""
        rules = (r for r in law_knowledge().rules if r.startswith("OPN-"))
        return tuple(rule for rule in rules if self.found[rule].answer)

    # --- what would change it

    @cached_property
    def next_questions(self) -> tuple[Question, ...]:
        """The questions worth asking, those first that settle most of what is open.

        Derived from the rules: a fact is asked when it stands in a finding that is not settled. It comes before another
        when knowing it can, alone, settle or change a heavier answer, or more answers.
        """
        asked, open_ = questions(), self._open
        place = {name: number for number, name in enumerate(asked)}
        return tuple(asked[f] for f in sorted(self.open_facts, key=lambda f: (*self._worth(f, open_), place[f])))

    @cached_property
    def open_facts(self) -> tuple[str, ...]:
        """The facts of `next_questions`, in the order in which the law reads them."""
        return tuple(dict.fromkeys(f for h in self._open for f in self.missing(h)))

    @property
    def _open(self) -> list[str]:
        return [h for h in ASKED if not self.found[h].certain and not (self.outside and h.startswith("LEG"))]

    def _worth(self, fact: str, open_: list[str]) -> tuple[bool, int, int, int]:
        """How early a question comes: rare exclusions last; then by the heaviest answer it can move, and how many."""
        nothing = len(ASKED)
        heaviest, best, settled = nothing, 0, 0
        for value in values_worth_trying(questions()[fact]):
            other = find(changed(self.facts, {fact: value}), self.on)
            moved = [ASKED.index(h) for h in open_ if other[h].truth is not self.found[h].truth]
            sure = sum(other[h].certain for h in open_)
            heaviest, best, settled = min(heaviest, *moved, nothing), max(best, sure), settled + sure
        return (questions()[fact].rare, heaviest, -best, -settled)

    def flips(self, rule: str, *, most: int = 2, limit: int = 6) -> tuple[Flip, ...]:
        """The smallest changes of facts that would turn this answer: single facts first, then pairs.

        rule    the id of a rule or a conclusion ("PRO-F", "high-risk")
        most    how many facts may change together
        limit   how many changes are returned
        Changes to contradictory facts are left out. Empty when nothing is known to turn, or no such change turns it.
        """
        now = self.found[rule].answer
        if now is None:
            return ()
        behind = facts_behind(self.found, rule)
        # What hardly ever happens (defence, research ...) turns every rule and explains none: tried last, and alone.
        usual = [f for f in behind if not questions()[f].rare]
        rare = [f for f in behind if questions()[f].rare]
        for facts, size in (*((usual, size) for size in range(1, most + 1)), (rare, 1)):
            turned = tuple(self._turned(rule, facts, size, now, limit))
            if turned:
                return turned
        return ()

    def _turned(self, rule: str, facts: list[str], size: int, now: bool, limit: int) -> Iterator[Flip]:
        count = 0
        for names in combinations(facts[:_PAIRS] if size > 1 else facts, size):
            for values in product(*(self._other_values(n) for n in names)):
                changes = dict(zip(names, values, strict=True))
                other = changed(self.facts, changes)
                answer = find(other, self.on)[rule].answer
                if answer is not None and answer is not now and next(contradictions(other), None) is None:
                    count += 1
                    yield Flip(changes=changes, answer=answer)
                    break
            if count >= limit:
                return

    def _other_values(self, fact: str) -> Iterable[Value]:
        current = getattr(self.facts, fact)
        question = questions()[fact]
        if question.kind == "choices" and isinstance(current, frozenset):
            without = [current - {v} for v in sorted(current)]
            return [*without, *(current | {v} for v in question.values if v not in current)]
        return [v for v in values_worth_trying(question) if v != current]

    # --- words

    def explain(self, rule: str) -> tuple[tuple[Element, Text], ...]:
        """Each element of a finding with its text: what was looked at, and how it stands."""
        finding = self.found[rule]
        return tuple((e, element_text(e)) for e in (*finding.elements, *finding.exceptions))

    def title(self, rule: str) -> Text:
        """The title of a rule or conclusion."""
        return rule_title(rule)


_BY_WEIGHT: tuple[tuple[str, Outcome], ...] = (
    ("prohibited", "prohibited"),
    ("high-risk", "high_risk"),
    ("transparency", "transparency"),
)
_PAIRS = 14
"""Pairs are tried among this many facts: enough for every rule of the Act by itself, and still quick."""


def _deciding(found: Case, finding: Finding) -> tuple[str, ...]:
    """The rules of the rule base under a conclusion: those that are met when it is, else those that stand open."""
    known_rules = law_knowledge().rules
    if finding.rule in known_rules:
        return (finding.rule,)
    names: dict[str, None] = {}
    seen: set[str] = set()

    def walk(current: Finding) -> None:
        for element in (*current.elements, *current.exceptions):
            beside = element.name == "scope-base" and finding.rule != "in-scope" and finding.answer is not False
            if beside or element.facts or element.name in seen or element.name not in found:
                continue
            seen.add(element.name)
            under = found[element.name]
            matches = under.answer if finding.answer else (under.answer is None or finding.answer is False)
            if not matches:
                continue
            if element.name in known_rules:
                names[element.name] = None
            else:
                walk(under)

    walk(finding)
    return tuple(names)


def values_worth_trying(question: Question) -> list[Value]:
    """One value of each kind that can make a difference, for a question."""
    match question.kind:
        case "yes_no":
            return [True, False]
        case "choice":
            return list(question.values)
        case "choices":
            return [frozenset[str](), *(frozenset({v}) for v in question.values)]
        case "number":
            return [0.0, 1e26]
        case _:
            return ["none", date(2025, 1, 1), date(2028, 12, 31)]


def classify(facts: Facts, on: date) -> Classification:
    """What follows from the law for these facts on this day. Pure: the same facts and day always give the same.

    facts   from `parse_facts`; what is `None` is unknown and never taken as no
    on      the day that is asked; rules and days are those of the law on that day
    """
    return Classification(facts=facts, on=on, found=find(facts, on))
