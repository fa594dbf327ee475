"""Checkpoints: the signed statement 'this ledger has so many leaves, with this root' (c2sp.org/tlog-checkpoint).

Whoever keeps one can later show that the ledger was cut short or rewritten since. A ledger alone cannot show that.
"""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vangrail.ledger import merkle, note
from vangrail.ledger.note import BadNote, PublicKey

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The state of a ledger at one moment: whose it is, how many leaves, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Lines that other logs may add. We never do, because nobody could audit them."""

    def text(self) -> str:
        """The lines that are signed."""
        return "\n".join([self.origin, str(self.size), note.to_base64(self.root), *self.extensions, ""])

    def sign(self, private_key: Ed25519PrivateKey) -> str:
        """The signed note; the key carries the name of the ledger."""
        return note.sign(self.text(), name=self.origin, private_key=private_key)


def open_checkpoint(text: str, *, key: PublicKey) -> Checkpoint:
    """Read a checkpoint whose signature by `key` is good.

    Raises BadNote for another form or another ledger's checkpoint, BadSignature when `key` did not sign it.
    """
    lines = note.open_note(text, key=key).split("\n")
    origin, size, root, *extensions = lines[:-1] if len(lines) > 3 else ["", "", ""]
    root_hash = note.from_base64(root)
    if (
        origin != key.name
        or not _SIZE.fullmatch(size)
        or root_hash is None
        or len(root_hash) != merkle.HASH_BYTES
        or "" in extensions
    ):
        raise BadNote(
            "The signed text is not a checkpoint of this ledger.",
            why="A checkpoint has the name of the ledger, the number of leaves and the root, each on a line.",
        )
    return Checkpoint(origin=origin, size=int(size), root=root_hash, extensions=tuple(extensions))
