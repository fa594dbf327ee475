"""The ledger on disk: what goes in stays in, and what does not fit is refused."""

import random
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ledger_making import AT, ORIGIN, add, entry, exported

from vangrail.ledger import (
    Ledger,
    PublicKey,
    files,
    open_checkpoint,
    schema,
    verify_export,
    verify_growth,
    verify_proof,
)
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, LeafKind, LedgerProblem


def problems(report) -> list[tuple[LedgerProblem, int | None]]:
    return [(problem.kind, problem.seq) for problem in report.problems]


def tamper(directory: Path, *statements: str) -> None:
    """Change the database as somebody would who can write the file: the fences are taken away first."""
    db = apsw.Connection(str(directory / files.DATABASE))
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.close()


# Appending and reading


def test_what_is_appended_can_be_read_again(ledger):
    seq = ledger.append(
        kind=LeafKind.ANSWER_GIVEN,
        application="leessimpel",
        at=AT,
        body={"requirement": "dem-1", "answer": "yes"},
        private={"by": "An", "reasons": "het dient de sociale dienst"},
    )
    leaf = ledger.leaf(seq)
    assert (seq, ledger.size) == (0, 1)
    assert leaf.body == {"requirement": "dem-1", "answer": "yes"}
    assert leaf.private == {"by": "An", "reasons": "het dient de sociale dienst"}
    assert b"An" not in leaf.data


def test_leaves_come_oldest_first_and_can_be_chosen_by_kind_and_application(ledger):
    add(ledger, 1200)
    ledger.append(kind=LeafKind.STOPPED, application=None, at=AT, body={})
    assert [leaf.seq for leaf in ledger.leaves()] == list(range(1201))
    assert [leaf.seq for leaf in ledger.leaves(application="leessimpel")] == list(range(1, 1200, 2))
    assert [leaf.seq for leaf in ledger.leaves(kind=LeafKind.STOPPED)] == [1200]
    assert list(ledger.leaves(kind=LeafKind.STOPPED, application="leessimpel")) == []


def test_reading_does_not_keep_a_writer_waiting(ledger, directory):
    """A reader who stopped half-way holds no lock: on a rollback journal it would block every commit."""
    add(ledger, 1200)
    reading = ledger.leaves()
    next(reading)
    with Ledger.open(directory) as other:
        add(other, 1)
    assert sum(1 for _ in reading) == 1200


def test_the_same_leaves_give_the_same_root_whether_added_one_by_one_or_together(ledger, tmp_path):
    with Ledger.create(tmp_path / "other", origin=ORIGIN) as other:
        for number in range(37):
            ledger.append_all([entry(number)])
        add(other, 37)
        roots = [open_checkpoint(x.checkpoint, key=PublicKey.parse(x.public_key)).root for x in (ledger, other)]
    assert roots[0] == roots[1]


def test_all_entries_are_added_or_none(ledger):
    wrong = entry(1, private=True)
    wrong.private["minutes"] = 0.5
    with pytest.raises(TypeError, match="minutes"):
        ledger.append_all([entry(0), wrong])
    assert ledger.size == 0
    assert ledger.append_all([]) == range(0)


def test_a_leaf_that_is_not_there_is_said_so(ledger):
    for ask in (ledger.leaf, ledger.proof):
        with pytest.raises(VangrailError, match="no leaf 0: the ledger has 0 leaves"):
            ask(0)


def test_appending_reads_a_number_of_hashes_that_grows_with_the_logarithm(ledger, directory):
    """Also right after opening: 1,023 leaves are ten complete subtrees, so ten hashes, not a thousand."""
    add(ledger, 1023)
    with Ledger.open(directory) as other:
        asked: list[str] = []
        other._db.exec_trace = lambda cursor, sql, bindings: asked.append(sql) or True
        other.append_all([entry(0)])
    assert sum("FROM leaf WHERE seq" in sql or "FROM node" in sql for sql in asked) < 60


# Proofs


