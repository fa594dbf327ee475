"""Files that a user names to write to: only what we wrote ourselves is written over; and what to say when that fails."""

import errno
from pathlib import Path

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both

_TROUBLE = {
    errno.ENOSPC: "de schijf is vol",
    errno.EDQUOT: "je hebt de ruimte opgebruikt die je kreeg",
    errno.EROFS: "hier kan niet geschreven worden, alleen gelezen",
    errno.EACCES: "je hebt hier geen toegang",
    errno.EPERM: "je hebt hier geen toegang",
    errno.ENOENT: "dit bestand of deze map is er niet",
    errno.EISDIR: "dit is een map",
    errno.ENOTDIR: "dit is geen map",
    errno.EIO: "de schijf geeft een fout",
}
"""The troubles that whoever keeps the machine can solve; the system itself names them in English only."""


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


def trouble(error: OSError, *, at: Path) -> Text:
    """What the system says went wrong, in both languages. `at` is named where the error names no file."""
    where, said = error.filename or at, error.strerror or type(error).__name__
    return both(nl=f"{where}: {_TROUBLE.get(error.errno or 0, said)}.", en=f"{where}: {said}.")
