"""Data keys: what seals the values of one tenant in one mode.

A sealed value is::

    version (1) | key id (8) | nonce (24) | ciphertext

It is XAES-256-GCM (C2SP, "The XAES-256-GCM extended-nonce AEAD"): AES-256-GCM under a
key that is derived from the data key and the first half of the nonce. With the 96 bits
that AES-GCM has for a nonce, one key must not seal more than 2³² values (NIST SP
800-38D, section 8.3), which a busy tenant's answers are within weeks; with 192 bits
chance will do for as long as anybody likes.

The additional data is the header in front of the nonce with table, column, row, tenant
and mode, so a value moved to another place does not open.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from linkspan.server.vault.places import CannotOpen, Place

VERSION: Final = b"\x02"
ID_BYTES: Final = 8
NONCE_BYTES: Final = 24
HEADER_BYTES: Final = len(VERSION) + ID_BYTES
_BODY_AT: Final = HEADER_BYTES + NONCE_BYTES
_TAG_BYTES: Final = 16
_BLOCK_BYTES: Final = 16
_HALF: Final = 12
# What the two blocks begin with that a key is derived from: counter, letter, zero.
_FIRST: Final = b"\x00\x01X\x00"
_SECOND: Final = b"\x00\x02X\x00"


class DataKey:
    """A key of 32 bytes that seals and opens values of one tenant in one mode."""

    __slots__ = ("_derive", "_mask", "header")

    def __init__(self, key_id: bytes, key: bytes) -> None:
        self.header: Final = VERSION + key_id
        # One block does not depend on another in this mode, so one encryptor serves them all.
        self._derive = Cipher(AES256(key), ECB()).encryptor().update  # noqa: S305 - CMAC's building block, of one block each
        self._mask = _subkey(self._derive(bytes(_BLOCK_BYTES))) * 2

    def __repr__(self) -> str:
        return f"DataKey({self.id.hex()})"

    @property
    def id(self) -> bytes:
        """By which the values it sealed name it."""
        return self.header[len(VERSION) :]

    def seal(self, secret: bytes, place: Place, nonce: bytes) -> bytes:
        """Return *secret* so that only this key opens it, and only in *place*."""
        body = self._cipher(nonce).encrypt(nonce[_HALF:], secret, place.bound_to(self.header))
        return self.header + nonce + body

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return what was sealed in *place*; raise `CannotOpen` for anything else."""
        if len(sealed) < _BODY_AT + _TAG_BYTES or not sealed.startswith(self.header):
            raise CannotOpen("not sealed with this key, or cut short")
        nonce = sealed[HEADER_BYTES:_BODY_AT]
        try:
            return self._cipher(nonce).decrypt(nonce[_HALF:], sealed[_BODY_AT:], place.bound_to(self.header))
        except InvalidTag:
            raise CannotOpen("changed, or moved from another place") from None

    def _cipher(self, nonce: bytes) -> AESGCM:
        """Return the cipher of one nonce: CMAC's key derivation in counter mode, of two blocks."""
        half = nonce[:_HALF]
        blocks = int.from_bytes(_FIRST + half + _SECOND + half) ^ int.from_bytes(self._mask)
        return AESGCM(self._derive(blocks.to_bytes(2 * _BLOCK_BYTES)))


def id_in(sealed: bytes) -> bytes | None:
    """Return the id of the data key that sealed a value; none of one of the format before this one."""
    return sealed[len(VERSION) : HEADER_BYTES] if sealed.startswith(VERSION) else None


def _subkey(block: bytes) -> bytes:
    """Double *block* in GF(2¹²⁸), as CMAC does (NIST SP 800-38B, section 6.1)."""
    doubled = int.from_bytes(block) << 1
    if doubled >> 128:
        doubled = (doubled & ((1 << 128) - 1)) ^ 0x87
    return doubled.to_bytes(_BLOCK_BYTES)
