"""What the terminal shows of a classification and of a question of the interview."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from vangrail.cli.output import console
from vangrail.exports import formatting
from vangrail.law import (
    Classification,
    Duty,
    Question,
    article_text,
    law_knowledge,
    outcome_text,
    questions,
    rule_title,
    value_text,
    word,
)
from vangrail.law.classification import HEADLINES
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

QUESTIONS = 5
"""How many open questions are shown; the interview asks them all."""

TEXT: dict[str, Text] = {
    "answer": both(
        nl="Antwoord (leeg = ik weet het niet, stop = later verder)",
        en="Answer (empty = I don't know, stop = go on later)",
    ),
    "no_questions": both(
        nl="Er zijn geen vragen meer die de uitkomst kunnen veranderen.",
        en="No question is left that can change the outcome.",
    ),
    "possible": both(nl="Nog mogelijk", en="Still possible"),
    "roles": both(nl="Jullie rol", en="Your role"),
    "roles_open": both(nl="misschien ook", en="perhaps also"),
    "sure": both(nl="zekerheid", en="certainty"),
    "flip": both(nl="Dit zou anders zijn als", en="This would differ if"),
    "duties": both(nl="Plichten", en="Duties"),
    "from": both(nl="vanaf", en="from"),
    "maybe": both(nl="misschien", en="perhaps"),
    "maybe_more": both(
        nl="{number} plichten gelden misschien; dat hangt af van wat nog niet bekend is.",
        en="{number} duties may apply; that depends on what is not known yet.",
    ),
    "questions": both(nl="Deze vragen brengen je het snelst verder", en="These questions get you furthest"),
    "more": both(
        nl="Beantwoord ze met: vangrail classify FOLDER --interview",
        en="Answer them with: vangrail classify FOLDER --interview",
    ),
    "why": both(nl="Waarom", en="Why"),
    "example": both(nl="Bijvoorbeeld", en="For example"),
    "left": both(nl="nog {number} open", en="{number} open"),
    "about_left": both(nl="nog ongeveer {number}", en="about {number} left"),
    "yes_no": both(nl="ja of nee", en="yes or no"),
    "several": both(nl="een of meer nummers met komma's, of 'geen'", en="one or more numbers with commas, or 'none'"),
    "one": both(nl="een nummer", en="a number from the list"),
    "number": both(nl="een getal", en="a number"),
    "date": both(nl="een dag, zoals 2026-11-22, of 'none'", en="a day, such as 2026-11-22, or 'none'"),
}


def print_classification(name: str, found: Classification, language: Language) -> None:
    """The outcome, the answers behind it, the duties with their days, and the questions that are open."""
    out = console()
    out.print()
    out.print(f"[bold]{escape(name)}[/] · {word('as_of')[language]} {formatting.day(found.on, language)}")
    out.print(f"[bold]{escape(outcome_text(found.outcome)[language])}[/]")
    if len(found.outcomes_possible) > 1:
        for outcome in sorted(found.outcomes_possible - {found.outcome}):
            out.print(f"  {TEXT['possible'][language]}: {escape(outcome_text(outcome)[language])}", style="dim")
    roles = ", ".join(rule_title(r)[language] for r in sorted(found.roles))
    roles = roles or word("unknown" if found.roles_unknown else "none")[language]
    out.print(f"{TEXT['roles'][language]}: {escape(roles)}")
    out.print()
    _print_answers(found, language)
    _print_duties(found, language)
    ahead = found.next_questions
    if ahead:
        out.print()
        out.print(f"[bold]{TEXT['questions'][language]}[/] ({TEXT['left'][language].format(number=len(ahead))})")
        for question in ahead[:QUESTIONS]:
            out.print(
                f"• {escape(question.question[language])} [dim]{question.fact}, {article_text(question.article)[language]}[/]"
            )
        out.print(TEXT["more"][language], style="dim")
    out.print()
    out.print(word("proposal")[language], style="dim")


def _print_answers(found: Classification, language: Language) -> None:
    out, levels = console(), law_knowledge().certainty
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(style="dim")
    rules = law_knowledge().rules
    for id_ in HEADLINES:
        conclusion = found.conclusion(id_)
        answer = {True: "yes", False: "no", None: "unknown"}[conclusion.answer]
        articles = (
            ", ".join(dict.fromkeys(rules[r].article for r in conclusion.rules if r in rules))
            if conclusion.answer
            else ""
        )
        parts = [article_text(articles)[language]] if articles else []
        if conclusion.answer and conclusion.certainty not in ("S1", "S2"):
            parts.append(f"{conclusion.certainty}: {levels[conclusion.certainty][language]}")
        if conclusion.answer is not None and not conclusion.certain:
            parts.append(word("presumed")[language])
        table.add_row(escape(found.title(id_)[language]), word(answer)[language], escape("; ".join(parts)))
    out.print(table)
    for id_ in ("prohibited", "high-risk"):
        conclusion = found.conclusion(id_)
        if conclusion.answer:
            for flip in found.flips(id_, limit=3):
                changes = ", ".join(
                    f"{_short(f, language)} = {value_text(f, v)[language]}" for f, v in flip.changes.items()
                )
                out.print(f"  {TEXT['flip'][language]}: {escape(changes)}", style="dim")
    for point in found.open_points:
        out.print(f"  {point}: {escape(found.title(point)[language])}", style="dim")


def _short(fact: str, language: Language) -> str:
    return questions()[fact].short[language]


def _print_duties(found: Classification, language: Language) -> None:
    out = console()
    shown = [d for d in found.duties if d.applies != "unknown"]
    out.print()
    out.print(f"[bold]{TEXT['duties'][language]}[/]")
    table = Table(box=None, padding=(0, 1), show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for duty in sorted(shown, key=lambda d: (d.applies != "now", str(d.from_day))):
        text = f"[bold]{escape(duty.title[language])}[/] ({escape(article_text(duty.article)[language])}): {escape(duty.text[language])}"
        table.add_row(_when(duty, language), duty.id, text + _doubt(duty, language))
    out.print(table)
    maybe = len(found.duties) - len(shown)
    if maybe:
        out.print(TEXT["maybe_more"][language].format(number=maybe), style="dim")


def _when(duty: Duty, language: Language) -> str:
    if duty.applies == "now":
        return word("now")[language]
    if duty.applies == "on_release" or duty.from_day is None:
        return word("on_release")[language]
    return f"{TEXT['from'][language]} {duty.from_day.isoformat()}"


def _doubt(duty: Duty, language: Language) -> str:
    parts: Sequence[str] = [
        *(
            [f"{word('contested')[language]}: {' / '.join(d.isoformat() for d in duty.contested)}"]
            if duty.contested
            else []
        ),
        *([word("presumed")[language]] if duty.presumed else []),
        *([duty.certainty] if duty.certainty in ("S3", "S4") else []),
    ]
    return f" [dim]{escape('; '.join(parts))}[/]" if parts else ""


def print_question(question: Question, left: int, language: Language) -> None:
    """One question, why it is asked, an example, what can be answered, and about how many are left."""
    out = console()
    out.print()
    about = TEXT["about_left"][language].format(number=left)
    out.print(f"[bold]{escape(question.question[language])}[/] [dim]({about})[/]")
    out.print(
        f"{TEXT['why'][language]}: {escape(question.why[language])} [dim]{article_text(question.article)[language]}[/]"
    )
    out.print(f"{TEXT['example'][language]}: {escape(question.example[language])}", style="dim")
    for number, (_, text) in enumerate(question.values.items(), start=1):
        out.print(f"  {number}. {escape(text[language])}")
    kind = {"yes_no": "yes_no", "choice": "one", "choices": "several", "number": "number", "date": "date"}[
        question.kind
    ]
    out.print(TEXT[kind][language], style="dim")
