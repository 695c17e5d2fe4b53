"""Whoever reads events from the last one they saw misses none, however late it was committed (R17)."""

import asyncio
import random
import sqlite3
from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import sleep
from typing import Final, TypeVar

import msgspec
import pytest

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
from tests.conftest import Tally
from tests.store.conftest import OURS, run

T = TypeVar("T")
WRITERS: Final = 16
EACH: Final = 1_250
IN_ONE_COMMIT: Final = 5
# Together far below what a writer waits for the one lock of SQLite, also on a busy machine.
DELAY_SECONDS_MAX: Final = 0.0005
# A reader begins anew after so many looks, and knows nothing but the last event it saw.
LOOKS_OF_ONE_READER: Final = 3
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

    async def slowly(tx: Tx, some: Sequence[str]) -> None:
        for event_id in some:
            await record(tx, event_id)
        await pause(tx, dice.uniform(0, DELAY_SECONDS_MAX))

    for first in range(0, EACH, IN_ONE_COMMIT):
        await patiently(store, partial(slowly, some=written[first : first + IN_ONE_COMMIT]))
    return written


async def read_on(store: Store, seen: list[str]) -> bool:
    """See a page of what came after the last event that was seen; tell whether more follows."""
    page = await patiently(
        store,
        partial(
            event_log.list_,
            scope=OURS,
            created=Between(),
            paging=Paging(limit=100, ending_before=seen[0]),
            in_version=downgrade_answer,
        ),
    )
    seen[:0] = [msgspec.json.decode(doc)["id"] for doc in page.docs]
    return page.has_more


async def read_while(
    opened: Callable[[], Store], writing: Sequence[Future[list[str]]]
) -> tuple[list[str], int]:
    """Return what readers saw, one after the other, from before the writers until they had ended."""
    seen, readers, store = ["evt_0"], 1, opened()
    await patiently(store, partial(record, event_id=seen[0]))
    while not all(writer.done() for writer in writing):
        for _ in range(LOOKS_OF_ONE_READER):
            await read_on(store, seen)
            await asyncio.sleep(0)
        await store.aclose()
        readers, store = readers + 1, opened()
    while await read_on(store, seen):
        pass
    await store.aclose()
    return seen[:-1], readers


def in_the_order_of_ids(seen: list[str]) -> list[str]:
    """What a reader would have seen that went by ids, and so had missed some."""
    return sorted(seen, reverse=True)


@dataclass(frozen=True)
class Outcome:
    """What readers saw, how many they were, and what was written."""

    seen: list[str]
    readers: int
    written: list[str]


def assert_none_missed(outcome: Outcome, store: str, tally: Tally) -> None:
    missing = set(outcome.written) - set(outcome.seen)
    assert sorted(outcome.seen) == sorted(outcome.written)
    assert outcome.seen != in_the_order_of_ids(outcome.seen)
    tally(
        f"R17 {store}",
        writers=WRITERS,
        events=len(outcome.written),
        readers=outcome.readers,
        missing=len(missing),
    )


@pytest.mark.timeout(240)
def test_no_commit_is_missed_on_postgres(empty_postgres: str, tally: Tally) -> None:
    assert_none_missed(run(on_postgres(empty_postgres)), "PostgreSQL", tally)


async def on_postgres(url: str) -> Outcome:
    """Return what readers saw, and what four servers' writers wrote."""

    async def pause(tx: Tx, seconds: float) -> None:
        await tx.one("SELECT 1 FROM pg_sleep(:microseconds / 1e6)", {"microseconds": int(seconds * 1e6)})

    stores = [PostgresStore(url) for _ in range(4)]
    writing = [asyncio.ensure_future(write(stores[number % 4], number, pause)) for number in range(WRITERS)]

    seen, readers = await read_while(lambda: PostgresStore(url), writing)

    for store in stores:
        await store.aclose()
    return Outcome(seen, readers, [event_id for writer in writing for event_id in writer.result()])


@pytest.mark.timeout(240)
def test_no_commit_is_missed_on_sqlite(path: Path, tally: Tally) -> None:
    assert_none_missed(run(on_sqlite(path)), "SQLite", tally)


async def on_sqlite(path: Path) -> Outcome:
    """Return what readers saw, and what sixteen processes wrote."""

    async def pause(_tx: Tx, seconds: float) -> None:
        sleep(seconds)  # noqa: ASYNC251 - a process that holds the one lock there is

    def process(number: int) -> list[str]:
        store = open_store(str(path))
        written = asyncio.run(write(store, number, pause))
        store.close()
        return written

    open_store(str(path)).close()
    with ThreadPoolExecutor(WRITERS) as pool:
        loop = asyncio.get_running_loop()
        writing = [loop.run_in_executor(pool, process, number) for number in range(WRITERS)]
        seen, readers = await read_while(lambda: open_store(str(path)), writing)

    return Outcome(seen, readers, [event_id for writer in writing for event_id in writer.result()])
