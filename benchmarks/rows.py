"""Puts the rows of a queue into a database, claims and settles them, and does nothing else."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

import asyncpg

from linkspan.server.store.dialect import statement_in_postgres, statement_in_sqlite
from linkspan.server.store.driver import Row, Value
from linkspan.server.store.sqlite import SqliteStore
from linkspan.server.store.statements import load

_DELIVERIES: Final = load("deliveries")
_EVENTS: Final = load("events")
_ATTEMPTS: Final = load("delivery_attempts")
_NOW: Final = 1_790_000_000
_LEASED: Final = _NOW + 60
_ENDPOINT: Final = "we_1Q9cC2L8zK3vYw7RkN5tHb2M"


class Connection(Protocol):
    """One connection to a database, as its driver comes."""

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Keep what is done in the block, synced, at its end."""

    async def all(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Return every row of *statement*."""


class BareSqlite:
    """The connection that writes to a file, with the settings of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._writer = store.writer

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Keep what is done in the block."""
        self._writer.execute("BEGIN IMMEDIATE")
        yield
        self._writer.execute("COMMIT")

    async def all(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Return every row of *statement*."""
        sql, names = statement_in_sqlite(statement)
        return self._writer.execute(sql, [values[name] for name in names]).fetchall()


class BarePostgres:
    """A connection of asyncpg's."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Keep what is done in the block."""
        return self._connection.transaction()

    async def all(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Return every row of *statement*."""
        sql, names = statement_in_postgres(statement)
        return [tuple(row) for row in await self._connection.fetch(sql, *[values[name] for name in names])]


async def insert(bare: Connection, tenant: str, doc: bytes, count: int, *, at_once: int) -> None:
    """Insert *count* events of a tenant and as many deliveries, *at_once* in each transaction."""
    for first in range(0, count, at_once):
        async with bare.transaction():
            for number in range(first, min(first + at_once, count)):
                await _insert_one(bare, {"tenant": tenant, "livemode": 0}, f"evt_bare{number:020}", doc)


async def _insert_one(bare: Connection, whose: Mapping[str, Value], event: str, doc: bytes) -> None:
    told: dict[str, Value] = {"type": "bare", "about": "fca_bare", "api_version": None, "previewed": None}
    await bare.all(
        _EVENTS["insert"], {**whose, **told, "id": event, "created": _NOW, "number": None, "doc": doc}
    )
    owed = {"event": event, "endpoint": _ENDPOINT, "owner": whose["tenant"], "now": _NOW}
    await bare.all(_DELIVERIES["insert"], {**whose, **owed})


async def settle(bare: Connection, tenant: str, *, at_once: int) -> int:
    """Claim *at_once* in a transaction and settle them in another until none is left; return how many."""
    whose: dict[str, Value] = {"tenant": tenant, "livemode": 0, "endpoint": _ENDPOINT}
    count = 0
    while True:
        async with bare.transaction():
            values = {**whose, "now": _NOW, "until": _LEASED, "limit": at_once}
            leased = await bare.all(_DELIVERIES["lease"], values)
        if not leased:
            return count
        async with bare.transaction():
            for _, _, event, _, _, attempts in leased:
                await _settle_one(bare, whose, event, attempts + 1)
        count += len(leased)


async def _settle_one(bare: Connection, whose: Mapping[str, Value], event: str, attempts: int) -> None:
    which = {**whose, "event": event}
    attempt: dict[str, Value] = {
        "id": f"whatt_{event}",
        "created": _NOW,
        "milliseconds": 0,
        "status": 200,
        "problem": None,
        "answer": b"",
    }
    await bare.all(_ATTEMPTS["insert"], {**which, **attempt})
    done: dict[str, Value] = {"status": "succeeded", "attempts": attempts, "due_at": _NOW, "was": _LEASED}
    await bare.all(_DELIVERIES["settle"], {**which, **done})
