"""The schema is brought to the newest in whole steps, and never from the future."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from linkspan.server.store.migrate import NewerSchema, migrate, migrations
from linkspan.server.store.sqlite import open_store

NEWEST = migrations()[-1][0]


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def schema(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return [sql for (sql,) in rows]


def version(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def test_a_fresh_database_gets_every_step(path: Path) -> None:
    connection = connect(path)

    assert migrate(connection) == len(migrations())
    assert version(connection) == NEWEST
    connection.close()


def test_the_steps_are_numbered_from_one_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, NEWEST + 1))


def test_a_database_of_today_is_left_as_it_is(path: Path) -> None:
    connection = connect(path)
    migrate(connection)
    before = schema(connection)

    assert migrate(connection) == 0
    assert schema(connection) == before
    connection.close()


def test_a_database_in_memory_has_the_same_schema_as_one_in_a_file(path: Path) -> None:
    kept, in_memory = open_store(str(path)), open_store(None)

    assert schema(kept.writer) == schema(in_memory.writer)
    kept.close()
    in_memory.close()


def test_a_database_of_a_newer_release_is_refused_and_left_as_it_is(path: Path) -> None:
    connection = connect(path)
    migrate(connection)
    connection.execute(f"PRAGMA user_version={NEWEST + 1}")
    before = schema(connection)

    with pytest.raises(NewerSchema, match=f"has schema {NEWEST + 1}; this release knows {NEWEST}"):
        open_store(str(path))

    assert (version(connection), schema(connection)) == (NEWEST + 1, before)
    connection.close()


def test_a_step_that_fails_in_the_middle_leaves_nothing(path: Path) -> None:
    connection = connect(path)
    connection.execute("CREATE TABLE accounts (in_the_way)")
    before = schema(connection)

    with pytest.raises(sqlite3.OperationalError, match="accounts already exists"):
        migrate(connection)

    assert (version(connection), schema(connection)) == (0, before)
    assert not connection.in_transaction
    connection.close()


KILLED_IN_THE_MIDDLE = """
import os, signal, sqlite3, sys
from linkspan.server.store.migrate import migrate

def on_statement(statement):
    if "CREATE TABLE accounts" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.set_trace_callback(on_statement)
migrate(connection)
"""


def test_a_process_killed_in_the_middle_leaves_nothing(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_IN_THE_MIDDLE, path], check=False)

    connection = connect(path)
    assert killed.returncode == -signal.SIGKILL
    assert (version(connection), schema(connection)) == (0, [])
    assert migrate(connection) == len(migrations())
    connection.close()


def test_processes_that_start_at_once_migrate_once(path: Path) -> None:
    start = "import sys; from linkspan.server.store.sqlite import open_store; open_store(sys.argv[1]).close()"
    command = [sys.executable, "-c", start, os.fspath(path)]

    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(6)]
    told = [process.communicate()[1] for process in started]

    connection = connect(path)
    assert [(process.returncode, error) for process, error in zip(started, told, strict=True)] == [
        (0, b"")
    ] * 6
    assert version(connection) == NEWEST
    connection.close()
