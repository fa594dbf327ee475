"""Checks the database itself: first as its export would be checked, then what an export does not hold."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import apsw

from vangrail.ledger import leaf, merkle, rows, schema
from vangrail.ledger.checkpoint import open_checkpoint
from vangrail.ledger.note import BadNote, BadSignature, PublicKey
from vangrail.ledger.report import Findings, Problem, Report
from vangrail.ledger.verify import header_line, leaf_line, verify_lines
from vangrail.model.vocabulary import LeafKind, LedgerProblem


def export_lines(db: apsw.Connection, *, note: str, key: PublicKey, size: int | None) -> Iterator[bytes]:
    """The lines of an export, with the hashes as they are stored: up to `size` leaves, all when it is None."""
    found = rows.all_rows(db)
    return chain(
        [header_line(checkpoint=note, key=key)],
        (leaf_line(row.seq, row.data, row.hash) for row in found if size is None or row.seq < size),
    )


def audit(path: Path, *, note: str, key: PublicKey, known_checkpoint: str | None) -> Report:
    """What is wrong with the database at this path, given the checkpoint beside it.

    Reads it with a connection of its own, so that what is on disk is checked and not what is remembered of it. Leaves
    beyond the checkpoint are left aside: another writer may be about to sign them.
    """
    findings = Findings()
    try:
        with closing(schema.connect(path)) as db:
            if not rows.integrity(db):
                raise schema.DamagedDatabase(f"{path} is damaged.")
            if rows.public_key(db) != key:
                findings.add(LedgerProblem.KEY)
            lines = export_lines(db, note=note, key=key, size=_signed_size(note, key))
            report = verify_lines(lines, public_key=str(key), known_checkpoint=known_checkpoint)
            _subtrees(db, findings)
            _private_parts(db, findings)
    except (schema.DamagedDatabase, apsw.SQLError):  # SQLError: the tables or the JSON in them are not ours any more
        return Report(size=0, key_was_given=True, problems=(Problem(kind=LedgerProblem.DATABASE),))
    of_leaves = (replace(problem, line=None) for problem in report.problems)  # there are no lines here
    return replace(report, problems=(*of_leaves, *findings.found))


def _signed_size(note: str, key: PublicKey) -> int | None:
    """How many leaves the checkpoint covers; None when it cannot be read, which the report then says."""
    try:
        return open_checkpoint(note, key=key).size
    except (BadNote, BadSignature):
        return None


def _subtrees(db: apsw.Connection, findings: Findings) -> None:
    """Compare every stored hash of a subtree with the leaf hashes under it; and no other may be stored."""
    edge, count = merkle.Edge(), 0
    for row in rows.all_rows(db):
        for level, index, hash_ in edge.append(row.hash)[1:]:
            count += 1
            if rows.stored_node(db, level, index) != hash_:
                findings.add(LedgerProblem.NODE, seq=row.seq)
        if findings.too_many():
            return
    if rows.node_count(db) != count:
        findings.add(LedgerProblem.NODE)


def _private_parts(db: apsw.Connection, findings: Findings) -> None:
    """Compare each private part with the digest in its leaf; where it is gone, look for the leaf that says so."""
    erased = set(_erased(db))
    for row in rows.all_rows(db):
        digest = leaf.digest_in(row.data)
        if row.salt is not None and row.private is not None:
            if leaf.private_digest(row.salt, row.private) != digest:
                findings.add(LedgerProblem.PRIVATE_CHANGED, seq=row.seq)
        elif digest is not None and row.seq not in erased:
            findings.add(LedgerProblem.PRIVATE_MISSING, seq=row.seq)


def _erased(db: apsw.Connection) -> Iterator[int]:
    """The numbers of the leaves of which the ledger says that their private part was erased."""
    for row in rows.all_rows(db, kind=LeafKind.ERASED):
        try:
            number = leaf.decode(row.data)["body"].get("leaf")
        except ValueError:
            continue  # named already
        if isinstance(number, int):
            yield number
