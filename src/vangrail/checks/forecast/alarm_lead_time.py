"""tru-rob-1: how many of the events were announced in time?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.forecast import events, steps
from vangrail.checks.forecast.events import EARLY, FIRST, Share
from vangrail.model.card import Alarms, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need
from vangrail.model.outcome import Outcome

SHARE = Share(what="events", key=EARLY, counted=True)


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with warnings and a declared lead time."""
    yield from events.plan(card, CHECK.id, CHECK.version, with_lead=True)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The events per series, by what became of them."""
    return events.needs(SHARE, measurement, fields)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of events of which a warning was on at least `lead` steps before the beginning. A missed one is too late.

    Measured        percent [0, 100], Wilson interval; one group per series with enough events; rows are events
    NotMeasurable   fewer than `min_events` events of which the answer is known; a moment that stands there twice; a
                    time that cannot be read
    """
    return events.measure(SHARE, measurement, fields, answers, other=_OTHER, tells=_tells)


_OTHER = both(nl="te laat of niet aangekondigd", en="announced too late or not at all")


def _tells(log: Alarms, good: CountTable) -> Iterator[Text]:
    place = good.keys.index(FIRST)
    leads = sorted((lead, c.rows) for c in good.cells if isinstance(lead := c.values[place], int))
    warned = sum(rows for _, rows in leads)
    seen = 0
    for lead, rows in leads:
        seen += rows
        if 2 * seen >= warned:
            (need_nl, need_en), (lead_nl, lead_en) = steps.span(log.lead or 0, log.step), steps.span(lead, log.step)
            yield both(
                nl=f"Nodig: {need_nl} vooraf. Bij de helft van de {warned} aangekondigde gebeurtenissen"
                f" kwam de eerste waarschuwing hoogstens {lead_nl} vooraf (onder 0: erna).",
                en=f"Needed: {need_en} ahead. For half of the {warned} announced events the first"
                f" warning came at most {lead_en} ahead (below 0: afterwards).",
            )
            return


def not_applicable(card: Card) -> Text | None:
    """Why a lead time has no meaning for an application without one."""
    needed = any(d.alarms is not None and d.alarms.lead is not None for d in card.datasets.values())
    return None if needed else _NONE


_NONE = both(
    nl="De kaart noemt geen waarschuwingen met een tijd die vooraf nodig is ('lead' bij 'alarms').",
    en="The card names no warnings with a time that is needed ahead ('lead' with 'alarms').",
)


CHECK = Check(
    id="alarm-lead-time",
    family="forecast",
    version=2,
    title=both(nl="Op tijd gewaarschuwd", en="Alarm lead time"),
    measures=both(
        nl="Hoe vaak de waarschuwing er vroeg genoeg was om nog iets te doen.",
        en="How often the warning came early enough to still do something.",
    ),
    wants=both(
        nl="'alarms' met 'lead' bij een dataset op de kaart", en="'alarms' with 'lead' with a data set on the card"
    ),
    formula="events with a warning at least lead steps before the beginning / all events × 100",
    source=events.SOURCE,
    counted=both(nl="gebeurtenissen", en="events"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=not_applicable,
)
