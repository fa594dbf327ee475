"""What the law asks of an incident, at a moment, as a list or a page shows it. The terms come from the core."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from vangrail import law
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import BreachRisk, Consequence
from vangrail.web.incidents.models import Incident
from vangrail.web.look.language import current, pick
from vangrail.web.look.templatetags.look import word

STATES: dict[str, Text] = {
    "reported": both(nl="gemeld", en="reported"),
    "reported_late": both(nl="te laat gemeld", en="reported too late"),
    "overdue": both(nl="te laat", en="overdue"),
    "running": both(nl="loopt", en="running"),
    "at_once": both(nl="meteen doen", en="do at once"),
    "unknown": both(nl="misschien", en="perhaps"),
    "not_law_yet": both(nl="nog geen wet", en="not the law yet"),
}
MISSING: dict[str, Text] = {
    "breach": both(
        nl="of er persoonsgegevens gelekt, verloren of veranderd zijn",
        en="whether personal data leaked, were lost or changed",
    ),
    "risk": both(nl="hoe groot het risico voor de mensen is", en="how great the risk to the people is"),
    "consequences": both(nl="welke zware gevolgen er zijn", en="which grave consequences there are"),
    "provider_unreachable": both(nl="of je de aanbieder kunt bereiken", en="whether you can reach the provider"),
    "significant": both(nl="of het de dienst ernstig verstoort", en="whether it severely disrupts the service"),
}
"""What decides and is not known yet; what is not here is a question of the law about the application."""

FIELDS: dict[str, Text] = {
    "title": both(nl="titel", en="title"),
    "what": both(nl="wat er gebeurde", en="what happened"),
    "severity": both(nl="ernst", en="severity"),
    "noticed_at": both(nl="wanneer het gemerkt is", en="when it was noticed"),
    "happened_at": both(nl="wanneer het gebeurde", en="when it happened"),
    "affected": both(nl="wie geraakt is", en="who is affected"),
    "people": both(nl="hoeveel mensen", en="how many people"),
    "breach": both(nl="datalek", en="data breach"),
    "leaked": both(nl="welke gegevens", en="which data"),
    "risk": both(nl="risico voor de mensen", en="risk to the people"),
    "consequences": both(nl="zware gevolgen", en="grave consequences"),
    "widespread": both(nl="meer dan één land", en="more than one country"),
    "provider_unreachable": both(nl="aanbieder onbereikbaar", en="provider unreachable"),
    "significant": both(nl="ernstige verstoring", en="severe disruption"),
    "down_from": both(nl="begin van de storing", en="start of the outage"),
    "down_until": both(nl="einde van de storing", en="end of the outage"),
    "cause": both(nl="oorzaak", en="cause"),
    "measures": both(nl="maatregelen", en="measures"),
}
"""What can be corrected, in the words of the history."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A term at a moment."""

    term: law.Term
    state: str
    word: Text
    left: str
    """'nog 2 dagen en 5 uur', '3 uur te laat'; empty where nothing counts down."""
    missing: tuple[Text, ...]
    asks_card: bool
    """Whether a question about the application itself must be answered first."""

    @property
    def ticks(self) -> bool:
        """Whether its clock runs although nobody knows yet whether it counts."""
        return self.state == "unknown" and bool(self.missing) and self.term.by is not None

    @property
    def urgent(self) -> bool:
        """Whether it must be done, and is not."""
        return self.state in ("overdue", "running", "at_once")


def terms_of(incident: Incident, facts: dict[str, Any], *, at: datetime) -> list[Counted]:
    """The terms of an incident at a moment.

    facts   those on the card of the application
    """
    noticed = timezone.localtime(incident.noticed_at)
    reported = {r.term: timezone.localtime(r.reported_at) for r in sorted(incident.reports.all(), key=lambda r: r.pk)}
    happened = incident.consequences
    found = law.terms(
        law.Incident(
            noticed_at=noticed,
            breach=incident.breach,
            risk=BreachRisk(incident.risk) if incident.risk else None,
            consequences=None if happened is None else frozenset(Consequence(c) for c in happened),
            widespread=incident.widespread,
            provider_unreachable=incident.provider_unreachable,
            significant=incident.significant,
            reported=reported,
        ),
        classification(facts, noticed.date()),
    )
    return [_counted(term, at) for term in found]


