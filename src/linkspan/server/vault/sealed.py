"""Envelope encryption whose every value opens only in the place it was sealed for.

A sealed value is::

    version (1) | key id (4) | nonce (12) | wrapped data key (48) | nonce (12) | ciphertext

Each value has a data key of its own, wrapped by the master key with AES-256-GCM;
rotating the master key rewraps 48 bytes and leaves the ciphertext as it is. Both
layers carry the same additional data: format version, key id, table, column, row,
tenant and mode, so a value moved to another row, tenant or mode does not open
(NIST SP 800-38D; the attack is a test).
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linkspan.server.core.scope import Scope

_VERSION: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_WRAPPED_BYTES: Final = _KEY_BYTES + 16
_HEADER_BYTES: Final = 1 + _KEY_ID_BYTES
_SMALLEST: Final = _HEADER_BYTES + _NONCE_BYTES + _WRAPPED_BYTES + _NONCE_BYTES + 16


class CannotOpen(Exception):
    """A sealed value was changed, moved, or sealed with a key that is not here."""


class WeakKey(ValueError):
    """A master key is not 32 bytes, or is plainly not random."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives."""

    table: str
    column: str
    row: str
    scope: Scope

    def bound_to(self, header: bytes) -> bytes:
        """Return the additional data that ties a value to this place.

        Each part is preceded by its length, so no two places share one text.
        """
        mode = "live" if self.scope.livemode else "test"
        parts = (self.table, self.column, self.row, self.scope.tenant, mode)
        return header + b"".join(len(part).to_bytes(2) + part.encode() for part in parts)


class Vault:
    """Seals and opens with one master key of 32 bytes."""

    __slots__ = ("_cipher", "_header", "_random_bytes")

    def __init__(self, master_key: bytes, random_bytes: Callable[[int], bytes]) -> None:
        if len(master_key) != _KEY_BYTES:
            raise WeakKey(f"a master key is {_KEY_BYTES} bytes, this one is {len(master_key)}")
        if len(set(master_key)) < _KEY_BYTES // 4:
            raise WeakKey("this master key repeats a few bytes; make one with a random generator")
        self._cipher = AESGCM(master_key)
        self._header = _VERSION + sha256(b"linkspan key id" + master_key).digest()[:_KEY_ID_BYTES]
        self._random_bytes = random_bytes

    def __repr__(self) -> str:
        return f"Vault(key id {self._header[1:].hex()})"

    def seal(self, secret: bytes, place: Place) -> bytes:
        """Return *secret* so that only this key opens it, and only in *place*."""
        bound = place.bound_to(self._header)
        drawn = self._random_bytes(_KEY_BYTES + 2 * _NONCE_BYTES)  # one call into the system instead of three
        data_key, outer, inner = drawn[:_KEY_BYTES], drawn[_KEY_BYTES:-_NONCE_BYTES], drawn[-_NONCE_BYTES:]
        wrapped = self._cipher.encrypt(outer, data_key, bound)
        return self._header + outer + wrapped + inner + AESGCM(data_key).encrypt(inner, secret, bound)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return what was sealed; raise `CannotOpen` for anything else."""
        if len(sealed) < _SMALLEST or not sealed.startswith(self._header):
            raise CannotOpen("not sealed with this key, or cut short")
        bound = place.bound_to(self._header)
        outer_end = _HEADER_BYTES + _NONCE_BYTES
        inner_start = outer_end + _WRAPPED_BYTES
        inner_end = inner_start + _NONCE_BYTES
        try:
            data_key = self._cipher.decrypt(
                sealed[_HEADER_BYTES:outer_end],
                sealed[outer_end:inner_start],
                bound,
            )
            return AESGCM(data_key).decrypt(sealed[inner_start:inner_end], sealed[inner_end:], bound)
        except InvalidTag:
            raise CannotOpen("changed, or moved from another place") from None
