"""Walks through 100,000 rows, a thousand of them a second, while others write and delete (R12)."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import msgspec
import pytest

from linkspan.objects import encode
from linkspan.server.core.ids import new_id
from linkspan.server.core.scope import Scope
from linkspan.server.core.world import World
from linkspan.server.store import customers as customer_rows
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.postgres import PostgresStore
from tests.api import test_walks
from tests.api.conftest import NOON, Server, done, make_server
from tests.api.test_walks import page
from tests.conftest import Tally

SECONDS: Final = 100
IN_A_SECOND: Final = 1_000
WALKS: Final = 60
# These walk from one end to the other, a hundred rows at a time; the rest so many pages.
WHOLE: Final = 2
PAGES: Final = 40
AT_ONCE: Final = 4
WRITERS: Final = 4
# What a writer leaves of its own rows before it takes one away for each that it adds.
KEPT: Final = 40
IN_ONE_COMMIT: Final = 5
# So much all writers may be ahead of the walks, or a walk on a busy machine had ever more before it.
WRITTEN_PER_PAGE: Final = 3


class Crowd(test_walks.Rows, Protocol):
    """A list of the API that is filled faster than by its own statements."""

    removed: set[str]

    async def fill(self, second: int) -> list[str]:
        """Keep a thousand rows of one second; return their ids."""


@dataclass
class Customers(test_walks.Customers):
    """Customers, a thousand made in one microsecond; whoever is deleted is gone from the list."""

    async def add(self, times: Sequence[int]) -> list[str]:
        scope, ids = self.server.scope(self.key), [self._id(time) for time in times]

        async def insert(tx: Tx) -> None:
            for one in ids:
                await customer_rows.insert(tx, scope, one, msgspec.json.encode({"id": one}))

        await self.server.store.write(insert)
        return ids

    async def fill(self, second: int) -> list[str]:
        ids = [self._id(second) for _ in range(IN_A_SECOND)]
        await insert_many(
            self.server,
            self.server.scope(self.key),
            "INSERT INTO customers (tenant, livemode, id, doc)",
            "(:tenant, :livemode, :id_#, :doc_#)",
            [{"id": one, "doc": msgspec.json.encode({"id": one})} for one in ids],
        )
        return ids

    def _id(self, second: int) -> str:
        return new_id("cus", World(lambda: NOON + second, self.server.context.world.random_bytes))


@dataclass
class Ledger(test_walks.Ledger):
    """The transactions of an account, which nothing takes away."""

    removed: set[str] = field(default_factory=set)

    async def fill(self, second: int) -> list[str]:
        told = [self._entry(int(NOON) + second).transaction for _ in range(IN_A_SECOND)]
        self.times.update((one.id, one.transacted_at) for one in told)
        await insert_many(
            self.server,
            self.server.scope(self.key),
            "INSERT INTO transactions"
            " (tenant, livemode, id, account, status, transacted_at, refresh, source_id, doc)",
            "(:tenant, :livemode, :id_#, :account, 'pending', :transacted_at, :refresh, :id_#, :doc_#)",
            [{"id": one.id, "doc": encode(one)} for one in told],
            account=self.account,
            transacted_at=int(NOON) + second,
            refresh=told[0].transaction_refresh,
        )
        return [one.id for one in told]


async def insert_many(
    server: Server,
    scope: Scope,
    into: str,
    row: str,
    each: Sequence[Mapping[str, Value]],
    **shared: Value,
) -> None:
    """Insert rows with one statement; in *row* a ``#`` ends the names of what each has of its own."""
    words = [f"{number}".translate(str.maketrans("0123456789", "abcdefghij")) for number in range(len(each))]
    statement = f"{into} VALUES {', '.join(row.replace('#', word) for word in words)}"
    values = {**within(scope), **shared}
    for word, own in zip(words, each, strict=True):
        values |= {f"{name}_{word}": value for name, value in own.items()}
    await server.store.write(lambda tx: tx.run(statement, values))


@dataclass(frozen=True)
class Plan:
    """One walk: how many rows at a time, which way, behind which row that stays, how far."""

    limit: int
    way: str
    begun_after: int | None
    """The place of the row, as the walk counts them; none is where the list begins."""
    is_to_the_end: bool


def plans(chance: random.Random) -> list[Plan]:
    """Every walk: limits from 1 to 100, both ways, one in two through to the end."""
    made = []
    for number in range(WALKS):
        way = ("starting_after", "ending_before")[number % 2]
        if number < WHOLE:
            # Only a cursor makes a walk go up, so the lowest row is not walked but known.
            begun_after = None if way == "starting_after" else 0
            made.append(Plan(100, way, begun_after, is_to_the_end=True))
            continue
        limit = 1 + (number - WHOLE) * 99 // (WALKS - WHOLE - 1)
        rows, length = SECONDS * IN_A_SECOND, limit * PAGES
        is_to_the_end = number % 4 > 1
        begun_after = rows - length * 2 // 3 - 1 if is_to_the_end else chance.randrange(rows - length * 2)
        made.append(Plan(limit, way, begun_after, is_to_the_end))
    return made


