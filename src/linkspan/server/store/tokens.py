"""Tokens of bank accounts in rows."""

from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key
from linkspan.server.store.statements import load

_SQL: Final = load("tokens")


async def insert(tx: Tx, scope: Scope, token_id: str, doc: bytes, *, numbers: bytes) -> None:
    """Keep a new token, its digits sealed."""
    await tx.run(_SQL["insert"], {**key(scope, token_id), "numbers": numbers, "doc": doc})


async def get(tx: Tx, scope: Scope, token_id: str) -> bytes | None:
    """Return one token as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, token_id))
    return None if row is None else row[0]
