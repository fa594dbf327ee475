"""What the terminal shows: tables for people. All words come from the glossary, all numbers from `exports.formatting`."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Line_

from vangrail.checks import Check
from vangrail.exports import formatting
from vangrail.model.board import Assessment, Judgement, Line
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    Framework,
    Measure,
    Process,
    Proof,
    Requirement,
    Text,
    VerifyLedger,
    both,
)
from vangrail.model.outcome import Group, Measured, NotMeasurable
from vangrail.model.vocabulary import Language, Verdict

MARK = {
    Verdict.MET: ("✓", "green"),
    Verdict.NOT_MET: ("✗", "bold red"),
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.EXPIRED: ("⧖", "yellow"),
    Verdict.PARTLY: ("◐", "yellow"),
    Verdict.NOT_APPLICABLE: ("–", "dim"),
}
FIGURES = 3
"""How many figures of a requirement the board shows; `explain` shows all."""
_WORST = list(Verdict)


def console() -> Console:
    """A console that does not colour text that goes to a file, and does not cut it off there either."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=140)


def print_board(found: Assessment, language: Language) -> None:
    """A table per principle, then the totals and what the next gate lacks."""
    out, board, framework = console(), found.board, found.framework
    card = found.card
    out.print()
    out.print(f"[bold]{escape(card.name)}[/] · {escape(card.organisation.name)}")
    out.print(
        f"{formatting.phase_word(board.phase, language, framework)} · {formatting.day(board.on, language)}", style="dim"
    )
    for dataset in found.datasets:
        rows = formatting.number(dataset.fingerprint.rows, language, digits=0)
        chosen = f" ({_CHOSEN[language]})" if card.datasets[dataset.name].where else ""
        out.print(f"{escape(dataset.name)}: {rows} {_ROWS[language]}{chosen}", style="dim")
        for note in dataset.notes:
            out.print(f"  {escape(note[language])}", style="dim")
    for principle in framework.principles:
        lines = [line for line in board.asked if line.requirement.principle == principle.id]
        if not lines:
            continue
        table = Table(
            title=f"{principle.number}. {escape(principle.title[language])}",
            title_justify="left",
            title_style="bold",
            box=None,
            padding=(0, 1),
            expand=True,
        )
        table.add_column(_REQUIREMENT[language], no_wrap=True)
        table.add_column("", ratio=2)
        table.add_column(_VERDICT[language], no_wrap=True)
        table.add_column(_WHY[language], ratio=4)
        for line in lines:
            table.add_row(
                line.requirement.id,
                escape(line.requirement.title[language]),
                _mark(line.verdict, framework, language),
                _why(line, found, language),
            )
        out.print()
        out.print(table)
    _print_totals(out, found, language)


def _print_totals(out: Console, found: Assessment, language: Language) -> None:
    framework, counts = found.framework, found.board.count()
    out.print()
    parts = [f"{counts[v]} {formatting.verdict_word(v, language, framework)}" for v in Verdict if counts[v]]
    out.print(f"[bold]{len(found.board.asked)}[/] {_ASKED[language]}: {', '.join(parts)}.")
    later = len(found.board.lines) - len(found.board.asked)
    if later:
        out.print(_LATER[language].format(number=later), style="dim")
    if found.gate is not None:
        lacking = len({lack.line.requirement.id for lack in found.gate.lacks})
        out.print(_GATE[language].format(title=found.gate.gate.title[language], number=lacking))


def _mark(verdict: Verdict, framework: Framework, language: Language) -> Line_:
    sign, style = MARK[verdict]
    return Line_(f"{sign} {formatting.verdict_word(verdict, language, framework)}", style=style)


def _why(line: Line, found: Assessment, language: Language) -> str:
    measured = [j for j in line.judgements if j.measured is not None]
    if not measured:
        return escape(line.because[language])
    # The worst verdicts first, and of the same verdict the figure that lies farthest past or nearest to its limit.
    measured.sort(key=lambda j: (_WORST.index(j.verdict), -_severity(j)))
    shown = [_figure_line(j, found, language) for j in measured[:FIGURES]]
    others = [j for j in line.judgements if j.measured is None and j.verdict is line.verdict and j.verdict not in _GOOD]
    shown += [escape(j.because[language]) for j in others[:1]]
    more = len(measured) - FIGURES
    if more > 0:
        shown.append(f"[dim]{_MORE[language].format(number=more, id=line.requirement.id)}[/]")
    return "\n".join(shown)


