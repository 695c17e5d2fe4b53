"""SQLite as a store: one writer whose commits are shared, readers that see only what is committed.

``synchronous=FULL`` in WAL mode syncs at each commit, so an acknowledged write
survives the loss of power; ``NORMAL`` does not. The cost of that sync is shared:
the writes that arrive in one turn of the event loop join one transaction, each
in a savepoint of its own, and every caller waits for its commit.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final, TypeVar, cast

from linkspan.server.store.driver import Row, Value
from linkspan.server.store.migrate import migrate

T = TypeVar("T")

# Another process (a backup, a worker) may hold the lock for one commit of its
# own; five seconds is far more than any commit takes.
_BUSY_MILLISECONDS: Final = 5_000
_STATEMENTS_CACHED: Final = 256


class WaitedInTransaction(RuntimeError):
    """A transaction waited for something that is not its store, such as a bank."""


class _SqliteTx:
    """A transaction on one connection; its awaits never suspend."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def one(self, statement: str, values: Mapping[str, Value]) -> Row | None:
        return cast("Row | None", self._connection.execute(statement, values).fetchone())

    async def all(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    async def run(self, statement: str, values: Mapping[str, Value]) -> int:
        return self._connection.execute(statement, values).rowcount


class SqliteStore:
    """A database in one file, or in memory when *path* is ``None``."""

    def __init__(self, path: str | None) -> None:
        self.writer = _connect(path)
        # A database in memory is private to its connection, and its commits
        # cost nothing: one connection serves both, each write commits at once.
        self._shares_commits = path is not None
        self._reader = self.writer if path is None else _connect(path)
        self._write_tx = _SqliteTx(self.writer)
        self._read_tx = _SqliteTx(self._reader)
        self._waiting: list[asyncio.Future[None]] = []

    async def read(self, work: Callable[[_SqliteTx], Awaitable[T]]) -> T:
        """Return what *work* reads; one statement is one consistent view."""
        return _run_now(work(self._read_tx))

    async def write(self, work: Callable[[_SqliteTx], Awaitable[T]]) -> T:
        """Carry out *work*; return when its commit is synced to disk.

        An exception out of *work* undoes its own changes and no other's.
        """
        if not self.writer.in_transaction:
            self.writer.execute("BEGIN IMMEDIATE")
            if self._shares_commits:
                asyncio.get_running_loop().call_soon(self._commit)
        self.writer.execute("SAVEPOINT work")
        try:
            value = _run_now(work(self._write_tx))
        except BaseException:
            self.writer.execute("ROLLBACK TO work")
            self.writer.execute("RELEASE work")
            if not self._shares_commits:
                self._commit()
            raise
        self.writer.execute("RELEASE work")
        if self._shares_commits:
            committed = asyncio.get_running_loop().create_future()
            self._waiting.append(committed)
            await committed
        else:
            self._commit()
        return value

    def _commit(self) -> None:
        """Commit what this turn of the loop wrote, then tell everyone who waits."""
        waiting, self._waiting = self._waiting, []
        try:
            self.writer.execute("COMMIT")
        except sqlite3.Error as problem:
            if self.writer.in_transaction:
                self.writer.execute("ROLLBACK")
            if not self._shares_commits:
                raise
            for committed in waiting:
                if not committed.done():
                    committed.set_exception(problem)
            return
        for committed in waiting:
            if not committed.done():
                committed.set_result(None)

    def close(self) -> None:
        """Close both connections; SQLite then folds the log into the file."""
        self._reader.close()
        self.writer.close()


def open_store(path: str | None) -> SqliteStore:
    """Return the store in *path*, or in memory, with the newest schema."""
    store = SqliteStore(path)
    migrate(store.writer)
    return store


def _connect(path: str | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        isolation_level=None,
        cached_statements=_STATEMENTS_CACHED,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _run_now(work: Awaitable[T]) -> T:
    """Run *work* to its end in this turn of the loop.

    A transaction of one writer must not be open while anything else happens,
    least of all while a bank is speaking; work that suspends is refused.
    """
    coroutine = cast("Coroutine[Any, Any, T]", work)  # operations are `async def` by design
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return cast("T", finished.value)
    coroutine.close()
    raise WaitedInTransaction("a transaction may wait for nothing but its store")
