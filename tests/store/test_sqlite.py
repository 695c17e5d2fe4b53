"""SQLite in a file shares its commits, syncs each of them, and owns up when one fails."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from linkspan.server.store import customers
from linkspan.server.store.driver import Tx
from linkspan.server.store.sqlite import SqliteStore, open_store
from tests.store.conftest import OURS, run

Work = Callable[[Tx], Awaitable[None]]


def keeping(customer: str) -> Work:
    return lambda tx: customers.insert(tx, OURS, customer, b"{}")


def running(statement: str) -> Work:
    """Work of one statement of the test's own."""

    async def work(tx: Tx) -> None:
        await tx.run(statement, {})

    return work


def kept(path: Path) -> set[str]:
    """The customers in the file, as another process finds them."""
    connection = sqlite3.connect(path)
    found = {row[0] for row in connection.execute("SELECT id FROM customers")}
    connection.close()
    return found


async def at_once(store: SqliteStore, *works: Work) -> list[BaseException | None]:
    return await asyncio.gather(*map(store.write, works), return_exceptions=True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)],
)
def test_both_connections_are_set_for_safety(file_store: SqliteStore, setting: str, value: str | int) -> None:
    connections = (file_store.writer, file_store._reader)

    assert [one.execute(f"PRAGMA {setting}").fetchone()[0] for one in connections] == [value, value]


def test_the_writes_of_one_turn_share_one_commit(file_store: SqliteStore) -> None:
    statements: list[str] = []
    file_store.writer.set_trace_callback(statements.append)

    run(at_once(file_store, *(keeping(f"cus_{number}") for number in range(50))))

    assert [word for word in statements if word.startswith(("BEGIN", "COMMIT"))] == [
        "BEGIN IMMEDIATE",
        "COMMIT",
    ]


async def read(store: SqliteStore) -> bytes | None:
    return await store.read(lambda tx: customers.get(tx, OURS, "cus_1"))


def test_the_reads_of_one_turn_share_one_view(file_store: SqliteStore) -> None:
    statements: list[str] = []
    file_store._reader.set_trace_callback(statements.append)

    async def at_once() -> None:
        await asyncio.gather(*(read(file_store) for _ in range(50)))

    run(at_once())

    assert [word for word in statements if word in {"BEGIN", "COMMIT"}] == ["BEGIN", "COMMIT"]


def test_a_read_sees_what_was_acknowledged_before_it(file_store: SqliteStore) -> None:
    async def before_and_after() -> list[bytes | None]:
        before = await read(file_store)
        await file_store.write(keeping("cus_1"))
        return [before, await read(file_store)]

    assert run(before_and_after()) == [None, b"{}"]


def test_a_view_of_this_turn_does_not_keep_the_log_from_being_folded(file_store: SqliteStore) -> None:
    async def read_and_write() -> None:
        await asyncio.gather(read(file_store), file_store.write(keeping("cus_1")))

    run(read_and_write())
    busy, _, _ = file_store.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    assert busy == 0


def test_writes_one_after_another_have_a_commit_each(file_store: SqliteStore) -> None:
    statements: list[str] = []
    file_store.writer.set_trace_callback(statements.append)

    async def in_turn() -> None:
        for number in range(5):
            await file_store.write(keeping(f"cus_{number}"))

    run(in_turn())

    assert statements.count("COMMIT") == 5


