"""What a call to a language model elsewhere costs, as EcoLogits estimates it: from its size and the tokens that it writes.

The package works from tables that it ships; nothing is sent out (docs/decisions/0010-energy.md). It is an extra: without
it there is no estimate.
"""

import difflib
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

from vangrail.checks.energy.estimates import Range
from vangrail.model.framework import Text, both


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: watt-hours with the data centre around it; grams of CO2 equivalent of its electricity, and of the making of
    the computers; litres of water."""

    wh: Range
    grams: Range
    making_grams: Range
    litres: Range
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Why there is no estimate, and what to do."""

    reason: Text
    do: Text


def installed() -> str | None:
    """The version of EcoLogits that is there; nothing when there is none."""
    try:
        return version_of("ecologits")
    except PackageNotFoundError:
        return None


def estimate(*, provider: str, model: str, output_tokens: int, country: str | None) -> Call | Unknown:
    """What one call costs. The range is that of the size of the model, where its maker keeps it secret, and of the PUE."""
    if installed() is None:
        return Unknown(
            reason=both(
                nl="Voor deze schatting is het pakket EcoLogits nodig, en dat is er niet.",
                en="This estimate needs the package EcoLogits, which is not there.",
            ),
            do=both(
                nl='Installeer het met: pip install "vangrail[energy]"', en='Install it: pip install "vangrail[energy]"'
            ),
        )
    with _quiet():
        from ecologits.model_repository import models
        from ecologits.tracers.utils import llm_impacts

        known = sorted(m.name for m in models.list_models() if m.provider.value == provider)
        if model not in known:
            return _not_known(provider, model, known, sorted({m.provider.value for m in models.list_models()}))
        found = llm_impacts(provider, model, output_tokens, math.inf, country)
    if found.energy is None or found.usage is None or found.embodied is None or found.wcf is None:
        return Unknown(
            reason=both(
                nl=f"EcoLogits kent de stroom van land '{country}' niet.",
                en=f"EcoLogits does not know the electricity of country '{country}'.",
            ),
            do=both(
                nl="Schrijf het land in drie letters, zoals BEL of SWE, of laat 'country' weg.",
                en="Write the country in three letters, such as BEL or SWE, or leave out 'country'.",
            ),
        )
    return Call(
        wh=_range(found.energy.value) * 1000,
        grams=_range(found.usage.gwp.value) * 1000,
        making_grams=_range(found.embodied.gwp.value) * 1000,
        litres=_range(found.wcf.value),
        warnings=tuple(w.code for w in found.warnings or ()),
    )


def _not_known(provider: str, model: str, known: list[str], providers: list[str]) -> Unknown:
    if not known:
        names = ", ".join(providers)
        return Unknown(
            reason=both(
                nl=f"EcoLogits kent de aanbieder '{provider}' niet.",
                en=f"EcoLogits does not know the provider '{provider}'.",
            ),
            do=both(nl=f"Kies uit: {names}.", en=f"Choose from: {names}."),
        )
    near = ", ".join(difflib.get_close_matches(model, known, n=3, cutoff=0.3)) or ", ".join(known[:3])
    return Unknown(
        reason=both(
            nl=f"EcoLogits kent het model '{model}' van '{provider}' niet.",
            en=f"EcoLogits does not know the model '{model}' of '{provider}'.",
        ),
        do=both(
            nl=f"Schrijf de naam zoals in de oproep; misschien: {near}. Of vraag de leverancier om het cijfer.",
            en=f"Write the name as in the call; perhaps: {near}. Or ask the supplier for the figure.",
        ),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """EcoLogits makes its own kind of logger the one of the whole program, and prints its warnings: undo both."""
    before = logging.getLoggerClass()
    from ecologits.log import logger

    logging.setLoggerClass(before)
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled


def _range(value: Any) -> Range:
    """EcoLogits gives a number, or a lowest and a highest one; then the middle is the value, as it does itself."""
    if isinstance(value, int | float):
        return Range.of(float(value))
    return Range(value=float(value.mean), low=float(value.min), high=float(value.max))
