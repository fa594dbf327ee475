"""The ledger: what was declared, measured, answered, decided and published, so that nothing can be changed unseen.

An append-only Merkle tree per organisation (RFC 6962), with signed checkpoints (c2sp.org/tlog-checkpoint). Who has an
export and the public key can verify it without Vangrail; `docs/ledger.md` says how.

    with Ledger.open(Path(".vangrail")) as ledger:
        seq = ledger.append(kind=LeafKind.PUBLISHED, application="meldingen", at=now, body={"card": digest})
        ledger.export(Path("ledger.jsonl"))

    verify_export(Path("ledger.jsonl"), public_key=key, known_checkpoint=kept).ok

A ledger shows order and unchanged content, to whoever keeps a checkpoint. It does not show that what it says is true.
"""

from vangrail.ledger.checkpoint import Checkpoint, open_checkpoint
from vangrail.ledger.leaf import Entry, Leaf
from vangrail.ledger.note import BadNote, BadSignature, PublicKey
from vangrail.ledger.report import Problem, Report
from vangrail.ledger.store import Ledger
from vangrail.ledger.verify import verify_export, verify_growth, verify_proof

__all__ = [
    "BadNote",
    "BadSignature",
    "Checkpoint",
    "Entry",
    "Leaf",
    "Ledger",
    "Problem",
    "PublicKey",
    "Report",
    "open_checkpoint",
    "verify_export",
    "verify_growth",
    "verify_proof",
]
