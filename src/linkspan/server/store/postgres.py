"""PostgreSQL as a store: for machines that share one database.

Writes are ``SERIALIZABLE``: whatever runs at once, what is kept is what would
have been kept one after another, as by SQLite's one writer. Of rivals that do
not allow of that one is undone, and its work runs again seeing what the other
did. A read sees one moment (docs/decisions/0019).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, TypeVar, cast

import asyncpg

from linkspan.server.store import migrate_postgres
from linkspan.server.store.bells import Bells
from linkspan.server.store.crier import Crier, listen
from linkspan.server.store.dialect import statement_in_postgres
from linkspan.server.store.driver import Claimed, DatabaseUnusable, Row, Stopwatch, Value
from linkspan.server.store.migrate import Step
from linkspan.server.store.statements import load
from linkspan.server.store.waiting import run_asking

T = TypeVar("T")

_SQL: Final = load("engines/postgres")
# A process has one thread: ten connections keep it busy while the disks sync.
_CONNECTIONS_MAX: Final = 10
_CONNECT_SECONDS_MAX: Final = 5.0
# No statement of ours takes a second; a database that hangs must not hang us.
_STATEMENT_SECONDS_MAX: Final = 30.0
# Whenever one run is undone another was kept, so as many runs are enough as
# there are rivals; more mean that something else is wrong.
_RUNS_MAX: Final = 100
# A row that a rival added is seen by the next run; one that is still in the way
# then was always there.
_TAKEN_MAX: Final = 3
_RIVAL_WON: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class _PostgresTx:
    """A transaction on one connection; nothing but its own calls may be awaited in it."""

    __slots__ = ("_connection", "_ring", "is_asking", "to_tell")

    def __init__(self, connection: Any, ring: Callable[[str], None]) -> None:  # the pool's proxy of one
        self._connection = connection
        self._ring = ring
        self.is_asking = False
        self.to_tell: list[Callable[[], None]] = []

    async def one(self, statement: str, values: Mapping[str, Value]) -> Row | None:
        return cast("Row | None", await self._ask(self._connection.fetchrow, statement, values))

    async def all(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        return cast("list[Row]", await self._ask(self._connection.fetch, statement, values))

    async def run(self, statement: str, values: Mapping[str, Value]) -> int:
        done = await self._ask(self._connection.execute, statement, values)
        return int(done.rpartition(" ")[2])  # such as "UPDATE 1"

    async def run_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> None:
        await self._ask_each(self._connection.executemany, statement, many)

    async def all_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> list[Row]:
        return cast("list[Row]", await self._ask_each(self._connection.fetchmany, statement, many))

    def on_commit(self, tell: Callable[[], None]) -> None:
        self.to_tell.append(tell)

    def ring(self, bell: str) -> None:
        self.to_tell.append(partial(self._ring, bell))

    async def _ask(
        self, ask: Callable[..., Awaitable[Any]], statement: str, values: Mapping[str, Value]
    ) -> Any:
        sql, names = statement_in_postgres(statement)
        return await self._asking(ask(sql, *[values[name] for name in names]))

    async def _ask_each(
        self, ask: Callable[..., Awaitable[Any]], statement: str, many: Sequence[Mapping[str, Value]]
    ) -> Any:
        if not many:
            return []
        sql, names = statement_in_postgres(statement)
        return await self._asking(ask(sql, [[values[name] for name in names] for values in many]))

    async def _asking(self, answer: Awaitable[Any]) -> Any:
        self.is_asking = True
        try:
            return await answer
        finally:
            self.is_asking = False


class PostgresStore:
    """A database on a PostgreSQL server; connections are made when they are first needed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening = asyncio.Lock()
        self._commits = Stopwatch()
        self._bells = Bells()
        self._crier = Crier(self._connection)

    async def read(self, work: Callable[[_PostgresTx], Awaitable[T]]) -> T:
        """Return what *work* reads in one view of what was committed when it began."""
        async with self._connection() as connection:
            return await self._once(connection, work, "repeatable_read", readonly=True)

    async def write(self, work: Callable[[_PostgresTx], Awaitable[T]], *, claim: str | None = None) -> T:
        """Carry out *work*, again for as long as another transaction is quicker; return once it is kept."""
        return await self._keep(work if claim is None else partial(_claiming, claim, work), "serializable")

    async def take(self, work: Callable[[_PostgresTx], Awaitable[T]]) -> T:
        """Carry out *work* each of whose statements sees what was committed when it began."""
        return await self._keep(work, "read_committed")

    async def _keep(self, work: Callable[[_PostgresTx], Awaitable[T]], isolation: str) -> T:
        """Carry out *work* until no rival is quicker."""
        taken = 0
        async with self._connection() as connection:
            for _ in range(_RUNS_MAX - 1):
                try:
                    return await self._once(connection, work, isolation)
                except _RIVAL_WON:
                    continue
                except asyncpg.UniqueViolationError:
                    taken += 1
                    if taken == _TAKEN_MAX:
                        raise
            return await self._once(connection, work, isolation)

    async def _once(
        self,
        connection: Any,
        work: Callable[[_PostgresTx], Awaitable[T]],
        isolation: str,
        *,
        readonly: bool = False,
    ) -> T:
        """Run *work* in one transaction."""
        tx, started = _PostgresTx(connection, self._ring), 0.0
        async with connection.transaction(isolation=isolation, readonly=readonly):
            value = await run_asking(work(tx), lambda: tx.is_asking)
            started = self._commits.started()
        if not readonly:
            self._commits.ended(started)
        for tell in tx.to_tell:
            tell()
        return value

    def _ring(self, bell: str) -> None:
        """Wake whoever listens in this process at once, and the others a round trip later."""
        self._bells.ring(bell)
        self._crier.cry(bell)

    @asynccontextmanager
    async def hear(self, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """Call *tell* with the name of each bell that rings in any process, while the block runs."""
        listening = asyncio.create_task(listen(self._url, tell))
        try:
            with self._bells.heard_by(tell):
                yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        """Tell *note* from now on how many seconds of *now* each commit takes."""
        self._commits.tell(now, note)

    async def aclose(self) -> None:
        """Say what is left to say, then goodbye, on every connection."""
        await self._crier.silent()
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """Lend a connection, waiting for one to be free."""
        pool = self._pool or await self._open()
        async with pool.acquire() as connection:
            yield connection

    async def _open(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Make the pool, once, on the loop that will use it."""
        async with self._opening:
            if self._pool is None:
                self._pool = await _pool(self._url)
            return self._pool


def open_store(url: str) -> PostgresStore:
    """Return the store at *url* with the newest schema; called where no loop runs yet.

    Raises `DatabaseUnusable` when nobody answers, or somebody who will not have us.
    """
    bring_up(url)
    return PostgresStore(url)


def bring_up(url: str) -> Sequence[Step]:
    """Give the database at *url* the newest schema; return the steps it lacked."""
    return asyncio.run(with_connection(url, migrate_postgres.migrate))


def version_at(url: str) -> int:
    """Return the number of the last step applied to the database at *url*, which is left as it is."""
    return asyncio.run(with_connection(url, migrate_postgres.version))


async def with_connection(url: str, work: Callable[[Any], Awaitable[T]]) -> T:
    """Return what *work* does on a connection of its own."""
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS_MAX)
        try:
            return await work(connection)
        finally:
            await connection.close()
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        raise DatabaseUnusable(str(problem) or "no answer in time") from problem


async def _pool(url: str) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=_CONNECTIONS_MAX,
        timeout=_CONNECT_SECONDS_MAX,
        command_timeout=_STATEMENT_SECONDS_MAX,
        reset=_leave_as_it_is,
        server_settings={"application_name": "linkspan"},
    )


async def _leave_as_it_is(_connection: Any) -> None:
    """Spare the round trip that undoes settings: transactions leave nothing behind."""


async def _claiming(name: str, work: Callable[[_PostgresTx], Awaitable[T]], tx: _PostgresTx) -> T:
    """Carry out *work* with a claim that ends with its transaction."""
    row = await tx.one(_SQL["claim"], {"name": name})
    if row is None or not row[0]:
        raise Claimed
    return await work(tx)
