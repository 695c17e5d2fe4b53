"""Walks after the first hold what is news, and next to nothing of what is known."""

import tracemalloc
from collections.abc import AsyncIterator
from typing import Final

import pytest

from linkspan.server.connectors.failures import InstitutionUnavailable
from linkspan.server.core.scope import Scope
from linkspan.server.operations import first_walks, ledger
from linkspan.server.operations.ledger_writes import Lease, Subject
from linkspan.server.operations.walks import Origin, Page
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store.refreshes import Refresh
from tests.conftest import Tally
from tests.histories import DAY, NOON, held, posted
from tests.link.stage import Stage
from tests.link.test_first_walks import streamed
from tests.link.turning import turn_for

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=False)
SINCE: Final = NOON - 45 * DAY
# What no page of `streamed` shows.
NEW: Final = (posted("new", amount=-99, transacted_at=NOON), held("pending", amount=-98))


async def begun(stage: Stage, account: str) -> tuple[Subject, Lease]:
    origin = Origin(
        scope=OURS, authorization="fcauth_1", account=account, source_id="a", currency="usd", is_daily=False
    )
    subject = Subject(origin=origin, refresh="fctxnref_1")
    turn = await turn_for(stage, OURS, Refresh(account, "transactions"))
    return subject, Lease(stage.context, turn, subject)


async def pages(rows: int, *, is_broken: bool = False) -> AsyncIterator[Page]:
    """All that an account showed when it was first walked, and two rows more."""
    async for page in streamed(rows):
        yield page
    if is_broken:
        raise InstitutionUnavailable("the bank went away")
    yield NEW


async def filled(stage: Stage, account: str, rows: int) -> Subject:
    subject, lease = await begun(stage, account)
    await first_walks._take(stage.context, subject, lease, streamed(rows))
    await stage.store.write(lambda tx: refresh_rows.remove(tx, OURS, Refresh(account, "transactions")))
    return subject


async def peak_of(stage: Stage, rows: int) -> int:
    """The most memory that a walk of so many known rows held at a time, in bytes."""
    account = f"fca_{rows}"
    await filled(stage, account, rows)
    subject, lease = await begun(stage, account)
    tracemalloc.start()
    news = await ledger.news_of(stage.context, subject, pages(rows))
    await ledger.settle_walk(stage.context, subject, lease, news, since=SINCE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(await rows_of(stage, account)) == rows + len(NEW)
    return peak


async def rows_of(stage: Stage, account: str) -> list[tuple[str, str]]:
    found = await stage.rows("SELECT account, source_id, doc FROM transactions ORDER BY id")
    return [(source_id, doc) for of, source_id, doc in found if of == account]


async def test_a_walk_twice_as_long_takes_hardly_more_memory(stage: Stage, tally: Tally) -> None:
    short = await peak_of(stage, 2_500)
    long = await peak_of(stage, 5_000)

    tally("later walk, kB at most", of_2_500=short // 1_000, of_5_000=long // 1_000)
    # Marks, of rows and of their links; a row and its entry take a hundred times that.
    assert long - short < 2_500 * 20


async def test_a_walk_that_breaks_off_changes_nothing(stage: Stage) -> None:
    subject = await filled(stage, "fca_1", 300)
    before = await rows_of(stage, "fca_1")

    with pytest.raises(InstitutionUnavailable):
        await ledger.news_of(stage.context, subject, pages(300, is_broken=True))

    assert await rows_of(stage, "fca_1") == before
