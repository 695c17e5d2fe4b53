"""What tenants chose for themselves, in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("tenants")


async def set_version(tx: Tx, scope: Scope, version: str) -> None:
    """Let a tenant speak *version* unless a request names another."""
    await tx.run(_SQL["set_version"], {**within(scope), "api_version": version})


async def version_of(tx: Tx, scope: Scope) -> str | None:
    """Return the version a tenant speaks by default; ``None`` where it chose none."""
    row = await tx.one(_SQL["version_of"], within(scope))
    return None if row is None else row[0]