def test_every_leaf_is_proven_by_text_alone(ledger):
    add(ledger, 20)
    for seq in range(20):
        proof, leaf = ledger.proof(seq), ledger.leaf(seq)
        assert verify_proof(proof, leaf=leaf.data, public_key=ledger.public_key).ok
        other = ledger.leaf((seq + 1) % 20)
        found = verify_proof(proof, leaf=other.data, public_key=ledger.public_key)
        assert problems(found) == [(LedgerProblem.PROOF, seq)]


def test_a_proof_has_the_form_of_tlog_proof(ledger):
    add(ledger, 2)
    head, index, sibling, blank, checkpoint = ledger.proof(1).split("\n", 4)
    assert (head, index, blank, checkpoint) == ("c2sp.org/tlog-proof@v1", "index 1", "", ledger.checkpoint)
    assert len(sibling) == 44
    with_extra = ledger.proof(1).replace("index", "extra QQ==\nindex")
    assert verify_proof(with_extra, leaf=ledger.leaf(1).data, public_key=ledger.public_key).ok


def test_a_proof_that_was_spoiled_says_what_is_wrong(ledger, tmp_path):
    add(ledger, 5)
    proof, data = ledger.proof(3), ledger.leaf(3).data
    with Ledger.create(tmp_path / "other", origin=ORIGIN) as other:
        found = verify_proof(proof, leaf=data, public_key=other.public_key)
    assert problems(found) == [(LedgerProblem.SIGNATURE, None)]
    for old, new, kind in [
        ("tlog-proof@v1", "tlog-proof@v2", LedgerProblem.PROOF_FORM),
        ("index 3\n", "index 03\n", LedgerProblem.PROOF_FORM),
        ("index 3\n", "index 3\nAAAA \n", LedgerProblem.PROOF_FORM),
        ("index 3\n", "index 3\nAAAA\n", LedgerProblem.PROOF),
        ("index 3\n", "index 2\n", LedgerProblem.PROOF),
        ("\n5\n", "\n6\n", LedgerProblem.SIGNATURE),
        ("— ", "- ", LedgerProblem.CHECKPOINT_FORM),
    ]:
        found = verify_proof(proof.replace(old, new), leaf=data, public_key=ledger.public_key)
        assert [problem.kind for problem in found.problems] == [kind], (old, new)


def test_growth_since_a_kept_checkpoint_is_proven_without_the_leaves(ledger):
    kept = {}
    for size in range(1, 20):
        add(ledger, 1)
        kept[size] = ledger.checkpoint
    for size, checkpoint in kept.items():
        found = verify_growth(ledger.consistency(size), known_checkpoint=checkpoint, public_key=ledger.public_key)
        assert (found.ok, found.known_size) == (True, size)
    found = verify_growth(ledger.consistency(7), known_checkpoint=kept[8], public_key=ledger.public_key)
    assert problems(found) == [(LedgerProblem.FORKED, None)]
    relabelled = ledger.consistency(7).replace("old 7\n", "old 8\n")
    found = verify_growth(relabelled, known_checkpoint=kept[7], public_key=ledger.public_key)
    assert problems(found) == [(LedgerProblem.FORKED, None)]
    found = verify_growth(ledger.consistency(7) + "x", known_checkpoint=kept[7], public_key=ledger.public_key)
    assert problems(found) == [(LedgerProblem.CHECKPOINT_FORM, None)]
    found = verify_growth("old 0\n\n" + kept[7], known_checkpoint=kept[7], public_key=ledger.public_key)
    assert problems(found) == [(LedgerProblem.PROOF_FORM, None)]


def test_growth_back_to_a_smaller_tree_is_called_cut_off(ledger):
    add(ledger, 5)
    earlier = ledger.consistency(5)
    add(ledger, 1)
    found = verify_growth(earlier, known_checkpoint=ledger.checkpoint, public_key=ledger.public_key)
    assert problems(found) == [(LedgerProblem.TRUNCATED, None)]


def test_there_is_no_growth_from_nothing_or_from_the_future(ledger):
    add(ledger, 3)
    for old_size in (0, 4):
        with pytest.raises(VangrailError, match="There is no proof"):
            ledger.consistency(old_size)


# Erasing


