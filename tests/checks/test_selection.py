"""Selective labels: what can be known from selected cases, and what only a random sample can tell."""

import pytest
from counting import counted, log_card, measure

from vangrail import checks
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language, Verdict


def audited(**log):
    """Cases with the advice 'yes' are checked; the outcome 'yes' means that something was found."""
    parts = {
        "favourable": "no",
        "outcome": {"column": "outcome", "positive": "yes", "known_for": "selected"},
        "selected": {"column": "checked", "positive": "yes"},
        "random_sample": {"column": "drawn", "positive": "yes"},
    }
    return log_card(**(parts | log))


# The suburb is checked twice as often (40 % against 20 %), while the sample finds as much in both (10 %).
LOG = counted("""
    group  | advice | outcome | selected | random sample | rows
    centre | yes    | yes     | yes      | no            | 60
    centre | yes    | no      | yes      | no            | 140
    centre | no     | -       | no       | no            | 800
    centre | yes    | yes     | yes      | yes           | 16
    centre | yes    | no      | yes      | yes           | 54
    centre | no     | yes     | yes      | yes           | 24
    centre | no     | no      | yes      | yes           | 306
    suburb | yes    | yes     | yes      | no            | 60
    suburb | yes    | no      | yes      | no            | 340
    suburb | no     | -       | no       | no            | 600
    suburb | yes    | yes     | yes      | yes           | 20
    suburb | yes    | no      | yes      | yes           | 108
    suburb | no     | yes     | yes      | yes           | 10
    suburb | no     | no      | yes      | yes           | 162
""")


def of(found, name):
    return next(g for g in found.groups if g.name == name)


def test_hit_rates_leave_the_random_sample_out():
    """60 of 200 in the centre against 60 of 400 in the suburb: 15 points lower."""
    found = measure("hit-rate-difference", audited(), LOG)
    assert (of(found, "centre").value, of(found, "suburb").value) == pytest.approx((30, 15))
    assert found.value == pytest.approx(15)


def test_checks_that_never_find_anything_make_nobody_equal():
    table = counted("""
        group  | advice | selected | random sample | outcome | rows
        centre | yes    | yes      | no            | no      | 200
        suburb | yes    | yes      | no            | no      | 400
    """)
    found = measure("hit-rate-difference", audited(), table)
    assert isinstance(found, NotMeasurable) and "All known outcomes are 'no'" in found.reason[Language.EN]


def test_base_rates_come_from_the_random_sample_alone():
    found = measure("base-rate-difference", audited(), LOG)
    assert (of(found, "centre").value, of(found, "suburb").value) == pytest.approx((10, 10))
    assert found.rows == 700


def test_the_base_rate_describes_the_world_and_has_no_limit():
    assert not checks.checks()["base-rate-difference"].judged


def test_selection_that_the_base_rate_does_not_explain():
    """Twice as often selected at the same base rate: a relation of 0.5 (half a case is added to each count)."""
    found = measure("selection-against-base-rate", audited(), LOG)
    assert found.value == pytest.approx(0.5, abs=0.01)
    assert found.low < 0.5 < found.high < 1


def test_error_rates_are_computed_on_the_random_sample():
    """In the sample everybody was checked whatever the advice: 54 of 360 against 108 of 270 were wrongly advised yes."""
    found = measure("false-positive-rate-difference", audited(), LOG)
    assert found.rows == 630
    assert (of(found, "centre").value, of(found, "suburb").value) == pytest.approx((15, 40))
    assert "random sample (700 cases)" in found.notes[0][Language.EN]


# The Swedish insurance of parents (Lighthouse Reports 2024, suspicion_machines_sweden: 6,129 checks of 2017, by foreign
# background). The log holds who was checked, and nobody else; who was drawn at random has no score.
SWEDEN = counted("""
    group   | advice | outcome | selected | random sample | rows
    swedish | yes    | yes     | yes      | no            | 1314
    swedish | yes    | no      | yes      | no            | 1578
    foreign | yes    | yes     | yes      | no            | 1190
    foreign | yes    | no      | yes      | no            | 1000
    swedish | no     | yes     | no       | yes           | 222
    swedish | no     | no      | no       | yes           | 577
    foreign | no     | yes     | no       | yes           | 88
    foreign | no     | no      | no       | yes           | 160
""")
SWEDISH = {"protected": [{"column": "group", "reference": "swedish"}]}


