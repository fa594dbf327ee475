"""Group comparisons, against numbers worked by hand or published."""

import pytest
from counting import card, counted, fields, log_card, measure

from vangrail import checks
from vangrail.checks import comparing
from vangrail.model.outcome import MISSING, Measured, NotMeasurable
from vangrail.model.vocabulary import ColumnType, Language, Unit

GROUPS = counted("""
    group  | advice | rows
    centre | yes    | 30
    centre | no     | 30
    suburb | yes    | 18
    suburb | no     | 42
""")


def of(found, name):
    return next(g for g in found.groups if g.name == name)


def test_a_gap_worked_by_hand():
    """30 of 60 in the centre against 18 of 60 in the suburb: 20 points, Newcombe 2.5 to 35.9 at 95 %."""
    alone = log_card()
    found = measure("selection-rate-difference", alone, GROUPS)
    assert isinstance(found, Measured)
    assert found.unit is Unit.PERCENTAGE_POINTS and found.rows == 120
    assert found.value == pytest.approx(20.0)
    suburb = of(found, "suburb")
    assert (suburb.value, suburb.difference) == pytest.approx((30.0, -20.0))
    # Two statements (difference and ratio) share the 5 %, so the interval is the 97.5 % one: wider than 2.5 to 35.9.
    low, high = comparing.statistics.difference(*map(comparing.np.array, ([18.0], [60.0])), 30, 60, 0.05)
    assert (-high[0] * 100, -low[0] * 100) == pytest.approx((2.5, 35.9), abs=0.05)
    assert found.low < 2.5 and found.high > 35.9


def test_the_ratio_of_the_four_fifths_rule():
    """18/60 against 30/60 is 0.6 of it."""
    found = measure("selection-rate-ratio", log_card(), GROUPS)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(0.6)
    assert found.low < 0.6 < found.high <= 1


def test_a_ratio_does_not_depend_on_which_group_is_the_reference():
    other = log_card(protected=[{"column": "group", "reference": "suburb"}])
    one, two = (measure("selection-rate-ratio", c, GROUPS) for c in (log_card(), other))
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))


def test_favourable_can_be_the_advice_no():
    """Where 'yes' means being checked, 'no' is what a person hopes for."""
    found = measure("selection-rate-difference", log_card(favourable="no"), GROUPS)
    assert of(found, "suburb").value == pytest.approx(70.0)


COMPAS = counted("""
    group            | advice | outcome | rows
    African-American | yes    | no      | 805
    African-American | no     | no      | 990
    African-American | yes    | yes     | 1369
    African-American | no     | yes     | 532
    Caucasian        | yes    | no      | 349
    Caucasian        | no     | no      | 1139
    Caucasian        | yes    | yes     | 505
    Caucasian        | no     | yes     | 461
""")
PUBLISHED = log_card(
    outcome={"column": "outcome", "positive": "yes"}, protected=[{"column": "group", "reference": "Caucasian"}]
)


@pytest.mark.parametrize(
    ("check", "african_american", "caucasian"),
    [
        ("false-positive-rate-difference", 44.85, 23.45),
        ("false-negative-rate-difference", 27.99, 47.72),
        ("positive-predictive-value-difference", 62.97, 59.13),
        ("negative-predictive-value-difference", 65.05, 71.19),
        ("true-positive-rate-difference", 72.01, 52.28),
        ("true-negative-rate-difference", 55.15, 76.55),
    ],
)
def test_the_published_rates_of_compas(check, african_american, caucasian):
    """Larson et al. (ProPublica, 2016), 'How we analyzed the COMPAS recidivism algorithm', two-year tables."""
    found = measure(check, PUBLISHED, COMPAS)
    assert of(found, "African-American").value == pytest.approx(african_american, abs=0.005)
    assert of(found, "Caucasian").value == pytest.approx(caucasian, abs=0.005)
    assert found.value == pytest.approx(abs(african_american - caucasian), abs=0.011)


def test_a_small_group_is_named_and_not_measured():
    table = counted("""
        group  | advice | rows
        centre | yes    | 50
        centre | no     | 50
        suburb | yes    | 40
        suburb | no     | 40
        hamlet | yes    | 3
        hamlet | no     | 1
        farm   | yes    | 10
        farm   | no     | 10
    """)
    found = measure("selection-rate-difference", log_card(), table)
    assert found.value == pytest.approx(0)
    hamlet, farm = of(found, "hamlet"), of(found, "farm")
    assert (hamlet.rows, hamlet.value, hamlet.difference) == (None, None, None), "4 people are not shown as 4"
    assert "at least 30 are needed" in hamlet.not_measurable[Language.EN]
    assert (farm.rows, farm.value) == (None, None), "204 − 100 − 80 − 20 would be 4"
    assert (of(found, "centre").rows, of(found, "suburb").rows) == (100, 80)


