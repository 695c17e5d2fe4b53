"""Moves Accounts through their life, and refuses what may not be asked of one as it stands."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from linkspan.objects import (
    Account,
    DeactivationCause,
    InactiveCause,
    InferredBalancesRefresh,
    StatusDetails,
    StatusDetailsActive,
    decode_as,
    encode,
)
from linkspan.server.core.account import ALLOWED, AccountCall, AccountFact, AccountStatus, next_status
from linkspan.server.core.caller import Caller
from linkspan.server.core.deactivation import action_after
from linkspan.server.core.features import not_permitted
from linkspan.server.core.refusals import AccountInactive, BadParameter, NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events, quotas, sessions
from linkspan.server.operations.context import Context
from linkspan.server.operations.refresh_states import refreshed_features, with_next, without_next
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import endings as ending_rows
from linkspan.server.store.accounts import AccountRow
from linkspan.server.store.driver import Tx
from linkspan.server.store.endings import Ending


async def asked_for(
    tx: Tx, scope: Scope, account_id: str, call: AccountCall, features: Sequence[str]
) -> tuple[AccountRow, Account]:
    """Return the Account that *call* names, or refuse the call, naming the parameter.

    Refused are an Account that is not the caller's, one in a state that does not
    allow of the call, and a feature that the end user gave no permission for.
    """
    row = await account_rows.get_whole(tx, scope, account_id)
    if row is None:
        raise NoSuchObject("financial connections account", account_id, param="account")
    account = account_of(row)
    if call not in ALLOWED[AccountStatus(account.status)]:
        raise AccountInactive(account.id, status=account.status, done=call)
    for index, feature in enumerate(features):
        if (lacking := not_permitted(feature, account.permissions or ())) is not None:
            raise BadParameter(
                f"The account {account.id} was not linked with the `{lacking}` permission, which the feature "
                f"`{feature}` needs.",
                param=f"features[{index}]",
            )
    return row, account


async def save(tx: Tx, scope: Scope, account: Account, session: str) -> bytes:
    """Keep *account* as it is now, here and in its Session; return it as the API writes it."""
    shown = in_every_version(account)
    doc = encode(shown)
    await account_rows.save(tx, scope, account.id, doc, status=str(account.status))
    await save_beside(tx, scope, account)
    await sessions.show_account(tx, scope, session, shown)
    return doc


async def save_beside(tx: Tx, scope: Scope, account: Account) -> None:
    """Keep what only preview versions show of *account*."""
    if refresh := account.inferred_balances_refresh:
        await account_rows.save_beside(tx, scope, account.id, inferred_balances_refresh=encode(refresh))


def account_of(row: AccountRow) -> Account:
    """Return an Account with what only preview versions show of its refreshes."""
    account = decode_as(row.doc, Account)
    if row.inferred_balances_refresh is None:
        return account
    refresh = decode_as(row.inferred_balances_refresh, InferredBalancesRefresh)
    return replace(account, inferred_balances_refresh=refresh)


def in_every_version(account: Account) -> Account:
    """Return *account* without what only preview versions show."""
    return replace(account, inferred_balances_refresh=UNSET)


def until(ends_at: int | None) -> StatusDetails | UnsetType:
    """Return what an active Account shows of the end that is expected of its access; nothing without one."""
    if ends_at is None:
        return UNSET
    cause: DeactivationCause = "access_expired"
    active = StatusDetailsActive(action=action_after(cause), cause=cause, expected_deactivation_date=ends_at)
    return StatusDetails(active=active)


async def deactivate(
    tx: Tx, context: Context, caller: Caller, account: Account, session: str, *, cause: InactiveCause
) -> None:
    """Note that the bank gives nothing more of an Account; what it gave stays readable."""
    status = next_status(AccountStatus(account.status), AccountFact.ACCESS_LOST)
    inactive = without_next(replace(account, status=status.value, status_details=UNSET))
    await save(tx, caller.scope, inactive, session)
    await account_rows.note_inactive(tx, caller.scope, account.id, cause)
    shown = in_every_version(inactive)
    await events.record(tx, context, caller, "financial_connections.account.deactivated", shown)


async def reactivate(
    tx: Tx, context: Context, caller: Caller, account: Account, session: str, *, authorization: str
) -> None:
    """Note that the bank gives data of an Account again; refreshes start as soon as it may be asked."""
    status = next_status(AccountStatus(account.status), AccountFact.ACCESS_RESTORED)
    now = context.world.seconds()
    ends_at = await ending_rows.get(tx, caller.scope, Ending(authorization, "access"))
    is_expected = ends_at is not None and ends_at > now
    active = replace(account, status=status.value, status_details=until(ends_at if is_expected else None))
    quota = await quotas.quota_of(tx, context, caller.scope, authorization)
    for feature in refreshed_features(active):
        active = with_next(active, feature, await quotas.next_at(tx, quota, account.id, feature, now=now))
    await save(tx, caller.scope, active, session)
    await account_rows.note_active(tx, caller.scope, account.id)
    shown = in_every_version(active)
    await events.record(tx, context, caller, "financial_connections.account.reactivated", shown)
