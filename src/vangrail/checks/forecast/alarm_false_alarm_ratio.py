"""tru-rob-1: how many of the warnings were false?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.forecast import events
from vangrail.checks.forecast.events import RIGHT, Share
from vangrail.model.card import Alarms, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need
from vangrail.model.outcome import Outcome

SHARE = Share(what="warnings", key=RIGHT, counted=False)


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with warnings."""
    yield from events.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The warnings per series, by what became of them."""
    return events.needs(SHARE, measurement, fields)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of warnings after which, within `window` steps, nothing happened.

    Measured        percent [0, 100], Wilson interval; one group per series with enough warnings; rows are warnings
    NotMeasurable   fewer than `min_events` warnings of which the answer is known; a moment that stands there twice; a
                    time that cannot be read
    """
    return events.measure(SHARE, measurement, fields, answers, other=_OTHER, tells=_tells)


_OTHER = both(nl="juist: het gebeurde", en="right: it happened")


def _tells(log: Alarms, good: CountTable) -> Iterator[Text]:
    yield both(
        nl="Wie te vaak voor niets gewaarschuwd wordt, luistert niet meer. Nooit waarschuwen is nooit vals: lees dit cijfer"
        " naast het aandeel aangekondigde gebeurtenissen.",
        en="Whoever is warned in vain too often stops listening. Never warning is never false: read this figure beside the"
        " share of events that were announced.",
    )


CHECK = Check(
    id="alarm-false-alarm-ratio",
    family="forecast",
    version=2,
    title=both(nl="Valse waarschuwingen", en="False alarm ratio"),
    measures=both(
        nl="Na hoeveel waarschuwingen er binnen de afgesproken tijd niets gebeurde.",
        en="After how many warnings nothing happened within the agreed time.",
    ),
    wants=events.WANTS,
    formula="warnings without an event / all warnings × 100",
    source=events.SOURCE,
    counted=both(nl="waarschuwingen", en="warnings"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=events.not_applicable,
)
