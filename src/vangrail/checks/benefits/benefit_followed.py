"""dem-3: was a promised benefit measured again, in time, and how much of the promised change came true?"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.model.card import DECLARED, Benefit, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit

CONFIDENCE = 0.95
VALID_DAYS = 365
"""A benefit is followed up in use: what was measured longer ago than this no longer says that it is still there."""
_SHARES = {"%", "procent", "percent", "pct"}


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per promised benefit, by the name of its indicator."""
    seen: dict[str, int] = {}
    for benefit in card.benefits:
        seen[benefit.indicator] = number = seen.get(benefit.indicator, 0) + 1
        subject = benefit.indicator if number == 1 else f"{benefit.indicator} ({number})"
        settings = {"benefit": benefit.model_dump(mode="json", exclude_defaults=True, exclude={"oecd"})}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=DECLARED, subject=subject, settings=settings)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Nothing: all stands on the card."""
    return []


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How much of the promised change came true, in percent: 100 is all of it, below 0 is the wrong way.

    Measured        percent, may lie outside 0 and 100. For a share in percent with its number of cases there is a 95 %
                    interval: Newcombe's for the difference when both shares were counted, Wilson's when only the new one was.
                    Without a number of cases there is none, and a note says so
    NotMeasurable   without baseline, target, new value or its date; when no change was promised; when the new value is more
                    than a year old, or when the target is for a later day and is not reached yet
    """
    benefit = Benefit.model_validate(measurement.settings["benefit"])
    baseline, target, now = benefit.baseline, benefit.target, benefit.measured
    details = tuple(_details(benefit))
    reason = _why_not(benefit, on)
    if reason is not None:
        return NotMeasurable(reason=reason[0], do=reason[1], rows=benefit.measured_cases, details=details)
    if baseline is None or target is None or now is None or benefit.measured_on is None:
        raise TypeError("a benefit that lacks figures cannot be measured")
    promised = target - baseline
    value = 100 * (now - baseline) / promised
    if not math.isfinite(value):
        return _TOO_LARGE
    low, high, spread = _interval(benefit, baseline, now, promised)
    if (
        benefit.target_on is not None
        and benefit.measured_on < benefit.target_on
        and (low if low is not None else value) < 100
    ):
        return _too_early(benefit, value, details)
    return Measured(
        value=value,
        low=low,
        high=high,
        confidence=CONFIDENCE if low is not None else None,
        exact=False,
        unit=Unit.PERCENT,
        rows=benefit.measured_cases or 0,
        details=details,
        notes=(_way(value, low, high), *_when(benefit), spread, _CAUSE),
    )


_TOO_LARGE = NotMeasurable(
    reason=both(nl="De cijfers zijn te groot om mee te rekenen.", en="The figures are too large to reckon with."),
    do=both(nl="Kijk na of ze juist op de kaart staan.", en="See whether they are right on the card."),
)


def _why_not(benefit: Benefit, on: date) -> tuple[Text, Text] | None:
    """Why it cannot be said whether the benefit came, and what to do; nothing when it can."""
    lacks = [name for name in ("baseline", "target") if getattr(benefit, name) is None]
    if lacks:
        names = ", ".join(f"'{n}'" for n in lacks)
        return (
            both(nl=f"Op de kaart ontbreekt {names}.", en=f"{names} is missing on the card."),
            both(
                nl="Schrijf op hoe het vooraf was en wat je beloofde, met de bron.",
                en="Write down how it was before and what you promised, with the source.",
            ),
        )
    if benefit.baseline == benefit.target:
        return (
            both(
                nl="Het doel is gelijk aan het cijfer vooraf, dus er is geen verandering beloofd.",
                en="The target equals the figure beforehand, so no change was promised.",
            ),
            both(nl="Kies een doel dat zegt wat beter moet.", en="Choose a target that says what must become better."),
        )
    again = both(
        nl="Tel of meet opnieuw, op dezelfde manier als vooraf, en zet 'measured', 'measured_on' en liefst 'measured_cases'"
        " op de kaart.",
        en="Count or measure again, in the same way as before, and put 'measured', 'measured_on' and preferably"
        " 'measured_cases' on the card.",
    )
    if benefit.measured is None:
        return _not_yet(benefit, on), again
    if benefit.measured_on is None:
        return both(
            nl="Er staat niet bij wanneer er opnieuw gemeten is.", en="It does not say when it was measured again."
        ), again
    if benefit.measured_on > on:
        return (
            both(
                nl=f"De datum van de meting ({benefit.measured_on.isoformat()}) ligt in de toekomst.",
                en=f"The date of the measurement ({benefit.measured_on.isoformat()}) lies in the future.",
            ),
            again,
        )
    if benefit.baseline_on is not None and benefit.measured_on <= benefit.baseline_on:
        return (
            both(
                nl="Er is niet opnieuw gemeten: de datum is niet later dan die van het cijfer vooraf.",
                en="It was not measured again: the date is not later than that of the figure beforehand.",
            ),
            again,
        )
    age = (on - benefit.measured_on).days
    if age > VALID_DAYS:
        return (
            both(
                nl=f"Laatst gemeten op {benefit.measured_on.isoformat()}, {age} dagen geleden. Dat zegt niet hoe het nu is.",
                en=f"Last measured on {benefit.measured_on.isoformat()}, {age} days ago. That does not say how it is now.",
            ),
            again,
        )
    return None