def test_erasing_a_private_part_leaves_every_proof_valid(ledger, directory, tmp_path):
    add(ledger, 6, private=True)
    proof, data, kept = ledger.proof(2), ledger.leaf(2).data, ledger.checkpoint
    said = ledger.erase(seq=2, rule="GDPR 17(1)(a)", by="Bram", at=AT + timedelta(days=1))

    gone, tells = ledger.leaf(2), ledger.leaf(said)
    assert (gone.private, gone.erased, gone.data) == (None, True, data)
    assert (tells.kind, tells.application) == (LeafKind.ERASED, gone.application)
    assert (tells.body, tells.private) == ({"leaf": 2, "rule": "GDPR 17(1)(a)"}, {"by": "Bram"})
    assert verify_proof(proof, leaf=data, public_key=ledger.public_key).ok
    assert verify_proof(ledger.proof(2), leaf=data, public_key=ledger.public_key).ok
    assert ledger.verify(known_checkpoint=kept).ok
    ledger.export(tmp_path / "export.jsonl")
    assert verify_export(tmp_path / "export.jsonl", public_key=ledger.public_key, known_checkpoint=kept).ok


def test_what_is_erased_is_no_longer_in_the_file(ledger, directory):
    add(ledger, 4, private=True)
    salt = ledger._db.execute("SELECT salt FROM private WHERE seq = 1").get
    before = (directory / files.DATABASE).read_bytes()
    ledger.erase(seq=1, rule="GDPR 17(1)(a)", by="Bram", at=AT)
    after = (directory / files.DATABASE).read_bytes()
    for secret in (b"reden 1", salt):
        assert secret in before
        assert secret not in after


def test_only_a_private_part_that_is_there_can_be_erased(ledger):
    add(ledger, 1)
    add(ledger, 1, private=True)
    ledger.erase(seq=1, rule="GDPR 17", by="Bram", at=AT)
    for seq, message in [(0, "has no private part\\."), (1, "erased before"), (9, "no leaf 9")]:
        with pytest.raises(VangrailError, match=message):
            ledger.erase(seq=seq, rule="GDPR 17", by="Bram", at=AT)
    assert ledger.size == 3


def test_nobody_can_say_that_something_was_erased_without_erasing_it(ledger):
    add(ledger, 1, private=True)
    with pytest.raises(ValueError, match="by erasing it"):
        ledger.append(kind=LeafKind.ERASED, application=None, at=AT, body={"leaf": 0, "rule": "GDPR 17"})
    assert ledger.leaf(0).private


def test_private_parts_are_never_exported(ledger, tmp_path):
    add(ledger, 3, private=True)
    assert b"reden" not in b"".join(exported(ledger, tmp_path))


# Fences


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leaf SET data = '{}' WHERE seq = 1",
        "DELETE FROM leaf WHERE seq = 2",
        "INSERT OR REPLACE INTO leaf (seq, data, hash) SELECT seq, data, hash FROM leaf WHERE seq = 1",
        "INSERT INTO leaf (seq, data, hash) SELECT 9, data, hash FROM leaf WHERE seq = 1",
        "UPDATE node SET hash = zeroblob(32)",
        "DELETE FROM node",
        "INSERT OR REPLACE INTO node SELECT level, idx, zeroblob(32) FROM node",
        "UPDATE private SET data = '{}'",
        "DELETE FROM private",
        "INSERT OR REPLACE INTO private SELECT 0, salt, data FROM private WHERE seq = 1",
        "UPDATE about SET public_key = ''",
        "DELETE FROM about",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_there(ledger, statement):
    add(ledger, 3, private=True)
    with pytest.raises(apsw.ConstraintError):
        ledger._db.execute(statement)
    assert ledger.verify().ok


# The checkpoint beside the database


def test_every_append_leaves_a_signed_checkpoint_over_it(ledger, directory):
    key = PublicKey.parse(ledger.public_key)
    for size in range(1, 5):
        add(ledger, 1)
        text = (directory / files.CHECKPOINT).read_text(encoding="utf-8")
        assert open_checkpoint(text, key=key).size == size


