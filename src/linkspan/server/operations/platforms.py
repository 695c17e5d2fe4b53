"""Remembers which tenants are connected accounts, and of which platform."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store import connected_accounts as connected_account_rows
from linkspan.server.store.driver import Tx

_KNOWN_MAX: Final = 10_000


class Platforms:
    """What is remembered may be lost, and never changes.

    An account keeps its platform, and a tenant that is none never becomes a
    connected account, so every event can ask this at the price of a look-up.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Scope, str | None] = {}

    def known(self, scope: Scope) -> str | None:
        """Return what is remembered of *scope*; none also where that has to be asked for."""
        return self._known.get(scope)

    async def of(self, tx: Tx, scope: Scope) -> str | None:
        """Return the tenant whose connected account *scope* is; none for a platform itself."""
        if scope in self._known:
            return self._known[scope]
        if len(self._known) >= _KNOWN_MAX:
            self._known.clear()
        platform = await connected_account_rows.platform_of(tx, scope.tenant, livemode=scope.livemode)
        self._known[scope] = platform
        return platform
