"""The ledger in a database is the ledger of the rules, however its rows are cut up."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkspan.objects import Transaction, decode_as
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.scope import Scope
from linkspan.server.operations import ledger, ledger_writes
from linkspan.server.operations.ledger_writes import Lease, Subject
from linkspan.server.operations.walks import Origin, Page
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.transactions import Only
from tests.histories import DAY, NOON, Telling, contents, expected, held, posted, tellings
from tests.link.stage import Stage
from tests.link.turning import turn_for

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=False)
SINCE: Final = NOON - 45 * DAY


async def pages_of(rows: list[FoundTransaction]) -> AsyncIterator[Page]:
    """The rows of a walk, three a page."""
    for first in range(0, len(rows), 3):
        yield tuple(rows[first : first + 3])


async def walk(stage: Stage, account: str, rows: list[FoundTransaction], *, since: int = SINCE) -> None:
    """Settle one walk as a refresh does."""
    refresh = Refresh(account, "transactions")
    origin = Origin(
        scope=OURS,
        authorization="fcauth_1",
        account=account,
        source_id="a-1",
        currency="usd",
        is_daily=False,
    )
    subject = Subject(origin=origin, refresh="fctxnref_1")
    turn = await turn_for(stage, OURS, refresh)
    lease = Lease(stage.context, turn, subject)
    news = await ledger.news_of(stage.context, subject, pages_of(rows))
    await ledger.settle_walk(stage.context, subject, lease, news, since=since)
    await stage.store.write(lambda tx: refresh_rows.remove(tx, OURS, refresh))


async def told(stage: Stage, account: str) -> list[Transaction]:
    docs = await stage.store.read(
        lambda tx: transaction_rows.page(tx, OURS, Only(account=account), limit=1_000)
    )
    return [decode_as(doc, Transaction) for doc in docs]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=tellings(), rows_at_once=st.integers(1, 4))
async def test_a_history_in_any_pieces_order_and_repetition_is_one_ledger(
    stage: Stage, history: Telling, rows_at_once: int
) -> None:
    stage.hands.drawn += 1
    account = f"fca_{stage.hands.drawn}"
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(ledger, "_ROWS_A_READ", rows_at_once)
        cut.setattr(ledger, "_NAMES_A_READ", rows_at_once)
        cut.setattr(ledger_writes, "ROWS_A_WRITE", rows_at_once)
        for _, rows in history.walks:
            await walk(stage, account, rows)

    assert contents(await told(stage, account)) == expected(history.made, history.looks)


async def test_a_posting_finds_a_hold_older_than_the_time_walked(stage: Stage) -> None:
    await walk(stage, "fca_1", [held("h1"), held("h2")])

    late = posted("p1", replaces_source_id="h1", transacted_at=NOON + 9 * DAY)
    await walk(stage, "fca_1", [late, posted("h2")], since=NOON + 5 * DAY)

    assert [row.status for row in await told(stage, "fca_1")] == ["posted", "posted"]


async def test_accounts_keep_their_rows_apart(stage: Stage) -> None:
    await walk(stage, "fca_1", [held("h1")])
    await walk(stage, "fca_2", [posted("p1", replaces_source_id="h1"), posted("h1", amount=-1)])

    assert [row.status for row in await told(stage, "fca_1")] == ["pending"]
    assert [row.status for row in await told(stage, "fca_2")] == ["posted", "posted"]
