"""What is measured, and what came out: dated, and tied to the data and the settings it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A figure to take: which check, of what, with which settings. Follows from the card alone.

    subject     what it is about, within the check: a column, an attribute, a combination ('sex × origin')
    settings    all that decides the figure besides the data; plain JSON values
    """

    check: str
    version: int
    dataset: str
    subject: str
    settings: Mapping[str, Any]

    @property
    def model(self) -> str | None:
        """The model on the card that is called for it, if one is."""
        return self.settings.get("model")

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same measurement, whatever its settings."""
        return self.check, self.dataset, self.subject


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The outcome of a measurement on the data as they were.

    model   what the model was, for a figure that comes from calling it
    """

    measurement: Measurement
    outcome: Outcome
    fingerprint: Fingerprint
    model: Fingerprint | None = None
    measured_at: datetime
    measured_by: str
    """Which program, in which version."""
