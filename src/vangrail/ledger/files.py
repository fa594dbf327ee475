"""The two files beside the database: the private key, and the last signed checkpoint.

Both stand outside the database on purpose. Who gets only the database cannot sign; and a database that is put back from
an old backup no longer fits the checkpoint, so the mistake is seen (a habit of the Sunlight log).
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from vangrail.model.errors import VangrailError

DATABASE = "ledger.sqlite"
KEY = "ledger.key"
CHECKPOINT = "checkpoint"
_GITIGNORE = ".gitignore"
_KEPT_OUT_OF_GIT = "ledger.key\nledger.sqlite*\n"  # the key and the private parts; the checkpoint may well be committed


def make_directory(directory: Path) -> None:
    """The directory, closed to others when it is new; its key and its private parts kept out of git.

    Raises VangrailError when a ledger, or a part of one, is there already.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = [name for name in (DATABASE, KEY, CHECKPOINT) if (directory / name).exists()]
    if there:
        raise VangrailError(
            f"{directory} already holds {', '.join(there)}.",
            why="A second ledger in its place, with the same key, would look like a rewritten past.",
            do="Open the ledger that is there. If making it was cut off and nothing was ever recorded, "
            "move these files away first.",
        )
    ignore = directory / _GITIGNORE
    if not ignore.exists():
        ignore.write_text(_KEPT_OUT_OF_GIT, encoding="ascii")


def make_key(directory: Path) -> Ed25519PrivateKey:
    """A new private key, in a file that only its owner can read."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_new(directory / KEY, pem)
    sync_directory(directory)
    return key


def read_key(directory: Path) -> Ed25519PrivateKey:
    """The private key. Raises VangrailError when it is not there, or is another kind of key."""
    path = directory / KEY
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise VangrailError(
            f"{path} is not there.",
            why="Without its private key a ledger cannot sign what is added.",
            do="Put the key back from where you keep it apart from the backups of the database.",
        ) from error
    except (ValueError, TypeError) as error:
        raise _not_the_key(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _not_the_key(path)
    return key


def read_checkpoint(directory: Path) -> str | None:
    """The last signed checkpoint as it stands in its file; None when there is no such file."""
    try:
        return (directory / CHECKPOINT).read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None


def replace_checkpoint(directory: Path, note: str) -> None:
    """Put a new checkpoint in the place of the last one: afterwards it is the old one or the new one, never a part."""
    new = directory / f"{CHECKPOINT}.new"
    new.unlink(missing_ok=True)  # left behind when a writer was stopped half-way
    _write_new(new, note.encode(), mode=0o644)
    new.replace(directory / CHECKPOINT)
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    """Make a new or renamed file survive a power cut: its name is in the directory, which has to reach the disk too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _not_the_key(path: Path) -> VangrailError:
    return VangrailError(
        f"{path} is not an Ed25519 private key without a passphrase.",
        do="Put the key back that was made together with this ledger.",
    )
