"""PostgreSQL is brought up by the same steps as SQLite, to the same tables."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import resources

import asyncpg
import pytest

from linkspan.server import store as room
from linkspan.server.store.dialect import script_in_postgres, statement_in_postgres
from linkspan.server.store.driver import DatabaseUnusable
from linkspan.server.store.migrate import NewerSchema, migrate, migrations, split
from linkspan.server.store.migrate_postgres import script
from linkspan.server.store.postgres import bring_up, open_store, version_at
from linkspan.server.store.statements import load
from tests.postgres import Postgres
from tools.schema import schema

NEW = "new"
NOUNS = sorted(
    file.name.removesuffix(".sql")
    for file in resources.files(room).joinpath("sql").iterdir()
    if file.name.endswith(".sql")
)
STATEMENTS = {f"{noun}.{name}": text for noun in NOUNS for name, text in load(noun).items()}
TABLES_OF_SQLITE = "SELECT name FROM sqlite_schema WHERE type = 'table'"
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, collation_name
  FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name <> 'linkspan_schema'
"""
KEYS = """
SELECT kept.relname, rules.indisunique, pg_get_expr(rules.indpred, rules.indrelid) IS NOT NULL,
       array_agg(part.attname ORDER BY part.attnum)
  FROM pg_index AS rules
  JOIN pg_class AS kept ON kept.oid = rules.indrelid AND kept.relnamespace = 'public'::regnamespace
  JOIN pg_attribute AS part ON part.attrelid = rules.indexrelid
 WHERE kept.relname <> 'linkspan_schema'
 GROUP BY rules.indexrelid, kept.relname, rules.indisunique, rules.indpred, rules.indrelid
"""


@pytest.fixture
def new_database(postgres: Postgres) -> Iterator[str]:
    """The address of a database nobody has used."""
    with postgres.database(NEW) as url:
        yield url


@pytest.fixture
def sqlite() -> Iterator[sqlite3.Connection]:
    """SQLite in memory with the newest schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        yield connection


def columns_of_sqlite(connection: sqlite3.Connection) -> set[tuple[str, str, str, str, str | None]]:
    """The columns of SQLite's tables, as PostgreSQL describes its own."""
    types = {"TEXT": "text", "BLOB": "bytea", "INTEGER": "bigint"}
    return {
        (table, name, types[kind], "NO" if is_required else "YES", "C" if kind == "TEXT" else None)
        for (table,) in connection.execute(TABLES_OF_SQLITE).fetchall()
        for _, name, kind, is_required, *_ in connection.execute(f"PRAGMA table_info({table})")
    }


def keys_of_sqlite(connection: sqlite3.Connection) -> set[tuple[str, bool, bool, tuple[str, ...]]]:
    """The indexes of SQLite's tables, those of primary keys included."""
    return {
        (
            table,
            bool(is_unique),
            bool(is_partial),
            tuple(column for _, _, column in connection.execute(f"PRAGMA index_info('{name}')")),
        )
        for (table,) in connection.execute(TABLES_OF_SQLITE).fetchall()
        for _, name, is_unique, _, is_partial in connection.execute(f"PRAGMA index_list({table})")
    }


def test_both_have_the_same_columns(
    postgres: Postgres, new_database: str, sqlite: sqlite3.Connection
) -> None:
    open_store(new_database)

    assert set(postgres.rows(COLUMNS, database=NEW)) == columns_of_sqlite(sqlite)


def test_both_have_the_same_indexes(
    postgres: Postgres, new_database: str, sqlite: sqlite3.Connection
) -> None:
    open_store(new_database)

    found = {
        (table, unique, partial, tuple(parts))
        for table, unique, partial, parts in postgres.rows(KEYS, database=NEW)
    }

    assert found == keys_of_sqlite(sqlite)


def described(postgres: Postgres, name: str) -> list[list[tuple[object, ...]]]:
    """What PostgreSQL says of the columns and the keys of a database."""
    return [sorted(postgres.rows(question, database=name), key=repr) for question in (COLUMNS, KEYS)]


