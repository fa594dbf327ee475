"""Words that make a text hard, with what a writer could put instead."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DifficultWord:
    """A word or phrase that a plainer one can mostly replace; a proposal, never a rule."""

    word: str
    instead: tuple[str, ...]
