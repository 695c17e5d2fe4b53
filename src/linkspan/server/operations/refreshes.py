"""Carries out the refreshes that were started: claims them, asks their bank, writes down what it said."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as copy
from functools import partial
from typing import Final

from msgspec.structs import replace

from linkspan.objects import Account, InactiveCause, decode_as
from linkspan.server.connectors import failures
from linkspan.server.core.caller import Caller
from linkspan.server.core.consent import Ending
from linkspan.server.core.features import FEATURES
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.inferred_balances import EndOfDay
from linkspan.server.core.kinds import called
from linkspan.server.core.refresh import LEASE_SECONDS, PAUSE_SECONDS, RefreshFact, next_status
from linkspan.server.core.scope import Scope
from linkspan.server.operations import (
    account_states,
    bank_details,
    consents,
    events,
    grants,
    inferred_balances,
    ledger,
    ownerships,
    quotas,
    sightings,
)
from linkspan.server.operations.context import Context
from linkspan.server.operations.ledger_writes import Subject, TakenAway
from linkspan.server.operations.quotas import Quota
from linkspan.server.operations.refresh_states import state_of, with_state
from linkspan.server.operations.walks import Origin
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh

_AT_ONCE_MAX: Final = 50

# One answer of the bank about an account tells these; transactions are a walk of their own.
_TOLD_OF_ACCOUNTS: Final = ("balance", "ownership")
# After these the bank will not answer again until the person signs in anew.
_ACCESS_LOST: Final[Mapping[type[failures.ConnectorFailure], InactiveCause]] = {
    failures.CredentialsRejected: "access_denied",
    failures.ConsentEnded: "access_expired",
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of asking a bank: its accounts by the bank's own id, or why access was lost."""

    accounts: Mapping[str, FoundAccount] | None = None
    lost_by: InactiveCause | None = None
    rest: int = 0
    """For how many seconds the bank wishes not to be asked again."""
    is_walked: bool = False
    """Whether all that moved on an account has been written down."""
    ends: Sequence[EndOfDay] | None = None
    """What an account held at the end of each day."""


async def read_while_linking(
    tx: Tx,
    context: Context,
    caller: Caller,
    account: Account,
    prefetched: Sequence[str],
    found: FoundAccount,
    *,
    authorization: str,
) -> Account:
    """Return a newly linked *account* with what a Session prefetches, which the bank has just told."""
    now = context.world.seconds()
    quota = await quotas.quota_of(tx, context, caller.scope, authorization)
    await quotas.note(tx, context, quota, "account", [account.id])
    for feature in _TOLD_OF_ACCOUNTS:
        if FEATURES[feature].prefetch in prefetched:
            pending = next_status(None, RefreshFact.STARTED)
            account = with_state(account, feature, pending, attempted_at=now, next_at=None)
            account = await _refreshed(tx, context, quota, account, feature, _Reading(), found)
            await events.record(tx, context, caller, FEATURES[feature].refreshed, account)
    return account


async def is_any_waiting(tx: Tx, context: Context) -> bool:
    """Tell whether any refresh waits for its bank to be asked."""
    return bool(await refresh_rows.waiting(tx, now=context.world.seconds(), limit=1))


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
    until = now + LEASE_SECONDS
    taken = await context.store.write(
        lambda tx: refresh_rows.lease(tx, scope, authorization, now=now, until=until)
    )
    if not taken:
        return
    reading = await _ask(context, waiting, taken)
    await _write_down_told(context, scope, taken, reading)
    if reading.accounts is not None:
        shown = reading.accounts
        await context.store.write(lambda tx: sightings.note(tx, context, scope, authorization, shown))
    for one in taken:
        if one.feature == "transactions":
            reading = await _walk(context, waiting, one, reading, leased_until=until)
        if one.feature == "inferred_balances":
            reading = await _infer(context, waiting, one, reading)
    if reading.lost_by is not None:
        lost = partial(_lose_access, context=context, waiting=waiting, cause=reading.lost_by)
        await context.store.write(lost)


async def _write_down_told(
    context: Context, scope: Scope, taken: Sequence[Refresh], reading: _Reading
) -> None:
    """Write down what one answer of the bank told, an account at a time."""
    told: dict[str, list[str]] = {}
    for one in taken:
        if one.feature in _TOLD_OF_ACCOUNTS:
            told.setdefault(one.account, []).append(one.feature)
    for account_id, features in told.items():
        written = partial(
            _write_down,
            context=context,
            scope=scope,
            account_id=account_id,
            features=features,
            reading=reading,
        )
        await context.store.write(written)


