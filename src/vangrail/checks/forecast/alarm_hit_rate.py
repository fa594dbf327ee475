"""tru-rob-1: of how many of the events was there a warning?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.forecast import events
from vangrail.checks.forecast.events import HIT, Share
from vangrail.model.card import Alarms, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need
from vangrail.model.outcome import Outcome

SHARE = Share(what="events", key=HIT, counted=True)


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with warnings."""
    yield from events.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The events per series, by what became of them."""
    return events.needs(SHARE, measurement, fields)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of events of which a warning was on between `window` steps before the beginning and `late` after.

    Measured        percent [0, 100], Wilson interval; one group per series with enough events; rows are events
    NotMeasurable   fewer than `min_events` events of which the answer is known; a moment that stands there twice; a
                    time that cannot be read
    """
    return events.measure(SHARE, measurement, fields, answers, other=_OTHER, tells=_tells)


_OTHER = both(nl="gemist: er was geen waarschuwing", en="missed: there was no warning")


def _tells(log: Alarms, good: CountTable) -> Iterator[Text]:
    yield both(
        nl="Altijd waarschuwen mist niets. Lees dit cijfer dus naast het aandeel valse waarschuwingen.",
        en="Always warning misses nothing. So read this figure beside the share of false warnings.",
    )


CHECK = Check(
    id="alarm-hit-rate",
    family="forecast",
    version=2,
    title=both(nl="Aangekondigde gebeurtenissen", en="Alarm hit rate"),
    measures=both(
        nl="Bij hoeveel van wat er echt gebeurde, zoals een overstroming, een waarschuwing aan stond.",
        en="For how many of the events that really happened, such as a flood, a warning was on.",
    ),
    wants=events.WANTS,
    formula="events with a warning / all events × 100",
    source=events.SOURCE,
    counted=both(nl="gebeurtenissen", en="events"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=events.not_applicable,
)
