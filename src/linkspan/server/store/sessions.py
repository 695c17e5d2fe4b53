"""Sessions in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Row, Tx, key
from linkspan.server.store.statements import load

_SQL: Final = load("sessions")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A Session with what stands beside its document, and whose it is."""

    scope: Scope
    id: str
    expires_at: int
    extensions: int
    """How often it was given more time."""
    status: str
    preview: bytes | None
    """What only preview versions could ask of it; none where they did not."""
    doc: bytes


async def insert(
    tx: Tx,
    scope: Scope,
    session_id: str,
    doc: bytes,
    *,
    secret_digest: bytes,
    expires_at: int,
    preview: bytes | None = None,
) -> None:
    """Keep a new Session; *doc* holds no client secret."""
    values = {
        **key(scope, session_id),
        "doc": doc,
        "secret_digest": secret_digest,
        "expires_at": expires_at,
        "preview": preview,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, session_id: str) -> bytes | None:
    """Return one Session as the API writes it, without its client secret."""
    row = await tx.one(_SQL["get"], key(scope, session_id))
    return None if row is None else row[0]


async def get_shown(tx: Tx, scope: Scope, session_id: str) -> tuple[bytes, bytes | None] | None:
    """Return one Session as the API writes it, and what only preview versions could ask of it."""
    row = await tx.one(_SQL["get_shown"], key(scope, session_id))
    return None if row is None else (row[0], row[1])


async def get_whole(tx: Tx, scope: Scope, session_id: str) -> SessionRow | None:
    """Return one Session with what stands beside its document."""
    return _whole(await tx.one(_SQL["get_whole"], key(scope, session_id)))


async def save(tx: Tx, scope: Scope, session_id: str, doc: bytes) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], {**key(scope, session_id), "doc": doc})


async def save_beside(tx: Tx, scope: Scope, session_id: str, *, status: str, preview: bytes | None) -> None:
    """Replace what preview versions show besides."""
    await tx.run(_SQL["save_beside"], {**key(scope, session_id), "status": status, "preview": preview})


async def extend(tx: Tx, scope: Scope, session_id: str, *, expires_at: int) -> None:
    """Give a Session more time."""
    await tx.run(_SQL["extend"], {**key(scope, session_id), "expires_at": expires_at})


async def by_secret(tx: Tx, secret_digest: bytes) -> SessionRow | None:
    """Return the Session a client secret names, of whichever tenant."""
    return _whole(await tx.one(_SQL["by_secret"], {"secret_digest": secret_digest}))


def _whole(row: Row | None) -> SessionRow | None:
    if row is None:
        return None
    tenant, livemode, *rest = row
    return SessionRow(Scope(tenant, bool(livemode)), *rest)
