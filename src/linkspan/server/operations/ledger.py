"""Brings the ledger of an account up to date with what its bank shows.

The bank is walked to the end with no transaction open; only then is anything
written, so a walk that breaks off changes nothing. Of what it shows only what is
news is held until then (`core.news`). What is written is written a
few rows at a time, so that no other write waits long for it. Each row's
move is whole in itself (a hold posts in one statement, and no row depends on
another), so a list read in between shows some rows as they were and some as
they are, never one twice nor one not at all. Holds are voided last: money does
not seem to come back before what it became is there.

The first walk of an account, the longest, is written as it comes (`first_walks`).
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from linkspan.server.core.days import day_of
from linkspan.server.core.ledger import EDGE_SECONDS, REACH_SECONDS, Entry
from linkspan.server.core.news import News
from linkspan.server.operations import first_walks
from linkspan.server.operations.context import Context
from linkspan.server.operations.ledger_writes import Lease, Subject, moves_of
from linkspan.server.operations.walks import LOOKBACK_DAYS, Days, Page, walk
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.transactions import Spot
from linkspan.server.store.turns import Turn

# Banks have been seen to post a month and a half late; later walks look back
# this far behind the last one, and as far as the oldest hold.
_OVERLAP_DAYS: Final = 45

# Bound how long one read holds up the event loop: rows in a row, and rows by their names.
_ROWS_A_READ: Final = 1_000
_NAMES_A_READ: Final = 100


async def bring_up_to_date(context: Context, turn: Turn, subject: Subject) -> bool:
    """Walk the bank and write down what it shows; nothing of it is shown when the walk fails.

    False when there is no bank to walk. Raises `TakenAway`, or a
    `ConnectorFailure` of the bank's.
    """
    lease = Lease(context, turn, subject)
    last, days = await lease.write(lambda tx: _window(tx, context, subject))
    if last is None:
        return await first_walks.fill(context, subject, lease, days)
    news = await walk(context, subject.origin, days, partial(news_of, context, subject))
    if news is None:
        return False
    since = int(datetime.combine(days[0], time(), UTC).timestamp()) + EDGE_SECONDS
    await settle_walk(context, subject, lease, news, since=since)
    return True


async def news_of(context: Context, subject: Subject, pages: AsyncIterator[Page]) -> News:
    """Return what a walk shows that is not known as it is, read to its end page by page."""
    news = News()
    async for page in pages:
        # However long a bank makes its pages, what is looked up at a time is bounded.
        for first in range(0, len(page), _NAMES_A_READ):
            rows = page[first : first + _NAMES_A_READ]
            names = [row.source_id for row in rows if row.status == "posted" and row.source_id]
            news.take(rows, (await _named(context, subject, names)).values())
    return news


async def settle_walk(context: Context, subject: Subject, lease: Lease, news: News, *, since: int) -> None:
    """Write down what a complete walk shows of the time *since* then."""
    now = context.world.seconds()
    known = await _known(context, subject, news, since=since, now=now)
    settlement = news.settle(known, since=since, now=now)
    await lease.make(list(moves_of(context, subject, settlement)))


async def _window(tx: Tx, context: Context, subject: Subject) -> tuple[int | None, Days]:
    """Return when a refresh last succeeded, and the first and the last day to ask for.

    Days are those of UTC's calendar: none of a bank in America is later, so none
    is left out there.
    """
    today = day_of(context.world.seconds())
    earliest = today - timedelta(days=LOOKBACK_DAYS)
    last = await transaction_refresh_rows.last_success(tx, subject.scope, subject.account)
    if last is None:
        return None, (earliest, today)
    start = day_of(last) - timedelta(days=_OVERLAP_DAYS)
    held = await transaction_rows.oldest_pending(tx, subject.scope, subject.account)
    if held is not None:
        # One whole day more than its own, so that it is clear of the window's edge.
        start = min(start, day_of(held) - timedelta(days=1))
    return last, (max(earliest, start), today)


async def _known(context: Context, subject: Subject, news: News, *, since: int, now: int) -> list[Entry]:
    """Return the rows that what is new may be, by a name or by what it says, and those that wait to post."""
    known = await _named(context, subject, news.names())
    likely = news.likely(known.values(), now=now)
    held = await context.store.read(
        lambda tx: transaction_rows.oldest_pending(tx, subject.scope, subject.account)
    )
    starts = [start for start in (likely.since, held) if start is not None]
    if starts:
        async for entries in _made_since(context, subject, max(min(starts), since - REACH_SECONDS)):
            known |= {entry.transaction.id: entry for entry in entries if likely.includes(entry)}
    return list(known.values())


async def _made_since(context: Context, subject: Subject, start: int) -> AsyncIterator[list[Entry]]:
    """Yield the rows made since *start*, a thousand at a time."""
    spot: Spot | None = Spot(start)
    while spot is not None:
        entries = await context.store.read(
            partial(
                transaction_rows.known,
                scope=subject.scope,
                account=subject.account,
                after=spot,
                limit=_ROWS_A_READ,
            )
        )
        yield entries
        last = entries[-1].transaction if len(entries) == _ROWS_A_READ else None
        spot = None if last is None else Spot(last.transacted_at, last.id)


async def _named(context: Context, subject: Subject, names: Sequence[str]) -> dict[str, Entry]:
    """Return the rows that have, or had, one of these ids at the bank, by their own ids."""
    named: dict[str, Entry] = {}
    for first in range(0, len(names), _NAMES_A_READ):
        entries = await context.store.read(
            partial(
                transaction_rows.known_by_source,
                scope=subject.scope,
                account=subject.account,
                source_ids=names[first : first + _NAMES_A_READ],
            )
        )
        named |= {entry.transaction.id: entry for entry in entries}
    return named
