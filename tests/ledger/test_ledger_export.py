"""An exported ledger is checked alone, with nothing but the file, the public key and a checkpoint that was kept."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_making import ORIGIN, add, entry, exported
from tampering import EDITS, OTHER_KEY, checkpoint_of, leaves_of, split_lines, written

from vangrail.ledger import PublicKey, open_checkpoint, verify_export, verify_growth, verify_proof
from vangrail.ledger.merkle import leaf_hash
from vangrail.ledger.report import MAX_PROBLEMS
from vangrail.ledger.verify import leaf_line, verify_lines
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, LeafKind, LedgerProblem


def found(report) -> list[tuple[LedgerProblem, int | None]]:
    return [(problem.kind, problem.line) for problem in report.problems]


def test_a_sound_export_has_no_problems(log):
    report = verify_lines(log["lines"], public_key=log["key"], known_checkpoint=checkpoint_of(log["earlier"]))
    assert (report.ok, report.size, report.known_size, report.key_was_given) == (True, 40, 20, True)


def test_the_file_is_checked_as_its_lines_are(ledger, tmp_path):
    add(ledger, 3)
    ledger.export(tmp_path / "ledger.jsonl")
    assert verify_export(tmp_path / "ledger.jsonl", public_key=ledger.public_key).ok
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    with pytest.raises(VangrailError, match="cannot be read"):
        verify_export(tmp_path / "other.jsonl")


def test_an_empty_ledger_exports_and_verifies(ledger, tmp_path):
    lines = exported(ledger, tmp_path)
    assert verify_lines(lines, public_key=ledger.public_key, known_checkpoint=ledger.checkpoint).ok
    assert len(lines) == 1


def test_an_export_is_one_header_and_one_line_per_leaf_in_canonical_json(log):
    header = json.loads(log["lines"][0])
    assert (header["format"], header["version"], header["origin"]) == ("vangrail-ledger", 1, ORIGIN)
    assert header["public_key"] == log["key"]
    for seq, line in enumerate(log["lines"][1:]):
        fields = json.loads(line)
        assert set(fields) == {"hash", "leaf", "seq"}
        assert (fields["seq"], fields["hash"]) == (seq, leaf_hash(leaves_of(log["lines"])[seq]).hex())


# Whose key


def test_without_a_key_from_elsewhere_a_report_says_that_it_only_shows_agreement(log):
    report = verify_lines(log["lines"])
    assert report.ok
    assert not report.key_was_given
    assert "Ask for the key separately" in report.limits(Language.EN)[0]
    assert len(verify_lines(log["lines"], public_key=log["key"]).limits(Language.EN)) == 2


def test_a_ledger_signed_again_by_another_agrees_with_itself_and_not_with_the_key(log):
    forged = written(leaves_of(log["lines"])[:-1], key=OTHER_KEY)
    assert verify_lines(forged).ok
    report = verify_lines(forged, public_key=log["key"])
    assert found(report) == [(LedgerProblem.KEY, 1), (LedgerProblem.SIGNATURE, 1)]
    report = verify_lines(forged, known_checkpoint=checkpoint_of(log["earlier"]))
    assert found(report) == [(LedgerProblem.KNOWN_SIGNATURE, None)]


def test_a_key_or_a_kept_checkpoint_that_cannot_be_read_is_the_readers_to_solve(log):
    with pytest.raises(VangrailError, match="not a public key"):
        verify_lines(log["lines"], public_key="key")
    with pytest.raises(VangrailError, match="not a signed note"):
        verify_lines(log["lines"], known_checkpoint="checkpoint")


# What only a kept checkpoint shows


def test_an_older_export_is_sound_and_shows_as_cut_off_to_who_kept_a_newer_checkpoint(log):
    older = log["earlier"]
    assert verify_lines(older, public_key=log["key"]).ok
    report = verify_lines(older, public_key=log["key"], known_checkpoint=checkpoint_of(log["lines"]))
    assert found(report) == [(LedgerProblem.TRUNCATED, None)]


def test_a_past_rewritten_with_the_real_key_shows_only_against_a_kept_checkpoint(log):
    leaves = leaves_of(log["lines"])
    leaves[7] = leaves[7].replace(b"1007", b"1008")
    rewritten = written(leaves, key=log["private"])
    assert verify_lines(rewritten, public_key=log["key"]).ok
    report = verify_lines(rewritten, public_key=log["key"], known_checkpoint=checkpoint_of(log["earlier"]))
    assert found(report) == [(LedgerProblem.FORKED, None)]


def test_a_rewrite_after_the_kept_checkpoint_is_not_seen(log):
    """What the reader had not yet seen can still be anything: keep checkpoints often."""
    leaves = leaves_of(log["lines"])
    leaves[30] = leaves[30].replace(b"1030", b"1031")
    report = verify_lines(
        written(leaves, key=log["private"]), public_key=log["key"], known_checkpoint=checkpoint_of(log["earlier"])
    )
    assert report.ok


# Every kind of change, named


def test_each_kind_of_change_is_named(log):
    lines, leaves = log["lines"], leaves_of(log["lines"])
    changed = leaves[4].replace(b"1004", b"1005")
    newest = {"public_key": log["key"]}
    for edited, problems in [
        ([*lines[:5], lines[5].replace(b"1004", b"1005"), *lines[6:]], [(LedgerProblem.LEAF_HASH, 6)]),
        ([*lines[:5], leaf_line(4, changed, leaf_hash(changed)), *lines[6:]], [(LedgerProblem.ROOT, None)]),
        ([*lines[:5], *lines[6:]], [(LedgerProblem.ORDER, 6)]),
        ([*lines[:5], lines[5], lines[5], *lines[6:]], [(LedgerProblem.ORDER, 7)]),
        ([*lines[:5], b"\n", *lines[5:]], [(LedgerProblem.LINE_FORM, 6), (LedgerProblem.ORDER, 7)]),
        (lines[:-3], [(LedgerProblem.SIZE, None)]),
        ([*lines, leaf_line(40, leaves[0], leaf_hash(leaves[0]))], [(LedgerProblem.SIZE, None)]),
        ([*lines[:-1], lines[-1][:-1]], [(LedgerProblem.LINE_FORM, 41)]),
        (lines[1:], [(LedgerProblem.HEADER, 1)]),
        ([], [(LedgerProblem.HEADER, 1)]),
        ([log["earlier"][0], *lines[1:]], [(LedgerProblem.SIZE, None)]),
        ([lines[0].replace(b"\\n40\\n", b"\\n41\\n"), *lines[1:]], [(LedgerProblem.SIGNATURE, 1)]),
        ([lines[0].replace("— ".encode(), b"- "), *lines[1:]], [(LedgerProblem.CHECKPOINT_FORM, 1)]),
    ]:
        report = verify_lines(edited, **newest)
        assert not report.ok
        assert [problem for problem in found(report) if problem in problems] == problems, (problems, found(report))


def test_two_lines_that_changed_places_are_both_named(log):
    lines = list(log["lines"])
    lines[3], lines[9] = lines[9], lines[3]
    named = {line for _, line in found(verify_lines(lines, public_key=log["key"]))}
    assert {4, 10} <= named


def test_a_leaf_of_another_form_is_named_even_when_the_log_signed_it():
    """A log that signs two readings of one leaf could show each reader another one."""
    good = leaves_of(written([b"{}"]))[0]
    twice = b'{"application":"a","application":"b","at":"2026-11-22T10:00:00Z","body":{},"kind":"stopped","private":null,"v":1}'
    assert found(verify_lines(written([good]))) == [(LedgerProblem.LEAF_FORM, 2)]
    assert found(verify_lines(written([twice]))) == [(LedgerProblem.LEAF_FORM, 2)]


def test_every_changed_byte_is_found_and_its_line_named(ledger, tmp_path):
    """Each byte of a whole file, each of its eight bits, and each byte taken out or replaced by a line's end."""
    add(ledger, 3, private=True)
    lines = exported(ledger, tmp_path)
    data, key = b"".join(lines), ledger.public_key
    line = 1
    for place in range(len(data)):
        variants = [bytes([data[place] ^ 1 << bit]) for bit in range(8)] + [
            b"",
            b"\n\n" if data[place] == 10 else b"\n",
        ]
        for variant in variants:
            edited = split_lines(data[:place] + variant + data[place + 1 :])
            named = {problem.line for problem in verify_lines(edited, public_key=key).problems}
            assert line in named or (variant == b"\n\n" and line + 1 in named), (place, variant, named)
        line += data[place] == 10
    assert line == 5


