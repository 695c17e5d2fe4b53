"""Carries out the refreshes that were started: claims them, asks their bank, writes down what it said."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as copy
from functools import partial
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from linkspan.objects import Account, InactiveCause, decode_as
from linkspan.server.connectors import failures
from linkspan.server.core.caller import Caller
from linkspan.server.core.consent import Ending
from linkspan.server.core.features import FEATURES
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.inferred_balances import EndOfDay
from linkspan.server.core.kinds import called
from linkspan.server.core.refresh import PAUSE_SECONDS, RefreshFact, next_status
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
    turns,
)
from linkspan.server.operations.context import Context
from linkspan.server.operations.ledger_writes import Subject
from linkspan.server.operations.quotas import Quota
from linkspan.server.operations.refresh_states import state_of, with_state
from linkspan.server.operations.turns import TakenAway
from linkspan.server.operations.walks import Origin
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.turns import Turn

_Came: TypeAlias = dict[tuple[str, str], str]
"""What came of each refresh that ended, by account and feature: succeeded or failed."""

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


async def carry_out(context: Context) -> int:
    """Carry out the refreshes that wait; return for how many authorizations a bank was asked."""
    found = await context.store.read(lambda tx: turns.waiting(tx, context))
    wanted = dict.fromkeys(found, turns.AT_ONCE_IN_ALL)
    taken = await context.store.take(lambda tx: turns.claim(tx, context, wanted))
    for ended in await asyncio.gather(*(read(context, turn) for turn in taken), return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended
    return len(taken)


async def read(context: Context, turn: Turn) -> list[dict[str, Any]]:
    """Ask the bank once for all that waits for a turn, and write down what it said; say what came of each."""
    scope = turn.scope
    asked = await context.store.read(lambda tx: refresh_rows.of_authorization(tx, scope, turn.authorization))
    came: _Came = {}
    with suppress(TakenAway):  # whoever has the turn now does the rest
        if asked:
            await _read(context, turn, [one.refresh for one in asked], came)
        await context.store.write(lambda tx: turns.end(tx, context, turn))
    return [
        {
            "request": one.request,
            "tenant": scope.tenant,
            "account": one.refresh.account,
            "feature": one.refresh.feature,
            "institution": turn.institution,
            "outcome": came.get((one.refresh.account, one.refresh.feature), "given up"),
        }
        for one in asked
    ]


async def _read(context: Context, turn: Turn, taken: Sequence[Refresh], came: _Came) -> None:
    """Ask the bank, and write down what it said of each refresh and what *came* of it."""
    reading = await _ask(context, turn, taken)
    await _write_down_told(context, turn, taken, reading, came)
    if reading.accounts is not None:
        await context.store.write(partial(_sighted, context=context, turn=turn, shown=reading.accounts))
    for one in taken:
        if one.feature == "transactions":
            reading = await _walk(context, turn, one, reading, came)
        if one.feature == "inferred_balances":
            reading = await _infer(context, turn, one, reading, came)
    if reading.lost_by is not None:
        await context.store.write(partial(_lose_access, context=context, turn=turn, cause=reading.lost_by))


async def _write_down_told(
    context: Context, turn: Turn, taken: Sequence[Refresh], reading: _Reading, came: _Came
) -> None:
    """Write down what one answer of the bank told, an account at a time."""
    told: dict[str, list[str]] = {}
    for one in taken:
        if one.feature in _TOLD_OF_ACCOUNTS:
            told.setdefault(one.account, []).append(one.feature)
    for account_id, features in told.items():
        came.update(await _written_down(context, turn, account_id, features, reading))


async def _sighted(tx: Tx, context: Context, turn: Turn, shown: Mapping[str, FoundAccount]) -> None:
    """Bring every Account in line with what the bank showed."""
    await turns.hold(tx, context, turn)
    await sightings.note(tx, context, turn.scope, turn.authorization, shown)


async def _ask(context: Context, turn: Turn, taken: Sequence[Refresh]) -> _Reading:
    """Read the accounts behind a grant: those to refresh or to wake, and a list of the rest."""
    scope, authorization = turn.scope, turn.authorization
    named = await context.store.read(lambda tx: _named(tx, context, turn, taken))
    is_daily = all(one.is_daily for one in taken)

    async def accounts(bank: grants.Opened) -> tuple[FoundAccount, ...]:
        claimed = await context.store.write(
            partial(_claim, context=context, turn=turn, named=named, is_daily=is_daily)
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


async def _named(tx: Tx, context: Context, turn: Turn, taken: Sequence[Refresh]) -> Mapping[str, str]:
    """Return what the bank calls the accounts it is asked about."""
    scope, named = turn.scope, dict[str, str]()
    asleep = await account_rows.inactive_of(tx, scope, turn.authorization)
    for account in dict.fromkeys((*(one.account for one in taken), *asleep)):
        details = await bank_details.of(tx, context, scope, account)
        if details is not None:
            named[account] = details.source_id
    return named


async def _claim(
    tx: Tx, context: Context, turn: Turn, named: Mapping[str, str], *, is_daily: bool
) -> Collection[str]:
    """Return about which accounts the bank may be asked now; `Spent` when it may not be asked at all."""
    quota = await quotas.quota_of(tx, context, turn.scope, turn.authorization)
    claimed = await quotas.claim(tx, context, quota, "account", list(named), is_daily=is_daily)
    if claimed.accounts is None:
        raise quotas.Spent(claimed.wait)
    return claimed.accounts


async def _walk(context: Context, turn: Turn, one: Refresh, reading: _Reading, came: _Came) -> _Reading:
    """Bring the transactions of an account up to date; return *reading* with what came of that."""
    is_walked = False
    try:
        subject = await context.store.read(lambda tx: _subject(tx, context, turn, one, reading))
        if subject is not None:
            is_walked = await ledger.bring_up_to_date(context, turn, subject)
    except TakenAway:
        return reading
    except failures.ConnectorFailure as failure:
        # What the bank did not finish telling is told by the refresh that failed.
        reading = _after(reading, failure)
    told = copy(reading, is_walked=is_walked)
    came.update(await _written_down(context, turn, one.account, ("transactions",), told))
    return reading


async def _infer(context: Context, turn: Turn, one: Refresh, reading: _Reading, came: _Came) -> _Reading:
    """Work out what an account held on each day; return *reading* with what came of that."""
    ends = None
    try:
        found, origin = await context.store.read(lambda tx: _origin(tx, context, turn, one, reading))
        if found is not None and origin is not None:
            ends = await inferred_balances.worked_out(context, origin, found)
    except failures.ConnectorFailure as failure:
        reading = _after(reading, failure)
    told = copy(reading, ends=ends)
    came.update(await _written_down(context, turn, one.account, ("inferred_balances",), told))
    return reading


def _after(reading: _Reading, failure: failures.ConnectorFailure) -> _Reading:
    """Return *reading* with what a failure means for the grant, and for when the bank is asked again."""
    told = 0 if isinstance(failure, quotas.Spent) else getattr(failure, "retry_after_seconds", None)
    return copy(
        reading, lost_by=reading.lost_by or _ACCESS_LOST.get(type(failure)), rest=max(reading.rest, told or 0)
    )


async def _subject(tx: Tx, context: Context, turn: Turn, one: Refresh, reading: _Reading) -> Subject | None:
    """Return what a walk of an account needs; none where the bank shows no such account, or no currency."""
    doc = await account_rows.get(tx, turn.scope, one.account)
    _, origin = await _origin(tx, context, turn, one, reading)
    under_way = None if doc is None else decode_as(doc, Account).transaction_refresh
    if origin is None or not under_way:
        return None
    return Subject(origin=origin, refresh=under_way.id)


async def _origin(
    tx: Tx, context: Context, turn: Turn, one: Refresh, reading: _Reading
) -> tuple[FoundAccount | None, Origin | None]:
    """Return what the bank said of an Account, and where it is walked, unless it tells too little."""
    details = await bank_details.of(tx, context, turn.scope, one.account)
    if details is None or reading.accounts is None:
        return None, None
    found = reading.accounts.get(details.source_id)
    currency = (found and found.currency) or details.currency
    if found is None or currency is None:
        return found, None
    return found, Origin(
        scope=turn.scope,
        authorization=turn.authorization,
        account=one.account,
        source_id=found.source_id,
        currency=currency,
        is_daily=one.is_daily,
    )


async def _written_down(
    context: Context, turn: Turn, account_id: str, features: Sequence[str], reading: _Reading
) -> _Came:
    """Write down what came of refreshing *features* of an Account, and return it."""
    return await context.store.write(lambda tx: _write_down(tx, context, turn, account_id, features, reading))


async def _write_down(
    tx: Tx, context: Context, turn: Turn, account_id: str, features: Sequence[str], reading: _Reading
) -> _Came:
    """Write down what came of refreshing *features*, with one event each.

    A refresh that ended meanwhile, with its Account's disconnection, is left alone.
    """
    scope, came = turn.scope, dict[tuple[str, str], str]()
    await turns.hold(tx, context, turn)
    ended = [one for one in features if await refresh_rows.remove(tx, scope, Refresh(account_id, one))]
    row = await account_rows.get_whole(tx, scope, account_id)
    if row is None or not ended:
        return came
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
        status, _ = state_of(account, feature)
        came[account_id, feature] = str(status)
    return came


async def _lose_access(tx: Tx, context: Context, turn: Turn, cause: InactiveCause) -> None:
    """Deactivate every Account that hangs on a grant the bank takes no more."""
    scope, authorization = turn.scope, turn.authorization
    await turns.hold(tx, context, turn)
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
