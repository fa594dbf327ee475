"""What is being measured at this moment, on standard error, and only to a person who looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function to call with each step; it shows the step in one line that is gone when the work is done."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("...") as status:
        yield status.update