def test_asking_writes_nothing(ledger, directory):
    add(ledger, 3)
    before = (directory / files.CHECKPOINT).stat()
    assert ledger.proof(0)
    assert ledger.consistency(1)
    assert ledger.checkpoint
    Ledger.open(directory).close()
    after = (directory / files.CHECKPOINT).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_leaves_that_another_writer_is_about_to_sign_are_no_problem(ledger, directory):
    add(ledger, 5)
    before = (directory / files.CHECKPOINT).read_bytes()
    add(ledger, 3)
    (directory / files.CHECKPOINT).write_bytes(before)
    found = ledger.verify()
    assert (found.ok, found.size) == (True, 5)


def test_leaves_that_a_stopped_writer_had_not_yet_signed_are_signed_on_opening(ledger, directory):
    """No alarm: the tree is larger than the checkpoint and provably extends it."""
    add(ledger, 5)
    before = (directory / files.CHECKPOINT).read_bytes()
    add(ledger, 3)
    (directory / files.CHECKPOINT).write_bytes(before)
    with Ledger.open(directory) as again:
        assert again.verify().ok
    assert b"\n8\n" in (directory / files.CHECKPOINT).read_bytes()


def test_an_older_database_that_was_put_back_is_refused(ledger, directory):
    add(ledger, 5)
    shutil.copy(directory / files.DATABASE, directory / "backup")
    add(ledger, 1)
    checkpoint = (directory / files.CHECKPOINT).read_bytes()
    ledger.close()
    shutil.copy(directory / "backup", directory / files.DATABASE)
    with pytest.raises(VangrailError, match="has 5 leaves, but 6 were signed"):
        Ledger.open(directory)
    assert (directory / files.CHECKPOINT).read_bytes() == checkpoint


def test_an_older_database_put_back_under_an_open_ledger_is_refused_at_the_next_append(ledger, directory):
    add(ledger, 5)
    with Ledger.open(directory) as other:
        tamper(directory, "DELETE FROM leaf WHERE seq = 4", "DELETE FROM node WHERE level = 0")
        with pytest.raises(VangrailError, match="has 4 leaves, but 5 were signed"):
            add(other, 1)


def test_another_database_of_the_same_size_or_larger_is_refused(ledger, directory):
    add(ledger, 5)
    kept = (directory / files.CHECKPOINT).read_bytes()
    shutil.copytree(directory, directory.parent / "fork")
    with Ledger.open(directory.parent / "fork") as fork:
        fork.append_all([entry(70), entry(71)])
    add(ledger, 1)
    ledger.close()
    shutil.copy(directory.parent / "fork" / files.DATABASE, directory / files.DATABASE)
    assert kept != (directory / files.CHECKPOINT).read_bytes()
    with pytest.raises(VangrailError, match="does not hold the 6 leaves that were signed"):
        Ledger.open(directory)


def test_a_ledger_without_its_checkpoint_is_refused(ledger, directory):
    add(ledger, 2)
    (directory / files.CHECKPOINT).unlink()
    with pytest.raises(VangrailError, match="is not there, while the ledger has 2 leaves") as refused:
        Ledger.open(directory)
    assert "Put the checkpoint back" in refused.value.do["en"]
    with pytest.raises(VangrailError, match="is not there"):
        add(ledger, 1)
    assert ledger.size == 2


def test_a_ledger_without_leaves_can_sign_its_first_checkpoint_again(ledger, directory):
    (directory / files.CHECKPOINT).unlink()
    with Ledger.open(directory) as again:
        add(again, 1)


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-9], lambda text: text.replace(b"\n2\n", b"\n1\n"), lambda _: b"\xff"]
)
def test_a_spoiled_checkpoint_is_refused(ledger, directory, spoil):
    add(ledger, 2)
    path = directory / files.CHECKPOINT
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(VangrailError, match="is not a checkpoint of this ledger"):
        Ledger.open(directory)


def test_a_checkpoint_that_cannot_be_written_says_that_the_leaves_are_recorded(ledger, directory, monkeypatch):
    add(ledger, 1)

    def full(directory: Path, note: str) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "replace_checkpoint", full)
        with pytest.raises(VangrailError, match="The leaves are recorded"):
            add(ledger, 1)
    with Ledger.open(directory) as again:
        assert (again.size, again.verify().ok) == (2, True)


