"""How numbers, days, figures and limits read, in Dutch and in English."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import GAP, UNKNOWABLE, assessment

from vangrail.exports import formatting
from vangrail.model.framework import Limit, both
from vangrail.model.outcome import Detail, Group, Measured, label
from vangrail.model.vocabulary import Language, Phase, Role, Unit, Verdict

NL, EN = Language.NL, Language.EN
FRAMEWORK = assessment().framework


def measured(value, unit=Unit.PERCENT, low=None, high=None):
    return Measured(value=value, low=low, high=high, unit=unit, rows=1000)


@pytest.mark.parametrize(
    ("value", "digits", "nl", "en"),
    [
        (1234.5, None, "1.234,5", "1,234.5"),
        (1234567, None, "1.234.567", "1,234,567"),
        (0.1 + 0.2, None, "0,3", "0.3"),
        (-3, None, "−3", "−3"),
        (0.00001, None, "0,00001", "0.00001"),
        (100, None, "100", "100"),
        (12.345, 1, "12,3", "12.3"),
        (12, 2, "12,00", "12.00"),
        (-0.001, 1, "0,0", "0.0"),
    ],
)
def test_a_number(value, digits, nl, en):
    assert formatting.number(value, NL, digits) == nl
    assert formatting.number(value, EN, digits) == en


def test_a_day_and_a_moment():
    assert formatting.day(date(2026, 11, 22), NL) == "22 november 2026"
    assert formatting.day(date(2026, 3, 2), EN) == "2 March 2026"
    assert formatting.moment(datetime(2026, 11, 22, 9, 30, tzinfo=UTC), NL) == "22 november 2026, 09:30 UTC"


def test_a_figure_has_its_unit_and_its_interval():
    assert formatting.figure(GAP, NL) == "21,4 procentpunt (17,9 tot 24,9)"
    assert formatting.figure(GAP, EN) == "21.4 percentage points (17.9 to 24.9)"


def test_what_has_no_figure_says_so():
    assert formatting.figure(UNKNOWABLE, NL) == "niet meetbaar"
    assert formatting.figure(UNKNOWABLE, EN) == "not measurable"


@pytest.mark.parametrize(
    ("outcome", "nl"),
    [
        (measured(3.2), "3,2 %"),
        (measured(0.0), "0 %"),
        (measured(3.0), "3 %"),
        (measured(0.48, Unit.RATIO, 0.41, 0.56), "0,48 (0,41 tot 0,56)"),
        (measured(0.9912, Unit.COEFFICIENT, 0.9901, 0.9923), "0,9912 (0,9901 tot 0,9923)"),
        (measured(1.0, Unit.DAYS), "1 dag"),
        (measured(412.0, Unit.DAYS), "412 dagen"),
        (measured(12345.0, Unit.COUNT), "12.345"),
        (measured(44.851, low=44.62, high=45.08), "44,85 % (44,62 tot 45,08)"),
    ],
)
def test_the_interval_decides_the_digits(outcome, nl):
    """An interval 7 wide carries one digit, 0.15 wide two, 0.46 wide two, 0.0022 wide four."""
    assert formatting.figure(outcome, NL) == nl


def test_one_row_in_many_is_never_shown_as_zero_nor_all_but_one_as_all():
    assert formatting.figure(measured(0.004), NL) == "0,004 %"
    assert formatting.figure(measured(99.996), NL) == "99,996 %"


def test_a_figure_just_beyond_its_limit_is_not_shown_as_the_limit():
    """5.04 against at most 5 would read '5,0 %, hoogstens 5 %, niet voldaan'."""
    limit = Limit(at_most=5)
    assert formatting.figure(measured(5.04), NL, limit) == "5,04 %"
    assert formatting.figure(measured(7.3, low=5.03, high=9.6), NL, limit) == "7,30 % (5,03 tot 9,60)"


@given(st.floats(min_value=1e-4, max_value=1e6))
def test_no_positive_percentage_reads_as_zero(value):
    shown = formatting.figure(measured(value), EN)
    assert float(shown.removesuffix(" %").replace(",", "")) > 0


@pytest.mark.parametrize(
    ("limit", "unit", "nl", "en"),
    [
        (Limit(at_most=10), Unit.PERCENTAGE_POINTS, "hoogstens 10 procentpunt", "at most 10 percentage points"),
        (Limit(at_least=0.8), Unit.RATIO, "minstens 0,8", "at least 0.8"),
        (
            Limit(at_most=1.25, at_least=0.8),
            Unit.RATIO,
            "minstens 0,8 en hoogstens 1,25",
            "at least 0.8 and at most 1.25",
        ),
        (Limit(at_most=1), Unit.DAYS, "hoogstens 1 dag", "at most 1 day"),
        (Limit(at_most=2.5), Unit.PERCENT, "hoogstens 2,5 %", "at most 2.5 %"),
        (Limit(at_most=3), None, "hoogstens 3", "at most 3"),
    ],
)
def test_a_limit(limit, unit, nl, en):
    assert formatting.limit(limit, unit, NL) == nl
    assert formatting.limit(limit, unit, EN) == en


def test_words_come_from_the_glossary():
    assert formatting.verdict_word(Verdict.NOT_MET, NL, FRAMEWORK) == "niet voldaan"
    assert formatting.phase_word(Phase.BUILD, EN, FRAMEWORK) == "build or buy"
    assert formatting.role_word(Role.DPO, NL, FRAMEWORK) == "functionaris voor gegevensbescherming"


def test_a_word_that_the_glossary_lacks_is_a_mistake_and_not_a_guess():
    with pytest.raises(KeyError, match=r"verdict\.met"):
        formatting.verdict_word(Verdict.MET, NL, replace(FRAMEWORK, glossary=()))


def test_words_in_a_row_and_a_sentence():
    assert formatting.listed(["a"], NL) == "a"
    assert formatting.listed(["a", "b", "c"], NL) == "a, b en c"
    assert formatting.sentence("minder dan 5 gevallen") == "Minder dan 5 gevallen."


def test_a_line_that_is_a_quantity_has_its_own_unit_and_range():
    water = Detail(name="water", value=1234.4, low=980, high=1500, unit=Unit.LITRES)
    assert formatting.quantity(water, NL) == "1.234 liter (980 tot 1.500)"
    assert formatting.quantity(Detail(name="indicator", value=3.25), EN) == "3.25"
    assert formatting.quantity(Detail(name="column", rows=9, counted=3), NL) is None
    assert formatting.figure(measured(0.000_004, Unit.WATT_HOURS), NL) == "0,000004 Wh"


def test_a_group_is_called_by_its_values_and_what_is_a_word_of_ours_in_the_language_of_the_reader():
    """A value that is missing, or a yes, has a word of ours; so has a kind of change that we made up."""
    ours = Group(attributes={"change": "typo"}, rows=9, called=both(nl="één tikfout", en="one typing error"))
    theirs = Group(attributes={"sex": "V", "works": label(True), "district": label(None)}, rows=9)
    assert [formatting.group_name(g, NL) for g in (ours, theirs)] == ["één tikfout", "V × ja × (niet ingevuld)"]
    assert [formatting.group_name(g, EN) for g in (ours, theirs)] == ["one typing error", "V × yes × (not filled in)"]
    line = Detail(name="others", called=both(nl="andere mensen", en="other people"))
    assert [formatting.detail_name(d, NL) for d in (line, Detail(name="income"))] == ["andere mensen", "income"]


def test_a_share_of_a_promise_may_lie_outside_the_whole():
    assert formatting.figure(measured(-20.0), NL) == "−20 %"
    assert formatting.figure(measured(112.5), NL) == "112,5 %"


def test_days_that_the_program_says_are_written_out_and_what_somebody_typed_stays():
    until = both(nl="Geldig tot 2026-11-09, zie 'zoals 2026-11-22'.", en="Valid until 2026-11-09.")
    assert formatting.said(until, NL) == "Geldig tot 9 november 2026, zie 'zoals 2026-11-22'."
    assert formatting.said(until, EN) == "Valid until 9 November 2026."
    assert (
        formatting.said(both(nl="An: besluit 2026-11-09", en="An: besluit 2026-11-09"), NL) == "An: besluit 2026-11-09"
    )
    assert formatting.said(both(nl="dossier 2026-13-45", en="file 2026-13-45"), EN) == "file 2026-13-45"
