"""The tree of RFC 6962, section 2.1, against trees worked by hand and against the definition itself."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vangrail.ledger.merkle import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_in_memory,
    root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(65)]
NODE = nodes_in_memory(LEAVES)

# The tree of seven leaves that RFC 6962, section 2.1.3, draws:
#
#               root
#             /      \
#            k        l
#          /   \     / \
#         g     h   i   d6
#        / \   / \ / \
#       a  b  c  d e  f
A, B, C, D, E, F, D6 = LEAVES[:7]
G, H, IJ = node_hash(A, B), node_hash(C, D), node_hash(E, F)
K, L = node_hash(G, H), node_hash(IJ, D6)


def definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word: slow and obvious."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


def test_leaves_and_nodes_are_hashed_with_their_own_prefix():
    assert leaf_hash(b"abc") == hashlib.sha256(b"\x00abc").digest()
    assert node_hash(A, B) == hashlib.sha256(b"\x01" + A + B).digest()


def test_the_empty_tree_has_the_hash_of_nothing():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Edge().root() == EMPTY_ROOT


def test_the_tree_of_seven_leaves_worked_by_hand():
    assert root(7, NODE) == node_hash(K, L)


@pytest.mark.parametrize(("index", "path"), [(0, [B, H, L]), (3, [C, G, L]), (4, [F, D6, K]), (6, [IJ, K])])
def test_inclusion_proofs_that_the_rfc_lists(index, path):
    """RFC 6962, section 2.1.3: the audit paths of d0, d3, d4 and d6."""
    assert inclusion_proof(index, 7, NODE) == path


@pytest.mark.parametrize(("old_size", "path"), [(3, [C, D, G, L]), (4, [L]), (6, [IJ, D6, K])])
def test_consistency_proofs_that_the_rfc_lists(old_size, path):
    """RFC 6962, section 2.1.3: from three, four and six leaves to seven."""
    assert consistency_proof(old_size, 7, NODE) == path


def test_every_size_up_to_64_has_the_root_of_the_definition():
    edge = Edge()
    for size in range(65):
        assert edge.root() == definition(LEAVES[:size])
        assert Edge(size, NODE).root() == edge.root()
        edge.append(LEAVES[size])


def test_every_leaf_of_every_size_up_to_64_is_proven_and_only_in_its_own_place():
    for size in range(1, 65):
        tree = root(size, NODE)
        for index in range(size):
            proof = inclusion_proof(index, size, NODE)
            proven = [
                other
                for other in range(size)
                if verify_inclusion(index=other, size=size, leaf=LEAVES[index], proof=proof, root=tree)
            ]
            assert proven == [index]


def test_every_growth_up_to_64_is_proven_and_no_other():
    for size in range(1, 65):
        for old_size in range(1, size + 1):
            proof = consistency_proof(old_size, size, NODE)
            claim = {"old_size": old_size, "size": size, "proof": proof}
            assert verify_consistency(**claim, old_root=root(old_size, NODE), root=root(size, NODE))
            assert not verify_consistency(**claim, old_root=root(old_size + 1, NODE), root=root(size, NODE))
            assert not verify_consistency(**claim, old_root=root(old_size, NODE), root=root(size + 1, NODE))


@given(st.data())
def test_a_proof_with_one_changed_bit_or_one_hash_more_or_less_proves_nothing(data):
    size = data.draw(st.integers(2, 64))
    index, old_size = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    inclusion, consistency = inclusion_proof(index, size, NODE), consistency_proof(old_size, size, NODE)

    def spoiled(proof: list[bytes]) -> list[bytes]:
        place = data.draw(st.integers(0, len(proof) - 1))
        match data.draw(st.sampled_from(["bit", "more", "less", "short", "twice"])):
            case "bit":
                byte = data.draw(st.integers(0, 31))
                wrong = bytearray(proof[place])
                wrong[byte] ^= 1 << data.draw(st.integers(0, 7))
                return [*proof[:place], bytes(wrong), *proof[place + 1 :]]
            case "more":
                return [*proof, LEAVES[0]]
            case "less":
                return proof[:-1]
            case "short":
                return [*proof[:place], proof[place][:-1], *proof[place + 1 :]]
            case _:
                return [proof[0], *proof]

    tree, old = root(size, NODE), root(old_size, NODE)
    assert not verify_inclusion(index=index, size=size, leaf=LEAVES[index], proof=spoiled(inclusion), root=tree)
    assert not verify_consistency(old_size=old_size, size=size, old_root=old, root=tree, proof=spoiled(consistency))


def test_an_empty_tree_proves_nothing_and_is_proven_by_nothing():
    """Also not against itself: nothing was promised yet."""
    assert not verify_consistency(old_size=0, size=0, old_root=EMPTY_ROOT, root=EMPTY_ROOT, proof=[])
    assert not verify_consistency(old_size=0, size=7, old_root=EMPTY_ROOT, root=root(7, NODE), proof=[])
    assert not verify_inclusion(index=0, size=0, leaf=A, proof=[], root=EMPTY_ROOT)
    for old_size, size in [(0, 0), (0, 7), (8, 7)]:
        with pytest.raises(ValueError, match="no proof"):
            consistency_proof(old_size, size, NODE)
    for index, size in [(0, 0), (7, 7), (-1, 7)]:
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(index, size, NODE)


def test_the_same_size_is_consistent_only_with_the_same_root_and_an_empty_proof():
    same = {"old_size": 7, "size": 7, "old_root": root(7, NODE)}
    assert verify_consistency(**same, root=root(7, NODE), proof=[])
    assert not verify_consistency(**same, root=root(6, NODE), proof=[])
    assert not verify_consistency(**same, root=root(7, NODE), proof=[A])


def test_a_smaller_tree_never_extends_a_larger_one():
    proof = consistency_proof(3, 7, NODE)
    assert not verify_consistency(old_size=7, size=3, old_root=root(7, NODE), root=root(3, NODE), proof=proof)


def test_a_hash_of_another_length_is_refused_everywhere():
    assert not verify_inclusion(index=0, size=1, leaf=A[:31], proof=[], root=A[:31])
    assert not verify_consistency(old_size=1, size=1, old_root=A + b"\0", root=A + b"\0", proof=[])
    with pytest.raises(ValueError, match="32 bytes"):
        Edge().append(A[:31])


def test_an_inner_node_does_not_pass_for_a_leaf():
    """Without the prefixes, the two hashes under a node could be shown as the content of a leaf."""
    assert leaf_hash(A + B) != node_hash(A, B)
