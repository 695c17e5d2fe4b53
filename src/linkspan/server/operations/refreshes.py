"""Refreshes: what a bank says now, asked for by the caller and carried out afterwards."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from msgspec.structs import replace

from linkspan.objects import Account, BalanceRefresh, OwnershipRefresh, decode_as, encode
from linkspan.server.connectors import failures
from linkspan.server.connectors.base import Grant
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.refresh import (
    PERMISSION_FOR,
    RefreshFact,
    RefreshStatus,
    interval,
    may_start,
    next_status,
)
from linkspan.server.core.refusals import AccountInactive, BadParameter, NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_details, events, ownerships, sessions
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.vault.sealed import Place

# Rung when a refresh was started, so that the background looks at once.
BELL: Final = __name__
# A process that takes refreshes and dies holds them up for this long at most:
# longer than a bank may take to answer all the calls of one reading.
_LEASE_SECONDS: Final = 180
_AT_ONCE_MAX: Final = 50

_EVENT_OF: Final[Mapping[str, str]] = {
    "balance": "financial_connections.account.refreshed_balance",
    "ownership": "financial_connections.account.refreshed_ownership",
}
_FIELD_OF: Final[Mapping[str, str]] = {"balance": "balance_refresh", "ownership": "ownership_refresh"}
# After these the bank will not answer again until the person signs in anew.
_ACCESS_LOST: Final = (failures.CredentialsRejected, failures.ConsentEnded)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of asking a bank: its accounts by the bank's own id, or that access was lost."""

    accounts: Mapping[str, FoundAccount] | None = None
    is_access_lost: bool = False


async def start(tx: Tx, context: Context, caller: Caller, account_id: str, features: Sequence[str]) -> bytes:
    """Start refreshing *features* of an Account and return it as the API writes it.

    A feature that is being refreshed, or may not be refreshed yet, is left as
    it is. An Account that is not active is refused, as is a feature the end
    user gave no permission for.
    """
    row = await account_rows.get_whole(tx, caller.scope, account_id)
    if row is None:
        raise NoSuchObject("financial connections account", account_id, param="account")
    account = decode_as(row.doc, Account)
    _check(account, features)
    now = context.world.seconds()
    started = account
    for feature in features:
        status, next_at = _state(account, feature)
        if may_start(status, next_at, now):
            pending = next_status(status, RefreshFact.STARTED)
            started = _with_state(started, feature, pending, attempted_at=now, next_at=None)
            refresh = Refresh(account_id, feature)
            await refresh_rows.insert(
                tx, caller.scope, refresh, authorization=row.authorization, started_at=now
            )
    if started is account:
        return row.doc
    await _save(tx, caller.scope, started, row.session)
    return encode(started)


async def read_while_linking(
    tx: Tx,
    context: Context,
    caller: Caller,
    account: Account,
    permissions: Sequence[str],
    found: FoundAccount,
) -> Account:
    """Return a newly linked *account* with what a Session prefetches, which the bank has just told."""
    now = context.world.seconds()
    for feature, permission in PERMISSION_FOR.items():
        if permission in permissions:
            pending = next_status(None, RefreshFact.STARTED)
            account = _with_state(account, feature, pending, attempted_at=now, next_at=None)
            account = await _refreshed(tx, context, caller.scope, account, feature, found)
            await events.record(tx, context, caller, _EVENT_OF[feature], account)
    return account


async def carry_out(context: Context) -> int:
    """Carry out refreshes that wait; return for how many authorizations a bank was asked."""
    now = context.world.seconds()
    found = await context.store.read(lambda tx: refresh_rows.waiting(tx, now=now, limit=_AT_ONCE_MAX))
    ended = await asyncio.gather(*(_carry_out(context, waiting) for waiting in found), return_exceptions=True)
    for problem in ended:
        if problem is not None:
            raise problem
    return len(found)


async def _carry_out(context: Context, waiting: refresh_rows.Waiting) -> None:
    """Claim the refreshes of one authorization, ask the bank once, write down what it said."""
    now = context.world.seconds()
    scope, authorization = waiting.scope, waiting.authorization

    async def claim(tx: Tx) -> tuple[list[Refresh], authorization_rows.Active | None]:
        taken = await refresh_rows.lease(tx, scope, authorization, now=now, until=now + _LEASE_SECONDS)
        return taken, await authorization_rows.get_active(tx, scope, authorization)

    taken, active = await context.store.write(claim)
    reading = _Reading() if active is None or not taken else await _ask(context, scope, active)
    for account_id in dict.fromkeys(refresh.account for refresh in taken):
        features = [refresh.feature for refresh in taken if refresh.account == account_id]
        await context.store.write(
            partial(
                _write_down,
                context=context,
                scope=scope,
                account_id=account_id,
                features=features,
                reading=reading,
            )
        )
    if reading.is_access_lost:
        await context.store.write(lambda tx: _lose_access(tx, context, scope, authorization))


