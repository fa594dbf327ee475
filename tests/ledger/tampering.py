"""Exports that somebody wrote, changed or signed again: what a verifier has to find."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ledger_making import ORIGIN

from vangrail.ledger import PublicKey
from vangrail.ledger.checkpoint import Checkpoint
from vangrail.ledger.merkle import Edge, leaf_hash
from vangrail.ledger.verify import header_line, leaf_line

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def written(leaves: list[bytes], *, key: Ed25519PrivateKey = KEY, origin: str = ORIGIN) -> list[bytes]:
    """The lines of an export that holds these leaves and is signed over exactly them."""
    edge = Edge()
    for data in leaves:
        edge.append(leaf_hash(data))
    note = Checkpoint(origin=origin, size=edge.size, root=edge.root()).sign(key)
    lines = [leaf_line(seq, data, leaf_hash(data)) for seq, data in enumerate(leaves)]
    return [header_line(checkpoint=note, key=PublicKey.of(origin, key)), *lines]


def checkpoint_of(lines: list[bytes]) -> str:
    return json.loads(lines[0])["checkpoint"]


def leaves_of(lines: list[bytes]) -> list[bytes]:
    """The bytes of the leaves, cut out of their lines."""
    return [line[line.index(b'"leaf":') + 7 : line.rindex(b',"seq":')] for line in lines[1:]]


def split_lines(data: bytes) -> list[bytes]:
    """As a binary file gives them: only a newline ends a line."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _change(lines, chance, log):
    data = bytearray(b"".join(lines))
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    return split_lines(bytes(data))


def _change_and_hash(lines, chance, log):
    at = chance.randrange(1, len(lines))
    leaf = json.loads(leaves_of(lines)[at - 1])
    leaf["body"]["rows"] = chance.randrange(10**6)
    data = json.dumps(leaf, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return [*lines[:at], leaf_line(at - 1, data, leaf_hash(data)), *lines[at + 1 :]]


def _delete(lines, chance, log):
    del lines[chance.randrange(len(lines))]
    return lines


def _delete_and_renumber(lines, chance, log):
    at = chance.randrange(1, len(lines))
    leaves = leaves_of(lines)
    del leaves[at - 1]
    return [lines[0], *(leaf_line(seq, data, leaf_hash(data)) for seq, data in enumerate(leaves))]


def _swap(lines, chance, log):
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def _insert(lines, chance, log):
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return lines


def _cut_off(lines, chance, log):
    return lines[: chance.randrange(len(lines))]


def _cut_off_and_put_back_the_older_checkpoint(lines, chance, log):
    return log["earlier"]


def _cut_off_and_sign_again(lines, chance, log):
    return written(leaves_of(lines)[: chance.randrange(40)], key=log["private"])


def _sign_again_with_another_key(lines, chance, log):
    return written(leaves_of(_change_and_hash(lines, chance, log)), key=OTHER_KEY)


def _rewrite_and_sign_again(lines, chance, log):
    return written(leaves_of(_change_and_hash(lines, chance, log)) + leaves_of(lines)[:1], key=log["private"])


EDITS = {
    edit.__name__: edit
    for edit in (
        _change,
        _change_and_hash,
        _delete,
        _delete_and_renumber,
        _swap,
        _insert,
        _cut_off,
        _cut_off_and_put_back_the_older_checkpoint,
        _cut_off_and_sign_again,
        _sign_again_with_another_key,
        _rewrite_and_sign_again,
    )
}