def test_hit_rates_and_base_rates_as_published():
    """45 and 54 % of the selected, 28 and 35 % of the sample."""
    hits = measure("hit-rate-difference", audited(**SWEDISH), SWEDEN)
    assert (of(hits, "swedish").value, of(hits, "foreign").value) == pytest.approx((45.42, 54.33), abs=0.02)
    base = measure("base-rate-difference", audited(**SWEDISH), SWEDEN)
    assert (of(base, "swedish").value, of(base, "foreign").value) == pytest.approx((27.785, 35.484), abs=0.001)


@pytest.mark.parametrize("check", ["false-positive-rate-difference", "false-negative-rate-difference",
                                   "positive-predictive-value-difference"])  # fmt: skip
def test_a_sample_on_which_no_advice_was_given_makes_nobody_equal(check):
    """Nobody in it was picked by the system, so each group would be wrongly picked in 0 % of the cases."""
    found = measure(check, audited(**SWEDISH), SWEDEN)
    assert (
        isinstance(found, NotMeasurable) and "In the random sample the advice is the same" in found.reason[Language.EN]
    )
    assert "advise on the cases of the sample" in found.do[Language.EN]


def test_a_log_of_nothing_but_checked_cases_has_no_selection_rates():
    found = measure("selection-rate-ratio", audited(**SWEDISH), SWEDEN)
    assert isinstance(found, NotMeasurable) and "who was not selected is not there" in found.reason[Language.EN]


def test_a_sample_without_advice_does_not_thin_out_the_selection_rates():
    """200 of 1,000 and 400 of 1,000 got the advice yes; the cases that were drawn besides were never advised on."""
    table = counted("""
        group  | advice | outcome | selected | random sample | rows
        centre | yes    | yes     | yes      | no            | 200
        centre | no     | -       | no       | no            | 800
        centre | no     | no      | no       | yes           | 900
        suburb | yes    | yes     | yes      | no            | 400
        suburb | no     | -       | no       | no            | 600
        suburb | no     | no      | no       | yes           | 100
    """)
    found = measure("selection-rate-difference", audited(), table)
    assert (of(found, "centre").value, of(found, "suburb").value) == pytest.approx((80, 60))
    assert "Those 1000 cases are left out" in found.notes[0][Language.EN]


def test_a_log_of_nothing_but_checked_cases_is_held_against_its_sample():
    """2,892 and 2,190 selected where the sample found 222 and 88: 1.9 times more than the base rate explains, and not less."""
    found = measure("selection-against-base-rate", audited(**SWEDISH), SWEDEN)
    assert found.value == pytest.approx((2892.5 / 222.5) / (2190.5 / 88.5))
    assert of(found, "foreign").value > of(found, "swedish").value
    assert found.high < 1
    assert any("only cases that were checked" in n[Language.EN] for n in found.notes)


@pytest.mark.parametrize(
    "check", ["false-positive-rate-difference", "false-negative-rate-difference", "base-rate-difference",
              "selection-against-base-rate", "positive-predictive-value-difference"]
)  # fmt: skip
def test_without_a_random_sample_error_rates_cannot_be_known(check):
    table = counted("""
        group  | advice | outcome | selected | rows
        centre | yes    | yes     | yes      | 60
        centre | yes    | no      | yes      | 140
        centre | no     | -       | no       | 800
        suburb | yes    | yes     | yes      | 60
        suburb | yes    | no      | yes      | 340
        suburb | no     | -       | no       | 600
    """)
    found = measure(check, audited(random_sample=None), table)
    assert isinstance(found, NotMeasurable)
    assert "error rates cannot be known" in found.reason[Language.EN]
    assert "Hoe vaak het advies fout is, valt niet te weten" in found.reason[Language.NL]
    assert "random_sample" in found.do[Language.EN]


def test_hit_rates_are_known_without_a_random_sample():
    table = counted("""
        group  | advice | outcome | selected | rows
        centre | yes    | yes     | yes      | 60
        centre | yes    | no      | yes      | 140
        suburb | yes    | yes     | yes      | 60
        suburb | yes    | no      | yes      | 340
    """)
    assert measure("hit-rate-difference", audited(random_sample=None), table).value == pytest.approx(15)


def test_a_log_with_all_outcomes_has_no_selective_labels():
    everyone = log_card(outcome={"column": "outcome", "positive": "yes"})
    for id_ in ("hit-rate-difference", "base-rate-difference", "selection-against-base-rate"):
        check = checks.checks()[id_]
        assert not list(check.plan(everyone))
        assert "known for all cases" in check.not_applicable(everyone)[Language.EN]
    assert Verdict.NOT_APPLICABLE is not Verdict.MET
