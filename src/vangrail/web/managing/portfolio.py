"""Where every application of an organisation stands. A fixed number of queries, however many there are; nothing is reckoned here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from vangrail import knowledge, law
from vangrail.assessment import across, storing
from vangrail.law.facts import FactsRefused
from vangrail.model.card import Card
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Phase, Verdict
from vangrail.web.applications.finding import newest_cards
from vangrail.web.applications.models import Application, EvidenceTaken
from vangrail.web.decisions.models import Stop
from vangrail.web.organisations.models import Organisation

SORTS = ("name", "phase", "open", "overdue")
STATES = ("stopped", "overdue", "stale", "not_met", "retired")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One application.

    counts   how many requirements that are asked by now have each verdict, in the order of `Verdict`
    lacks    of how many requirements the next gate still lacks something
    """

    slug: str
    name: str
    phase: Phase
    owner: str
    counts: tuple[tuple[Verdict, int], ...]
    gate: Text | None
    lacks: int
    stopped: bool
    overdue: int
    retired: bool

    def count(self, verdict: Verdict) -> int:
        """How many requirements have this verdict."""
        return dict(self.counts).get(verdict, 0)

    @property
    def open(self) -> int:
        """How many requirements are not met, no longer, in part, or nobody knows."""
        return sum(n for v, n in self.counts if v not in (Verdict.MET, Verdict.NOT_APPLICABLE))

    @property
    def stale(self) -> int:
        """How many have evidence that no longer holds."""
        return self.count(Verdict.EXPIRED)

    def states(self) -> frozenset[str]:
        """What one can filter by."""
        holds = {
            "stopped": self.stopped,
            "overdue": self.overdue > 0,
            "stale": self.stale > 0,
            "not_met": self.count(Verdict.NOT_MET) > 0,
            "retired": self.retired,
        }
        return frozenset(state for state in STATES if holds[state])


def rows(organisation: Organisation, *, on: date) -> list[Row]:
    """Every application of the organisation, by name."""
    last_stop = Stop.objects.filter(application=OuterRef("application"), pk__gt=OuterRef("pk"))
    stopped = set(
        Stop.objects.filter(~Exists(last_stop), application__organisation=organisation, stopped=True).values_list(
            "application", flat=True
        )
    )
    late = Count("assignments", filter=Q(assignments__ended_at=None, assignments__due__lt=on))
    board = "assessed__content__"
    found = (
        Application.objects.of(organisation)
        .annotate(late=late)
        .values(
            "pk", "slug", "late", f"{board}application", f"{board}counts", f"{board}gate__title", f"{board}gate__lacks"
        )
    )
    names = {c.application_id: c.content for c in newest_cards(organisation)}
    return sorted(
        (_row(one, names[one["pk"]], stopped=one["pk"] in stopped) for one in found), key=lambda r: r.name.casefold()
    )


def _row(found: dict[str, Any], card: dict[str, Any], *, stopped: bool) -> Row:
    counts = found["assessed__content__counts"] or {}
    people = card.get("people", {})
    phase = Phase(card["phase"])
    return Row(
        slug=found["slug"],
        name=str(card["name"]),
        phase=phase,
        owner=str(people.get("application_owner", {}).get("name", "")),
        counts=tuple((v, counts[v]) for v in Verdict if counts.get(v)),
        gate=found["assessed__content__gate__title"],
        lacks=len({lack["requirement"] for lack in found["assessed__content__gate__lacks"] or ()}),
        stopped=stopped,
        overdue=found["late"],
        retired=phase is Phase.RETIRE,
    )


def chosen(all_rows: Iterable[Row], *, phase: str, state: str, owner: str, sort: str) -> list[Row]:
    """Those that a visitor asked for, in the order they asked for. What is unknown filters nothing."""
    left = [
        r
        for r in all_rows
        if (not phase or r.phase == phase)
        and (state not in STATES or state in r.states())
        and (not owner or r.owner == owner)
    ]
    match sort:
        case "phase":
            return sorted(left, key=lambda r: r.phase.number)
        case "open":
            return sorted(left, key=lambda r: -r.open)
        case "overdue":
            return sorted(left, key=lambda r: (-r.overdue, -r.stale))
        case _:
            return left


@dataclass(frozen=True, kw_only=True)
class Together:
    """All applications together."""

    benefits: tuple[across.Named, ...]
    risks: tuple[across.Named, ...]
    energy: tuple[across.YearlyEnergy, ...]
    now: across.EnergyTotal
    """Of those that are in use."""
    later: across.EnergyTotal
    """Of those that are not in use yet."""


def together(organisation: Organisation) -> Together:
    """What the applications of the organisation promise, endanger and use; without those that are retired."""
    cards = cards_of(organisation)
    measured = _energy_evidence(organisation)
    by_name = {name: card for name, (_, card) in cards.items()}
    energy = tuple(
        across.energy_of_year(name, card, [storing.from_body(body) for body in measured.get(pk, ())])
        for name, (pk, card) in cards.items()
    )
    framework = knowledge.framework()
    return Together(
        benefits=across.promised(by_name, framework),
        risks=across.endangered(by_name, framework),
        energy=energy,
        now=across.energy_total([e for e in energy if e.in_use]),
        later=across.energy_total([e for e in energy if not e.in_use]),
    )


def cards_of(organisation: Organisation) -> dict[str, tuple[int, Card]]:
    """The card of every application that is not retired, with its number, by its name; by name and short name where two have one name."""
    found: dict[str, tuple[int, Card]] = {}
    for version in newest_cards(organisation):
        card = Card.model_validate(version.content)
        if card.phase is not Phase.RETIRE:
            found[card.name if card.name not in found else f"{card.name} ({card.id})"] = version.application_id, card
    return dict(sorted(found.items(), key=lambda f: f[0].casefold()))


def _energy_evidence(organisation: Organisation) -> dict[int, list[Any]]:
    """The newest energy figure of each method, by the number of the application."""
    rows = EvidenceTaken.objects.filter(application__organisation=organisation, check_id="energy-per-use")
    newest: dict[tuple[int, str], Any] = {}
    for application, subject, content in rows.order_by("pk").values_list("application", "subject", "content"):
        newest[application, subject] = content
    found: dict[int, list[Any]] = {}
    for (application, _), content in newest.items():
        found.setdefault(application, []).append(content)
    return found


def duties(organisation: Organisation, *, on: date) -> tuple[tuple[law.Entry, ...], tuple[str, ...]]:
    """What starts when, for all applications that are not retired; and those whose facts cannot be read."""
    classified, refused = {}, []
    for name, (_, card) in cards_of(organisation).items():
        try:
            classified[name] = law.classify(law.parse_facts(card.facts), on)
        except FactsRefused:
            refused.append(name)
    return law.calendar_of_organisation(classified), tuple(refused)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What starts on one day, with the applications it starts for."""

    day: date
    duties: tuple[tuple[law.Entry, tuple[str, ...]], ...]


def by_day(entries: Sequence[law.Entry]) -> list[Day]:
    """One line per duty and day, with all its applications, instead of one per application."""
    days: dict[date, dict[str, tuple[law.Entry, list[str]]]] = {}
    for entry in entries:
        held = days.setdefault(entry.day, {}).setdefault(entry.duty, (entry, []))
        held[1].append(entry.application)
    return [
        Day(day=day, duties=tuple((entry, tuple(names)) for entry, names in found.values()))
        for day, found in sorted(days.items())
    ]
