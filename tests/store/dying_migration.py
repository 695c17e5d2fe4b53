"""Migrates a database in children that die before a given statement (run by `test_killed_migrations.py`)."""

import asyncio
import sqlite3
import sys
from typing import Any, Final

import asyncpg

from linkspan.server.store import migrate, migrate_postgres
from tests.dying import Death, children

DATABASE: Final = sys.argv[1]


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


def migrate_in_vain(death: Death) -> None:
    """Migrate until death comes."""
    if DATABASE.startswith("postgresql://"):
        asyncio.run(on_postgres(death))
    else:
        on_sqlite(death)


if __name__ == "__main__":
    children(migrate_in_vain)
