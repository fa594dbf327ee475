"""The database file: its tables, its fences and how it is opened.

The triggers are a fence against mistakes, not the proof: who can write the file can drop them. The proof is the tree.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from vangrail.model.errors import VangrailError

APPLICATION_ID = 0x56475231  # "VGR1": lets `file` and a reader tell whose database this is
VERSION = 1

# SQLite's own wait for a lock asks ten times a second. Another writer who goes on and on leaves it free for a moment of
# a millisecond or less, so one of two would wait for ever on a slow disk. Asking often enough makes turns even.
ASK_AGAIN_SECONDS = 0.003
WAIT_SECONDS = 10

# The rollback journal and not WAL: several writers on WAL lost rows with SQLite before 3.51.3, and a reader may bring
# its own, older one. EXTRA is FULL plus one step: the directory is synced after the journal is removed. With FULL alone
# a power cut can bring the journal back, which undoes a commit that was already signed.
SYNCHRONOUS = "EXTRA"

_TABLES = """
CREATE TABLE about (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  public_key TEXT NOT NULL
) STRICT;

CREATE TABLE leaf (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  data TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  kind TEXT NOT NULL GENERATED ALWAYS AS (data ->> '$.kind') VIRTUAL,
  application TEXT GENERATED ALWAYS AS (data ->> '$.application') VIRTUAL
) STRICT;
CREATE INDEX leaf_by_kind ON leaf (kind);
CREATE INDEX leaf_by_application ON leaf (application);
CREATE UNIQUE INDEX leaf_erased_once ON leaf (data ->> '$.body.leaf') WHERE kind = 'erased';

-- The hashes of complete subtrees of two leaves and more. A full subtree never changes again.
CREATE TABLE node (
  level INTEGER NOT NULL CHECK (level >= 1),
  idx INTEGER NOT NULL CHECK (idx >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- What may name a person. Not in the tree, not in an export; the only rows that can be deleted.
CREATE TABLE private (
  seq INTEGER PRIMARY KEY REFERENCES leaf (seq),
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  data TEXT NOT NULL
) STRICT;

-- Also keeps INSERT OR REPLACE out, which deletes without asking the DELETE trigger.
CREATE TRIGGER leaf_is_next BEFORE INSERT ON leaf
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM leaf)
BEGIN SELECT RAISE(ABORT, 'a leaf is added at the end and nowhere else'); END;
CREATE TRIGGER node_is_new BEFORE INSERT ON node
WHEN EXISTS (SELECT 1 FROM node WHERE level = NEW.level AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'a full subtree never changes'); END;
CREATE TRIGGER private_goes_with_its_leaf BEFORE INSERT ON private
WHEN NEW.seq IS NOT (SELECT max(seq) FROM leaf)
BEGIN SELECT RAISE(ABORT, 'a private part is added together with its leaf'); END;
CREATE TRIGGER private_is_erased_openly BEFORE DELETE ON private
WHEN NOT EXISTS (SELECT 1 FROM leaf WHERE kind = 'erased' AND data ->> '$.body.leaf' = OLD.seq)
BEGIN SELECT RAISE(ABORT, 'a private part is erased only after a leaf that says so'); END;
"""
_NEVER = "".join(
    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;\n"
    for table, acts in {
        "about": ("UPDATE", "DELETE"),
        "leaf": ("UPDATE", "DELETE"),
        "node": ("UPDATE", "DELETE"),
        "private": ("UPDATE",),
    }.items()
    for act in acts
)


class DamagedDatabase(VangrailError):
    """The database file does not hold what it should, as a database."""


def create(path: Path, *, public_key: str) -> apsw.Connection:
    """A new, empty database for the ledger with this key."""
    path.touch(mode=0o600, exist_ok=False)  # it will hold the private parts
    with solvable(path):
        db = _connect(path)
        with db:
            db.execute(_TABLES + _NEVER)
            db.execute("INSERT INTO about (one, public_key) VALUES (1, ?)", (public_key,))
            db.pragma("application_id", APPLICATION_ID)
            db.pragma("user_version", VERSION)
    return db


def connect(path: Path) -> apsw.Connection:
    """The database of an existing ledger. Raises VangrailError when there is none, or it is another file or version."""
    if not path.exists():
        raise VangrailError(
            f"There is no ledger in {path.parent}.",
            do="Make one first, or give the folder that holds it.",
        )
    with solvable(path):
        db = _connect(path)
        found = db.pragma("application_id"), db.pragma("user_version")
    if found != (APPLICATION_ID, VERSION):
        db.close()
        raise VangrailError(
            f"{path} is not a ledger of this version of Vangrail.",
            do="Give the folder of a ledger, or use the version of Vangrail that made it.",
        )
    return db


@contextmanager
def writing(db: apsw.Connection) -> Iterator[None]:
    """A write transaction: takes the lock at once, so that what is read in it stays true until it ends."""
    with solvable(db), db:
        yield


@contextmanager
def solvable(file: Path | apsw.Connection) -> Iterator[None]:
    """Turn what a person can solve about the file into a VangrailError; let everything else through."""
    path = file.filename if isinstance(file, apsw.Connection) else file
    try:
        yield
    except apsw.BusyError as error:
        raise VangrailError(
            f"{path} is in use by another program, which did not finish within {WAIT_SECONDS} seconds.",
            do="Try again. If it lasts, see which program keeps the ledger open.",
        ) from error
    except apsw.FullError as error:
        raise VangrailError(
            f"{path} cannot grow: the disk is full.",
            why="Nothing of this was recorded.",
            do="Make room and record it again.",
        ) from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as error:
        raise VangrailError(
            f"{path} cannot be written.",
            why="Nothing of this was recorded.",
            do="Give this user the right to write in the folder of the ledger.",
        ) from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise DamagedDatabase(
            f"{path} is damaged.",
            do="Keep the file as it is, and put back the newest copy of the database.",
        ) from error


def _connect(path: Path) -> apsw.Connection:
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    db.set_busy_handler(_wait_for_lock)
    db.pragma("journal_mode", "DELETE")
    db.pragma("synchronous", SYNCHRONOUS)
    db.pragma("foreign_keys", True)
    db.pragma("secure_delete", True)  # what is erased is overwritten, not only unlinked
    db.pragma("trusted_schema", False)
    db.transaction_mode = "IMMEDIATE"
    return db


def _wait_for_lock(times: int) -> bool:
    """Whether to ask again for a lock that another connection holds; called with how often that was done."""
    time.sleep(ASK_AGAIN_SECONDS)
    return times * ASK_AGAIN_SECONDS < WAIT_SECONDS