def test_a_thousand_random_edits_are_all_found(log):
    """Change, delete, swap, insert, cut off, sign again: with the key and a checkpoint that the reader kept."""
    chance = random.Random(20261122)
    lines, kept = log["lines"], checkpoint_of(log["lines"])
    done = dict.fromkeys(EDITS, 0)
    for number in range(1000):
        kind = list(EDITS)[number % len(EDITS)]
        edited = EDITS[kind](list(lines), chance, log)
        if edited == lines:
            continue
        done[kind] += 1
        report = verify_lines(edited, public_key=log["key"], known_checkpoint=kept)
        assert not report.ok, kind
        for problem in report.problems:
            assert problem.text(Language.NL)
    assert sum(done.values()) >= 990, done


# Files that are not exports at all


def test_a_file_where_everything_is_wrong_is_not_read_to_its_end():
    report = verify_lines(b"x\n" for _ in range(10**9))
    assert len(report.problems) == MAX_PROBLEMS + 1
    assert report.problems[-1].kind == LedgerProblem.TOO_MANY


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null\n",
        b"[1]\n",
        b"{}\n",
        b'{"checkpoint":1,"public_key":[]}\n',
        b'{"checkpoint":"","public_key":"\\ud800+1+1"}\n',
        b"[" * 100_000,
        b"9" * 5000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_a_first_line_that_is_no_header_is_named(line):
    assert found(verify_lines([line])) == [(LedgerProblem.HEADER, 1)]


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_any_file_gets_a_report(lines):
    assert not verify_lines(lines).ok


