"""Checks what leaves the ledger: an exported file, a proof of one leaf, a proof of growth. Needs no database.

`docs/ledger.md` describes the formats, and has a second, independent verifier of sixty lines.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vangrail.ledger import leaf as leaves
from vangrail.ledger import merkle, note
from vangrail.ledger.checkpoint import Checkpoint, open_checkpoint
from vangrail.ledger.note import BadNote, BadSignature, PublicKey
from vangrail.ledger.report import Findings, Report
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import LedgerProblem

FORMAT = "vangrail-ledger"
FORMAT_VERSION = 1
_LINE = re.compile(rb'\{"hash":"([0-9a-f]{64})","leaf":(\{.*\}),"seq":(0|[1-9][0-9]{0,15})\}\n')

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_PROOF = re.compile(rf"{re.escape(PROOF_HEADER)}\n(?:extra [^\n]*\n)?index (0|[1-9][0-9]{{0,15}})\n((?:[^\n]+\n)*)\n")
_GROWTH = re.compile(r"old ([1-9][0-9]{0,15})\n((?:[^\n]+\n)*)\n")


def header_line(*, checkpoint: str, key: PublicKey) -> bytes:
    """The first line of an export: whose ledger it is, its public key and its checkpoint."""
    fields: dict[str, leaves.Json] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "origin": key.name,
        "public_key": str(key),
        "checkpoint": checkpoint,
    }
    return leaves.canonical(fields) + b"\n"


def leaf_line(seq: int, data: bytes, hash_: bytes) -> bytes:
    """A further line of an export. As `data` is canonical JSON, so is the line."""
    return b'{"hash":"%s","leaf":%s,"seq":%d}\n' % (hash_.hex().encode(), data, seq)


def proof_text(*, index: int, path: Iterable[bytes], checkpoint: str) -> str:
    """That a leaf is in a ledger, in the form of c2sp.org/tlog-proof."""
    return _text(f"{PROOF_HEADER}\nindex {index}", path, checkpoint)


def growth_text(*, old_size: int, path: Iterable[bytes], checkpoint: str) -> str:
    """That a ledger only grew, in the form in which c2sp.org/tlog-witness hands a new checkpoint to a witness."""
    return _text(f"old {old_size}", path, checkpoint)


def verify_export(file: Path, *, public_key: str | None = None, known_checkpoint: str | None = None) -> Report:
    """Check an exported ledger.

    public_key         as published (`name+hash+base64`); without it the file's own key is used, and the report says so
    known_checkpoint   a checkpoint that the reader kept: shows what was cut off or rewritten since
    Raises VangrailError when there is no such file, or the key or the kept checkpoint cannot be read.
    """
    try:
        lines = file.open("rb")
    except OSError as error:
        raise VangrailError(f"{file} cannot be read.", do="Check the path.") from error
    with lines:
        return verify_lines(lines, public_key=public_key, known_checkpoint=known_checkpoint)


def verify_lines(
    lines: Iterable[bytes], *, public_key: str | None = None, known_checkpoint: str | None = None
) -> Report:
    """As `verify_export`, for lines that each end in a newline. Memory does not grow with the number of leaves."""
    findings = Findings()
    numbered = enumerate(lines, start=1)
    given = None if public_key is None else PublicKey.parse(public_key)
    key, checkpoint = _header(next(numbered, (1, b""))[1], given, findings)
    known = _known(known_checkpoint, key, findings)
    walk = _Walk(findings=findings, marks=tuple({c.size for c in (checkpoint, known) if c}))
    walk.over(numbered)
    _compare(walk, checkpoint, known, findings)
    return Report(
        size=walk.edge.size,
        key_was_given=given is not None,
        known_size=known.size if known else None,
        problems=tuple(findings.found),
    )


def verify_proof(proof: str, *, leaf: bytes, public_key: str) -> Report:
    """Check that these bytes are a leaf of the ledger, by a tlog-proof.

    Raises VangrailError when the key cannot be read.
    """
    key, findings = PublicKey.parse(public_key), Findings()
    parts = _proof_parts(_PROOF, proof)
    if parts is None:
        findings.add(LedgerProblem.PROOF_FORM)
    elif checkpoint := _checkpoint(parts.checkpoint, key, findings):
        proven = merkle.verify_inclusion(
            index=parts.number,
            size=checkpoint.size,
            leaf=merkle.leaf_hash(leaf),
            proof=parts.hashes,
            root=checkpoint.root,
        )
        if not proven:
            findings.add(LedgerProblem.PROOF, seq=parts.number)
    return Report(size=1, key_was_given=True, problems=tuple(findings.found))


def verify_growth(proof: str, *, known_checkpoint: str, public_key: str) -> Report:
    """Check that the ledger only grew since a kept checkpoint, without seeing its leaves.

    Raises VangrailError when the key or the kept checkpoint cannot be read.
    """
    key, findings = PublicKey.parse(public_key), Findings()
    known = _known(known_checkpoint, key, findings)
    parts = _proof_parts(_GROWTH, proof)
    if parts is None:
        findings.add(LedgerProblem.PROOF_FORM)
    elif (checkpoint := _checkpoint(parts.checkpoint, key, findings)) and known:
        proven = parts.number == known.size and merkle.verify_consistency(
            old_size=known.size, size=checkpoint.size, old_root=known.root, root=checkpoint.root, proof=parts.hashes
        )
        if checkpoint.size < known.size:
            findings.add(LedgerProblem.TRUNCATED)
        elif not proven:
            findings.add(LedgerProblem.FORKED)
    return Report(size=0, key_was_given=True, known_size=known.size if known else None, problems=tuple(findings.found))


def _text(head: str, path: Iterable[bytes], checkpoint: str) -> str:
    return "\n".join([head, *map(note.to_base64, path), "", checkpoint])


@dataclass(kw_only=True)
class _Walk:
    """Goes over the lines of the leaves, notes what is wrong, and remembers the root at the sizes that are asked."""

    findings: Findings
    marks: tuple[int, ...]
    edge: merkle.Edge = field(default_factory=merkle.Edge)
    roots: dict[int, bytes] = field(default_factory=dict)
    sound: bool = True

    def over(self, numbered: Iterator[tuple[int, bytes]]) -> None:
        before = len(self.findings.found)
        self._mark()
        expected = 0
        for number, line in numbered:
            if self.findings.too_many(line=number):
                break
            expected = self._line(number, line, expected)
            self._mark()
        self.sound = len(self.findings.found) == before

    def _line(self, number: int, line: bytes, expected: int) -> int:
        """Check one line; the number that the next leaf should have."""
        match = _LINE.fullmatch(line)
        if match is None:
            self.findings.add(LedgerProblem.LINE_FORM, line=number)
            return expected + 1
        data, seq = match[2], int(match[3])
        hash_ = merkle.leaf_hash(data)
        if hash_.hex().encode() != match[1]:
            self.findings.add(LedgerProblem.LEAF_HASH, line=number, seq=seq)
        elif not _is_leaf(data):
            self.findings.add(LedgerProblem.LEAF_FORM, line=number, seq=seq)
        if seq != expected:
            self.findings.add(LedgerProblem.ORDER, line=number, seq=seq)
        self.edge.append(hash_)
        return seq + 1  # so that one missing leaf is one problem

    def _mark(self) -> None:
        if self.edge.size in self.marks:
            self.roots[self.edge.size] = self.edge.root()


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """A proof in text: its number (an index, or an old size), its hashes and the checkpoint under it."""

    number: int
    hashes: list[bytes]
    checkpoint: str


def _proof_parts(form: re.Pattern[str], proof: str) -> _Parts | None:
    """Take a proof apart; None when it does not have this form."""
    match = form.match(proof)
    if match is None:
        return None
    lines = match[2].splitlines()
    hashes = [hash_ for hash_ in map(note.from_base64, lines) if hash_ is not None]
    if len(hashes) != len(lines):
        return None
    return _Parts(number=int(match[1]), hashes=hashes, checkpoint=proof[match.end() :])


def _compare(walk: _Walk, checkpoint: Checkpoint | None, known: Checkpoint | None, findings: Findings) -> None:
    """What was read against what was signed, now and in the checkpoint that the reader kept."""
    if not walk.sound:
        return  # the lines are named already; a count or a root over them would say nothing more
    size = walk.edge.size
    if checkpoint and size != checkpoint.size:
        findings.add(LedgerProblem.SIZE)
    elif checkpoint and walk.roots[size] != checkpoint.root:
        findings.add(LedgerProblem.ROOT)
    if known and size < known.size:
        findings.add(LedgerProblem.TRUNCATED)
    elif known and walk.roots[known.size] != known.root:
        findings.add(LedgerProblem.FORKED)


def _header(line: bytes, given: PublicKey | None, findings: Findings) -> tuple[PublicKey | None, Checkpoint | None]:
    """The key to trust and the checkpoint of an export; None for what could not be read or is not signed."""
    fields = _header_fields(line)
    if fields is None:
        findings.add(LedgerProblem.HEADER, line=1)
        return given, None
    own = PublicKey.parse(fields["public_key"])
    if given and given != own:
        findings.add(LedgerProblem.KEY, line=1)
    key = given or own
    return key, _checkpoint(fields["checkpoint"], key, findings, line=1)


def _header_fields(line: bytes) -> dict[str, str] | None:
    """The texts of the first line; None when it is not exactly as we write it."""
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            return None
        checkpoint, public_key = fields.get("checkpoint"), fields.get("public_key")
        if not isinstance(checkpoint, str) or not isinstance(public_key, str):
            return None
        return fields if header_line(checkpoint=checkpoint, key=PublicKey.parse(public_key)) == line else None
    except (ValueError, RecursionError, BadNote):
        return None


def _checkpoint(text: str, key: PublicKey, findings: Findings, *, line: int | None = None) -> Checkpoint | None:
    try:
        return open_checkpoint(text, key=key)
    except BadSignature:
        findings.add(LedgerProblem.SIGNATURE, line=line)
    except BadNote:
        findings.add(LedgerProblem.CHECKPOINT_FORM, line=line)
    return None


def _known(text: str | None, key: PublicKey | None, findings: Findings) -> Checkpoint | None:
    """The checkpoint that the reader kept, if the key of this ledger signed it."""
    if text is None or key is None:
        return None
    try:
        return open_checkpoint(text, key=key)
    except BadSignature:
        findings.add(LedgerProblem.KNOWN_SIGNATURE)
        return None


def _is_leaf(data: bytes) -> bool:
    try:
        leaves.decode(data)
    except ValueError:
        return False
    return True
