"""A case under the law, and the words in which rules are written."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from vangrail.law.dates import OMNIBUS
from vangrail.law.facts import Facts
from vangrail.law.logic import NO, UNKNOWN, YES, Element, Finding, Truth, any_of, negated, truth_of


class Case(dict[str, Finding]):
    """The facts, the day, and the findings so far, by rule id.

    A rule is read when it is first needed, so that the headline of ten thousand cards does not wait for every duty. One
    object and not two that point at each other: the latter cost a fifth of the time in collecting garbage.
    """

    __slots__ = ("facts", "heeds_lists", "on", "plan")

    def __init__(
        self, facts: Facts, on: date, plan: "Mapping[str, RuleFunction | None]", *, heeds_lists: bool = True
    ) -> None:
        super().__init__()
        self.facts = facts
        self.on = on
        self.plan = plan
        self.heeds_lists = heeds_lists

    def __missing__(self, rule: str) -> Finding:
        function = self.plan[rule]
        finding = Finding(rule, NO) if function is None else function(self, rule)
        self[rule] = finding
        return finding

    def all(self) -> "Case":
        """The same, with every rule read."""
        for rule in self.plan:
            self[rule]
        return self

    @property
    def amended(self) -> bool:
        """Whether the amended Act is the law on this day."""
        return self.on >= OMNIBUS


RuleFunction = Callable[[Case, str], Finding]
"""A rule: the case so far and the id of the rule in, what it comes to out."""


class Rules(dict[str, RuleFunction]):
    """The rules of one article, in its order. Each is a function that a decorator names."""

    def __call__(self, rule: str) -> Callable[[RuleFunction], RuleFunction]:
        """Enter a function under the permanent id of its rule."""

        def enter(function: RuleFunction) -> RuleFunction:
            self[rule] = function
            return function

        return enter


class ListedRules(Rules):
    """Rules that the card may name on a list. One that a list leaves out is not met, and that is all to say of it."""

    def __init__(self, list_: str, names: Callable[[str], str | None]) -> None:
        """`names` gives the name on the list for a rule id; none for a rule that is not on the list."""
        super().__init__()
        self._list, self._names = list_, names

    def __call__(self, rule: str) -> Callable[[RuleFunction], RuleFunction]:
        """Enter a function under the permanent id of its rule."""
        name, list_ = self._names(rule), self._list
        if name is None:
            return super().__call__(rule)
        left_out = Finding(rule, NO, (Element(list_, (name,), NO, (list_,)),))

        def enter(function: RuleFunction) -> RuleFunction:
            def read(case: Case, rule: str) -> Finding:
                named = getattr(case.facts, list_) if case.heeds_lists else None
                return left_out if named is not None and name not in named else function(case, rule)

            read.__doc__ = function.__doc__
            self[rule] = read
            return read

        return enter


@cache
def _of_fact(fact: str, wanted: bool | tuple[str, ...], truth: Truth) -> Element:
    """Elements repeat over cards; making each only once halves the time of a classification."""
    return Element(fact, wanted, truth, (fact,))


@cache
def _of_rule(rule: str, wanted: bool, truth: Truth) -> Element:
    return Element(rule, wanted, truth, ())


def yes(case: Case, fact: str) -> Element:
    """The fact is yes."""
    return _of_fact(fact, True, truth_of(getattr(case.facts, fact)))


def no(case: Case, fact: str) -> Element:
    """The fact is no."""
    return _of_fact(fact, False, negated(truth_of(getattr(case.facts, fact))))


def among(case: Case, fact: str, *values: str) -> Element:
    """The fact is, or contains, one of these values."""
    value = getattr(case.facts, fact)
    if value is None:
        return _of_fact(fact, values, UNKNOWN)
    has = value in values if isinstance(value, str) else not value.isdisjoint(values)
    return _of_fact(fact, values, YES if has else NO)


def more_than(case: Case, fact: str, limit: float) -> Element:
    """The number is known and larger than the limit."""
    value = getattr(case.facts, fact)
    return Element(fact, (f"> {limit:g}",), truth_of(None if value is None else value > limit), (fact,))


def met(case: Case, rule: str) -> Element:
    """An earlier rule is met."""
    return _of_rule(rule, True, case[rule].truth)


def not_met(case: Case, rule: str) -> Element:
    """An earlier rule is not met."""
    return _of_rule(rule, False, negated(case[rule].truth))


def one_of(case: Case, rule: str, *elements: Element) -> Element:
    """Keep an alternative inside a rule as a finding of its own, so that it can be explained."""
    finding = any_of(rule, *elements)
    case[rule] = finding
    return _of_rule(rule, True, finding.truth)


def element(name: str, wanted: bool | tuple[str, ...], truth: Truth, *facts: str) -> Element:
    """An element that needs more than one look at one fact."""
    return Element(name, wanted, truth, facts)
