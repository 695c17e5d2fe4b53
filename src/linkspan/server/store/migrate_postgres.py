"""Brings a PostgreSQL database to the newest schema, by the same steps as SQLite."""

from typing import Any, Final

from linkspan.server.store.dialect import script_in_postgres, statement_in_postgres
from linkspan.server.store.migrate import check_known, migrations
from linkspan.server.store.statements import load

_SQL: Final = load("engines/postgres")


async def migrate(connection: Any) -> int:  # Any: a connection of asyncpg's, or a pool's proxy of one
    """Apply the steps the database lacks and return how many there were.

    Each step and its number are one transaction. Processes that start at once
    wait for one another, on whichever machine they are.
    """
    return sum([await _apply(connection, number, sql) for number, sql in migrations()])


async def _apply(connection: Any, number: int, sql: str) -> bool:
    """Apply one step unless the database has it; tell whether it was applied."""
    async with connection.transaction():
        await connection.execute(_SQL["wait_to_migrate"])
        await connection.execute(_SQL["keep_version"])
        lacks_it = check_known(await connection.fetchval(_SQL["version"])) < number
        if lacks_it:
            await connection.execute(script_in_postgres(sql))
            statement, _ = statement_in_postgres(_SQL["applied"])
            await connection.execute(statement, number)
    return lacks_it
