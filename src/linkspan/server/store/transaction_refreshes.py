"""Refreshes of transactions, in rows: those under way and those that ended."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("transaction_refreshes")


async def insert(tx: Tx, scope: Scope, refresh_id: str, *, account: str, started_at: int) -> None:
    """Keep a refresh that was started."""
    values = {**key(scope, refresh_id), "account": account, "started_at": started_at}
    await tx.run(_SQL["insert"], values)


async def succeed(tx: Tx, scope: Scope, refresh_id: str) -> None:
    """Note that all that the bank showed has been written down."""
    await tx.run(_SQL["succeed"], key(scope, refresh_id))


async def number_of(tx: Tx, scope: Scope, refresh_id: str, *, account: str) -> int | None:
    """Return which refresh of an account it is, whatever came of it; later ones have greater numbers."""
    row = await tx.one(_SQL["number_of"], {**key(scope, refresh_id), "account": account})
    return None if row is None else row[0]


async def last_success(tx: Tx, scope: Scope, account: str) -> int | None:
    """Return when the last refresh that succeeded was started."""
    row = await tx.one(_SQL["last_success"], {**within(scope), "account": account})
    return None if row is None else row[0]


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Destroy what is known of the refreshes of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})
