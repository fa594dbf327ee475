"""What a check asks of a table. Only totals are ever asked, so only totals travel.

A check names its needs; `tables` answers those of all checks together, in as few passes as the engine can; then the check
does arithmetic on the answers. So no check knows an engine, and an engine has to be right about these few kinds only.
SQL here is standard SQL over the logical columns of the data set: typed, with what is missing or unreadable as null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from vangrail.model.vocabulary import ColumnType, RecordKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column as it was found. `given` is false for a derived column; `origin` is the type in the source itself."""

    name: str
    type: ColumnType
    origin: str
    given: bool = True


@dataclass(frozen=True)
class Rows:
    """How many rows count. Answer: int."""


@dataclass(frozen=True)
class Missing:
    """How many rows have no value in this column: null, empty, or a text that stands for missing. Answer: int."""

    column: str


@dataclass(frozen=True)
class Unreadable:
    """How many rows hold something in this column that is not of its type (NaN and infinity included). Answer: int."""

    column: str


@dataclass(frozen=True)
class Where:
    """For how many rows this is true. Answer: int."""

    sql: str


@dataclass(frozen=True)
class Extreme:
    """The smallest or the largest value of a column. Answer: Value; None without values."""

    column: str
    which: Literal["min", "max"]


@dataclass(frozen=True)
class Repeats:
    """How many rows repeat the values that another row has in these columns. Null equals null. Answer: int."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """What a count is split by: a name, and the SQL that gives its value."""

    name: str
    sql: str


@dataclass(frozen=True)
class Over:
    """Something of the rows around a row in its series, such as whether it froze this week. It gets a name of its own.

    sql         a number of each of those rows; a row without it is passed over
    take        the smallest or the largest of those numbers (null without any), or how many there are
    series      what tells series apart; null is a series too
    at          the place of a row in its series, a whole number within ±10^15; a row without one is near no row
    first, last how far from the row's own place the nearby rows begin and end, both included; None is the very first
    """

    name: str
    sql: str
    take: Literal["min", "max", "count"]
    series: tuple[str, ...]
    at: str
    first: int | None
    last: int


@dataclass(frozen=True)
class At:
    """What stands at another place in the same series, such as the value one week earlier. It gets a name of its own.

    sql     a number of each row, over the columns of the table; null where rows of one place differ, or without any
    series  what tells series apart; null is a series too
    at      the place of a row in its series, a whole number within ±10^15
    place   the place to look at, for each row
    """

    name: str
    sql: str
    series: tuple[str, ...]
    at: str
    place: str


@dataclass(frozen=True)
class Counts:
    """How many rows there are for each combination of the keys, with sums where asked. Answer: CountTable.

    Where there are more combinations than `at_most`, the answer is None; without `at_most`, more than a small table
    holds are an error. Each `over` can be used by name, as a column, by those after it and by all the rest. It looks at
    all rows that count, also at those that `where` leaves out.
    """

    by: tuple[Key, ...]
    where: str | None = None
    sums: tuple[Key, ...] = ()
    at_most: int | None = None
    over: tuple[Over | At, ...] = ()


@dataclass(frozen=True)
class Classes:
    """How rows divide over classes: the rows with the same values in all of the columns. Null equals null.

    Answer: CountTable of how many classes there are of each kind. So its rows are classes, not rows of the table.

    'size'       how many rows such a class has
    'different'  only with a sensitive column: how many values of it there are in such a class, null being one
    sums         only with a sensitive column: the largest and the mean distance [0, 1] between the values in such a class and
                 those in the whole table; half the sum over the values of the difference between their shares
    """

    columns: tuple[str, ...]
    sensitive: str | None = None


@dataclass(frozen=True)
class Scan:
    """How many rows get each label that a function gives to the text of a column. Answer: CountTable with key 'label'.

    Rows without a text or a label are not in it. The function is called where the table is held, and only the counts stay.

    label   text -> its label, or nothing. A pure function; it may be called once per different text
    hint    a regular expression that is found in every text that has a label, in the words that all engines share
    where   for a column that is no text: standard SQL that is true for every value that has a label. A comparison of numbers
            spares writing each one as text
    forms   (label, regular expression) per label, for a server that keeps its rows to itself. Those labels come back with
            a '?' behind them: the form is there, what the function would have said is not known
    """

    column: str
    label: Callable[[str], str | None]
    hint: str
    forms: tuple[tuple[str, str], ...]
    where: str | None = None


@dataclass(frozen=True)
class Wording:
    """A public text of the card, by its name. It is no personal data and no row of a table. Answer: str."""

    what: str


@dataclass(frozen=True)
class Recorded:
    """The records of one kind, by the fields that are asked. Answer: CountTable with a key per field."""

    kind: RecordKind
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a file beside the card says, such as the result of a scan. Answer: CountTable.

    The function is called where the file is read, and only its totals stay.

    file    its path, as it stands on the card
    totals  the bytes of the file -> counts. Pure and comparable, as for `Sample`; VangrailError when they are not of the
            form that it reads
    """

    file: str
    totals: "Callable[[bytes], CountTable]"


