"""Brings a SQLite database to the newest schema, one numbered step at a time."""

import sqlite3
from importlib import resources
from importlib.resources.abc import Traversable


class NewerSchema(Exception):
    """The database was written by a newer release than this one."""


def migrations() -> list[tuple[int, str]]:
    """Return the steps in order: number, then SQL."""
    folder = resources.files(__package__).joinpath("sql", "migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=_number)
    return [(_number(file), file.read_text(encoding="utf-8")) for file in files]


def check_known(version: int) -> int:
    """Return the number of the last step applied, unless a newer release applied it."""
    newest = migrations()[-1][0]
    if version > newest:
        raise NewerSchema(f"the database has schema {version}; this release knows {newest}")
    return version


def migrate(connection: sqlite3.Connection) -> int:
    """Apply the steps the database lacks and return how many there were.

    Each step and its number are one transaction, so a process killed in the
    middle leaves the previous schema whole. Two processes may start at once:
    the second waits for the lock, then finds nothing left to do.
    """
    return sum(_apply(connection, number, sql) for number, sql in migrations())


def _apply(connection: sqlite3.Connection, number: int, sql: str) -> bool:
    """Apply one step unless the database has it; tell whether it was applied."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        lacks_it = _version(connection) < number
        if lacks_it:
            for statement in _split(sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return lacks_it


def _version(connection: sqlite3.Connection) -> int:
    """Return the number of the last step applied."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return check_known(version)


def _split(sql: str) -> list[str]:
    """Return the statements of a script, each complete by SQLite's own judgment."""
    statements, pending = [], ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


def _number(file: Traversable) -> int:
    return int(file.name.split("_", 1)[0])