def test_people_without_a_recorded_characteristic_are_a_group_of_their_own():
    table = counted("""
        group  | advice | rows
        centre | yes    | 50
        centre | no     | 50
        -      | yes    | 10
        -      | no     | 90
    """)
    found = measure("selection-rate-difference", log_card(), table)
    assert of(found, MISSING).difference == pytest.approx(-40)


def test_one_group_only_cannot_be_compared():
    table = counted("""
        group  | advice | rows
        centre | yes    | 50
        centre | no     | 50
    """)
    found = measure("selection-rate-difference", log_card(), table)
    assert isinstance(found, NotMeasurable) and "one group only" in found.reason[Language.EN]


def test_one_class_only_has_no_error_rate():
    """Nothing ever came true: a word on the card that the data write otherwise would look just like that."""
    table = counted("""
        group  | advice | outcome | rows
        centre | yes    | yes     | 50
        suburb | no     | yes     | 50
    """)
    found = measure("false-positive-rate-difference", log_card(outcome={"column": "outcome", "positive": "yes"}), table)
    assert isinstance(found, NotMeasurable) and "All known outcomes are 'yes'" in found.reason[Language.EN]


@pytest.mark.parametrize(
    "check", ["selection-rate-difference", "selection-rate-ratio", "false-positive-rate-difference"]
)
def test_an_advice_that_is_never_given_makes_nobody_equal(check):
    """'positive: [Yes]' where the data say 'yes' finds no advice at all; 0 points of difference would be met."""
    table = counted("""
        group  | advice | outcome | rows
        centre | no     | no      | 500
        centre | no     | yes     | 500
        suburb | no     | no      | 500
        suburb | no     | yes     | 500
    """)
    found = measure(check, log_card(outcome={"column": "outcome", "positive": "yes"}), table)
    assert isinstance(found, NotMeasurable) and "got the advice 'no'" in found.reason[Language.EN]
    assert "Capitals and spaces" in found.do[Language.EN]


def test_advice_that_is_always_right_is_equal_for_all():
    """No false alarm in either group is a figure, not a slip: there is advice of both kinds, and outcomes of both kinds."""
    table = counted("""
        group  | advice | outcome | rows
        centre | no     | no      | 500
        centre | yes    | yes     | 500
        suburb | no     | no      | 500
        suburb | yes    | yes     | 500
    """)
    found = measure("false-positive-rate-difference", log_card(outcome={"column": "outcome", "positive": "yes"}), table)
    assert found.value == 0


def test_a_ratio_of_nothing_to_nothing_does_not_exist():
    """Only on the farm, too small to measure, anyone got it."""
    table = counted("""
        group  | advice | rows
        centre | no     | 50
        suburb | no     | 50
        farm   | yes    | 10
    """)
    assert isinstance(measure("selection-rate-ratio", log_card(), table), NotMeasurable)
    assert measure("selection-rate-difference", log_card(), table).value == 0


def test_a_ratio_to_nothing_is_zero():
    table = counted("""
        group  | advice | rows
        centre | no     | 50
        suburb | yes    | 50
    """)
    found = measure("selection-rate-ratio", log_card(), table)
    assert found.value == 0 and found.low == 0 and found.high < 0.25


def test_a_reference_group_that_does_not_occur_is_said():
    found = measure("selection-rate-difference", log_card(protected=[{"column": "group", "reference": "moon"}]), GROUPS)
    assert isinstance(found, NotMeasurable) and "reference group of the card" in found.reason[Language.EN]


def test_without_a_chosen_reference_the_largest_group_serves_and_the_note_says_so():
    found = measure("selection-rate-difference", log_card(protected=[{"column": "group"}]), GROUPS)
    assert sum(g.is_reference for g in found.groups) == 1
    assert any("names no reference group" in n[Language.EN] for n in found.notes)


