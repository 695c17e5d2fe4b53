"""A write happens whole or not at all, and is safe once it is acknowledged, in every database."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkspan.server.store import customers
from linkspan.server.store.driver import Row, Store, Tx, Value, WaitedInTransaction, key
from linkspan.server.store.sqlite import open_store
from linkspan.server.store.statements import load
from tests.store.conftest import OURS, run

Work = Callable[[Tx], Awaitable[None]]


class Refused(Exception):
    """What a piece of work raises on purpose."""


def keeping(*ids: str, then: Exception | None = None) -> Work:
    """Work that keeps customers, then perhaps fails."""

    async def work(tx: Tx) -> None:
        for customer in ids:
            await customers.insert(tx, OURS, customer, customer.encode())
        if then is not None:
            raise then

    return work


async def kept(store: Store, *ids: str) -> list[bool]:
    """Tell which customers there are."""

    async def look(tx: Tx) -> list[bool]:
        return [await customers.get(tx, OURS, one) is not None for one in ids]

    return await store.read(look)


def test_a_write_returns_what_its_work_returned(store: Store) -> None:
    async def work(tx: Tx) -> str:
        await customers.insert(tx, OURS, "cus_1", b"{}")
        return "done"

    assert run(store.write(work)) == "done"


def test_a_write_can_be_read_once_it_returned(store: Store) -> None:
    run(store.write(keeping("cus_1")))

    assert run(kept(store, "cus_1")) == [True]


def test_work_reads_what_it_wrote_itself(store: Store) -> None:
    async def work(tx: Tx) -> bytes | None:
        await customers.insert(tx, OURS, "cus_1", b"{}")
        return await customers.get(tx, OURS, "cus_1")

    assert run(store.write(work)) == b"{}"


INSERT, GET = (load("customers")[name] for name in ("insert", "get"))


def many(*ids: str) -> list[dict[str, Value]]:
    """What one statement is carried out with, once for each of them."""
    return [{**key(OURS, one), "email": None, "doc": one.encode()} for one in ids]


def test_a_statement_is_carried_out_with_each_of_many_in_order(store: Store) -> None:
    async def work(tx: Tx) -> list[Row]:
        await tx.run_each(INSERT, many("cus_1", "cus_2", "cus_3"))
        return await tx.all_each(GET, many("cus_3", "cus_none", "cus_1"))

    assert [tuple(row) for row in run(store.write(work))] == [(b"cus_3",), (b"cus_1",)]


def test_a_statement_with_none_of_many_changes_and_finds_nothing(store: Store) -> None:
    async def work(tx: Tx) -> list[Row]:
        await tx.run_each(INSERT, [])
        return await tx.all_each(GET, [])

    assert run(store.write(work)) == []


def test_one_of_many_that_is_there_already_leaves_none_of_them(store: Store) -> None:
    run(store.write(keeping("cus_2")))

    with pytest.raises(Exception, match=r"(?i)unique"):
        run(store.write(lambda tx: tx.run_each(INSERT, many("cus_1", "cus_2"))))

    assert run(kept(store, "cus_1", "cus_2")) == [False, True]


def test_work_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused):
        run(store.write(keeping("cus_1", "cus_2", then=Refused())))

    assert run(kept(store, "cus_1", "cus_2")) == [False, False]


def test_after_a_failure_the_store_goes_on(store: Store) -> None:
    with pytest.raises(Refused):
        run(store.write(keeping("cus_1", then=Refused())))

    run(store.write(keeping("cus_1")))

    assert run(kept(store, "cus_1")) == [True]


def test_of_many_writes_at_once_one_that_fails_undoes_its_own_alone(store: Store) -> None:
    async def at_once() -> list[object]:
        works = [keeping(f"cus_{number}", then=Refused() if number == 3 else None) for number in range(8)]
        return await asyncio.gather(*map(store.write, works), return_exceptions=True)

    results = run(at_once())

    assert [isinstance(result, Refused) for result in results] == [number == 3 for number in range(8)]
    assert run(kept(store, *(f"cus_{number}" for number in range(8)))) == [number != 3 for number in range(8)]


def test_a_row_that_is_there_already_fails_its_own_work_alone(store: Store) -> None:
    run(store.write(keeping("cus_1")))

    async def at_once() -> list[object]:
        works = [keeping("cus_2", "cus_1"), keeping("cus_3")]
        return await asyncio.gather(*map(store.write, works), return_exceptions=True)

    failed, succeeded = run(at_once())

    assert isinstance(failed, Exception)
    assert succeeded is None
    assert run(kept(store, "cus_1", "cus_2", "cus_3")) == [True, False, True]


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_acknowledged_is_there_and_nothing_else(turns: list[list[tuple[int, bool]]]) -> None:
    store = open_store(None)
    expected: set[str] = set()

    async def at_once(works: list[Work]) -> list[object]:
        return await asyncio.gather(*map(store.write, works), return_exceptions=True)

    for turn in turns:
        names = [f"cus_{number}" for number, _ in turn]
        works = [keeping(f"cus_{number}", then=Refused() if fails else None) for number, fails in turn]
        results = run(at_once(works))
        expected |= {name for name, result in zip(names, results, strict=True) if result is None}

    everyone = [f"cus_{number}" for number in range(6)]
    assert run(kept(store, *everyone)) == [name in expected for name in everyone]
    store.close()


@pytest.mark.parametrize(
    "wait", [lambda: asyncio.sleep(0), lambda: asyncio.sleep(3600)], ids=["a turn", "an hour"]
)
def test_work_that_waits_for_anything_else_is_refused_and_leaves_nothing(
    store: Store, wait: Callable[[], Awaitable[None]]
) -> None:
    async def work(tx: Tx) -> None:
        await customers.insert(tx, OURS, "cus_1", b"{}")
        await wait()

    with pytest.raises(WaitedInTransaction):
        run(store.write(work))

    assert run(kept(store, "cus_1")) == [False]


def test_work_that_waits_is_told_so_that_it_can_clean_up(store: Store) -> None:
    cleaned = []

    async def work(_tx: Tx) -> None:
        try:
            await asyncio.sleep(0)
        finally:
            cleaned.append(True)

    with pytest.raises(WaitedInTransaction):
        run(store.write(work))

    assert cleaned == [True]


def test_others_of_the_turn_are_kept_when_one_waits(store: Store) -> None:
    async def waiting(tx: Tx) -> None:
        await customers.insert(tx, OURS, "cus_2", b"{}")
        await asyncio.sleep(0)

    async def at_once() -> list[object]:
        works = [keeping("cus_1"), waiting, keeping("cus_3")]
        return await asyncio.gather(*map(store.write, works), return_exceptions=True)

    run(at_once())

    assert run(kept(store, "cus_1", "cus_2", "cus_3")) == [True, False, True]


def test_a_read_that_waits_is_refused(store: Store) -> None:
    async def work(_tx: Tx) -> None:
        await asyncio.sleep(0)

    with pytest.raises(WaitedInTransaction):
        run(store.read(work))


def test_one_who_gives_up_waiting_takes_no_other_with_them(store: Store) -> None:
    async def at_once() -> tuple[object, ...]:
        first = asyncio.create_task(store.write(keeping("cus_1")))
        second = asyncio.create_task(store.write(keeping("cus_2")))
        await asyncio.sleep(0)
        first.cancel()
        return tuple(await asyncio.gather(first, second, return_exceptions=True))

    _, second = run(at_once())

    assert second is None
    assert run(kept(store, "cus_2")) == [True]


def test_a_bell_rings_once_what_rang_it_is_kept(store: Store) -> None:
    seen: list[str] = []

    async def work(tx: Tx) -> None:
        tx.ring("bell")
        await customers.insert(tx, OURS, "cus_1", b"{}")
        assert seen == []

    async def scenario() -> None:
        async with store.hear(seen.append):
            await store.write(work)
            assert seen[0] == "bell"

    run(scenario())


def test_no_bell_rings_for_what_was_undone(store: Store) -> None:
    seen: list[str] = []

    async def work(tx: Tx) -> None:
        tx.ring("bell")
        raise RuntimeError("after all")

    async def scenario() -> None:
        async with store.hear(seen.append):
            with pytest.raises(RuntimeError):
                await store.write(work)
            await store.write(keeping("cus_1"))

    run(scenario())

    assert seen == []
