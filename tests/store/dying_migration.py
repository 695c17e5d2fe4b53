"""Migrates a database in a child that dies before a given statement (run by the tests of migrations).

Reads which statement from each line of standard input, counted from 1, and
answers with the child's exit code: -9 while there was such a statement.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from itertools import count
from typing import Any, Final

import asyncpg

from linkspan.server.store import migrate, migrate_postgres

DATABASE: Final = sys.argv[1]


class Death:
    """Kills this process before the statement it was set to."""

    def __init__(self, before: int) -> None:
        self._before = before
        self._statements = count(1)

    def comes(self, _statement: str = "") -> None:
        """Count one statement."""
        if next(self._statements) == self._before:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A connection to PostgreSQL that counts its statements."""

    def __init__(self, connection: Any, death: Death) -> None:
        self._connection = connection
        self._death = death

    async def execute(self, statement: str) -> None:
        self._death.comes()
        await self._connection.execute(statement)

    async def fetchval(self, statement: str) -> Any:
        self._death.comes()
        return await self._connection.fetchval(statement)

    def transaction(self) -> "MortalTransaction":
        return MortalTransaction(self._connection.transaction(), self._death)


class MortalTransaction:
    """Counts the beginning and the end of a transaction as the statements they are."""

    def __init__(self, transaction: Any, death: Death) -> None:
        self._transaction = transaction
        self._death = death

    async def __aenter__(self) -> None:
        self._death.comes()
        await self._transaction.__aenter__()

    async def __aexit__(self, *problem: object) -> None:
        self._death.comes()
        await self._transaction.__aexit__(*problem)


def on_sqlite(death: Death) -> None:
    connection = sqlite3.connect(DATABASE, isolation_level=None)
    connection.set_trace_callback(death.comes)
    migrate.migrate(connection)


async def on_postgres(death: Death) -> None:
    await migrate_postgres.migrate(Mortal(await asyncpg.connect(DATABASE), death))


def main() -> None:
    """Let one child after another die."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            death = Death(int(line))
            if DATABASE.startswith("postgresql://"):
                asyncio.run(on_postgres(death))
            else:
                on_sqlite(death)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
