"""All applications of an organisation together: what they promise, what they endanger, and what they use.

There is no total of verdicts, on purpose. The vocabulary of benefits and risks is that of the OECD (lokaal bestuur, 'OESO rapport').
Pure: cards and evidence come in as values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vangrail.model.card import Card
from vangrail.model.evidence import Evidence
from vangrail.model.framework import Framework, Term
from vangrail.model.outcome import Measured
from vangrail.model.vocabulary import Phase, Unit

_BEST_FIRST = ("metered", "processor load", "hardware", "model API", "supplier")
"""The ways in which energy per use is known, the surest first: the subjects of the check `energy-per-use`."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A term of a vocabulary, and the applications whose card names it."""

    term: Term
    applications: tuple[str, ...]


def promised(cards: Mapping[str, Card], framework: Framework) -> tuple[Named, ...]:
    """The ten benefits of the OECD, each with the applications that promise it. `cards` by the name of the application."""
    found = {name: {term for benefit in card.benefits for term in benefit.oecd} for name, card in cards.items()}
    return _named(found, framework, "oecd-benefits")


def endangered(cards: Mapping[str, Card], framework: Framework) -> tuple[Named, ...]:
    """The ten risks of the OECD, each with the applications that name it. `cards` by the name of the application."""
    return _named({name: set(card.oecd_risks) for name, card in cards.items()}, framework, "oecd-risks")


def _named(found: Mapping[str, set[str]], framework: Framework, vocabulary: str) -> tuple[Named, ...]:
    terms = next(v.terms for v in framework.vocabularies if v.id == vocabulary)
    return tuple(Named(term=t, applications=tuple(n for n, held in found.items() if t.id in held)) for t in terms)


@dataclass(frozen=True, kw_only=True)
class YearlyEnergy:
    """The electricity of one application in a year, in kilowatt-hours; none where nobody knows.

    method   the subject of the check `energy-per-use` that it comes from; empty for what the card expects
    in_use   whether the application is in use now
    """

    application: str
    kwh: float | None
    low: float | None
    high: float | None
    method: str
    in_use: bool


@dataclass(frozen=True, kw_only=True)
class EnergyTotal:
    """Together, over the applications of which it is known; the others are in `unknown`, by name.

    kwh        none when it is known of no application
    low, high  the sums of the ends of the ranges: no confidence interval. None when no application has a range
    """

    kwh: float | None
    low: float | None
    high: float | None
    unknown: tuple[str, ...]


def energy_of_year(name: str, card: Card, evidence: Iterable[Evidence]) -> YearlyEnergy:
    """What is measured or estimated, by the surest method; otherwise what the card expects."""
    in_use = card.phase is Phase.OPERATE
    found = {e.measurement.subject: e.outcome for e in evidence if e.measurement.check == "energy-per-use"}
    for method in _BEST_FIRST:
        outcome = found.get(method)
        if not isinstance(outcome, Measured):
            continue
        year = next((d for d in outcome.details if d.unit is Unit.KILOWATT_HOURS), None)
        if year is not None and year.value is not None:
            return YearlyEnergy(
                application=name, kwh=year.value, low=year.low, high=year.high, method=method, in_use=in_use
            )
    return YearlyEnergy(
        application=name, kwh=card.energy.operation_kwh_year, low=None, high=None, method="", in_use=in_use
    )


def energy_total(lines: Sequence[YearlyEnergy]) -> EnergyTotal:
    """The sum of what is known, and who is missing from it."""
    known = [line for line in lines if line.kwh is not None]
    ranged = any(line.low is not None for line in known)
    return EnergyTotal(
        kwh=sum(line.kwh or 0.0 for line in known) if known else None,
        low=sum(_or(line.low, line.kwh) for line in known) if ranged else None,
        high=sum(_or(line.high, line.kwh) for line in known) if ranged else None,
        unknown=tuple(line.application for line in lines if line.kwh is None),
    )


def _or(end: float | None, value: float | None) -> float:
    return end if end is not None else value or 0.0
