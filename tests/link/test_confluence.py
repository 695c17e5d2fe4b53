"""Whatever a bank does to its history, in whatever pieces, the ledger says what truly happened."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

import pytest

from linkspan.objects import Transaction, decode_as
from linkspan.server.connectors.failures import InstitutionUnavailable
from linkspan.server.core.scope import Scope
from linkspan.server.operations import first_walks, ledger
from linkspan.server.operations.ledger_writes import Lease, Subject
from linkspan.server.operations.walks import Origin, Page
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.transactions import Only
from tests.conftest import Tally
from tests.histories import DAY, NOON, contents
from tests.link.stage import Stage
from tests.link.turning import turn_for
from tests.nasty import KINDS, Answer, History, history

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=False)
SINCE: Final = NOON - 45 * DAY
# Five hundred histories on each store, a share in each test so that none takes a minute.
SHARES: Final = 10
A_SHARE: Final = 50


async def pages_of(answer: Answer) -> AsyncIterator[Page]:
    for page in answer.pages:
        yield page
    if answer.is_broken:
        raise InstitutionUnavailable("the bank went away")


async def told(stage: Stage, account: str, answer: Answer, *, is_first: bool) -> bool:
    """Let a refresh take one walk; tell whether it succeeded."""
    refresh = Refresh(account, "transactions")
    origin = Origin(
        scope=OURS, authorization="fcauth_1", account=account, source_id="a", currency="usd", is_daily=False
    )
    subject = Subject(origin=origin, refresh="fctxnref_1")
    lease = Lease(stage.context, await turn_for(stage, OURS, refresh), subject)
    try:
        if is_first:
            await first_walks._take(stage.context, subject, lease, pages_of(answer))
        else:
            news = await ledger.news_of(stage.context, subject, pages_of(answer))
            await ledger.settle_walk(stage.context, subject, lease, news, since=SINCE)
    except InstitutionUnavailable:
        return False
    finally:
        await stage.store.write(lambda tx: refresh_rows.remove(tx, OURS, refresh))
    return True


async def rows_of(stage: Stage, account: str) -> dict[str, Transaction]:
    docs = await stage.store.read(
        lambda tx: transaction_rows.page(tx, OURS, Only(account=account), limit=1_000)
    )
    rows = [decode_as(doc, Transaction) for doc in docs]
    return {row.id: row for row in rows}


async def live(stage: Stage, account: str, made: History) -> Counter[str]:
    """Tell a whole history; return what went wrong on the way, none of which may."""
    wrong: Counter[str] = Counter()
    before: dict[str, Transaction] = {}
    has_succeeded = False
    for answer in made.answers:
        is_first = not has_succeeded
        succeeded = await told(stage, account, answer, is_first=is_first)
        now = await rows_of(stage, account)
        if has_succeeded:
            wrong["deleted"] += len(before.keys() - now.keys())
            wrong["unposted"] += sum(
                row.status == "posted" and now[known].status != "posted" for known, row in before.items()
            )
            if not succeeded or not answer.pages:
                wrong["changed by nothing"] += before != now
        has_succeeded = has_succeeded or succeeded
        before = now
    return +wrong


@pytest.mark.timeout(300)
@pytest.mark.parametrize("share", range(SHARES))
async def test_a_history_told_in_any_pieces_order_and_repetition_is_what_happened(
    stage: Stage, shared_database: str | None, share: int, tally: Tally
) -> None:
    walks: Counter[str] = Counter()
    differing, wrong, rows = [], Counter[str](), 0
    for seed in range(share * A_SHARE, (share + 1) * A_SHARE):
        made = history(seed)
        account = f"fca_{seed}"
        wrong += await live(stage, account, made)
        ends = contents((await rows_of(stage, account)).values())
        rows += ends.total()
        walks += made.told
        if ends != made.expected():
            differing.append(seed)

    where = "SQLite" if shared_database is None else "PostgreSQL"
    tally(
        f"R36 {where} {share}",
        histories=A_SHARE,
        walks=walks.total(),
        broken=walks["broken off"],
        empty=walks["empty"],
        rows=rows,
        differing=len(differing),
        violations=wrong.total(),
    )
    assert (differing, wrong) == ([], {})


def test_the_histories_do_all_that_banks_were_seen_to_do() -> None:
    made = [history(seed) for seed in range(SHARES * A_SHARE)]

    kinds = Counter(each.kind for one in made for each in one.movements)
    twins = sum(
        count > 1
        for one in made
        for count in Counter((each.amount, each.text, each.at) for each in one.movements).values()
    )
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) > 300
    assert twins > 500
    assert sum(any(each.reissued < 7 for each in one.movements) for one in made) > 100
