"""The first walk of an account is written page by page, in little memory and in short writes."""

import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

import anyio
import pytest

from linkspan.server.connectors.failures import InstitutionUnavailable, ListChanged
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import settle_page
from linkspan.server.core.scope import Scope
from linkspan.server.operations import first_walks
from linkspan.server.operations.ledger_writes import Lease, Subject, moves_of
from linkspan.server.operations.walks import Origin, Page
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.sqlite import SqliteStore, open_store
from tests.conftest import Tally
from tests.histories import NOON, held, posted
from tests.link.stage import Stage, set_up
from tests.link.turning import turn_for

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=False)
REFRESH: Final = Refresh("fca_1", "transactions")
PAGE: Final = 100
# One write takes a few milliseconds; a shared runner stalls for longer. `make bench` measures it.
LONGEST_SECONDS: Final = 10.0


async def begun(stage: Stage) -> tuple[Subject, Lease]:
    origin = Origin(
        scope=OURS,
        authorization="fcauth_1",
        account="fca_1",
        source_id="a-1",
        currency="usd",
        is_daily=False,
    )
    subject = Subject(origin=origin, refresh="fctxnref_1")
    turn = await turn_for(stage, OURS, REFRESH)
    return subject, Lease(stage.context, turn, subject)


async def pages_of(*pages: Sequence[FoundTransaction], then: Exception | None = None) -> AsyncIterator[Page]:
    for page in pages:
        yield tuple(page)
    if then is not None:
        raise then


async def walk(stage: Stage, *pages: Sequence[FoundTransaction], then: Exception | None = None) -> None:
    subject, lease = await begun(stage)
    try:
        await first_walks._take(stage.context, subject, lease, pages_of(*pages, then=then))
    finally:
        await stage.store.write(lambda tx: refresh_rows.remove(tx, OURS, REFRESH))


async def states(stage: Stage) -> Counter[str]:
    return Counter(status for (status,) in await stage.rows("SELECT status FROM transactions"))


def busy_account(rows: int) -> list[FoundTransaction]:
    """Many rows, a tenth of them held, newest first."""
    return [
        held(f"h{n}", amount=-n - 1, transacted_at=NOON - n * 150)
        if n % 10 == 0
        else posted(f"p{n}", amount=-n - 1, transacted_at=NOON - n * 150, replaces_source_id=f"a{n}")
        for n in range(rows)
    ]


async def streamed(rows: int) -> AsyncIterator[Page]:
    """The same, made as it is asked for."""
    for first in range(0, rows, PAGE):
        yield tuple(
            posted(f"p{n}", amount=-n - 1, transacted_at=NOON - n * 150, replaces_source_id=f"a{n}")
            for n in range(first, min(first + PAGE, rows))
        )


@pytest.mark.parametrize("page", [1, 99, 1_000])
async def test_every_row_is_written_once_however_long_the_pages_are(stage: Stage, page: int) -> None:
    rows = busy_account(400)

    await walk(stage, *(rows[first : first + page] for first in range(0, len(rows), page)))

    assert await states(stage) == {"pending": 40, "posted": 360}


async def test_a_row_that_moved_to_another_page_meanwhile_is_one(stage: Stage) -> None:
    rows = busy_account(300)

    await walk(stage, rows[:100], rows[95:200], rows[200:], rows[290:])

    assert await states(stage) == {"pending": 30, "posted": 270}


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_hold_and_its_posting_on_two_pages_are_one(stage: Stage, *, is_first: bool) -> None:
    hold, posting = held("h1"), posted("p1", replaces_source_id="h1")
    twin = held("h2")

    await walk(stage, *([hold, twin], [posting]) if is_first else ([posting], [hold, twin]))

    assert await states(stage) == {"posted": 1, "pending": 1}


async def test_a_reversal_and_what_it_reverses_are_two_whichever_comes_first(stage: Stage) -> None:
    await walk(stage, [posted("r1", amount=1250, replaces_source_id="p1")], [posted("p1")])

    assert await states(stage) == {"posted": 2}


