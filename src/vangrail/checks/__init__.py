"""The checks: each measures one thing, from totals only, and says its shape, its unit, its failures and its source.

A check is a module in one of the family folders with a `CHECK`. It plans from the card what to measure, names what it
needs of the table, and does arithmetic on the answers. It never sees a row. Adding one is adding a file. An organisation
adds checks of its own by installing a package that names them; see `own`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import ROWS, Outcome


@dataclass(frozen=True, kw_only=True)
class Check:
    """One measurement that can be taken.

    plan        card -> the measurements to take; none when the card does not hold what `wants` says
    needs       measurement, columns found, day -> what to ask of the table
    measure     measurement, columns found, day, answers -> the figure, or why there is none
    not_applicable  card -> why the figure has no meaning for this application, or nothing when it has
    judged      whether the figure is held against a limit; one that describes the world is not, unless the card chose one
    subjects    the words for subjects that are no name from the card, such as 'values'
    counted     what the rows of a figure are, in the plural
    formula     how the figure is computed, in one line
    source      the publication or standard that it follows
    version     goes up when the same data would give another figure
    proves      for an own check: the requirements that it is further proof of. Ours are named by the requirements
    origin      for an own check: the package and version that it comes from; filled in when it is found
    """

    id: str
    family: str
    title: Text
    measures: Text
    wants: Text
    formula: str
    source: str
    plan: Callable[[Card], Iterable[Measurement]]
    needs: Callable[[Measurement, Sequence[Field], date], Sequence[Need]]
    measure: Callable[[Measurement, Sequence[Field], date, Answers], Outcome]
    version: int = 1
    not_applicable: Callable[[Card], Text | None] = lambda card: None
    judged: bool = True
    counted: Text = field(default_factory=lambda: dict(ROWS))
    subjects: Mapping[str, Text] = field(default_factory=dict)
    proves: tuple[str, ...] = ()
    origin: str | None = None


@cache
def checks() -> dict[str, Check]:
    """Every check that is there, by id, in the order of the families; those of the organisation come last.

    VangrailError, naming package and check, for an own check that is not in order.
    """
    from vangrail.checks import own  # what own checks import, which imports this

    ours = shipped()
    return ours | own.installed(ours)


@cache
def shipped() -> dict[str, Check]:
    """The checks that come with Vangrail, by id, in the order of the families."""
    found: dict[str, Check] = {}
    for family in pkgutil.iter_modules(__path__):
        if not family.ispkg:
            continue
        package = importlib.import_module(f"{__name__}.{family.name}")
        for module in pkgutil.iter_modules(package.__path__):
            check = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "CHECK", None)
            if isinstance(check, Check):
                found[check.id] = check
    return found


def plan(card: Card) -> list[Measurement]:
    """Everything that can be measured for this application, by all checks."""
    return [measurement for check in checks().values() for measurement in check.plan(card)]
