"""Numbers of small groups stay away, and so do the numbers from which they could be worked out.

Whoever reads a report knows every number that is shown, every total, and which groups there are. What follows from that by
adding and subtracting is linear algebra: a number that stays away is known when no solution lets it change.
"""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from counting import card, counted, log_card, measure
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from vangrail.checks import comparing
from vangrail.checks.suppression import guarded, kept_back, without
from vangrail.model.framework import both
from vangrail.model.outcome import SMALL_COUNT, Group, Measured, NotMeasurable
from vangrail.model.vocabulary import Unit

WORD = both(nl="klein", en="small")


def sizes(text):
    """Groups as `row | column | number`, one per line."""
    parts = [[p.strip() for p in line.split("|")] for line in text.strip().splitlines()]
    return {tuple(p[:-1]): int(p[-1]) for p in parts}


def totals(table, place):
    """The totals of one characteristic."""
    found = defaultdict(int)
    for cell, n in table.items():
        found[(cell[place],)] += n
    return dict(found)


class Reader:
    """Somebody who knows what is shown of tables, each with a name, and how their numbers add up."""

    def __init__(self):
        self.numbers = {}  # (table, cell) -> number
        self.hidden = []
        self.sums = []  # each: the numbers that add up to nought, with their sign

    def sees(self, name, table, kept, *, every=None):
        """A table of groups as it is shown. Where groups are not named, each combination of `every` may be there."""
        whole = {c: table.get(c, 0) for c in every} if kept.names else table
        self.numbers |= {(name, c): n for c, n in whole.items()}
        self.hidden += [(name, c) for c in whole if c in kept.numbers or c in kept.names or c not in table]

    def adds_up(self, *parts):
        """The signed numbers, as (sign, key), together are nought or a number that is known."""
        self.sums.append(parts)

    def equations(self):
        place = {key: i for i, key in enumerate(self.hidden)}
        left, right = np.zeros((len(self.sums), len(place))), np.zeros(len(self.sums))
        for row, parts in enumerate(self.sums):
            for sign, key in parts:
                if key in place:
                    left[row, place[key]] += sign
                right[row] += sign * self.numbers[key] if key in place else 0
        return left, right

    def works_out(self):
        """The small numbers that follow from the rest."""
        if not self.hidden:
            return []
        left, _ = self.equations()
        _, values, vectors = np.linalg.svd(left)
        free = vectors[int((values > 1e-9).sum()) :]
        moves = np.abs(free).max(axis=0) if len(free) else np.zeros(len(self.hidden))
        return [k for k, m in zip(self.hidden, moves, strict=True) if m < 1e-9 and 0 < self.numbers[k] < SMALL_COUNT]


def reader_of(tables, *, ties=()):
    """A reader of one or more tables of two characteristics, by name; `ties` are (name, parts): a table is the sum of others.

    What stays away of one of them stays away of all, as the comparisons do it.
    """
    reader = Reader()
    for place, axis in enumerate("AB"):
        alone = {name: totals(t, place) for name, t in tables.items()}
        kept = comparing.KeptBack()
        for one in alone.values():
            kept |= kept_back(one)
        for name, one in alone.items():
            reader.sees(f"{name}/{axis}", one, kept)
            reader.adds_up(*((1, (f"{name}/{axis}", c)) for c in one))
    kept = comparing.KeptBack()
    for table in tables.values():
        kept |= kept_back(table)
    for name, table in tables.items():
        every = list(product(*({c[p] for c in table} for p in (0, 1))))
        reader.sees(name, table, kept, every=every)
        held = [c for n, c in reader.numbers if n == name]
        for place, axis in enumerate("AB"):
            for (value,) in totals(table, place):
                line = [(1, (name, c)) for c in held if c[place] == value]
                reader.adds_up(*line, (-1, (f"{name}/{axis}", (value,))))
    for whole, parts in ties:
        for key in [k for k in reader.numbers if k[0].split("/")[0] == whole]:
            others = [(p + key[0].removeprefix(whole), key[1]) for p in parts]
            if all(o in reader.numbers for o in others):
                reader.adds_up((1, key), *((-1, o) for o in others))
    return reader


# --- by hand ----------------------------------------------------------------------------------------------------------
def test_the_only_small_group_takes_the_next_smallest_with_it():
    """500 + 480 + 3 = 983: with the total in sight, one number left out is no secret."""
    kept = kept_back(sizes("M | 500\nV | 480\nX | 3"))
    assert kept.numbers == {("X",), ("V",)} and not kept.names


def test_small_groups_that_hide_each_other_need_nobody_else():
    assert kept_back(sizes("M | 500\nV | 480\nX | 3\n- | 4")).numbers == {("X",), ("-",)}