def test_the_written_schema_is_what_the_steps_build(postgres: Postgres, new_database: str) -> None:
    open_store(new_database)
    migrated = described(postgres, NEW)

    with postgres.database("written"):
        for statement in split(script_in_postgres(schema())):
            postgres.run(statement, database="written")

        assert described(postgres, "written") == migrated


def test_what_a_dry_run_prints_is_what_would_run(postgres: Postgres, new_database: str) -> None:
    open_store(new_database)
    migrated = described(postgres, NEW)

    with postgres.database("printed") as printed:
        postgres.run(*(script(step) for step in migrations()), database="printed")

        assert described(postgres, "printed") == migrated
        assert version_at(printed) == migrations()[-1].number


def test_asking_for_the_schema_changes_nothing(postgres: Postgres, new_database: str) -> None:
    assert version_at(new_database) == 0
    assert postgres.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=NEW) == []


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_is_one_that_postgresql_understands(empty_postgres: str, name: str) -> None:
    sql, names = statement_in_postgres(STATEMENTS[name])

    async def understood() -> int:
        connection = await asyncpg.connect(empty_postgres)
        try:
            return len((await connection.prepare(sql)).get_parameters())
        finally:
            await connection.close()

    assert asyncio.run(understood()) == len(names)


def test_a_database_that_is_up_to_date_is_left_alone(postgres: Postgres, new_database: str) -> None:
    open_store(new_database)
    before = postgres.rows("SELECT version FROM linkspan_schema", database=NEW)

    open_store(new_database)

    assert postgres.rows("SELECT version FROM linkspan_schema", database=NEW) == before
    assert [number for (number,) in before] == [step.number for step in migrations()]


def test_many_that_start_at_once_migrate_once(postgres: Postgres, new_database: str) -> None:
    with ThreadPoolExecutor(6) as machines:
        list(machines.map(open_store, [new_database] * 6))

    assert postgres.rows("SELECT count(*) FROM linkspan_schema", database=NEW) == [(len(migrations()),)]


DEFINES = re.compile(r"^(?:CREATE|ALTER|DROP) ", re.MULTILINE)
DEADLY = """
CREATE SCHEMA test;
CREATE SEQUENCE test.statements;
CREATE TABLE test.death (at bigint NOT NULL);
INSERT INTO test.death VALUES (0);
CREATE FUNCTION test.die() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('test.statements') = (SELECT at FROM test.death) THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
    END IF;
END $$;
CREATE EVENT TRIGGER die ON ddl_command_end EXECUTE FUNCTION test.die();
"""


def test_a_server_that_dies_at_any_statement_is_left_with_whole_steps(
    postgres: Postgres, new_database: str
) -> None:
    postgres.run(DEADLY, database=NEW)
    statement, version, deaths, applied = 1, 0, 0, False

    while not applied:
        postgres.run(f"UPDATE test.death SET at = {statement}", database=NEW)
        postgres.rows("SELECT setval('test.statements', 1, false)", database=NEW)
        try:
            bring_up(new_database)  # fails where a table is in the way
            applied = True
        except DatabaseUnusable:
            deaths += 1
            before, version = version, version_at(new_database)
            statement = statement + 1 if version == before else 1

    steps = [step.number for step in migrations()]
    kept = postgres.rows("SELECT version FROM linkspan_schema ORDER BY version", database=NEW)
    assert deaths >= sum(len(DEFINES.findall(step.script)) for step in migrations())
    assert [number for (number,) in kept] == steps


def test_a_database_of_a_newer_release_is_refused(postgres: Postgres, new_database: str) -> None:
    open_store(new_database)
    postgres.run("INSERT INTO linkspan_schema VALUES (9999)", database=NEW)

    with pytest.raises(NewerSchema, match="9999"):
        open_store(new_database)


def test_a_database_that_does_not_exist_is_named(postgres: Postgres) -> None:
    with pytest.raises(DatabaseUnusable, match="no_such_database"):
        open_store(postgres.url("no_such_database"))


def test_a_server_that_does_not_answer_is_said_so() -> None:
    with pytest.raises(DatabaseUnusable, match="No such file"):
        open_store("postgresql://someone@/linkspan?host=/no/such/folder")
