"""What a supplier said, beside what stands here now; and which fields of a card say what a supplier said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vangrail.model.board import Assessment
from vangrail.model.card import value_at
from vangrail.model.vocabulary import Verdict
from vangrail.web.applications.models import Application
from vangrail.web.look.templatetags.look import said
from vangrail.web.registering import words
from vangrail.web.suppliers.asking import Page, Question
from vangrail.web.suppliers.models import Enclosure, Questionnaire, Reply


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question with what the supplier says, and what stands here.

    now       what the card says; empty for what cannot stand on it
    verdict   of the requirement, for a question about one
    """

    question: Question
    reply: Reply | None
    answered: str
    now: str
    verdict: Verdict | None
    documents: tuple[Enclosure, ...]

    @property
    def says_something(self) -> bool:
        """Whether there is an answer to take over."""
        return bool(self.answered) and self.reply is not None and not self.reply.unknown

    @property
    def can_be_ticked(self) -> bool:
        """Whether it can be asked again, or taken over by a tick."""
        return self.reply is None or not self.reply.is_taken

    @property
    def same(self) -> bool:
        """Whether the card says that already."""
        return self.answered == self.now


def beside(held: Questionnaire, *, assessment: Assessment | None) -> list[tuple[Page, list[Line]]]:
    """Every question, page by page. Without an assessment nothing of our own is told: that is what the supplier sees."""
    replies = {r.key: r for r in held.replies.select_related("taken_by")}
    enclosed = list(held.enclosures.all())
    card = held.application.version.content if assessment is not None else {}
    return [(page, [_line(q, replies, enclosed, card, assessment) for q in page.questions]) for page in held.pages]


def _line(
    question: Question,
    replies: Mapping[str, Reply],
    enclosed: Sequence[Enclosure],
    card: Mapping[str, Any],
    assessment: Assessment | None,
) -> Line:
    reply = replies.get(question.key)
    verdict = None
    if assessment is not None and question.requirement is not None:
        verdict = next((x.verdict for x in assessment.board.lines if x.requirement.id == question.requirement), None)
    return Line(
        question=question,
        reply=reply,
        answered=_in_words(question, reply.value) if reply is not None else "",
        now=_in_words(question, value_at(dict(card), question.key)) if question.is_on_card else "",
        verdict=verdict,
        documents=tuple(e for e in enclosed if e.key == question.key),
    )


def _in_words(question: Question, value: Any) -> str:
    """A value as a person reads it; an item of a list on a line."""
    if value in (None, "", [], {}):
        return ""
    if question.items is None:
        return words.value(value, question.field)
    known = question.items.fields
    return "\n".join(
        " · ".join(f"{said(f.label).rstrip('?')}: {words.value(item[f.name], f)}" for f in known if item.get(f.name))
        for item in value
    )


def according_to(application: Application) -> dict[str, str]:
    """The single fields of the card that still say what a supplier said, with whose word it is and who took it over."""
    taken = Reply.objects.filter(questionnaire__application=application).exclude(taken_at=None)
    content = application.version.content
    found = {}
    for reply in taken.select_related("questionnaire", "taken_by").order_by("taken_at"):
        if "." in reply.key and value_at(content, reply.key) == reply.value:
            found[reply.key] = f"{reply.questionnaire.supplier} ({reply.taken_by})"
    return found
