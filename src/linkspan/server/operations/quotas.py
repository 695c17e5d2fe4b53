"""Keeps to what banks allow: every asking is noted before it is made, and none is made beyond its quota.

The note is committed first, so a process that dies in the middle has asked as
far as anybody can tell, and workers that come at once see one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.server.connectors.failures import RateLimited
from linkspan.server.core.institution import Institution
from linkspan.server.core.quota import KINDS_OF, UNATTENDED, Asking, Kind, Limit, available_at, longest
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import askings as asking_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import subscriptions as subscription_rows
from linkspan.server.store.askings import Asked
from linkspan.server.store.driver import Tx

# What everything that is asked with one sign-in is counted as.
_ANYTHING: Final = "anything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What the bank behind a sign-in allows."""

    scope: Scope
    authorization: str
    limits: Sequence[Limit]
    rests_until: int = 0
    """Until when the bank itself wishes not to be asked."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """About which accounts the bank may be asked now, and how long the others have to wait, in seconds."""

    accounts: frozenset[str] | None
    """None where nothing at all may be asked."""
    wait: int


@dataclass(frozen=True, slots=True)
class _Count:
    """What is counted together, and the limits of that."""

    asked: Asked
    limits: Sequence[Limit]


class Spent(RateLimited):
    """The quota is spent, as we count it: the bank was not asked."""

    def __init__(self, wait: int) -> None:
        super().__init__("The bank's quota is spent", retry_after_seconds=wait)


def limits_of(scope: Scope, institution: Institution | None) -> Sequence[Limit]:
    """Return the limits of an institution: the operator's, or in live mode its family's or ours."""
    if institution is None or institution.quota:
        return () if institution is None else institution.quota
    return (institution.family_quota or UNATTENDED) if scope.livemode else ()


async def quota_of(tx: Tx, context: Context, scope: Scope, authorization: str) -> Quota:
    """Return what the bank behind an authorization allows."""
    standing = await authorization_rows.get_standing(tx, scope, authorization)
    institution = None if standing is None else context.institutions.get(standing.institution)
    return Quota(
        scope=scope,
        authorization=authorization,
        limits=limits_of(scope, institution),
        rests_until=0 if standing is None else standing.rests_until,
    )


async def claim(
    tx: Tx, context: Context, quota: Quota, kind: Kind, accounts: Sequence[str], *, is_daily: bool
) -> Claimed:
    """Note that the bank is asked now about those of *accounts* it may be asked about, in one asking.

    With none of them it is still asked what it tells of the sign-in as a whole.
    """
    now = context.world.seconds()
    at = max(quota.rests_until, await _free_at(tx, _of_sign_in(quota, kind), quota.scope, now=now))
    if at > now:
        return Claimed(None, at - now)
    waits = {
        account: await _free_at(tx, _of_account(quota, kind, account), quota.scope, now=now) - now
        for account in accounts
    }
    allowed = [account for account, wait in waits.items() if wait <= 0]
    await note(tx, context, quota, kind, allowed, is_daily=is_daily)
    return Claimed(frozenset(allowed), max(waits.values(), default=0))


async def note(
    tx: Tx, context: Context, quota: Quota, kind: Kind, accounts: Sequence[str], *, is_daily: bool = False
) -> None:
    """Note that the bank is asked now, in one asking, whatever it allows: while a person signs in, say."""
    now = context.world.seconds()
    counts = _of_sign_in(quota, kind)
    for account in accounts:
        counts += _of_account(quota, kind, account)
    for count in counts:
        await asking_rows.prune(tx, quota.scope, count.asked, before=now - longest(count.limits))
        await asking_rows.insert(tx, quota.scope, count.asked, Asking(at=now, is_daily=is_daily))


async def next_at(
    tx: Tx, quota: Quota, account: str, feature: str, *, now: int, is_daily: bool = False
) -> int:
    """Return when a refresh of *feature* may start: a program's, or a subscription's own."""
    now = max(now, quota.rests_until)
    if not quota.limits:
        return now
    subscribed: Sequence[str] = ()
    behind = 0
    if not is_daily:
        subscribed = await subscription_rows.features_of(tx, quota.scope, account)
        behind = await subscription_rows.count_behind(tx, quota.scope, quota.authorization)
    at = now
    for kind in KINDS_OF[feature]:
        here = sum(kind in KINDS_OF[each] for each in subscribed)
        at = max(at, await _free_at(tx, _of_account(quota, kind, account), quota.scope, now=now, a_day=here))
        # One reading of the accounts is shared by whatever is read after it.
        together = behind + 1 if behind else 0
        at = max(at, await _free_at(tx, _of_sign_in(quota, kind), quota.scope, now=now, a_day=together))
    return at


async def let_rest(tx: Tx, context: Context, scope: Scope, authorization: str, seconds: int) -> None:
    """Ask a bank nothing for as long as it wishes."""
    until = context.world.seconds() + seconds
    await authorization_rows.let_rest(tx, scope, authorization, until=until)


async def _free_at(tx: Tx, counts: Sequence[_Count], scope: Scope, *, now: int, a_day: int = 0) -> int:
    at = now
    for count in counts:
        asked = await asking_rows.since(tx, scope, count.asked, instant=now - longest(count.limits))
        at = max(at, available_at(asked, count.limits, now=now, a_day=a_day))
    return at


def _of_account(quota: Quota, kind: Kind, account: str) -> list[_Count]:
    limits = [each for each in quota.limits if each.per == "account" and each.kind in {None, kind}]
    return [_Count(Asked(account, kind), limits)] if limits else []


def _of_sign_in(quota: Quota, kind: Kind) -> list[_Count]:
    ours = [each for each in quota.limits if each.per == "sign_in"]
    counts = (
        _Count(Asked(quota.authorization, _ANYTHING), [each for each in ours if each.kind is None]),
        _Count(Asked(quota.authorization, kind), [each for each in ours if each.kind == kind]),
    )
    return [count for count in counts if count.limits]
