"""Erases rows for good, whichever table they are in."""

from collections.abc import Mapping, Sequence
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within

# Every table of tenants' rows, with what tells the rows of one apart. What unseals the rest goes last.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("id",),
    "askings": ("subject", "kind", "asked_at", "daily"),
    "attempts": ("id",),
    "connected_accounts": ("id",),
    "consents": ("id",),
    "customers": ("id",),
    "deliveries": ("event", "endpoint"),
    "delivery_attempts": ("id",),
    "endings": ("subject", "kind"),
    "events": ("id",),
    "health": ("institution",),
    "idempotency": ("key",),
    "inferred_balances": ("id",),
    "intents": ("id",),
    "keys": ("id",),
    "links": ("session",),
    "ownerships": ("id",),
    "payment_methods": ("id",),
    "refreshes": ("account", "feature"),
    "relinks": ("account", "session"),
    "sessions": ("id",),
    "subscriptions": ("account", "feature"),
    "tenants": (),
    "tokens": ("id",),
    "transaction_refreshes": ("id",),
    "transactions": ("id",),
    "webhook_endpoints": ("id",),
    "authorizations": ("id",),
    "data_keys": ("id",),
}
# A bank is still to be told with what is in these.
_NOT_YET: Final[Mapping[str, str]] = {"authorizations": "AND status <> 'revoking'"}


async def erase_some(tx: Tx, scope: Scope, table: str, *, limit: int) -> int:
    """Erase up to *limit* rows of a tenant in a table; return how many there were."""
    where = f"tenant = :tenant AND livemode = :livemode {_NOT_YET.get(table, '')}"
    if not (key := ", ".join(TABLES[table])):
        return await tx.run(f"DELETE FROM {table} WHERE {where}", within(scope))  # noqa: S608 - the schema's own names
    return await tx.run(
        f"DELETE FROM {table} WHERE {where} "  # noqa: S608 - the schema's own names
        f"AND ({key}) IN (SELECT {key} FROM {table} WHERE {where} LIMIT :limit)",
        {**within(scope), "limit": limit},
    )


async def erase(tx: Tx, scope: Scope, table: str, column: str, value: str) -> int:
    """Erase the rows of a tenant that have *value* in a column; return how many there were."""
    return await tx.run(
        f"DELETE FROM {table} "  # noqa: S608 - the schema's own names
        f"WHERE tenant = :tenant AND livemode = :livemode AND {column} = :value",
        {**within(scope), "value": value},
    )


async def all_ids(tx: Tx, scope: Scope, table: str) -> list[str]:
    """Return the ids of all rows of a tenant."""
    rows = await tx.all(
        f"SELECT id FROM {table} WHERE tenant = :tenant AND livemode = :livemode ORDER BY id",  # noqa: S608 - the schema's own names
        within(scope),
    )
    return [row[0] for row in rows]


async def ids_where(tx: Tx, scope: Scope, table: str, column: str, value: str) -> list[str]:
    """Return the ids of a tenant's rows that have *value* in a column."""
    rows = await tx.all(
        f"SELECT id FROM {table} "  # noqa: S608 - the schema's own names
        f"WHERE tenant = :tenant AND livemode = :livemode AND {column} = :value ORDER BY id",
        {**within(scope), "value": value},
    )
    return [row[0] for row in rows]


async def documents(
    tx: Tx, scope: Scope, table: str, columns: Sequence[str], *, after: str, limit: int
) -> list[tuple[str, bytes]]:
    """Return some of a tenant's documents, in the order of their ids: each id with all its columns hold."""
    values: dict[str, Value] = {**within(scope), "after": after, "limit": limit}
    rows = await tx.all(
        f"SELECT id, {', '.join(columns)} FROM {table} "  # noqa: S608 - the schema's own names
        "WHERE tenant = :tenant AND livemode = :livemode AND id > :after ORDER BY id LIMIT :limit",
        values,
    )
    return [(row[0], b" ".join(part for part in row[1:] if part)) for row in rows]


async def documents_of(tx: Tx, scope: Scope, table: str, row: str) -> list[bytes]:
    """Return one of a tenant's documents, if there is such a row."""
    rows = await tx.all(
        f"SELECT doc FROM {table} "  # noqa: S608 - the schema's own names
        "WHERE tenant = :tenant AND livemode = :livemode AND id = :id",
        {**within(scope), "id": row},
    )
    return [doc for (doc,) in rows]


async def everybodys(tx: Tx, table: str, *, after: tuple[Scope, str], limit: int) -> list[tuple[Scope, str]]:
    """Return the ids of some rows of every tenant, in the order of the table's key."""
    scope, row = after
    rows = await tx.all(
        f"SELECT tenant, livemode, id FROM {table} "  # noqa: S608 - the schema's own names
        "WHERE (tenant, livemode, id) > (:tenant, :livemode, :id) ORDER BY tenant, livemode, id LIMIT :limit",
        {"tenant": scope.tenant, "livemode": scope.livemode, "id": row, "limit": limit},
    )
    return [(Scope(tenant, bool(livemode)), row_id) for tenant, livemode, row_id in rows]


async def erase_moved_before(tx: Tx, scope: Scope, account: str, *, at: int) -> int:
    """Erase the transactions of an account that moved money before an instant."""
    return await tx.run(
        "DELETE FROM transactions WHERE tenant = :tenant AND livemode = :livemode "
        "AND account = :account AND transacted_at < :at",
        {**within(scope), "account": account, "at": at},
    )
