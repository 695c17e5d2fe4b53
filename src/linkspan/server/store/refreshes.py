"""Refreshes under way, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("refreshes")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An authorization some refresh waits for, and whose it is."""

    scope: Scope
    authorization: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """One feature of one account to be read at the bank."""

    account: str
    feature: str
    is_daily: bool = False
    """Whether a day of a subscription started it."""


async def insert(tx: Tx, scope: Scope, refresh: Refresh, *, authorization: str, started_at: int) -> None:
    """Leave a refresh to be carried out."""
    values = {
        **_key(scope, refresh),
        "authorization": authorization,
        "started_at": started_at,
        "daily": refresh.is_daily,
    }
    await tx.run(_SQL["insert"], values)


async def waiting(tx: Tx, *, now: int, limit: int) -> list[Waiting]:
    """Return authorizations some refresh waits for, of every tenant, the longest wait first."""
    rows = await tx.all(_SQL["waiting"], {"now": now, "limit": limit})
    return [Waiting(Scope(tenant, bool(livemode)), authorization) for tenant, livemode, authorization in rows]


async def backlog(tx: Tx) -> tuple[int, int | None]:
    """Return how many refreshes have not ended, of every tenant, and when the oldest of them was started."""
    count, oldest = await tx.one(_SQL["backlog"], {}) or (0, None)
    return count, oldest


async def lease(tx: Tx, scope: Scope, authorization: str, *, now: int, until: int) -> list[Refresh]:
    """Take the refreshes of one authorization until *until*; none while somebody has taken any of it.

    A grant is renewed by one process at a time: its bank might take the second
    for a thief's.
    """
    values = {**within(scope), "authorization": authorization, "leased_until": until}
    if await tx.run(_SQL["lease"], {**values, "now": now}) == 0:
        return []
    rows = await tx.all(_SQL["of_lease"], values)
    return [Refresh(account, feature, bool(daily)) for account, feature, daily in rows]


async def extend(tx: Tx, scope: Scope, refresh: Refresh, *, was: int, until: int) -> bool:
    """Keep a refresh that was taken until *was* for longer; false when it is no longer ours."""
    return await tx.run(_SQL["extend"], {**_key(scope, refresh), "was": was, "leased_until": until}) == 1


async def remove(tx: Tx, scope: Scope, refresh: Refresh) -> bool:
    """End a refresh; false when it had ended already."""
    return await tx.run(_SQL["remove"], _key(scope, refresh)) == 1


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Give up every refresh of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})


def _key(scope: Scope, refresh: Refresh) -> dict[str, str | int | bytes | None]:
    return {**within(scope), "account": refresh.account, "feature": refresh.feature}
