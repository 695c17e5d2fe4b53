"""PostgreSQL lets rivals run at once, and keeps what they would have done one after another."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import pytest

from linkspan.server.store import ownerships, sessions
from linkspan.server.store.driver import Claimed, Tx
from linkspan.server.store.postgres import PostgresStore
from tests.store.conftest import OURS, run


@pytest.fixture
def other_store(empty_postgres: str) -> Iterator[PostgresStore]:
    """The same database, as another process has it."""
    opened = PostgresStore(empty_postgres)
    yield opened
    run(opened.aclose())


class Gate:
    """Holds pieces of work at a point between two of their statements until all have come there."""

    def __init__(self, expected: int) -> None:
        self._barrier = asyncio.Barrier(expected)

    async def open(self) -> None:
        """Come there without a transaction."""
        await self._barrier.wait()

    async def wait(self, tx: Tx) -> None:
        """Wait as for the store: work may wait for nothing else."""
        tx.is_asking = True  # type: ignore[attr-defined]  # the driver's own mark
        try:
            await self._barrier.wait()
        finally:
            tx.is_asking = False  # type: ignore[attr-defined]  # as above


async def keep_zero(tx: Tx) -> None:
    await sessions.insert(tx, OURS, "fcsess_1", b"0", secret_digest=b"digest", expires_at=1)


async def count_up(tx: Tx, gate: Gate | None = None) -> None:
    """Write down what follows from what is there: what two at once could spoil."""
    count = await sessions.get(tx, OURS, "fcsess_1")
    if gate is not None:
        await gate.wait(tx)
    await sessions.save(tx, OURS, "fcsess_1", str(int(count or b"0") + 1).encode())


async def counted(store: PostgresStore) -> bytes | None:
    return await store.read(lambda tx: sessions.get(tx, OURS, "fcsess_1"))


def test_of_two_that_read_the_same_row_the_slower_one_reads_again(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    runs = 0

    async def once_together(tx: Tx, gate: Gate) -> None:
        nonlocal runs
        runs += 1
        await count_up(tx, gate if runs <= 2 else None)

    async def rivals() -> bytes | None:
        await postgres_store.write(keep_zero)
        gate = Gate(2)
        await asyncio.gather(
            postgres_store.write(lambda tx: once_together(tx, gate)),
            other_store.write(lambda tx: once_together(tx, gate)),
        )
        return await counted(postgres_store)

    assert run(rivals()) == b"2"
    assert runs == 3


def test_no_change_is_lost_however_many_rivals_there_are(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    async def rivals() -> bytes | None:
        await postgres_store.write(keep_zero)
        stores = [postgres_store, other_store] * 30
        await asyncio.gather(*(store.write(count_up) for store in stores))
        return await counted(postgres_store)

    assert run(rivals()) == b"60"


def test_a_row_that_a_rival_added_is_found_the_second_time(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    runs = 0

    async def add_unless_there(tx: Tx, gate: Gate) -> str:
        nonlocal runs
        runs += 1
        if await ownerships.get(tx, OURS, "fcaowns_1") is not None:
            return "found"
        await gate.wait(tx)
        await ownerships.insert(tx, OURS, "fcaowns_1", b"{}", account="fca_1")
        return "added"

    async def rivals() -> tuple[str, str]:
        gate = Gate(2)
        return await asyncio.gather(
            postgres_store.write(lambda tx: add_unless_there(tx, gate)),
            other_store.write(lambda tx: add_unless_there(tx, gate)),
        )

    assert sorted(run(rivals())) == ["added", "found"]
    assert runs == 3


def test_of_two_that_decide_by_what_the_other_changes_one_decides_again(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    runs = 0

    async def be_the_only_one(tx: Tx, mine: str, other: str, gate: Gate) -> bool:
        nonlocal runs
        runs += 1
        is_free = await ownerships.get(tx, OURS, other) is None
        if runs <= 2:
            await gate.wait(tx)
        if is_free:
            await ownerships.insert(tx, OURS, mine, b"{}", account="fca_1")
        return is_free

    async def rivals() -> tuple[bool, bool]:
        gate = Gate(2)
        return await asyncio.gather(
            postgres_store.write(lambda tx: be_the_only_one(tx, "fcaowns_1", "fcaowns_2", gate)),
            other_store.write(lambda tx: be_the_only_one(tx, "fcaowns_2", "fcaowns_1", gate)),
        )

    assert sorted(run(rivals())) == [False, True]


def test_a_row_that_was_always_there_fails_its_work(postgres_store: PostgresStore) -> None:
    run(postgres_store.write(keep_zero))

    with pytest.raises(asyncpg.UniqueViolationError):
        run(postgres_store.write(keep_zero))


def test_a_read_sees_one_moment_however_long_it_takes(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    async def look_twice(tx: Tx, gate: Gate) -> tuple[bytes | None, bytes | None]:
        before = await sessions.get(tx, OURS, "fcsess_1")
        await gate.wait(tx)  # the rival begins
        await gate.wait(tx)  # the rival has committed
        return before, await sessions.get(tx, OURS, "fcsess_1")

    async def change(gate: Gate) -> None:
        await gate._barrier.wait()
        await other_store.write(count_up)
        await gate._barrier.wait()

    async def rivals() -> tuple[bytes | None, bytes | None]:
        await postgres_store.write(keep_zero)
        gate = Gate(2)
        seen, _ = await asyncio.gather(postgres_store.read(lambda tx: look_twice(tx, gate)), change(gate))
        return seen

    assert run(rivals()) == (b"0", b"0")
    assert run(counted(postgres_store)) == b"1"


def test_a_read_cannot_write(postgres_store: PostgresStore) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        run(postgres_store.read(keep_zero))


async def pass_through(tx: Tx, gate: Gate) -> bool:
    await gate.wait(tx)
    return True


async def claim(store: PostgresStore, name: str, gate: Gate) -> bool:
    """Whether a write that claims *name* came to the gate; if it did not, the gate opens without it."""
    try:
        return await store.write(lambda tx: pass_through(tx, gate), claim=name)
    except Claimed:
        await gate.open()
        return False


def test_a_name_is_claimed_until_the_transaction_ends(
    postgres_store: PostgresStore, other_store: PostgresStore
) -> None:
    async def rivals() -> tuple[tuple[bool, bool], bool]:
        gate = Gate(2)
        together = await asyncio.gather(
            claim(postgres_store, "a name", gate), claim(other_store, "a name", gate)
        )
        return together, await claim(other_store, "a name", Gate(1))

    together, afterwards = run(rivals())

    assert sorted(together) == [False, True]
    assert afterwards


def test_other_names_are_free_meanwhile(postgres_store: PostgresStore, other_store: PostgresStore) -> None:
    async def rivals() -> tuple[bool, bool]:
        gate = Gate(2)
        return await asyncio.gather(
            claim(postgres_store, "a name", gate), claim(other_store, "another name", gate)
        )

    assert all(run(rivals()))


def test_work_that_is_given_up_leaves_nothing_and_blocks_nobody(postgres_store: PostgresStore) -> None:
    async def give_up() -> bytes | None:
        gate = Gate(2)

        async def work(tx: Tx) -> None:
            await keep_zero(tx)
            await gate.wait(tx)
            await gate.wait(tx)

        writing = asyncio.create_task(postgres_store.write(work))
        await gate._barrier.wait()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        kept = await counted(postgres_store)
        await postgres_store.write(keep_zero)
        return kept

    assert run(give_up()) is None
    assert run(counted(postgres_store)) == b"0"


def test_after_its_connections_were_cut_the_store_goes_on(
    postgres_store: PostgresStore, empty_postgres: str
) -> None:
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'linkspan'"

    async def go_on() -> tuple[list[asyncpg.Record], bytes | None]:
        await postgres_store.write(keep_zero)
        operator = await asyncpg.connect(empty_postgres)
        ended = await operator.fetch(cut)
        await operator.close()
        return ended, await counted(postgres_store)

    ended, kept = run(go_on())

    assert ended
    assert kept == b"0"


def test_more_writes_than_connections_all_succeed(postgres_store: PostgresStore) -> None:
    def keep(number: int) -> Callable[[Tx], Awaitable[None]]:
        return lambda tx: ownerships.insert(tx, OURS, f"fcaowns_{number}", b"{}", account="fca_1")

    async def many() -> None:
        await asyncio.gather(*(postgres_store.write(keep(number)) for number in range(100)))

    run(many())

    assert run(postgres_store.read(lambda tx: ownerships.get(tx, OURS, "fcaowns_99"))) == b"{}"


def test_a_store_may_be_closed_twice(empty_postgres: str) -> None:
    store = PostgresStore(empty_postgres)
    run(store.write(keep_zero))

    run(store.aclose())
    run(store.aclose())

    assert store._pool is None