async def _ask(context: Context, waiting: refresh_rows.Waiting, taken: Sequence[Refresh]) -> _Reading:
    """Read the accounts behind a grant: those to refresh or to wake, and a list of the rest."""
    scope, authorization = waiting.scope, waiting.authorization
    named = await context.store.read(lambda tx: _named(tx, context, waiting, taken))
    is_daily = all(one.is_daily for one in taken)

    async def accounts(bank: grants.Opened) -> tuple[FoundAccount, ...]:
        claimed = await context.store.write(
            partial(_claim, context=context, waiting=waiting, named=named, is_daily=is_daily)
        )
        found, _ = await bank.connector.accounts(
            bank.institution,
            bank.grant,
            now=context.world.now(),
            only={named[account] for account in claimed},
        )
        return found

    try:
        found = await grants.ask(context, scope, authorization, accounts)
    except failures.ConnectorFailure as failure:
        return _after(_Reading(), failure)
    return _Reading() if found is None else _Reading({account.source_id: account for account in found})


async def _named(
    tx: Tx, context: Context, waiting: refresh_rows.Waiting, taken: Sequence[Refresh]
) -> Mapping[str, str]:
    """Return what the bank calls the accounts it is asked about."""
    scope, named = waiting.scope, dict[str, str]()
    asleep = await account_rows.inactive_of(tx, scope, waiting.authorization)
    for account in dict.fromkeys((*(one.account for one in taken), *asleep)):
        details = await bank_details.of(tx, context, scope, account)
        if details is not None:
            named[account] = details.source_id
    return named


async def _claim(
    tx: Tx, context: Context, waiting: refresh_rows.Waiting, named: Mapping[str, str], *, is_daily: bool
) -> Collection[str]:
    """Return about which accounts the bank may be asked now; `Spent` when it may not be asked at all."""
    quota = await quotas.quota_of(tx, context, waiting.scope, waiting.authorization)
    claimed = await quotas.claim(tx, context, quota, "account", list(named), is_daily=is_daily)
    if claimed.accounts is None:
        raise quotas.Spent(claimed.wait)
    return claimed.accounts


async def _walk(
    context: Context, waiting: refresh_rows.Waiting, one: Refresh, reading: _Reading, *, leased_until: int
) -> _Reading:
    """Bring the transactions of an account up to date; return *reading* with what came of that."""
    scope, account_id, is_walked = waiting.scope, one.account, False
    try:
        subject = await context.store.read(lambda tx: _subject(tx, context, waiting, one, reading))
        if subject is not None:
            is_walked = await ledger.bring_up_to_date(context, subject, leased_until=leased_until)
    except TakenAway:
        return reading
    except failures.ConnectorFailure as failure:
        # What the bank did not finish telling is told by the refresh that failed.
        reading = _after(reading, failure)
    told = copy(reading, is_walked=is_walked)
    await context.store.write(lambda tx: _write_down(tx, context, scope, account_id, ("transactions",), told))
    return reading


async def _infer(
    context: Context, waiting: refresh_rows.Waiting, one: Refresh, reading: _Reading
) -> _Reading:
    """Work out what an account held on each day; return *reading* with what came of that."""
    scope, account_id, ends = waiting.scope, one.account, None
    try:
        found, origin = await context.store.read(lambda tx: _origin(tx, context, waiting, one, reading))
        if found is not None and origin is not None:
            ends = await inferred_balances.worked_out(context, origin, found)
    except failures.ConnectorFailure as failure:
        reading = _after(reading, failure)
    told = copy(reading, ends=ends)
    await context.store.write(
        lambda tx: _write_down(tx, context, scope, account_id, ("inferred_balances",), told)
    )
    return reading


def _after(reading: _Reading, failure: failures.ConnectorFailure) -> _Reading:
    """Return *reading* with what a failure means for the grant, and for when the bank is asked again."""
    told = 0 if isinstance(failure, quotas.Spent) else getattr(failure, "retry_after_seconds", None)
    return copy(
        reading, lost_by=reading.lost_by or _ACCESS_LOST.get(type(failure)), rest=max(reading.rest, told or 0)
    )


async def _subject(
    tx: Tx, context: Context, waiting: refresh_rows.Waiting, one: Refresh, reading: _Reading
) -> Subject | None:
    """Return what a walk of an account needs; none where the bank shows no such account, or no currency."""
    doc = await account_rows.get(tx, waiting.scope, one.account)
    _, origin = await _origin(tx, context, waiting, one, reading)
    under_way = None if doc is None else decode_as(doc, Account).transaction_refresh
    if origin is None or not under_way:
        return None
    return Subject(origin=origin, refresh=under_way.id)


