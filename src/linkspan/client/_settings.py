"""Settles what a client needs to know, from arguments first and the environment second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from linkspan.client._errors import AuthenticationError

STRIPE_API_BASE: Final = "https://api.stripe.com"

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One client's settings. The repr keeps the key to itself."""

    api_key: str
    base_url: str
    version: str
    account: str | None
    max_network_retries: int

    @property
    def is_loopback(self) -> bool:
        """Whether the server runs on this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def masked_key(self) -> str:
        """The key's kind and mode, such as `sk_test_…`, which are no secret."""
        kind, mode, *_ = [*self.api_key.split("_", 2), "", ""]
        return f"{kind}_{mode}_…" if kind in {"sk", "rk"} and mode in {"test", "live"} else "…"

    def __repr__(self) -> str:
        return f"base_url={self.base_url!r}, version={self.version!r}, api_key={self.masked_key!r}"


def settle(
    environment: Mapping[str, str],
    *,
    api_key: str | None,
    base_url: str | None,
    version: str,
    account: str | None,
    max_network_retries: int,
) -> Settings:
    """Return the settings, or refuse the one that cannot work."""
    if max_network_retries < 0:
        raise ValueError("max_network_retries must not be negative")
    return Settings(
        api_key=_usable_key(api_key or _first(environment, "API_KEY")),
        base_url=_usable_url(base_url or _first(environment, "API_BASE") or STRIPE_API_BASE),
        version=_header_safe("version", version),
        account=None if account is None else _header_safe("account", account),
        max_network_retries=max_network_retries,
    )


def _first(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(f"LINKSPAN_{name}") or environment.get(f"STRIPE_{name}")


def _usable_key(api_key: str | None) -> str:
    if not api_key:
        raise AuthenticationError("No API key: pass api_key, or set LINKSPAN_API_KEY or STRIPE_API_KEY.")
    if not _is_header_safe(api_key):
        # Usually a line break at the end of a file. The key itself is not repeated.
        raise AuthenticationError("api_key holds a space, a line break or a character outside ASCII.")
    return api_key


def _usable_url(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"base_url must look like https://host or http://host:port, got {base_url!r}")
    if parts.username or parts.password:
        # Not repeated either: it holds a password.
        raise ValueError("base_url must not hold a user name or password")
    return base_url.rstrip("/")


def _header_safe(name: str, value: str) -> str:
    if not _is_header_safe(value):
        raise ValueError(f"{name} holds a space, a line break or a character outside ASCII: {value!r}")
    return value


def _is_header_safe(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value