def _not_yet(benefit: Benefit, on: date) -> Text:
    if benefit.target_on is not None and benefit.target_on < on:
        days = (on - benefit.target_on).days
        return both(
            nl=f"Niet opgevolgd: het doel gold voor {benefit.target_on.isoformat()}, {days} dagen geleden, en er is niet opnieuw gemeten.",
            en=f"Not followed up: the target was for {benefit.target_on.isoformat()}, {days} days ago, and nothing was measured again.",
        )
    return both(nl="Er is nog niet opnieuw gemeten.", en="Nothing was measured again yet.")


def _too_early(benefit: Benefit, value: float, details: tuple[Detail, ...]) -> NotMeasurable:
    """Before the promised day the promise cannot be broken; how far it is, is shown."""
    until = benefit.target_on.isoformat() if benefit.target_on else ""
    so_far = _percent(value)
    return NotMeasurable(
        reason=both(
            nl=f"Het doel geldt pas op {until}. Bij de laatste meting was {so_far[Language.NL]} procent van de belofte bereikt.",
            en=f"The target is only for {until}. At the last measurement {so_far[Language.EN]} percent of the promise was reached.",
        ),
        do=both(nl=f"Meet opnieuw op {until} of later.", en=f"Measure again on {until} or later."),
        rows=benefit.measured_cases,
        details=details,
    )


def _interval(
    benefit: Benefit, baseline: float, now: float, promised: float
) -> tuple[float | None, float | None, Text]:
    """Bounds of the share of the promise, and what is said of them."""
    cases, before = benefit.measured_cases, benefit.baseline_cases
    is_share = (benefit.unit or "").strip().lower() in _SHARES and 0 <= now <= 100 and 0 <= baseline <= 100
    if not is_share:
        return None, None, _NO_SPREAD
    if cases is None:
        return None, None, _NO_CASES
    alpha = 1 - CONFIDENCE
    if before is not None:
        right, trials = np.array([now / 100 * cases]), np.array([cases], float)
        bounds = statistics.difference(right, trials, baseline / 100 * before, before, alpha)
        changes = [100 * float(b[0]) for b in bounds]
        said = _COUNTED_TWICE
    else:
        bounds = statistics.wilson([now / 100 * cases], [cases], alpha)
        changes = [100 * float(b[0]) - baseline for b in bounds]
        said = _COUNTED_ONCE
    low, high = sorted(100 * c / promised for c in changes)
    return low, high, said


_NO_SPREAD = both(
    nl="Geen interval: van dit cijfer is niet bekend hoe sterk het van nature schommelt. Een kleine verandering kan toeval zijn.",
    en="No interval: it is not known how much this figure varies by itself. A small change may be chance.",
)
_NO_CASES = both(
    nl="Geen interval: er staat niet bij op hoeveel gevallen dit geteld is. Zet 'measured_cases' en 'baseline_cases' op de kaart.",
    en="No interval: it does not say on how many cases this was counted. Put 'measured_cases' and 'baseline_cases' on the card.",
)
_COUNTED_TWICE = both(
    nl="Het interval telt het toeval mee in het cijfer vooraf en in het nieuwe cijfer.",
    en="The interval counts the chance in the figure beforehand and in the new figure.",
)
_COUNTED_ONCE = both(
    nl="Het interval telt alleen het toeval in het nieuwe cijfer mee. Zet ook 'baseline_cases' op de kaart.",
    en="The interval counts only the chance in the new figure. Put 'baseline_cases' on the card as well.",
)
_CAUSE = both(
    nl="Dit vergelijkt vroeger met nu. Of de toepassing de oorzaak is, zegt het niet.",
    en="This compares before with now. It does not say whether the application is the cause.",
)


