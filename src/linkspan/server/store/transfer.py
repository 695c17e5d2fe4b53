"""Copies everything in a SQLite database into an empty PostgreSQL database."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import asyncpg
from msgspec.msgpack import Encoder

from linkspan.server.store import migrate_postgres
from linkspan.server.store.driver import Row
from linkspan.server.store.migrate import migrations, version
from linkspan.server.store.postgres import with_connection
from linkspan.server.store.statements import load

_SQL: Final = load("engines/sqlite")
_READ_AT_ONCE: Final = 500
_BUSY_SECONDS_MAX: Final = 1.0
_ENCODED: Final = Encoder().encode


class NotCopied(Exception):
    """Nothing was copied; the message says why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """One table, and how many rows it has on both sides."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Table:
    """One table as both databases know it; the names in its questions are the schema's own."""

    name: str
    columns: Sequence[str]
    key: Sequence[str]

    @property
    def any(self) -> str:
        """The question whether it has any row."""
        return f"SELECT EXISTS (SELECT 1 FROM {_quoted(self.name)})"  # noqa: S608 - see above

    @property
    def in_order(self) -> str:
        """The question for every row in the order of its key, which is the same on both sides."""
        columns, key = (", ".join(map(_quoted, names)) for names in (self.columns, self.key))
        return f"SELECT {columns} FROM {_quoted(self.name)} ORDER BY {key}"  # noqa: S608 - see above


def copy(source: Path, target: str) -> Sequence[Copied]:
    """Copy all rows of the file *source* to the database at *target*, all of them or none.

    Nobody else may have the file open, or what is written meanwhile would be
    left behind; nobody else gets at the target's tables until they are whole.
    What is sealed is copied as it is. Raises `NotCopied` where either side is
    not as it must be, or is not the same afterwards.
    """
    with _alone(source) as connection:
        return asyncio.run(with_connection(target, lambda opened: _copy(connection, opened)))


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Lend a database of this release that nobody else uses, nor can until the block ends."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    opened = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_BUSY_SECONDS_MAX)
    with closing(opened) as connection:
        # In this mode the file's own lock is asked for, which whoever has it open shares
        # (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise NotCopied(f"{path} is in use; stop every server that has it open first") from None
        found, newest = version(connection), migrations()[-1].number
        if found != newest:
            raise NotCopied(
                f"{path} has schema {found}, and this release knows {newest}; `linkspan migrate up` brings "
                "an older one there"
            )
        yield connection


async def _copy(source: sqlite3.Connection, target: Any) -> Sequence[Copied]:  # Any: asyncpg's connection
    tables = _tables(source)
    await migrate_postgres.migrate(target)
    async with target.transaction():
        names = ", ".join(_quoted(table.name) for table in tables)
        await target.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        for table in tables:
            if await target.fetchval(table.any):
                raise NotCopied(
                    f"the database to copy to is not empty: there are {table.name}; name a new one"
                )
        copied = [await _copy_table(source, target, table) for table in tables]
    await target.execute("ANALYZE")  # or its first plans would be those for empty tables
    return copied


def _tables(source: sqlite3.Connection) -> Sequence[_Table]:
    """Return every table, by name."""
    return [_table(source, name) for (name,) in source.execute(_SQL["tables"]).fetchall()]


def _table(source: sqlite3.Connection, name: str) -> _Table:
    described = source.execute(_SQL["columns"], {"table": name}).fetchall()
    key = sorted((place, column) for column, place in described if place)
    return _Table(name, [column for column, _ in described], [column for _, column in key])


async def _copy_table(source: sqlite3.Connection, target: Any, table: _Table) -> Copied:  # Any: as above
    """Copy one table, a part at a time, then compare what arrived row for row with what was sent."""
    sent, arrived = _Tally(), _Tally()
    rows = (sent.counted(row) for row in source.execute(table.in_order))
    try:
        await target.copy_records_to_table(table.name, records=rows, columns=table.columns)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as problem:
        raise NotCopied(f"PostgreSQL does not take {table.name} as they are: {problem}") from problem
    async for record in target.cursor(table.in_order, prefetch=_READ_AT_ONCE):
        arrived.counted(tuple(record))
    if arrived.all != sent.all:
        raise NotCopied(
            f"{table.name} did not arrive as they were sent: {sent.rows} rows went, {arrived.rows} came"
        )
    return Copied(table.name, sent.rows)


class _Tally:
    """How many rows passed by, and a digest of all of them in their order."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = sha256()

    def counted(self, row: Row) -> Row:
        """Count *row* and return it."""
        self.rows += 1
        self._digest.update(_ENCODED(row))
        return row

    @property
    def all(self) -> tuple[int, bytes]:
        """What two tallies of the same rows have in common."""
        return self.rows, self._digest.digest()


def _quoted(name: str) -> str:
    return f'"{name}"'
