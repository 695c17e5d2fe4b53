"""``linkspan purge``: erases what was deleted, or is too old, to the last byte in the database's files."""

import json
import os
from pathlib import Path
from typing import Annotated, Final

import typer

from linkspan.cli.opening import operate
from linkspan.cli.options import AsJsonOption, DatabaseOption
from linkspan.cli.serving import run
from linkspan.server.config import BadSetting, Database, PostgresDatabase, read_database, read_retention
from linkspan.server.core.retention import Retention
from linkspan.server.operations import answers, deletions, event_log, retention
from linkspan.server.operations.context import Context
from linkspan.server.store.compact import NotCompacted, compact_postgres, compact_sqlite
from linkspan.server.store.driver import DatabaseUnusable
from linkspan.server.store.erasing import TABLES

# A deletion that erased something is looked at again: what is left waits for a bank.
_ROUNDS_MAX: Final = 10


def purge(
    database: DatabaseOption,
    *,
    compact: Annotated[
        bool, typer.Option(help="Write the files anew too; without, what was erased stays in free pages.")
    ] = True,
    as_json: AsJsonOption = False,
) -> None:
    """Erase what hangs on deleted customers and tenants, and what is older than the settings say."""
    try:
        kept = read_retention(os.environ)
        erased = operate(database, lambda context: _erase(context, kept))
        if compact:
            _compact(read_database(database))
    except (BadSetting, NotCompacted, DatabaseUnusable) as problem:
        typer.echo(f"linkspan purge: {problem}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps({"erased": erased, "compacted": compact}))
        return
    typer.echo(f"{erased} rows erased{'; the files were written anew' if compact else ''}.")


async def _erase(context: Context, kept: Retention) -> int:
    """Erase rows, a few at a time; return how many there were."""
    erased = 0
    for _ in range(_ROUNDS_MAX):
        round_ = await deletions.carry_out(context, kept_seconds=0)
        erased += round_
        if not round_:
            break
    erased += await retention.carry_out(context, kept)
    return erased + await answers.prune(context) + await event_log.prune(context)


def _compact(database: Database) -> None:
    if isinstance(database, PostgresDatabase):
        from linkspan.server.store import postgres  # noqa: PLC0415 - its driver takes a while to import

        run(postgres.with_connection(database.url, lambda opened: compact_postgres(opened, tuple(TABLES))))
    elif database.path is not None:
        compact_sqlite(str(Path(database.path)))
