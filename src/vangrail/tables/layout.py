"""How the columns of a source become the logical columns of a table: what is missing becomes null, then typed, then derived.

Inside an engine a column goes by its number (r3 as it stands in the source, p3 without what stands for missing, c3
typed), so a name with quotes, 1000 characters or only another capital can do no harm.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import expressions, sql
from vangrail.tables.expressions import BOOLEAN, INTEGER, MOMENTS, TEXT, Form, Sql, Writer
from vangrail.tables.source import Source
from vangrail.tables.wording import data_set, said

BLANKS = " \t\r\n"
DIRECTIVES = "dmYyHMSf"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A column of the source: its name, the type there, and the type that it was found to be."""

    name: str
    origin: str
    native: ColumnType
    found: ColumnType
    raw: str
    """How the engine calls its value; text that holds everything where the type is none of ours."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How a given column comes about, each step in terms of the one before: p from the raw value, then t, then c."""

    number: int
    raw: str
    there: str
    middle: str | None = None
    value: str | None = None
    """None where what is there needs no reading."""

    @property
    def name(self) -> str:
        """What the logical value is called in the relation."""
        return f"c{self.number}" if self.value is not None else f"p{self.number}"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The logical table: its fields, the SQL of each in terms of `relation`, and of what was there before typing."""

    fields: tuple[Field, ...]
    columns: Mapping[str, Sql]
    present: Mapping[str, str]
    steps: Mapping[str, Steps]
    """Of the given columns."""
    rows: str
    """What the steps begin from."""
    where: str | None
    stored: str | None = None
    """What to select every p and c from, when the steps were taken once and for all."""
    also: tuple[str, ...] = ()
    """Raw columns that are there too; none where the steps were taken."""

    @property
    def relation(self) -> str:
        """The rows that count, with a p and a c for each given column."""
        inner = self.stored or relation(self.steps.values(), self.rows, also=self.also)
        return f"(SELECT * FROM {inner} AS w WHERE {self.where})" if self.where else inner


def per_value(found: Layout, name: str) -> tuple[tuple[str, ...], Callable[[str], str]] | None:
    """How to have one row per value of a given column, n of them; None where that is no gain.

    A file by columns keeps a list of the values of each column of text. Counting values first, and asking the questions
    of the few values afterwards, was measured ten times faster than asking them of every row.

    Answer: what to count rows by, and what makes of those counts (k0, k1, f0) a relation with the column and n
    """
    step = found.steps[name]
    if found.stored is not None or (found.also and step.value is None):
        names = tuple(dict.fromkeys((f"p{step.number}", step.name)))
        shown = ", ".join(f"k{i} AS {n}" for i, n in enumerate(names))
        return names, lambda counts: f"(SELECT {shown}, f0 AS n FROM {counts})"
    raw = f"r{step.number}"
    if step.raw != raw or raw not in found.also:
        return None
    return (raw,), lambda counts: relation([step], f"(SELECT k0 AS {raw}, f0 AS n FROM {counts}) AS g", also=("n",))


def relation(steps: Iterable[Steps], rows: str, *, also: tuple[str, ...] = ()) -> str:
    """A subquery that takes the steps, and passes on the columns `also` as they are."""
    steps = list(steps)
    first = [*(f"{s.there} AS p{s.number}" for s in steps), *also]
    second = [*(f"p{s.number}" for s in steps), *(f"{s.middle} AS t{s.number}" for s in steps if s.middle), *also]
    third = [*(f"p{s.number}" for s in steps), *(f"{s.value} AS c{s.number}" for s in steps if s.value), *also]
    text = f"(SELECT {', '.join(first)} FROM {rows})"
    if any(s.middle for s in steps):
        text = f"(SELECT {', '.join(second)} FROM {text} AS p)"
    if any(s.value for s in steps):
        text = f"(SELECT {', '.join(third)} FROM {text} AS t)"
    return text


def build(
    given: tuple[Given, ...],
    rows: str,
    writer: type[Writer],
    dataset: card.Dataset,
    source: Source,
    *,
    decimal: str = ".",
) -> Layout:
    """Lay the card's declarations over what was found. `rows` is what the engine reads from, with the raw columns."""
    what = data_set(source.name)
    fields: list[Field] = []
    columns: dict[str, Sql] = {}
    steps: dict[str, Steps] = {}
    plain = writer({}, where=what)
    for number, column in enumerate(given):
        declared = dataset.columns.get(column.name, card.Column())
        where = _column(what, column.name)
        if declared.expression is not None:
            raise VangrailError(
                said(
                    where,
                    nl=f" heeft een 'expression', maar in {source.shown} staat een kolom met die naam.",
                    en=f" has an 'expression', but {source.shown} holds a column of that name.",
                ),
                do=both(nl="Geef de afgeleide kolom een andere naam.", en="Give the derived column another name."),
            )
        kind = declared.type or column.found
        there = _without_missing(writer, column, dataset.missing_in(column.name), where=where)
        form = Form(decimal=decimal, formats=tuple(pieces(f, where=where) for f in declared.format))
        before = Sql(text=f"p{number}", type=column.native)
        middle, value = typed(plain, before, f"t{number}", kind, form, where=where)
        steps[column.name] = Steps(number=number, raw=column.raw, there=there, middle=middle, value=value)
        columns[column.name] = Sql(text=steps[column.name].name, type=kind)
        fields.append(Field(name=column.name, type=kind, origin=column.origin))
    present = {name: f"p{step.number}" for name, step in steps.items()}
    derived = _derived(writer, columns, dataset, what, {c.name for c in given})
    for name, expression in derived.items():
        columns[name], present[name] = expression, expression.text
        assert expression.type is not None  # noqa: S101  a bare null was given the declared type
        fields.append(Field(name=name, type=expression.type, origin="derived", given=False))
    counted = None
    if dataset.where is not None:
        condition = writer(columns, where=said(what, nl=", 'where'", en=", 'where'")).write(f"({dataset.where})")
        if condition.type not in (BOOLEAN, None):
            raise VangrailError(
                said(
                    what,
                    nl=f": 'where' geeft {condition.type}, en hier is waar of onwaar nodig.",
                    en=f": 'where' gives {condition.type} where true or false is needed.",
                )
            )
        counted = condition.text
    return Layout(fields=tuple(fields), columns=columns, present=present, steps=steps, rows=rows, where=counted)


