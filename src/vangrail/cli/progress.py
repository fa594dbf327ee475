"""What is being measured at this moment, on standard error, and only to a person who looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from vangrail.checks import Check
from vangrail.exports import formatting
from vangrail.model.evidence import Measurement
from vangrail.model.outcome import Measured, Outcome
from vangrail.model.vocabulary import Language


class Progress:
    """Called with each step, it shows that step in one line that is gone when the work is done; `told` adds the figures.

    A figure is shown as soon as it is there: whoever waits for the last one can read the first ones.
    """

    def __init__(self, show: Callable[[str], None], language: Language) -> None:
        self._show, self._language = show, language
        self._step = self._figure = ""

    def __call__(self, step: str) -> None:
        self._step = step
        self._show(f"{self._step}  {self._figure}")

    def told(self, check: Check, measurement: Measurement, outcome: Outcome) -> None:
        """A figure was measured."""
        if isinstance(outcome, Measured):
            words = check.subjects.get(measurement.subject)
            subject = words[self._language] if words else measurement.subject
            self._figure = f"{check.title[self._language]}, {subject}: {formatting.figure(outcome, self._language)}"
            self._show(f"{self._step}  {self._figure}")


@contextmanager
def progress(*, quiet: bool, language: Language = Language.NL) -> Iterator[Progress]:
    """What to call with each step and each figure."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield Progress(lambda _: None, language)
        return
    with console.status("...") as status:
        yield Progress(lambda text: status.update(escape(text)), language)