def test_small_groups_that_are_small_together_take_one_with_them():
    """One person each in two groups: 'two people in one of both' is a small number too."""
    assert kept_back(sizes("a | 90\nb | 40\nc | 1\nd | 1")).numbers == {("b",), ("c",), ("d",)}


def test_without_small_groups_everything_is_shown():
    assert not kept_back(sizes("M | 500\nV | 480")).numbers
    assert not kept_back(sizes("M | a | 50\nM | b | 60\nV | a | 70\nV | b | 5")).numbers
    assert not kept_back({}).numbers


def test_in_a_table_the_cheapest_circle_stays_away():
    """The 3 follows from its row and from its column, so two more stay away, and the one where those meet."""
    table = sizes("""
        M | a | 200
        M | b | 40
        M | c | 90
        V | a | 300
        V | b | 50
        V | c | 3
    """)
    assert kept_back(table).numbers == {("V", "c"), ("V", "b"), ("M", "c"), ("M", "b")}


def test_a_circle_that_is_there_already_costs_nothing():
    table = sizes("M | a | 2\nM | b | 3\nM | c | 90\nV | a | 4\nV | b | 1\nV | c | 80")
    assert kept_back(table).numbers == {("M", "a"), ("M", "b"), ("V", "a"), ("V", "b")}


def test_where_a_total_is_all_of_one_group_the_small_ones_are_not_even_named():
    """Every student is under 25, so 'under 25, on benefit' is the total under 25 without the students: 3."""
    table = sizes("student | <25 | 200\nbenefit | <25 | 3\nbenefit | 25+ | 90\nwork | 25+ | 50")
    kept = kept_back(table)
    assert kept.names == {("benefit", "<25")} and kept.numbers == set(table)
    assert reader_of({"all": table}).works_out() == []


def test_three_characteristics_show_all_numbers_or_none():
    table = sizes("M | a | x | 200\nM | b | y | 4\nV | a | x | 100")
    assert kept_back(table).numbers == set(table)


# --- by algebra -------------------------------------------------------------------------------------------------------
def test_the_algebra_sees_what_subtraction_gives_away():
    """The reader of these tests is no straw man: with only the small number left out, it is worked out."""
    reader = Reader()
    reader.sees("t", sizes("M | 500\nV | 480\nX | 3"), comparing.KeptBack(numbers=frozenset({("X",)})))
    reader.adds_up(*((1, ("t", c)) for c in (("M",), ("V",), ("X",))))
    assert reader.works_out() == [("t", ("X",))]


NUMBERS = st.one_of(st.just(0), st.integers(1, 6), st.integers(5, 400))


@st.composite
def tables(draw, least=2):
    """A table of two characteristics in which some combinations do not occur; never all about a handful of people."""
    rows, columns = draw(st.integers(least, 6)), draw(st.integers(least, 5))
    table = {(f"a{i}", f"b{j}"): draw(NUMBERS) for i in range(rows) for j in range(columns)}
    return {("a0", "b0"): 60, ("a1", "b1"): 45} | {c: n for c, n in table.items() if n}


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_small_number_follows_from_what_is_shown(table):
    """Of a table, of each characteristic by itself, and of the total over all."""
    assert reader_of({"all": table}).works_out() == []


@settings(max_examples=100, deadline=None)
@given(tables(), tables())
def test_nor_from_the_numbers_with_a_yes_with_a_no_and_with_either(yes, no):
    """The error rates stand on the cases with one outcome, the selection rate on all: each shows its number."""
    both_ = {c: yes.get(c, 0) + no.get(c, 0) for c in yes.keys() | no.keys()}
    split = {"yes": {c: yes.get(c, 0) for c in both_}, "no": {c: no.get(c, 0) for c in both_}, "all": both_}
    assert reader_of(split, ties=[("all", ("yes", "no"))]).works_out() == []


def test_bounds_on_what_each_number_can_be_hardly_help():
    """A number without a figure is 0 to 29 and one with a figure 30 or more. Of 4,158 small numbers in 1,500 such tables none is
    then known; only tables that a search puts together give one away."""
    draw, small, known = np.random.default_rng(1), 0, 0
    for _ in range(150):
        rows, columns = draw.integers(2, 7, 2)
        there = draw.random((rows, columns)) < 0.8
        numbers = np.where(
            draw.random((rows, columns)) < 0.3, draw.integers(1, 7, (rows, columns)), 400 * draw.random((rows, columns))
        )
        table = {("a0", "b0"): 60, ("a1", "b1"): 45}
        table |= {
            (f"a{i}", f"b{j}"): int(numbers[i, j]) for i, j in product(range(rows), range(columns)) if there[i, j]
        }
        reader = reader_of({"all": {c: n for c, n in table.items() if n}})
        left, right = reader.equations()
        bounds = [(0, 29) if reader.numbers[k] < 30 else (30, None) for k in reader.hidden]
        for place, key in enumerate(reader.hidden):
            if 0 < reader.numbers[key] < SMALL_COUNT:
                aim = np.eye(len(reader.hidden))[place]
                low, high = (linprog(way * aim, A_eq=left, b_eq=right, bounds=bounds).x[place] for way in (1, -1))
                small, known = small + 1, known + (high - low < 0.5)
    assert small > 300 and known == 0


