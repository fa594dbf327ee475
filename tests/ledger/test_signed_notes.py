"""Signed notes and checkpoints, from the texts of c2sp.org/signed-note and c2sp.org/tlog-checkpoint."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from vangrail.ledger.checkpoint import Checkpoint, open_checkpoint
from vangrail.ledger.merkle import EMPTY_ROOT
from vangrail.ledger.note import BadNote, BadSignature, PublicKey, from_base64, open_note, sign
from vangrail.model.errors import VangrailError

NAME = "vangrail.example/halle"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = PublicKey.of(NAME, PRIVATE)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
TEXT = f"{NAME}\n2\n{base64.b64encode(EMPTY_ROOT).decode()}\n"
NOTE = sign(TEXT, name=NAME, private_key=PRIVATE)


def test_the_example_of_the_first_implementation_verifies():
    """The note and the key in the documentation of golang.org/x/mod/sumdb/note."""
    key = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert open_note(f"{text}\n— PeterNeumann {signature}\n", key=key) == text


def test_a_note_is_text_a_blank_line_and_a_signature_line():
    text, _, signature = NOTE.rpartition("\n\n")
    assert text + "\n" == TEXT
    dash, name, data = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", NAME)
    identity = hashlib.sha256(NAME.encode() + b"\n\x01" + KEY.key).digest()[:4]
    assert base64.b64decode(data) == identity + PRIVATE.sign(TEXT.encode())


def test_a_public_key_is_name_hash_and_key():
    name, hash_, data = str(KEY).split("+", 2)
    assert (name, hash_) == (NAME, KEY.id.hex())
    assert base64.b64decode(data) == b"\x01" + KEY.key
    assert PublicKey.parse(str(KEY)) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        NAME,
        str(KEY)[:-1],
        str(KEY) + "\n",
        str(KEY).replace("+" + KEY.id.hex(), "+00000000"),
        str(KEY).replace("halle", "aalst"),
        f"{NAME}+{KEY.id.hex()}+{base64.b64encode(bytes([2]) + KEY.key).decode()}",
    ],
)
def test_a_public_key_that_is_not_exactly_one_is_refused(text):
    with pytest.raises(BadNote):
        PublicKey.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "tab\tbed", "no\u00a0break"])
def test_a_name_that_would_not_survive_in_a_note_is_refused(name):
    with pytest.raises(VangrailError, match="name of a ledger"):
        PublicKey.of(name, PRIVATE)


def test_signatures_of_others_are_left_aside():
    """A witness may add its line; only ours decides."""
    witnessed = NOTE + sign(TEXT, name="witness.example", private_key=OTHER).rpartition("\n\n")[2]
    assert open_note(witnessed, key=KEY) == TEXT
    reversed_ = "\n\n".join([TEXT[:-1], "\n".join(witnessed.split("\n")[-2:-4:-1]) + "\n"])
    assert open_note(reversed_, key=KEY) == TEXT


def test_a_note_by_another_key_is_not_ours_even_under_our_name():
    with pytest.raises(BadSignature, match="no signature"):
        open_note(sign(TEXT, name=NAME, private_key=OTHER), key=KEY)


def test_one_wrong_signature_in_our_name_spoils_the_note():
    forged = base64.b64encode(KEY.id + OTHER.sign(TEXT.encode())).decode()
    with pytest.raises(BadSignature, match="not good"):
        open_note(f"{NOTE}— {NAME} {forged}\n", key=KEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace("=\n", "\n"),
        NOTE + "— x AAAA\n",
        NOTE + "x" * 1_000_000,
        NOTE.replace("halle", "hal\ud800le"),
    ],
)
def test_what_is_not_a_note_is_refused(note):
    with pytest.raises(BadNote):
        open_note(note, key=KEY)


def test_the_spare_bits_of_base64_are_not_spare():
    """Two texts that a lenient reader takes for the same bytes would let a byte change unseen."""
    assert base64.b64decode("QQ==") == base64.b64decode("QR==") == b"A"
    assert (from_base64("QQ=="), from_base64("QR==")) == (b"A", None)


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_a_changed_bit_anywhere_is_found(place, bit):
    changed = bytearray(NOTE.encode())
    changed[place] ^= 1 << bit
    with pytest.raises(VangrailError):
        open_note(changed.decode("utf-8", errors="replace"), key=KEY)


def test_a_checkpoint_has_three_lines():
    checkpoint = Checkpoint(origin=NAME, size=20852163, root=EMPTY_ROOT)
    assert checkpoint.text() == f"{NAME}\n20852163\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert open_checkpoint(checkpoint.sign(PRIVATE), key=KEY) == checkpoint


def test_a_checkpoint_with_further_lines_is_read_with_them():
    checkpoint = Checkpoint(origin=NAME, size=1, root=EMPTY_ROOT, extensions=("more", "lines"))
    assert open_checkpoint(checkpoint.sign(PRIVATE), key=KEY) == checkpoint


ROOT = base64.b64encode(EMPTY_ROOT).decode()


@pytest.mark.parametrize(
    "text",
    [
        "one line\n",
        f"{NAME}\n1\n",
        f"{NAME}\n01\n{ROOT}\n",
        f"{NAME}\n-1\n{ROOT}\n",
        f"{NAME}\n+1\n{ROOT}\n",
        f"{NAME}\n\u0661\n{ROOT}\n",
        f"{NAME}\n1\n{ROOT[:-4]}\n",
        f"{NAME}\n1\n{ROOT} \n",
        f"{NAME}\n1\n{ROOT}\n\n",
        f"vangrail.example/aalst\n1\n{ROOT}\n",
    ],
)
def test_a_signed_text_that_is_not_our_checkpoint_is_refused(text):
    with pytest.raises(BadNote, match="not a checkpoint"):
        open_checkpoint(sign(text, name=NAME, private_key=PRIVATE), key=KEY)
