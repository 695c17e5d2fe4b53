"""Twelve ways in which a bank may want a program to prove itself, written down on both sides."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from linkspan.server.connectors.jose import read_key, spelled
from tests.outbound.certificates import self_signed

CALLBACK: Final = "https://linkspan.example/link/callback"
CERTIFICATE, CERTIFICATE_KEY = (pem.decode() for pem in self_signed("linkspan.example"))


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


ES256_KEY: Final = _pem(ec.generate_private_key(ec.SECP256R1()))
PS256_KEY: Final = _pem(rsa.generate_private_key(65537, 2048))


def _public(pem: str, algorithm: str) -> dict[str, Any]:
    return {**read_key(pem).public, "alg": algorithm, "use": "sig", "kid": algorithm}


def _certificate_jwk() -> dict[str, Any]:
    der = load_pem_x509_certificate(CERTIFICATE.encode()).public_bytes(Encoding.DER)
    key = read_key(CERTIFICATE_KEY).public
    return {**key, "kid": "certificate", "x5c": [b64encode(der).decode()]}


@dataclass(frozen=True)
class Part:
    """One protection: what the bank registers, and what the operator writes down."""

    registered: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


SECRET = Part(
    {"token_endpoint_auth_method": "client_secret_basic", "client_secret": "hush hush"},
    {"client_secret": "hush hush"},
)
PUBLIC = Part({"token_endpoint_auth_method": "none"})
PUSHED = Part({"require_pushed_authorization_requests": True}, {"pushed": "yes"})
BY_ES256 = Part(
    {"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256"},
    {"token_endpoint_auth_method": "private_key_jwt", "client_key": ES256_KEY, "client_key_id": "ES256"},
)
BY_PS256 = Part(
    {"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "PS256"},
    {"token_endpoint_auth_method": "private_key_jwt", "client_key": PS256_KEY, "client_key_id": "PS256"},
)
_SHOWN = {"client_certificate": CERTIFICATE, "client_certificate_key": CERTIFICATE_KEY}
BY_OWN_CERTIFICATE = Part(
    {"token_endpoint_auth_method": "self_signed_tls_client_auth"},
    {"token_endpoint_auth_method": "self_signed_tls_client_auth", **_SHOWN},
)
BY_ISSUED_CERTIFICATE = Part(
    {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "linkspan.example"},
    {"token_endpoint_auth_method": "tls_client_auth", **_SHOWN},
)
CERTIFICATE_BOUND = Part({"tls_client_certificate_bound_access_tokens": True}, _SHOWN)
DPOP = Part({"dpop_bound_access_tokens": True}, {"dpop_bound_access_tokens": "true"})
SIGNED_REQUESTS = Part(
    {"require_signed_request_object": True, "request_object_signing_alg": "ES256"},
    {"require_signed_request_object": "true", "client_key": ES256_KEY, "client_key_id": "ES256"},
)
SIGNED_ANSWERS = Part(
    {"authorization_signed_response_alg": "ES256"},
    {"authorization_signed_response_alg": "ES256", "jwks": "yes"},
)
ANSWERS_BY_PS256 = Part(
    {"authorization_signed_response_alg": "PS256"},
    {"authorization_signed_response_alg": "PS256", "jwks": "yes"},
)

PROFILES: Final[dict[str, tuple[Part, ...]]] = {
    "secret": (SECRET,),
    "pushed": (SECRET, PUSHED),
    "public_dpop": (PUBLIC, DPOP),
    "secret_dpop": (SECRET, DPOP),
    "key_es256": (BY_ES256,),
    "key_ps256_pushed": (BY_PS256, PUSHED),
    "signed_request": (BY_ES256, SIGNED_REQUESTS),
    "signed_answer": (SECRET, SIGNED_ANSWERS),
    "mtls_self_signed": (BY_OWN_CERTIFICATE, CERTIFICATE_BOUND),
    "mtls_issued_all": (
        BY_ISSUED_CERTIFICATE,
        CERTIFICATE_BOUND,
        PUSHED,
        SIGNED_REQUESTS,
        ANSWERS_BY_PS256,
    ),
    "fapi2_security": (BY_ES256, PUSHED, DPOP),
    "fapi2_message_signing": (BY_ES256, PUSHED, DPOP, SIGNED_REQUESTS, SIGNED_ANSWERS),
}
"""By the client id that the bank knows; those that begin with fapi2 are held to that profile by it."""


def registered(name: str) -> dict[str, Any]:
    """What the bank is told of the client of a profile."""
    parts = [part.registered for part in PROFILES[name]]
    keys = [_public(ES256_KEY, "ES256"), _public(PS256_KEY, "PS256"), _certificate_jwk()]
    merged = {key: value for part in parts for key, value in part.items()}
    needs_keys = merged["token_endpoint_auth_method"] in {"private_key_jwt", "self_signed_tls_client_auth"}
    signs = "request_object_signing_alg" in merged
    return {
        "client_id": name,
        "redirect_uris": [CALLBACK],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "accounts",
        "id_token_signed_response_alg": "ES256",
        "authorization_signed_response_alg": "ES256",
        **merged,
        **({"jwks": {"keys": keys}} if needs_keys or signs else {}),
    }


def entry(name: str, issuer: str, *, without: str = "") -> dict[str, Any]:
    """The bank as an operator writes it down for a profile, *without* one of its settings."""
    told = {key: value for part in PROFILES[name] for key, value in part.settings.items()}
    is_pushed, has_keys = told.pop("pushed", ""), told.pop("jwks", "")
    settings = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/auth",
        "token_endpoint": f"{issuer}/token",
        "revocation_endpoint": f"{issuer}/token/revocation",
        "base_url": f"{issuer}/fdx",
        "client_id": name,
        "scope": "accounts",
        **({"pushed_authorization_request_endpoint": f"{issuer}/request"} if is_pushed else {}),
        **({"jwks_uri": f"{issuer}/jwks"} if has_keys else {}),
        **told,
    }
    settings.pop(without, None)
    return {
        "id": f"fcinst_{name}",
        "name": "Certified Bank",
        "countries": ["US"],
        "connector": "fdx",
        "settings": settings,
    }


def signing_keys() -> list[dict[str, Any]]:
    """The private keys that the bank signs its answers with."""
    return [_private(ES256_KEY, "ES256"), _private(PS256_KEY, "PS256")]


def _private(pem: str, algorithm: str) -> dict[str, Any]:
    """A private key as a JWK (RFC 7518, section 6)."""
    key = load_pem_private_key(pem.encode(), None)
    public = {**_public(pem, algorithm), "kid": f"bank {algorithm}"}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {**public, "d": spelled(key.private_numbers().private_value.to_bytes(32))}
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    parts = {
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    spelled_parts = {
        name: spelled(value.to_bytes((value.bit_length() + 7) // 8)) for name, value in parts.items()
    }
    return {**public, **spelled_parts}