async def test_a_walk_that_begins_anew_leaves_nothing_of_the_one_before(stage: Stage) -> None:
    with pytest.raises(ListChanged):
        await walk(stage, busy_account(1_200), then=ListChanged("the key is one no more"))

    await walk(stage, [held("h5"), posted("p7")])

    assert await states(stage) == {"pending": 1, "posted": 1}


async def test_a_walk_that_breaks_off_is_begun_anew_by_the_next_refresh(stage: Stage) -> None:
    with pytest.raises(InstitutionUnavailable):
        await walk(stage, [held("h1"), held("h2")], then=InstitutionUnavailable("nobody is there"))

    await walk(stage, [posted("p1"), posted("p2")])

    assert await states(stage) == {"posted": 2}


async def peak_of(stage: Stage, rows: int) -> int:
    """The most memory that a walk of so many rows held at a time, in bytes."""
    subject, lease = await begun(stage)
    tracemalloc.start()
    await first_walks._take(stage.context, subject, lease, streamed(rows))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await stage.store.write(lambda tx: refresh_rows.remove(tx, OURS, REFRESH))
    return peak


async def test_a_walk_five_times_as_long_takes_no_more_memory(stage: Stage, tally: Tally) -> None:
    short = await peak_of(stage, 1_000)
    long = await peak_of(stage, 5_000)

    tally("first walk, kB at most", of_1_000=short // 1_000, of_5_000=long // 1_000)
    assert long < short * 1.2


async def test_where_writes_take_long_fewer_rows_are_written_at_once(stage: Stage) -> None:
    subject, lease = await begun(stage)
    commits, seconds = 0, 1.0

    def committed(_took: float) -> None:
        nonlocal commits
        commits += 1
        stage.hands.seconds += seconds

    stage.store.time_commits(stage.hands.now, committed)

    async def commits_of(rows: int) -> int:
        moves = list(moves_of(stage.context, subject, settle_page((), busy_account(rows))))
        before = commits
        await lease.make(moves)
        return commits - before

    # 100, 50, 25, 12, then ten at a time while each takes a second.
    assert await commits_of(187 + 50) == 4 + 5
    seconds = 0.0
    # 10, 20, 40, 80, then a hundred again.
    assert await commits_of(150 + 300) == 4 + 3


@pytest.fixture
async def disk(shared_database: str | None, tmp_path: Path) -> AsyncIterator[Stage]:
    """A server whose database is on disk, as that of one that serves."""
    store = open_store(str(tmp_path / "linkspan.db")) if shared_database is None else None
    made = set_up(store or PostgresStore(str(shared_database)))
    yield made
    await made.store.aclose()


def watch_the_lock(store: SqliteStore) -> list[float]:
    """How long each transaction had written until it was committed."""
    spans: list[float] = []
    begun_at = 0.0

    def trace(statement: str) -> None:
        nonlocal begun_at
        if statement == "BEGIN IMMEDIATE":
            begun_at = perf_counter()
        elif statement == "COMMIT":
            spans.append(perf_counter() - begun_at)

    store.writer.set_trace_callback(trace)
    return spans


async def test_other_writers_wait_for_a_few_rows_only(disk: Stage, tally: Tally) -> None:
    longest, is_over = 0.0, False
    spans = watch_the_lock(disk.store) if isinstance(disk.store, SqliteStore) else []

    async def somebody_else() -> None:
        nonlocal longest
        while not is_over:
            begun_at = perf_counter()
            await disk.api("POST", "customers", [("name", "Robin Park")])
            longest = max(longest, perf_counter() - begun_at)

    async with anyio.create_task_group() as group:
        group.start_soon(somebody_else)
        subject, lease = await begun(disk)
        await first_walks._take(disk.context, subject, lease, streamed(3_000))
        is_over = True

    (customers,) = (await disk.rows("SELECT count(*) FROM customers"))[0]
    tally(
        f"first walk beside other writes, {type(disk.store).__name__}",
        customers=customers,
        longest_ms=int(longest * 1_000),
        longest_lock_ms=int(max(spans, default=0.0) * 1_000),
    )
    assert customers > 10
    assert max(longest, *spans, 0.0) < LONGEST_SECONDS
