"""A copy to PostgreSQL is whole or nothing, and only of a database that nobody else is using."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.store import customers, master_keys
from linkspan.server.store.driver import Tx
from linkspan.server.store.migrate import migrations
from linkspan.server.store.postgres import bring_up
from linkspan.server.store.sqlite import open_store
from linkspan.server.store.transfer import Copied, NotCopied, _alone, copy
from tests.postgres import Postgres
from tests.store.conftest import OURS, run

THERE: Final = "there"
COUNT: Final = 1_200  # more than are read at once
NAMES: Final = "SELECT tenant, livemode, id, email, doc FROM customers ORDER BY id"


@pytest.fixture
def target(postgres: Postgres) -> Iterator[str]:
    """The address of a database nobody has used."""
    with postgres.database(THERE) as url:
        yield url


@pytest.fixture
def grown(path: Path) -> Path:
    """A database with more rows than are read at once, of every kind of value."""
    store = open_store(str(path))

    async def grow(tx: Tx) -> None:
        await master_keys.keep(tx, digest=b"\x00digest\xff", master=b"1", pepper=b"sealed")
        for number in range(COUNT):
            email = None if number % 2 else f"zoë-{number}@example.com"
            await customers.insert(tx, OURS, f"cus_{number}", bytes([number % 256]) * number, email=email)

    run(store.write(grow))
    store.close()
    return path


def rows(path: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def counts(postgres: Postgres) -> dict[str, int]:
    """How many rows each table there has."""
    tables = postgres.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=THERE)
    return {
        table: postgres.rows(f"SELECT count(*) FROM {table}", database=THERE)[0][0]
        for (table,) in tables
        if table != "linkspan_schema"
    }


def test_every_row_arrives_as_it_was(postgres: Postgres, target: str, grown: Path) -> None:
    copied = copy(grown, target)

    assert postgres.rows(NAMES, database=THERE) == rows(grown, NAMES)
    assert postgres.rows("SELECT digest FROM master_keys", database=THERE) == [(b"\x00digest\xff",)]
    assert [each for each in copied if each.rows] == [Copied("customers", COUNT), Copied("master_keys", 1)]


def test_every_table_is_copied(postgres: Postgres, target: str, grown: Path) -> None:
    copied = copy(grown, target)

    assert {each.table: each.rows for each in copied} == counts(postgres)
    assert len(copied) > 10


def test_the_rows_copied_have_plans_of_their_own(postgres: Postgres, target: str, grown: Path) -> None:
    copy(grown, target)

    (known,) = postgres.rows(
        "SELECT reltuples::int FROM pg_class WHERE relname = 'customers'", database=THERE
    )
    assert known == (COUNT,)


def test_what_was_committed_before_a_crash_is_copied(postgres: Postgres, target: str, grown: Path) -> None:
    crash = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("UPDATE customers SET email = 'late@example.com'")
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", crash, str(grown)], check=False)
    assert grown.with_name(f"{grown.name}-wal").stat().st_size > 0

    copy(grown, target)

    late = postgres.rows("SELECT DISTINCT email FROM customers", database=THERE)
    assert late == [("late@example.com",)]


@pytest.mark.parametrize("doing", ["SELECT 1", "BEGIN IMMEDIATE"], ids=["nothing", "writing"])
def test_a_database_that_a_server_has_open_is_refused(
    postgres: Postgres, target: str, grown: Path, doing: str
) -> None:
    store = open_store(str(grown))
    store.writer.execute(doing)

    with pytest.raises(NotCopied, match="is in use"):
        copy(grown, target)

    store.close()
    assert counts(postgres) == {}


def test_nobody_can_open_a_database_while_it_is_copied(grown: Path) -> None:
    with _alone(grown), closing(sqlite3.connect(grown, timeout=0)) as late:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            late.execute("UPDATE customers SET email = NULL")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            late.execute(NAMES)


@pytest.mark.parametrize("table", ["customers", "master_keys"])
def test_a_database_that_has_rows_is_refused_and_left_as_it_is(
    postgres: Postgres, target: str, grown: Path, table: str
) -> None:
    bring_up(target)
    row = {
        "customers": "INSERT INTO customers (tenant, livemode, id, doc) VALUES ('acct_1', 0, 'cus_1', '')",
        "master_keys": "INSERT INTO master_keys VALUES (1, '')",
    }
    postgres.run(row[table], database=THERE)
    before = counts(postgres)

    with pytest.raises(NotCopied, match=f"not empty: there are {table}"):
        copy(grown, target)

    assert counts(postgres) == before


def test_a_second_copy_is_refused(postgres: Postgres, target: str, grown: Path) -> None:
    copy(grown, target)
    before = counts(postgres)

    with pytest.raises(NotCopied, match="not empty"):
        copy(grown, target)

    assert counts(postgres) == before


def test_a_database_of_another_release_is_refused(target: str, grown: Path) -> None:
    newest = migrations()[-1].number
    with closing(sqlite3.connect(grown)) as connection:
        connection.execute(f"PRAGMA user_version={newest - 1}")

    with pytest.raises(NotCopied, match=f"has schema {newest - 1}, and this release knows {newest}"):
        copy(grown, target)


@pytest.mark.parametrize(
    ("table", "obstacle"),
    [("customers", "id <> 'cus_999'"), ("master_keys", "octet_length(digest) = 0")],
    ids=["among others", "after others"],
)
def test_a_row_that_is_not_taken_leaves_nothing_and_may_be_tried_again(
    postgres: Postgres, target: str, grown: Path, table: str, obstacle: str
) -> None:
    bring_up(target)
    postgres.run(f"ALTER TABLE {table} ADD CONSTRAINT obstacle CHECK ({obstacle})", database=THERE)

    with pytest.raises(NotCopied, match="does not take"):
        copy(grown, target)

    left = counts(postgres)
    postgres.run(f"ALTER TABLE {table} DROP CONSTRAINT obstacle", database=THERE)
    copy(grown, target)
    assert set(left.values()) == {0}
    assert counts(postgres)["customers"] == COUNT


SPOILED: Final = {
    "changed": "NEW.doc = '\\x00'; RETURN NEW",
    "lost": "RETURN NULL",
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_row_that_does_not_arrive_as_it_was_sent_is_noticed(
    postgres: Postgres, target: str, grown: Path, spoil: str
) -> None:
    bring_up(target)
    postgres.run(
        f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {spoil}; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON customers FOR EACH ROW WHEN (NEW.id = 'cus_700') "
        "EXECUTE FUNCTION spoil()",
        database=THERE,
    )

    with pytest.raises(NotCopied, match="customers did not arrive as they were sent"):
        copy(grown, target)

    assert set(counts(postgres).values()) == {0}