def test_a_turn_in_which_everything_failed_leaves_no_lock(file_store: SqliteStore, path: Path) -> None:
    run(at_once(file_store, running("SELECT no_such_column")))

    other = sqlite3.connect(path, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    assert other.in_transaction
    other.close()


def test_nobody_reads_what_is_not_yet_committed(file_store: SqliteStore) -> None:
    async def look() -> tuple[bytes | None, bytes | None]:
        writing = asyncio.create_task(file_store.write(keeping("cus_1")))
        await asyncio.sleep(0)
        before = await file_store.read(lambda tx: customers.get(tx, OURS, "cus_1"))
        await writing
        return before, await file_store.read(lambda tx: customers.get(tx, OURS, "cus_1"))

    assert run(look()) == (None, b"{}")


def test_what_is_acknowledged_is_in_the_files(file_store: SqliteStore, path: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()

    async def copy_at_each_answer() -> None:
        for number in range(3):
            await file_store.write(keeping(f"cus_{number}"))
            for file in path.parent.glob("linkspan.db*"):
                shutil.copy(file, copies / file.name)
            assert f"cus_{number}" in kept(copies / path.name)
            for file in copies.iterdir():
                file.unlink()

    run(copy_at_each_answer())


def break_at_commit(store: SqliteStore) -> Work:
    """Work that succeeds but cannot be committed: a promise it leaves unkept is checked only then."""
    store.writer.execute("CREATE TABLE promised (id PRIMARY KEY)")
    store.writer.execute("CREATE TABLE promising (id REFERENCES promised DEFERRABLE INITIALLY DEFERRED)")
    return running("INSERT INTO promising VALUES (1)")


def test_a_failed_commit_reaches_everyone_who_waits_for_it(file_store: SqliteStore, path: Path) -> None:
    breaking = break_at_commit(file_store)

    results = run(at_once(file_store, keeping("cus_1"), breaking, keeping("cus_2")))

    assert [type(result) for result in results] == [sqlite3.IntegrityError] * 3
    assert kept(path) == set()


def test_after_a_failed_commit_the_store_goes_on(file_store: SqliteStore, path: Path) -> None:
    breaking = break_at_commit(file_store)
    run(at_once(file_store, breaking))

    run(file_store.write(keeping("cus_1")))

    assert kept(path) == {"cus_1"}


def test_a_failed_commit_in_memory_is_told_and_undone() -> None:
    store = open_store(None)
    breaking = break_at_commit(store)

    with pytest.raises(sqlite3.IntegrityError):
        run(store.write(breaking))
    run(store.write(keeping("cus_1")))

    assert store.writer.execute("SELECT count(*) FROM promising").fetchone() == (0,)
    store.close()


def test_when_the_database_undoes_the_whole_turn_nobody_is_told_it_was_kept(
    file_store: SqliteStore, path: Path
) -> None:
    # As SQLite does by itself when the disk is full or a page cannot be read
    # (sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
    run(file_store.write(keeping("cus_0")))
    undoing = running(
        "INSERT OR ROLLBACK INTO customers (tenant, livemode, id, doc) VALUES ('acct_ours', 0, 'cus_0', x'')"
    )

    first, undone, third = run(at_once(file_store, keeping("cus_1"), undoing, keeping("cus_2")))

    assert isinstance(undone, sqlite3.IntegrityError)
    assert ("cus_1" in kept(path)) is (first is None)
    assert ("cus_2" in kept(path)) is (third is None)


def test_a_full_disk_loses_nothing_that_was_acknowledged(file_store: SqliteStore, path: Path) -> None:
    (pages,) = file_store.writer.execute("PRAGMA page_count").fetchone()
    file_store.writer.execute(f"PRAGMA max_page_count={pages + 4}")

    def large(number: int) -> Work:
        return lambda tx: customers.insert(tx, OURS, f"cus_{number}", b"x" * 3_000)

    results = run(at_once(file_store, *map(large, range(20))))

    assert any(isinstance(result, sqlite3.OperationalError) for result in results)
    acknowledged = {f"cus_{number}" for number, result in enumerate(results) if result is None}
    assert kept(path) == acknowledged


def test_what_waits_when_the_store_closes_is_answered(path: Path) -> None:
    store = open_store(str(path))

    async def close_at_once() -> object:
        writing = asyncio.create_task(store.write(keeping("cus_1")))
        asyncio.get_running_loop().call_soon(store.close)
        async with asyncio.timeout(5):
            return (await asyncio.gather(writing, return_exceptions=True))[0]

    result = run(close_at_once())

    assert ("cus_1" in kept(path)) is (result is None)


def test_two_processes_may_write_to_one_file(file_store: SqliteStore, path: Path) -> None:
    other = open_store(str(path))

    run(file_store.write(keeping("cus_1")))
    run(other.write(keeping("cus_2")))

    assert run(file_store.read(lambda tx: customers.get(tx, OURS, "cus_2"))) == b"{}"
    other.close()


def test_a_store_may_be_closed_again(path: Path) -> None:
    store = open_store(str(path))

    store.close()
    store.close()


def test_closing_leaves_one_file_with_everything(path: Path) -> None:
    store = open_store(str(path))
    run(store.write(keeping("cus_1")))

    store.close()

    # What claims are locks on holds nothing, and stays: another process may have it open.
    assert [file.name for file in path.parent.iterdir() if file.stat().st_size] == [path.name]
    assert kept(path) == {"cus_1"}


def test_two_databases_in_memory_share_nothing() -> None:
    first, second = open_store(None), open_store(None)

    run(first.write(keeping("cus_1")))

    assert run(second.read(lambda tx: customers.get(tx, OURS, "cus_1"))) is None
    first.close()
    second.close()


def test_work_beside_one_that_is_undone_is_done_again_and_told_of_once(
    file_store: SqliteStore, path: Path
) -> None:
    runs: list[str] = []
    told: list[str] = []

    def noting(customer: str, *, then: Exception | None = None) -> Callable[[Tx], Awaitable[int]]:
        async def work(tx: Tx) -> int:
            runs.append(customer)
            tx.on_commit(lambda: told.append(customer))
            await customers.insert(tx, OURS, customer, b"{}")
            if then is not None:
                raise then
            return len(runs)

        return work

    async def at_once() -> list[int | BaseException]:
        works = [noting("cus_1"), noting("cus_2", then=RuntimeError("after all")), noting("cus_3")]
        return await asyncio.gather(*map(file_store.write, works), return_exceptions=True)

    first, undone, third = run(at_once())

    assert runs == ["cus_1", "cus_2", "cus_1", "cus_3"]
    assert isinstance(undone, RuntimeError)
    assert (first, third) == (3, 4)  # what its last run returned
    assert told == ["cus_1", "cus_3"]
    assert kept(path) == {"cus_1", "cus_3"}


def test_work_that_fails_before_it_changes_anything_undoes_nothing(file_store: SqliteStore) -> None:
    statements: list[str] = []
    file_store.writer.set_trace_callback(statements.append)

    async def refused(_tx: Tx) -> None:
        raise RuntimeError("no")

    run(at_once(file_store, keeping("cus_1"), refused, keeping("cus_2")))

    assert "ROLLBACK" not in statements


def test_work_that_fails_when_it_is_done_again_fails_alone(file_store: SqliteStore, path: Path) -> None:
    runs: list[int] = []

    async def once_only(tx: Tx) -> None:
        runs.append(1)
        await customers.insert(tx, OURS, "cus_2", b"{}")
        if len(runs) > 1:
            raise RuntimeError("not twice")

    async def failing(tx: Tx) -> None:
        await customers.insert(tx, OURS, "cus_3", b"{}")
        raise RuntimeError("after all")

    results = run(at_once(file_store, keeping("cus_1"), once_only, failing, keeping("cus_4")))

    assert [type(result) for result in results] == [type(None), RuntimeError, RuntimeError, type(None)]
    assert kept(path) == {"cus_1", "cus_4"}


def test_a_change_that_returns_rows_is_undone_as_any_other(file_store: SqliteStore, path: Path) -> None:
    inserting = (
        "INSERT INTO customers (tenant, livemode, id, doc) VALUES ('acct_ours', 0, 'cus_2', x'') RETURNING id"
    )

    async def failing(tx: Tx) -> None:
        assert await tx.one(inserting, {}) == ("cus_2",)
        raise RuntimeError("after all")

    run(at_once(file_store, keeping("cus_1"), failing))

    assert kept(path) == {"cus_1"}