def _way(value: float, low: float | None, high: float | None) -> Text:
    if low is not None and high is not None and low <= 0 <= high:
        return both(
            nl="Of er iets veranderde, is niet zeker: het verschil kan toeval zijn.",
            en="Whether anything changed is not certain: the difference may be chance.",
        )
    if value >= 100:
        return both(nl="De belofte is gehaald.", en="The promise was kept.")
    if value > 0:
        return both(
            nl="Het ging de beloofde kant op, maar niet zo ver als beloofd.",
            en="It went the promised way, but not as far as promised.",
        )
    if value == 0:
        return both(nl="Er is niets veranderd.", en="Nothing changed.")
    return both(nl="Het ging de verkeerde kant op.", en="It went the wrong way.")


def _when(benefit: Benefit) -> Iterator[Text]:
    """Within how long it was followed up, as far as the days are known."""
    measured = benefit.measured_on
    if measured is None:
        return
    if benefit.baseline_on is not None:
        days = (measured - benefit.baseline_on).days
        yield both(
            nl=f"Opnieuw gemeten op {measured.isoformat()}, {days} dagen na het cijfer vooraf.",
            en=f"Measured again on {measured.isoformat()}, {days} days after the figure beforehand.",
        )
    else:
        yield both(nl=f"Opnieuw gemeten op {measured.isoformat()}.", en=f"Measured again on {measured.isoformat()}.")
    if benefit.target_on is not None and measured >= benefit.target_on:
        days = (measured - benefit.target_on).days
        yield both(
            nl=f"Het doel gold voor {benefit.target_on.isoformat()}; gemeten {days} dagen erna.",
            en=f"The target was for {benefit.target_on.isoformat()}; measured {days} days after it.",
        )


def _details(benefit: Benefit) -> Iterator[Detail]:
    unit = benefit.unit or ""
    source = benefit.source
    for name, called, value, cases, day in (
        ("baseline", _BEFORE, benefit.baseline, benefit.baseline_cases, benefit.baseline_on),
        ("target", _PROMISED, benefit.target, None, benefit.target_on),
        ("measured", _NOW, benefit.measured, benefit.measured_cases, benefit.measured_on),
    ):
        if value is None:
            continue
        when = day.isoformat() if day else ""
        dutch = (unit, when, f"op {cases} gevallen" if cases else "", f"bron: {source}" if source else "")
        english = (unit, when, f"on {cases} cases" if cases else "", f"source: {source}" if source else "")
        note = both(nl=", ".join(filter(None, dutch)), en=", ".join(filter(None, english)))
        yield Detail(name=name, called=called, value=value, note=note)


_BEFORE = both(nl="vooraf", en="beforehand")
_PROMISED = both(nl="beloofd", en="promised")
_NOW = both(nl="nu", en="now")


def _percent(value: float) -> Text:
    # Never rounded up to what was promised.
    text = f"{math.floor(value * 10) / 10:.1f}".removesuffix(".0")
    return both(nl=text.replace(".", ","), en=text)


CHECK = Check(
    id="benefit-followed",
    family="benefits",
    title=both(nl="Belofte waargemaakt", en="Promise kept"),
    measures=both(
        nl="Hoeveel procent van de beloofde verandering er gekomen is, sinds het cijfer vooraf. 100 is alles, onder 0 is de"
        " verkeerde kant op. En of er op tijd opnieuw gemeten is.",
        en="How many percent of the promised change came true, since the figure beforehand. 100 is all, below 0 is the wrong"
        " way. And whether it was measured again in time.",
    ),
    wants=both(
        nl="bij 'benefits' op de kaart: een indicator met 'baseline', 'target', 'measured' en 'measured_on'",
        en="under 'benefits' on the card: an indicator with 'baseline', 'target', 'measured' and 'measured_on'",
    ),
    formula="(measured - baseline) / (target - baseline) × 100",
    source="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Wilson (1927), JASA 22, 209-212",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
)
