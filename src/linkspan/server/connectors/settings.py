"""Settings of an institution, read with errors that name them."""

from typing import Final, cast, get_args

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from linkspan.server.connectors.base import InvalidSetting
from linkspan.server.connectors.jose import ALGORITHMS, Algorithm, SigningKey, UnusableKey, read_key
from linkspan.server.connectors.registration import BY_CERTIFICATE, AuthMethod, OAuthSettings
from linkspan.server.core.institution import Institution
from linkspan.server.outbound.egress import destination_of
from linkspan.server.outbound.exchange import Identity
from linkspan.server.outbound.failures import Refused

OAUTH_SETTINGS: Final = frozenset(
    {
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "client_id",
        "client_secret",
        "scope",
        "authorization_response_iss_parameter_supported",
        "token_endpoint_auth_method",
        "client_key",
        "client_key_id",
        "client_certificate",
        "client_certificate_key",
        "pushed_authorization_request_endpoint",
        "require_signed_request_object",
        "dpop_bound_access_tokens",
        "authorization_signed_response_alg",
        "jwks_uri",
    }
)
"""The settings `oauth_settings` reads; the words are those of RFC 8414, RFC 7591 and their extensions."""


def oauth_settings(institution: Institution) -> OAuthSettings:
    """Return our registration with the institution's authorization server."""
    settings = _read(institution)
    _check_proofs(institution, settings)
    return settings


def _read(institution: Institution) -> OAuthSettings:
    methods = get_args(AuthMethod)
    method = choice(institution, "token_endpoint_auth_method", ("", *methods), default="")
    signed_by = choice(institution, "authorization_signed_response_alg", ("", *ALGORITHMS), default="")
    return OAuthSettings(
        issuer=text(institution, "issuer"),
        authorization_endpoint=address(institution, "authorization_endpoint"),
        token_endpoint=address(institution, "token_endpoint"),
        revocation_endpoint=optional_address(institution, "revocation_endpoint"),
        client_id=text(institution, "client_id"),
        client_secret=institution.settings.get("client_secret") or None,
        scope=text(institution, "scope"),
        is_issuer_promised=is_true(
            institution, "authorization_response_iss_parameter_supported", default="true"
        ),
        auth_method=cast("AuthMethod | None", method or None),
        key=_client_key(institution),
        identity=_identity(institution),
        pushed_endpoint=optional_address(institution, "pushed_authorization_request_endpoint"),
        signs_requests=is_true(institution, "require_signed_request_object"),
        binds_by_dpop=is_true(institution, "dpop_bound_access_tokens"),
        answers_signed_by=cast("Algorithm | None", signed_by or None),
        jwks_uri=optional_address(institution, "jwks_uri"),
    )


def _check_proofs(institution: Institution, settings: OAuthSettings) -> None:
    """Refuse a way of proving something without what it is proven with."""
    method = settings.auth_method
    needed = {
        "client_secret": method == "client_secret_basic" and settings.client_secret is None,
        "client_key": (method == "private_key_jwt" or settings.signs_requests) and settings.key is None,
        "client_certificate": method in BY_CERTIFICATE and settings.identity is None,
        "jwks_uri": settings.answers_signed_by is not None and settings.jwks_uri is None,
    }
    for setting, is_lacking in needed.items():
        if is_lacking:
            raise InvalidSetting(institution.id, setting, "is missing, which other settings ask for")


def _client_key(institution: Institution) -> SigningKey | None:
    pem, key_id = institution.settings.get("client_key"), institution.settings.get("client_key_id")
    if not pem:
        return None
    try:
        return read_key(pem, key_id or None)
    except UnusableKey as unusable:
        raise InvalidSetting(institution.id, "client_key", str(unusable)) from None


def _identity(institution: Institution) -> Identity | None:
    """Return the client certificate with its key, if there is one and they belong together."""
    certificate = institution.settings.get("client_certificate", "")
    if not certificate:
        return None
    key = text(institution, "client_certificate_key")
    try:
        held = load_pem_private_key(key.encode(), None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidSetting(
            institution.id, "client_certificate_key", "cannot be read as a private key without a password"
        ) from None
    try:
        shown = load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidSetting(
            institution.id, "client_certificate", "cannot be read as a certificate"
        ) from None
    of_both = [one.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for one in (held, shown)]
    if of_both[0] != of_both[1]:
        raise InvalidSetting(institution.id, "client_certificate_key", "is not the certificate's")
    return Identity(f"{key.strip()}\n{certificate.strip()}\n".encode())


def only_known(institution: Institution, known: frozenset[str]) -> None:
    """Refuse a setting nobody reads: it is a misspelling or belongs to another connector."""
    for setting in sorted(institution.settings.keys() - known):
        raise InvalidSetting(institution.id, setting, "is not a setting of this connector")


def text(institution: Institution, setting: str) -> str:
    """Return a setting that must be there."""
    value = institution.settings.get(setting, "")
    if not value.strip():
        raise InvalidSetting(institution.id, setting, "is missing")
    return value


def choice(institution: Institution, setting: str, allowed: tuple[str, ...], *, default: str) -> str:
    """Return a setting that is one of a few words."""
    value = institution.settings.get(setting, default)
    if value not in allowed:
        raise InvalidSetting(institution.id, setting, f"must be one of {', '.join(allowed)}")
    return value


def is_true(institution: Institution, setting: str, *, default: str = "false") -> bool:
    """Return a setting that is ``true`` or ``false``."""
    return choice(institution, setting, ("true", "false"), default=default) == "true"


def address(institution: Institution, setting: str) -> str:
    """Return a setting that must be a plain http or https URL; whether it may be called is egress's rule."""
    value = text(institution, setting)
    try:
        destination_of(value)
    except Refused:
        raise InvalidSetting(institution.id, setting, "must be a plain https URL") from None
    return value


def optional_address(institution: Institution, setting: str) -> str | None:
    """Return a setting that may be left out, otherwise as `address`."""
    return address(institution, setting) if institution.settings.get(setting) else None
