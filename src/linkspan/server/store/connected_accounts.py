"""Connected accounts in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("connected_accounts")


async def insert(tx: Tx, scope: Scope, account_id: str, doc: bytes) -> None:
    """Keep a newly connected account of a platform."""
    await tx.run(_SQL["insert"], {**key(scope, account_id), "doc": doc})


async def get(tx: Tx, scope: Scope, account_id: str) -> bytes | None:
    """Return one account of a platform as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, account_id))
    return None if row is None else row[0]


async def save(tx: Tx, scope: Scope, account_id: str, doc: bytes) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], {**key(scope, account_id), "doc": doc})


async def platform_of(tx: Tx, account_id: str, *, livemode: bool) -> str | None:
    """Return the tenant an account is connected to; none when it is no connected account."""
    row = await tx.one(_SQL["platform_of"], {"id": account_id, "livemode": livemode})
    return None if row is None else row[0]


async def page(
    tx: Tx, scope: Scope, *, limit: int, after: str | None = None, before: str | None = None
) -> list[bytes]:
    """Return up to *limit* accounts, newest first, that follow *after* or precede *before*."""
    direction = "after" if before is None else "before"
    values = {**within(scope), "cursor": before or after or NEWEST, "limit": limit}
    docs = [row[0] for row in await tx.all(_SQL[f"page_{direction}"], values)]
    return docs if before is None else docs[::-1]
