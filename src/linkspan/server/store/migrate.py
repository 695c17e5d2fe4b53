"""Brings a SQLite database to the newest schema, one numbered step at a time."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

# A step may take minutes on a grown table; whoever comes meanwhile waits for it.
_TURN_MILLISECONDS_MAX: Final = 600_000
_FILE: Final = re.compile(r"(?P<name>(?P<number>[0-9]{4})_[a-z_]+)\.sql")


class NewerSchema(Exception):
    """The database was written by a newer release than this one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the schema, in SQLite's words."""

    number: int
    name: str
    script: str


@cache
def migrations() -> Sequence[Step]:
    """Return the steps in order."""
    folder = resources.files(__package__).joinpath("sql", "migrations")
    found = [(_FILE.fullmatch(file.name), file) for file in folder.iterdir()]
    steps = [
        Step(int(named["number"]), named["name"], file.read_text(encoding="utf-8"))
        for named, file in found
        if named is not None
    ]
    return tuple(sorted(steps, key=lambda step: step.number))


def lacking(version: int) -> Sequence[Step]:
    """Return the steps that follow *version*; raise `NewerSchema` where a newer release applied it."""
    newest = migrations()[-1].number
    if version > newest:
        raise NewerSchema(f"the database has schema {version}; this release knows {newest}")
    return [step for step in migrations() if step.number > version]


def migrate(connection: sqlite3.Connection) -> Sequence[Step]:
    """Apply the steps the database lacks and return them.

    Each step and its number are one transaction, so a process killed in the
    middle leaves the previous schema whole. Two processes may start at once:
    the second waits for the lock, then finds nothing left to do.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout={_TURN_MILLISECONDS_MAX}")
    try:
        return [step for step in lacking(version(connection)) if _apply(connection, step)]
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")


def version(connection: sqlite3.Connection) -> int:
    """Return the number of the last step applied."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def statements(step: Step) -> list[str]:
    """Return what brings a database one step further, inside of one transaction."""
    return [*split(step.script), f"PRAGMA user_version={step.number};"]


def script(step: Step) -> str:
    """Return the whole of a step as the ``sqlite3`` shell could be given it."""
    return "\n".join(["BEGIN IMMEDIATE;", *statements(step), "COMMIT;\n"])


def split(text: str) -> list[str]:
    """Return the statements of a script with their comments, each complete by SQLite's own judgment."""
    found, pending = [], ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found


def _apply(connection: sqlite3.Connection, step: Step) -> bool:
    """Apply one step unless the database has it by now; tell whether it was applied."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        lacks_it = step in lacking(version(connection))
        if lacks_it:
            for statement in statements(step):
                connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return lacks_it
