"""The bytes of a leaf: canonical JSON (RFC 8785), so that the same content has the same hash everywhere and for ever.

What could name a person is no part of it. That stays outside the tree, in a private part of which the leaf holds only
SHA-256(salt || private part). The salt makes that digest useless to somebody who guesses names; once salt and private
part are gone, nothing leads back to the person, and every proof still holds.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import rfc8785

from vangrail.ledger import merkle
from vangrail.model.vocabulary import LeafKind

VERSION = 1
SALT_BYTES = 32

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What a leaf may hold. No floats: their text differs between programs, so the caller renders them (`"20.0"`)."""

_FIELDS = {"application", "at", "body", "kind", "private", "v"}
_AT_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_KIND_FORM = re.compile(r"[a-z]+(_[a-z]+)*")
_PRIVATE_AT_END = re.compile(rb'"private":"([0-9a-f]{64})","v":1\}\Z')
_DIGEST_FORM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something to append. `application` is None for what concerns the whole organisation."""

    kind: LeafKind
    application: str | None
    at: datetime
    body: Mapping[str, Json]
    private: Mapping[str, Json] | None = None
    """Names of staff, free text: kept beside the tree, never exported, erasable."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One leaf as it stands in the ledger."""

    seq: int
    kind: LeafKind
    application: str | None
    at: datetime
    body: Mapping[str, Json]
    private: Mapping[str, Json] | None
    """The private part; None when there never was one, or when it was erased."""
    erased: bool
    """Whether there was a private part that is gone now."""
    data: bytes
    """The exact bytes that were hashed."""

    @property
    def hash(self) -> bytes:
        """The leaf's hash in the tree."""
        return merkle.leaf_hash(self.data)


def encode(entry: Entry, *, private_digest: str | None) -> bytes:
    """The bytes of a leaf. The fraction of a second is left out: the order in the ledger is the order.

    Raises TypeError or ValueError, the caller's mistakes: a float, a time that is not in UTC, a number beyond 2**53.
    """
    if entry.at.utcoffset() != timedelta(0):
        raise ValueError("`at` must be a time in UTC that says so")
    return canonical(
        {
            "v": VERSION,
            "kind": LeafKind(entry.kind),
            "at": entry.at.replace(microsecond=0, tzinfo=None).isoformat() + "Z",
            "application": entry.application,
            "body": entry.body,
            "private": private_digest,
        }
    )


def decode(data: bytes) -> dict[str, Any]:
    """The fields of a leaf. Raises ValueError when the bytes are not canonical JSON or not a leaf of this version."""
    try:
        fields: dict[str, Any] = json.loads(data, parse_float=_refuse, parse_constant=_refuse)
        known = isinstance(fields, dict) and fields.keys() == _FIELDS and rfc8785.dumps(fields) == data
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not (
        known
        and type(fields["v"]) is int  # `true` equals 1 in Python
        and fields["v"] == VERSION
        and isinstance(fields["kind"], str)
        and _KIND_FORM.fullmatch(fields["kind"])
        and isinstance(fields["at"], str)
        and _AT_FORM.fullmatch(fields["at"])
        and isinstance(fields["application"], str | None)
        and isinstance(fields["body"], dict)
        and (fields["private"] is None or _is_digest(fields["private"]))
    ):
        raise ValueError("not a leaf of version 1")
    datetime.fromisoformat(fields["at"])  # raises when there is no such day or hour
    return fields


def read(data: bytes, *, seq: int, private: bytes | None) -> Leaf:
    """A leaf from its bytes, with its private part where that is still there."""
    fields = decode(data)
    return Leaf(
        seq=seq,
        kind=LeafKind(fields["kind"]),
        application=fields["application"],
        at=datetime.fromisoformat(fields["at"]),
        body=fields["body"],
        private=None if private is None else json.loads(private),
        erased=private is None and fields["private"] is not None,
        data=data,
    )


def private_digest(salt: bytes, private: bytes) -> str:
    """What a leaf holds of its private part: hexadecimal SHA-256(salt || canonical JSON)."""
    return hashlib.sha256(salt + private).hexdigest()


def digest_in(data: bytes) -> str | None:
    """The digest of the private part that a leaf names, without reading all of it: it stands at the end."""
    match = _PRIVATE_AT_END.search(data)
    return match[1].decode() if match else None


def canonical(value: Json) -> bytes:
    """Canonical JSON (RFC 8785). Raises TypeError for a float or anything that is not JSON, naming where it stands."""
    _require_exact(value, "")
    return rfc8785.dumps(value)


def _require_exact(value: object, where: str) -> None:
    """Refuse what JSON has no single text for. Names the place, never the value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key in '{where}' is a {type(key).__name__}, not text")
            _require_exact(inner, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            _require_exact(inner, f"{where}[{number}]")
    elif isinstance(value, float):
        raise TypeError(f"'{where}' is a float: give it as text, in the digits that are meant")
    elif value is not None and not isinstance(value, bool | int | str):
        raise TypeError(f"'{where}' is a {type(value).__name__}, which a leaf cannot hold")


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST_FORM.fullmatch(value) is not None


def _refuse(_: str) -> None:
    raise ValueError("a leaf holds no fractions")
