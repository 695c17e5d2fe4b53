"""SQLite as a store: one writer whose commits are shared, readers that see only what is committed.

``synchronous=FULL`` in WAL mode syncs at each commit, so an acknowledged write
survives the loss of power; ``NORMAL`` does not. The cost of that sync is shared:
the writes that arrive in two turns of the event loop join one transaction, and every
caller waits for its commit. One that fails after it changed something is undone with
the rest, which is then carried out again. Reads share one view of what is committed.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from linkspan.server.store.bells import Bells
from linkspan.server.store.claims import Claims
from linkspan.server.store.dialect import statement_in_sqlite
from linkspan.server.store.driver import Claimed, Row, Stopwatch, Value
from linkspan.server.store.migrate import Step, migrate, version
from linkspan.server.store.statements import load
from linkspan.server.store.waiting import run_now

T = TypeVar("T")

# Another process (a backup, a worker) may hold the lock for one commit of its
# own; five seconds is far more than any commit takes.
_BUSY_MILLISECONDS: Final = 5_000
_STATEMENTS_CACHED: Final = 256
# Keys that callers make up are scattered over their index: with SQLite's own two megabytes
# most of it had to be read again at each of them.
_CACHE_KIBIBYTES: Final = 16 * 1024
_SQL: Final = load("engines/sqlite")


class _SqliteTx:
    """A transaction on one connection; its awaits never suspend."""

    __slots__ = ("_bells", "_cursor", "to_tell")

    def __init__(self, connection: sqlite3.Connection, bells: Bells) -> None:
        self._cursor = connection.cursor()
        self._bells = bells
        self.to_tell: list[Callable[[], None]] = []

    async def one(self, statement: str, values: Mapping[str, Value]) -> Row | None:
        rows = self._execute(statement, values).fetchall()
        return rows[0] if rows else None

    async def all(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        return self._execute(statement, values).fetchall()

    async def run(self, statement: str, values: Mapping[str, Value]) -> int:
        return self._execute(statement, values).rowcount

    async def run_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> None:
        numbered, names = statement_in_sqlite(statement)
        self._cursor.executemany(numbered, [tuple(map(values.__getitem__, names)) for values in many])

    async def all_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> list[Row]:
        return [row for values in many for row in self._execute(statement, values).fetchall()]

    def _execute(self, statement: str, values: Mapping[str, Value]) -> sqlite3.Cursor:
        numbered, names = statement_in_sqlite(statement)
        return self._cursor.execute(numbered, tuple(map(values.__getitem__, names)))

    def on_commit(self, tell: Callable[[], None]) -> None:
        self.to_tell.append(tell)

    def ring(self, bell: str) -> None:
        self.to_tell.append(partial(self._bells.ring, bell))

    def close(self) -> None:
        """Let go of the last statement, which would keep the file open."""
        self._cursor.close()


class _Piece:
    """One piece of work in the open transaction, what came of it, and who waits for the commit."""

    __slots__ = ("committed", "to_tell", "value", "work")

    def __init__(self, work: Callable[[_SqliteTx], Awaitable[Any]]) -> None:
        self.work = work
        self.value: Any = None
        self.to_tell: list[Callable[[], None]] = []
        self.committed: asyncio.Future[None] | None = None


class SqliteStore:
    """A database in one file, or in memory when *path* is ``None``."""

    def __init__(self, path: str | None) -> None:
        self.writer = _connect(path)
        # A database in memory is private to its connection, and its commits
        # cost nothing: one connection serves both, each write commits at once.
        self._shares_commits = path is not None
        self._claims = None if path is None else Claims(path)
        self._reader = self.writer if path is None else _connect(path)
        self._bells = Bells()
        self._write_tx = _SqliteTx(self.writer, self._bells)
        self._read_tx = _SqliteTx(self._reader, self._bells)
        self._commits = Stopwatch()
        self._waiting: list[_Piece] = []
        self._is_commit_due = False
        self._is_view_open = False
        self._is_closed = False

    async def read(self, work: Callable[[_SqliteTx], Awaitable[T]]) -> T:
        """Return what *work* reads in the view of committed data that this turn of the loop shares."""
        if self._shares_commits and not self._is_view_open:
            # A view costs two locks of the file, which took as long as a look-up.
            self._reader.execute("BEGIN")
            self._is_view_open = True
            asyncio.get_running_loop().call_soon(self._end_view)
        return run_now(work(self._read_tx))

    def _end_view(self) -> None:
        """Let later reads see what was committed meanwhile."""
        if self._is_view_open:
            self._is_view_open = False
            if self._reader.in_transaction:  # not after a read that failed on disk
                self._reader.execute("COMMIT")

    async def write(self, work: Callable[[_SqliteTx], Awaitable[T]], *, claim: str | None = None) -> T:
        """Carry out *work*; return when its commit is synced to disk.

        An exception out of *work* undoes its own changes and no other's. A *claim* is
        tried before the writer's turn comes: waiting for it would be waiting for the rival.
        """
        if claim is None or self._claims is None:
            return await self._written(work)
        place = self._claims.take(claim)
        if place is None:
            raise Claimed
        try:
            return await self._written(work)
        finally:
            self._claims.give_back(place)

    async def _written(self, work: Callable[[_SqliteTx], Awaitable[T]]) -> T:
        """Carry out *work* in the transaction that is open now, or in a new one."""
        if not self.writer.in_transaction:
            self._begin()
        piece = _Piece(work)
        self._carry_out(piece)
        if self._shares_commits:
            piece.committed = asyncio.get_running_loop().create_future()
            self._waiting.append(piece)
            await piece.committed
        else:
            self._commit()
        for tell in piece.to_tell:
            tell()
        return cast("T", piece.value)

    def _carry_out(self, piece: _Piece) -> None:
        """Do a piece of work in the open transaction; undo it, and it alone, where it fails."""
        changes = self.writer.total_changes
        piece.to_tell = self._write_tx.to_tell = []
        try:
            piece.value = run_now(piece.work(self._write_tx))
        except BaseException as problem:
            self._undo(problem, has_changed=self.writer.total_changes != changes)
            raise

    take = write  # nobody else is choosing rows while one writer is

    @asynccontextmanager
    async def hear(self, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """Call *tell* with the name of each bell that rings in this process, while the block runs."""
        with self._bells.heard_by(tell):
            yield

    def _begin(self) -> None:
        """Begin a transaction that is committed at the end of the loop's next turn.

        What came in while the last commit was synced is read in this turn and the next:
        under load that made a tenth more of the writes of a second.
        """
        self.writer.execute("BEGIN IMMEDIATE")
        if self._shares_commits and not self._is_commit_due:
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._commit)
        self._is_commit_due = True

    def _undo(self, problem: BaseException, *, has_changed: bool) -> None:
        """Undo the work that failed, and tell everyone whose work SQLite undid with it.

        Hardly any work fails once it has changed something, so it is cheaper to do the work
        of others again than to keep a savepoint for each. On errors such as a full disk SQLite
        rolls the whole transaction back by itself
        (sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
        """
        if not self.writer.in_transaction:
            self._tell(problem)
        elif has_changed:
            self.writer.execute("ROLLBACK")
            self._do_again()
        if not self._shares_commits:
            self._commit()

    def _do_again(self) -> None:
        """Carry out again what waits for the commit, in a new transaction."""
        pieces, self._waiting = self._waiting, []
        for piece in pieces:
            try:
                if not self.writer.in_transaction:
                    self.writer.execute("BEGIN IMMEDIATE")
                self._carry_out(piece)
            except Exception as problem:  # noqa: BLE001 - whoever waits for it hears of it
                _answer(piece, problem)
            else:
                self._waiting.append(piece)

    def _commit(self) -> None:
        """Commit what was written, then tell everyone who waits."""
        if not self._is_commit_due:
            return
        self._is_commit_due = False
        self._end_view()  # an open view would keep the log from being folded into the file
        try:
            if self.writer.in_transaction:
                started = self._commits.started()
                self.writer.execute("COMMIT")
                self._commits.ended(started)
        except sqlite3.Error as problem:
            if self.writer.in_transaction:
                self.writer.execute("ROLLBACK")
            if not self._shares_commits:
                raise
            self._tell(problem)
        else:
            self._tell(None)

    def _tell(self, problem: BaseException | None) -> None:
        """Tell everyone who waits that their work is safe, or why it is not."""
        waiting, self._waiting = self._waiting, []
        for piece in waiting:
            _answer(piece, problem)

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        """Tell *note* from now on how many seconds of *now* each commit takes."""
        self._commits.tell(now, note)

    async def aclose(self) -> None:
        """Close, as stores do that have to wait for it."""
        self.close()

    def close(self) -> None:
        """Commit what waits, then close both connections; SQLite folds the log into the file.

        A second time changes nothing: the application closes it, and so does whoever opened it.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._commit()
        self._end_view()
        for tx in (self._read_tx, self._write_tx):
            tx.close()
        self._reader.close()
        self.writer.close()
        if self._claims is not None:
            self._claims.close()


def _answer(piece: _Piece, problem: BaseException | None) -> None:
    """Tell who waits for a piece of work that it is safe, or why it is not."""
    committed = piece.committed
    if committed is None or committed.done():
        return
    if problem is None:
        committed.set_result(None)
    else:
        committed.set_exception(problem)


def open_store(path: str | None) -> SqliteStore:
    """Return the store in *path*, or in memory, with the newest schema."""
    store = SqliteStore(path)
    try:
        migrate(store.writer)
    except BaseException:
        store.close()
        raise
    return store


def bring_up(path: str) -> Sequence[Step]:
    """Give the database in *path* the newest schema; return the steps it lacked."""
    with closing(_connect(path)) as connection:
        return migrate(connection)


def reading(path: Path) -> sqlite3.Connection:
    """Return a connection to the file at *path* that cannot change it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def version_in(path: Path) -> int:
    """Return the number of the last step applied to a file; 0 where there is none."""
    if not path.exists():
        return 0
    with closing(reading(path)) as connection:
        return version(connection)


def is_empty(path: Path) -> bool:
    """Tell whether a file is a database that holds no row."""
    with closing(reading(path)) as connection:
        tables = connection.execute(_SQL["tables"]).fetchall()
        return not any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for (name,) in tables)  # noqa: S608 - the schema's own names


def _connect(path: str | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        isolation_level=None,
        cached_statements=_STATEMENTS_CACHED,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    _keep_a_log(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}")
    return connection


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on, also while other processes do the same to a new file.

    SQLite refuses at once whoever comes second, since two that read would wait for each other
    to end; the beginning of a transaction waits.
    """
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
        connection.execute("BEGIN IMMEDIATE")  # fails itself when the file stays locked
        connection.execute("ROLLBACK")
