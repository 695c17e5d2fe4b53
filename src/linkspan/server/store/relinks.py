"""Which Sessions repaired which accounts, in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("relinks")


async def insert(tx: Tx, scope: Scope, account: str, *, session: str) -> None:
    """Note that a Session repaired an account, which another one had collected."""
    await tx.run(_SQL["insert"], {**within(scope), "account": account, "session": session})


async def sessions_of(tx: Tx, scope: Scope, account: str) -> list[str]:
    """Return the Sessions that repaired an account."""
    rows = await tx.all(_SQL["sessions_of"], {**within(scope), "account": account})
    return [row[0] for row in rows]
