"""Finds the tenant and mode an API key stands for."""

import binascii
import re
from base64 import b64decode
from typing import Final, Protocol

from linkspan.server.core.ids import secret_from
from linkspan.server.core.refusals import InvalidKey, NoKey, SecretKeyRequired
from linkspan.server.core.scope import Scope
from linkspan.server.telemetry.redact import redact_key
from linkspan.server.vault.digests import Digests

_TEST_SECRET: Final = re.compile(r"sk_test_[A-Za-z0-9_]{1,200}")
_PUBLISHABLE: Final = re.compile(r"pk_(?:test|live)_")
_TENANTS_CACHED_MAX: Final = 10_000


class Keys(Protocol):
    """Knows the API keys of a server."""

    def scope_of(self, key: str) -> Scope:
        """Return whose key it is, or raise `NotAuthenticated`."""
        ...


class AnyTestKey:
    """Accepts any ``sk_test_…`` key; each is a tenant of its own.

    For development and tests: two suites with two keys never see each other's
    objects, and nothing has to be set up first.
    """

    __slots__ = ("_digests", "_known")

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self._known: dict[bytes, Scope] = {}

    def scope_of(self, key: str) -> Scope:
        """Return the tenant derived from a test key."""
        if _PUBLISHABLE.match(key):
            raise SecretKeyRequired
        if not _TEST_SECRET.fullmatch(key):
            raise InvalidKey(redact_key(key))
        digest = self._digests.of(b"api key", key)
        scope = self._known.get(digest)
        if scope is None:
            if len(self._known) >= _TENANTS_CACHED_MAX:
                self._known.clear()
            scope = self._known[digest] = Scope(secret_from("acct", digest)[:21], livemode=False)
        return scope


def key_of(authorization: bytes | None) -> str:
    """Return the API key in an ``Authorization`` header: Bearer, or Basic with the key as user name."""
    if not authorization:
        raise NoKey
    scheme, _, credentials = authorization.strip().partition(b" ")
    if scheme.lower() == b"bearer":
        key = credentials.strip()
    elif scheme.lower() == b"basic":
        key = _basic_user(credentials)
    else:
        raise NoKey
    if not key:
        raise NoKey
    return key.decode("latin-1")


def _basic_user(credentials: bytes) -> bytes:
    try:
        return b64decode(credentials.strip(), validate=True).partition(b":")[0]
    except binascii.Error:
        raise NoKey from None
