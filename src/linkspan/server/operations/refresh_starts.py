"""Starts refreshes: what a program, a Session or a day asks to be read is left to be carried out."""

from collections.abc import Sequence
from typing import Final

from linkspan.objects import Account
from linkspan.server.core.account import AccountCall
from linkspan.server.core.caller import Caller
from linkspan.server.core.features import FEATURES
from linkspan.server.core.ids import new_id
from linkspan.server.core.refresh import PAUSE_SECONDS, RefreshFact, RefreshStatus, may_start, next_status
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_states, quotas
from linkspan.server.operations.context import Context
from linkspan.server.operations.refresh_states import last_attempt, state_of, with_state
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import turns as turn_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh

# Rung when a refresh was started, so that the background looks at once.
BELL: Final = "refreshes"

# Where a bank is kept busy, who asks goes before a schedule that asked up to this much earlier.
_DAILY_ONES_WAIT_SECONDS: Final = 10 * 60

# Read once an account is linked; the answer that showed it tells the rest.
_AFTER_LINKING: Final = ("transactions", "inferred_balances")


async def start(tx: Tx, context: Context, caller: Caller, account_id: str, features: Sequence[str]) -> bytes:
    """Start refreshing *features* of an Account and return it as the API writes it.

    A feature that is being refreshed, or may not be refreshed yet, is left as
    it is. An Account that is not active is refused, as is a feature the end
    user gave no permission for.
    """
    row, account = await account_states.asked_for(tx, caller.scope, account_id, AccountCall.REFRESH, features)
    started = await begin(tx, context, caller, account, features, authorization=row.authorization)
    if started is account:
        return row.doc
    return await account_states.save(tx, caller.scope, started, row.session)


async def begin(
    tx: Tx, context: Context, caller: Caller, account: Account, features: Sequence[str], *, authorization: str
) -> Account:
    """Leave those of *features* to be refreshed that may be; return *account* with them pending.

    Where the bank's quota has been spent meanwhile, by another account of the
    same sign-in, say, the Account tells when it may be asked again.
    """
    now = context.world.seconds()
    quota = await quotas.quota_of(tx, context, caller.scope, authorization)
    for feature in features:
        status, next_available_at = state_of(account, feature)
        if not may_start(status, next_available_at, now):
            continue
        at = await quotas.next_at(tx, quota, account.id, feature, now=now)
        if status is not None and at > now:
            account = with_state(account, feature, status, next_at=at)
        else:
            account = await _begin(tx, context, caller, account, feature, authorization=authorization)
    return account


async def begin_daily(
    tx: Tx, context: Context, scope: Scope, account: Account, feature: str, *, authorization: str
) -> Account:
    """Leave what a subscription refreshes to be carried out; return *account* with it pending."""
    if state_of(account, feature)[0] is RefreshStatus.PENDING:
        return account
    caller = Caller(scope, None)
    return await _begin(tx, context, caller, account, feature, authorization=authorization, is_daily=True)


async def daily_at(
    tx: Tx, context: Context, scope: Scope, account: Account, feature: str, *, authorization: str
) -> int:
    """Return when a subscription may refresh *feature*: now, or when the bank's quota allows of it."""
    now = context.world.seconds()
    quota = await quotas.quota_of(tx, context, scope, authorization)
    earliest = max(now, (last_attempt(account, feature) or 0) + PAUSE_SECONDS)
    return await quotas.next_at(tx, quota, account.id, feature, now=earliest, is_daily=True)


async def begin_while_linking(
    tx: Tx,
    context: Context,
    caller: Caller,
    account: Account,
    prefetched: Sequence[str],
    *,
    authorization: str,
) -> Account:
    """Return a newly linked *account* with what a Session prefetches, but is read once it is linked."""
    for feature in _AFTER_LINKING:
        if FEATURES[feature].prefetch in prefetched:
            account = await _begin(tx, context, caller, account, feature, authorization=authorization)
    return account


async def _begin(
    tx: Tx,
    context: Context,
    caller: Caller,
    account: Account,
    feature: str,
    *,
    authorization: str,
    is_daily: bool = False,
) -> Account:
    """Leave a refresh to be carried out and return *account* with it pending."""
    scope, now = caller.scope, context.world.seconds()
    status, _ = state_of(account, feature)
    await refresh_rows.insert(
        tx,
        scope,
        Refresh(account.id, feature, is_daily),
        authorization=authorization,
        started_at=now,
        request=caller.request_id,
    )
    rank = now + _DAILY_ONES_WAIT_SECONDS if is_daily else now
    await turn_rows.ask_for(tx, scope, authorization, now=now, rank=rank)
    tx.ring(BELL)
    refresh_id = None
    if feature == "transactions":
        refresh_id = new_id("fctxnref", context.world)
        await transaction_refresh_rows.insert(tx, scope, refresh_id, account=account.id, started_at=now)
    pending = next_status(status, RefreshFact.STARTED)
    return with_state(account, feature, pending, attempted_at=now, next_at=None, refresh_id=refresh_id)
