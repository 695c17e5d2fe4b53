"""Signs what a page may want to show its own server, with a key that anybody may check by."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linkspan.server.vault.digests import Digests

_PURPOSE: Final = b"signing key"


class Signer:
    """Ed25519 with a key that follows from the database's own, so every server of it signs alike."""

    __slots__ = ("_digests", "_ready")

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self._ready: Ed25519PrivateKey | None = None

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return *claims* as a compact JWS (RFC 7515 section 7.1, RFC 8037)."""
        header = {"alg": "EdDSA", "kid": self.public["kid"], "typ": "JWT"}
        signed = ".".join(_spelled(msgspec.json.encode(part)) for part in (header, claims))
        return f"{signed}.{_spelled(self._key.sign(signed.encode()))}"

    @property
    def public(self) -> dict[str, str]:
        """The key to check by, as a JWK named by its thumbprint (RFC 7638)."""
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": _spelled(self._key.public_key().public_bytes_raw())}
        thumbprint = _spelled(sha256(msgspec.json.encode(jwk)).digest())
        return {**jwk, "kid": thumbprint, "alg": "EdDSA", "use": "sig"}

    @property
    def _key(self) -> Ed25519PrivateKey:
        if self._ready is None:
            self._ready = Ed25519PrivateKey.from_private_bytes(self._digests.of(_PURPOSE, ""))
        return self._ready


def _spelled(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