# Making and opening


def test_a_new_ledger_keeps_its_key_to_its_owner_and_out_of_git(ledger, directory):
    for name in (files.KEY, files.DATABASE):
        assert stat.S_IMODE((directory / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert (directory / ".gitignore").read_text() == "ledger.key\nledger.sqlite*\n"
    assert (directory / files.KEY).read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_a_second_ledger_in_the_same_place_is_refused(ledger, directory):
    with pytest.raises(VangrailError, match="already holds"):
        Ledger.create(directory, origin=ORIGIN)


def test_a_name_that_cannot_be_one_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(VangrailError, match="name of a ledger"):
        Ledger.create(tmp_path / "new", origin="stad Halle")
    assert not (tmp_path / "new").exists()


def test_a_folder_without_a_ledger_is_said_so(tmp_path):
    with pytest.raises(VangrailError, match="There is no ledger in"):
        Ledger.open(tmp_path)


def test_another_file_or_version_in_place_of_the_database_is_refused(ledger, directory):
    ledger.close()
    tamper(directory, "PRAGMA user_version = 2")
    with pytest.raises(VangrailError, match="not a ledger of this version"):
        Ledger.open(directory)
    (directory / files.DATABASE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(VangrailError, match="is damaged"):
        Ledger.open(directory)


def test_a_key_that_is_gone_or_is_another_is_refused(ledger, directory):
    (directory / files.KEY).unlink()
    with pytest.raises(VangrailError, match=r"ledger\.key is not there"):
        Ledger.open(directory)
    files.make_key(directory)
    with pytest.raises(VangrailError, match="not the key of the ledger beside it"):
        Ledger.open(directory)
    (directory / files.KEY).write_text("not a key")
    with pytest.raises(VangrailError, match="not an Ed25519 private key"):
        Ledger.open(directory)


def test_a_database_in_use_is_said_so(ledger, directory, monkeypatch):
    other = apsw.Connection(str(directory / files.DATABASE))
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(schema, "WAIT_SECONDS", 0.01)
    for ask in (lambda: ledger.size, lambda: next(ledger.leaves()), lambda: ledger.append_all([entry(0)])):
        with pytest.raises(VangrailError, match="in use by another program"):
            ask()
    other.execute("ROLLBACK")
    add(ledger, 1)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (apsw.FullError, "the disk is full"),
        (apsw.ReadOnlyError, "cannot be written"),
        (apsw.CorruptError, "is damaged"),
    ],
)
def test_what_a_person_can_solve_about_the_file_is_said(ledger, monkeypatch, error, message):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("vangrail.ledger.rows.insert", fail)
    with pytest.raises(VangrailError, match=message):
        add(ledger, 1)
    assert ledger.size == 0


def test_the_disk_that_is_really_full_leaves_the_ledger_whole(ledger):
    add(ledger, 10)
    ledger._db.pragma("max_page_count", ledger._db.pragma("page_count"))
    with pytest.raises(VangrailError, match="the disk is full"):
        add(ledger, 500)
    assert (ledger.size, ledger.verify().ok) == (10, True)


# Verifying the database


def test_a_sound_ledger_has_no_problems(ledger):
    kept = []
    for _ in range(5):
        add(ledger, 7, private=True)
        kept.append(ledger.checkpoint)
    for checkpoint in kept:
        assert ledger.verify(known_checkpoint=checkpoint).ok
    assert ledger.verify().size == 35


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE leaf SET data = replace(data, '1001', '1002') WHERE seq = 1", (LedgerProblem.LEAF_HASH, 1)),
        ("UPDATE leaf SET hash = zeroblob(32) WHERE seq = 2", (LedgerProblem.LEAF_HASH, 2)),
        ("DELETE FROM leaf WHERE seq = 1", (LedgerProblem.ORDER, 2)),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND idx = 1", (LedgerProblem.NODE, 3)),
        ("DELETE FROM node WHERE level = 2", (LedgerProblem.NODE, 3)),
        ("INSERT INTO node VALUES (7, 0, zeroblob(32))", (LedgerProblem.NODE, None)),
        ("UPDATE private SET data = replace(data, 'An', 'Bo') WHERE seq = 3", (LedgerProblem.PRIVATE_CHANGED, 3)),
        ("UPDATE private SET salt = zeroblob(32) WHERE seq = 0", (LedgerProblem.PRIVATE_CHANGED, 0)),
        ("DELETE FROM private WHERE seq = 4", (LedgerProblem.PRIVATE_MISSING, 4)),
        ("INSERT INTO private VALUES (6, zeroblob(32), '{}')", (LedgerProblem.PRIVATE_CHANGED, 6)),
    ],
)
def test_what_was_changed_in_the_database_is_found_and_named(ledger, directory, statement, found):
    add(ledger, 5, private=True)
    add(ledger, 2)
    tamper(directory, "PRAGMA foreign_keys = OFF", statement)
    assert found in problems(ledger.verify())


