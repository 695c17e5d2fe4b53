"""Opens values of the first format, each with a data key of its own that a master key wraps.

Nothing is sealed like this any more; a database that began with it is sealed anew while
it is served. A value is::

    version (1) | master key id (4) | nonce (12) | wrapped data key (48) | nonce (12) | ciphertext
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linkspan.server.vault.masters import MasterKey
from linkspan.server.vault.places import CannotOpen, Place

VERSION: Final = b"\x01"
_HEADER_BYTES: Final = 5
_NONCE_BYTES: Final = 12
_WRAPPED_AT: Final = _HEADER_BYTES + _NONCE_BYTES
_NONCE_AT: Final = _WRAPPED_AT + 48
_BODY_AT: Final = _NONCE_AT + _NONCE_BYTES
_SMALLEST: Final = _BODY_AT + 16


def master_id_in(sealed: bytes) -> bytes | None:
    """Return the id of the master key that a value of this format needs; none of any other value."""
    return sealed[1:_HEADER_BYTES] if sealed.startswith(VERSION) else None


def opened(master: MasterKey, sealed: bytes, place: Place) -> bytes:
    """Return what was sealed; raise `CannotOpen` for anything else."""
    header = VERSION + master.id
    if len(sealed) < _SMALLEST or not sealed.startswith(header):
        raise CannotOpen("not sealed with this key, or cut short")
    bound = place.bound_to(header)
    try:
        key = master.cipher.decrypt(sealed[_HEADER_BYTES:_WRAPPED_AT], sealed[_WRAPPED_AT:_NONCE_AT], bound)
        return AESGCM(key).decrypt(sealed[_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], bound)
    except InvalidTag:
        raise CannotOpen("changed, or moved from another place") from None
