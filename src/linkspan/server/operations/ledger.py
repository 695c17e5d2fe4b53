"""Brings the ledger of an account up to date with what its bank shows.

The bank is walked to the end with no transaction open; only then is anything
written, so a walk that breaks off changes nothing. What is written is written a
few rows at a time, so that no other write waits long for it. Each row's
move is whole in itself (a hold posts in one statement, and no row depends on
another), so a list read in between shows some rows as they were and some as
they are, never one twice nor one not at all. Holds are voided last: money does
not seem to come back before what it became is there.

The first walk of an account, the longest, is written as it comes (`first_walks`).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from linkspan.server.core.days import day_of
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ledger import EDGE_SECONDS, REACH_SECONDS, Entry, settle
from linkspan.server.operations import first_walks
from linkspan.server.operations.context import Context
from linkspan.server.operations.ledger_writes import Lease, Subject, moves_of
from linkspan.server.operations.walks import LOOKBACK_DAYS, Days, walk, whole
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.transactions import Spot
from linkspan.server.store.turns import Turn

# Banks have been seen to post a month and a half late; later walks look back
# this far behind the last one, and as far as the oldest hold.
_OVERLAP_DAYS: Final = 45

# Bounds how long one read holds up the event loop.
_ROWS_A_READ: Final = 1_000


async def bring_up_to_date(context: Context, turn: Turn, subject: Subject) -> bool:
    """Walk the bank and write down what it shows; nothing of it is shown when the walk fails.

    False when there is no bank to walk. Raises `TakenAway`, or a
    `ConnectorFailure` of the bank's.
    """
    lease = Lease(context, turn, subject)
    last, days = await lease.write(lambda tx: _window(tx, context, subject))
    if last is None:
        return await first_walks.fill(context, subject, lease, days)
    rows = await walk(context, subject.origin, days, whole)
    if rows is None:
        return False
    since = int(datetime.combine(days[0], time(), UTC).timestamp()) + EDGE_SECONDS
    await settle_walk(context, subject, lease, rows, since=since)
    return True


async def settle_walk(
    context: Context, subject: Subject, lease: Lease, rows: Sequence[FoundTransaction], *, since: int
) -> None:
    """Write down what a complete walk shows of the time *since* then."""
    known = await _known(context, subject, rows, since)
    settlement = settle(known, rows, since=since, now=context.world.seconds())
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
    held = await transaction_rows.oldest(tx, subject.scope, subject.account, is_pending=True)
    if held is not None:
        # One whole day more than its own, so that it is clear of the window's edge.
        start = min(start, day_of(held) - timedelta(days=1))
    return last, (max(earliest, start), today)


async def _known(
    context: Context, subject: Subject, rows: Iterable[FoundTransaction], since: int
) -> list[Entry]:
    """Return the rows that the walk may show, and older ones whose ids it names."""
    start = since - REACH_SECONDS
    known = {entry.transaction.id: entry for entry in await _known_since(context, subject, start)}
    oldest = await context.store.read(lambda tx: transaction_rows.oldest(tx, subject.scope, subject.account))
    if oldest is None or oldest >= start:
        return list(known.values())
    seen = {entry.source_id for entry in known.values()}
    named = {one for row in rows for one in (row.source_id, row.replaces_source_id) if one} - seen
    asked = sorted(named)
    for first in range(0, len(asked), _ROWS_A_READ):
        some = asked[first : first + _ROWS_A_READ]
        older = await context.store.read(partial(_known_by_source, subject=subject, source_ids=some))
        known |= {entry.transaction.id: entry for entry in older}
    return list(known.values())


async def _known_since(context: Context, subject: Subject, start: int) -> list[Entry]:
    """Return the rows made since *start*, read a thousand at a time."""
    known: list[Entry] = []
    spot = Spot(start)
    while True:
        some = await context.store.read(
            partial(
                transaction_rows.known,
                scope=subject.scope,
                account=subject.account,
                after=spot,
                limit=_ROWS_A_READ,
            )
        )
        known += some
        if len(some) < _ROWS_A_READ:
            return known
        spot = Spot(some[-1].transaction.transacted_at, some[-1].transaction.id)


async def _known_by_source(tx: Tx, *, subject: Subject, source_ids: Sequence[str]) -> list[Entry]:
    return await transaction_rows.known_by_source(tx, subject.scope, subject.account, source_ids)
