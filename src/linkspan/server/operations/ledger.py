"""Brings the ledger of an account up to date with what its bank shows.

The bank is walked to the end with no transaction open; only then is anything
written, so a walk that breaks off changes nothing. What is written is written a
few hundred rows at a time, so that no other write waits long for it. Each row's
move is whole in itself (a hold posts in one statement, and no row depends on
another), so a list read in between shows some rows as they were and some as
they are, never one twice nor one not at all. Holds are voided last: money does
not seem to come back before what it became is there.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, TypeAlias

from linkspan.server.core.days import day_of
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.ids import new_id
from linkspan.server.core.ledger import EDGE_SECONDS, Entry, changed, entered, settle, voided
from linkspan.server.core.refresh import LEASE_SECONDS
from linkspan.server.core.scope import Scope
from linkspan.server.operations import grants
from linkspan.server.operations.context import Context
from linkspan.server.operations.grants import Opened
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.transactions import Spot

# As far back as Stripe's Financial Connections looks when an account is new.
LOOKBACK_DAYS: Final = 180
# Banks have been seen to post a month and a half late; later walks look back
# this far behind the last one, and as far as the oldest hold.
_OVERLAP_DAYS: Final = 45

# Bounds how long one write holds up the others, and one read the event loop.
_ROWS_A_WRITE: Final = 100
_ROWS_A_READ: Final = 1_000

# The first and the last day of a walk.
_Days: TypeAlias = tuple[date, date]
_Move: TypeAlias = tuple[Callable[[Tx, Scope, Entry], Awaitable[None]], Entry]


class TakenAway(Exception):
    """The refresh has ended meanwhile, or another process carries it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One account whose transactions are refreshed."""

    scope: Scope
    account: str
    refresh: str
    source_id: str
    currency: str


async def bring_up_to_date(
    context: Context, authorization: str, subject: Subject, *, leased_until: int
) -> bool:
    """Walk the bank and write down what it shows; nothing of it when the walk fails.

    False when there is no bank to walk. Raises `TakenAway`, or a
    `ConnectorFailure` of the bank's.
    """
    leased_until = await _write(context, subject, (), leased_until)
    from_on, to_on = await context.store.read(lambda tx: _window(tx, context, subject))

    walk = await walked(
        context,
        subject.scope,
        authorization,
        source_id=subject.source_id,
        currency=subject.currency,
        days=(from_on, to_on),
    )
    if walk is None:
        return False
    since = int(datetime.combine(from_on, time(), UTC).timestamp()) + EDGE_SECONDS
    await settle_walk(context, subject, walk, since=since, leased_until=leased_until)
    return True


async def walked(
    context: Context, scope: Scope, authorization: str, *, source_id: str, currency: str, days: _Days
) -> list[FoundTransaction] | None:
    """Return what a bank shows of an account's days, read to the end; none when there is no bank."""
    from_on, to_on = days

    async def pages(bank: Opened) -> list[FoundTransaction]:
        shown = bank.connector.transactions(
            bank.institution,
            bank.grant,
            source_id=source_id,
            currency=currency,
            from_on=from_on,
            to_on=to_on,
        )
        return [row async for page in shown for row in page]

    return await grants.ask(context, scope, authorization, pages)


async def settle_walk(
    context: Context, subject: Subject, walk: Sequence[FoundTransaction], *, since: int, leased_until: int
) -> None:
    """Write down what a complete walk shows of the time *since* then."""
    known = await _known(context, subject, walk, since)
    moves = list(_moves(context, subject, known, walk, since))
    for first in range(0, len(moves), _ROWS_A_WRITE):
        some = moves[first : first + _ROWS_A_WRITE]
        leased_until = await _write(context, subject, some, leased_until)


def _moves(
    context: Context, subject: Subject, known: Iterable[Entry], walk: Sequence[FoundTransaction], since: int
) -> Iterable[_Move]:
    """Yield what there is to write, voids last."""
    now = context.world.seconds()
    settlement = settle(known, walk, since=since, now=now)
    for entry, found in settlement.change:
        after = changed(entry, found, refresh=subject.refresh, now=now)
        if after != entry:
            yield transaction_rows.save, after
    for found in settlement.insert:
        yield (
            transaction_rows.insert,
            entered(
                found,
                transaction_id=new_id("fctxn", context.world),
                account=subject.account,
                livemode=subject.scope.livemode,
                refresh=subject.refresh,
                now=now,
            ),
        )
    for entry in settlement.void:
        yield transaction_rows.save, voided(entry, refresh=subject.refresh, now=now)


async def _write(context: Context, subject: Subject, moves: Sequence[_Move], leased_until: int) -> int:
    """Carry out *moves* if the refresh is still ours, and keep it for longer; return until when."""
    until = context.world.seconds() + LEASE_SECONDS
    refresh = Refresh(subject.account, "transactions")

    async def work(tx: Tx) -> bool:
        is_ours = await refresh_rows.extend(tx, subject.scope, refresh, was=leased_until, until=until)
        for write, entry in moves if is_ours else ():
            await write(tx, subject.scope, entry)
        return is_ours

    if not await context.store.write(work):
        raise TakenAway
    return until


async def _window(tx: Tx, context: Context, subject: Subject) -> _Days:
    """Return the first and the last day to ask for, by the calendar of UTC.

    No day of a bank in America is later than UTC's, so none is left out there.
    """
    today = day_of(context.world.seconds())
    earliest = today - timedelta(days=LOOKBACK_DAYS)
    last = await transaction_refresh_rows.last_success(tx, subject.scope, subject.account)
    if last is None:
        return earliest, today
    start = day_of(last) - timedelta(days=_OVERLAP_DAYS)
    held = await transaction_rows.oldest(tx, subject.scope, subject.account, is_pending=True)
    if held is not None:
        # One whole day more than its own, so that it is clear of the window's edge.
        start = min(start, day_of(held) - timedelta(days=1))
    return max(earliest, start), today


async def _known(
    context: Context, subject: Subject, walk: Sequence[FoundTransaction], since: int
) -> list[Entry]:
    """Return the rows of the time walked, and older ones whose ids the walk names."""
    start = since - EDGE_SECONDS
    known = {entry.transaction.id: entry for entry in await _known_since(context, subject, start)}
    oldest = await context.store.read(lambda tx: transaction_rows.oldest(tx, subject.scope, subject.account))
    if oldest is None or oldest >= start:
        return list(known.values())
    seen = {entry.source_id for entry in known.values()}
    named = {one for row in walk for one in (row.source_id, row.replaces_source_id) if one} - seen
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
    return [
        entry
        for source_id in source_ids
        for entry in await transaction_rows.known_by_source(tx, subject.scope, subject.account, source_id)
    ]
