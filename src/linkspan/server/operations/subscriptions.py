"""Subscriptions: what is refreshed every day without being asked for each time."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from linkspan.server.core.account import AccountCall
from linkspan.server.core.caller import Caller
from linkspan.server.core.features import SUBSCRIBABLE
from linkspan.server.core.subscription import next_run
from linkspan.server.operations import account_states, refresh_starts
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import subscriptions as subscription_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.subscriptions import Due

_AT_ONCE_MAX: Final = 50


async def subscribe(
    tx: Tx, context: Context, caller: Caller, account_id: str, features: Sequence[str]
) -> bytes:
    """Have *features* of an Account refreshed now and every day, and return it as the API writes it.

    A feature that is subscribed to already is left as it is. An Account that is
    not active is refused, as is a feature the end user gave no permission for.
    """
    row, account = await account_states.asked_for(
        tx, caller.scope, account_id, AccountCall.SUBSCRIBE, features
    )
    kept = await subscription_rows.of_account(tx, caller.scope, account.id)
    added = [feature for feature in features if feature not in kept]
    if not added:
        return row.doc
    due_at = next_run(row.authorization, context.world.seconds())
    for feature in added:
        await subscription_rows.insert(tx, caller.scope, account.id, feature, due_at=due_at)
    account = replace(account, subscriptions=_in_every_version([*kept, *added]))
    account = await refresh_starts.begin(tx, context, caller, account, added, authorization=row.authorization)
    return await account_states.save(tx, caller.scope, account, row.session)


async def unsubscribe(tx: Tx, caller: Caller, account_id: str, features: Sequence[str]) -> bytes:
    """End the daily refresh of *features*; one that was not subscribed to changes nothing."""
    row, account = await account_states.asked_for(
        tx, caller.scope, account_id, AccountCall.UNSUBSCRIBE, features
    )
    for feature in features:
        await subscription_rows.remove(tx, caller.scope, account.id, feature)
    kept = _in_every_version(await subscription_rows.of_account(tx, caller.scope, account.id))
    if kept == account.subscriptions:
        return row.doc
    account = replace(account, subscriptions=kept)
    return await account_states.save(tx, caller.scope, account, row.session)


def _in_every_version(features: Sequence[str]) -> tuple[str, ...]:
    """Return what an Account shows of the features subscribed to, but for what only previews show."""
    return tuple(feature for feature in features if feature in SUBSCRIBABLE)


async def is_any_due(tx: Tx, context: Context) -> bool:
    """Tell whether the time of any daily refresh has come."""
    return bool(await subscription_rows.due(tx, now=context.world.seconds(), limit=1))


async def carry_out(context: Context) -> int:
    """Start the daily refreshes whose time has come; return how many were started."""
    now = context.world.seconds()
    started, is_more = 0, True
    while is_more:
        found = await context.store.read(lambda tx: subscription_rows.due(tx, now=now, limit=_AT_ONCE_MAX))
        # Written side by side, so that they share a commit.
        runs = [context.store.write(partial(_run, context=context, due=due)) for due in found]
        for is_started in await asyncio.gather(*runs, return_exceptions=True):
            if isinstance(is_started, BaseException):
                raise is_started
            started += is_started
        is_more = len(found) == _AT_ONCE_MAX
    return started


async def _run(tx: Tx, context: Context, due: Due) -> bool:
    """Start one daily refresh, unless another process has, or the Account gives nothing now.

    A bank whose quota is spent puts it off until the bank may be asked again.
    """
    now = context.world.seconds()
    row = await account_rows.get_whole(tx, due.scope, due.account)
    if row is None:
        return False
    account, authorization = account_states.account_of(row), row.authorization
    at = await refresh_starts.daily_at(
        tx, context, due.scope, account, due.feature, authorization=authorization
    )
    is_ours = await subscription_rows.put_off(
        tx, due.scope, due, until=at if at > now else next_run(authorization, now)
    )
    if not is_ours or at > now or account.status != "active":
        return False
    begun = await refresh_starts.begin_daily(
        tx, context, due.scope, account, due.feature, authorization=authorization
    )
    if begun is account:
        return False
    await account_states.save(tx, due.scope, begun, row.session)
    return True
