"""Gives every text of a column to a function, where the table is held, and keeps nothing but counts.

Check digits and the like cannot be asked in SQL that every engine reads alike. So where the rows are in this process anyway (DuckDB,
SQLite) they are read past the function in batches. A server keeps its rows: there the need's own regular expressions are counted
by the server, and such a label ends in '?', for its check digits were not looked at.
"""

# ruff: noqa: S608  names go in by number and values as literals, both through `expressions`

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from vangrail.model.framework import Text
from vangrail.model.needs import Cell, CountTable, Need, NeedAnswer, Scan
from vangrail.model.vocabulary import ColumnType
from vangrail.tables.engine import Ask, Engine, Look, Work
from vangrail.tables.expressions import quoted
from vangrail.tables.layout import Layout


def in_passing(
    engine: Engine, layout: Layout, needs: Sequence[Scan], *, where: Text | str
) -> Work[dict[Need, NeedAnswer]]:
    """The number of rows per label, for those of the needs that can share the pass of other totals.

    Of a column with few values each value is looked at once. A server looks at the others row by row.
    """
    if not needs or not engine.one_pass:
        return {}
    texts = {n: _text(engine, layout, n, where=where) for n in needs}
    given = {n: text for n, text in texts.items() if _is_given_text(layout, n)}
    seen = (yield Look(of=tuple(dict.fromkeys(given.values())))) if given else None
    few = [n for n, text in given.items() if seen is not None and seen.few(text)]
    asks = {n: Ask(by=(texts[n],), figures=("count(*)",), reads=("SELECT * FROM {}".format,)) for n in few}
    if engine.stream is None:
        asks = {n: replace(asks[n], reads=(partial(_labels, _form(engine, n, "k0")),)) for n in few}
        words = engine.writer(layout.columns, where=where)
        for n in needs:
            if n not in asks:
                by = _form(engine, n, texts[n])
                if n.where is not None:
                    by = f"(CASE WHEN {words.write(n.where).text} THEN {by} END)"
                asks[n] = Ask(by=(by,), figures=("count(*)",), reads=("SELECT * FROM {}".format,))
    counts: dict[Scan, Counter[str | None]] = {n: Counter() for n in asks}
    found = yield list(asks.values())
    for need, (rows,) in zip(asks, found, strict=True):
        for value, number in rows:
            label = need.label(value) if engine.stream is not None and value is not None else value
            counts[need][label] += int(number)
    return {n: _table(c) for n, c in counts.items()}


def _labels(label: str, counts: str) -> str:
    """What puts values with the same label together."""
    return f"SELECT {label}, sum(f0) FROM {counts} GROUP BY 1"


def _is_given_text(layout: Layout, need: Scan) -> bool:
    return need.column in layout.steps and layout.columns[need.column].type is ColumnType.TEXT


def answers(engine: Engine, layout: Layout, needs: Sequence[Scan], *, where: Text | str) -> dict[Need, NeedAnswer]:
    """The number of rows per label, for all these needs; their columns share one pass."""
    if not needs:
        return {}
    texts = {n: _text(engine, layout, n, where=where) for n in needs}
    if engine.stream is None:
        return _by_form(engine, layout, needs, texts)
    words = engine.writer(layout.columns, where=where)
    tests = {n: engine.contains(texts[n], n.hint) for n in needs}
    tests |= {n: f"({words.write(n.where).text} AND {tests[n]})" for n in needs if n.where is not None}
    parts = ", ".join(f"CASE WHEN {tests[n]} THEN {texts[n]} END" for n in needs)
    counts: dict[Scan, Counter[str | None]] = {n: Counter() for n in needs}
    # Every row once, with only the texts in which there may be something.
    for batch in engine.stream(f"SELECT {parts} FROM {layout.relation} AS d WHERE {' OR '.join(tests.values())}"):
        for need, values in zip(needs, zip(*batch, strict=True), strict=True):
            label, found = need.label, counts[need]
            found.update(label(v) for v in values if v is not None)
    return {n: _table(found) for n, found in counts.items()}


def _text(engine: Engine, layout: Layout, need: Scan, *, where: Text | str) -> str:
    column = layout.columns[need.column]
    return column.text if column.type is ColumnType.TEXT else engine.writer({}, where=where).as_text(column.text)


def _form(engine: Engine, need: Scan, text: str) -> str:
    """The label of the first form that a text holds, in the server's words."""
    cases = " ".join(f"WHEN {engine.contains(text, form)} THEN {quoted(label + '?')}" for label, form in need.forms)
    return f"(CASE {cases} END)"


def _by_form(engine: Engine, layout: Layout, needs: Sequence[Scan], texts: dict[Scan, str]) -> dict[Need, NeedAnswer]:
    """Counted by the server in one statement. Of texts that are the same, one is looked at."""
    parts = []
    for number, need in enumerate(needs):
        values = f"(SELECT {texts[need]} AS x, count(*) AS n FROM {layout.relation} AS d GROUP BY {texts[need]}) AS v"
        labels = f"(SELECT {_form(engine, need, 'x')} AS k, n FROM {values}) AS l"
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
