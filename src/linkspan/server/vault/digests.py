"""Keyed digests: how a secret is recognized without being kept."""

from hashlib import blake2b
from typing import Final

_DIGEST_BYTES: Final = 32


class Digests:
    """Derives and recognizes values with a pepper, a key that every process on a database shares.

    BLAKE2b with a key is a MAC (RFC 7693, section 2.9), at a third of the time of
    an HMAC here; each purpose is its own personalization, so a digest made for
    one purpose says nothing in another. What each begins with is worked out once.
    """

    __slots__ = ("_begun", "_key")

    def __init__(self, pepper: bytes) -> None:
        self._key = pepper
        self._begun: dict[bytes, blake2b] = {}

    def __repr__(self) -> str:
        return "Digests()"

    def of(self, purpose: bytes, secret: str) -> bytes:
        """Return 32 bytes that stand for *secret* where *purpose*, of up to 16 bytes, is meant."""
        return self.of_bytes(purpose, secret.encode())

    def of_bytes(self, purpose: bytes, secret: bytes) -> bytes:
        """Do the same for bytes."""
        begun = self._begun.get(purpose)
        if begun is None:
            begun = blake2b(key=self._key, person=purpose, digest_size=_DIGEST_BYTES)
            self._begun[purpose] = begun
        digest = begun.copy()
        digest.update(secret)
        return digest.digest()


class NotHeld(Digests):
    """Stands where the pepper of a database is not known yet, and recognizes nothing."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(b"")

    def of_bytes(self, purpose: bytes, secret: bytes) -> bytes:  # noqa: ARG002 - nobody is to see it
        """Refuse to make a digest that nothing would be known by."""
        raise RuntimeError(f"no digest for {purpose!r} before the database was held to its master key")


def pepper_of(master_key: bytes) -> bytes:
    """Return the pepper that was once derived from a master key."""
    return blake2b(b"", key=master_key, person=b"linkspan digests", digest_size=_DIGEST_BYTES).digest()
