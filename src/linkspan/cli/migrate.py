"""``linkspan migrate``: brings a database to the schema of this release."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from linkspan.cli.options import DatabaseOption
from linkspan.server.config import BadSetting, PostgresDatabase, read_database
from linkspan.server.store import migrate as sqlite_steps
from linkspan.server.store import sqlite
from linkspan.server.store.driver import DatabaseUnusable
from linkspan.server.store.migrate import NewerSchema, Step, lacking, migrations

app: Final = typer.Typer(
    name="migrate", help="Bring a database to the schema of this release.", no_args_is_help=True
)


@dataclass(frozen=True, slots=True)
class Engine:
    """What is asked of one database, whichever kind it is."""

    name: str
    version: Callable[[], int]
    bring_up: Callable[[], Sequence[Step]]
    script: Callable[[Step], str]


@app.command()
def status(database: DatabaseOption) -> None:
    """Say which steps a database has; the exit status is 1 while it lacks any."""
    with _opened(database) as engine:
        version = engine.version()
        waiting = lacking(version)
    typer.echo(f"{engine.name} has schema {version}; this release knows {migrations()[-1].number}.")
    for step in migrations():
        typer.echo(f"  {step.name:<32}{'waiting' if step in waiting else 'applied'}")
    if waiting:
        raise typer.Exit(1)


@app.command()
def up(
    database: DatabaseOption,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the SQL, and change nothing.")] = False,
) -> None:
    """Apply the steps a database lacks, each whole or not at all."""
    with _opened(database) as engine:
        if dry_run:
            for step in lacking(engine.version()):
                typer.echo(f"-- {step.name}\n{engine.script(step)}")
            return
        applied = engine.bring_up()
    for step in applied:
        typer.echo(f"  {step.name:<32}applied")
    typer.echo(f"{engine.name} has schema {migrations()[-1].number}.")


@contextmanager
def _opened(database: str) -> Iterator[Engine]:
    """Lend what is asked of *database*; say by name why it cannot be used."""
    try:
        engine = engine_at(database)
        try:
            yield engine
        except (NewerSchema, DatabaseUnusable, sqlite3.Error) as problem:
            raise BadSetting(f"--database: {engine.name} cannot be used: {problem}") from None
    except BadSetting as problem:
        typer.echo(f"linkspan migrate: {problem}", err=True)
        raise typer.Exit(2) from None


def engine_at(url: str) -> Engine:
    """Return what is asked of the database at *url*."""
    database = read_database(url)
    if isinstance(database, PostgresDatabase):
        # Its driver takes a tenth of a second to import, which SQLite's users are spared.
        from linkspan.server.store import migrate_postgres, postgres  # noqa: PLC0415 - see above

        address = database.url
        return Engine(
            str(database),
            lambda: postgres.version_at(address),
            lambda: postgres.bring_up(address),
            migrate_postgres.script,
        )
    path = database.path
    if path is None:
        raise BadSetting("--database: one in memory always has the newest schema; name a file or a server")
    return Engine(
        str(database),
        lambda: sqlite.version_in(Path(path)),
        lambda: sqlite.bring_up(path),
        sqlite_steps.script,
    )
