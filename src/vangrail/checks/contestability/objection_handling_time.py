"""tru-acc-2: is an objection answered within the term that was promised?"""

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median

from vangrail.checks import Check
from vangrail.checks.contestability.objections import DAYS, NONE_YET, PLACE, RECORDED, TRY, Objection, objections
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import SMALL_COUNT, Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ObjectionResult, Unit

MONTH = 31


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement over the records, where the card promises a term."""
    term = card.contact.term_days
    if term is not None:
        settings = {"term_days": term, "days": DAYS}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=PLACE, subject="objections", settings=settings)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Every recorded objection: when it came in, when it was answered, what came of it."""
    return [RECORDED]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """In which share of the objections the answer came within the term, in calendar days.

    Late is also what is still open past its term. Left out is what is open within its term, and what was withdrawn within
    it. Fewer than five are shown as all or not all, and "not all" gives bounds: at most all but one were in time.

    Measured        percent [0, 100]; every recorded objection is counted, so there is no confidence interval
    NotMeasurable   when nothing was recorded, or nothing of it is due yet
    """
    term = measurement.settings["term_days"]
    found = objections(answers, on)
    due = [o for o in found if _counts(o, term)]
    waiting = sum(not o.closed and o.days <= term for o in found)
    if not due:
        if not waiting:
            return NotMeasurable(reason=NONE_YET, do=TRY, rows=0)
        return NotMeasurable(
            reason=both(
                nl="Elk bezwaar is nog open en binnen de termijn, dus er is nog niets te zeggen.",
                en="Every objection is still open and within its term, so nothing can be said yet.",
            ),
            rows=0,
        )
    in_time = sum(o.closed and o.days <= term for o in due)
    notes = [_term(term), _left_out(waiting)]
    if len(due) < SMALL_COUNT:
        return _few(len(due), in_time, notes)
    overdue = sum(not o.closed for o in due)
    answered = [o.days for o in due if o.closed]
    details = [
        Detail(name="in time", called=both(nl="op tijd", en="in time"), rows=len(due), counted=in_time, note=_IN_TIME),
        Detail(
            name="overdue",
            called=both(nl="te laat en nog open", en="overdue"),
            rows=len(due),
            counted=overdue,
            note=_OVERDUE,
        ),
    ]
    if len(answered) >= SMALL_COUNT:
        details += [
            Detail(
                name="median",
                called=both(nl="middelste wachttijd", en="median"),
                value=float(median(answered)),
                unit=Unit.DAYS,
                note=_MEDIAN,
            ),
            Detail(
                name="longest",
                called=both(nl="langste wachttijd", en="longest"),
                value=float(max(answered)),
                unit=Unit.DAYS,
                note=_LONGEST,
            ),
        ]
    if overdue:
        longest = max(o.days for o in due if not o.closed)
        details.append(
            Detail(
                name="longest open",
                called=both(nl="oudste dat nog open is", en="longest open"),
                value=float(longest),
                unit=Unit.DAYS,
                note=_OPEN,
            )
        )
    return Measured(
        value=100 * in_time / len(due),
        unit=Unit.PERCENT,
        rows=len(due),
        details=tuple(details),
        notes=tuple(notes),
    )


def _counts(objection: Objection, term: int) -> bool:
    """Whether the answer was due: it came, or the term is over. Nobody waits for an answer to what was withdrawn in time."""
    if not objection.closed or objection.result is ObjectionResult.WITHDRAWN:
        return objection.days > term
    return True


def _few(due: int, in_time: int, notes: list[Text]) -> Outcome:
    if in_time == due:
        return Measured(value=100, unit=Unit.PERCENT, rows=due, notes=(_ALL, *notes))
    most = 100 * (due - 1) / due
    return Measured(value=most, low=0, high=most, unit=Unit.PERCENT, rows=due, notes=(_NOT_ALL, *notes))


_ALL = both(nl="Minder dan 5 bezwaren, en alle op tijd.", en="Fewer than 5 objections, all in time.")
_NOT_ALL = both(
    nl="Minder dan 5 bezwaren, en niet alle op tijd. Hoeveel precies tonen we niet: de grenzen zeggen wat kan.",
    en="Fewer than 5 objections, not all in time. How many exactly is not shown: the bounds say what can be.",
)
_IN_TIME = both(nl="antwoord binnen de termijn", en="answered within the term")
_OVERDUE = both(nl="nog open, en de termijn is voorbij", en="still open, and the term is over")
_MEDIAN = both(nl="de helft kreeg antwoord binnen zoveel dagen", en="half were answered within so many days")
_LONGEST = both(nl="het langste wachten op een antwoord", en="the longest wait for an answer")
_OPEN = both(nl="zo lang staat het oudste bezwaar al open", en="so long the oldest objection has been open")


def _term(term: int) -> Text:
    nl = f"De termijn op de kaart is {term} dagen, weekends inbegrepen."
    en = f"The term on the card is {term} days, weekends included."
    if term > MONTH:
        nl += " Dat is langer dan de maand die de AVG geeft aan wie zijn rechten gebruikt (art. 12, lid 3)."
        en += " That is longer than the month that the GDPR gives for exercising one's rights (art. 12(3))."
    return both(nl=nl, en=en)


def _left_out(waiting: int) -> Text:
    nl = "Geteld zijn de bezwaren van de laatste twee jaar, en oudere die nog open zijn."
    en = "Counted are the objections of the last two years, and older ones that are still open."
    if waiting:
        nl += " Wat nog open is en binnen de termijn valt, telt nog niet mee."
        en += " What is open and still within its term does not count yet."
    return both(nl=nl, en=en)


CHECK = Check(
    id="objection-handling-time",
    family="contestability",
    title=both(nl="Bezwaren op tijd beantwoord", en="Objections answered in time"),
    measures=both(
        nl="Hoeveel bezwaren antwoord kregen binnen de termijn die je belooft. Wat te lang open staat, telt als te laat.",
        en="How many objections were answered within the term that you promise. What is open for too long counts as late.",
    ),
    wants=both(nl="'term_days' bij 'contact' op de kaart", en="'term_days' under 'contact' on the card"),
    formula="answered within the term / (answered + open past the term) × 100",
    source="GDPR art. 12(3); principedocument p. 6",
    counted=both(nl="bezwaren", en="objections"),
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={"objections": both(nl="bezwaren", en="objections")},
)
