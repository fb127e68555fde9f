"""Evidence: bytes sealed, kept and proved.

Comes in: the bytes of a recording or of anything that belongs to it, and what was done to the
record. Goes out: a `Sealed` (digests and size) with the bytes in the store under their SHA-256, and
a `LogEntry` that holds the digest of the entry before it. What can go wrong: the store does not
take the bytes (`StoreFailed`), there are too many (`TooLarge`), or what is there no longer fits
what was written down (`Tampered`).
"""

from tocsin.evidence.canonical import canonical, digest_of
from tocsin.evidence.chain import GENESIS, Deed, LogEntry, body_of, check_chain, link
from tocsin.evidence.seal import Sealed, Sealing, check_sealed, seal
from tocsin.evidence.store import Draft, Store, open_store

__all__ = [
    "GENESIS",
    "Deed",
    "Draft",
    "LogEntry",
    "Sealed",
    "Sealing",
    "Store",
    "body_of",
    "canonical",
    "check_chain",
    "check_sealed",
    "digest_of",
    "link",
    "open_store",
    "seal",
]
