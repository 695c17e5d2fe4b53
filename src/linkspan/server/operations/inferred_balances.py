"""Inferred balances: what an account held on each of the last days, worked out from what moved on it."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from linkspan.objects import AccountInferredBalance, Balance, FrozenMap, encode
from linkspan.server.core.days import day_of
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.ids import new_id
from linkspan.server.core.inferred_balances import EndOfDay, Movements, Undated
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.operations.walks import LOOKBACK_DAYS, Origin, walk
from linkspan.server.operations.walks import Page as FoundPage
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import inferred_balances as inferred_balance_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.inferred_balances import Day

_NOUN: Final = "financial connections account inferred balance"


async def list_(tx: Tx, scope: Scope, account: str, paging: Paging) -> Page:
    """Return a page of an Account's balances, newest day first."""
    if await account_rows.get(tx, scope, account) is None:
        raise NoSuchObject("financial connections account", account, param="account")
    places = dict.fromkeys(("starting_after", "ending_before"), None) | {
        name: await _place(tx, scope, account, cursor, param=name) for name, cursor in paging.cursors
    }
    docs = await inferred_balance_rows.page(
        tx,
        scope,
        account,
        limit=paging.one_more,
        after=places["starting_after"],
        before=places["ending_before"],
    )
    return Page.cut(docs, paging)


async def worked_out(context: Context, origin: Origin, found: FoundAccount) -> Sequence[EndOfDay] | None:
    """Return what *found* held at the end of each day; none where the bank does not tell enough.

    The bank is walked anew, as far back as a ledger begins: a ledger that was
    last brought up to date yesterday does not lead to the balance of now.
    """
    if found.balance is None:
        return None
    now = context.world.seconds()
    today = day_of(now)
    days = today - timedelta(days=LOOKBACK_DAYS), today
    try:
        movements = await walk(context, origin, days, partial(_summed_up, found.balance))
    except Undated:
        return None
    return None if movements is None else movements.ends_of_days(now=now)


async def _summed_up(balance: Balance, pages: AsyncIterator[FoundPage]) -> Movements:
    """Return what a walk shows, of which no row is held."""
    movements = Movements(balance)
    async for page in pages:
        for row in page:
            movements.add(row)
    return movements


async def keep(tx: Tx, context: Context, scope: Scope, account: str, ends: Sequence[EndOfDay]) -> None:
    """Write down the balances of days; a day that has one already keeps its id."""
    known = await inferred_balance_rows.days_of(tx, scope, account)
    new: list[tuple[int, Day]] = []
    other: list[Day] = []
    for end in ends:
        before = known.get(end.as_of)
        day = _day(before.id if before else new_id("fcinfbal", context.world), end)
        if before is None:
            new.append((end.as_of, day))
        elif day != before:
            other.append(day)
    await inferred_balance_rows.insert(tx, scope, new, account=account)
    await inferred_balance_rows.save(tx, scope, other)


def _day(known_as: str, end: EndOfDay) -> Day:
    return Day(
        known_as,
        encode(AccountInferredBalance(id=known_as, as_of=end.as_of, current=FrozenMap(end.current))),
    )


async def _place(tx: Tx, scope: Scope, account: str, cursor: str, *, param: str) -> int:
    """Return the day a cursor stands at."""
    day = await inferred_balance_rows.day_of(tx, scope, cursor, account=account)
    if day is None:
        raise NoSuchReference(_NOUN, cursor, param=param)
    return day
