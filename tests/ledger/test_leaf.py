"""A leaf: the same content is the same bytes, and nothing else is a leaf."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_making import AT

from vangrail.ledger.leaf import Entry, decode, encode, private_digest, read
from vangrail.model.vocabulary import LeafKind

ENTRY = Entry(
    kind=LeafKind.GATE_DECIDED, application="leessimpel", at=AT, body={"gate": "validate", "outcome": "opened"}
)
BYTES = (
    b'{"application":"leessimpel","at":"2026-11-22T10:00:00Z",'
    b'"body":{"gate":"validate","outcome":"opened"},"kind":"gate_decided","private":null,"v":1}'
)


def test_a_leaf_written_out():
    assert encode(ENTRY, private_digest=None) == BYTES


def test_a_leaf_reads_back_as_what_was_said():
    leaf = read(BYTES, seq=4, private=None)
    assert (leaf.seq, leaf.kind, leaf.application, leaf.at, leaf.body) == (
        4,
        LeafKind.GATE_DECIDED,
        "leessimpel",
        AT,
        ENTRY.body,
    )
    assert leaf.hash == hashlib.sha256(b"\x00" + BYTES).digest()
    assert not leaf.erased


def test_keys_are_ordered_and_text_is_as_short_as_rfc_8785_has_it():
    body = {"b": [], "a": {"é": 'a"\\\n\u0007', "z": None}, "B": [True, -7, 2**53 - 1]}
    data = encode(replace(ENTRY, body=body), private_digest=None)
    assert b'"body":{"B":[true,-7,9007199254740991],"a":{"z":null,"\xc3\xa9":"a\\"\\\\\\n\\u0007"},"b":[]}' in data


def test_a_private_part_is_a_digest_over_salt_and_text():
    assert private_digest(b"s" * 32, b'{"by":"An"}') == hashlib.sha256(b"s" * 32 + b'{"by":"An"}').hexdigest()


def test_the_fraction_of_a_second_is_left_out():
    assert encode(replace(ENTRY, at=AT + timedelta(microseconds=999_999)), private_digest=None) == BYTES


@pytest.mark.parametrize(
    "at", [datetime(2026, 11, 22, 10), datetime(2026, 11, 22, 11, tzinfo=timezone(timedelta(hours=1)))]
)
def test_a_time_says_that_it_is_in_utc(at):
    with pytest.raises(ValueError, match="UTC"):
        encode(replace(ENTRY, at=at), private_digest=None)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (0.1, "'body.figures.rate' is a float: give it as text"),
        (float("nan"), "'body.figures.rate' is a float"),
        ([1, 2.0], r"'body.figures.rate\[1\]' is a float"),
        ({"x": date(2026, 1, 1)}, "'body.figures.rate.x' is a date"),
        (b"raw", "'body.figures.rate' is a bytes"),
        ({1: "x"}, "a key in 'body.figures.rate' is a int"),
    ],
)
def test_what_json_has_no_single_text_for_is_refused_and_its_place_named(value, named):
    with pytest.raises(TypeError, match=named):
        encode(replace(ENTRY, body={"figures": {"rate": value}}), private_digest=None)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_a_number_or_text_that_other_programs_read_differently_is_refused(value):
    with pytest.raises(ValueError):
        encode(replace(ENTRY, body={"x": value}), private_digest=None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        BYTES + b" ",
        BYTES.replace(b'"v":1', b'"v":2'),
        BYTES.replace(b'"v":1', b'"v":true'),
        BYTES.replace(b'"v":1', b'"v":1.0'),
        BYTES.replace(b'"v":1', b'"v":1,"w":1'),
        BYTES.replace(b'"private":null,', b""),
        BYTES.replace(b'"private":null', b'"private":"ab"'),
        BYTES.replace(b'"gate_decided"', b'"Gate"'),
        BYTES.replace(b'"gate_decided"', b"7"),
        BYTES.replace(b'"leessimpel"', b"7"),
        BYTES.replace(b"11-22", b"13-22"),
        BYTES.replace(b"11-22", b"02-30"),
        BYTES.replace(b"10:00:00Z", b"10:00:00"),
        BYTES.replace(b'"opened"', b"0.5"),
        BYTES.replace(b'"opened"', b"NaN"),
        BYTES.replace(b'"opened"', b"1e2"),
        BYTES.replace(b'"opened"', b"-0"),
        BYTES.replace(b'"opened"', b"9" * 17),
        BYTES.replace(b'"opened"', b"9" * 9999),
        BYTES.replace(b'"opened"', b'"\\u006f"'),
        BYTES.replace(b'"opened"', b'"\\ud800"'),
        BYTES.replace(b'"opened"', b"[" * 100_000 + b"]" * 100_000),
        BYTES.replace(b'"gate":', b'"outcome":"x","gate":'),
        BYTES.replace(b'"body":{"gate":"validate","outcome":"opened"}', b'"body":[]'),
        BYTES.replace(b"opened", b"\xff"),
    ],
)
def test_other_bytes_are_not_a_leaf(data):
    """Also not when they mean the same to a lenient reader: two readings of one leaf are one too many."""
    with pytest.raises(ValueError):
        decode(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(body=st.dictionaries(st.text(), JSON), at=st.datetimes(timezones=st.just(UTC)))
def test_whatever_json_goes_in_comes_out(body, at):
    data = encode(replace(ENTRY, body=body, at=at), private_digest=None)
    leaf = read(data, seq=0, private=None)
    assert (leaf.body, leaf.at) == (body, at.replace(microsecond=0))
    assert json.loads(data)["body"] == body


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_other_bytes_are_refused_and_nothing_worse(data):
    with pytest.raises(ValueError):
        decode(data)
