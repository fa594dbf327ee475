"""tru-fair-3: what an automated scan of the pages found against WCAG, from the file that it wrote beside the card.

Many barriers cannot be found by a program: whether a text alternative says the right thing, whether the order makes sense
(W3C, Selecting Web Accessibility Evaluation Tools: no tool alone can tell whether a site meets the standard). So zero is
the least that may be asked, and no proof.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.accessibility.axe import IMPACT, INCOMPLETE, KIND, LEVEL, PAGE, RAN, RULE, VIOLATION, WCAG, totals
from vangrail.model.card import REPORTS, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, CountTable, Field, Need, Report
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit

IMPACTS = {
    "critical": both(nl="sluit mensen uit", en="shuts people out"),
    "serious": both(nl="ernstige drempel", en="serious barrier"),
    "moderate": both(nl="hinderlijk", en="a nuisance"),
    "minor": both(nl="klein ongemak", en="a small nuisance"),
}
SHOWN_RULES = 8


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per file."""
    for path in dict.fromkeys(card.accessibility.scans):
        settings = {"file": path, "within_days": card.accessibility.scanned_within_days}
        yield Measurement(
            check=CHECK.id, version=CHECK.version, dataset=REPORTS + path, subject=path, settings=settings
        )


def _report(measurement: Measurement) -> Report:
    return Report(measurement.settings["file"], totals)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The elements with a fault per page, rule and impact."""
    return [_report(measurement)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many elements of the pages break a rule that follows WCAG at level A or AA.

    `rows` is the number of pages. What the scan could not decide, and good practice beyond WCAG, is told apart and does not
    count.

    Measured        count, 0 or more; every element that the scan looked at was counted, so there is no interval
    NotMeasurable   when the scan is too old, of a later day or without a date, or when no rule of level A or AA ran
    """
    table = answers.table(_report(measurement))
    wcag = [c for c in table.cells if _of(table, c, LEVEL) == WCAG]
    pages = len({_of(table, c, PAGE) for c in table.cells})
    refused = _not_now(table, measurement.settings["within_days"], on) or _nothing_ran(table, wcag)
    if refused is not None:
        return NotMeasurable(reason=refused, do=_SCAN, rows=pages)
    faults = [c for c in wcag if _of(table, c, KIND) == VIOLATION]
    number = sum(c.rows for c in faults)
    impacts = CountTable(table.keys, tuple(faults)).by(IMPACT)
    details = [
        Detail(name=name, called=text, rows=number, counted=impacts.of(impact=name)) for name, text in IMPACTS.items()
    ]
    undecided = sum(c.rows for c in wcag if _of(table, c, KIND) == INCOMPLETE)
    beyond = sum(c.rows for c in table.cells if _of(table, c, KIND) == VIOLATION and _of(table, c, LEVEL) != WCAG)
    notes = [_CAVEAT, _when(table, pages), *_by_rule(table, faults)]
    if undecided:
        notes.append(
            both(
                nl=f"Elementen waarover de test niet kon beslissen: {undecided}. Kijk die zelf na; ze tellen niet mee.",
                en=f"Elements that the scan could not decide on: {undecided}. See to them yourself; they do not count.",
            )
        )
    if beyond:
        notes.append(
            both(
                nl=f"Elementen die tegen goede gewoonten ingaan, maar niet tegen WCAG A of AA: {beyond}. Ze tellen niet mee.",
                en=f"Elements against good practice, but not against WCAG A or AA: {beyond}. They do not count.",
            )
        )
    return Measured(
        value=float(number),
        unit=Unit.COUNT,
        rows=pages,
        details=tuple(d for d in details if d.counted),
        notes=tuple(notes),
    )


def _of(table: CountTable, cell: Cell, key: str) -> object:
    return cell.values[table.keys.index(key)]


def _days(table: CountTable) -> list[date | None]:
    return [v if isinstance(v, date) else None for v in (_of(table, c, "day") for c in table.cells)]


