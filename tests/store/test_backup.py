"""A backup is whole, holds what was committed when it began, and nothing that was deleted."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from linkspan.server.store import customers
from linkspan.server.store.backup import BadBackup, backup
from linkspan.server.store.sqlite import SqliteStore
from tests.store.conftest import OURS, run

CANARY = b"a name that was deleted"
PAGE_BYTES = 4096


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a backup may be."""
    return tmp_path / "copy" / "linkspan.db"


@pytest.fixture(autouse=True)
def _folder_of_copies(copy: Path) -> None:
    copy.parent.mkdir()


def rows(path: Path, table: str = "customers") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()


def keep(store: SqliteStore, number: int, doc: bytes = b"{}") -> None:
    run(store.write(lambda tx: customers.insert(tx, OURS, f"cus_{number}", doc)))


def test_a_backup_has_every_row_and_the_schema(file_store: SqliteStore, path: Path, copy: Path) -> None:
    for number in range(200):
        keep(file_store, number)

    size = backup(path, copy)

    assert rows(copy) == rows(path)
    assert size == copy.stat().st_size
    with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(copy)) as theirs:
        for question in ("PRAGMA user_version", "SELECT name, sql FROM sqlite_schema ORDER BY name"):
            assert theirs.execute(question).fetchall() == ours.execute(question).fetchall()


def test_a_write_that_is_under_way_is_not_in_it_and_not_held_up(
    file_store: SqliteStore, path: Path, copy: Path
) -> None:
    keep(file_store, 1)
    file_store.writer.execute("BEGIN IMMEDIATE")
    file_store.writer.execute("DELETE FROM customers")

    backup(path, copy)

    file_store.writer.execute("COMMIT")
    assert len(rows(copy)) == 1
    assert rows(path) == []


def test_what_was_deleted_is_not_in_a_backup(file_store: SqliteStore, path: Path, copy: Path) -> None:
    file_store.writer.execute("PRAGMA secure_delete=OFF")  # some builds of SQLite turn it on
    for number in range(50):
        keep(file_store, number, CANARY * 100)
    file_store.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file_store.writer.execute("DELETE FROM customers")
    file_store.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    backup(path, copy)

    assert CANARY in path.read_bytes()
    assert CANARY not in copy.read_bytes()


def test_a_backup_is_one_file_that_its_owner_alone_reads(
    file_store: SqliteStore, path: Path, copy: Path
) -> None:
    keep(file_store, 1)

    backup(path, copy)

    assert list(copy.parent.iterdir()) == [copy]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing(file_store: SqliteStore, path: Path, copy: Path) -> None:
    keep(file_store, 1)
    copy.write_text("the backup of yesterday")

    with pytest.raises(BadBackup, match="exists"):
        backup(path, copy)

    assert copy.read_text() == "the backup of yesterday"


def test_what_a_killed_backup_left_is_not_in_the_way(file_store: SqliteStore, path: Path, copy: Path) -> None:
    keep(file_store, 1)
    copy.with_name(f"{copy.name}.new").write_text("half of a backup")

    backup(path, copy)

    assert rows(copy) == rows(path)
    assert list(copy.parent.iterdir()) == [copy]


def test_a_damaged_database_leaves_no_backup(file_store: SqliteStore, path: Path, copy: Path) -> None:
    for number in range(200):
        keep(file_store, number, CANARY * 10)
    file_store.close()
    whole = path.read_bytes()
    page = whole.index(CANARY) // PAGE_BYTES * PAGE_BYTES
    path.write_bytes(whole[:page] + b"\xff" * PAGE_BYTES + whole[page + PAGE_BYTES :])

    with pytest.raises((BadBackup, sqlite3.DatabaseError)):
        backup(path, copy)

    assert list(copy.parent.iterdir()) == []
