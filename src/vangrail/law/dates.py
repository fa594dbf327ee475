"""From which day something counts, as the law stood on the day that is asked.

Before Regulation (EU) 2026/1744 was in force the days of the Act as published in 2024 were the law; a verdict of that
time is reproduced with those days.
"""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from vangrail.law.knowledge import LawDate, law_knowledge
from vangrail.law.logic import NO, YES

if TYPE_CHECKING:
    from vangrail.law.case import Case

OMNIBUS = date(2026, 7, 27)
"""Regulation (EU) 2026/1744 in force (its Article 4): from here on the amended text and days are the law."""


def law_day(day: LawDate, on: date) -> date:
    """The day as the law had it on `on`."""
    return day.day if on >= OMNIBUS else day.enacted


@lru_cache(maxsize=4096)
def in_force(rule: str, on: date) -> bool:
    """Whether a rule with a fixed day is law on `on` and applies already."""
    known = law_knowledge().rules[rule]
    if known.valid_from is not None and on < known.valid_from:
        return False
    day = known.dating.amended
    return day is not None and law_day(day, on) <= on


@lru_cache(maxsize=512)
def route_start(route: str, on: date) -> date:
    """The day on which the duties of Chapter III start for Annex III or Annex I systems, as the law has it on `on`."""
    return law_day(law_knowledge().dates[f"high_risk_{route}"], on)


def transition_days(case: "Case") -> tuple[date, ...]:
    """The day before which a system counts as older (Article 111(2)); two when its route is not settled.

    As amended it is the day on which the duties of its route start; by both routes, that of Annex III. As enacted it
    was 2 August 2026 for both.
    """
    through_use = case["high-risk-iii"].truth
    through_product = case["high-risk-i-a"].truth
    use, product = route_start("annex_iii", case.on), route_start("annex_i", case.on)
    if not case.amended:
        return (use,)
    if through_use is YES or through_product is NO:
        return (use,)
    return (product,) if through_use is NO and through_product is YES else (use, product)