def _not_now(table: CountTable, within: int, on: date) -> Text | None:
    """Why the scan does not say how the pages are today: the oldest page counts."""
    days = _days(table)
    known = [d for d in days if d is not None]
    if len(known) < len(days):
        return both(
            nl="In het bestand staat niet wanneer elke pagina getest is ('timestamp').",
            en="The file does not say when each page was scanned ('timestamp').",
        )
    oldest, newest = min(known), max(known)
    # A scan of just before midnight carries the date of universal time, which can be a day off.
    if (newest - on).days > 1:
        return both(
            nl=f"De test is van {newest.isoformat()}, na de dag van deze meting.",
            en=f"The scan is of {newest.isoformat()}, after the day of this measurement.",
        )
    if (on - oldest).days > within:
        return both(
            nl=f"De oudste test is van {oldest.isoformat()}, meer dan {within} dagen geleden. De pagina's kunnen veranderd"
            " zijn.",
            en=f"The oldest scan is of {oldest.isoformat()}, more than {within} days ago. The pages may have changed.",
        )
    return None


def _nothing_ran(table: CountTable, wcag: Sequence[Cell]) -> Text | None:
    pages = {_of(table, c, PAGE) for c in table.cells}
    tested = {_of(table, c, PAGE) for c in wcag if _of(table, c, KIND) == RAN}
    if pages == tested:
        return None
    return both(
        nl="Het bestand zegt niet voor elke pagina welke regels van WCAG A of AA getest zijn. Een lege lijst bewijst dan niets.",
        en="The file does not say for every page which rules of WCAG A or AA were tested. An empty list then proves nothing.",
    )


def _when(table: CountTable, pages: int) -> Text:
    oldest = min(d for d in _days(table) if d is not None).isoformat()
    return both(
        nl=f"Getest op {oldest} of later. Aantal pagina's: {pages}. Andere pagina's zijn niet bekeken.",
        en=f"Scanned on {oldest} or later. Number of pages: {pages}. Other pages were not looked at.",
    )


def _by_rule(table: CountTable, faults: Sequence[Cell]) -> list[Text]:
    rules = CountTable(table.keys, tuple(faults)).by(RULE).cells
    if not rules:
        return []
    order = sorted(rules, key=lambda c: (-c.rows, str(c.values[0])))
    names = ", ".join(f"{c.values[0]} ({c.rows})" for c in order[:SHOWN_RULES])
    more = len(order) - SHOWN_RULES
    nl, en = f"Regels van axe, met het aantal elementen: {names}", f"Rules of axe, with the number of elements: {names}"
    if more > 0:
        nl, en = f"{nl}, en {more} andere", f"{en}, and {more} more"
    return [both(nl=f"{nl}.", en=f"{en}.")]


_SCAN = both(
    nl="Test de pagina's opnieuw met axe-core, bewaar het resultaat naast de kaart en noem het bestand bij 'scans'.",
    en="Scan the pages again with axe-core, save the result beside the card and name the file under 'scans'.",
)
_CAVEAT = both(
    nl="Een programma vindt maar een deel van de drempels. Nul fouten is dus het minimum: laat ook mensen testen, met een"
    " schermlezer en met alleen een toetsenbord.",
    en="A program finds only part of the barriers. So zero faults is the least: have people test as well, with a screen reader"
    " and with only a keyboard.",
)

CHECK = Check(
    id="accessibility-scan",
    family="accessibility",
    title=both(nl="Automatische test van toegankelijkheid", en="Automated accessibility scan"),
    measures=both(
        nl="Hoeveel elementen op de geteste pagina's tegen WCAG op niveau A of AA ingaan, volgens een automatische test.",
        en="How many elements of the scanned pages go against WCAG at level A or AA, according to an automated scan.",
    ),
    wants=both(
        nl="'scans' bij 'accessibility': het resultaat van axe-core (.json) naast de kaart",
        en="'scans' under 'accessibility': the result of axe-core (.json) beside the card",
    ),
    formula="number of elements that break a rule tagged with WCAG 2.0, 2.1 or 2.2 at level A or AA",
    source="WCAG 2.2, level AA; axe-core 4, results object",
    counted=both(nl="pagina's", en="pages"),
    plan=plan,
    needs=needs,
    measure=measure,
)