async def _origin(
    tx: Tx, context: Context, waiting: refresh_rows.Waiting, one: Refresh, reading: _Reading
) -> tuple[FoundAccount | None, Origin | None]:
    """Return what the bank said of an Account, and where it is walked, unless it tells too little."""
    details = await bank_details.of(tx, context, waiting.scope, one.account)
    if details is None or reading.accounts is None:
        return None, None
    found = reading.accounts.get(details.source_id)
    currency = (found and found.currency) or details.currency
    if found is None or currency is None:
        return found, None
    return found, Origin(
        scope=waiting.scope,
        authorization=waiting.authorization,
        account=one.account,
        source_id=found.source_id,
        currency=currency,
        is_daily=one.is_daily,
    )


async def _write_down(
    tx: Tx,
    context: Context,
    scope: Scope,
    account_id: str,
    features: Sequence[str],
    reading: _Reading,
) -> None:
    """Write down what came of refreshing *features*, with one event each.

    A refresh that ended meanwhile, with its Account's disconnection, is left alone.
    """
    ended = [one for one in features if await refresh_rows.remove(tx, scope, Refresh(account_id, one))]
    row = await account_rows.get_whole(tx, scope, account_id)
    if row is None or not ended:
        return
    account = account_states.account_of(row)
    found = await _found(tx, context, scope, account_id, reading)
    caller = Caller(scope, None)
    if reading.rest:
        await quotas.let_rest(tx, context, scope, row.authorization, reading.rest)
    quota = await quotas.quota_of(tx, context, scope, row.authorization)
    for feature in ended:
        account = await _refreshed(tx, context, quota, account, feature, reading, found)
        await account_states.save(tx, scope, account, row.session)
        rule = FEATURES[feature]
        shown = account if rule.is_preview else account_states.in_every_version(account)
        await events.record(tx, context, caller, rule.refreshed, shown)


async def _lose_access(tx: Tx, context: Context, waiting: refresh_rows.Waiting, cause: InactiveCause) -> None:
    """Deactivate every Account that hangs on a grant the bank takes no more."""
    scope, authorization = waiting.scope, waiting.authorization
    await authorization_rows.note_inactive(tx, scope, authorization, cause)
    await consents.end(tx, context, scope, authorization, Ending.ENDED_BY_INSTITUTION)
    for account_id in await account_rows.active_of(tx, scope, authorization):
        row = await account_rows.get_whole(tx, scope, account_id)
        if row is not None:
            account = account_states.account_of(row)
            caller = Caller(scope, None)
            await account_states.deactivate(tx, context, caller, account, row.session, cause=cause)


async def _found(
    tx: Tx, context: Context, scope: Scope, account_id: str, reading: _Reading
) -> FoundAccount | None:
    """Return what the bank said of an Account, found by the bank's own id for it."""
    details = await bank_details.of(tx, context, scope, account_id)
    if details is None or reading.accounts is None:
        return None
    return reading.accounts.get(details.source_id)


async def _refreshed(
    tx: Tx,
    context: Context,
    quota: Quota,
    account: Account,
    feature: str,
    reading: _Reading,
    found: FoundAccount | None,
) -> Account:
    """Return *account* with what the bank said of *feature*; data it did not give stays as it was."""
    scope, succeeded = quota.scope, False
    if found is not None:
        found = called(found, account.subcategory)
    if feature == "balance" and found is not None and found.balance is not None:
        account, succeeded = replace(account, balance=found.balance), True
    if feature == "ownership" and found is not None and found.owners:
        ownership = await ownerships.keep(tx, context, scope, account, found.owners)
        account, succeeded = replace(account, ownership=ownership), True
    if feature == "inferred_balances" and reading.ends is not None:
        await inferred_balances.keep(tx, context, scope, account.id, reading.ends)
        succeeded = True
    if feature == "transactions" and reading.is_walked and account.transaction_refresh:
        await transaction_refresh_rows.succeed(tx, scope, account.transaction_refresh.id)
        succeeded = True
    status, _ = state_of(account, feature)
    fact = RefreshFact.SUCCEEDED if succeeded else RefreshFact.FAILED
    ended = next_status(status, fact)
    tx.on_commit(partial(context.metrics.refresh, account.institution_name, feature, ended))
    is_active = account.status == "active"
    soon = context.world.seconds() + PAUSE_SECONDS
    next_at = await quotas.next_at(tx, quota, account.id, feature, now=soon) if is_active else None
    return with_state(account, feature, ended, next_at=next_at)
