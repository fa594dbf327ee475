"""The dossier: an assessment as one HTML file for people, to read on a screen, to print and to keep.

It needs nothing from outside and no script. Everything that a card or a person says goes in as text: the template escapes
it. What is shown is decided here, in values; `templates/dossier.html` gives them their place and `dossier.css` their
look. Why charts are drawn by a template of ours is in `docs/decisions/0004-dossier.md`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from vangrail.exports import charts
from vangrail.exports import formatting as f
from vangrail.exports.dossier_texts import RULES, STATISTICS, TEXTS
from vangrail.model.board import Assessment, Judgement, Lack, Line
from vangrail.model.card import Answer, Record
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    GlossaryEntry,
    Limit,
    Measure,
    Requirement,
    Source,
    Text,
    Work,
)
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable
from vangrail.model.vocabulary import Language, Role, Unit, Verdict

SHOWN_GROUPS = 12
"""A longer list of groups or parts is folded after so many."""
_NAMED_SMALL = 20
_BRIEF_FIGURES = 2
_GOOD = (Verdict.MET, Verdict.NOT_APPLICABLE)
_OPEN = (Verdict.EXPIRED, Verdict.UNKNOWN, Verdict.PARTLY)
_TELLING = (
    Verdict.NOT_MET,
    Verdict.UNKNOWN,
    Verdict.PARTLY,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
    Verdict.EXPIRED,
)


def dossier_html(assessment: Assessment, *, language: Language) -> str:
    """The whole dossier in one language, as one self-contained page. KeyError when a glossary word is missing."""
    return _environment().get_template("dossier.html").render(page(assessment, language=language))


def page(assessment: Assessment, *, language: Language) -> dict[str, object]:
    """Everything that a dossier shows, in words, whatever gives it its form."""
    return _Writer(assessment, language).page()


def requirement_view(assessment: Assessment, id_: str, *, language: Language) -> "LineView":
    """One requirement with all that stands behind it, in words: for a page that gives it a look of its own.

    KeyError when there is no such requirement.
    """
    return _Writer(assessment, language).line(assessment.board.line(id_))


def plot_svg(plot: charts.Plot, *, language: Language) -> str:
    """The plot of a figure as SVG, to stand in a page that defines the pattern '#hatch'."""
    t = {key: f.said(text, language) for key, text in TEXTS.items()}
    return _environment().get_template("plot.svg").render(plot=plot, t=t)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("vangrail.exports"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a page of figures has a dozen charts, and looked at their files for each
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A verdict: its code chooses shape and colour, its word says it."""

    verdict: Verdict
    word: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A label and what belongs to it."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """One group in a table."""

    name: str
    rows: str
    own: str
    difference: str
    note: str


@dataclass(frozen=True, kw_only=True)
class DetailRow:
    """One part of a figure in a table."""

    name: str
    counted: str
    rows: str
    share: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A plot with its title, and what the colours and shapes stand for."""

    title: str
    more: str
    plot: charts.Plot
    has_limit: bool


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """A measurement: its figure, the table of facts, the chart, the groups and the parts.

    counted     whether the parts are counts out of a total; else they are quantities, such as ratios or litres
    """

    value: str
    interval: str
    what: str
    facts: tuple[Row, ...]
    limit_reason: str
    measured: str
    chart: Chart | None
    groups: tuple[GroupRow, ...]
    more_groups: tuple[GroupRow, ...]
    compared: str
    small: str
    details: tuple[DetailRow, ...]
    more_details: tuple[DetailRow, ...]
    counted: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """What a named person answered."""

    answer: str
    reasons: str
    signed: str
    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordView:
    """Something that happened."""

    on: str
    what: str
    outcome: str
    signed: str
    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """One piece of evidence. Empty parts are not shown."""

    id: str
    kind: str
    title: str
    badge: Badge
    because: str
    question: str
    fields: tuple[str, ...]
    figure: FigureView | None
    answer: AnswerView | None
    records: tuple[RecordView, ...]
    do: str
    who: str


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A requirement with its verdict."""

    id: str
    title: str
    badge: Badge
    because: str
    conditions: tuple[str, ...]
    why: str
    good: str
    sources: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A requirement in a list: its reason, and its figures where there are."""

    id: str
    title: str
    badge: Badge
    because: str
    figures: tuple[str, ...]


