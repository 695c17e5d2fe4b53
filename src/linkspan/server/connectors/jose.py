"""Signs what banks check, and checks what banks sign, as compact JWS (RFC 7515, 7518, 8037)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Algorithm: TypeAlias = Literal["ES256", "PS256", "EdDSA"]
"""What FAPI 2.0 allows (Security Profile, section 5.4.1)."""

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("ES256", "PS256", "EdDSA")
_PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey
_PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | Ed25519PublicKey

_SCALAR_BYTES: Final = 32
# SEC 2, section 2.4.2.
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RSA_BITS_MIN: Final = 2_048
_KEYS_MAX: Final = 64
_PSS: Final = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)


class UnusableKey(ValueError):
    """A key that signs in none of the ways there are."""


class BadSignature(ValueError):
    """A token that cannot be read, or that nobody known has signed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and the name its public half is registered by."""

    private: _PrivateKey = field(repr=False)
    id: str | None = None

    @property
    def algorithm(self) -> Algorithm:
        """The one way this kind of key signs here."""
        match self.private:
            case ec.EllipticCurvePrivateKey():
                return "ES256"
            case rsa.RSAPrivateKey():
                return "PS256"
            case _:
                return "EdDSA"

    @property
    def public(self) -> dict[str, str]:
        """The public half, with the members of which a thumbprint is made (RFC 7638)."""
        match self.private:
            case ec.EllipticCurvePrivateKey() as key:
                at = key.public_key().public_numbers()
                return {"crv": "P-256", "kty": "EC", "x": _number(at.x), "y": _number(at.y)}
            case rsa.RSAPrivateKey() as key:
                of = key.public_key().public_numbers()
                length = (of.n.bit_length() + 7) // 8
                return {"e": spelled(of.e.to_bytes(3)), "kty": "RSA", "n": spelled(of.n.to_bytes(length))}
            case key:
                return {"crv": "Ed25519", "kty": "OKP", "x": spelled(key.public_key().public_bytes_raw())}

    def sign(self, claims: Mapping[str, Any], **header: object) -> str:
        """Return *claims* signed; *header* holds what the kind of token asks for besides the algorithm."""
        named = {} if self.id is None else {"kid": self.id}
        parts = ({"alg": self.algorithm, **named, **header}, claims)
        signed = ".".join(spelled(msgspec.json.encode(part)) for part in parts)
        return f"{signed}.{spelled(self._signature(signed.encode()))}"

    def _signature(self, data: bytes) -> bytes:
        match self.private:
            case ec.EllipticCurvePrivateKey() as key:
                r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
                return r.to_bytes(_SCALAR_BYTES) + s.to_bytes(_SCALAR_BYTES)
            case rsa.RSAPrivateKey() as key:
                return key.sign(data, _PSS, SHA256())
            case key:
                return key.sign(data)


def read_key(pem: str, key_id: str | None = None) -> SigningKey:
    """Return the key in *pem* (PKCS #8): P-256, Ed25519, or RSA of 2048 bits or more."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        raise UnusableKey("cannot be read as a private key without a password") from None
    match key:
        case ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()) | Ed25519PrivateKey():
            return SigningKey(key, key_id)
        case rsa.RSAPrivateKey(key_size=size) if size >= _RSA_BITS_MIN:
            return SigningKey(key, key_id)
        case _:
            raise UnusableKey("must be a key of P-256, Ed25519, or RSA with 2048 bits or more")


def new_key(random_bytes: bytes) -> str:
    """Return a P-256 key made of *random_bytes*, in the words of `held_key`."""
    scalar = int.from_bytes(random_bytes) % (_P256_ORDER - 1) + 1
    return spelled(scalar.to_bytes(_SCALAR_BYTES))


def held_key(text: str) -> SigningKey:
    """Return the key that `new_key` made."""
    return SigningKey(ec.derive_private_key(int.from_bytes(_unspelled(text)), ec.SECP256R1()))