Columns = Mapping[str, Sequence[Value]]
"""Some rows, as one list of values per column. They exist only beside the data, while they are counted."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a model said about rows, one element per row.

    answered    whether it gave an answer; where it did not, the other two mean nothing
    advice      whether it said yes
    score       how sure of yes it is, higher is surer; in [0, 1] where it is a chance
    """

    answered: "NDArray[np.bool_]"
    advice: "NDArray[np.bool_]"
    score: "NDArray[np.float64]"


Predict = Callable[[Columns], Predictions]


@dataclass(frozen=True)
class Sample:
    """What a function makes of rows drawn at random, the same rows each time. Answer: CountTable.

    The function is called where the table is held, and only its totals stay. The answer is None where the rows stay with
    a server that cannot call it.

    totals  rows -> counts and sums. A pure function with an equality of its own, such as a frozen dataclass with a
            `__call__`, so that the need can be recognised again
    """

    columns: tuple[str, ...]
    at_most: int
    totals: "Callable[[Columns], CountTable]"
    where: str | None = None


@dataclass(frozen=True)
class Probe:
    """What a model says about rows drawn at random, and about changed copies of them. Answer: CountTable.

    The function gets the rows and the model, and only its totals stay. Unlike all other needs this one takes rows to
    the place where the model is: that place is on the card.

    model   its name on the card
    totals  rows, model -> counts and sums; pure and comparable, as for `Sample`
    """

    model: str
    columns: tuple[str, ...]
    at_most: int
    totals: "Callable[[Columns, Predict], CountTable]"
    where: str | None = None


Say = Callable[[str], str]
"""A text goes in, and what a language model answers comes out."""


@dataclass(frozen=True)
class Dialogue:
    """What a language model answers to texts of ours, counted. Answer: CountTable. No data of the card are sent.

    model   its name on the card
    totals  model -> counts; pure but for what the model says, and comparable, as for `Sample`
    """

    model: str
    totals: "Callable[[Say], CountTable]"


Need = (
    Rows
    | Missing
    | Unreadable
    | Where
    | Extreme
    | Repeats
    | Counts
    | Classes
    | Scan
    | Wording
    | Recorded
    | Report
    | Sample
    | Probe
    | Dialogue
)


@dataclass(frozen=True)
class Cell:
    """One combination of key values, its number of rows, and its sums."""

    values: tuple[Value, ...]
    rows: int
    sums: tuple[float, ...] = ()


@dataclass(frozen=True)
class CountTable:
    """A small table of counts: the only thing that ever leaves the data."""

    keys: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(cell.rows for cell in self.cells)

    def by(self, *keys: str) -> "CountTable":
        """The same counts split by fewer keys, in the order given."""
        if keys == self.keys:
            return self
        places = [self.keys.index(k) for k in keys]
        totals: dict[tuple[Value, ...], tuple[int, tuple[float, ...]]] = {}
        for cell in self.cells:
            values = tuple(cell.values[p] for p in places)
            rows, sums = totals.get(values, (0, (0.0,) * len(cell.sums)))
            totals[values] = rows + cell.rows, tuple(a + b for a, b in zip(sums, cell.sums, strict=True))
        return CountTable(keys, tuple(Cell(v, n, s) for v, (n, s) in totals.items()))

    def of(self, **values: Value) -> int:
        """The number of rows with these key values."""
        places = {self.keys.index(k): v for k, v in values.items()}
        return sum(c.rows for c in self.cells if all(c.values[p] == v for p, v in places.items()))


NeedAnswer = int | Value | CountTable


@dataclass(frozen=True)
class Answers:
    """What the table answered, read by the kind of answer that was expected."""

    found: Mapping[Need, NeedAnswer]

    @property
    def rows(self) -> int:
        """How many rows count."""
        return self.count(Rows())

    def count(self, need: Need) -> int:
        """The answer to a need that is a number of rows."""
        answer = self.found[need]
        if not isinstance(answer, int):
            raise TypeError(f"{need} was not answered by a number of rows")
        return answer

    def value(self, need: Extreme) -> Value:
        """The answer to a need that is a value of a column."""
        answer = self.found[need]
        if isinstance(answer, CountTable):
            raise TypeError(f"{need} was answered by a table")
        return answer

    def wording(self, need: Wording) -> str:
        """The answer to a need that is a text."""
        answer = self.found[need]
        if not isinstance(answer, str):
            raise TypeError(f"{need} was not answered by a text")
        return answer

    def small_table(self, need: Counts | Sample) -> CountTable | None:
        """The answer to a need for which there may be no table of counts: too large, or rows that stay with a server."""
        return None if self.found[need] is None else self.table(need)

    def table(self, need: Counts | Classes | Scan | Recorded | Report | Sample | Probe | Dialogue) -> CountTable:
        """The answer to a need that is a table of counts."""
        answer = self.found[need]
        if not isinstance(answer, CountTable):
            raise TypeError(f"{need} was not answered by a table")
        return answer


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a table held when it was read.

    `content` does not depend on the order of the rows and changes when any cell changes. It finds change; it is no
    proof against a forger, for which `bytes_sha256` serves where the source is a file. `algorithm` names the function,
    so that a change of ours is never mistaken for a change of the data.
    """

    algorithm: str
    content: str
    rows: int
    bytes_sha256: str | None = None
