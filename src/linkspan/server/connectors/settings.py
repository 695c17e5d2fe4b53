"""Settings of an institution, read with errors that name them."""

from typing import Final

from linkspan.server.connectors.base import InvalidSetting
from linkspan.server.connectors.oauth import OAuthSettings
from linkspan.server.core.institution import Institution
from linkspan.server.outbound.egress import destination_of
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
    }
)
"""The settings `oauth_settings` reads; the words are those of RFC 8414 and RFC 9207."""


def oauth_settings(institution: Institution) -> OAuthSettings:
    """Return our registration with the institution's authorization server."""
    is_issuer_promised = choice(
        institution, "authorization_response_iss_parameter_supported", ("true", "false"), default="true"
    )
    return OAuthSettings(
        issuer=text(institution, "issuer"),
        authorization_endpoint=address(institution, "authorization_endpoint"),
        token_endpoint=address(institution, "token_endpoint"),
        revocation_endpoint=optional_address(institution, "revocation_endpoint"),
        client_id=text(institution, "client_id"),
        client_secret=institution.settings.get("client_secret") or None,
        scope=text(institution, "scope"),
        is_issuer_promised=is_issuer_promised == "true",
    )


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