_GOOD = (Verdict.MET, Verdict.NOT_APPLICABLE)


def _severity(judgement: Judgement) -> float:
    """How far the figure lies past its limit, in its own unit; for sorting only."""
    outcome = judgement.measured.outcome if judgement.measured else None
    if not isinstance(outcome, Measured):
        return float("-inf")
    limit = judgement.limit
    if limit is None:
        return outcome.value
    past = [outcome.value - limit.at_most] if limit.at_most is not None else []
    past += [limit.at_least - outcome.value] if limit.at_least is not None else []
    return max(past)


def _figure_line(judgement: Judgement, found: Assessment, language: Language) -> str:
    evidence = judgement.measured
    if evidence is None:
        raise TypeError("this judgement stands on no figure")
    check = found.checks[evidence.measurement.check]
    sign, style = MARK[judgement.verdict]
    start = (
        f"[{style}]{sign}[/] {escape(check.title[language])}, {escape(check.about(evidence.measurement, language))}: "
    )
    outcome = evidence.outcome
    if isinstance(outcome, NotMeasurable):
        return start + escape(outcome.reason[language])
    parts = [formatting.figure(outcome, language)]
    if outcome.rows:  # a figure that is reckoned from the card alone rests on none
        parts.append(f"{formatting.number(outcome.rows, language, digits=0)} {check.counted[language]}")
    if judgement.limit is not None and judgement.verdict is not Verdict.NOT_APPLICABLE:
        parts.append(f"{_LIMIT[language]} {formatting.limit(judgement.limit, outcome.unit, language)}")
    if judgement.verdict not in (Verdict.MET, Verdict.NOT_MET):
        parts.append(escape(judgement.because[language]))
    return start + " · ".join(parts)


def print_line(line: Line, found: Assessment, language: Language) -> None:
    """Everything behind the verdict of one requirement."""
    out, framework = console(), found.framework
    requirement = line.requirement
    out.print()
    out.print(f"[bold]{requirement.id}[/] {escape(requirement.title[language])}")
    out.print(_mark(line.verdict, framework, language))
    out.print(escape(requirement.why[language]), style="dim")
    said: set[str] = set()  # what holds for several figures is said at the first
    for judgement in line.judgements:
        out.print()
        if judgement.measured is not None:
            out.print(_figure_line(judgement, found, language))
            _print_outcome(out, judgement, language, said)
        else:
            sign, style = MARK[judgement.verdict]
            proof = judgement.proof
            known = found.checks.get(proof.check) if isinstance(proof, Measure) else None
            kind = known.title[language] if known else _kind(proof, language)
            out.print(f"[{style}]{sign}[/] {escape(kind)}: {escape(judgement.because[language])}")
            if judgement.answer is not None and judgement.answer.role is not None:
                role = formatting.role_word(judgement.answer.role, language, framework)
                out.print(f"  {escape(role)}, {formatting.day(judgement.answer.on, language)}", style="dim")
        if judgement.do is not None:
            out.print(f"  → {escape(judgement.do[language])}")
        if judgement.who and judgement.verdict not in _GOOD:
            who = ", ".join(formatting.role_word(r, language, framework) for r in judgement.who)
            out.print(f"  {_WHO[language]}: {who}", style="dim")


