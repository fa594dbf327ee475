"""Answers that may be unknown, and why they are what they are.

Kleene's three values, and a fourth between unknown and yes: *presumed*. A rule whose conditions hold is presumed to
hold as long as nobody has shown its exception (a derogation must be relied on, an exception must be proven). Presumed
counts as yes in the answer and as not certain in the reasons. In the order of the values, `min` is "and" and `max` is
"or"; so everything composed of them is monotone: knowing more can settle an open answer, never turn a certain one.
"""

from enum import IntEnum
from typing import NamedTuple

from vangrail.law.knowledge import Certainty


class Truth(IntEnum):
    """How a condition stands. The order matters: `min` is "and", `max` is "or"."""

    NO = 0
    UNKNOWN = 1
    PRESUMED = 2
    YES = 3

    @property
    def answer(self) -> bool | None:
        """Yes, no or unknown; what is presumed counts as yes."""
        return None if self is Truth.UNKNOWN else self is not Truth.NO

    @property
    def certain(self) -> bool:
        """Whether no further fact can change it."""
        return self is Truth.YES or self is Truth.NO


NO, UNKNOWN, PRESUMED, YES = Truth.NO, Truth.UNKNOWN, Truth.PRESUMED, Truth.YES
_NEGATED = (YES, UNKNOWN, UNKNOWN, NO)


def negated(truth: Truth) -> Truth:
    """The opposite. The opposite of what is only presumed is unknown: a presumption proves nothing."""
    return _NEGATED[truth]


def truth_of(value: bool | None) -> Truth:
    """The truth of a fact that is yes, no or unknown."""
    if value is None:
        return UNKNOWN
    return YES if value else NO


class Element(NamedTuple):
    """One condition of a rule.

    A named tuple, not a dataclass: some 400 are made per card, and ten thousand cards must pass in seconds.
    """

    name: str
    """The fact or the rule that it looks at."""
    wanted: bool | tuple[str, ...]
    """What it should be: yes, no, or one of these values."""
    truth: Truth
    facts: tuple[str, ...]
    """The facts that decide it; none when `name` is a rule, whose own elements tell."""


class Finding(NamedTuple):
    """What a rule comes to for these facts, with the elements that decided it."""

    rule: str
    truth: Truth
    elements: tuple[Element, ...] = ()
    exceptions: tuple[Element, ...] = ()
    """Any one of these takes the case out of the rule."""
    certainty: Certainty | None = None
    """When the way in which it was reached is less sure than the rule itself."""
    alternatives: bool = False
    """Whether one of the elements is enough, instead of all."""

    @property
    def answer(self) -> bool | None:
        """Met, not met, or unknown (`None`)."""
        return self.truth.answer

    @property
    def certain(self) -> bool:
        """Whether no further fact can change it."""
        return self.truth.certain


def _least(elements: tuple[Element, ...]) -> Truth:
    least = YES
    for element in elements:
        if element.truth < least:  # noqa: PLR1730  twice as fast as min(), and run some 200 times per card
            least = element.truth
    return least


def _most(elements: tuple[Element, ...]) -> Truth:
    most = NO
    for element in elements:
        if element.truth > most:  # noqa: PLR1730  see above
            most = element.truth
    return most


def with_exceptions(core: Truth, exceptions: tuple[Element, ...]) -> Truth:
    """The truth of a rule given its exceptions. An exception that nobody has shown leaves it presumed."""
    if core is NO or not exceptions:
        return core
    best = _most(exceptions)
    if best is YES:
        return NO
    if best is NO:
        return core
    return PRESUMED if core >= PRESUMED else UNKNOWN


def all_of(
    rule: str, *elements: Element, unless: tuple[Element, ...] = (), certainty: Certainty | None = None
) -> Finding:
    """Met when every element is, and no exception."""
    return Finding(rule, with_exceptions(_least(elements), unless), elements, unless, certainty)


def any_of(
    rule: str, *elements: Element, unless: tuple[Element, ...] = (), certainty: Certainty | None = None
) -> Finding:
    """Met when one element is, and no exception."""
    return Finding(rule, with_exceptions(_most(elements), unless), elements, unless, certainty, True)
