"""Leaves nothing of erased rows in the files of a database."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final

_TURN_SECONDS_MAX: Final = 60.0


class NotCompacted(Exception):
    """What was erased may still be in a file; the message says why."""


def compact_sqlite(path: str) -> None:
    """Write the file at *path* anew without its free pages, and empty its log.

    Servers may have it open: their writes wait for as long as that takes.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_TURN_SECONDS_MAX)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        try:
            connection.execute("VACUUM")
            _empty_log(connection)
        except sqlite3.OperationalError as problem:
            raise NotCompacted(f"{path} could not be written anew: {problem}") from None


def _empty_log(connection: sqlite3.Connection) -> None:
    """Fold the log into the file and cut it to nothing, once nobody reads an older state any more."""
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise NotCompacted("somebody reads an older state of the database; run this again")


async def compact_postgres(connection: Any, tables: Sequence[str]) -> None:  # Any: a connection of asyncpg's
    """Write every table anew without what is dead in it, each locked while that takes."""
    for table in tables:
        await connection.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
