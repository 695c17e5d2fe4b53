"""Brings a PostgreSQL database to the newest schema, by the same steps as SQLite."""

from collections.abc import Sequence
from typing import Any, Final

from linkspan.server.store.dialect import script_in_postgres, statement_in_postgres
from linkspan.server.store.migrate import Step, lacking, split
from linkspan.server.store.statements import load

_SQL: Final = load("engines/postgres")


async def migrate(connection: Any) -> Sequence[Step]:  # Any: a connection of asyncpg's
    """Apply the steps the database lacks and return them.

    Each step and its number are one transaction. Processes that start at once
    wait for one another, on whichever machine they are.
    """
    return [step for step in lacking(await version(connection)) if await _apply(connection, step)]


async def version(connection: Any) -> int:  # Any: as above
    """Return the number of the last step applied; 0 where there was none."""
    if not await connection.fetchval(_SQL["has_version"]):
        return 0
    return int(await connection.fetchval(_SQL["version"]))


def script(step: Step) -> str:
    """Return the whole of a step as ``psql`` could be given it."""
    return "\n".join(["BEGIN;", *_before(), *_statements(step), "COMMIT;\n"])


def _before() -> list[str]:
    """Return what lets the processes that start at once take turns."""
    return [f"{_SQL[name]};" for name in ("wait_to_migrate", "keep_version")]


def _statements(step: Step) -> list[str]:
    applied, _ = statement_in_postgres(_SQL["applied"])
    steps = split(script_in_postgres(step.script))
    return [*steps, f"{_SQL['keep_no_samples']};", f"{applied.replace('$1', str(step.number))};"]


async def _apply(connection: Any, step: Step) -> bool:
    """Apply one step unless the database has it by now; tell whether it was applied."""
    async with connection.transaction():
        for statement in _before():
            await connection.execute(statement)
        lacks_it = step in lacking(await version(connection))
        if lacks_it:
            for statement in _statements(step):
                await connection.execute(statement)
    return lacks_it
