"""PaymentIntents and SetupIntents in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.intent import Kind
from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Row, Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("intents")


@dataclass(frozen=True, slots=True)
class IntentRow:
    """An intent, how many wrong answers were given about its deposits, and when it ends by itself."""

    doc: bytes
    tries: int
    due_at: int | None
    session: str | None
    """The Session that collects an account for it, or did last."""


@dataclass(frozen=True, slots=True)
class Named:
    """One intent, and whose it is."""

    scope: Scope
    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Due:
    """An intent whose time has come."""

    intent: Named
    due_at: int


async def insert(
    tx: Tx,
    scope: Scope,
    intent_id: str,
    doc: bytes,
    *,
    kind: Kind,
    customer: str | None,
    secret_digest: bytes,
    page_digest: bytes,
) -> None:
    """Keep a new intent."""
    values = {**key(scope, intent_id), "kind": kind, "customer": customer}
    await tx.run(
        _SQL["insert"], {**values, "secret_digest": secret_digest, "page_digest": page_digest, "doc": doc}
    )


async def get(tx: Tx, scope: Scope, intent_id: str, *, kind: Kind) -> IntentRow | None:
    """Return one intent of a kind."""
    row = await tx.one(_SQL["get"], {**key(scope, intent_id), "kind": kind})
    return None if row is None else IntentRow(*row)


async def by_secret(tx: Tx, secret_digest: bytes) -> Named | None:
    """Return the intent a client secret names."""
    return _named(await tx.one(_SQL["by_secret"], {"secret_digest": secret_digest}))


async def by_page(tx: Tx, page_digest: bytes) -> Named | None:
    """Return the intent whose deposits are told of on a page."""
    return _named(await tx.one(_SQL["by_page"], {"page_digest": page_digest}))


async def save(
    tx: Tx, scope: Scope, intent_id: str, doc: bytes, *, customer: str | None, tries: int, due_at: int | None
) -> None:
    """Replace what the API writes, and when it comes to its end by itself."""
    values = {"customer": customer, "tries": tries, "due_at": due_at, "doc": doc}
    await tx.run(_SQL["save"], {**key(scope, intent_id), **values})


async def begin(tx: Tx, scope: Scope, intent_id: str, *, session: str) -> None:
    """Note the Session that collects an account for an intent."""
    await tx.run(_SQL["begin"], {**key(scope, intent_id), "session": session})


async def due(tx: Tx, *, now: int, limit: int) -> list[Due]:
    """Return what comes to its end by itself, of every tenant, the longest due first."""
    rows = await tx.all(_SQL["due"], {"now": now, "limit": limit})
    return [
        Due(Named(Scope(tenant, bool(livemode)), kind, intent_id), due_at)
        for tenant, livemode, kind, intent_id, due_at in rows
    ]


async def settled(tx: Tx, scope: Scope, taken: Due) -> bool:
    """Note that an intent is taken up; false when somebody else has done so."""
    return await tx.run(_SQL["settled"], {**key(scope, taken.intent.id), "due_at": taken.due_at}) == 1


async def page(
    tx: Tx,
    scope: Scope,
    *,
    kind: Kind,
    customer: str | None,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> list[bytes]:
    """Return up to *limit* intents of a kind, newest first, that follow *after* or precede *before*."""
    whose = "all" if customer is None else "customer"
    direction = "after" if before is None else "before"
    values = {**within(scope), "kind": kind, "customer": customer, "limit": limit}
    rows = await tx.all(_SQL[f"page_of_{whose}_{direction}"], {**values, "cursor": before or after or NEWEST})
    docs = [row[0] for row in rows]
    return docs if before is None else docs[::-1]


def _named(row: Row | None) -> Named | None:
    if row is None:
        return None
    tenant, livemode, kind, intent_id = row
    return Named(Scope(tenant, bool(livemode)), kind, intent_id)
