"""Every rule of the law, in its order, and how they are read over one case."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from vangrail.law import belgium, gdpr, other_acts
from vangrail.law.ai_act import (
    annex_iii,
    article_02,
    article_03,
    article_04,
    article_05,
    article_06,
    article_16,
    article_25,
    article_26,
    article_50,
    article_51,
    article_85,
)
from vangrail.law.case import Case, RuleFunction
from vangrail.law.facts import Facts
from vangrail.law.knowledge import law_knowledge
from vangrail.law.logic import Finding

SYSTEM = (
    article_03.rules,
    article_02.rules,
    article_05.rules,
    article_06.product_rules,
    annex_iii.rules,
    article_06.rules,
    article_50.rules,
    article_02.late_rules,
)
"""What the system is. Never looks at roles."""
ROLES_AND_DUTIES = (
    article_51.rules,
    article_25.rules,
    article_04.rules,
    article_51.late_rules,
    gdpr.rules,
    belgium.rules,
    article_16.rules,
    article_26.rules,
    article_85.rules,
    other_acts.rules,
)
"""Who is who, and what each must do."""
ORDER = (*SYSTEM, *ROLES_AND_DUTIES)


@lru_cache(maxsize=64)
def _plan(on: date) -> Mapping[str, RuleFunction | None]:
    """Every rule in order; those that are not yet law on this day have no function."""
    known = law_knowledge().rules
    plan: dict[str, RuleFunction | None] = {}
    for rules in ORDER:
        for rule, function in rules.items():
            valid_from = known[rule].valid_from if rule in known else None
            plan[rule] = None if valid_from is not None and on < valid_from else function
    return plan


def find(facts: Facts, on: date, *, heeds_lists: bool = True) -> Case:
    """Every rule of the rule base, and the conclusions between them, for these facts on this day.

    heeds_lists   whether what the card names, or leaves off, on `annex3_point` and `article5_practice` counts; without
                  it only the other facts do
    """
    return Case(facts, on, _plan(on), heeds_lists=heeds_lists)


def facts_behind(found: Mapping[str, Finding], rule: str, *, only_open: bool = False) -> tuple[str, ...]:
    """The facts that a finding rests on, through the rules that it looks at.

    only_open   leave out what is settled: the facts that may still move it
    """
    names: dict[str, None] = {}
    seen: set[str] = set()

    def walk(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        finding = found[name]
        if only_open and finding.certain:
            return
        for element in (*finding.elements, *finding.exceptions):
            if only_open and element.truth.certain:
                continue
            for fact in element.facts:
                names[fact] = None
            if not element.facts and element.name in found:
                walk(element.name)

    walk(rule)
    return tuple(names)