def thumbprint(key: SigningKey) -> str:
    """Return the SHA-256 thumbprint of the public half (RFC 7638)."""
    return spelled(sha256(msgspec.json.encode(key.public)).digest())


def unchecked(token: str) -> dict[str, Any]:
    """Return the claims of a *token* whose signature is still to be checked."""
    return _object(token.split(".")[1]) if token.count(".") == 2 else {}  # noqa: PLR2004 - header.claims.signature


def checked(token: str, keys: bytes, algorithm: str) -> dict[str, Any]:
    """Return the claims of *token* if a key of the JWK Set *keys* signed it by *algorithm*, or raise.

    The algorithm is the one agreed on with the bank, never the token's own word
    for it (RFC 8725, section 3.1).
    """
    try:
        header, _, signature = token.split(".")
    except ValueError:
        raise BadSignature("it is not three parts") from None
    told = _object(header)
    if told.get("alg") != algorithm or "crit" in told:
        raise BadSignature("it is signed in another way than was agreed")
    signed = token.rpartition(".")[0].encode()
    for jwk in _candidates(keys, told.get("kid")):
        if _has_signed(jwk, algorithm, signed, _unspelled(signature)):
            return unchecked(token)
    raise BadSignature("no key of the bank has signed it")


def _candidates(keys: bytes, key_id: object) -> list[dict[str, Any]]:
    """Return the keys that may have signed: those of the name that is told, if any is."""
    try:
        listed = msgspec.json.decode(keys, type=dict[str, Any]).get("keys", [])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadSignature("the bank's keys cannot be read") from None
    jwks = [jwk for jwk in listed if isinstance(jwk, dict)][:_KEYS_MAX] if isinstance(listed, list) else []
    return [jwk for jwk in jwks if key_id is None or jwk.get("kid") == key_id]


def _has_signed(jwk: Mapping[str, Any], algorithm: str, data: bytes, signature: bytes) -> bool:
    try:
        key = _public_key(jwk, algorithm)
        match key:
            case ec.EllipticCurvePublicKey():
                r, s = signature[:_SCALAR_BYTES], signature[_SCALAR_BYTES:]
                der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
                key.verify(der, data, ec.ECDSA(SHA256()))
                return len(s) == _SCALAR_BYTES
            case rsa.RSAPublicKey():
                key.verify(signature, data, _PSS, SHA256())
                return True
            case _:
                key.verify(signature, data)
                return True
    except (InvalidSignature, ValueError, TypeError, KeyError, AttributeError):
        return False


def _public_key(jwk: Mapping[str, Any], algorithm: str) -> _PublicKey:
    """Return the key in *jwk*, which has to be of the kind that signs by *algorithm*."""
    match algorithm, jwk["kty"], jwk.get("crv"):
        case "ES256", "EC", "P-256":
            x, y = (int.from_bytes(_unspelled(jwk[at])) for at in ("x", "y"))
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        case "PS256", "RSA", None:
            e, n = (int.from_bytes(_unspelled(jwk[at])) for at in ("e", "n"))
            if n.bit_length() < _RSA_BITS_MIN:
                raise ValueError("the key is short")
            return rsa.RSAPublicNumbers(e, n).public_key()
        case "EdDSA", "OKP", "Ed25519":
            return Ed25519PublicKey.from_public_bytes(_unspelled(jwk["x"]))
        case _:
            raise ValueError("the key is of another kind")


def spelled(data: bytes) -> str:
    """Return *data* in base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return spelled(value.to_bytes(_SCALAR_BYTES))


def _unspelled(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, UnicodeEncodeError):
        raise BadSignature("it is not base64url") from None


def _object(part: str) -> dict[str, Any]:
    """Return the JSON object in a part of a token; nothing for what is none."""
    try:
        return msgspec.json.decode(_unspelled(part), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, BadSignature):
        return {}
