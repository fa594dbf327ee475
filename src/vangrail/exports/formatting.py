"""Numbers, days, figures and limits as people read them, and the words for what the code calls by a code.

In Dutch 1.234,5 and 22 november 2026; in English 1,234.5 and 22 November 2026. A figure has as many digits as its
interval carries, and never so few that it says something else: what is not zero is not shown as zero, what is not 100 %
is not shown as 100 %, and what lies beside its limit is not shown as the limit. Words come from the glossary of the
framework; a code that is not there is a mistake of ours (KeyError).
"""

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from vangrail.model.card import DECLARED, RECORDS, REPORTS, TEXTS
from vangrail.model.framework import Framework, Limit, Text, both
from vangrail.model.outcome import MISSING, Detail, Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Phase, Role, Unit, Verdict

_MONTHS = {
    Language.NL: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    Language.EN: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SIGNS = {Language.NL: str.maketrans(",.-", ".,−"), Language.EN: str.maketrans("-", "−")}
_USUAL_DIGITS = {
    Unit.PERCENT: 1,
    Unit.PERCENTAGE_POINTS: 1,
    Unit.RATIO: 2,
    Unit.COEFFICIENT: 2,
    Unit.DAYS: 0,
    Unit.COUNT: 0,
    Unit.WATT_HOURS: 2,
    Unit.KILOWATT_HOURS: 1,
    Unit.KILOGRAMS_CO2E: 1,
    Unit.LITRES: 0,
    Unit.COLUMN: 2,
}
_WITHOUT_SCALE = (Unit.WATT_HOURS, Unit.KILOWATT_HOURS, Unit.KILOGRAMS_CO2E)
"""Units in which figures can be of any size: two significant digits of the smallest are shown."""
_MOST_DIGITS = 6
_UNITS = {
    Unit.PERCENT: {Language.NL: ("%", "%"), Language.EN: ("%", "%")},
    Unit.PERCENTAGE_POINTS: {
        Language.NL: ("procentpunt", "procentpunt"),
        Language.EN: ("percentage point", "percentage points"),
    },
    Unit.DAYS: {Language.NL: ("dag", "dagen"), Language.EN: ("day", "days")},
    Unit.WATT_HOURS: {Language.NL: ("Wh", "Wh"), Language.EN: ("Wh", "Wh")},
    Unit.KILOWATT_HOURS: {Language.NL: ("kWh", "kWh"), Language.EN: ("kWh", "kWh")},
    Unit.KILOGRAMS_CO2E: {Language.NL: ("kg CO2e", "kg CO2e"), Language.EN: ("kg CO2e", "kg CO2e")},
    Unit.LITRES: {Language.NL: ("liter", "liter"), Language.EN: ("litre", "litres")},
}
"""One and several; a ratio, a coefficient, a count and the unit of a column have no word behind them."""
_PLACES = {
    TEXTS: both(nl="in de openbare teksten", en="in the public texts"),
    DECLARED: both(nl="op de kaart zelf", en="on the card itself"),
}
_RECORDED = both(nl="in wat genoteerd werd", en="in what was recorded")
_NOT_MEASURABLE = both(nl="niet meetbaar", en="not measurable")
_VALUES = {
    MISSING: both(nl="(niet ingevuld)", en="(not filled in)"),
    "true": both(nl="ja", en="yes"),
    "false": both(nl="nee", en="no"),
}
"""What a group is called whose value is no word of the data: missing, or a yes or a no (see `outcome.label`)."""
_TO = both(nl="tot", en="to")
_AT_MOST = both(nl="hoogstens", en="at most")
_AT_LEAST = both(nl="minstens", en="at least")
_AND = both(nl="en", en="and")


def number(value: float, language: Language, digits: int | None = None) -> str:
    """A number with so many digits behind the comma; as it is, without noise of the computer, when left out."""
    if digits is None:
        exact = Decimal(f"{value:.12g}")
        text = f"{exact:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(_SIGNS[language])


def day(on: date, language: Language) -> str:
    """A day: 22 november 2026."""
    return f"{on.day} {_MONTHS[language][on.month - 1]} {on.year}"


def moment(at: datetime, language: Language) -> str:
    """A moment: 22 november 2026, 09:30 UTC."""
    return f"{day(at.date(), language)}, {at:%H:%M} {at.tzname() or ''}".rstrip()


def digits_for(
    values: Iterable[float],
    unit: Unit,
    *,
    low: float | None = None,
    high: float | None = None,
    beside: Iterable[float] = (),
) -> int:
    """How many digits behind the comma these values need in this unit.

    low, high   their interval: two significant digits of its width are shown
    beside      bounds that a value which differs from them may not be rounded onto
    """
    digits = _USUAL_DIGITS[unit]
    if low is not None and high is not None and high > low:
        digits = max(digits, 1 - math.floor(math.log10(high - low)))
    shown = [value for value in values if value != 0]
    if unit in _WITHOUT_SCALE and shown:
        digits = max(digits, 1 - math.floor(math.log10(min(abs(value) for value in shown))))
    bounds = [0.0, *beside] + ([100.0] if unit is Unit.PERCENT else [])
    while digits < _MOST_DIGITS and any(
        value != bound and round(value, digits) == round(bound, digits) for value in shown for bound in bounds
    ):
        digits += 1
    return min(digits, _MOST_DIGITS)


def with_unit(text: str, unit: Unit | None, language: Language, *, one: bool = False) -> str:
    """A number as text, with its unit behind it; a ratio, a coefficient and a count have none."""
    words = _UNITS.get(unit) if unit else None
    return f"{text} {words[language][0 if one else 1]}" if words else text


def interval(low: float, high: float, language: Language, digits: int | None = None) -> str:
    """An interval: 17,9 tot 24,9."""
    return f"{number(low, language, digits)} {_TO[language]} {number(high, language, digits)}"


def place(dataset: str, language: Language) -> str:
    """Where something was measured: in a data set, in a file beside the card, in the records."""
    if dataset in _PLACES:
        return _PLACES[dataset][language]
    if dataset.startswith(RECORDS):
        return _RECORDED[language]
    if dataset.startswith(REPORTS):
        file = dataset.removeprefix(REPORTS)
        return both(nl=f"in het bestand '{file}'", en=f"in the file '{file}'")[language]
    return both(nl=f"in de dataset '{dataset}'", en=f"in the data set '{dataset}'")[language]


def figure(outcome: Outcome, language: Language, limit: Limit | None = None) -> str:
    """A figure with its unit and interval: '21,4 procentpunt (17,9 tot 24,9)'; 'niet meetbaar' when there is none.

    `limit` is given where the figure stands beside it.
    """
    if isinstance(outcome, NotMeasurable):
        return _NOT_MEASURABLE[language]
    text = value(outcome, language, limit)
    bounds = interval_of(outcome, language, limit)
    return f"{text} ({bounds})" if bounds else text


def value(outcome: Measured, language: Language, limit: Limit | None = None) -> str:
    """The figure with its unit, without the interval."""
    digits = _digits(outcome, limit)
    text = number(outcome.value, language, digits)
    if outcome.low is None and outcome.value == round(outcome.value, 0):
        text = number(outcome.value, language, 0)
    return with_unit(text, outcome.unit, language, one=outcome.value == 1)


def interval_of(outcome: Measured, language: Language, limit: Limit | None = None) -> str | None:
    """The interval of a figure; none where everything was counted."""
    if outcome.low is None or outcome.high is None:
        return None
    return interval(outcome.low, outcome.high, language, _digits(outcome, limit))


def quantity(detail: Detail, language: Language) -> str | None:
    """The quantity of a line with its unit and range: '3,1 kWh (2,8 tot 3,4)'; none where the line is a count."""
    if detail.value is None:
        return None
    if detail.unit is None:
        return number(detail.value, language)
    ends = [end for end in (detail.low, detail.high) if end is not None]
    digits = (
        digits_for([detail.value, *ends], detail.unit, low=detail.low, high=detail.high) if ends or detail.value else 0
    )
    text = with_unit(number(detail.value, language, digits), detail.unit, language, one=detail.value == 1)
    if detail.low is None or detail.high is None:
        return text
    return f"{text} ({interval(detail.low, detail.high, language, digits)})"


def group_name(group: Group, language: Language) -> str:
    """What a group is called: in words where we gave it its name, else its values: 'V × 65+'."""
    if group.called is not None:
        return said(group.called, language)
    return " × ".join(said(_VALUES[v], language) if v in _VALUES else v for v in group.attributes.values())


def detail_name(detail: Detail, language: Language) -> str:
    """What a line is called: in words where we gave it its name, else its own name, such as that of a column."""
    return detail.name if detail.called is None else said(detail.called, language)


def _digits(outcome: Measured, limit: Limit | None) -> int:
    bounds = [] if limit is None else [bound for bound in (limit.at_most, limit.at_least) if bound is not None]
    ends = [end for end in (outcome.low, outcome.high) if end is not None]
    return digits_for([outcome.value, *ends], outcome.unit, low=outcome.low, high=outcome.high, beside=bounds)


def limit(limit_: Limit, unit: Unit | None, language: Language) -> str:
    """A limit: 'hoogstens 10 procentpunt', 'minstens 0,8', 'minstens 0,8 en hoogstens 1,25'."""
    parts = [
        f"{word_[language]} {with_unit(number(bound, language), unit, language, one=bound == 1)}"
        for word_, bound in ((_AT_LEAST, limit_.at_least), (_AT_MOST, limit_.at_most))
        if bound is not None
    ]
    return f" {_AND[language]} ".join(parts)


def word(code: str, language: Language, framework: Framework) -> str:
    """The word for a code, in lower case as in a dictionary. KeyError when the glossary lacks it."""
    return said(framework.term(code).title, language)


def verdict_word(verdict: Verdict, language: Language, framework: Framework) -> str:
    """'niet voldaan'."""
    return word(f"verdict.{verdict}", language, framework)


def phase_word(phase: Phase, language: Language, framework: Framework) -> str:
    """'validatie'."""
    return word(f"phase.{phase}", language, framework)


def role_word(role: Role, language: Language, framework: Framework) -> str:
    """'toepassingsverantwoordelijke'."""
    return word(f"role.{role}", language, framework)


def said(text: Text, language: Language) -> str:
    """The text in this language; in Dutch, which is always there, when it was not translated. Its days are written out.

    A text that is the same in both languages holds what a person typed, and stays as it was typed.
    """
    chosen = text.get(language) or text[Language.NL]
    if len(set(text.values())) == 1:
        return chosen
    return _DAY.sub(lambda found: _written_out(found[0], language), chosen)


_DAY = re.compile(r"(?<!zoals )(?<!such as )\b\d{4}-\d{2}-\d{2}\b(?!T)")
"""A day as the core writes it, and not an example of how to type one."""


def _written_out(iso: str, language: Language) -> str:
    try:
        return day(date.fromisoformat(iso), language)
    except ValueError:
        return iso


def listed(words: Iterable[str], language: Language) -> str:
    """Words in a row: 'a, b en c'."""
    *first, last = words
    return f"{', '.join(first)} {_AND[language]} {last}" if first else last


def capital(text: str) -> str:
    """With a capital at the start, as at the beginning of a line."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a capital at the start and a full stop at the end."""
    text = capital(text)
    return text if not text or text[-1] in ".!?:" else f"{text}."
