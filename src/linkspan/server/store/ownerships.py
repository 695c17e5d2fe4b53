"""Snapshots of who owns an account, in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("ownerships")


async def insert(tx: Tx, scope: Scope, ownership_id: str, doc: bytes, *, account: str) -> None:
    """Keep a snapshot."""
    await tx.run(_SQL["insert"], {**key(scope, ownership_id), "doc": doc, "account": account})


async def get(tx: Tx, scope: Scope, ownership_id: str) -> bytes | None:
    """Return one snapshot as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, ownership_id))
    return None if row is None else row[0]


async def get_of(tx: Tx, scope: Scope, ownership_id: str, *, account: str) -> bytes | None:
    """Return one snapshot, if it is of that account."""
    row = await tx.one(_SQL["get_of"], {**key(scope, ownership_id), "account": account})
    return None if row is None else row[0]


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Destroy every snapshot of an account."""
    values = {**within(scope), "account": account}
    await tx.run(_SQL["forget"], values)
