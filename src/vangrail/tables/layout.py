"""How the columns of a source become the logical columns of a table: what is missing becomes null, then typed, then derived.

Inside an engine a column goes by its number (r3 as it stands in the source, p3 without what stands for missing, c3
typed), so a name with quotes, 1000 characters or only another capital can do no harm.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import expressions, sql
from vangrail.tables.expressions import BOOLEAN, INTEGER, MOMENTS, NUMBER, NUMERIC, TEXT, Sql, Writer
from vangrail.tables.source import Source

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
class Layout:
    """The logical table: its fields, the SQL of each in terms of `relation`, and of what was there before typing."""

    fields: tuple[Field, ...]
    columns: Mapping[str, Sql]
    present: Mapping[str, str]
    relation: str

    def read_as(self, name: str) -> bool:
        """Whether a value of this column may be unreadable."""
        return self.present[name] != self.columns[name].text


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
    what = f"Data set '{source.name}'"
    fields, columns, present, inner, outer = [], {}, {}, [], []
    plain = writer({}, where=what)
    for number, column in enumerate(given):
        declared = dataset.columns.get(column.name, card.Column())
        if declared.expression is not None:
            raise VangrailError(
                f"{what}: column '{column.name}' has an 'expression', but {source.shown} holds a column of that name.",
                do="Give the derived column another name.",
            )
        kind = declared.type or column.found
        there = _without_missing(writer, column, kind, declared, where=f"{what}, column '{column.name}'")
        inner.append(f"{there} AS p{number}")
        before = Sql(text=f"p{number}", type=column.native)
        value = typed(plain, before, kind, declared.format, decimal=decimal, where=f"{what}, column '{column.name}'")
        if value == before.text:
            columns[column.name], present[column.name] = replace(before, type=kind), before.text
            outer.append(before.text)
        else:
            outer += [before.text, f"{value} AS c{number}"]
            columns[column.name], present[column.name] = Sql(text=f"c{number}", type=kind), before.text
        fields.append(Field(name=column.name, type=kind, origin=column.origin))
    relation = f"(SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {rows}) AS p)"
    derived = _derived(writer, columns, dataset, what, {c.name for c in given})
    for name, expression in derived.items():
        columns[name], present[name] = expression, expression.text
        assert expression.type is not None  # noqa: S101  a bare null was given the declared type
        fields.append(Field(name=name, type=expression.type, origin="derived", given=False))
    if dataset.where is not None:
        condition = writer(columns, where=f"{what}, 'where'").write(f"({dataset.where})")
        if condition.type not in (BOOLEAN, None):
            raise VangrailError(f"{what}: 'where' gives {condition.type} where true or false is needed.")
        relation = f"(SELECT * FROM {relation} AS w WHERE {condition.text})"
    return Layout(fields=tuple(fields), columns=columns, present=present, relation=relation)


def _without_missing(
    writer: type[Writer], column: Given, kind: ColumnType, declared: card.Column, *, where: str
) -> str:
    """The raw value, or null where it stands for missing."""
    raw = Sql(text=column.raw, type=column.native)
    tests = []
    words = writer({column.name: raw}, where=where)
    if column.native is TEXT:
        tests.append(words.blank(raw.text))
        texts = {str(v).strip(BLANKS) for v in declared.missing} | {
            str(v).lower() for v in declared.missing if isinstance(v, bool)
        }
        texts |= {f"{v:g}" for v in declared.missing if isinstance(v, float)}
        if texts := {t for t in texts if t}:
            tests.append(f"{words.trimmed(raw.text)} IN ({', '.join(words.text_literal(t) for t in sorted(texts))})")
    elif declared.missing:
        field = Field(name=column.name, type=column.native, origin=column.origin)
        tests.append(words.write(sql.is_in(field, declared.missing)).text)
    return f"CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {raw.text} END" if tests else raw.text


def typed(  # noqa: PLR0912  one case per pair of types
    writer: Writer, before: Sql, kind: ColumnType, formats: tuple[str, ...], *, decimal: str, where: str
) -> str:
    """The value as the declared or found type; null where it cannot be read."""
    if formats and kind not in MOMENTS:
        raise VangrailError(f"{where}: 'format' is for dates.", do="Declare 'type: date' or 'type: datetime'.")
    if formats and before.type is INTEGER:  # 20260131
        before = Sql(text=writer.as_text(before.text), type=TEXT)
    match before.type, kind:
        case ColumnType.TEXT, ColumnType.TEXT:
            return before.text
        case ColumnType.TEXT, _ if formats:
            return writer.read_formats(before.text, tuple(pieces(f, where=where) for f in formats), kind)
        case ColumnType.TEXT, (ColumnType.NUMBER | ColumnType.INTEGER) if decimal == ",":
            return writer.read_comma(before.text, kind)
        case ColumnType.NUMBER, ColumnType.NUMBER:
            return writer.finite(before.text)
        case ColumnType.NUMBER, ColumnType.INTEGER:
            return writer.if_whole(before.text)
        case ((ColumnType.NUMBER | ColumnType.DATETIME), ColumnType.TEXT):
            return writer.as_text(before.text)
        case (ColumnType.DATE | ColumnType.DATETIME) as a, b if a is b:
            return writer.within_calendar(before.text, b)
        case a, b if a is b:
            return before.text
        case ((ColumnType.DATE | ColumnType.DATETIME), (ColumnType.DATE | ColumnType.DATETIME)):
            return writer.cast(replace(before, text=writer.within_calendar(before.text, before.type)), kind).text
        case a, b if (
            (a in NUMERIC and b in MOMENTS) or (a in MOMENTS and b in (*NUMERIC, BOOLEAN)) or {a, b} == {BOOLEAN, b}
        ):
            return _cast_or_null(writer, before, kind)
        case _:
            return _cast_or_null(writer, before, kind)


def _cast_or_null(writer: Writer, before: Sql, kind: ColumnType) -> str:
    """A value of one type read as another; where that has no meaning every value is unreadable."""
    try:
        return writer.cast(before, kind).text
    except VangrailError:
        return writer.typed_null(kind)


def pieces(form: str, *, where: str) -> tuple[str, ...]:
    """A date format cut into its parts: '%d/%m/%Y' becomes ('%d', '/', '%m', '/', '%Y'). VangrailError when not understood."""
    found, rest = [], form
    while rest:
        if rest.startswith("%%"):
            found.append("%")
            rest = rest[2:]
        elif rest.startswith("%"):
            if len(rest) < 2 or rest[1] not in DIRECTIVES:
                raise VangrailError(
                    f"{where}: the format '{form}' holds '{rest[:2]}', which is not known.",
                    do="Use %d (day), %m (month), %Y or %y (year), %H, %M, %S and %f, for example '%d/%m/%Y'.",
                )
            found.append(rest[:2])
            rest = rest[2:]
        else:
            found.append(rest[0])
            rest = rest[1:]
    used = [p for p in found if p.startswith("%") and len(p) == 2]
    if len(set(used)) != len(used) or {"%Y", "%y"} <= set(used) or not (used and {"%Y", "%y"} & set(used)):
        raise VangrailError(
            f"{where}: the format '{form}' must hold a year and each part once.", do="Write for example '%d/%m/%Y'."
        )
    return tuple(found)


def _derived(
    writer: type[Writer], given: Mapping[str, Sql], dataset: card.Dataset, what: str, names: set[str]
) -> dict[str, Sql]:
    """Each derived column as SQL over the given ones; a derived column may use another one, never itself."""
    todo = {n: c for n, c in dataset.columns.items() if c.expression is not None}
    everything = [*given, *todo]
    uses: dict[str, set[str]] = {}
    for name, column in todo.items():
        where = f"{what}, column '{name}'"
        assert column.expression is not None  # noqa: S101  by the selection above
        tree = expressions.resolve(expressions.parse(column.expression, where=where), everything, where=where)
        uses[name] = {c.name for c in tree.find_all(exp.Column)} & set(todo)
    known, done = dict(given), dict[str, Sql]()
    while len(done) < len(todo):
        ready = [n for n in todo if n not in done and uses[n] <= set(done)]
        if not ready:
            circle = ", ".join(f"'{n}'" for n in todo if n not in done)
            raise VangrailError(f"{what}: the derived columns {circle} refer to each other in a circle.")
        for name in ready:
            column, where = todo[name], f"{what}, column '{name}'"
            assert column.expression is not None  # noqa: S101
            words = writer(known, where=where)
            found = words.write(column.expression)
            if column.type is not None and column.type is not found.type:
                found = words.cast(found, column.type)
            elif found.type is None:
                raise VangrailError(f"{where}: the expression is always null.", do="Declare its type, or leave it out.")
            known[name] = done[name] = replace(found, text=f"({found.text})")
    return {n: done[n] for n in todo}


__all__ = ["BLANKS", "NUMBER", "Given", "Layout", "build", "pieces", "typed"]