def _print_outcome(out: Console, judgement: Judgement, language: Language, said: set[str]) -> None:
    evidence = judgement.measured
    if evidence is None:
        return
    outcome = evidence.outcome
    for text in (*_limit_reason(judgement, language), *(note[language] for note in outcome.notes)):
        if text not in said:
            said.add(text)
            out.print(f"  {escape(text)}", style="dim")
    if outcome.groups:
        out.print(_groups(outcome, language))
    shown = [d for d in outcome.details if d.counted or d.value is not None]
    if shown:
        table = Table(box=None, padding=(0, 1))
        counted = any(d.value is None or d.rows for d in shown)
        for heading in ("", _COUNTED[language] if counted else _VALUE[language], "%" if counted else "", ""):
            table.add_column(heading, justify="right" if heading else "left")
        for detail in shown:
            percent = "" if detail.percent is None else formatting.number(detail.percent, language, digits=2)
            count = formatting.quantity(detail, language) or formatting.number(detail.counted, language, digits=0)
            note = escape(detail.note[language]) if detail.note else ""
            table.add_row(f"  {escape(formatting.detail_name(detail, language))}", count, percent, note)
        out.print(table)
    when = formatting.day(evidence.measured_at.date(), language)
    held = f", {evidence.fingerprint.content[:16]}…" if evidence.fingerprint.content else ""
    out.print(f"  {when}, {evidence.measured_by}{held}", style="dim")


def _limit_reason(judgement: Judgement, language: Language) -> list[str]:
    """Where the limit comes from: who chose it and why, or that it is only our proposal."""
    limit, proof = judgement.limit, judgement.proof
    if limit is None or judgement.verdict is Verdict.NOT_APPLICABLE:
        return []
    if limit.chosen_by is not None:
        return [f"{_LIMIT[language]}: {limit.chosen_by}: {limit.because}"]
    reason = proof.limit_reason.get(language, "") if isinstance(proof, Measure) else ""
    return [f"{_LIMIT[language]}: {_DEFAULT[language]}. {reason}"]


def _groups(outcome: Measured | NotMeasurable, language: Language) -> Table:
    table = Table(box=None, padding=(0, 1))
    table.add_column("")
    for heading in (_NUMBER[language], _OWN[language], _COMPARED[language]):
        table.add_column(heading, justify="right")
    table.add_column("")
    for group in outcome.groups:
        rows = "–" if group.rows is None else formatting.number(group.rows, language, digits=0)
        own = _range(group.value, group.low, group.high, language)
        compared = _range(group.difference, group.difference_low, group.difference_high, language)
        name = formatting.group_name(group, language)
        table.add_row(f"  {escape(name)}", rows, own, compared, _group_note(group, language))
    return table


def _group_note(group: Group, language: Language) -> str:
    if group.not_measurable is not None:
        return escape(group.not_measurable[language])
    return _REFERENCE[language] if group.is_reference else ""


def _range(value: float | None, low: float | None, high: float | None, language: Language) -> str:
    if value is None:
        return ""
    shown = formatting.number(value, language, digits=2)
    if low is None or high is None:
        return shown
    ends = (formatting.number(x, language, digits=2) for x in (low, high))
    return f"{shown} ({_TO[language].join(ends)})"


