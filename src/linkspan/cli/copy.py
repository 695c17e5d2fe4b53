"""``linkspan copy``: moves a grown installation from SQLite to PostgreSQL."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkspan.server.config import BadSetting, PostgresDatabase, SqliteDatabase, read_database
from linkspan.server.store.driver import DatabaseUnusable
from linkspan.server.store.migrate import NewerSchema

if TYPE_CHECKING:
    from linkspan.server.store.transfer import Copied


def copy(
    sqlite: Annotated[
        str, typer.Argument(metavar="SQLITE", help="sqlite:///PATH, which no server may be using.")
    ],
    postgres: Annotated[
        str, typer.Argument(metavar="POSTGRES", help="postgresql://USER@HOST/NAME, with nothing in it yet.")
    ],
) -> None:
    """Copy everything in a SQLite database to an empty PostgreSQL database, checked row for row."""
    began = time.monotonic()
    try:
        source, target = _source(sqlite), _target(postgres)
        copied = _copied(source, target)
    except BadSetting as problem:
        typer.echo(f"linkspan copy: {problem}", err=True)
        raise typer.Exit(2) from None
    for table in copied:
        typer.echo(f"  {table.table:<32}{table.rows:>12}")
    rows, seconds = sum(table.rows for table in copied), time.monotonic() - began
    typer.echo(f"{target} has all {rows} rows of {source}, checked one by one, in {seconds:.1f} s.")
    typer.echo("Serve it with the same LINKSPAN_MASTER_KEY; `linkspan dev` kept its own beside the file.")


def _source(url: str) -> Path:
    """Return the file to copy from."""
    database = read_database(url)
    if not isinstance(database, SqliteDatabase) or database.path is None:
        raise BadSetting("SQLITE: must be sqlite:///PATH")
    path = Path(database.path)
    if not path.is_file():
        raise BadSetting(f"SQLITE: there is no file {path}")
    return path


def _target(url: str) -> PostgresDatabase:
    """Return the database to copy to."""
    database = read_database(url)
    if not isinstance(database, PostgresDatabase):
        raise BadSetting("POSTGRES: must be postgresql://USER@HOST/NAME")
    return database


def _copied(source: Path, target: PostgresDatabase) -> "Sequence[Copied]":
    # The driver takes a tenth of a second to import, which the other verbs are spared.
    from linkspan.server.store import transfer  # noqa: PLC0415 - see above

    try:
        return transfer.copy(source, target.url)
    except transfer.NotCopied as problem:
        raise BadSetting(str(problem)) from None
    except (DatabaseUnusable, NewerSchema) as problem:
        raise BadSetting(f"{target} cannot be used: {problem}") from None
    except sqlite3.Error as problem:
        raise BadSetting(f"{source} cannot be read: {problem}") from None
