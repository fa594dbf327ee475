"""Promised benefits: followed up or not, how far they came, and how certain that is. Every figure is worked by hand."""

from datetime import date

import pytest
from counting import ON, card

from vangrail import checks, knowledge
from vangrail.assessment.judging import against
from vangrail.model.needs import Answers
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import Language, Unit

NL, EN = Language.NL, Language.EN
DAYS = {
    "indicator": "dagen tot de juiste ploeg",
    "unit": "dagen",
    "baseline": 3.2,
    "target": 1,
    "measured": 1.64,
    "measured_on": "2026-10-01",
}
SHARE = {
    "indicator": "juiste dienst",
    "unit": "procent",
    "baseline": 84,
    "target": 92,
    "measured": 94,
    "measured_on": "2026-10-01",
}


def followed(*benefits, on=ON):
    check = checks.checks()["benefit-followed"]
    return {m.subject: check.measure(m, (), on, Answers({})) for m in check.plan(card(benefits=list(benefits)))}


def one(benefit, on=ON, **more):
    (found,) = followed(benefit | more, on=on).values()
    return found


def said(outcome, language=NL):
    return " ".join(n[language] for n in outcome.notes)


def verdict(outcome):
    (proof,) = [
        p for p in knowledge.framework().requirement("dem-3").evidence if getattr(p, "check", "") == "benefit-followed"
    ]
    return against(outcome, proof.limit)[0]


def test_a_promise_that_should_go_down_worked_by_hand():
    """From 3.2 to 1 day was promised, 1.64 it became: 1.56 of 2.2 days is 70.9 %."""
    found = one(DAYS)
    assert found.value == pytest.approx(100 * 1.56 / 2.2) and found.unit is Unit.PERCENT
    assert "de beloofde kant op, maar niet zo ver" in said(found)
    assert verdict(found) == "not_met"


def test_a_kept_promise_is_met_and_the_wrong_way_is_below_zero():
    assert verdict(one(DAYS, measured=0.9)) == "met" and "gehaald" in said(one(DAYS, measured=0.9))
    wrong = one(DAYS, measured=3.75)
    assert wrong.value == pytest.approx(-25) and "verkeerde kant" in said(wrong)
    assert "niets veranderd" in said(one(DAYS, measured=3.2))


def test_a_value_without_cases_has_no_interval_and_says_so():
    assert (one(DAYS).low, one(DAYS).confidence, one(DAYS).exact) == (None, None, False) and "Geen interval" in said(
        one(DAYS)
    )
    assert "op hoeveel gevallen" in said(one(SHARE))
    assert said(one(SHARE), EN).count("No interval") == 1


def test_two_counted_shares_get_newcombes_interval():
    """84 % of 400 to 94 % of 400: 10 points of the 8 that were promised is 125 %; 5.7 to 14.4 points are 71 to 180 %."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    found = one(SHARE, measured_cases=400, baseline_cases=400)
    low, high = confint_proportions_2indep(376, 400, 336, 400, method="newcomb")
    assert (found.value, found.low, found.high) == pytest.approx((125, 100 * low / 0.08, 100 * high / 0.08), abs=1e-9)
    assert (found.rows, found.confidence) == (400, 0.95)
    assert verdict(found) == "unknown", "the interval lies on both sides of the promise"


def test_with_only_the_new_share_counted_the_old_one_is_taken_as_it_is():
    """94 % of 400 lies between 91.2 and 95.9 % (Wilson), so 7.2 to 11.9 points of 8."""
    found = one(SHARE, measured_cases=400)
    assert (found.low, found.high) == pytest.approx((90.3, 149.3), abs=0.5)
    assert "alleen het toeval in het nieuwe cijfer" in said(found)


def test_an_interval_of_a_share_that_should_go_down_is_not_upside_down():
    found = one(SHARE, baseline=20, target=10, measured=12, measured_cases=500, baseline_cases=500)
    assert found.value == pytest.approx(80) and found.low < 80 < found.high


def test_a_difference_that_may_be_chance_is_said_to_be_so():
    found = one(SHARE, measured=85, measured_cases=60, baseline_cases=60)
    assert found.low < 0 < found.high and "kan toeval zijn" in said(found) and "verkeerde" not in said(found)


@pytest.mark.parametrize("unit", ["per maand", None, "percentage van de dossiers"])
def test_a_count_of_cases_makes_no_share_of_what_is_none(unit):
    assert one(SHARE, unit=unit, measured_cases=400, baseline_cases=400).low is None


def test_a_share_outside_the_whole_gets_no_interval():
    assert one(SHARE, measured=130, measured_cases=400).low is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"baseline": None}, "ontbreekt 'baseline'"),
        ({"baseline": None, "target": None}, "'baseline', 'target'"),
        ({"target": 3.2}, "geen verandering beloofd"),
        ({"measured": None}, "nog niet opnieuw gemeten"),
        ({"measured": None, "target_on": "2026-06-30"}, "145 dagen geleden, en er is niet opnieuw gemeten"),
        ({"measured_on": None}, "niet bij wanneer"),
        ({"measured_on": "2027-01-01"}, "in de toekomst"),
        ({"measured_on": "2025-11-21"}, "366 dagen geleden"),
        ({"baseline_on": "2026-10-01"}, "niet opnieuw gemeten"),
        ({"target_on": "2027-01-01"}, "Het doel geldt pas op 2027-01-01. Bij de laatste meting was 70,9 procent"),
    ],
)
def test_what_was_not_followed_up_is_unknown_with_the_reason(change, reason):
    found = one(DAYS | change)
    assert isinstance(found, NotMeasurable) and reason in found.reason[NL] and found.do[NL] and found.do[EN]


def test_a_promise_that_is_kept_early_is_kept():
    assert isinstance(one(DAYS, measured=1, target_on="2027-01-01"), Measured)


def test_within_how_long_it_was_followed_up():
    found = one(DAYS, baseline_on="2026-01-01", target_on="2026-09-01")
    assert "273 dagen na het cijfer vooraf" in said(found) and "30 dagen erna" in said(found)
    assert (date(2026, 10, 1) - date(2026, 1, 1)).days == 273


def test_it_never_says_that_the_application_is_the_cause():
    assert "niet" in said(one(DAYS)).rsplit("oorzaak", 1)[1]


def test_figures_that_do_not_fit_in_a_number_are_said():
    found = one(SHARE, unit="euro", baseline=-1e308, measured=1e308)
    assert isinstance(found, NotMeasurable) and "too large" in found.reason[EN]


def test_before_after_and_promise_stand_beside_each_other_with_their_source():
    found = one(SHARE, source="telling van het meldpunt", measured_cases=400)
    assert [(d.name, d.value) for d in found.details] == [("baseline", 84), ("target", 92), ("measured", 94)]
    assert "op 400 gevallen, bron: telling van het meldpunt" in found.details[2].note[NL]


def test_each_benefit_is_a_figure_of_its_own_also_under_the_same_name():
    found = followed(DAYS, DAYS | {"measured": 1}, SHARE)
    assert list(found) == ["dagen tot de juiste ploeg", "dagen tot de juiste ploeg (2)", "juiste dienst"]
    assert [round(f.value) for f in found.values()] == [71, 100, 125]


def test_without_benefits_nothing_is_planned():
    assert not followed()
