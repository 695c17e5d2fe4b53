"""Tells programs when an access, or a stand-in number, is expected to end: when that changes, and before."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from msgspec.structs import replace

from linkspan.objects import Account, AccountNumber
from linkspan.server.core.caller import Caller
from linkspan.server.core.endings import is_news, warn_at
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_states, authorizations, events
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import endings as ending_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.endings import Due, Ending

_ACCOUNT: Final = "financial_connections.account"
_AUTHORIZATION: Final = "financial_connections.authorization"
_AT_ONCE_MAX: Final = 50


def end_of(found: Iterable[FoundAccount]) -> int | None:
    """Return when the first of the accounts that a bank showed is expected to be out of reach."""
    return min((one.access_ends_at for one in found if one.access_ends_at is not None), default=None)


async def expect(tx: Tx, scope: Scope, authorization: str, ends_at: int | None) -> None:
    """Note when the access of a sign-in that was just made ends; its accounts tell that themselves."""
    if ends_at is not None:
        ending = Ending(authorization, "access")
        await ending_rows.save(tx, scope, ending, ends_at=ends_at, warn_at=warn_at(ends_at))


async def expect_of_numbers(
    tx: Tx, scope: Scope, account: str, numbers: Iterable[AccountNumber] | None
) -> None:
    """Note when the first of an account's stand-in numbers ends, as the Account shows them."""
    ends = [one.expected_expiry_date for one in numbers or () if one.expected_expiry_date is not None]
    if not ends:
        await ending_rows.forget(tx, scope, account)
        return
    ends_at = min(ends)
    await ending_rows.save(tx, scope, Ending(account, "number"), ends_at=ends_at, warn_at=warn_at(ends_at))


async def note(
    tx: Tx, context: Context, scope: Scope, authorization: str, found: Iterable[FoundAccount]
) -> None:
    """Keep the end that a bank tells of now, and tell it on where it is another one."""
    told = end_of(found)
    if told is None or not is_news(await _known(tx, scope, authorization), told):
        return
    await expect(tx, scope, authorization, told)
    caller, what = Caller(scope, None), "expected_deactivation_date_updated"
    for account_id in await account_rows.active_of(tx, scope, authorization):
        row = await account_rows.get_whole(tx, scope, account_id)
        if row is not None:
            account = replace(account_states.account_of(row), status_details=account_states.until(told))
            await account_states.save(tx, scope, account, row.session)
            shown = account_states.in_every_version(account)
            await events.record(tx, context, caller, f"{_ACCOUNT}.{what}", shown)
    await _tell_of_authorization(tx, context, scope, authorization, what)


async def is_any_due(tx: Tx, context: Context) -> bool:
    """Tell whether programs are to be warned of anything."""
    return bool(await ending_rows.due(tx, now=context.world.seconds(), limit=1))


async def warn(context: Context) -> int:
    """Warn programs of what ends within thirty days; return of how much."""
    now, warned, is_more = context.world.seconds(), 0, True
    while is_more:
        found = await context.store.read(lambda tx: ending_rows.due(tx, now=now, limit=_AT_ONCE_MAX))
        for due in found:
            warned += await context.store.write(partial(_warn, context=context, due=due))
        is_more = len(found) == _AT_ONCE_MAX
    return warned


async def _warn(tx: Tx, context: Context, due: Due) -> bool:
    """Warn of one end, unless somebody else has, or it has come meanwhile."""
    scope, ending = due.scope, due.ending
    if not await ending_rows.warned(tx, scope, due) or due.ends_at <= context.world.seconds():
        return False
    if ending.kind == "number":
        return await _tell(tx, context, scope, ending.subject, "upcoming_account_number_expiry")
    told = [
        await _tell(tx, context, scope, account_id, "upcoming_deactivation")
        for account_id in await account_rows.active_of(tx, scope, ending.subject)
    ]
    if told:
        await _tell_of_authorization(tx, context, scope, ending.subject, "upcoming_deactivation")
    return bool(told)


async def _tell(tx: Tx, context: Context, scope: Scope, account_id: str, what: str) -> bool:
    """Tell something of an Account as it is, if it is active."""
    row = await account_rows.get_whole(tx, scope, account_id)
    account: Account | None = None if row is None else account_states.account_of(row)
    if account is None or account.status != "active":
        return False
    shown = account_states.in_every_version(account)
    await events.record(tx, context, Caller(scope, None), f"{_ACCOUNT}.{what}", shown)
    return True


async def _tell_of_authorization(
    tx: Tx, context: Context, scope: Scope, authorization: str, what: str
) -> None:
    about = await authorizations.in_every_version(tx, scope, authorization)
    await events.record(tx, context, Caller(scope, None), f"{_AUTHORIZATION}.{what}", about)


async def _known(tx: Tx, scope: Scope, authorization: str) -> int | None:
    return await ending_rows.get(tx, scope, Ending(authorization, "access"))