def test_a_large_table_is_not_worked_out_but_kept_back():
    table = {(i, j): 5 + (i * j) % 50 for i in range(50) for j in range(50)}
    assert kept_back(table | {(0, 0): 3}).numbers == set(table)


# --- in the checks ----------------------------------------------------------------------------------------------------
SMALL = counted("""
    group | advice | outcome | rows
    M     | yes    | yes     | 150
    M     | yes    | no      | 100
    M     | no     | yes     | 50
    M     | no     | no      | 200
    V     | yes    | yes     | 120
    V     | yes    | no      | 110
    V     | no     | yes     | 70
    V     | no     | no      | 180
    X     | yes    | yes     | 2
    X     | no     | no      | 1
""")
CARD = log_card(outcome={"column": "outcome", "positive": "yes"}, protected=[{"column": "group", "reference": "M"}])


def numbers(found):
    return {g.name: g.rows for g in found.groups}


def test_a_comparison_keeps_back_the_number_that_would_give_the_small_group_away():
    """V is measured all the same."""
    found = measure("selection-rate-difference", CARD, SMALL)
    assert numbers(found) == {"M": 500, "V": None, "X": None} and found.rows == 983
    assert next(g for g in found.groups if g.name == "V").value == pytest.approx(100 * 230 / 480)


def test_what_stays_away_of_one_rate_stays_away_of_its_complement():
    """X has 2 with outcome yes and 1 with no; the numbers of V with a yes, with a no, and in all would tell them."""
    for check in ("true-positive-rate-difference", "false-positive-rate-difference"):
        assert numbers(measure(check, CARD, SMALL)) == {"M": 200 if "true" in check else 300, "V": None, "X": None}


@pytest.mark.parametrize("check", ["selection-rate-difference", "selection-rate-ratio"])
def test_the_figure_of_a_measured_group_does_not_tell_the_number_that_stays_away(check):
    """230 of 480 and 232 of 484 give one and the same figure; 47.916666... % with its interval would be 480 and nothing else."""

    def found(yes, no):
        cells = f"M | yes | 250\nM | no | 250\nV | yes | {yes}\nV | no | {no}\nX | yes | 3"
        return measure(
            check,
            log_card(protected=[{"column": "group", "reference": "M"}]),
            counted("group | advice | rows\n" + cells),
        )

    one, other = found(230, 250), found(232, 252)
    assert one.groups == other.groups and (one.value, one.low, one.high) == (other.value, other.low, other.high)
    assert (one.rows, other.rows) == (983, 987)


def test_groups_that_are_not_named_stand_as_one_that_cannot_be_measured():
    outcome = NotMeasurable(reason=WORD, groups=(Group(attributes={"a": "x", "b": "y"}, rows=3),))
    (group,) = without(outcome, comparing.KeptBack(names=frozenset({("x", "y")}))).groups
    assert (group.rows, group.name) == (None, "… × …") and group.not_measurable is not None


def test_what_an_own_check_shows_is_guarded_too():
    groups = tuple(Group(attributes={"g": name}, rows=n) for name, n in (("a", 50), ("b", 20), ("c", 2)))
    found = guarded(Measured(value=1, unit=Unit.PERCENT, rows=72, groups=groups))
    assert [g.rows for g in found.groups] == [50, None, None]


@pytest.mark.parametrize("small", [1, 2, 3, 4])
def test_the_share_of_a_small_group_does_not_tell_its_number(small):
    """Composition of a data set: 100 × 3 / 983 would be three people."""
    shares = {"shares": {"M": 0.5, "V": 0.49, "X": 0.01}, "source": "Statbel"}
    on_card = card(datasets={"log": {"source": "log.csv", "columns": {"sex": {}}, "reference": {"sex": shares}}})
    found = measure("representativeness", on_card, counted(f"sex | rows\nM | 500\nV | 480\nX | {small}"))
    m, v, x = found.groups
    assert (m.rows, v.rows, x.rows) == (500, None, None)
    assert x.value == pytest.approx(200 / (980 + small)) and x.low <= 100 * small / (980 + small) <= x.high
    assert v.value == pytest.approx(100 * 485 / (980 + small)) and v.low <= 100 * 480 / (980 + small) <= v.high
