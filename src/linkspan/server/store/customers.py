"""Customers in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("customers")


async def insert(tx: Tx, scope: Scope, customer_id: str, doc: bytes, *, email: str | None = None) -> None:
    """Keep a new customer."""
    await tx.run(_SQL["insert"], {**key(scope, customer_id), "email": email, "doc": doc})


async def get(tx: Tx, scope: Scope, customer_id: str) -> bytes | None:
    """Return one customer as the API writes it, unless it was deleted."""
    row = await tx.one(_SQL["get"], key(scope, customer_id))
    return None if row is None else row[0]


async def is_deleted(tx: Tx, scope: Scope, customer_id: str) -> bool:
    """Tell whether there was such a customer once."""
    return await tx.one(_SQL["is_deleted"], key(scope, customer_id)) is not None


async def save(tx: Tx, scope: Scope, customer_id: str, doc: bytes, *, email: str | None) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], {**key(scope, customer_id), "email": email, "doc": doc})


async def delete(tx: Tx, scope: Scope, customer_id: str) -> bool:
    """Forget everything of a customer but that it existed; false when there is none."""
    return await tx.run(_SQL["delete"], {**key(scope, customer_id), "nothing": b""}) == 1


async def page(
    tx: Tx,
    scope: Scope,
    *,
    email: str | None,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> list[bytes]:
    """Return up to *limit* customers, newest first, that follow *after* or precede *before*."""
    kind = "all" if email is None else "email"
    direction = "after" if before is None else "before"
    values = {**within(scope), "email": email, "cursor": before or after or NEWEST, "limit": limit}
    docs = [row[0] for row in await tx.all(_SQL[f"page_of_{kind}_{direction}"], values)]
    return docs if before is None else docs[::-1]