def classification(facts: dict[str, Any], on: date) -> law.Classification:
    """What the law says of these facts. Facts that contradict each other count as unknown: then everything may apply."""
    try:
        return law.classify(law.parse_facts(facts), on)
    except law.FactsRefused:
        return law.classify(law.Facts(), on)


def _counted(term: law.Term, at: datetime) -> Counted:
    state = term.state(at)
    counts = term.by is not None and state in ("overdue", "running", "unknown")
    return Counted(
        term=term,
        state=state,
        word=STATES[state],
        left=left(term.by - at) if counts and term.by is not None else "",
        missing=tuple(MISSING[m] for m in term.missing if m in MISSING),
        asks_card=any(m not in MISSING for m in term.missing),
    )


def left(time: timedelta) -> str:
    """How long is left, or by how much it is late, in the two largest units."""
    minutes = abs(round(time / timedelta(minutes=1)))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    nl, en = [], []
    for number, one, many, one_en, many_en in (
        (days, "dag", "dagen", "day", "days"),
        (hours, "uur", "uur", "hour", "hours"),
        (minutes, "minuut", "minuten", "minute", "minutes"),
    ):
        if number:
            nl.append(f"{number} {one if number == 1 else many}")
            en.append(f"{number} {one_en if number == 1 else many_en}")
    said = " en ".join(nl[:2]) or "minder dan een minuut", " and ".join(en[:2]) or "less than a minute"
    if time < timedelta():
        return pick(nl=f"{said[0]} te laat", en=f"{said[1]} late")
    return pick(nl=f"nog {said[0]}", en=f"{said[1]} left")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An incident in a list: with how many reports are late, and what comes first."""

    incident: Incident
    name: str
    overdue: int
    first: Counted | None


def listed(incidents: Iterable[Incident], cards: dict[int, dict[str, Any]], *, at: datetime) -> list[Listed]:
    """Incidents as a list shows them; `cards` by the number of the application."""
    shown = []
    for incident in incidents:
        card = cards.get(incident.application_id, {})
        counted = terms_of(incident, card.get("facts", {}), at=at)
        urgent = sorted(
            (c for c in counted if c.urgent), key=lambda c: (c.state != "overdue", c.term.by is None, c.term.by or at)
        )
        shown.append(
            Listed(
                incident=incident,
                name=str(card.get("name", incident.application.slug)),
                overdue=sum(c.state == "overdue" for c in urgent),
                first=next((c for c in (*urgent, *counted) if c.urgent or c.ticks), None),
            )
        )
    return shown


def texts_of(incident: Incident, *, stopped: bool) -> dict[str, str]:
    """What forms ask about an incident, as plain text."""
    language = current()
    words = law.consequences()
    yes_no = {True: law.word("yes")[language], False: law.word("no")[language]}
    happened = [words[Consequence(c)][language] for c in incident.consequences or []]
    return {
        "incident.what": f"{incident.title}\n{incident.what}",
        "incident.noticed": _moment(incident.noticed_at),
        "incident.happened": _moment(incident.happened_at),
        "incident.affected": incident.affected,
        "incident.people": ""
        if incident.people is None
        else pick(nl=f"ongeveer {incident.people} mensen", en=f"about {incident.people} people"),
        "incident.data": incident.leaked,
        "incident.risk": word(incident.risk, "breach_risk") if incident.risk else "",
        "incident.severity": word(incident.severity, "severity"),
        "incident.consequences": "; ".join(happened)
        or (law.word("none")[language] if incident.consequences == [] else ""),
        "incident.cause": incident.cause,
        "incident.measures": incident.measures,
        "incident.stopped": yes_no[stopped],
    }


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{timezone.localtime(moment):%d-%m-%Y %H:%M}"
