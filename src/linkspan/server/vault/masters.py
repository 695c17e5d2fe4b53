"""Master keys: what wraps the keys that a database holds, and is itself never in it."""

from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linkspan.server.vault.digests import pepper_of
from linkspan.server.vault.places import CannotOpen

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_ID_BYTES: Final = 4


class WeakKey(ValueError):
    """A master key is not 32 bytes, or is plainly not random."""


class MasterKey:
    """One master key of 32 bytes."""

    __slots__ = ("cipher", "first_pepper", "id")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise WeakKey(f"a master key is {KEY_BYTES} bytes, this one is {len(key)}")
        if len(set(key)) < KEY_BYTES // 4:
            raise WeakKey("this master key repeats a few bytes; make one with a random generator")
        self.cipher: Final = AESGCM(key)
        self.first_pepper: Final = pepper_of(key)
        """What digests were made with before that was a secret of its own."""
        self.id: Final = sha256(b"linkspan key id" + key).digest()[:_ID_BYTES]

    def __repr__(self) -> str:
        return f"MasterKey({self.id.hex()})"

    def wrap(self, key: bytes, purpose: bytes, nonce: bytes) -> bytes:
        """Return *key* so that only this master key unwraps it, and only for *purpose*."""
        return nonce + self.cipher.encrypt(nonce, key, self.id + purpose)

    def unwrap(self, wrapped: bytes, purpose: bytes) -> bytes:
        """Return the key that was wrapped for *purpose*; raise `CannotOpen` for anything else."""
        try:
            return self.cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self.id + purpose)
        except (InvalidTag, ValueError):
            raise CannotOpen("changed, or wrapped for something else") from None
