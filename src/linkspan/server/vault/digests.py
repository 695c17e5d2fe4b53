"""Keyed digests: how a secret is recognized without being kept."""

import hmac
from hashlib import sha256


class Digests:
    """Derives and recognizes values with keys drawn from the master key.

    Each purpose has a key of its own (HKDF-Expand, RFC 5869 section 2.3, one
    block), so a digest made for one purpose says nothing in another.
    """

    __slots__ = ("_keys", "_master_key")

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "Digests()"

    def of(self, purpose: str, secret: str) -> bytes:
        """Return 32 bytes that stand for *secret* where *purpose* is meant."""
        key = self._keys.get(purpose)
        if key is None:
            info = f"linkspan {purpose}\x01".encode()
            key = self._keys[purpose] = hmac.digest(self._master_key, info, sha256)
        return hmac.digest(key, secret.encode(), "sha256")
