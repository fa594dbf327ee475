"""tru-acc-2: how often was the person who objected right?

Many upheld objections say something about the application, few may say that objecting is hard. So the figure describes;
it has a limit only where the organisation chose one.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.contestability.objections import DAYS, NONE_YET, PLACE, RECORDED, TRY, objections
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import SMALL_COUNT, Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ObjectionResult, Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement over the records, where the card says how one objects."""
    if card.contact.object is not None or card.contact.term_days is not None:
        yield Measurement(
            check=CHECK.id, version=CHECK.version, dataset=PLACE, subject="objections", settings={"days": DAYS}
        )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Every recorded objection: when it came in, when it was answered, what came of it."""
    return [RECORDED]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Of the objections that were decided, which share was upheld. Withdrawn ones were not decided.

    Measured        percent [0, 100]; every recorded objection is counted, so there is no interval
    NotMeasurable   with fewer than five that were decided: the share would say what came of one person's objection
    """
    found = objections(answers, on)
    decided = [o for o in found if o.result in (ObjectionResult.UPHELD, ObjectionResult.REJECTED)]
    without = sum(o.closed and o.result is None for o in found)
    if not decided and not without:
        return NotMeasurable(reason=NONE_YET if not found else _NOT_DECIDED, do=TRY if not found else None, rows=0)
    notes = [] if not without else [_UNKNOWN]
    if len(decided) < SMALL_COUNT:
        return NotMeasurable(
            reason=both(
                nl=f"Over minder dan {SMALL_COUNT} bezwaren is beslist. Het aandeel tonen we dan niet: het zou over enkele"
                " mensen gaan.",
                en=f"Fewer than {SMALL_COUNT} objections were decided. Then the share is not shown: it would be about a few"
                " people.",
            ),
            rows=len(decided),
            notes=tuple(notes),
        )
    upheld = sum(o.result is ObjectionResult.UPHELD for o in decided)
    withdrawn = sum(o.result is ObjectionResult.WITHDRAWN for o in found)
    closed = len(decided) + withdrawn
    return Measured(
        value=100 * upheld / len(decided),
        unit=Unit.PERCENT,
        rows=len(decided),
        details=(
            Detail(name="upheld", rows=len(decided), counted=upheld, called=both(nl="gegrond", en="upheld")),
            Detail(name="withdrawn", rows=closed, counted=withdrawn, called=both(nl="ingetrokken", en="withdrawn")),
        ),
        notes=(_CAVEAT, *notes),
    )


_NOT_DECIDED = both(nl="Over geen enkel bezwaar is al beslist.", en="No objection was decided yet.")
_UNKNOWN = both(
    nl="Bij sommige beantwoorde bezwaren staat geen 'result'. Die tellen niet mee.",
    en="Some answered objections have no 'result'. Those are left out.",
)
_CAVEAT = both(
    nl="Veel gegronde bezwaren zeggen iets over de toepassing. Weinig bezwaren zeggen niet dat alles goed gaat: misschien"
    " vinden mensen de weg niet.",
    en="Many upheld objections say something about the application. Few objections do not say that all is well: people may"
    " not find the way.",
)

CHECK = Check(
    id="objections-upheld",
    family="contestability",
    title=both(nl="Gegronde bezwaren", en="Objections upheld"),
    measures=both(
        nl="Hoe vaak wie bezwaar maakte gelijk kreeg, van alle bezwaren waarover beslist is.",
        en="How often whoever objected was right, of all objections that were decided.",
    ),
    wants=both(
        nl="'object' of 'term_days' bij 'contact' op de kaart", en="'object' or 'term_days' under 'contact' on the card"
    ),
    formula="upheld / (upheld + rejected) × 100",
    source="GDPR art. 22(3); principedocument p. 6",
    counted=both(nl="bezwaren", en="objections"),
    plan=plan,
    needs=needs,
    measure=measure,
    judged=False,
    subjects={"objections": both(nl="bezwaren", en="objections")},
)
