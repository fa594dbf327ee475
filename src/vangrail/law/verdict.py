"""What a classification says for a requirement that stands on the law (`classification: topic` in its evidence)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from vangrail.law.classification import HEADLINES, Classification, Conclusion
from vangrail.law.duties import Duty
from vangrail.law.texts import word
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language, Verdict

Topic = Literal[
    "classification", "scope", "prohibited", "high-risk", "transparency", "fria", "registration", "dpia", "duties"
]
TOPICS: tuple[str, ...] = get_args(Topic)
"""The topics that a requirement may name."""
_RULES = {
    "transparency": ("TRA-1", "TRA-2", "TRA-3", "TRA-4a", "TRA-4b"),
    "fria": ("FRI-01", "FRI-H"),
    "registration": ("DEP-13", "PRV-17", "HRX-G", "BEL-21"),
    "dpia": ("GDP-35",),
}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict, why, and what is missing for a better one."""

    verdict: Verdict
    because: Text
    missing: tuple[str, ...] = ()
    """Facts that are unknown and decide."""
    to_show: tuple[str, ...] = field(default=())
    """Ids of duties that apply now and that nobody has shown to be met."""


def verdict(classification: Classification, topic: str, shown: Collection[str] = ()) -> Judgement:
    """The verdict on a topic of the law.

    topic   one of `TOPICS`
    shown   ids of duties that a named person has shown to be met ("FRI-01", "TRA-1")

    "classification" and "scope" are met when the classification is complete: no headline answer is unknown. "prohibited"
    is met when nothing prohibited is found. The others follow the duties: not applicable when there is none or it starts
    later, unknown as long as a deciding fact is missing or a duty that applies now is not shown to be met. "duties" is
    not met when the practice is prohibited, and met when nothing that applies now is left to show.
    Raises      VangrailError for a topic that does not exist
    """
    if topic not in TOPICS:
        topics = ", ".join(TOPICS)
        raise VangrailError(
            both(nl=f"'{topic}' is geen onderwerp van de wet.", en=f"'{topic}' is not a topic of the law."),
            do=both(nl=f"Gebruik een van deze: {topics}.", en=f"Use one of: {topics}."),
        )
    match topic:
        case "classification" | "scope" | "high-risk":
            return _complete(classification, topic)
        case "prohibited":
            return _prohibited(classification)
        case "duties":
            return _all_duties(classification, shown)
        case _:
            wanted = [d for d in classification.duties if d.id in _RULES[topic]]
            return _of_duties(wanted, shown)


def _complete(classification: Classification, topic: str) -> Judgement:
    asked = {"scope": ("in-scope",), "high-risk": ("in-scope", "high-risk")}.get(topic, HEADLINES)
    answers = [classification.conclusion(h) for h in asked]
    missing = _missing(a for a in answers if a.answer is None)
    if any(a.answer is None for a in answers):
        return Judgement(verdict=Verdict.UNKNOWN, because=word("classification_open"), missing=missing)
    presumed = _missing(a for a in answers if not a.certain)
    key = "classification_presumed" if presumed else "classification_complete"
    return Judgement(verdict=Verdict.MET, because=word(key), missing=presumed)


def _missing(conclusions: Iterable[Conclusion]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f for c in conclusions for f in c.missing))


def _prohibited(classification: Classification) -> Judgement:
    now, later = classification.prohibited, classification.prohibited_later
    if now.answer or later.answer:
        answer = now if now.answer else later
        titles = [classification.title(r) for r in answer.rules]
        because = {
            lang: f"{word('prohibited_now')[lang]} {'; '.join(t[lang] for t in titles)}".strip() for lang in Language
        }
        # What is prohibited from a later day may not be started either: by the time it is used, it is prohibited.
        return Judgement(verdict=Verdict.NOT_MET, because=because, missing=answer.missing)
    if now.answer is None or later.answer is None:
        missing = tuple(dict.fromkeys((*now.missing, *later.missing)))
        return Judgement(verdict=Verdict.UNKNOWN, because=word("classification_open"), missing=missing)
    return Judgement(verdict=Verdict.MET, because=classification.title("PRO-Z"))


def _all_duties(classification: Classification, shown: Collection[str]) -> Judgement:
    forbidden = _prohibited(classification)
    if forbidden.verdict is Verdict.NOT_MET:
        return forbidden
    complete = _complete(classification, "classification")
    if complete.verdict is Verdict.UNKNOWN:
        return complete
    return _of_duties(classification.duties, shown, nothing=Verdict.MET)


def _of_duties(
    wanted: Collection[Duty], shown: Collection[str], nothing: Verdict = Verdict.NOT_APPLICABLE
) -> Judgement:
    due = [d for d in wanted if d.applies == "now" and d.id not in shown]
    if due:
        ids = tuple(d.id for d in due)
        return Judgement(verdict=Verdict.UNKNOWN, because=word("duties_now"), to_show=ids)
    open_ = [d for d in wanted if d.applies == "unknown" and d.id not in shown]
    if open_ and nothing is Verdict.NOT_APPLICABLE:
        missing = tuple(dict.fromkeys(f for d in open_ for f in d.missing))
        return Judgement(verdict=Verdict.UNKNOWN, because=word("classification_open"), missing=missing)
    if any(d.id in shown for d in wanted):
        return Judgement(verdict=Verdict.MET, because=word("applies"))
    later = sorted(d.from_day for d in wanted if d.from_day is not None and d.applies in ("later", "on_release"))
    return Judgement(verdict=nothing, because=_later(later) if later else word("not_applicable"))


def _later(days: list[date]) -> Text:
    return {lang: f"{word('duties_later')[lang]} ({word('later')[lang]} {days[0].isoformat()})" for lang in Language}
