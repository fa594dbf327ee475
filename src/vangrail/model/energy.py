"""Factors that turn electricity into what it costs the world, each with its source and its year."""

from dataclasses import dataclass

from vangrail.model.framework import Source, Text


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A figure to multiply by, for one country or, where `country` is empty, for any.

    low, high   its range; empty where the source gives none
    named       where it comes from, in words that fit behind a figure
    """

    id: str
    unit: str
    year: int
    title: Text
    named: Text
    source: tuple[Source, ...]
    value: float
    low: float | None = None
    high: float | None = None
    country: str | None = None
