"""Reads an expression in standard SQL, checks it, and writes it in the words of one engine.

Only what stands here is understood: no subquery, no unknown function, nothing that depends on the clock. Every value has
a type, so that a comparison of text with a number is refused with a message instead of failing, or quietly being false,
in one engine and not in the other. Choices where engines differ, the same everywhere here:

- dividing by zero, a root or logarithm of what has none, and a number that does not fit give null;
- dividing is never whole-number division; a date minus a date is a number of days;
- calculated numbers are compared within a relative 1e-9, since 0.1 + 0.2 is not exactly 0.3 in binary;
- CAST gives null where a value cannot be read;
- text compares by code point, and LIKE tells capitals from small letters.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import ColumnType
from vangrail.tables.wording import said

TEXT, INTEGER, NUMBER = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.NUMBER
BOOLEAN, DATE, DATETIME = ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.DATETIME
NUMERIC, MOMENTS = (INTEGER, NUMBER), (DATE, DATETIME)
BIGGEST = 2**63 - 1
TOLERANCE = "1e-9"
ALLOWED = (
    "IN, BETWEEN, LIKE, IS NULL, CASE, CAST, COALESCE, NULLIF, ABS, ROUND, FLOOR, CEIL, MOD, LN, SQRT, POWER, LENGTH, LOWER, "
    "UPPER, TRIM, REPLACE, SUBSTRING, CONCAT, EXTRACT, YEAR, MONTH, DAY"
)
PLAIN_PARTS = r". \d \w \s [a-z] | ( ) * + ? {2,4}"


@dataclass(frozen=True, kw_only=True)
class Sql:
    """A piece of SQL of one engine, and the type of its value; no type for a bare NULL."""

    text: str
    type: ColumnType | None
    calculated: bool = False
    """A number that comes out of arithmetic with fractions, so equal only within the tolerance."""
    columns: frozenset[str] = frozenset()
    """Of a whole expression: the names of the columns that it uses."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """How values are written in a column of text."""

    decimal: str = "."
    formats: tuple[tuple[str, ...], ...] = ()
    """Date formats, each cut into its parts; years first when there is none."""


def quoted(text: str) -> str:
    """As a text literal."""
    return "'" + text.replace("'", "''") + "'"


def parse(expression: str, *, where: Text | str) -> exp.Expression:
    """The syntax tree of one expression in standard SQL; VangrailError, naming `where`, when it is something else."""
    wrong = VangrailError(
        said(
            where,
            nl=f": dit is geen uitdrukking in standaard-SQL: {_short(expression)}",
            en=f": this is not an expression in standard SQL: {_short(expression)}",
        ),
        do=both(
            nl='Schrijf bijvoorbeeld: "start" <= "einde" AND "bedrag" >= 0.',
            en='Write for example: "start" <= "end" AND "amount" >= 0.',
        ),
    )
    try:  # as the one thing that is selected: on its own, a column called begin or show would start a statement
        found = sqlglot.parse(f"SELECT {expression}")
    except (SqlglotError, RecursionError):
        raise wrong from None
    if len(found) != 1:
        raise _not_one(expression, where=where)
    select = found[0]
    if not isinstance(select, exp.Select) or {k for k, v in select.args.items() if v} != {"expressions"}:
        raise wrong
    if len(select.expressions) != 1:
        raise _not_one(expression, where=where)
    return cast("exp.Expression", select.expressions[0])


def _not_one(expression: str, *, where: Text | str) -> VangrailError:
    text = _short(expression)
    return VangrailError(
        said(where, nl=f": geef precies één uitdrukking: {text}", en=f": give exactly one expression: {text}")
    )


def standard(tree: exp.Expression) -> str:
    """A checked tree as standard SQL."""
    return tree.sql(identify=True, comments=False)


def resolve(tree: exp.Expression, names: Iterable[str], *, where: Text | str) -> exp.Expression:
    """The tree with every column under its exact name, or VangrailError with the closest name that does exist."""
    known = list(names)
    folded: dict[str, list[str]] = {}
    for name in known:
        folded.setdefault(name.casefold(), []).append(name)
    exact = set(known)
    for column in list(tree.find_all(exp.Column)):
        if not isinstance(column.this, exp.Identifier) or any(column.args.get(a) for a in ("table", "db", "catalog")):
            raise VangrailError(
                said(
                    where,
                    nl=f": '{_short(column.sql())}' is geen naam van een kolom.",
                    en=f": '{_short(column.sql())}' is not a column name.",
                ),
                do=both(
                    nl='Zet een naam met een punt of een ander bijzonder teken tussen dubbele aanhalingstekens: "a.b".',
                    en='Put a name with a point or another special character between double quotes: "a.b".',
                ),
            )
        name = column.this.name
        if name not in exact:
            alike = folded.get(name.casefold(), [])
            if len(alike) != 1:
                raise unknown_column(name, known, where=where)
            name = alike[0]
        column.this.replace(exp.to_identifier(name, quoted=True))
    return tree


def columns_of(expression: str, names: Iterable[str], *, where: Text | str) -> set[str]:
    """The exact names of the columns that an expression uses."""
    return {c.name for c in resolve(parse(expression, where=where), names, where=where).find_all(exp.Column)}


def unknown_column(name: str, known: Iterable[str], *, where: Text | str) -> VangrailError:
    """What to say of a column that is not there."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    shown, more = ", ".join(f"'{n}'" for n in names[:12]), len(names) - 12
    listed = both(
        nl=f"De kolommen zijn: {shown or 'geen'}{f' en nog {more}' if more > 0 else ''}.",
        en=f"The columns are: {shown or 'none'}{f' and {more} more' if more > 0 else ''}.",
    )
    return VangrailError(
        said(where, nl=f": er is geen kolom '{name}'.", en=f": there is no column '{name}'."),
        do=both(nl=f"Bedoelde je '{close[0]}'?", en=f"Did you mean '{close[0]}'?") if close else listed,
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:117] + "..."


