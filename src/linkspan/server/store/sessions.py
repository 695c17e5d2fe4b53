"""Sessions in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key
from linkspan.server.store.statements import load

_SQL: Final = load("sessions")


@dataclass(frozen=True, slots=True)
class NamedSession:
    """The Session a client secret names, and whose it is."""

    scope: Scope
    id: str
    expires_at: int
    doc: bytes


async def insert(
    tx: Tx, scope: Scope, session_id: str, doc: bytes, *, secret_digest: bytes, expires_at: int
) -> None:
    """Keep a new Session; *doc* holds no client secret."""
    values = {**key(scope, session_id), "doc": doc, "secret_digest": secret_digest, "expires_at": expires_at}
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, session_id: str) -> bytes | None:
    """Return one Session as the API writes it, without its client secret."""
    row = await tx.one(_SQL["get"], key(scope, session_id))
    return None if row is None else row[0]


async def save(tx: Tx, scope: Scope, session_id: str, doc: bytes) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], {**key(scope, session_id), "doc": doc})


async def by_secret(tx: Tx, secret_digest: bytes) -> NamedSession | None:
    """Return the Session a client secret names, of whichever tenant."""
    row = await tx.one(_SQL["by_secret"], {"secret_digest": secret_digest})
    if row is None:
        return None
    tenant, livemode, session_id, expires_at, doc = row
    return NamedSession(Scope(tenant, bool(livemode)), session_id, expires_at, doc)
