"""What the checks on selective labels share."""

from collections.abc import Iterator

from vangrail.checks import comparing
from vangrail.checks.comparing import ADVICE, OUTCOME, RANDOM, SELECTED, Rate
from vangrail.model.card import Card, DecisionLog
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both

WANTS = both(
    nl="een beslissingslogboek waarvan de uitkomst alleen bekend is voor gekozen dossiers ('known_for: selected')",
    en="a decision log whose outcome is known only for selected cases ('known_for: selected')",
)


def plan(card: Card, check: str, version: int) -> Iterator[Measurement]:
    """One measurement per characteristic and intersection, where outcomes are known only for selected cases."""
    log = card.decision_log
    if log is not None and log.outcome is not None and log.outcome.known_for == "selected":
        yield from comparing.plan(card, check, version)


def chosen(log: DecisionLog) -> dict[str, bool]:
    """When a case was selected because of the advice: marked as checked (or advised), and not drawn at random."""
    mark = {SELECTED: True} if log.selected is not None else {ADVICE: True}
    return mark | ({RANDOM: False} if log.random_sample is not None else {})


def hit_rate(log: DecisionLog) -> Rate:
    """How often a check of a selected case found something."""
    return Rate(given=chosen(log), counted={OUTCOME: True})


def base_rate(log: DecisionLog) -> Rate:
    """How often there is something to find, in cases drawn at random."""
    return Rate(given={RANDOM: True}, counted={OUTCOME: True})


def selection_rate(log: DecisionLog) -> Rate:
    """How often a case that was not drawn at random was selected."""
    mark = {k: v for k, v in chosen(log).items() if k != RANDOM}
    return Rate(given={RANDOM: False} if log.random_sample is not None else {}, counted=mark)


def not_applicable(card: Card) -> Text | None:
    """A log whose outcomes are known for all cases has no selective labels."""
    log = card.decision_log
    if log is None or log.outcome is None or log.outcome.known_for == "selected":
        return None
    return both(
        nl="De uitkomst is bekend voor alle gevallen, niet alleen voor gekozen dossiers.",
        en="The outcome is known for all cases, not only for selected ones.",
    )
