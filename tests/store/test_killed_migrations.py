"""A migration killed before any of its statements leaves whole steps, and the next one finishes them."""

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import asyncpg
import pytest

from linkspan.server.store.migrate import migrations
from tests.dying import dying
from tests.postgres import Postgres

PROGRAM = "tests.store.dying_migration"
NEWEST = migrations()[-1].number
Rows: TypeAlias = Sequence[tuple[Any, ...]]
TYPES = {"TEXT": "'{number}'", "BLOB": "X'{number:02}'", "INTEGER": "{number}"}
TYPES_OF_POSTGRES = {"text": "'{number}'", "bytea": "'\\x{number:02}'", "bigint": "{number}"}


class Database(Protocol):
    """A database between two migrations."""

    @property
    def address(self) -> str: ...
    def version(self) -> int: ...
    def schema(self) -> Rows: ...
    def columns(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The columns of each table and a number of their type as SQL writes it."""

    def run(self, statement: str) -> None: ...
    def count(self, table: str) -> int: ...


@dataclass(frozen=True)
class OnSqlite:
    address: str

    def rows(self, statement: str) -> Rows:
        with closing(sqlite3.connect(self.address, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    def run(self, statement: str) -> None:
        self.rows(statement)

    def version(self) -> int:
        return int(self.rows("PRAGMA user_version")[0][0])

    def schema(self) -> Rows:
        return self.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")

    def columns(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            table: [(name, TYPES[kind]) for _, name, kind, *_ in self.rows(f"PRAGMA table_info('{table}')")]
            for (table,) in tables
        }

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])


@dataclass(frozen=True)
class OnPostgres:
    """One that is looked at over one connection: it is looked at often."""

    address: str
    runner: asyncio.Runner
    connection: "asyncpg.Connection[asyncpg.Record]"

    def rows(self, statement: str) -> Rows:
        return [tuple(row) for row in self.runner.run(self.connection.fetch(statement))]

    def run(self, statement: str) -> None:
        self.runner.run(self.connection.execute(statement))

    def version(self) -> int:
        if self.rows("SELECT to_regclass('linkspan_schema') IS NULL") == [(True,)]:
            return 0
        return int(self.rows("SELECT coalesce(max(version), 0) FROM linkspan_schema")[0][0])

    def schema(self) -> Rows:
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
        return [*self._columns(), *self.rows(indexes)]

    def columns(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for table, name, kind, *_ in self._columns():
            if table != "linkspan_schema":
                found.setdefault(table, []).append((name, TYPES_OF_POSTGRES[kind]))
        return found

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def _columns(self) -> Rows:
        return self.rows(
            """SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
                 FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"""
        )


@contextmanager
def on_postgres(server: Postgres, name: str, runner: asyncio.Runner) -> Iterator[OnPostgres]:
    """A new database, for the length of a block."""
    with server.database(name) as address:
        connection = runner.run(asyncpg.connect(address))
        yield OnPostgres(address, runner, connection)
        runner.run(connection.close())


@pytest.fixture(params=["sqlite", "postgres"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two new databases of one kind."""
    if request.param == "sqlite":
        yield OnSqlite(str(tmp_path / "killed.db")), OnSqlite(str(tmp_path / "left-alone.db"))
        return
    server: Postgres = request.getfixturevalue("postgres")
    with (
        asyncio.Runner() as runner,
        on_postgres(server, "killed", runner) as killed,
        on_postgres(server, "left_alone", runner) as left_alone,
    ):
        yield killed, left_alone


def fill(database: Database, step: int) -> dict[str, int]:
    """Give every table a row, as the release that ended with *step* has; return their counts."""
    columns = database.columns()
    for table, described in columns.items():
        names = ", ".join(f'"{name}"' for name, _ in described)
        values = ", ".join(value.format(number=step) for _, value in described)
        database.run(f"INSERT INTO {table} ({names}) VALUES ({values})")
    return {table: database.count(table) for table in columns}


@pytest.mark.timeout(300)  # it dies once for each statement there is
def test_a_migration_may_be_killed_before_any_statement(two: tuple[Database, Database]) -> None:
    killed, left_alone = two
    statement, version, rows, deaths = 1, 0, dict[str, int](), 0
    with dying(PROGRAM, left_alone.address) as dies_before:
        assert not dies_before(0)
    schema = killed.schema()

    with dying(PROGRAM, killed.address) as dies_before:
        while dies_before(statement):
            deaths += 1
            if killed.version() == version:
                assert killed.schema() == schema
                statement += 1
            else:
                # Killed after a commit: here the data of one release meets the next one's steps.
                version, schema, statement = killed.version(), killed.schema(), 1
                rows = fill(killed, version)

    statements = sum(step.script.count(";") for step in migrations())
    assert deaths > statements
    assert killed.version() == left_alone.version() == NEWEST
    assert killed.schema() == left_alone.schema()
    assert {table: killed.count(table) for table in rows} == rows
