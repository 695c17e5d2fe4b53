"""Finds what an API key opens: whose data, in which mode, with which rights."""

import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from linkspan.server.core.access import Access
from linkspan.server.core.api_key import ApiKey, Kind
from linkspan.server.core.ids import secret_from
from linkspan.server.core.origins import ANYWHERE, is_listed
from linkspan.server.core.refusals import (
    AddressNotAllowed,
    ExpiredKey,
    InvalidClientSecret,
    InvalidKey,
    NoKey,
    SecretKeyRequired,
    UnlistedOrigin,
)
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import NEWEST
from linkspan.server.operations.context import Context
from linkspan.server.operations.keys import digest_of
from linkspan.server.store import keys as key_rows
from linkspan.server.store import tenants as tenant_rows
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.redact import redact_key
from linkspan.server.vault.digests import Digests

_TEST_SECRET: Final = re.compile(r"sk_test_[A-Za-z0-9_]{1,200}")
_PUBLISHABLE: Final = re.compile(r"pk_(?:test|live)_")
_KEY: Final = re.compile(r"[prs]k_(?:test|live)_[A-Za-z0-9]{40}")
_KEYS_CACHED_MAX: Final = 10_000
# A revoked key must be refused everywhere within a second; the other half of it
# is for the look itself.
_FRESH_SECONDS: Final = 0.5

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

    async def check_publishable(self, tx: Tx, key: str, scope: Scope, origin: str) -> None:
        """Refuse a publishable key that may not open the modal of a Session in *scope* at *origin*."""
        ...

    async def check_page_key(self, tx: Tx, key: str, scope: Scope) -> None:
        """Refuse a publishable key that is not one of whoever owns what is in *scope*."""
        ...

    async def origins_of(self, key: str) -> Sequence[str]:
        """Return the sites that may show the modal with a publishable key, as a policy spells them."""
        ...


class AnyTestKey:
    """Accepts any ``sk_test_…`` key; each is a tenant of its own.

    For development and tests: two suites with two keys never see each other's
    objects, and nothing has to be set up first.
    """

    __slots__ = ("_digests", "_known", "_origins", "_version")

    def __init__(self, digests: Digests, *, version: str = NEWEST, origins: Sequence[str] = ANYWHERE) -> None:
        self._digests = digests
        self._origins = origins
        self._version = version
        self._known: dict[str, Access] = {}

    def known(self, key: str, _client: Client) -> Access:
        """Return everything of the tenant derived from a test key."""
        access = self._known.get(key)
        if access is None:
            if len(self._known) >= _KEYS_CACHED_MAX:
                self._known.clear()
            scope = self.scope_of(key)
            access = self._known[key] = Access(scope, key=scope.tenant, version=self._version)
        return access

    async def look_up(self, key: str, client: Client) -> Access:
        """Return the same as `known`: nothing has to be looked up."""
        return self.known(key, client)

    async def check_publishable(self, _tx: Tx, _key: str, _scope: Scope, origin: str) -> None:
        """Let any key open: each secret key is a tenant of its own, with no publishable one to go by."""
        if not is_listed(origin, self._origins):
            raise UnlistedOrigin(origin)

    async def check_page_key(self, _tx: Tx, key: str, _scope: Scope) -> None:
        """Let any publishable key of test mode ask."""
        if not key.startswith("pk_test_"):
            raise InvalidKey(redact_key(key))

    async def origins_of(self, _key: str) -> Sequence[str]:
        """Return the same for every key."""
        return self._origins

    def scope_of(self, key: str) -> Scope:
        """Return the tenant derived from a test key."""
        if _PUBLISHABLE.match(key):
            raise SecretKeyRequired
        if not _TEST_SECRET.fullmatch(key):
            raise InvalidKey(redact_key(key))
        digest = self._digests.of(b"api key", key)
        return Scope(secret_from("acct", digest)[:21], livemode=False)


class StoredKeys:
    """Knows the keys in a store, as they were kept there at most half a second ago.

    So every server that shares a database refuses a key within a second of its
    being revoked, without a word between them (docs/decisions/0021).
    """

    __slots__ = ("_context", "_known")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[bytes, _Known] = {}

    def known(self, key: str, client: Client) -> Access | None:
        """Return what *key* opens if it was looked up a moment ago."""
        known = self._known.get(digest_of(self._context.digests, key))
        now = self._context.world.now()
        # A clock that was set back must not make what is known last longer.
        if known is None or not 0 <= now - known.at < _FRESH_SECONDS:
            return None
        return known.opened_by(key, client, now)

    async def look_up(self, key: str, client: Client) -> Access:
        """Return what *key* opens as the store has it now."""
        if not _KEY.fullmatch(key):
            raise InvalidKey(redact_key(key))
        digest = digest_of(self._context.digests, key)
        now = self._context.world.now()  # before the look: what changes during it is seen next time
        kept, access = await self._context.store.read(lambda tx: self._kept(tx, digest))
        if len(self._known) >= _KEYS_CACHED_MAX:
            self._known.clear()
        known = self._known[digest] = _Known(now, kept, access)
        return known.opened_by(key, client, now)

    async def _kept(self, tx: Tx, digest: bytes) -> tuple[ApiKey | None, Access | None]:
        """Return a key, and what it opens, in the version its tenant chose."""
        kept = await key_rows.by_digest(tx, digest)
        if kept is None:
            return None, None
        version = await tenant_rows.version_of(tx, kept.scope)
        return kept, replace(kept.access, version=version or self._context.version)

    async def check_publishable(self, tx: Tx, key: str, scope: Scope, origin: str) -> None:
        """Let the publishable keys of the tenant and of its platform open, at the sites they list."""
        kept = await self._publishable(tx, key, scope)
        if not is_listed(origin, kept.origins):
            raise UnlistedOrigin(origin)

    async def check_page_key(self, tx: Tx, key: str, scope: Scope) -> None:
        """Let the publishable keys of the tenant and of its platform ask."""
        await self._publishable(tx, key, scope)

    async def _publishable(self, tx: Tx, key: str, scope: Scope) -> ApiKey:
        """Return a good publishable key of the tenant, or of its platform."""
        kept = await key_rows.by_digest(tx, digest_of(self._context.digests, key))
        if kept is None or kept.kind is not Kind.PUBLISHABLE:
            raise InvalidKey(redact_key(key))
        if kept.is_over(self._context.world.now()):
            raise ExpiredKey(kept.hint)
        platform = await self._context.platforms.of(tx, scope)
        if kept.scope.livemode != scope.livemode or kept.scope.tenant not in {scope.tenant, platform}:
            raise InvalidClientSecret
        return kept

    async def origins_of(self, key: str) -> Sequence[str]:
        """Return the sites a good publishable key lists; any other lists none."""
        digest = digest_of(self._context.digests, key)
        kept = await self._context.store.read(lambda tx: key_rows.by_digest(tx, digest))
        is_good = kept is not None and not kept.is_over(self._context.world.now())
        return kept.origins if kept is not None and is_good else ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What a look at the store found."""

    at: float
    kept: ApiKey | None
    access: Access | None

    def opened_by(self, key: str, client: Client, now: float) -> Access:
        """Return what was found, unless it opens nothing, or not now, or not from there."""
        if self.kept is None or self.access is None:
            raise InvalidKey(redact_key(key))
        if self.kept.is_over(now):
            raise ExpiredKey(self.kept.hint)
        if self.kept.kind is Kind.PUBLISHABLE:
            raise SecretKeyRequired
        if not self.kept.admits(client[0] if client else None):
            raise AddressNotAllowed
        return self.access


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
