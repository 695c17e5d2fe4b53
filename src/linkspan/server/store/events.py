"""What happened, in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("events")


async def insert(tx: Tx, scope: Scope, event_id: str, event_type: str, doc: bytes) -> None:
    """Keep what happened, in the transaction that made it happen."""
    await tx.run(_SQL["insert"], {**key(scope, event_id), "type": event_type, "doc": doc})


async def all_of_tenant(tx: Tx, scope: Scope, *, limit: int) -> list[bytes]:
    """Return what happened to a tenant, oldest first."""
    values = {**within(scope), "limit": limit}
    return [row[0] for row in await tx.all(_SQL["all_of_tenant"], values)]
