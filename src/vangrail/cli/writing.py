"""Files that a user names to write to: only what we wrote ourselves is written over."""

from pathlib import Path

from vangrail.model.errors import VangrailError


def require_free(file: Path, *, start: bytes, what: str) -> None:
    """There is nothing yet at this path, or an earlier file of the kind that starts so. Else VangrailError."""
    if not file.is_file():
        return
    with file.open("rb") as opened:
        found = opened.read(1000).lstrip()
    if found and not found.lower().startswith(start):
        raise VangrailError(
            f"{file} is there already, and it is not {what}.",
            why="It would be lost.",
            do="Name another file.",
        )
