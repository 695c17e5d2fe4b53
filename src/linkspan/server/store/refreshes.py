"""Refreshes under way, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("refreshes")


@dataclass(frozen=True, slots=True)
class Refresh:
    """One feature of one account to be read at the bank."""

    account: str
    feature: str
    is_daily: bool = False
    """Whether a day of a subscription started it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A refresh under way, and the request of the API that asked for it."""

    refresh: Refresh
    request: str | None
    """None where a schedule did."""


async def insert(
    tx: Tx, scope: Scope, refresh: Refresh, *, authorization: str, started_at: int, request: str | None = None
) -> None:
    """Leave a refresh to be carried out."""
    values = {
        **_key(scope, refresh),
        "authorization": authorization,
        "started_at": started_at,
        "daily": refresh.is_daily,
        "request": request,
    }
    await tx.run(_SQL["insert"], values)


async def of_authorization(tx: Tx, scope: Scope, authorization: str) -> list[Asked]:
    """Return what waits for the turn of an authorization, or is being read in it."""
    rows = await tx.all(_SQL["of_authorization"], {**within(scope), "authorization": authorization})
    return [
        Asked(Refresh(account, feature, bool(daily)), request) for account, feature, daily, request in rows
    ]


async def is_under_way(tx: Tx, scope: Scope, refresh: Refresh) -> bool:
    """Tell whether a refresh has not ended."""
    return await tx.one(_SQL["is_under_way"], _key(scope, refresh)) is not None


async def backlog(tx: Tx) -> tuple[int, int | None]:
    """Return how many refreshes have not ended, of every tenant, and when the oldest of them was started."""
    count, oldest = await tx.one(_SQL["backlog"], {}) or (0, None)
    return count, oldest


async def remove(tx: Tx, scope: Scope, refresh: Refresh) -> bool:
    """End a refresh; false when it had ended already."""
    return await tx.run(_SQL["remove"], _key(scope, refresh)) == 1


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Give up every refresh of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})


def _key(scope: Scope, refresh: Refresh) -> dict[str, str | int | bytes | None]:
    return {**within(scope), "account": refresh.account, "feature": refresh.feature}