def _column(what: Text, name: str) -> Text:
    return said(what, nl=f", kolom '{name}'", en=f", column '{name}'")


def _without_missing(writer: type[Writer], column: Given, missing: Sequence[card.Scalar], *, where: Text) -> str:
    """The raw value, or null where it stands for missing."""
    raw = Sql(text=column.raw, type=column.native)
    tests = []
    words = writer({column.name: raw}, where=where)
    if column.native is TEXT:
        tests.append(words.blank(raw.text))
        texts = {str(v).strip(BLANKS) for v in missing} | {str(v).lower() for v in missing if isinstance(v, bool)}
        texts |= {f"{v:g}" for v in missing if isinstance(v, float)}
        texts |= {f"{v}.0" for v in missing if isinstance(v, int) and not isinstance(v, bool)}
        if texts := {t for t in texts if t}:
            tests.append(f"{words.trimmed(raw.text)} IN ({', '.join(words.text_literal(t) for t in sorted(texts))})")
    elif missing:
        field = Field(name=column.name, type=column.native, origin=column.origin)
        tests.append(words.write(sql.is_in(field, missing)).text)
    return f"CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {raw.text} END" if tests else raw.text


def typed(
    writer: Writer, before: Sql, middle: str, kind: ColumnType, form: Form, *, where: Text
) -> tuple[str | None, str | None]:
    """The two steps that make of a value the declared or found type; null where it cannot be read, no step where none is needed."""
    if form.formats and kind not in MOMENTS:
        raise VangrailError(
            said(where, nl=": 'format' is voor datums.", en=": 'format' is for dates."),
            do=both(nl="Zet er 'type: date' of 'type: datetime' bij.", en="Declare 'type: date' or 'type: datetime'."),
        )
    if form.formats and before.type is INTEGER:  # 20260131
        before = Sql(text=writer.as_text(before.text), type=TEXT)
    match before.type, kind:
        case ColumnType.TEXT, ColumnType.TEXT:
            return None, None
        case ColumnType.TEXT, _:
            return writer.middle(before.text, kind, form), writer.final(before.text, middle, kind, form)
        case ColumnType.NUMBER, ColumnType.NUMBER:
            return None, writer.finite(before.text)
        case ColumnType.NUMBER, ColumnType.INTEGER:
            return None, writer.if_whole(before.text)
        case ((ColumnType.NUMBER | ColumnType.DATETIME), ColumnType.TEXT):
            return None, writer.as_text(before.text)
        case ((ColumnType.DATE | ColumnType.DATETIME), (ColumnType.DATE | ColumnType.DATETIME)):
            valid = writer.within_calendar(before.text, before.type)
            return None, writer.cast(replace(before, text=valid), kind).text
        case a, b if a is b:
            return None, None
        case _:
            return None, _cast_or_null(writer, before, kind)