class Writer:
    """Writes a checked expression. This one writes DuckDB's words; other engines change what differs."""

    double = "DOUBLE"
    bigint = "BIGINT"
    parts: ClassVar[frozenset[str]] = frozenset({"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE"})

    def __init__(self, columns: Mapping[str, Sql], *, where: Text | str) -> None:
        self.columns, self.where = columns, where

    def write(self, expression: str) -> Sql:
        """The expression in this engine's words. VangrailError when it is not understood."""
        tree = resolve(parse(expression, where=self.where), self.columns, where=self.where)
        try:
            return replace(self.tree(tree), columns=frozenset(c.name for c in tree.find_all(exp.Column)))
        except RecursionError:
            raise self.too_deep() from None

    def too_deep(self) -> VangrailError:
        """What to say of an expression in which there is too much within something else."""
        return self.refuse(
            nl="deze uitdrukking is te diep genest",
            en="this expression is nested too deeply",
            do=both(nl="Verdeel ze over afgeleide kolommen.", en="Split it into derived columns."),
        )

    def refuse(self, *, nl: str, en: str, do: Text | str = "") -> VangrailError:
        """What to say when something is not understood."""
        return VangrailError(said(self.where, nl=f": {nl}.", en=f": {en}."), do=do)

    def _is_no(self, node: exp.Expression, kind: ColumnType | None, *, nl: str, en: str, do: Text) -> VangrailError:
        """What to say of a part that is of another type than is needed."""
        shown = _short(node.sql(comments=False))
        return self.refuse(
            nl=f"'{shown}' is {kind}, en hier is {nl} nodig", en=f"'{shown}' is {kind} where {en} is needed", do=do
        )

    def tree(self, node: exp.Expression) -> Sql:
        """One node of the syntax tree."""
        known = NODES.get(type(node))
        extra = {k for k, v in node.args.items() if v} - (known[1] if known else set()) - {"negate"}
        if known is None or extra:
            name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
            raise self.refuse(
                nl=f"'{_short(node.sql(comments=False))}' mag hier niet ({name})",
                en=f"'{_short(node.sql(comments=False))}' is not allowed here ({name})",
                do=both(
                    nl=f"Wel mag: kolommen, waarden, vergelijkingen, AND/OR/NOT, rekenen, {ALLOWED}, en een datum min een datum"
                    " (dagen). Niets dat van vandaag afhangt.",
                    en=f"Allowed: columns, values, comparisons, AND/OR/NOT, arithmetic, {ALLOWED}, and a date minus a date"
                    " (days). Nothing that depends on today.",
                ),
            )
        found = known[0](self, node)
        return Sql(text=f"(NOT {found.text})", type=BOOLEAN) if node.args.get("negate") else found  # NOT LIKE

    # --- what a value may be -----------------------------------------------------------------------------------------

    def number(self, node: exp.Expression) -> Sql:
        """A part that must be a number."""
        found = self.tree(node)
        if found.type not in (*NUMERIC, None):
            do = both(
                nl="Zet het type van de kolom op de kaart, of gebruik CAST(... AS DOUBLE).",
                en="Declare the column's type on the card, or use CAST(... AS DOUBLE).",
            )
            raise self._is_no(node, found.type, nl="een getal", en="a number", do=do)
        return found

    def text(self, node: exp.Expression) -> Sql:
        """A part that must be text."""
        found = self.tree(node)
        if found.type not in (TEXT, None):
            do = both(nl="Gebruik CAST(... AS TEXT).", en="Use CAST(... AS TEXT).")
            raise self._is_no(node, found.type, nl="tekst", en="text", do=do)
        return found

    def truth(self, node: exp.Expression) -> Sql:
        """A part that must be true or false."""
        found = self.tree(node)
        if found.type not in (BOOLEAN, None):
            do = both(
                nl="Schrijf een vergelijking, bijvoorbeeld: \"toegekend\" = 'ja'.",
                en="Write a comparison, for example: \"approved\" = 'yes'.",
            )
            raise self._is_no(node, found.type, nl="waar of onwaar", en="true or false", do=do)
        return found

    def moment(self, node: exp.Expression) -> Sql:
        """A part that must be a date or a time."""
        found = self.tree(node)
        if found.type not in (*MOMENTS, None):
            do = both(
                nl="Zet het type van de kolom (en 'format') op de kaart, of gebruik CAST(... AS DATE).",
                en="Declare the column's type (and 'format') on the card, or use CAST(... AS DATE).",
            )
            raise self._is_no(node, found.type, nl="een datum", en="a date", do=do)
        return found

    def together(self, nodes: list[exp.Expression]) -> tuple[list[Sql], ColumnType | None]:
        """Parts that must be of one kind: their SQL, each brought to the type that fits all."""
        found = [self.tree(n) for n in nodes]
        types = {f.type for f in found} - {None}
        if types & set(MOMENTS) and TEXT in types:  # a date written as text: '2026-01-31'
            for place, (node, part) in enumerate(zip(nodes, found, strict=True)):
                if part.type is TEXT:
                    found[place] = self.moment_of(node)
            types = {f.type for f in found} - {None}
        if types <= set(NUMERIC):
            wanted = NUMBER if NUMBER in types else INTEGER if types else None
        elif types <= set(MOMENTS):
            wanted = DATETIME if DATETIME in types else DATE
            found = [self.cast(f, DATETIME) if wanted is DATETIME and f.type is DATE else f for f in found]
        elif len(types) == 1:
            wanted = next(iter(types))
        else:
            shown, kinds = [f"'{_short(n.sql(comments=False))}'" for n in nodes[:2]], ", ".join(sorted(map(str, types)))
            raise self.refuse(
                nl=f"{' en '.join(shown)} zijn van een ander type ({kinds})",
                en=f"{' and '.join(shown)} are of different types ({kinds})",
                do=both(
                    nl="Zet het type van de kolom op de kaart, zet tekst tussen enkele aanhalingstekens, of gebruik CAST.",
                    en="Declare the column's type on the card, put text between single quotes, or use CAST.",
                ),
            )
        return found, wanted

    def moment_of(self, node: exp.Expression) -> Sql:
        """A text literal as a date or a time."""
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Literal) and node.is_string:
            for kind, read in ((DATE, date.fromisoformat), (DATETIME, datetime.fromisoformat)):
                try:
                    read(node.name)
                except ValueError:
                    continue
                return self.value(date.fromisoformat(node.name) if kind is DATE else datetime.fromisoformat(node.name))
        raise self.refuse(
            nl=f"'{_short(node.sql(comments=False))}' wordt met een datum vergeleken, maar is er geen",
            en=f"'{_short(node.sql(comments=False))}' is compared with a date but is not one",
            do=both(
                nl="Schrijf een datum als '2026-01-31' en een tijdstip als '2026-01-31 14:30:00'.",
                en="Write a date as '2026-01-31' and a time as '2026-01-31 14:30:00'.",
            ),
        )

    # --- values ------------------------------------------------------------------------------------------------------

    def value(self, value: str | float | bool | date | datetime | None) -> Sql:
        """A literal."""
        match value:
            case None:
                return Sql(text="NULL", type=None)
            case bool():
                return Sql(text="TRUE" if value else "FALSE", type=BOOLEAN)
            case int() if abs(value) <= BIGGEST:
                return Sql(text=str(value), type=INTEGER)
            case int() | float():
                shown = repr(float(value))
                return Sql(text=f"CAST({shown} AS {self.double})", type=NUMBER)
            case datetime():
                return Sql(text=self.datetime_literal(value), type=DATETIME)
            case date():
                return Sql(text=self.date_literal(value), type=DATE)
            case str():
                return Sql(text=self.text_literal(value), type=TEXT)

    def text_literal(self, value: str) -> str:
        """A text; a NUL cannot stand in a statement, and is in no value that an engine can hold beside it."""
        return quoted(value)

    def date_literal(self, value: date) -> str:
        """A date."""
        return f"DATE '{value.isoformat()}'"

    def datetime_literal(self, value: datetime) -> str:
        """A time, without zone."""
        return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}'"

    def _column(self, node: exp.Expression) -> Sql:
        return self.columns[node.name]

    def _literal(self, node: exp.Expression) -> Sql:
        if node.args.get("is_string"):
            return self.value(node.name)
        if node.name.isdigit():
            return self.value(int(node.name))
        number = float(node.name)
        if not math.isfinite(number):
            shown = _short(node.name)
            raise self.refuse(nl=f"het getal {shown} is te groot", en=f"the number {shown} is too large")
        return self.value(number)

    def _boolean(self, node: exp.Expression) -> Sql:
        return self.value(bool(node.this))

    def _null(self, node: exp.Expression) -> Sql:
        return self.value(None)

    def _paren(self, node: exp.Expression) -> Sql:
        inner = self.tree(node.this)
        return Sql(text=f"({inner.text})", type=inner.type, calculated=inner.calculated)

    # --- logic -------------------------------------------------------------------------------------------------------

    def _logic(self, node: exp.Expression) -> Sql:
        word, kind = ("AND", exp.And) if isinstance(node, exp.And) else ("OR", exp.Or)
        parts = []  # a long chain hangs to the left: walk it instead of descending into it
        while isinstance(node, kind):
            parts.append(node.args["expression"])
            node = node.this
        parts.append(node)
        return Sql(text="(" + f" {word} ".join(self.truth(p).text for p in reversed(parts)) + ")", type=BOOLEAN)

    def _not(self, node: exp.Expression) -> Sql:
        return Sql(text=f"(NOT {self.truth(node.this).text})", type=BOOLEAN)

    def _is(self, node: exp.Expression) -> Sql:
        right = node.args["expression"]
        if isinstance(right, exp.Null):
            return Sql(text=f"({self.tree(node.this).text} IS NULL)", type=BOOLEAN)
        if isinstance(right, exp.Boolean):
            return Sql(text=self.is_truth(self.truth(node.this).text, truth=bool(right.this)), type=BOOLEAN)
        raise self.refuse(
            nl=f"'{_short(node.sql(comments=False))}' mag hier niet",
            en=f"'{_short(node.sql(comments=False))}' is not allowed here",
            do=both(nl="Gebruik IS NULL, IS TRUE of IS FALSE.", en="Use IS NULL, IS TRUE or IS FALSE."),
        )

    def is_truth(self, text: str, *, truth: bool) -> str:
        """Whether a condition is true (or false) and not null."""
        return f"({text} IS {'TRUE' if truth else 'FALSE'})"

    def _compare(self, node: exp.Expression) -> Sql:
        found, kind = self.together([node.this, node.args["expression"]])
        return self.compare(found[0], SIGNS[type(node)], found[1], kind)

    def compare(self, left: Sql, sign: str, right: Sql, kind: ColumnType | None) -> Sql:
        """Two values of one kind beside each other."""
        if left.calculated or right.calculated:
            gap, room = f"({left.text} - {right.text})", f"({TOLERANCE} * (abs({left.text}) + abs({right.text})))"
            test = {
                "=": f"(abs{gap} <= {room})",
                "<>": f"(abs{gap} > {room})",
                "<": f"({gap} < -{room})",
                "<=": f"({gap} <= {room})",
                ">": f"({gap} > {room})",
                ">=": f"({gap} >= -{room})",
            }[sign]
            return Sql(text=test, type=BOOLEAN)
        a, b = left.text, right.text
        if kind is TEXT and sign not in ("=", "<>"):
            a, b = self.ordered(a), self.ordered(b)
        return Sql(text=f"({a} {sign} {b})", type=BOOLEAN)

    def ordered(self, text: str) -> str:
        """A text that is going to be put in order: by code point."""
        return text

    def _distinct(self, node: exp.Expression) -> Sql:
        found, _ = self.together([node.this, node.args["expression"]])
        return Sql(
            text=self.distinct(found[0].text, found[1].text, same=isinstance(node, exp.NullSafeEQ)), type=BOOLEAN
        )

    def distinct(self, a: str, b: str, *, same: bool) -> str:
        """Whether two values are the same, null being equal to null."""
        return f"({a} IS {'NOT ' if same else ''}DISTINCT FROM {b})"

    def _between(self, node: exp.Expression) -> Sql:
        found, kind = self.together([node.this, node.args["low"], node.args["high"]])
        low, high = self.compare(found[0], ">=", found[1], kind), self.compare(found[0], "<=", found[2], kind)
        return Sql(text=f"({low.text} AND {high.text})", type=BOOLEAN)

    def _in(self, node: exp.Expression) -> Sql:
        found, kind = self.together([node.this, *node.expressions])
        if any(f.calculated for f in found):
            tests = [self.compare(found[0], "=", f, kind).text for f in found[1:]]
            return Sql(text="(" + " OR ".join(tests) + ")", type=BOOLEAN)
        return Sql(text=self.one_of(found[0].text, [f.text for f in found[1:]], kind), type=BOOLEAN)

    def one_of(self, text: str, values: list[str], kind: ColumnType | None) -> str:
        """Whether a value is among these."""
        return f"({text} IN ({', '.join(values)}))"

    def _like(self, node: exp.Expression) -> Sql:
        return Sql(text=self.like(self.text(node.this).text, self.text(node.args["expression"]).text), type=BOOLEAN)

    def like(self, text: str, pattern: str) -> str:
        """LIKE without an escape character."""
        return f"({text} LIKE {pattern})"

    def _regular(self, node: exp.Expression) -> Sql:
        pattern = node.args["expression"]
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise self.refuse(nl="een patroon moet er als tekst staan", en="a pattern must stand there as text")
        regular_expression(pattern.name, where=self.where)
        return Sql(text=self.matches(self.text(node.this).text, pattern.name), type=BOOLEAN)

    def matches(self, text: str, pattern: str) -> str:
        """Whether a text matches a regular expression as a whole."""
        return f"regexp_full_match({text}, {quoted(pattern)}, 's')"

    # --- choice ------------------------------------------------------------------------------------------------------

    def _case(self, node: exp.Expression) -> Sql:
        subject, branches, otherwise = node.args.get("this"), node.args["ifs"], node.args.get("default")
        conditions = [exp.EQ(this=subject.copy(), expression=b.this.copy()) if subject else b.this for b in branches]
        values, kind = self.together([b.args["true"] for b in branches] + ([otherwise] if otherwise else []))
        tests = [self.truth(c).text for c in conditions]
        text = "".join(f" WHEN {t} THEN {v.text}" for t, v in zip(tests, values, strict=False))
        text += f" ELSE {values[-1].text}" if otherwise else ""
        return Sql(text=f"(CASE{text} END)", type=kind, calculated=any(v.calculated for v in values))

    def _coalesce(self, node: exp.Expression) -> Sql:
        found, kind = self.together([node.this, *node.expressions])
        text = f"coalesce({', '.join(f.text for f in found)})"
        return Sql(text=text, type=kind, calculated=any(f.calculated for f in found))

    def _nullif(self, node: exp.Expression) -> Sql:
        found, kind = self.together([node.this, node.args["expression"]])
        same = self.compare(found[0], "=", found[1], kind).text
        text = f"(CASE WHEN {same} THEN NULL ELSE {found[0].text} END)"
        return Sql(text=text, type=found[0].type, calculated=found[0].calculated)

    # --- arithmetic --------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: exp.Expression) -> Sql:
        if isinstance(node, exp.Sub):
            left, right = self.tree(node.this), self.tree(node.args["expression"])
            if left.type in MOMENTS or right.type in MOMENTS:
                return self._days(node)
        a, b = self.number(node.this), self.number(node.args["expression"])
        sign = "+" if isinstance(node, exp.Add) else "-" if isinstance(node, exp.Sub) else "*"
        if NUMBER not in (a.type, b.type):
            return Sql(text=self.whole(a.text, sign, b.text), type=INTEGER)
        return Sql(text=self.finite(f"({self.real(a)} {sign} {self.real(b)})"), type=NUMBER, calculated=True)

    def real(self, number: Sql) -> str:
        """As a number with fractions."""
        return f"CAST({number.text} AS {self.double})" if number.type is not NUMBER else number.text

    def whole(self, a: str, sign: str, b: str) -> str:
        """Whole-number arithmetic; null when the result does not fit."""
        return f"TRY_CAST(CAST({a} AS HUGEINT) {sign} {b} AS BIGINT)"

    def finite(self, text: str) -> str:
        """Null instead of infinity or NaN."""
        # Never by a comparison: the statistics in a Parquet file leave NaN out, and DuckDB trusts them for comparisons.
        return f"(CASE WHEN isfinite({text}) THEN {text} END)"

    def _divide(self, node: exp.Expression) -> Sql:
        a, b = self.number(node.this), self.number(node.args["expression"])
        return Sql(text=self.finite(f"({self.real(a)} / nullif({self.real(b)}, 0))"), type=NUMBER, calculated=True)

    def _mod(self, node: exp.Expression) -> Sql:
        a, b = self.number(node.this), self.number(node.args["expression"])
        if NUMBER in (a.type, b.type):
            raise self.refuse(
                nl="MOD werkt alleen met gehele getallen",
                en="MOD works on whole numbers only",
                do=both(nl="Gebruik eerst CAST(... AS INTEGER).", en="Use CAST(... AS INTEGER) first."),
            )
        return Sql(text=f"({a.text} % nullif({b.text}, 0))", type=INTEGER)

    def _neg(self, node: exp.Expression) -> Sql:
        found = self.number(node.this)
        return Sql(text=self.negated(found), type=found.type, calculated=found.calculated)

    def negated(self, number: Sql) -> str:
        """With the other sign."""
        return f"(-{number.text})"

    def _abs(self, node: exp.Expression) -> Sql:
        found = self.number(node.this)
        return Sql(text=self.absolute(found), type=found.type, calculated=found.calculated)

    def absolute(self, number: Sql) -> str:
        """Without a sign."""
        return f"abs({number.text})"

    def _round(self, node: exp.Expression) -> Sql:
        found, digits = self.number(node.this), node.args.get("decimals")
        if digits is not None and not (isinstance(digits, exp.Literal) and digits.name.isdigit()):
            raise self.refuse(
                nl="ROUND krijgt een vast aantal decimalen, zoals ROUND(x, 2)",
                en="ROUND takes a fixed number of decimals, such as ROUND(x, 2)",
            )
        places = int(digits.name) if digits is not None else 0
        if found.type is INTEGER:
            return found
        rounded = self.rounded_logarithm if isinstance(node.this, exp.Ln) and places else self.rounded
        return Sql(text=rounded(found.text, places), type=NUMBER, calculated=places > 0)

    def rounded(self, text: str, places: int) -> str:
        """Half away from zero."""
        return f"round({text}, {places})"

    def rounded_logarithm(self, text: str, places: int) -> str:
        """Likewise, of a number that lies within ±745."""
        return self.rounded(text, places)

    def _floor(self, node: exp.Expression) -> Sql:
        found = self.number(node.this)
        name = "floor" if isinstance(node, exp.Floor) else "ceil"
        return found if found.type is INTEGER else Sql(text=self.whole_part(name, found.text), type=NUMBER)

    def whole_part(self, name: str, text: str) -> str:
        """FLOOR and CEIL."""
        return f"{name}({text})"

    def _function(self, node: exp.Expression) -> Sql:
        x = self.real(self.number(node.this))
        y = self.real(self.number(node.args["expression"])) if isinstance(node, exp.Pow) else None
        name = {exp.Ln: "ln", exp.Sqrt: "sqrt", exp.Exp: "exp"}.get(cast("type[exp.Ln]", type(node)), "power")
        return Sql(text=self.function(name, x, y), type=NUMBER, calculated=True)

    def function(self, name: str, x: str, y: str | None = None) -> str:
        """LN, EXP, SQRT and POWER; null where there is no answer."""
        match name:
            case "ln":
                return f"(CASE WHEN {x} > 0 THEN ln({x}) END)"
            case "sqrt":
                return f"(CASE WHEN {x} >= 0 THEN sqrt({x}) END)"
            case "exp":
                return f"(CASE WHEN {x} < 700 THEN exp(greatest({x}, -700)) END)"
            case _:
                some = f"WHEN {x} > 0 AND abs(ln(CASE WHEN {x} > 0 THEN {x} END) * {y}) < 700 THEN power({x}, {y})"
                return f"(CASE {some} WHEN {x} = 0 AND {y} > 0 THEN 0 END)"

    # --- text --------------------------------------------------------------------------------------------------------

    def _length(self, node: exp.Expression) -> Sql:
        return Sql(text=f"length({self.text(node.this).text})", type=INTEGER)

    def _case_of_letters(self, node: exp.Expression) -> Sql:
        return Sql(
            text=f"{'lower' if isinstance(node, exp.Lower) else 'upper'}({self.text(node.this).text})", type=TEXT
        )

    def _trim(self, node: exp.Expression) -> Sql:
        return Sql(text=f"trim({self.text(node.this).text})", type=TEXT)

    def _substring(self, node: exp.Expression) -> Sql:
        ends: list[exp.Expression] = [node.args[k] for k in ("start", "length") if node.args.get(k) is not None]
        if any(not (isinstance(e, exp.Literal) and e.name.isdigit()) for e in ends) or int(ends[0].name) < 1:
            raise self.refuse(
                nl="SUBSTRING krijgt een vast begin vanaf 1 en een vaste lengte, zoals SUBSTRING(x, 1, 4)",
                en="SUBSTRING takes a fixed start from 1 and a fixed length, such as SUBSTRING(x, 1, 4)",
            )
        return Sql(text=f"substr({', '.join([self.text(node.this).text, *(e.name for e in ends)])})", type=TEXT)

    def _replace(self, node: exp.Expression) -> Sql:
        old, new = node.args["expression"], node.args.get("replacement")
        texts = [e.name for e in (old, new) if isinstance(e, exp.Literal) and e.is_string]
        if len(texts) < 2 or not texts[0]:
            raise self.refuse(
                nl="REPLACE krijgt twee vaste teksten, de eerste niet leeg, zoals REPLACE(x, ',', '')",
                en="REPLACE takes two fixed texts, the first not empty, such as REPLACE(x, ',', '')",
            )
        return Sql(text=f"replace({', '.join([self.text(node.this).text, *map(self.text_literal, texts)])})", type=TEXT)

    def _join(self, node: exp.Expression) -> Sql:
        if isinstance(node, exp.DPipe):
            return Sql(text=f"({self.text(node.this).text} || {self.text(node.args['expression']).text})", type=TEXT)
        parts = [f"coalesce({self.text(p).text}, '')" for p in node.expressions]
        return Sql(text="(" + " || ".join(parts) + ")", type=TEXT)

    # --- dates -------------------------------------------------------------------------------------------------------

    def _days(self, node: exp.Expression) -> Sql:
        a, b = self.moment(node.this), self.moment(node.args["expression"])
        if isinstance(node, exp.DateDiff):
            a, b = self.cast(a, DATE), self.cast(b, DATE)
        if DATETIME in (a.type, b.type):
            return Sql(text=self.fractional_days(self.cast(a, DATETIME).text, self.cast(b, DATETIME).text), type=NUMBER)
        return Sql(text=self.days(a.text, b.text), type=INTEGER)

    def days(self, later: str, earlier: str) -> str:
        """Whole days between two dates."""
        return f"date_diff('day', {earlier}, {later})"

    def fractional_days(self, later: str, earlier: str) -> str:
        """Days between two times, with fractions."""
        return f"((epoch_us({later}) - epoch_us({earlier})) / 86400000000.0::DOUBLE)"

    def _extract(self, node: exp.Expression) -> Sql:
        part = node.this.name.upper()
        if part not in self.parts:
            known = ", ".join(sorted(self.parts))
            raise self.refuse(
                nl=f"EXTRACT({part} ...) is niet bekend",
                en=f"EXTRACT({part} ...) is not known",
                do=both(nl=f"Bekend zijn: {known}.", en=f"Known: {known}."),
            )
        return self.extracted(part, node.args["expression"])

    def _part(self, node: exp.Expression) -> Sql:
        return self.extracted(type(node).__name__.upper(), node.this)

    def extracted(self, part: str, node: exp.Expression) -> Sql:
        """A part of a date or a time."""
        found = self.moment(node)
        if part in ("HOUR", "MINUTE"):
            found = self.cast(found, DATETIME)
        return Sql(text=self.part(part, found.text), type=INTEGER)

    def part(self, part: str, text: str) -> str:
        """A part of a date or a time as a whole number."""
        return f"CAST(extract({part} FROM {text}) AS {self.bigint})"

    # --- from one type to another ------------------------------------------------------------------------------------

    def _cast(self, node: exp.Expression) -> Sql:
        name = node.args["to"].this.name
        wanted = TYPES.get(name)
        if wanted is None:
            raise self.refuse(
                nl=f"CAST naar {name} mag niet",
                en=f"CAST to {name} is not allowed",
                do=both(
                    nl="Gebruik TEXT, INTEGER, DOUBLE, BOOLEAN, DATE of TIMESTAMP.",
                    en="Use TEXT, INTEGER, DOUBLE, BOOLEAN, DATE or TIMESTAMP.",
                ),
            )
        if isinstance(node.this, exp.Literal) and node.this.is_string and wanted in MOMENTS:
            found = self.moment_of(node.this)
            return self.cast(found, wanted)
        return self.cast(self.tree(node.this), wanted)

    def cast(self, found: Sql, wanted: ColumnType) -> Sql:  # noqa: PLR0912  one case per pair of types
        """The value as another type; null where it cannot be."""
        text = found.text
        match found.type, wanted:
            case None, _:
                text = self.typed_null(wanted)
            case (a, b) if a is b:
                return found
            case ColumnType.TEXT, _:
                text = self.read(text, wanted)
            case ColumnType.INTEGER, ColumnType.TEXT:
                text = self.as_text(text)
            case ColumnType.INTEGER, ColumnType.NUMBER:
                text = f"CAST({text} AS {self.double})"
            case ColumnType.NUMBER, ColumnType.INTEGER:
                text = self.truncated(text)
            case ColumnType.BOOLEAN, ColumnType.TEXT:
                text = f"(CASE WHEN {text} THEN 'true' WHEN NOT {text} THEN 'false' END)"
            case ColumnType.BOOLEAN, (ColumnType.INTEGER | ColumnType.NUMBER):
                text = f"(CASE WHEN {text} THEN 1 WHEN NOT {text} THEN 0 END)"
                text = f"CAST({text} AS {self.double if wanted is NUMBER else self.bigint})"
            case ((ColumnType.INTEGER | ColumnType.NUMBER), ColumnType.BOOLEAN):
                text = f"(CASE WHEN {text} = 1 THEN TRUE WHEN {text} = 0 THEN FALSE END)"
            case ColumnType.DATE, ColumnType.DATETIME:
                text = self.start_of_day(text)
            case ColumnType.DATETIME, ColumnType.DATE:
                text = self.day_of(text)
            case ColumnType.DATE, ColumnType.TEXT:
                text = self.as_text(text)
            case _:
                raise self.refuse(
                    nl=f"{found.type} kan hier geen {wanted} worden", en=f"{found.type} cannot become {wanted} here"
                )
        return Sql(text=text, type=wanted, calculated=found.calculated and wanted is NUMBER)

    def typed_null(self, wanted: ColumnType) -> str:
        """A null of this type."""
        return f"CAST(NULL AS {ENGINE_TYPES[wanted]})"

    def read(self, text: str, wanted: ColumnType) -> str:
        """Text as another type, in its plain form; null where it cannot be read."""
        form = Form()
        return self.final(text, self.middle(text, wanted, form), wanted, form)

    def middle(self, text: str, wanted: ColumnType, form: "Form") -> str:
        """The first of two steps in reading text: what the second uses more than once."""
        raise NotImplementedError

    def final(self, text: str, middle: str, wanted: ColumnType, form: "Form") -> str:
        """The second step: the value, or null where the text cannot be read as this type."""
        raise NotImplementedError

    def as_text(self, text: str) -> str:
        """A whole number or a date as text."""
        return f"CAST({text} AS VARCHAR)"

    def truncated(self, text: str) -> str:
        """A number without its fraction, as a whole number; null when it does not fit."""
        return f"(CASE WHEN abs({text}) < 9.2e18 THEN CAST(trunc({text}) AS {self.bigint}) END)"

    def start_of_day(self, text: str) -> str:
        """A date as a time."""
        return f"CAST({text} AS TIMESTAMP)"

    def day_of(self, text: str) -> str:
        """The date of a time."""
        return f"CAST({text} AS DATE)"

    # --- what only a source needs ------------------------------------------------------------------------------------

    def extreme(self, which: str, found: Sql) -> str:
        """The smallest or largest value, as the engine can hand it over."""
        return f"{which}({self.ordered(found.text) if found.type is TEXT else found.text})"

    @staticmethod
    def told_apart(columns: Sequence[Sql]) -> tuple[str, ...]:
        """By what the combinations of these columns are told apart: the columns, unless an engine knows something faster."""
        return tuple(c.text for c in columns)

    def trimmed(self, text: str) -> str:
        """Text without white space around it."""
        raise NotImplementedError

    def blank(self, text: str) -> str:
        """Whether there is nothing but white space."""
        raise NotImplementedError

    def within_calendar(self, text: str, kind: ColumnType) -> str:
        """A date or time; null for infinity and for years before 1 or after 9999."""
        raise NotImplementedError

    def if_whole(self, text: str) -> str:
        """A number as a whole number; null when it has a fraction or does not fit."""
        raise NotImplementedError


