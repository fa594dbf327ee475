"""The ledger of one organisation on disk: append, read, prove, erase.

Two things must never disagree: the leaves in the database and the signed checkpoint in its file. They are two files,
so they cannot change in one step. The order is fixed: first the leaves are committed, then they are signed. When a
writer is stopped between the two, the tree is larger than the checkpoint and still consistent with it, and whoever
opens the ledger next signs. The other way round, a crash would leave a signature over leaves that do not exist.

Signing happens inside a second write transaction, which changes nothing: SQLite's write lock is then also the lock of
the checkpoint file, which therefore only goes forward, also with several writers.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vangrail.ledger import audit, files, leaf, merkle, note, rows, schema, verify
from vangrail.ledger.checkpoint import Checkpoint, open_checkpoint
from vangrail.ledger.leaf import Entry, Json, Leaf
from vangrail.ledger.note import BadNote, BadSignature, PublicKey
from vangrail.ledger.report import Report
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import LeafKind


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """An entry as it goes into the tables."""

    data: bytes
    salt: bytes | None
    private: bytes | None


class Ledger:
    """An open ledger. Use it in one thread, and close it: `with Ledger.open(directory) as ledger`."""

    def __init__(self, *, directory: Path, db: apsw.Connection, private_key: Ed25519PrivateKey, key: PublicKey) -> None:
        """Use `create` or `open`."""
        self._directory, self._db, self._private_key, self._key = directory, db, private_key, key

    @classmethod
    def create(cls, directory: Path, *, origin: str) -> "Ledger":
        """Make an empty ledger with a key of its own, and sign that it is empty.

        origin   the name of this ledger for ever, like an address: 'vangrail.example/gemeente'
        Raises VangrailError when a ledger is there already, or the name cannot be one.
        """
        note.require_key_name(origin)
        files.make_directory(directory)
        private_key = files.make_key(directory)
        key = PublicKey.of(origin, private_key)
        db = schema.create(directory / files.DATABASE, public_key=str(key))
        ledger = cls(directory=directory, db=db, private_key=private_key, key=key)
        ledger._sign()
        return ledger

    @classmethod
    def open(cls, directory: Path) -> "Ledger":
        """Open the ledger in a directory. Signs what a writer that was stopped had committed and not yet signed.

        Raises VangrailError when there is none, when key, database and checkpoint do not belong together, or when the
        database is older than what was signed: an old backup was put back.
        """
        db = schema.connect(directory / files.DATABASE)
        try:
            private_key = files.read_key(directory)
            key = rows.public_key(db)
            if PublicKey.of(key.name, private_key) != key:
                raise VangrailError(
                    f"{directory / files.KEY} is not the key of the ledger beside it.",
                    do="Put back the key that was made together with this ledger.",
                )
            ledger = cls(directory=directory, db=db, private_key=private_key, key=key)
            ledger._sign()
        except BaseException:
            db.close()
            raise
        return ledger

    def close(self) -> None:
        """Close the database file."""
        self._db.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """The name of this ledger."""
        return self._key.name

    @property
    def public_key(self) -> str:
        """The key to publish, as `name+hash+base64`: with it everybody can verify."""
        return str(self._key)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return rows.size(self._db)

    @property
    def checkpoint(self) -> str:
        """The signed checkpoint over all leaves: what others can keep, so that nothing can be taken back."""
        return self._sign()[1]

    def append(
        self,
        *,
        kind: LeafKind,
        application: str | None,
        at: datetime,
        body: Mapping[str, Json],
        private: Mapping[str, Json] | None = None,
    ) -> int:
        """Add one leaf; returns its number once it is on disk and signed. See `append_all`."""
        return self.append_all([Entry(kind=kind, application=application, at=at, body=body, private=private)])[0]

    def append_all(self, entries: Iterable[Entry]) -> range:
        """Add leaves in this order, all or none; returns their numbers once they are on disk and signed.

        Raises VangrailError when database and checkpoint do not fit (nothing is added), or when the disk is full or the
        file is in use; TypeError and ValueError for what a leaf cannot hold. Takes log2(size) steps per leaf.
        """
        entries = list(entries)
        if any(entry.kind == LeafKind.ERASED for entry in entries):
            raise ValueError("a leaf that says that something was erased is added by erasing it")
        prepared = [_prepare(entry) for entry in entries]
        with schema.writing(self._db):
            first = self._insert(prepared)
        if prepared:
            self._sign()
        return range(first, first + len(prepared))

    def erase(self, *, seq: int, rule: str, by: str, at: datetime) -> int:
        """Delete the private part of a leaf and its salt, and say so in a new leaf; returns the number of that leaf.

        rule   under which rule it is erased, for example 'GDPR 17(1)(a)'
        by     who erases it; that is itself kept in the private part of the new leaf
        Every proof stays valid. Raises VangrailError when there is no private part to erase.
        """
        with schema.writing(self._db):
            found = self.leaf(seq)
            if found.private is None:
                raise VangrailError(
                    f"Leaf {seq} has no private part" + (" any more: it was erased before." if found.erased else "."),
                    why="A leaf itself cannot be erased; it holds no personal data.",
                )
            said = Entry(
                kind=LeafKind.ERASED,
                application=found.application,
                at=at,
                body={"leaf": seq, "rule": rule},
                private={"by": by},
            )
            number = self._insert([_prepare(said)])
            rows.delete_private(self._db, seq)
        self._sign()
        return number

    def leaf(self, seq: int) -> Leaf:
        """One leaf. Raises VangrailError when there is no such leaf."""
        row = rows.one(self._db, seq)
        if row is None:
            raise VangrailError(f"There is no leaf {seq}: the ledger has {self.size} leaves, numbered from 0.")
        return leaf.read(row.data, seq=row.seq, private=row.private)

    def leaves(self, *, kind: LeafKind | None = None, application: str | None = None) -> Iterator[Leaf]:
        """The leaves, oldest first; of one kind or of one application where that is given."""
        for row in rows.all_rows(self._db, kind=kind, application=application):
            yield leaf.read(row.data, seq=row.seq, private=row.private)

    def proof(self, seq: int) -> str:
        """That a leaf is in the ledger, as a tlog-proof: its number, the path to the root, the checkpoint.

        Whoever has this text, the bytes of the leaf and the public key can check it with `verify_proof`, offline.
        Raises VangrailError when there is no such leaf.
        """
        self.leaf(seq)
        checkpoint, text = self._sign()
        return verify.proof_text(
            index=seq, path=merkle.inclusion_proof(seq, checkpoint.size, self._node), checkpoint=text
        )

    def consistency(self, old_size: int) -> str:
        """That the ledger only grew since it had `old_size` leaves; to check with `verify_growth`.

        Raises VangrailError when it never had so many leaves, and for an empty tree, which everything extends.
        """
        checkpoint, text = self._sign()
        if not 0 < old_size <= checkpoint.size:
            raise VangrailError(
                f"There is no proof from {old_size} leaves: the ledger has {checkpoint.size}.",
                do="Give the size on the second line of a checkpoint that you kept.",
            )
        path = merkle.consistency_proof(old_size, checkpoint.size, self._node)
        return verify.growth_text(old_size=old_size, path=path, checkpoint=text)

    def export(self, file: Path) -> Checkpoint:
        """Write the whole ledger, without the private parts, to one file that `verify_export` checks alone."""
        checkpoint, text = self._sign()
        part = file.with_name(file.name + ".part")  # a reader never finds half a ledger under the asked name
        with part.open("wb") as out:
            out.writelines(audit.export_lines(self._db, note=text, key=self._key, size=checkpoint.size))
        part.replace(file)
        return checkpoint

    def verify(self, *, known_checkpoint: str | None = None) -> Report:
        """Check every leaf, hash, private part and signature on disk. What is wrong with them is reported.

        Raises VangrailError only when the file cannot be read at all: gone, in use, or not a ledger of this version.
        """
        text = files.read_checkpoint(self._directory) or ""
        path = self._directory / files.DATABASE
        return audit.audit(path, note=text, key=self._key, known_checkpoint=known_checkpoint)

    def _insert(self, prepared: Sequence[_Prepared]) -> int:
        """Add leaves inside a write transaction, after making sure that the tree is the one that was signed last."""
        first = self.size
        edge = merkle.Edge(first, self._node)
        self._last_signed(first, edge.root())
        for seq, new in enumerate(prepared, start=first):
            (_, _, hash_), *subtrees = edge.append(merkle.leaf_hash(new.data))
            rows.insert(self._db, seq=seq, data=new.data, hash_=hash_, subtrees=subtrees)
            if new.salt is not None and new.private is not None:
                rows.insert_private(self._db, seq=seq, salt=new.salt, data=new.private)
        return first

    def _sign(self) -> tuple[Checkpoint, str]:
        """The checkpoint over all leaves and its signed text, made now when the last one is older."""
        with schema.writing(self._db):
            size = self.size
            root = merkle.root(size, self._node)
            last = self._last_signed(size, root)
            if last and last[0].size == size:
                return last
            checkpoint = Checkpoint(origin=self.origin, size=size, root=root)
            text = checkpoint.sign(self._private_key)
            try:
                files.replace_checkpoint(self._directory, text)
            except OSError as error:
                raise VangrailError(
                    f"The leaves are recorded, but {self._directory / files.CHECKPOINT} cannot be written.",
                    why="They are signed as soon as the ledger is opened again.",
                    do="Make room, or give this user the right to write there. Do not record them a second time.",
                ) from error
        return checkpoint, text

    def _last_signed(self, size: int, root: bytes) -> tuple[Checkpoint, str] | None:
        """The checkpoint in its file, when this tree of `size` and `root` extends it; None for a new, empty ledger.

        Raises VangrailError when it does not: compare-and-swap, so that a wrong tree is never signed.
        """
        path = self._directory / files.CHECKPOINT
        text = files.read_checkpoint(self._directory)
        if text is None:
            if size == 0:
                return None
            raise VangrailError(
                f"{path} is not there, while the ledger has {size} leaves.",
                why="Without the last checkpoint nobody can tell whether this database is the newest or an old copy.",
                do="Put the checkpoint back. Where it is lost, take the newest one that you published or gave away, "
                "and save it there.",
            )
        try:
            last = open_checkpoint(text, key=self._key)
        except (BadNote, BadSignature) as error:
            raise VangrailError(
                f"{path} is not a checkpoint of this ledger.",
                why=error.what,
                do="Put back the newest checkpoint that you published or gave away.",
            ) from error
        if last.size > size:
            raise VangrailError(
                f"The database has {size} leaves, but {last.size} were signed.",
                why="An older copy of the database was put back. Going on with it would rewrite what others have seen.",
                do="Put back the newest copy of the database.",
            )
        if last.size and not self._extends(last, size, root):
            raise VangrailError(
                f"The database does not hold the {last.size} leaves that were signed.",
                why="It is another database, or its leaves were changed.",
                do="Put back the newest copy of the database that belongs to this checkpoint.",
            )
        return last, text

    def _extends(self, last: Checkpoint, size: int, root: bytes) -> bool:
        """By a consistency proof: that the tree with this size and root begins with the tree that was signed."""
        proof = merkle.consistency_proof(last.size, size, self._node)
        return merkle.verify_consistency(old_size=last.size, size=size, old_root=last.root, root=root, proof=proof)

    def _node(self, level: int, index: int) -> bytes:
        return rows.node(self._db, level, index)


def _prepare(entry: Entry) -> _Prepared:
    """The bytes of a leaf and of its private part, with a fresh salt."""
    if entry.private is None:
        return _Prepared(data=leaf.encode(entry, private_digest=None), salt=None, private=None)
    salt, private = secrets.token_bytes(leaf.SALT_BYTES), leaf.canonical(entry.private)
    data = leaf.encode(entry, private_digest=leaf.private_digest(salt, private))
    return _Prepared(data=data, salt=salt, private=private)