def _cast_or_null(writer: Writer, before: Sql, kind: ColumnType) -> str:
    """A value of one type read as another; where that has no meaning every value is unreadable."""
    try:
        return writer.cast(before, kind).text
    except VangrailError:
        return writer.typed_null(kind)


def pieces(form: str, *, where: Text) -> tuple[str, ...]:
    """A date format cut into its parts: '%d/%m/%Y' becomes ('%d', '/', '%m', '/', '%Y'). VangrailError when not understood."""
    found, rest = [], form
    while rest:
        if rest.startswith("%%"):
            found.append("%")
            rest = rest[2:]
        elif rest.startswith("%"):
            if len(rest) < 2 or rest[1] not in DIRECTIVES:
                raise VangrailError(
                    said(
                        where,
                        nl=f": in het formaat '{form}' staat '{rest[:2]}', en dat is niet bekend.",
                        en=f": the format '{form}' holds '{rest[:2]}', which is not known.",
                    ),
                    do=both(
                        nl="Gebruik %d (dag), %m (maand), %Y of %y (jaar), %H, %M, %S en %f, bijvoorbeeld '%d/%m/%Y'.",
                        en="Use %d (day), %m (month), %Y or %y (year), %H, %M, %S and %f, for example '%d/%m/%Y'.",
                    ),
                )
            found.append(rest[:2])
            rest = rest[2:]
        else:
            found.append(rest[0])
            rest = rest[1:]
    used = [p for p in found if p.startswith("%") and len(p) == 2]
    if len(set(used)) != len(used) or {"%Y", "%y"} <= set(used) or not (used and {"%Y", "%y"} & set(used)):
        raise VangrailError(
            said(
                where,
                nl=f": in het formaat '{form}' moet een jaar staan, en elk deel één keer.",
                en=f": the format '{form}' must hold a year and each part once.",
            ),
            do=both(nl="Schrijf bijvoorbeeld '%d/%m/%Y'.", en="Write for example '%d/%m/%Y'."),
        )
    return tuple(found)


def _derived(
    writer: type[Writer], given: Mapping[str, Sql], dataset: card.Dataset, what: Text, names: set[str]
) -> dict[str, Sql]:
    """Each derived column as SQL over the given ones; a derived column may use another one, never itself."""
    todo = {n: c for n, c in dataset.columns.items() if c.expression is not None}
    everything = [*given, *todo]
    uses: dict[str, set[str]] = {}
    for name, column in todo.items():
        where = _column(what, name)
        assert column.expression is not None  # noqa: S101  by the selection above
        tree = expressions.resolve(expressions.parse(column.expression, where=where), everything, where=where)
        uses[name] = {c.name for c in tree.find_all(exp.Column)} & set(todo)
    known, done = dict(given), dict[str, Sql]()
    while len(done) < len(todo):
        ready = [n for n in todo if n not in done and uses[n] <= set(done)]
        if not ready:
            circle = ", ".join(f"'{n}'" for n in todo if n not in done)
            raise VangrailError(
                said(
                    what,
                    nl=f": de afgeleide kolommen {circle} verwijzen in een kring naar elkaar.",
                    en=f": the derived columns {circle} refer to each other in a circle.",
                )
            )
        for name in ready:
            column, where = todo[name], _column(what, name)
            assert column.expression is not None  # noqa: S101
            words = writer(known, where=where)
            found = words.write(column.expression)
            if column.type is not None and column.type is not found.type:
                found = words.cast(found, column.type)
            elif found.type is None:
                raise VangrailError(
                    said(where, nl=": de uitdrukking is altijd leeg (null).", en=": the expression is always null."),
                    do=both(nl="Zet er het type bij, of laat ze weg.", en="Declare its type, or leave it out."),
                )
            known[name] = done[name] = replace(found, text=f"({found.text})")
    return {n: done[n] for n in todo}