async def _ask(context: Context, scope: Scope, active: authorization_rows.Active) -> _Reading:
    """Read the accounts behind a grant; a grant that was renewed is stored before it is used."""
    institution = context.institutions.get(active.institution)
    if institution is None:
        return _Reading()
    connector = context.connectors[institution.connector]
    place = Place("authorizations", "granted", active.id, scope)
    grant = Grant(context.vault.open(active.granted, place))
    try:
        renewed = await connector.renew(institution, grant, now=context.world.now())
        if renewed != grant:
            sealed = context.vault.seal(renewed, place)
            await context.store.write(
                lambda tx: authorization_rows.save_grant(tx, scope, active.id, granted=sealed)
            )
        accounts, _ = await connector.accounts(institution, renewed, now=context.world.now())
    except _ACCESS_LOST:
        return _Reading(is_access_lost=True)
    except failures.ConnectorFailure:
        return _Reading()
    return _Reading({account.source_id: account for account in accounts})


async def _write_down(
    tx: Tx, context: Context, scope: Scope, account_id: str, features: Sequence[str], reading: _Reading
) -> None:
    """Write down what came of refreshing *features*, with one event each.

    A refresh that ended meanwhile, with its Account's disconnection, is left alone.
    """
    ended = [one for one in features if await refresh_rows.remove(tx, scope, Refresh(account_id, one))]
    row = await account_rows.get_whole(tx, scope, account_id)
    if row is None or not ended:
        return
    account = decode_as(row.doc, Account)
    found = await _found(tx, context, scope, account_id, reading)
    caller = Caller(scope, None)
    for feature in ended:
        account = await _refreshed(tx, context, scope, account, feature, found)
        await _save(tx, scope, account, row.session)
        await events.record(tx, context, caller, _EVENT_OF[feature], account)
    if found is not None and not found.is_open:
        await _deactivate(tx, context, caller, account, row.session)


async def _lose_access(tx: Tx, context: Context, scope: Scope, authorization: str) -> None:
    """Deactivate every Account that hangs on a grant the bank takes no more."""
    for account_id in await account_rows.active_of(tx, scope, authorization):
        row = await account_rows.get_whole(tx, scope, account_id)
        if row is not None:
            await _deactivate(tx, context, Caller(scope, None), decode_as(row.doc, Account), row.session)


async def _found(
    tx: Tx, context: Context, scope: Scope, account_id: str, reading: _Reading
) -> FoundAccount | None:
    """Return what the bank said of an Account, found by the bank's own id for it."""
    details = await bank_details.of(tx, context, scope, account_id)
    if details is None or reading.accounts is None:
        return None
    return reading.accounts.get(details.source_id)


async def _refreshed(
    tx: Tx, context: Context, scope: Scope, account: Account, feature: str, found: FoundAccount | None
) -> Account:
    """Return *account* with what the bank said of *feature*; data it did not give stays as it was."""
    succeeded = False
    if feature == "balance" and found is not None and found.balance is not None:
        account, succeeded = replace(account, balance=found.balance), True
    if feature == "ownership" and found is not None and found.owners:
        ownership = await ownerships.keep(tx, context, scope, account, found.owners)
        account, succeeded = replace(account, ownership=ownership), True
    status, _ = _state(account, feature)
    fact = RefreshFact.SUCCEEDED if succeeded else RefreshFact.FAILED
    next_at = context.world.seconds() + interval(livemode=scope.livemode)
    return _with_state(account, feature, next_status(status, fact), next_at=next_at)


async def _deactivate(tx: Tx, context: Context, caller: Caller, account: Account, session: str) -> None:
    """Note that the bank gives nothing more of an Account; what it gave stays readable."""
    inactive = replace(account, status="inactive")
    for field in _FIELD_OF.values():
        if (state := getattr(inactive, field)) is not None:
            inactive = replace(inactive, **{field: replace(state, next_refresh_available_at=None)})
    await _save(tx, caller.scope, inactive, session)
    await events.record(tx, context, caller, "financial_connections.account.deactivated", inactive)


def _check(account: Account, features: Sequence[str]) -> None:
    """Refuse what may not be refreshed, naming the feature."""
    if account.status != "active":
        raise AccountInactive(account.id)
    for index, feature in enumerate(features):
        if PERMISSION_FOR[feature] not in (account.permissions or ()):
            raise BadParameter(
                f"The account {account.id} was not linked with the `{PERMISSION_FOR[feature]}` permission, "
                f"which refreshing `{feature}` needs.",
                param=f"features[{index}]",
            )


def _state(account: Account, feature: str) -> tuple[RefreshStatus | None, int | None]:
    """Return how the last refresh of *feature* stands, and when the next one may start."""
    state = getattr(account, _FIELD_OF[feature])
    return (None, None) if state is None else (RefreshStatus(state.status), state.next_refresh_available_at)


def _with_state(
    account: Account,
    feature: str,
    status: RefreshStatus,
    *,
    next_at: int | None,
    attempted_at: int | None = None,
) -> Account:
    """Return *account* with the state of one refresh; the attempt's start is kept unless given."""
    kind = BalanceRefresh if feature == "balance" else OwnershipRefresh
    before = getattr(account, _FIELD_OF[feature])
    state = kind(
        last_attempted_at=before.last_attempted_at if attempted_at is None else attempted_at,
        next_refresh_available_at=next_at,
        status=status.value,
    )
    return replace(account, **{_FIELD_OF[feature]: state})


async def _save(tx: Tx, scope: Scope, account: Account, session: str) -> None:
    await account_rows.save(tx, scope, account.id, encode(account), status=str(account.status))
    await sessions.show_account(tx, scope, session, account)
