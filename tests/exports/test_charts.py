"""Interval plots: where dots, intervals and limits lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import GAP, MISSING, RATIO, many_groups

from vangrail.exports.charts import MOST_ROWS, Place, plot_of_figure, plot_of_groups
from vangrail.model.framework import Limit
from vangrail.model.outcome import Group, Measured
from vangrail.model.vocabulary import Language, Unit

NL = Language.NL
TEN = Limit(at_most=10)


def test_a_limit_on_a_difference_holds_on_both_sides_of_the_reference():
    plot = plot_of_groups(GAP, GAP.groups, TEN, NL)
    left, right = plot.zones
    assert left.limit - 0 == left.width and right.limit + right.width == pytest.approx(100)
    assert left.limit < plot.reference < right.limit
    assert plot.reference - left.limit == pytest.approx(right.limit - plot.reference, abs=0.02)


def test_each_group_says_where_it_lies_by_its_shape():
    """Beyond: all of −24.9 to −17.9 is past 10. Within: −6.6 to 1.6. The group without a figure is not drawn."""
    plot = plot_of_groups(GAP, GAP.groups, TEN, NL)
    assert [(d.label, d.place, d.shown) for d in plot.dots] == [
        ("België", Place.REFERENCE, "0,0"),
        ("buiten EU", Place.BEYOND, "−21,4"),
        ("EU zonder België", Place.WITHIN, "−2,5"),
    ]
    assert plot_of_groups(GAP, GAP.groups, Limit(at_most=20), NL).dots[1].place is Place.STRADDLES


def test_a_ratio_is_held_against_one():
    plot = plot_of_groups(RATIO, RATIO.groups, Limit(at_least=0.8), NL)
    assert [d.place for d in plot.dots] == [Place.REFERENCE, Place.BEYOND]
    assert len(plot.zones) == 1 and plot.zones[0].start == 0
    assert plot.dots[1].at < plot.zones[0].limit < plot.reference


def test_without_comparison_the_groups_show_their_own_figure():
    groups = (Group(attributes={"a": "x"}, rows=50, value=40.0, low=30.0, high=50.0),)
    outcome = Measured(value=40, unit=Unit.PERCENT, rows=50, groups=groups)
    plot = plot_of_groups(outcome, groups, None, NL)
    assert (plot.dots[0].place, plot.reference, plot.zones) == (Place.PLAIN, None, ())


def test_own_figures_close_together_are_not_pressed_into_a_corner():
    """98 and 99 without a limit: the axis need not start at 0, for a dot is no bar."""
    groups = tuple(Group(attributes={"a": str(v)}, rows=50, value=v, low=v - 0.5, high=v + 0.5) for v in (98.0, 99.0))
    plot = plot_of_groups(Measured(value=98.5, unit=Unit.PERCENT, rows=100, groups=groups), groups, None, NL)
    assert plot.dots[1].at - plot.dots[0].at > 20


def test_at_most_twelve_rows_are_drawn():
    outcome = many_groups(40)
    assert len(plot_of_groups(outcome, outcome.groups, TEN, NL).dots) == MOST_ROWS


def test_there_is_no_plot_without_figures():
    groups = (Group(attributes={"a": "x"}, rows=None),)
    assert plot_of_groups(Measured(value=1, unit=Unit.PERCENT, rows=3), groups, TEN, NL) is None
    assert plot_of_figure(MISSING, None, NL) is None


def test_a_long_name_is_cut_in_the_plot_only():
    groups = (Group(attributes={"a": "A" * 10_000}, rows=50, value=1.0),)
    plot = plot_of_groups(Measured(value=1, unit=Unit.PERCENT, rows=50, groups=groups), groups, None, NL)
    assert len(plot.dots[0].label) == 34 and plot.dots[0].label.endswith("…")


@given(st.floats(-1e6, 1e6), st.floats(0, 1e5), st.one_of(st.none(), st.floats(0, 1e6)), st.sampled_from(list(Unit)))
def test_everything_lies_inside_the_plot_whatever_the_figure(value, half, bound, unit):
    value = value if unit in {Unit.COEFFICIENT, Unit.PERCENTAGE_POINTS} else min(abs(value), 100.0)
    outcome = Measured(value=value, low=value - half, high=value + half, unit=unit, rows=100)
    if unit is Unit.PERCENT:
        outcome = Measured(value=value, low=max(0, value - half), high=min(100, value + half), unit=unit, rows=100)
        bound = None if bound is None else min(bound, 100.0)
    elif unit not in {Unit.COEFFICIENT, Unit.PERCENTAGE_POINTS}:
        outcome = Measured(value=value, low=max(0.0, value - half), high=value + half, unit=unit, rows=100)
    plot = plot_of_figure(outcome, None if bound is None else Limit(at_most=bound), NL)
    places = (
        [x for d in plot.dots for x in (d.at, d.low, d.high)]
        + [t.at for t in plot.ticks]
        + [z.limit for z in plot.zones]
    )
    assert all(0 <= x <= 100 for x in places)
    assert all(d.low <= d.at <= d.high for d in plot.dots)
    assert 2 <= len(plot.ticks) <= 8


def test_of_months_the_newest_are_drawn_in_order_with_the_limit():
    """Fifteen months of drift: what happened last is what matters, and each month is held against the limit."""
    months = tuple(
        Group(attributes={"month": f"2026-{m:02}"}, rows=90, value=m / 50, low=m / 60, high=m / 40)
        for m in range(1, 16)
    )
    outcome = Measured(value=0.3, unit=Unit.COEFFICIENT, rows=900, groups=months, group_unit=Unit.COEFFICIENT)
    plot = plot_of_groups(outcome, months, Limit(at_most=0.25), NL)
    assert [d.label[-2:] for d in plot.dots] == [f"{m:02}" for m in range(4, 16)]
    assert plot.zones and plot.dots[0].place is Place.WITHIN and plot.dots[-1].place is not Place.WITHIN