def test_outcomes_that_are_missing_without_a_reason_give_no_error_rates():
    table = counted("""
        group  | advice | outcome | rows
        centre | yes    | yes     | 60
        centre | yes    | no      | 60
        suburb | no     | no      | 60
        suburb | no     | -       | 60
    """)
    found = measure("false-positive-rate-difference", log_card(outcome={"column": "outcome", "positive": "yes"}), table)
    assert isinstance(found, NotMeasurable)
    assert "the error rates cannot be known" in found.reason[Language.EN]
    assert "known_for: selected" in found.do[Language.EN]


def test_the_chance_of_a_false_alarm_is_shared_over_all_comparisons():
    """Statements equally; then four fifths to single characteristics, the rest to intersections; then equally over each."""
    both_ = log_card(
        outcome={"column": "outcome", "positive": "yes"},
        protected=[{"column": "group"}, {"column": "sex"}, {"column": "age"}],
    ).decision_log
    assert comparing.statements(both_) == 6
    assert comparing.combinations_of(both_) == [
        ("group",),
        ("sex",),
        ("age",),
        ("group", "sex"),
        ("group", "age"),
        ("sex", "age"),
    ]
    total = sum(comparing.share_of_alpha(both_, c) for c in comparing.combinations_of(both_))
    assert total * comparing.statements(both_) == pytest.approx(0.05)


def test_intersections_can_be_chosen_or_left_out():
    attributes = [{"column": "group"}, {"column": "sex"}]
    assert comparing.combinations_of(log_card(protected=attributes, intersections=[]).decision_log) == [
        ("group",),
        ("sex",),
    ]
    with pytest.raises(ValueError, match="must name two or more columns"):
        log_card(protected=attributes, intersections=[["group", "planet"]])


def test_calibration_compares_like_with_like():
    """Two score classes, 40 points apart. Within each, the suburb's outcome is 10 points higher: so is the figure.

    The plain rates differ by only 2 points, because the suburb has lower scores.
    """
    table = counted("""
        group  | score class | outcome | rows
        centre | low  | yes | 20
        centre | low  | no  | 80
        centre | high | yes | 180
        centre | high | no  | 120
        suburb | low  | yes | 90
        suburb | low  | no  | 210
        suburb | high | yes | 70
        suburb | high | no  | 30
    """)
    scored = log_card(outcome={"column": "outcome", "positive": "yes"}, score={"column": "score"})
    found = measure("calibration-difference", scored, table, columns=fields("group", "outcome", "score", "advice"))
    assert found.value == pytest.approx(10.0)
    assert found.low < 10 < found.high
    assert of(found, "suburb").value == pytest.approx(40.0)


def test_every_rate_and_its_interval_agree_with_statsmodels_and_fairlearn():
    """The same table, row by row, through fairlearn's MetricFrame."""
    import numpy as np
    from fairlearn.metrics import MetricFrame, false_negative_rate, false_positive_rate, selection_rate

    rows = [(c.values, c.rows) for c in COMPAS.cells]
    group = np.repeat([v[0] for v, _ in rows], [n for _, n in rows])
    advice = np.repeat([int(v[1]) for v, _ in rows], [n for _, n in rows])
    outcome = np.repeat([int(v[2]) for v, _ in rows], [n for _, n in rows])
    theirs = {
        "selection-rate-difference": selection_rate,
        "false-positive-rate-difference": false_positive_rate,
        "false-negative-rate-difference": false_negative_rate,
    }
    for check, metric in theirs.items():
        frame = MetricFrame(metrics=metric, y_true=outcome, y_pred=advice, sensitive_features=group)
        ours = measure(check, PUBLISHED, COMPAS)
        assert ours.value == pytest.approx(100 * frame.difference(), abs=1e-9)
        for g in ours.groups:
            assert g.value == pytest.approx(100 * frame.by_group[g.name], abs=1e-9)


def test_a_log_without_protected_characteristics_plans_nothing():
    assert not list(checks.checks()["selection-rate-difference"].plan(log_card(protected=[])))
    assert not list(checks.checks()["selection-rate-difference"].plan(card()))


def test_a_number_is_compared_in_the_classes_of_the_card():
    aged = log_card(protected=[{"column": "age", "bins": [25, 45]}])
    (measurement,) = checks.checks()["selection-rate-difference"].plan(aged)
    columns = [*fields("advice"), *fields("age", type_=ColumnType.NUMBER)]
    (need,) = checks.checks()["selection-rate-difference"].needs(measurement, columns, None)
    assert need.by[0].name == "age" and "25" in need.by[0].sql and "45" in need.by[0].sql