def test_the_end_cut_off_together_with_an_older_checkpoint_shows_against_a_kept_one(ledger, directory):
    add(ledger, 5)
    older = (directory / files.CHECKPOINT).read_bytes()
    add(ledger, 2)
    kept = ledger.checkpoint
    tamper(directory, "DELETE FROM leaf WHERE seq >= 5", "DELETE FROM node WHERE level = 1 AND idx = 2")
    (directory / files.CHECKPOINT).write_bytes(older)
    with Ledger.open(directory) as cut:
        assert cut.verify().ok
        assert problems(cut.verify(known_checkpoint=kept)) == [(LedgerProblem.TRUNCATED, None)]


def test_a_damaged_database_file_is_reported(ledger, directory):
    add(ledger, 200)
    path = directory / files.DATABASE
    data = bytearray(path.read_bytes())
    page = data.index(b'"rows":1100') // 4096 * 4096
    data[page : page + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert problems(ledger.verify()) == [(LedgerProblem.DATABASE, None)]
    path.write_bytes(b"nothing of this" * 500)
    assert problems(ledger.verify()) == [(LedgerProblem.DATABASE, None)]


def test_any_changed_byte_of_the_database_is_reported_or_changes_nothing_that_is_said(ledger, directory, tmp_path):
    """The file has free space and counters, in which a byte means nothing; a raised error would hide the rest."""
    add(ledger, 12, private=True)
    ledger.erase(seq=4, rule="GDPR 17", by="Bram", at=AT)
    ledger.close()
    path = directory / files.DATABASE
    whole = path.read_bytes()
    said, private = exported(Ledger.open(directory), tmp_path), list(Ledger.open(directory).leaves())
    chance = random.Random(20261122)
    reported = 0
    for _ in range(400):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        if ledger.verify().ok:
            with Ledger.open(directory) as again:
                assert exported(again, tmp_path) == said
                assert list(again.leaves()) == private
        else:
            reported += 1
    assert reported > 40


def test_a_wrong_checkpoint_file_is_reported_and_not_raised(ledger, directory):
    add(ledger, 3)
    path = directory / files.CHECKPOINT
    path.write_text(path.read_text(encoding="utf-8").replace("\n3\n", "\n4\n"), encoding="utf-8")
    assert problems(ledger.verify()) == [(LedgerProblem.SIGNATURE, None)]
    path.unlink()
    assert problems(ledger.verify()) == [(LedgerProblem.CHECKPOINT_FORM, None)]


def test_a_report_says_what_it_could_not_show(ledger):
    add(ledger, 1)
    without, with_ = ledger.verify(), ledger.verify(known_checkpoint=ledger.checkpoint)
    assert len(without.limits(Language.NL)) == 2
    assert [text for text in with_.limits(Language.NL) if "waar is" not in text] == []


def test_each_ledger_has_a_key_of_its_own(ledger, tmp_path):
    with Ledger.create(tmp_path / "other", origin=ORIGIN) as other:
        assert other.public_key != ledger.public_key
    assert isinstance(files.read_key(tmp_path / "other"), Ed25519PrivateKey)