class Examiner(Writer):
    """Only looks whether an expression is understood; what it writes is thrown away."""

    def middle(self, text: str, wanted: ColumnType, form: "Form") -> str:
        """Nothing."""
        return text

    def final(self, text: str, middle: str, wanted: ColumnType, form: "Form") -> str:
        """Stands for reading text as another type."""
        return f"CAST({middle} AS {ENGINE_TYPES[wanted]})"


ENGINE_TYPES = {
    TEXT: "VARCHAR",
    INTEGER: "BIGINT",
    NUMBER: "DOUBLE PRECISION",
    BOOLEAN: "BOOLEAN",
    DATE: "DATE",
    DATETIME: "TIMESTAMP",
}
TYPES = (
    dict.fromkeys(("TEXT", "VARCHAR", "CHAR", "NVARCHAR"), TEXT)
    | dict.fromkeys(("INT", "BIGINT", "SMALLINT", "TINYINT"), INTEGER)
    | dict.fromkeys(("DOUBLE", "FLOAT", "DECIMAL"), NUMBER)
    | {"BOOLEAN": BOOLEAN, "DATE": DATE, "TIMESTAMP": DATETIME}
)
SIGNS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_BOTH = {"this", "expression"}
NODES: dict[type[exp.Expression], tuple[Callable[[Writer, exp.Expression], Sql], set[str]]] = {
    exp.Column: (Writer._column, {"this"}),
    exp.Literal: (Writer._literal, {"this", "is_string"}),
    exp.Boolean: (Writer._boolean, {"this"}),
    exp.Null: (Writer._null, set()),
    exp.Paren: (Writer._paren, {"this"}),
    exp.And: (Writer._logic, _BOTH),
    exp.Or: (Writer._logic, _BOTH),
    exp.Not: (Writer._not, {"this"}),
    exp.Is: (Writer._is, _BOTH),
    **dict.fromkeys(SIGNS, (Writer._compare, _BOTH)),
    exp.NullSafeEQ: (Writer._distinct, _BOTH),
    exp.NullSafeNEQ: (Writer._distinct, _BOTH),
    exp.Between: (Writer._between, {"this", "low", "high"}),
    exp.In: (Writer._in, {"this", "expressions"}),
    exp.Like: (Writer._like, _BOTH),
    exp.RegexpLike: (Writer._regular, _BOTH),
    exp.Case: (Writer._case, {"this", "ifs", "default"}),
    exp.Coalesce: (Writer._coalesce, {"this", "expressions"}),
    exp.Nullif: (Writer._nullif, _BOTH),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), (Writer._arithmetic, _BOTH)),
    exp.Div: (Writer._divide, {*_BOTH, "typed", "safe"}),
    exp.Mod: (Writer._mod, _BOTH),
    exp.Neg: (Writer._neg, {"this"}),
    exp.Abs: (Writer._abs, {"this"}),
    exp.Round: (Writer._round, {"this", "decimals"}),
    **dict.fromkeys((exp.Floor, exp.Ceil), (Writer._floor, {"this"})),
    **dict.fromkeys((exp.Ln, exp.Exp, exp.Sqrt, exp.Pow), (Writer._function, _BOTH)),
    exp.Length: (Writer._length, {"this"}),
    **dict.fromkeys((exp.Lower, exp.Upper), (Writer._case_of_letters, {"this"})),
    exp.Trim: (Writer._trim, {"this"}),
    exp.Replace: (Writer._replace, {"this", "expression", "replacement"}),
    exp.Substring: (Writer._substring, {"this", "start", "length"}),
    exp.DPipe: (Writer._join, {*_BOTH, "safe"}),
    exp.Concat: (Writer._join, {"expressions", "safe", "coalesce"}),
    exp.DateDiff: (Writer._days, _BOTH),
    exp.Extract: (Writer._extract, _BOTH),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day), (Writer._part, {"this"})),
    **dict.fromkeys((exp.Cast, exp.TryCast), (Writer._cast, {"this", "to", "safe"})),
}


def regular_expression(pattern: str, *, where: Text | str) -> None:
    """Refuse a pattern that the engines would not read alike: look-around, back references, named classes."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise VangrailError(
            said(
                where,
                nl=f": het patroon is geen reguliere uitdrukking ({error.msg}).",
                en=f": the pattern is not a regular expression ({error.msg}).",
            )
        ) from None
    if re.search(r"\(\?|\\[1-9]|\\[pPkgAZzbBGQE]|[*+?}]\+|\[\[|\[\^\[", pattern):
        raise VangrailError(
            said(
                where,
                nl=": het patroon gebruikt iets dat niet elke databank kent.",
                en=": the pattern uses something that not every database knows.",
            ),
            do=both(
                nl=rf"Gebruik alleen gewone delen: tekens, {PLAIN_PARTS}. Een patroon dekt altijd de hele waarde.",
                en=rf"Use plain parts only: characters, {PLAIN_PARTS}. A pattern always covers the whole value.",
            ),
        )