class _Writer:
    """Puts an assessment into the words of one language."""

    def __init__(self, assessment: Assessment, language: Language) -> None:
        self.a = assessment
        self.language = language
        self.t = {key: f.said(text, language) for key, text in TEXTS.items()}
        self.works: Mapping[str, Work] = {w.id: w for w in assessment.framework.works}
        self.glossary: Mapping[str, GlossaryEntry] = {e.code: e for e in assessment.framework.glossary}
        self.badges = {v: Badge(verdict=v, word=f.capital(self.word(f"verdict.{v}"))) for v in Verdict}

    def say(self, text: Text | None) -> str:
        return f.said(text, self.language) if text else ""

    def word(self, code: str) -> str:
        return self.say(self.glossary[code].title)

    def page(self) -> dict[str, object]:
        """Everything that the template shows."""
        a, card, t = self.a, self.a.card, self.t
        asked = a.board.asked
        used = {j.measured.measurement.check for line in a.board.lines for j in line.judgements if j.measured}
        owner = card.people.get(Role.APPLICATION_OWNER)
        return {
            "t": t,
            "lang": "nl-BE" if self.language is Language.NL else "en",
            "sentence": f.sentence,
            "title": card.name,
            "organisation": card.organisation.name,
            "head": (
                Row(label=t["body"], text=card.organisation.name),
                Row(label=t["phase"], text=f.capital(self.word(f"phase.{a.board.phase}"))),
                Row(label=t["owner"], text=owner.name if owner else t["not_stated"]),
                Row(label=t["day"], text=f.day(a.board.on, self.language)),
            ),
            "what": card.summary or card.purpose.text or t["nothing_said"],
            "counts": [(self.badges[v], n) for v, n in a.board.count().items()],
            "asked_of": t["asked_of"].format(asked=len(asked), total=len(a.board.lines)),
            "verdicts": list(self.badges.values()),
            "not_met": [self.brief(line) for line in asked if line.verdict is Verdict.NOT_MET],
            "still_open": [
                (self.badges[verdict], [self.brief(line) for line in found])
                for verdict in _OPEN
                if (found := [line for line in asked if line.verdict is verdict])
            ],
            "gate": self.gate(),
            "telling": [
                (line.requirement.id, self.badges[j.verdict], view, f"{t['limit_word']}: {self.limit_words(j)}")
                for line, j in telling(asked)
                if (view := self.figure(j)) is not None
            ],
            "datasets": [
                (
                    d.name,
                    self.number(d.fingerprint.rows),
                    self.number(d.columns),
                    d.fingerprint.content,
                    [self.say(note) for note in d.notes],
                )
                for d in a.datasets
            ],
            "no_access": card.data_access.because if card.data_access and not card.data_access.possible else "",
            "principles": [
                {
                    "id": p.id,
                    "number": p.number,
                    "title": self.say(p.title),
                    "summary": self.say(p.summary),
                    "counts": [(self.badges[v], n) for v, n in a.board.count(principle=p.id).items()],
                    "lines": [self.line(x) for x in asked if x.requirement.principle == p.id],
                    "later": [
                        (x.requirement.id, self.say(x.requirement.title), self.first_phase(x.requirement))
                        for x in a.board.lines
                        if x.requirement.principle == p.id and not x.asked
                    ],
                }
                for p in a.framework.principles
            ],
            "rules": [self.say(rule) for rule in RULES],
            "meanings": [(self.badges[v], self.say(self.glossary[f"verdict.{v}"].meaning)) for v in Verdict],
            "checks": [
                (self.say(c.title), c.id, self.say(c.measures), c.formula, c.source, c.origin)
                for c in a.checks.values()
                if c.id in used
            ],
            "glossary": [(f.capital(self.word(code)), self.say(self.glossary[code].meaning)) for code in STATISTICS],
            "versions": self.versions(),
            "checkpoint": a.checkpoint,
            "made_with": t["made_with"].format(program=a.made_by, at=f.moment(a.made_at, self.language)),
        }

    def number(self, value: float, digits: int | None = 0) -> str:
        return f.number(value, self.language, digits)

    def first_phase(self, requirement: Requirement) -> str:
        first = min(requirement.phases, key=lambda p: p.number)
        return self.t["later_from"].format(phase=self.word(f"phase.{first}"))

    def roles(self, roles: Iterable[Role]) -> str:
        """The roles in words, with the names that the card gives."""
        people = self.a.card.people
        words = [self.word(f"role.{r}") + (f" ({people[r].name})" if r in people else "") for r in roles]
        *first, last = words or [self.t["anyone"]]
        return f"{', '.join(first)} {self.t['or']} {last}" if first else last

    def brief(self, line: Line) -> Brief:
        """A line in the summary, with its figures that are furthest past their limit, each check once."""
        past = [(line, j) for j in line.judgements if j.verdict is Verdict.NOT_MET and _measured(j)]
        first = {
            j.measured.measurement.check: j for _, j in sorted(past, key=_most_telling, reverse=True) if j.measured
        }
        shown = sorted(((line, j) for j in first.values()), key=_most_telling)[:_BRIEF_FIGURES]
        figures = [
            f"{self.what(j)}: {f.figure(j.measured.outcome, self.language, j.limit)}, {self.t['limit_word']} {self.limit_words(j)}"
            for _, j in shown
            if j.measured
        ]
        if len(past) > len(figures):
            figures.append(self.t["more_past"].format(n=len(past) - len(figures)))
        return Brief(
            id=line.requirement.id,
            title=self.say(line.requirement.title),
            badge=self.badges[line.verdict],
            because=self.say(line.because),
            figures=tuple(figures),
        )

    def gate(self) -> dict[str, object] | None:
        view = self.a.gate
        if view is None:
            return None
        # By who is named first: by every combination of roles the list would fall apart.
        grouped: dict[tuple[Role, ...], list[Lack]] = {}
        for lack in view.lacks:
            grouped.setdefault(lack.who[:1], []).append(lack)
        return {
            "title": self.say(view.gate.title),
            "opened_by": self.t["gate_opened_by"].format(who=self.roles(view.gate.opened_by)),
            "advice": self.t["gate_advice"].format(who=self.listed_roles(view.gate.advice_of))
            if view.gate.advice_of
            else "",
            "lacks": [
                (
                    f.capital(self.roles(who)),
                    [(x.line.requirement.id, self.say(x.what), self.or_else(x.who[1:])) for x in lacks],
                )
                for who, lacks in sorted(grouped.items(), key=lambda item: -len(item[1]))
            ],
        }

    def or_else(self, roles: Sequence[Role]) -> str:
        return self.t["or_else"].format(who=self.roles(roles)) if roles else ""

    def listed_roles(self, roles: Iterable[Role]) -> str:
        return f.listed([self.word(f"role.{r}") for r in roles], self.language)

    def line(self, line: Line) -> LineView:
        r = line.requirement
        titles = {c.id: self.say(c.title) for c in self.a.framework.conditions}
        alone = len(line.judgements) == 1
        order = list(Verdict)
        worst_first = sorted(enumerate(line.judgements, start=1), key=lambda pair: order.index(pair[1].verdict))
        return LineView(
            id=r.id,
            title=self.say(r.title),
            badge=self.badges[line.verdict],
            because=self.say(line.because),
            conditions=tuple(titles[c] for c in r.conditions),
            why=self.say(r.why),
            good=self.say(r.good),
            sources=tuple(self.source(s) for s in r.source),
            evidence=tuple(
                self.evidence(j, f"{r.id}-{i}", repeats=alone and j.because == line.because) for i, j in worst_first
            ),
        )

    def source(self, source: Source) -> str:
        return f"{self.say(self.works[source.work].title)}, {source.passage}"

    def evidence(self, judgement: Judgement, id_: str, *, repeats: bool) -> EvidenceView:
        """`repeats`: the reason stands above it already."""
        proof = judgement.proof
        answered = judgement.answer is not None and isinstance(proof, AskPerson)
        return EvidenceView(
            id=id_,
            kind=f.capital(self.word(f"evidence.{proof.kind}")),
            title=self.what(judgement),
            badge=self.badges[judgement.verdict],
            because="" if repeats or answered or judgement.records else self.say(judgement.because),
            question=self.say(proof.question) if isinstance(proof, AskPerson) else "",
            fields=proof.fields if isinstance(proof, Declare) else (),
            figure=self.figure(judgement),
            answer=self.answer(judgement.answer) if judgement.answer else None,
            records=tuple(self.record(r) for r in reversed(judgement.records)),
            do="" if judgement.do is None or isinstance(proof, AskPerson) else self.say(judgement.do),
            who=self.roles(judgement.who) if judgement.verdict not in _GOOD and judgement.who else "",
        )

    def what(self, judgement: Judgement) -> str:
        """What a piece of evidence is about."""
        match judgement.proof:
            case Measure(check=check):
                measurement = judgement.measured.measurement if judgement.measured else None
                check = measurement.check if measurement else check
                known = self.a.checks.get(check)
                title = self.say(known.title) if known else check
                if measurement is None:
                    return title
                return f"{title}: {known.about(measurement, self.language) if known else measurement.subject}"
            case Classify(topic=topic):
                return self.word(f"classification.{topic}")
            case proof if proof.kind == "process":
                return f.capital(self.word(f"record.{proof.record}"))
            case _:
                return ""

    def limit_words(self, judgement: Judgement) -> str:
        if judgement.limit is None:
            return self.t["no_limit"]
        outcome = judgement.measured.outcome if judgement.measured else None
        return f.limit(judgement.limit, outcome.unit if isinstance(outcome, Measured) else None, self.language)

    def limit_facts(self, judgement: Judgement) -> list[Row]:
        limit, t = judgement.limit, self.t
        facts = [Row(label=t["limit"], text=self.limit_words(judgement))]
        if limit is None:
            return facts
        chosen = limit.chosen_by or t["default_limit"]
        if limit.chosen_by and limit.chosen_on:
            chosen = t["chosen"].format(by=limit.chosen_by, on=f.day(limit.chosen_on, self.language))
        facts.append(Row(label=t["limit_by"], text=chosen))
        return facts

    def limit_reason(self, judgement: Judgement) -> str:
        """Why the limit lies there: ours in this language for a default, the organisation's own words for its choice."""
        if judgement.limit is None:
            return ""
        ours = judgement.proof.limit_reason if isinstance(judgement.proof, Measure) else None
        return self.say(ours) if judgement.limit.is_default and ours else judgement.limit.because

    def figure(self, judgement: Judgement) -> FigureView | None:
        """What was measured; none when nothing was."""
        evidence, t = judgement.measured, self.t
        if evidence is None:
            return None
        outcome, limit = evidence.outcome, judgement.limit
        facts, value, bounds = [], "", ""
        unit = None
        if isinstance(outcome, Measured):
            unit, value = outcome.unit, f.value(outcome, self.language, limit)
            bounds = f.interval_of(outcome, self.language, limit) or ""
            facts.append(Row(label=t["figure"], text=value))
            label = t["interval"]
            if outcome.confidence is not None:
                label = t["interval_at"].format(percent=f"{self.number(100 * outcome.confidence, None)}\u00a0%")
            facts.append(Row(label=label, text=bounds or t["counted_all" if outcome.exact else "no_interval"]))
        else:
            facts.append(Row(label=t["figure"], text=f.figure(outcome, self.language)))
        if outcome.rows:
            check = self.a.checks.get(evidence.measurement.check)
            counted = f.capital(self.say(check.counted)) if check else t["rows"]
            facts.append(Row(label=counted, text=self.number(outcome.rows)))
        facts += self.limit_facts(judgement)
        measured = t["measured_on"].format(
            place=f.place(evidence.measurement.dataset, self.language),
            on=f.day(evidence.measured_at.date(), self.language),
        )
        if judgement.valid_until:
            measured += " " + t["valid_until"].format(on=f.day(judgement.valid_until, self.language))
        groups = most_different(outcome.groups, as_ratio=unit is Unit.RATIO)
        rows = [self.group(g, outcome) for g in groups]
        small = [f.group_name(g, self.language) for g in groups if g.not_measurable is not None]
        details = [self.detail(d) for d in outcome.details]
        return FigureView(
            value=value,
            interval=bounds,
            what=self.what(judgement),
            facts=tuple(facts),
            limit_reason=self.limit_reason(judgement),
            measured=measured,
            chart=self.chart(outcome, groups, limit),
            groups=tuple(rows[:SHOWN_GROUPS]),
            more_groups=tuple(rows[SHOWN_GROUPS:]),
            compared=(t["ratio"] if unit is Unit.RATIO else t["difference"])
            if any(g.difference is not None for g in groups)
            else "",
            small=self.small(small),
            details=tuple(details[:SHOWN_GROUPS]),
            more_details=tuple(details[SHOWN_GROUPS:]),
            counted=any(d.value is None or d.rows for d in outcome.details),
            notes=tuple(self.say(n) for n in outcome.notes),
        )

    def small(self, names: Sequence[str]) -> str:
        if not names:
            return ""
        named = list(names[:_NAMED_SMALL])
        if len(names) > _NAMED_SMALL:
            named.append(self.t["and_more"].format(n=len(names) - _NAMED_SMALL))
        return self.t["small_groups"].format(n=len(names), names=", ".join(named))

    def chart(self, outcome: Measured | NotMeasurable, groups: Sequence[Group], limit: Limit | None) -> Chart | None:
        if isinstance(outcome, NotMeasurable):
            return None
        t = self.t
        if groups:
            plot = charts.plot_of_groups(outcome, groups, limit, self.language)
            compared = [g for g in groups if g.difference is not None]
            unit = outcome.unit if compared else outcome.group_unit or outcome.unit
            kind = "chart_gaps" if compared else "chart_own"
            if compared and any(g.is_reference for g in groups):
                kind = "chart_ratios" if unit is Unit.RATIO else "chart_differences"
            some = "chart_most_different" if compared else "chart_newest" if charts.in_time(groups) else "chart_first"
            first = t[some].format(n=charts.MOST_ROWS)
            more = first if len(groups) > charts.MOST_ROWS else ""
            title = t[kind].format(unit=self.word(f"unit.{unit}"))
        else:
            plot, title, more = charts.plot_of_figure(outcome, limit, self.language), t["chart_figure"], ""
        return None if plot is None else Chart(title=title, more=more, plot=plot, has_limit=bool(plot.zones))

    def group(self, group: Group, outcome: Measured | NotMeasurable) -> GroupRow:
        unit = outcome.unit if isinstance(outcome, Measured) else None
        notes = [self.t["reference_word"]] if group.is_reference else []
        notes += [self.say(group.not_measurable)] if group.not_measurable else []
        return GroupRow(
            name=f.group_name(group, self.language),
            rows=self.t["not_shown"] if group.rows is None else self.number(group.rows),
            own=self.with_interval(group.value, group.low, group.high, outcome.group_unit or unit),
            difference=self.with_interval(group.difference, group.difference_low, group.difference_high, unit),
            note=f.sentence(", ".join(notes)),
        )

    def with_interval(self, value: float | None, low: float | None, high: float | None, unit: Unit | None) -> str:
        """A value in a table: the usual digits of its unit, so that a column lines up."""
        if value is None:
            return "–"
        digits = f.digits_for([x for x in (value, low, high) if x is not None], unit or Unit.COUNT)
        text = self.number(value, digits)
        if unit is Unit.PERCENT:
            text = f.with_unit(text, unit, self.language)
        if low is None or high is None:
            return text
        return f"{text} ({f.interval(low, high, self.language, digits)})"

    def detail(self, detail: Detail) -> DetailRow:
        percent = detail.percent
        return DetailRow(
            name=f.detail_name(detail, self.language),
            counted=f.quantity(detail, self.language) or self.number(detail.counted),
            rows="–" if detail.value is not None else self.number(detail.rows),
            share="–" if percent is None else self.with_interval(percent, None, None, Unit.PERCENT),
            note=self.say(detail.note),
        )

    def answer(self, answer: Answer) -> AnswerView:
        by = [answer.by or self.t["no_name"]]
        by += [self.word(f"role.{answer.role}")] if answer.role else []
        by += [self.t["on_behalf"].format(whom=answer.on_behalf)] if answer.on_behalf else []
        return AnswerView(
            answer=f.capital(self.word(f"answer.{answer.answer}")),
            reasons=answer.because or self.t["no_reasons"],
            signed=", ".join([*by, f.day(answer.on, self.language)]),
            documents=answer.documents,
        )

    def record(self, record: Record) -> RecordView:
        signed = [self.t["recorded_by"].format(by=record.by)]
        signed += [self.t["took_part"].format(n=self.number(record.people))] if record.people is not None else []
        return RecordView(
            on=f.day(record.on, self.language),
            what=record.what,
            outcome=record.outcome or "",
            signed=", ".join(signed),
            documents=record.documents,
        )

    def versions(self) -> list[Row]:
        a, t = self.a, self.t
        rows = [
            Row(label=t["program"], text=a.made_by),
            Row(label=t["made_at"], text=f.moment(a.made_at, self.language)),
            Row(label=t["framework"], text=a.framework.digest),
            Row(label=t["card"], text=a.card_digest),
        ]
        for d in a.datasets:
            label = t["data_fingerprint"].format(name=d.name)
            rows.append(Row(label=f"{label} ({d.fingerprint.algorithm})", text=d.fingerprint.content))
            if d.fingerprint.bytes_sha256:
                rows.append(Row(label=f"{label} ({t['file_bytes']})", text=d.fingerprint.bytes_sha256))
        return rows


