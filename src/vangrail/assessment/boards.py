"""The board of an application on a day, and what its next gate still lacks."""

from collections.abc import Iterator, Sequence

from vangrail import knowledge
from vangrail.assessment.judging import Known, is_further, judge
from vangrail.model.board import Board, GateView, Judgement, Lack, Line
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Framework, Gate, Requirement, Text, both
from vangrail.model.vocabulary import Language, Role, Verdict

GOOD = (Verdict.MET, Verdict.NOT_APPLICABLE)


def board(framework: Framework, known: Known) -> Board:
    """One line per requirement that is valid on that day."""
    valid = [
        r
        for r in framework.requirements
        if r.valid_from <= known.on and (r.valid_until is None or known.on <= r.valid_until)
    ]
    return Board(on=known.on, phase=known.card.phase, lines=tuple(_line(r, known) for r in valid))


def _line(requirement: Requirement, known: Known) -> Line:
    judgements = judge(requirement, known)
    set_aside = next((j for j in judgements if j.answer and j.verdict is Verdict.NOT_APPLICABLE), None)
    # A named person may say that a requirement does not apply. That never sets aside a figure that fails it, or who objects.
    if set_aside is not None and all(j.verdict is not Verdict.NOT_MET and not j.objections for j in judgements):
        return Line(
            requirement=requirement,
            verdict=Verdict.NOT_APPLICABLE,
            because=set_aside.because,
            judgements=judgements,
            asked=requirement.asked_in(known.card.phase),
        )
    # What the organisation measures besides can pull the verdict down, and never lift it or stand in for what is asked.
    asked = Verdict.worst([j.verdict for j in judgements if not is_further(j, known)])
    further = [j.verdict for j in judgements if is_further(j, known) and j.verdict not in GOOD]
    verdict = Verdict.worst([asked, *further])
    return Line(
        requirement=requirement,
        verdict=verdict,
        because=_because(verdict, judgements),
        judgements=judgements,
        asked=requirement.asked_in(known.card.phase),
    )


def _because(verdict: Verdict, judgements: Sequence[Judgement]) -> Text:
    """The reason of the first judgement that decided, and how many more there are like it."""
    deciding = [j for j in judgements if j.verdict is verdict]
    first, others = deciding[0].because, len(deciding) - 1
    if not others or verdict in GOOD:
        return first
    more = (
        both(nl="Er is nog 1 andere reden.", en="There is 1 more reason.")
        if others == 1
        else both(nl=f"Er zijn nog {others} andere redenen.", en=f"There are {others} more reasons.")
    )
    return {language: f"{text} {more[language]}" for language, text in first.items()}


def gate_view(framework: Framework, board_: Board) -> GateView | None:
    """What the gate that closes this phase shows; none when the phase has no gate."""
    gate = next((g for g in framework.gates if g.after is board_.phase), None)
    if gate is None:
        return None
    met = tuple(line for line in board_.asked if line.verdict in GOOD)
    lacks = tuple(lack for line in board_.asked if line.verdict not in GOOD for lack in _lacks(line))
    return GateView(gate=gate, met=met, lacks=lacks)


def _lacks(line: Line) -> Iterator[Lack]:
    """What a requirement lacks; thirty figures that lack the same are one thing to do, with their number behind it."""
    open_ = [(_what(j), j.who) for j in line.judgements if j.verdict not in GOOD]
    for number, (what, who) in enumerate(open_):
        if (what, who) in open_[:number]:
            continue
        times = open_.count((what, who))
        said = what if times == 1 else {language: f"{text} ({times}×)" for language, text in what.items()}
        yield Lack(line=line, what=said, who=who)


def _what(judgement: Judgement) -> Text:
    return (
        judgement.because
        if judgement.do is None
        else {language: f"{text} {judgement.do[language]}" for language, text in judgement.because.items()}
    )


def require_may_decide(gate: Gate, *, by: str, role: Role, people: dict[Role, str], reasons: str) -> None:
    """A gate is decided by a person with a name, a role that may, and reasons. VangrailError when one is missing."""
    if role not in gate.opened_by:
        raise VangrailError(
            both(
                nl=f"Over deze poort mag de {_in_dutch(role)} niet beslissen.",
                en=f"A person in the role '{role}' may not decide about this gate.",
            ),
            do=both(
                nl=f"Hierover beslist: {', '.join(map(_in_dutch, gate.opened_by))}.",
                en=f"It is decided by: {', '.join(gate.opened_by)}.",
            ),
        )
    require_named(by=by, role=role, people=people, reasons=reasons)


def _in_dutch(role: Role) -> str:
    """The word for a role; in English its code, which the command line asks."""
    return knowledge.framework().term(f"role.{role}").title[Language.NL]


def require_named(*, by: str, role: Role, people: dict[Role, str], reasons: str) -> None:
    """Whoever decides or confirms has a name that the card gives for the role, and reasons. VangrailError when not."""
    if not by.strip() or people.get(role, "").strip().casefold() != by.strip().casefold():
        raise VangrailError(
            both(
                nl=f"De kaart noemt '{by}' niet als {_in_dutch(role)}.", en=f"The card does not name '{by}' as {role}."
            ),
            why=both(
                nl="Alleen wie de organisatie daarvoor aanwees, kan beslissen (tru-acc-1).",
                en="Only a person whom the organisation named for it can decide (tru-acc-1).",
            ),
            do=both(
                nl=f"Zet de naam op de kaart bij 'people: {role}: name:', of laat beslissen wie daar staat.",
                en=f"Put the name on the card under 'people: {role}: name:', or let the person who is named there decide.",
            ),
        )
    if len(reasons.split()) < 3:
        raise VangrailError(
            both(nl="De redenen ontbreken of zijn te kort.", en="The reasons are missing or too short."),
            why=both(
                nl="Wie dit later leest, moet kunnen volgen waarom zo beslist werd.",
                en="Whoever reads this later must be able to follow why it was decided so.",
            ),
            do=both(nl="Schrijf minstens één zin.", en="Write at least one sentence."),
        )
