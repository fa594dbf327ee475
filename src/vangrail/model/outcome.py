"""What a check can say: a figure with its uncertainty, or the reason why there is none. There is no third way."""

from collections.abc import Mapping
from dataclasses import dataclass

from vangrail.model.framework import Text, both
from vangrail.model.needs import Value
from vangrail.model.vocabulary import Unit

ROWS = both(nl="rijen", en="rows")
"""What a figure is counted in, where its check does not say better."""
SMALL_COUNT = 5
"""A group of fewer people than this is never shown with its number (small-count suppression)."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group of a comparison. Fewer than `SMALL_COUNT` rows are shown as such, not with their number.

    `value` with `low` and `high` is the group's own figure at the stated confidence; `difference` is how it compares
    with the reference (in the outcome's unit) with an interval that accounts for all comparisons made at once. `called`
    is what people call it, where its values are words of ours and not of the data.
    """

    attributes: Mapping[str, str]
    called: Text | None = None
    rows: int | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    is_reference: bool = False
    not_measurable: Text | None = None

    @property
    def name(self) -> str:
        """Its values, joined: 'V × 65+'."""
        return " × ".join(self.attributes.values())


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One line that explains a figure without showing a row: a column, a rule, a class, with its count and share.

    Where the line is no count but a quantity, such as litres per year, that stands in `value`, with its own unit and, where
    it is an estimate, its range. `called` is what people call it, where its name is a word of ours and not of the data.
    """

    name: str
    called: Text | None = None
    rows: int = 0
    counted: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit | None = None
    note: Text | None = None

    @property
    def percent(self) -> float | None:
        """Share of the rows, in percent; none without rows."""
        return 100 * self.counted / self.rows if self.rows else None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure. `low` and `high` are empty where every row was counted and nothing was estimated.

    They hold a range that a method or a source states, and no confidence interval, where `confidence` is empty. `exact` is
    false for what was estimated or stated, so that a figure without an interval is not taken for one that was counted.
    `group_unit` is the unit of the groups' own `value`, where that differs from `unit`.
    """

    value: float
    unit: Unit
    rows: int
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    exact: bool = True
    groups: tuple[Group, ...] = ()
    group_unit: Unit | None = None
    details: tuple[Detail, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NotMeasurable:
    """No figure, and why. `groups` and `details` hold what can still be said."""

    reason: Text
    do: Text | None = None
    rows: int | None = None
    groups: tuple[Group, ...] = ()
    group_unit: Unit | None = None
    details: tuple[Detail, ...] = ()
    notes: tuple[Text, ...] = ()


Outcome = Measured | NotMeasurable


def shown(rows: int) -> int | None:
    """The number of rows of a group as it may be shown: nothing when it is so small that people could be known."""
    return rows if rows >= SMALL_COUNT else None


MISSING = "(missing)"
"""The name of the group of cases for which a characteristic was not recorded."""


def label(value: Value) -> str:
    """The name of a group: its value as a person would write it, the same from every engine."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
