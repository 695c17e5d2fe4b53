"""Customers in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key
from linkspan.server.store.statements import load

_SQL: Final = load("customers")


async def insert(tx: Tx, scope: Scope, customer_id: str, doc: bytes) -> None:
    """Keep a new customer."""
    await tx.run(_SQL["insert"], {**key(scope, customer_id), "doc": doc})


async def get(tx: Tx, scope: Scope, customer_id: str) -> bytes | None:
    """Return one customer as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, customer_id))
    return None if row is None else row[0]
