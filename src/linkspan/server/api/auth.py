"""Finds the tenant and mode an API key stands for."""

import binascii
import re
from base64 import b64decode
from typing import Final, Protocol, TypeAlias

from linkspan.server.core.access import Access
from linkspan.server.core.ids import secret_from
from linkspan.server.core.refusals import InvalidKey, NoKey, SecretKeyRequired
from linkspan.server.core.scope import Scope
from linkspan.server.telemetry.redact import redact_key
from linkspan.server.vault.digests import Digests

_TEST_SECRET: Final = re.compile(r"sk_test_[A-Za-z0-9_]{1,200}")
_PUBLISHABLE: Final = re.compile(r"pk_(?:test|live)_")
_TENANTS_CACHED_MAX: Final = 10_000

# Where a request comes from, as ASGI tells: address and port; nothing through a socket file.
Client: TypeAlias = tuple[str, int] | None


class Keys(Protocol):
    """Knows the API keys of a server.

    A request awaits nothing for a key that is known already: what has to be
    looked up is asked for apart.
    """

    def known(self, key: str, client: Client) -> Access | None:
        """Return what *key* opens to *client*, or ``None`` where that has to be looked up.

        Raises `NotAuthenticated` for a key that opens nothing.
        """
        ...

    async def look_up(self, key: str, client: Client) -> Access:
        """Return what *key* opens to *client*, or raise `NotAuthenticated`."""
        ...


class AnyTestKey:
    """Accepts any ``sk_test_…`` key; each is a tenant of its own.

    For development and tests: two suites with two keys never see each other's
    objects, and nothing has to be set up first.
    """

    __slots__ = ("_digests", "_known")

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self._known: dict[str, Access] = {}

    def known(self, key: str, _client: Client) -> Access:
        """Return everything of the tenant derived from a test key."""
        access = self._known.get(key)
        if access is None:
            if len(self._known) >= _TENANTS_CACHED_MAX:
                self._known.clear()
            access = self._known[key] = Access(self.scope_of(key))
        return access

    async def look_up(self, key: str, client: Client) -> Access:
        """Return the same as `known`: nothing has to be looked up."""
        return self.known(key, client)

    def scope_of(self, key: str) -> Scope:
        """Return the tenant derived from a test key."""
        if _PUBLISHABLE.match(key):
            raise SecretKeyRequired
        if not _TEST_SECRET.fullmatch(key):
            raise InvalidKey(redact_key(key))
        digest = self._digests.of(b"api key", key)
        return Scope(secret_from("acct", digest)[:21], livemode=False)


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