@given(st.text() | st.builds("c2sp.org/tlog-proof@v1\nindex 0\n{}\n{}".format, st.text(), st.text()))
def test_any_text_in_place_of_a_proof_gets_a_report(text):
    key = str(PublicKey.of(ORIGIN, OTHER_KEY))
    kept = checkpoint_of(written([b"{}"], key=OTHER_KEY))
    assert not verify_proof(text, leaf=b"{}", public_key=key).ok
    assert not verify_growth(text, known_checkpoint=kept, public_key=key).ok
    assert not verify_growth("old 1\n" + text, known_checkpoint=kept, public_key=key).ok


@given(st.data())
def test_any_edited_header_gets_a_report(data):
    header, *rest = written([b"{}"])
    place = data.draw(st.integers(0, len(header) - 1))
    edited = header[:place] + data.draw(st.binary(max_size=8)) + header[place + data.draw(st.integers(0, 8)) :]
    report = verify_lines([edited, *rest])
    assert (LedgerProblem.LEAF_FORM, 2) in found(report)


# Words


def test_every_problem_can_be_said_in_both_languages_and_says_where():
    from vangrail.ledger import Problem

    for kind in LedgerProblem:
        for language in Language:
            text = Problem(kind=kind, line=7, seq=5).text(language)
            assert text.endswith(".")
            assert text.startswith("regel 7, blad 5: " if language is Language.NL else "line 7, leaf 5: ")
    assert not Problem(kind=LedgerProblem.ROOT).text(Language.NL).startswith("regel")


def test_the_checkpoint_that_export_returns_is_the_one_in_the_file(ledger, tmp_path: Path):
    ledger.append_all([entry(0)])
    returned = ledger.export(tmp_path / "ledger.jsonl")
    header = json.loads((tmp_path / "ledger.jsonl").read_bytes().splitlines()[0])
    assert open_checkpoint(header["checkpoint"], key=PublicKey.parse(ledger.public_key)) == returned
    assert next(ledger.leaves(kind=LeafKind.EVIDENCE_MEASURED)).seq == 0
