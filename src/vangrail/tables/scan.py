"""Gives every text of a column to a function, where the table is held, and keeps nothing but counts.

Check digits and the like cannot be asked in SQL that every engine reads alike. So where the rows are in this process anyway (DuckDB,
SQLite) they are read past the function in batches. A server keeps its rows: there the need's own regular expressions are counted
by the server, and such a label ends in '?', for its check digits were not looked at.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections import Counter
from collections.abc import Sequence

from vangrail.model.framework import Text
from vangrail.model.needs import Cell, CountTable, Need, NeedAnswer, Scan
from vangrail.model.vocabulary import ColumnType
from vangrail.tables.engine import Ask, Engine, Look, Work
from vangrail.tables.expressions import quoted
from vangrail.tables.layout import Layout


def by_value(engine: Engine, layout: Layout, needs: Sequence[Scan]) -> Work[dict[Need, NeedAnswer]]:
    """The number of rows per label for those of the needs whose column has few values: each value is looked at once."""
    given = {n: layout.columns[n.column].text for n in needs if _is_given_text(layout, n)}
    if not given or not engine.one_pass:
        return {}
    seen = yield Look(of=tuple(dict.fromkeys(given.values())))
    few = {n: text for n, text in given.items() if seen.few(text)}
    texts = tuple(dict.fromkeys(few.values()))
    found = yield [Ask(by=(text,), figures=("count(*)",), reads=("SELECT * FROM {}".format,)) for text in texts]
    values = {text: rows for text, (rows,) in zip(texts, found, strict=True)}
    counts: dict[Scan, Counter[str | None]] = {n: Counter() for n in few}
    for need, text in few.items():
        for value, rows in values[text]:
            counts[need][need.label(value) if value is not None else None] += int(rows)
    return {n: _table(c) for n, c in counts.items()}


def _is_given_text(layout: Layout, need: Scan) -> bool:
    return need.column in layout.steps and layout.columns[need.column].type is ColumnType.TEXT


def answers(engine: Engine, layout: Layout, needs: Sequence[Scan], *, where: Text | str) -> dict[Need, NeedAnswer]:
    """The number of rows per label, for all these needs; their columns share one pass."""
    if not needs:
        return {}
    texts = {n: _text(engine, layout, n, where=where) for n in needs}
    words = engine.writer(layout.columns, where=where)
    tests = {n: engine.contains(texts[n], n.hint) for n in needs}
    tests |= {n: f"({words.write(n.where).text} AND {tests[n]})" for n in needs if n.where is not None}
    counts: dict[Scan, Counter[str | None]] = {n: Counter() for n in needs}
    if not _by_row(engine, layout, needs, texts, tests, counts):
        return _by_form(engine, layout, needs, texts)
    return {n: _table(found) for n, found in counts.items()}


def _text(engine: Engine, layout: Layout, need: Scan, *, where: Text | str) -> str:
    column = layout.columns[need.column]
    return column.text if column.type is ColumnType.TEXT else engine.writer({}, where=where).as_text(column.text)


def _by_row(
    engine: Engine,
    layout: Layout,
    needs: Sequence[Scan],
    texts: dict[Scan, str],
    tests: dict[Scan, str],
    counts: dict[Scan, Counter[str | None]],
) -> bool:
    """Every row once, with only the texts in which there may be something."""
    parts = ", ".join(f"CASE WHEN {tests[n]} THEN {texts[n]} END" for n in needs)
    some = " OR ".join(tests[n] for n in needs)
    batches = engine.stream(f"SELECT {parts} FROM {layout.relation} AS d WHERE {some}")
    if batches is None:
        return False
    for batch in batches:
        for need, values in zip(needs, zip(*batch, strict=True), strict=True):
            label, found = need.label, counts[need]
            found.update(label(v) for v in values if v is not None)
    return True


def _by_form(engine: Engine, layout: Layout, needs: Sequence[Scan], texts: dict[Scan, str]) -> dict[Need, NeedAnswer]:
    """Counted by the server in one statement: the first form that a text holds. Of texts that are the same, one is looked at."""
    parts = []
    for number, need in enumerate(needs):
        cases = " ".join(f"WHEN {engine.contains('x', form)} THEN {quoted(label + '?')}" for label, form in need.forms)
        values = f"(SELECT {texts[need]} AS x, count(*) AS n FROM {layout.relation} AS d GROUP BY {texts[need]}) AS v"
        labels = f"(SELECT CASE {cases} END AS k, n FROM {values}) AS l"
        # Texts without a label come along as one row: a planner would test for those before it counts equal texts.
        parts.append(f"SELECT {number}, k, sum(n) FROM {labels} GROUP BY k")
    counts: dict[Need, Counter[str | None]] = {need: Counter() for need in needs}
    for number, label, rows in engine.run(" UNION ALL ".join(parts)):
        counts[needs[int(number)]][None if label is None else str(label)] += int(rows)
    return {need: _table(found) for need, found in counts.items()}


def _table(counts: Counter[str | None]) -> CountTable:
    return CountTable(
        keys=("label",), cells=tuple(Cell((label,), n) for label, n in counts.items() if label is not None)
    )
