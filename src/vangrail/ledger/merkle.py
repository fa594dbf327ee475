"""The Merkle tree of RFC 6962, section 2.1, with SHA-256; the checks follow RFC 9162, sections 2.1.3.2 and 2.1.4.2.

A tree is an ordered list of leaves. Its root commits to each of them and to their order. An inclusion proof shows that
one leaf is in it; a consistency proof shows that a later tree only added leaves to an earlier one. Both take about
log2(size) hashes.

Pure: hashes in, hashes out. What makes a proof reads only *complete* subtrees, through a `Node` function, because those
never change once they are full; so a store can keep them and never compute over all leaves again.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Node = Callable[[int, int], bytes]
"""(level, index) -> hash of the complete subtree over the leaves from index * 2**level up to the next one's first."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || data). The prefix keeps a leaf from passing for an inner node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a growing tree: the complete subtrees that are not yet part of a larger one.

    At most log2(size) hashes, enough to append and to know the root. A leaf completes as many subtrees as its index has
    trailing ones, like the carries of a binary counter.
    """

    def __init__(self, size: int = 0, node: Node | None = None) -> None:
        """An empty tree, or the edge of an existing tree of `size` leaves whose complete subtrees `node` gives."""
        self.size = size
        self._subtrees: list[bytes] = []
        if size:
            if node is None:
                raise ValueError("the edge of a tree with leaves needs its nodes")
            self._subtrees = [node(level, (size >> level) - 1) for level in _levels_high_to_low(size)]

    def append(self, hash_: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf by its hash. Returns the subtrees that it completed: (level, index, hash), level 0 is the leaf."""
        index, level = self.size, 0
        completed = [(0, index, _checked(hash_))]
        while index & 1:
            hash_ = node_hash(self._subtrees.pop(), hash_)
            index, level = index >> 1, level + 1
            completed.append((level, index, hash_))
        self._subtrees.append(hash_)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Root of the tree as it is now."""
        if not self._subtrees:
            return EMPTY_ROOT
        *rest, hash_ = self._subtrees
        for subtree in reversed(rest):
            hash_ = node_hash(subtree, hash_)
        return hash_


def nodes_in_memory(leaf_hashes: Sequence[bytes]) -> Node:
    """All complete subtrees over these leaf hashes, kept in memory."""
    edge = Edge()
    kept = {(level, index): hash_ for leaf in leaf_hashes for level, index, hash_ in edge.append(leaf)}
    return lambda level, index: kept[level, index]


def root(size: int, node: Node) -> bytes:
    """Root of the tree over the first `size` leaves."""
    return Edge(size, node).root()


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes beside the way from leaf `index` up to the root of the tree of `size` leaves, lowest first.

    Raises ValueError when that tree has no such leaf. RFC 6962, section 2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from the root over `old_size` leaves to the root over `size` leaves.

    Raises ValueError for an empty old tree: everything extends it, so a proof would say nothing. RFC 6962, 2.1.2.
    """
    if not 0 < old_size <= size:
        raise ValueError(f"there is no proof from {old_size} to {size} leaves")
    path: list[bytes] = []
    start, end = 0, size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    if start:  # else this subtree is the whole old tree, whose root the reader already has
        path.append(_range_hash(start, end, node))
    return path[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf with hash `leaf` is number `index` of the tree with this size and root. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    at, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash_ = node_hash(sibling, hash_)
            at, last = _skip_missing_right(at, last)
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(*, old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree with `size` and `root` begins with the tree of `old_size` and `old_root`. RFC 9162, 2.1.4.2.

    Refuses an empty old tree, also against an empty new one: nothing was promised yet, so nothing can be proven.
    """
    if not 0 < old_size <= size or not _all_hashes(old_root, root, *proof):
        return False
    if old_size == size:
        return not proof and old_root == root
    if not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_hash = hash_ = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_hash, hash_ = node_hash(sibling, old_hash), node_hash(sibling, hash_)
            at, last = _skip_missing_right(at, last)
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old_hash == old_root and hash_ == root


def _skip_missing_right(at: int, last: int) -> tuple[int, int]:
    """Climb the levels on which the rightmost subtree has no sibling, so that no hash stands in the proof for them."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, for a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _levels_high_to_low(size: int) -> list[int]:
    """The levels of the complete subtrees into which a tree of this size falls apart, largest first."""
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def _range_hash(start: int, end: int, node: Node) -> bytes:
    """Hash of the subtree over leaves [start, end), where `start` is a place at which RFC 6962 splits a tree."""
    size = end - start
    return root(size, lambda level, index: node(level, index + (start >> level)))


def _all_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _checked(hash_: bytes) -> bytes:
    if len(hash_) != HASH_BYTES:
        raise ValueError(f"a hash has {HASH_BYTES} bytes, not {len(hash_)}")
    return hash_
