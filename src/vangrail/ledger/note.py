"""Signed notes: a text, a blank line, and signature lines, as c2sp.org/signed-note describes them, with Ed25519.

A note is plain text on purpose: it fits on a decision's PDF, in an e-mail or in a newspaper, and stays verifiable.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vangrail.model.errors import VangrailError

_ED25519 = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 4
_MAX_BYTES = 1_000_000  # 16 signatures must be accepted; a limit is asked for, post-quantum ones take 5 kB each
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(VangrailError):
    """A text that should be a signed note, or a public key, and does not have that form."""


class BadSignature(VangrailError):
    """A note of the right form that the given key has not signed."""


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """The name and the 32 bytes of an Ed25519 public key, by which everybody can check a signature."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        """Raises BadNote for a name that would not survive in a note, or a key of another length."""
        require_key_name(self.name)
        if len(self.key) != _KEY_BYTES:
            raise BadNote(f"An Ed25519 public key has {_KEY_BYTES} bytes, not {len(self.key)}.")

    @staticmethod
    def of(name: str, private_key: Ed25519PrivateKey) -> "PublicKey":
        """The public half of a private key, under this name."""
        return PublicKey(name=name, key=private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @staticmethod
    def parse(text: str) -> "PublicKey":
        """Read `name+hash+base64`. Raises BadNote, also when the hash in it is not that of the key."""
        name, _, rest = text.partition("+")
        _, _, encoded = rest.partition("+")
        data = from_base64(encoded)
        if data is None or data[:1] != _ED25519:
            raise _bad_key()
        key = PublicKey(name=name, key=data[1:])
        if str(key) != text:
            raise _bad_key()
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(_ED25519 + self.key)}"

    @property
    def id(self) -> bytes:
        """Four bytes that stand before each signature: which key to look for, no proof of anything."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_ID_BYTES]


def require_key_name(name: str) -> None:
    """Raises BadNote for a name that cannot stand on a signature line: empty, a space, a plus, what does not print."""
    if not name or not name.isprintable() or any(c.isspace() or c == "+" for c in name):
        raise BadNote(
            "The name of a ledger is empty, or holds a space, a plus or something that does not print.",
            do="Choose a name that looks like an address, for example 'vangrail.example/gemeente'.",
        )


def sign(text: str, *, name: str, private_key: Ed25519PrivateKey) -> str:
    """The text with a blank line and one signature line under it. The text ends in a newline."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("a note's text ends in a newline and has no other control characters")
    signature = PublicKey.of(name, private_key).id + private_key.sign(text.encode())
    return f"{text}\n— {name} {to_base64(signature)}\n"


def open_note(note: str, *, key: PublicKey) -> str:
    """The text of a note, once the signature by `key` is found good.

    Signatures by other keys are left aside, as the standard asks: witnesses may add theirs.
    Raises BadNote for another form, BadSignature when `key` did not sign or its signature is not good.
    """
    text, signatures = _parts(note)
    own = [s[_ID_BYTES:] for name, s in signatures if name == key.name and s[:_ID_BYTES] == key.id]
    if not own:
        raise BadSignature(
            "The checkpoint carries no signature by the expected key.",
            why="Anybody can write a checkpoint; only the signature says that it is of this ledger.",
            do="Check that the public key is that of this ledger.",
        )
    verifier = Ed25519PublicKey.from_public_bytes(key.key)
    for signature in own:
        try:
            verifier.verify(signature, text.encode())
        except InvalidSignature as error:
            raise BadSignature(
                "The signature under the checkpoint is not good.",
                why="The checkpoint was changed after it was signed, or another key signed it.",
            ) from error
    return text


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """The bytes, or None where the text is not the one way to write them.

    Base64 has spare bits at its end, and a reader that ignores them takes a changed text for the same one.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if to_base64(data) == text else None


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its signatures as (key name, key id and signature)."""
    try:
        size = len(note.encode())
    except UnicodeEncodeError as error:
        raise _bad_note("it is not valid UTF-8") from error
    if size > _MAX_BYTES:
        raise _bad_note("it is larger than a megabyte")
    if _CONTROL.search(note):
        raise _bad_note("it holds a control character")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise _bad_note("no signature stands under a blank line")
    signatures: list[tuple[str, bytes]] = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE_LINE.fullmatch(line)
        data = from_base64(match["signature"]) if match else None
        if match is None or data is None or len(data) <= _ID_BYTES:
            raise _bad_note("a line under the blank line is not a signature")
        signatures.append((match["name"], data))
    return text + "\n", signatures


def _bad_note(reason: str) -> BadNote:
    return BadNote(f"This is not a signed note: {reason}.", do="Give the text of a checkpoint, complete and unchanged.")


def _bad_key() -> BadNote:
    return BadNote(
        "This is not a public key of a ledger.",
        do="Give it as it was published, complete: the name, a plus, eight hexadecimal digits, a plus, and the key.",
    )
