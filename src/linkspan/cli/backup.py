"""``linkspan backup``: copies a SQLite database while servers write to it."""

import sqlite3
import time
from pathlib import Path
from typing import Annotated

import typer

from linkspan.server.config import BadSetting, SqliteDatabase, read_database
from linkspan.server.store.backup import BadBackup
from linkspan.server.store.backup import backup as write_backup


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    database: Annotated[
        str, typer.Option(help="sqlite:///PATH, which servers may be using.", envvar="LINKSPAN_DATABASE")
    ],
) -> None:
    """Copy a SQLite database whole and checked, while servers write to it."""
    began = time.monotonic()
    try:
        size = write_backup(_source(database), file)
    except (BadSetting, BadBackup) as problem:
        typer.echo(f"linkspan backup: {problem}", err=True)
        raise typer.Exit(2) from None
    except (OSError, sqlite3.Error) as problem:
        typer.echo(f"linkspan backup: {file} cannot be made: {problem}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{file}: {size} bytes, checked, in {time.monotonic() - began:.1f} s.")
    typer.echo(
        "What banks entrusted opens only with the master key, which is not in it: keep that elsewhere."
    )


def _source(url: str) -> Path:
    """Return the file to copy."""
    database = read_database(url)
    if not isinstance(database, SqliteDatabase):
        raise BadSetting("--database: PostgreSQL brings its own means, such as pg_dump; name a SQLite file")
    if database.path is None:
        raise BadSetting("--database: what is in memory is in one process only; name a file")
    path = Path(database.path)
    if not path.is_file():
        raise BadSetting(f"--database: there is no file {path}")
    return path
