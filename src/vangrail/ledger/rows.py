"""The queries of the ledger. Reading goes in pages, so that no reader keeps a writer waiting for long."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apsw

from vangrail.ledger.note import BadNote, PublicKey
from vangrail.ledger.schema import DamagedDatabase, solvable

PAGE = 500

# As bytes: a damaged file may hold text that is not UTF-8, and that has to be reported, not to stop the reader.
_SELECT = """
SELECT l.seq, CAST(l.data AS BLOB), l.hash, p.salt, CAST(p.data AS BLOB)
FROM leaf AS l LEFT JOIN private AS p USING (seq)
WHERE l.seq >= :start"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A leaf as it is stored, with its private part where that is there."""

    seq: int
    data: bytes
    hash: bytes
    salt: bytes | None
    private: bytes | None


def size(db: apsw.Connection) -> int:
    """The number of leaves."""
    return int(_value(db, "SELECT coalesce(max(seq) + 1, 0) FROM leaf"))


def node(db: apsw.Connection, level: int, index: int) -> bytes:
    """Hash of a complete subtree. Raises DamagedDatabase when it is not stored, though it should be."""
    found = stored_node(db, level, index)
    if found is None:
        raise _changed("lacks a hash that it needs")
    return found


def stored_node(db: apsw.Connection, level: int, index: int) -> bytes | None:
    """Hash of a complete subtree as it is stored, if it is."""
    if level == 0:
        found = _value(db, "SELECT hash FROM leaf WHERE seq = ?", index)
    else:
        found = _value(db, "SELECT hash FROM node WHERE level = ? AND idx = ?", level, index)
    return found if isinstance(found, bytes) else None


def node_count(db: apsw.Connection) -> int:
    """How many hashes of subtrees are stored, leaves left aside."""
    return int(_value(db, "SELECT count(*) FROM node"))


def public_key(db: apsw.Connection) -> PublicKey:
    """The public key of the ledger. Raises DamagedDatabase when it cannot be read."""
    stored = _value(db, "SELECT CAST(public_key AS BLOB) FROM about")
    try:
        return PublicKey.parse(bytes(stored or b"").decode(errors="replace"))
    except BadNote as error:
        raise _changed("holds something else than its public key") from error


def integrity(db: apsw.Connection) -> bool:
    """Whether SQLite finds the file in order."""
    return bool(_value(db, "PRAGMA integrity_check(1)") == "ok")


def insert(
    db: apsw.Connection, *, seq: int, data: bytes, hash_: bytes, subtrees: Iterable[tuple[int, int, bytes]]
) -> None:
    """Add a leaf and the subtrees that it completes."""
    db.execute("INSERT INTO leaf (seq, data, hash) VALUES (?, ?, ?)", (seq, data.decode(), hash_))
    for subtree in subtrees:
        db.execute("INSERT INTO node (level, idx, hash) VALUES (?, ?, ?)", subtree)


def insert_private(db: apsw.Connection, *, seq: int, salt: bytes, data: bytes) -> None:
    """Keep the private part of the leaf that was just added."""
    db.execute("INSERT INTO private (seq, salt, data) VALUES (?, ?, ?)", (seq, salt, data.decode()))


def delete_private(db: apsw.Connection, seq: int) -> None:
    """Delete a private part and its salt."""
    db.execute("DELETE FROM private WHERE seq = ?", (seq,))


def one(db: apsw.Connection, seq: int) -> Row | None:
    """The leaf with this number, if there is one."""
    page = _page(db, _SELECT + " AND l.seq <= :start", {"start": seq})
    return page[0] if page else None


def all_rows(db: apsw.Connection, *, kind: str | None = None, application: str | None = None) -> Iterator[Row]:
    """The leaves in their order, of one kind or one application where that is given."""
    query = _SELECT
    if kind is not None:
        query += " AND l.kind = :kind"
    if application is not None:
        query += " AND l.application = :application"
    query += " ORDER BY l.seq LIMIT :page"
    start = 0
    while True:
        values = {"start": start, "kind": kind, "application": application, "page": PAGE}
        page = _page(db, query, values)
        yield from page
        if len(page) < PAGE:
            return
        start = page[-1].seq + 1


def _changed(how: str) -> DamagedDatabase:
    return DamagedDatabase(
        f"The database of the ledger {how}.",
        why="It was changed from outside, or is damaged.",
        do="Put back the newest copy of the database.",
    )


def _page(db: apsw.Connection, query: str, values: Mapping[str, str | int | None]) -> list[Row]:
    with solvable(db):
        found: list[tuple[Any, ...]] = db.execute(query, values).fetchall()
    return [Row(seq=seq, data=data, hash=hash_, salt=salt, private=own) for seq, data, hash_, salt, own in found]


def _value(db: apsw.Connection, query: str, *values: int) -> Any:
    with solvable(db):
        return db.execute(query, values).get
