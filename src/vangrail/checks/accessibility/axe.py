"""Reads the result file of axe-core, as every tool around it writes it: one result, or a list with one per page.

The form is that of the results object in the API documentation of axe-core 4 (`url`, `timestamp`, and the rules in
`violations`, `passes`, `incomplete` and `inapplicable`, each with `id`, `impact`, `tags` and `nodes`).
"""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Cell, CountTable, Value

PAGE, KIND, RULE, IMPACT, LEVEL = "page", "kind", "rule", "impact", "level"
KEYS = (PAGE, "day", KIND, RULE, IMPACT, LEVEL)
RAN, VIOLATION, INCOMPLETE = "ran", "violation", "incomplete"
WCAG, OTHER = "wcag", "other"
_LEVELS = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"}
"""Tags of rules that follow a success criterion of WCAG 2.0, 2.1 or 2.2 at level A or AA; the rest is good practice."""
_DO = both(
    nl="Bewaar het resultaat van axe-core als JSON, bijvoorbeeld met: axe URL --save scan.json",
    en="Save the results of axe-core as JSON, for example with: axe URL --save scan.json",
)


def totals(content: bytes) -> CountTable:
    """How many elements per page, rule and impact. A page is a number; no address and no part of the page is kept.

    Per rule that ran on the page at level A or AA there is a cell of kind 'ran' as well, so that a scan that tested nothing
    is told apart from a page without faults. Raises VangrailError for another form.
    """
    found: Counter[tuple[Value, ...]] = Counter()
    pages: dict[str, int] = {}
    for result in _results(content):
        page = pages.setdefault(str(result.get("url")), len(pages) + 1)
        at = page, _day(result.get("timestamp"))
        for group, kind in (
            ("violations", VIOLATION),
            ("incomplete", INCOMPLETE),
            ("passes", RAN),
            ("inapplicable", RAN),
        ):
            for rule in _rules(result, group):
                level = WCAG if _LEVELS.intersection(rule.get("tags") or ()) else OTHER
                found[*at, RAN, str(rule.get("id")), None, level] += 1
                if kind != RAN:
                    elements = max(1, len(rule.get("nodes") or ()))
                    found[*at, kind, str(rule.get("id")), rule.get("impact"), level] += elements
        found[*at, None, None, None, None] += 1  # the page itself, even where no rule ran
    return CountTable(KEYS, tuple(Cell(values, number) for values, number in found.items()))


def _results(content: bytes) -> list[dict[str, Any]]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise VangrailError(both(nl="dit is geen JSON.", en="this is no JSON."), do=_DO) from error
    results = read if isinstance(read, list) else [read]
    if not results or not all(isinstance(r, dict) and isinstance(r.get("violations"), list) for r in results):
        raise VangrailError(
            both(
                nl="dit is geen resultaat van axe-core: er is geen lijst 'violations'.",
                en="this is no result of axe-core: there is no list of 'violations'.",
            ),
            do=_DO,
        )
    return results


def _rules(result: dict[str, Any], group: str) -> list[dict[str, Any]]:
    rules = result.get(group) or []
    if not isinstance(rules, list) or not all(isinstance(r, dict) for r in rules):
        raise VangrailError(
            both(nl=f"'{group}' is geen lijst van regels.", en=f"'{group}' is no list of rules."), do=_DO
        )
    return rules


def _day(timestamp: object) -> Value:
    """The day on which the page was scanned, in universal time; nothing where the file does not say."""
    try:
        return datetime.fromisoformat(str(timestamp)).date()
    except ValueError:
        return None
