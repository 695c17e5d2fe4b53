"""The schema is brought to the newest in whole steps, and never from the future."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from linkspan.server.store.migrate import NewerSchema, migrate, migrations, script
from linkspan.server.store.sqlite import open_store, version_in
from tools.schema import SCHEMA

NEWEST = migrations()[-1].number


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def schema(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return [sql for (sql,) in rows]


def described(connection: sqlite3.Connection) -> list[object]:
    """Tables, columns and indexes, however the statements that made them were spelled."""
    tables = connection.execute("SELECT name, wr, strict FROM pragma_table_list ORDER BY name").fetchall()
    found: list[object] = [tables]
    for name, *_ in tables:
        columns = connection.execute(f"PRAGMA table_info('{name}')").fetchall()
        found.append(sorted(column[1:] for column in columns))
        for _, index, is_unique, origin, is_partial in connection.execute(f"PRAGMA index_list('{name}')"):
            parts = connection.execute(f"PRAGMA index_info('{index}')").fetchall()
            found.append((name, index, is_unique, origin, is_partial, [part for *_, part in parts]))
    return sorted(found, key=repr)


def version(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def test_a_fresh_database_gets_every_step(path: Path) -> None:
    connection = connect(path)

    assert list(migrate(connection)) == list(migrations())
    assert version(connection) == NEWEST
    connection.close()


def test_a_database_of_today_is_left_as_it_is(path: Path) -> None:
    connection = connect(path)
    migrate(connection)
    before = schema(connection)

    assert migrate(connection) == []
    assert schema(connection) == before
    connection.close()


def test_a_database_in_memory_has_the_same_schema_as_one_in_a_file(path: Path) -> None:
    kept, in_memory = open_store(str(path)), open_store(None)

    assert schema(kept.writer) == schema(in_memory.writer)
    kept.close()
    in_memory.close()


def test_the_written_schema_is_what_the_steps_build(path: Path) -> None:
    migrated, written = connect(path), connect(path.with_name("written.db"))
    migrate(migrated)

    written.executescript(SCHEMA.read_text(encoding="utf-8"))

    assert described(written) == described(migrated)
    migrated.close()
    written.close()


def test_what_a_dry_run_prints_is_what_would_run(path: Path) -> None:
    migrated, printed = connect(path), connect(path.with_name("printed.db"))
    migrate(migrated)

    for step in migrations():
        printed.executescript(script(step))

    assert (version(printed), described(printed)) == (NEWEST, described(migrated))
    migrated.close()
    printed.close()


def test_asking_for_the_schema_changes_nothing(path: Path) -> None:
    assert version_in(path) == 0
    assert not path.exists()


def test_the_schema_can_be_asked_for_while_a_server_writes(path: Path) -> None:
    store = open_store(str(path))
    store.writer.execute("BEGIN IMMEDIATE")

    assert version_in(path) == NEWEST
    store.writer.execute("ROLLBACK")
    store.close()


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