def most_different(groups: Sequence[Group], *, as_ratio: bool) -> list[Group]:
    """The reference group first, then the most different ones, then those without a figure."""

    def key(group: Group) -> tuple[int, float]:
        if group.is_reference:
            return 0, 0.0
        if group.difference is not None:
            return 1, group.difference if as_ratio else -abs(group.difference)
        return (2, 0.0) if group.not_measurable is None else (3, 0.0)

    return sorted(groups, key=key)


def telling(lines: Iterable[Line], number: int = 3) -> list[tuple[Line, Judgement]]:
    """The figures that say most, one for each requirement and each measurement once."""
    found = sorted(((line, j) for line in lines for j in line.judgements if _measured(j)), key=_most_telling)
    chosen: list[tuple[Line, Judgement]] = []
    seen: set[object] = set()
    for line, j in found:
        key = j.measured.measurement.key if j.measured else None
        if line.requirement.id not in seen and key not in seen:
            chosen.append((line, j))
            seen |= {line.requirement.id, key}
    return chosen[:number]


def _measured(judgement: Judgement) -> bool:
    return judgement.measured is not None and isinstance(judgement.measured.outcome, Measured)


def _most_telling(found: tuple[Line, Judgement]) -> tuple[int, bool, bool, float]:
    """The order: the worst verdict; what compares groups of people; what needs no explanation; how far past its limit."""
    judgement = found[1]
    outcome = judgement.measured.outcome if judgement.measured else None
    if not isinstance(outcome, Measured):
        raise TypeError("only figures can be put in order")
    plain = outcome.unit not in (Unit.RATIO, Unit.COEFFICIENT)
    return _TELLING.index(judgement.verdict), not outcome.groups, not plain, -_excess(outcome, judgement.limit)


def _excess(outcome: Measured, limit: Limit | None) -> float:
    """How far a figure lies past its limit, in limits; in the unit itself for a limit of 0. Negative within it."""
    if limit is None:
        return -math.inf
    past = [bound for bound in (limit.at_most, limit.at_least) if bound is not None]
    signed = [outcome.value - limit.at_most] if limit.at_most is not None else []
    signed += [limit.at_least - outcome.value] if limit.at_least is not None else []
    return max(distance / (abs(bound) or 1.0) for distance, bound in zip(signed, past, strict=True))