@dataclass
class Done:
    """What walks and writers did."""

    pages: int = 0
    staying: int = 0
    passing: int = 0
    repeated: int = 0
    to_the_end: int = 0
    written: int = 0


async def walk(rows: Crowd, stay: Sequence[str], plan: Plan, tried: Done) -> None:
    """Walk as planned; each page must bring the rows that stay, in their order, and nothing again.

    *stay* is every row that stays, in the order walked. Others come and go between its
    first and its last, so more follows exactly until the last is shown.
    """
    at = 0 if plan.begun_after is None else plan.begun_after + 1
    seen = [] if plan.begun_after is None else [stay[plan.begun_after]]
    staying, more, pages = set(stay), True, 0
    while more and (pages < PAGES or plan.is_to_the_end):
        found, more = await page(rows, plan.limit, plan.way, seen[-1] if seen else None)
        pages += 1
        found = found if plan.way == "starting_after" else found[::-1]
        kept = [row for row in found if row in staying]
        assert kept == list(stay[at : at + len(kept)])
        assert more is (found[-1] != stay[-1])
        assert len(found) == plan.limit or not more
        at += len(kept)
        seen += found
        tried.pages += 1
        tried.staying, tried.passing = tried.staying + len(kept), tried.passing + len(found) - len(kept)
        # Rows in a file are read without waiting: without a pause nobody would write meanwhile.
        await asyncio.sleep(0)
    assert more is not plan.is_to_the_end
    assert seen == sorted(seen, key=rows.place, reverse=plan.way == "starting_after")
    tried.repeated += len(seen) - len(set(seen))
    tried.to_the_end += not more


async def churn(rows: Crowd, chance: random.Random, over: asyncio.Event, tried: Done) -> None:
    """Write rows between the first second and the last, and delete them, until the walks are over."""
    mine: list[str] = []
    while not over.is_set():
        if tried.written > tried.pages * WRITTEN_PER_PAGE:
            await asyncio.sleep(0.001)
            continue
        mine += await rows.add([chance.randrange(1, SECONDS - 1) for _ in range(IN_ONE_COMMIT)])
        tried.written += IN_ONE_COMMIT
        while len(mine) > KEPT:
            await rows.remove(mine.pop(chance.randrange(len(mine))))


async def walk_all(rows: Crowd, stay: Sequence[str], chance: random.Random) -> Done:
    """Walk four at once beside four writers."""
    tried, over = Done(), asyncio.Event()
    ways = {"starting_after": stay, "ending_before": stay[::-1]}
    waiting = iter(plans(chance))

    async def walker() -> None:
        for plan in waiting:
            await walk(rows, ways[plan.way], plan, tried)

    async with asyncio.TaskGroup() as tasks:
        for number in range(WRITERS):
            tasks.create_task(churn(rows, random.Random(number), over, tried))
        async with asyncio.TaskGroup() as walkers:
            for _ in range(AT_ONCE):
                walkers.create_task(walker())
        over.set()
    return tried


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def crowded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server whose rows are in a file or in PostgreSQL, and which."""
    if request.param == "SQLite":
        made = make_server(tmp_path / "linkspan.db")
    else:
        made = make_server(store=PostgresStore(request.getfixturevalue("empty_postgres")))
    yield made, request.param
    done(made.store.aclose())


async def fill(rows: Crowd) -> list[str]:
    """Keep every row that stays; return their ids, newest first."""
    made = [one for second in range(SECONDS) for one in await rows.fill(second)]
    return sorted(made, key=rows.place, reverse=True)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", [Customers, Ledger])
def test_long_walks_meet_what_stays_once_while_others_write(
    crowded: tuple[Server, str], kind: Callable[[Server], Crowd], tally: Tally
) -> None:
    server, store = crowded
    rows = kind(server)
    stay = done(fill(rows))

    tried = done(walk_all(rows, stay, random.Random(12)))

    assert tried.passing > 0
    assert tried.repeated == 0
    tally(
        f"R12 {store}, {kind.__name__.lower()}",
        rows=len(stay),
        walks=WALKS,
        to_the_end=tried.to_the_end,
        pages=tried.pages,
        met=tried.staying,
        written=tried.written,
        deleted=len(rows.removed),
        met_in_passing=tried.passing,
        repeated=tried.repeated,
    )
