"""Whoever reads events from the last one they saw misses none, however late it was committed (R17)."""

import asyncio
import random
import sqlite3
from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import sleep
from typing import Final, TypeVar

import msgspec

from linkspan.server.api.versions import downgrade_answer
from linkspan.server.core.ids import new_id
from linkspan.server.core.world import World
from linkspan.server.operations import event_log
from linkspan.server.operations.pages import Between, Paging
from linkspan.server.store import events
from linkspan.server.store.driver import Store, Tx
from linkspan.server.store.events import Written
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.store.conftest import OURS, run

T = TypeVar("T")
WRITERS: Final = 16
EACH: Final = 10
# Together far below what a writer waits for the one lock of SQLite, also on a busy machine.
DELAY_SECONDS_MAX: Final = 0.002
# Processes' clocks differ by this much, and their ids with them.
SKEW_SECONDS: Final = 1.0

Pause = Callable[[Tx, float], Awaitable[None]]


def _doc(event_id: str) -> Written:
    return Written(msgspec.json.encode({"id": event_id, "pending_webhooks": 0}), None, None)


async def record(tx: Tx, event_id: str) -> None:
    await events.insert(
        tx, OURS, event_id, "customer.created", _doc(event_id), about="cus_1", created=1, is_listed=True
    )


async def patiently(store: Store, work: Callable[[Tx], Awaitable[T]]) -> T:
    """Write, again where sixteen threads on a busy machine let one wait too long for SQLite's lock."""
    while True:
        try:
            return await store.write(work)
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise


async def write(store: Store, number: int, pause: Pause) -> list[str]:
    """Be one process that records events, each some time before it is committed."""
    dice = random.Random(number)
    skew = dice.uniform(-SKEW_SECONDS, SKEW_SECONDS)
    ticks = iter(range(EACH))
    world = World(lambda: 1_790_000_000 + skew + next(ticks) / 100, dice.randbytes)
    written = [new_id("evt", world) for _ in range(EACH)]

    async def slowly(tx: Tx, event_id: str) -> None:
        await record(tx, event_id)
        await pause(tx, dice.uniform(0, DELAY_SECONDS_MAX))

    for event_id in written:
        await patiently(store, partial(slowly, event_id=event_id))
    return written


async def read_on(store: Store, seen: list[str]) -> None:
    """See what came after the last event that was seen, as a program does that polls."""
    has_more = True
    while has_more:
        page = await patiently(
            store,
            partial(
                event_log.list_,
                scope=OURS,
                created=Between(),
                paging=Paging(limit=10, ending_before=seen[0]),
                in_version=downgrade_answer,
            ),
        )
        seen[:0] = [msgspec.json.decode(doc)["id"] for doc in page.docs]
        has_more = page.has_more


async def read_while(store: Store, writing: Sequence[Future[list[str]]]) -> list[str]:
    """Return what a reader saw that began before the writers and went on until they had ended."""
    seen = ["evt_0"]
    await patiently(store, partial(record, event_id=seen[0]))
    while not all(writer.done() for writer in writing):
        await read_on(store, seen)
        await asyncio.sleep(0)
    await read_on(store, seen)
    return seen[:-1]


def in_the_order_of_ids(seen: list[str]) -> list[str]:
    """What a reader would have seen that went by ids, and so had missed some."""
    return sorted(seen, reverse=True)


def test_no_commit_is_missed_on_postgres(empty_postgres: str) -> None:
    seen, written = run(on_postgres(empty_postgres))

    assert sorted(seen) == sorted(written)
    assert seen != in_the_order_of_ids(seen)


async def on_postgres(url: str) -> tuple[list[str], list[str]]:
    """Return what a reader saw, and what four servers' writers wrote."""

    async def pause(tx: Tx, seconds: float) -> None:
        await tx.one("SELECT 1 FROM pg_sleep(:microseconds / 1e6)", {"microseconds": int(seconds * 1e6)})

    stores = [PostgresStore(url) for _ in range(4)]
    writing = [asyncio.ensure_future(write(stores[number % 4], number, pause)) for number in range(WRITERS)]

    seen = await read_while(stores[0], writing)

    for store in stores:
        await store.aclose()
    return seen, [event_id for writer in writing for event_id in writer.result()]


def test_no_commit_is_missed_on_sqlite(path: Path) -> None:
    seen, written = run(on_sqlite(path))

    assert sorted(seen) == sorted(written)
    assert seen != in_the_order_of_ids(seen)


async def on_sqlite(path: Path) -> tuple[list[str], list[str]]:
    """Return what a reader saw, and what sixteen processes wrote."""

    async def pause(_tx: Tx, seconds: float) -> None:
        sleep(seconds)  # noqa: ASYNC251 - a process that holds the one lock there is

    def process(number: int) -> list[str]:
        store = open_store(str(path))
        written = asyncio.run(write(store, number, pause))
        store.close()
        return written

    store = open_store(str(path))
    with ThreadPoolExecutor(WRITERS) as pool:
        loop = asyncio.get_running_loop()
        writing = [loop.run_in_executor(pool, process, number) for number in range(WRITERS)]
        seen = await read_while(store, writing)

    store.close()
    return seen, [event_id for writer in writing for event_id in writer.result()]
