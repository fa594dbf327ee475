"""Checks the database itself: first as its export would be checked, then what an export does not hold."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import apsw

from vangrail.ledger import leaf, merkle, rows
from vangrail.ledger.checkpoint import open_checkpoint
from vangrail.ledger.note import BadNote, BadSignature, PublicKey
from vangrail.ledger.report import Findings, Report
from vangrail.ledger.verify import header_line, leaf_line, verify_lines
from vangrail.model.vocabulary import LeafKind, LedgerProblem


def export_lines(db: apsw.Connection, *, note: str, key: PublicKey, size: int | None) -> Iterator[bytes]:
    """The lines of an export, with the hashes as they are stored: up to `size` leaves, all when it is None."""
    found = rows.all_rows(db)
    return chain(
        [header_line(checkpoint=note, key=key)],
        (leaf_line(row.seq, row.data, row.hash) for row in found if size is None or row.seq < size),
    )


def audit(db: apsw.Connection, *, note: str, key: PublicKey, known_checkpoint: str | None) -> Report:
    """What is wrong with a database, given the checkpoint beside it.

    Leaves beyond the checkpoint are left aside: another writer may be about to sign them.
    """
    findings = Findings()
    try:
        size: int | None = open_checkpoint(note, key=key).size
    except (BadNote, BadSignature):
        size = None
    try:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            findings.add(LedgerProblem.DATABASE)
        report = verify_lines(
            export_lines(db, note=note, key=key, size=size), public_key=str(key), known_checkpoint=known_checkpoint
        )
        _subtrees(db, findings)
        _private_parts(db, findings)
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError):
        findings.add(LedgerProblem.DATABASE)
        return Report(size=0, key_was_given=True, problems=tuple(findings.found))
    of_leaves = (replace(problem, line=None) for problem in report.problems)  # there are no lines here
    return replace(report, problems=(*of_leaves, *findings.found))


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
    gone: set[int] = set()
    for row in rows.all_rows(db):
        try:
            fields = leaf.decode(row.data)
        except ValueError:
            continue  # named already
        if fields["kind"] == LeafKind.ERASED:
            gone.discard(fields["body"].get("leaf"))
        if row.salt is None or row.private is None:
            if fields["private"] is not None:
                gone.add(row.seq)
        elif leaf.private_digest(row.salt, row.private) != fields["private"]:
            findings.add(LedgerProblem.PRIVATE_CHANGED, seq=row.seq)
    for seq in sorted(gone):
        findings.add(LedgerProblem.PRIVATE_MISSING, seq=seq)
