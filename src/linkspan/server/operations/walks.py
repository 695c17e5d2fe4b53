"""Walks a bank through what moved on one account, to the end, from its beginning when the bank says so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, TypeVar

from linkspan.server.connectors.failures import ListChanged
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.scope import Scope
from linkspan.server.operations import grants, quotas
from linkspan.server.operations.context import Context
from linkspan.server.operations.grants import Opened
from linkspan.server.store.driver import Tx

# As far back as Stripe's Financial Connections looks when an account is new.
LOOKBACK_DAYS: Final = 180
# A bank whose list never holds still for long enough is asked again another time.
_WALKS_MAX: Final = 3

Page: TypeAlias = tuple[FoundTransaction, ...]
# The first and the last day of a walk.
Days: TypeAlias = tuple[date, date]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One account at its bank, and for whom it is walked."""

    scope: Scope
    authorization: str
    account: str
    source_id: str
    """The bank's own id of it."""
    currency: str
    is_daily: bool
    """Whether a day of a subscription walks."""


async def walk(
    context: Context, origin: Origin, days: Days, take: Callable[[AsyncIterator[Page]], Awaitable[T]]
) -> T | None:
    """Return what *take* makes of the pages of these days; none when there is no bank.

    *take* is called anew with all pages when the bank's list changed under the
    walk, or its token ran out, so it must be able to begin again. Each time is
    an asking of its own, which the bank's quota must allow.
    """

    async def question(bank: Opened) -> T:
        await context.store.write(lambda tx: _claim(tx, context, origin))
        from_on, to_on = days
        pages = bank.connector.transactions(
            bank.institution,
            bank.grant,
            source_id=origin.source_id,
            currency=origin.currency,
            from_on=from_on,
            to_on=to_on,
        )
        return await take(pages)

    for _ in range(_WALKS_MAX - 1):
        try:
            return await grants.ask(context, origin.scope, origin.authorization, question)
        except ListChanged:
            continue
    return await grants.ask(context, origin.scope, origin.authorization, question)


async def _claim(tx: Tx, context: Context, origin: Origin) -> None:
    """Note that the bank is walked now, or fail with when it may be."""
    quota = await quotas.quota_of(tx, context, origin.scope, origin.authorization)
    claimed = await quotas.claim(
        tx, context, quota, "transactions", [origin.account], is_daily=origin.is_daily
    )
    if not claimed.accounts:
        raise quotas.Spent(claimed.wait)
