"""Seals as a release before the data keys of tenants did; nothing of ours does so any more."""

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linkspan.server.vault.sealed import Place


def sealed_at_first(
    master_key: bytes, secret: bytes, place: Place, random_bytes: Callable[[int], bytes]
) -> bytes:
    """A value of the first format."""
    header = b"\x01" + sha256(b"linkspan key id" + master_key).digest()[:4]
    bound = place.bound_to(header)
    data_key, outer, inner = random_bytes(32), random_bytes(12), random_bytes(12)
    wrapped = AESGCM(master_key).encrypt(outer, data_key, bound)
    return header + outer + wrapped + inner + AESGCM(data_key).encrypt(inner, secret, bound)