def print_norms(framework: Framework, language: Language) -> None:
    """All requirements, by principle."""
    out = console()
    for principle in framework.principles:
        out.print()
        out.print(f"[bold]{principle.number}. {escape(principle.title[language])}[/]")
        out.print(escape(principle.summary[language]), style="dim")
        table = Table(box=None, padding=(0, 1), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column()
        table.add_column(style="dim")
        for requirement in framework.requirements:
            if requirement.principle == principle.id:
                phases = ", ".join(formatting.phase_word(p, language, framework) for p in requirement.phases)
                table.add_row(requirement.id, escape(requirement.title[language]), phases)
        out.print(table)


def print_norm(framework: Framework, requirement: Requirement, language: Language) -> None:
    """One requirement, in full."""
    out = console()
    out.print()
    out.print(f"[bold]{requirement.id}[/] {escape(requirement.title[language])}")
    conditions = {c.id: c.title[language] for c in framework.conditions}
    if requirement.conditions:
        out.print(", ".join(escape(conditions[c]) for c in requirement.conditions), style="dim")
    out.print()
    out.print(f"[bold]{_WHY_ASKED[language]}[/] {escape(requirement.why[language])}")
    out.print(f"[bold]{_GOOD_ANSWER[language]}[/] {escape(requirement.good[language])}")
    out.print()
    for proof in requirement.evidence:
        since = f" ({_FROM[language]} {formatting.phase_word(proof.since, language, framework)})" if proof.since else ""
        out.print(f"• {escape(_kind(proof, language))}{since}: {escape(_asks(proof, language))}")
    out.print()
    works = {w.id: w.title[language] for w in framework.works}
    for source in requirement.source:
        out.print(f"{_SOURCE[language]}: {escape(works[source.work])}, {escape(source.passage)}", style="dim")
    who = ", ".join(formatting.role_word(r, language, framework) for r in requirement.answered_by)
    out.print(f"{_WHO[language]}: {who}", style="dim")
    phases = ", ".join(formatting.phase_word(p, language, framework) for p in requirement.phases)
    out.print(f"{_PHASES[language]}: {phases}", style="dim")


def print_checks(chosen: Sequence[Check], serves: Mapping[str, Sequence[str]], language: Language) -> None:
    """What can be measured, per family."""
    out = console()
    family = ""
    for check in chosen:
        if check.family != family:
            family = check.family
            out.print(f"\n[bold]{family}[/]")
        out.print(f"\n[bold]{check.id}[/] {escape(check.title[language])}")
        out.print(f"  {escape(check.measures[language])}")
        out.print(f"  {_WANTS[language]}: {escape(check.wants[language])}", style="dim")
        out.print(f"  {_FORMULA[language]}: {escape(check.formula)}", style="dim")
        out.print(f"  {_SOURCE[language]}: {escape(check.source)}", style="dim")
        out.print(f"  {_SERVES[language]}: {', '.join(serves[check.id])}", style="dim")
        if check.origin is not None:
            out.print(f"  {_ORIGIN[language]}: {escape(check.origin)}", style="dim")


def print_gate(found: Assessment, language: Language) -> None:
    """What the next gate lacks, by requirement, and who can supply it."""
    out, view, framework = console(), found.gate, found.framework
    out.print()
    if view is None:
        out.print(_NO_GATE[language])
        return
    out.print(f"[bold]{escape(view.gate.title[language])}[/]")
    may = ", ".join(formatting.role_word(r, language, framework) for r in view.gate.opened_by)
    out.print(f"{_MAY[language]}: {may}", style="dim")
    if view.gate.advice_of:
        advice = ", ".join(formatting.role_word(r, language, framework) for r in view.gate.advice_of)
        out.print(f"{_ADVICE[language]}: {advice}", style="dim")
    out.print(_MET_COUNT[language].format(met=len(view.met), all=len(found.board.asked)))
    table = Table(box=None, padding=(0, 1), expand=True)
    table.add_column(_REQUIREMENT[language], no_wrap=True)
    table.add_column(_VERDICT[language], no_wrap=True)
    table.add_column(_LACKING[language], ratio=4)
    table.add_column(_WHO[language], ratio=1)
    for lack in view.lacks:
        who = ", ".join(formatting.role_word(r, language, framework) for r in lack.who)
        table.add_row(
            lack.line.requirement.id, _mark(lack.line.verdict, framework, language), escape(lack.what[language]), who
        )
    if view.lacks:
        out.print(table)


def _kind(proof: Proof, language: Language) -> str:
    match proof:
        case Measure():
            return f"{_MEASURE[language]} '{proof.check}'"
        case AskPerson():
            return _ANSWER[language]
        case Declare():
            return _DECLARE[language]
        case Process():
            return _PROCESS[language]
        case Classify():
            return _CLASSIFY[language]
        case VerifyLedger():
            return _LEDGER[language]


def _asks(proof: Proof, language: Language) -> str:
    match proof:
        case Measure(limit=limit) if limit is not None:
            bound = limit.at_most if limit.at_most is not None else limit.at_least
            word = _AT_MOST if limit.at_most is not None else _AT_LEAST
            return f"{word[language]} {formatting.number(bound or 0.0, language)}. {proof.limit_reason[language]}"
        case Measure():
            return _NO_DEFAULT[language]
        case AskPerson():
            return proof.question[language]
        case Declare():
            return ", ".join(proof.fields)
        case Process():
            return f"{proof.record.value} ({_VALID[language].format(months=proof.valid_months)})"
        case Classify():
            return proof.topic
        case VerifyLedger():
            return _SOUND[language]


_REQUIREMENT: Text = both(nl="Eis", en="Requirement")
_VERDICT: Text = both(nl="Oordeel", en="Verdict")
_WHY: Text = both(nl="Waarom", en="Why")
_ROWS: Text = both(nl="rijen", en="rows")
_NUMBER: Text = both(nl="aantal", en="number")
_CHOSEN: Text = both(
    nl="in de bron; 'where' op de kaart kiest welke meetellen",
    en="in the source; 'where' on the card picks those that count",
)
_LIMIT: Text = both(nl="grens", en="limit")
_DEFAULT: Text = both(nl="voorstel van Vangrail, geen eigen keuze", en="Vangrail's proposal, not your own choice")
_ASKED: Text = both(nl="eisen in deze fase", en="requirements in this phase")
_LATER: Text = both(
    nl="Nog {number} eisen komen in een latere fase.", en="Another {number} are asked in a later phase."
)
_GATE: Text = both(
    nl="Volgende poort: {title}\nWat daarvoor nog ontbreekt (bij {number} eisen): vangrail gate",
    en="Next gate: {title}\nWhat is still lacking for it ({number} requirements): vangrail gate",
)
_MORE: Text = both(
    nl="Nog meer cijfers ({number}): vangrail explain {id}", en="More figures ({number}): vangrail explain {id}"
)
_WHO: Text = both(nl="Wie", en="Who")
_COUNTED: Text = both(nl="aantal", en="number")
_VALUE: Text = both(nl="waarde", en="value")
_OWN: Text = both(nl="eigen cijfer", en="own figure")
_COMPARED: Text = both(nl="vergeleken", en="compared")
_REFERENCE: Text = both(nl="referentie", en="reference")
_TO: Text = both(nl=" tot ", en=" to ")
_WHY_ASKED: Text = both(nl="Waarom gevraagd:", en="Why asked:")
_GOOD_ANSWER: Text = both(nl="Een goed antwoord:", en="A good answer:")
_SOURCE: Text = both(nl="Bron", en="Source")
_PHASES: Text = both(nl="Fasen", en="Phases")
_FROM: Text = both(nl="vanaf", en="from")
_WANTS: Text = both(nl="Nodig", en="Needs")
_FORMULA: Text = both(nl="Formule", en="Formula")
_SERVES: Text = both(nl="Voor", en="For")
_ORIGIN: Text = both(nl="Eigen meting, uit", en="Check of your own, from")
_NO_GATE: Text = both(nl="Na deze fase komt geen poort meer.", en="No gate follows this phase.")
_MAY: Text = both(nl="Beslist door", en="Decided by")
_ADVICE: Text = both(nl="Na advies van", en="After advice of")
_MET_COUNT: Text = both(nl="{met} van {all} eisen in orde.", en="{met} of {all} requirements in order.")
_LACKING: Text = both(nl="Wat ontbreekt", en="What is lacking")
_MEASURE: Text = both(nl="Meting", en="Measurement")
_ANSWER: Text = both(nl="Antwoord van een persoon", en="Answer of a person")
_DECLARE: Text = both(nl="Op de kaart", en="On the card")
_PROCESS: Text = both(nl="Gebeurd en genoteerd", en="Happened and recorded")
_CLASSIFY: Text = both(nl="Volgens de wet", en="Under the law")
_LEDGER: Text = both(nl="Logboek", en="Ledger")
_AT_MOST: Text = both(nl="hoogstens", en="at most")
_AT_LEAST: Text = both(nl="minstens", en="at least")
_NO_DEFAULT: Text = both(nl="kies zelf een grens op de kaart", en="choose a limit on the card yourself")
_VALID: Text = both(nl="geldt {months} maanden", en="valid for {months} months")
_SOUND: Text = both(nl="niets is gewijzigd of weggelaten", en="nothing was changed or left out")
