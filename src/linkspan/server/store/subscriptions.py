"""What is refreshed every day, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("subscriptions")


@dataclass(frozen=True, slots=True)
class Due:
    """A feature of an account whose time has come, and whose it is."""

    scope: Scope
    account: str
    feature: str
    at: int


async def insert(tx: Tx, scope: Scope, account: str, feature: str, *, due_at: int) -> None:
    """Refresh a feature every day, from *due_at* on."""
    values = {**within(scope), "account": account, "feature": feature, "due_at": due_at}
    await tx.run(_SQL["insert"], values)


async def of_account(tx: Tx, scope: Scope, account: str) -> list[str]:
    """Return what of an account is refreshed every day, by name."""
    rows = await tx.all(_SQL["of_account"], {**within(scope), "account": account})
    return [feature for (feature,) in rows]


async def due(tx: Tx, *, now: int, limit: int) -> list[Due]:
    """Return subscriptions whose time has come, of every tenant, the longest due first."""
    rows = await tx.all(_SQL["due"], {"now": now, "limit": limit})
    return [
        Due(Scope(tenant, bool(livemode)), account, feature, at)
        for tenant, livemode, account, feature, at in rows
    ]


async def features_of(tx: Tx, scope: Scope, account: str) -> list[str]:
    """Return what of an account is refreshed every day."""
    rows = await tx.all(_SQL["features_of"], {**within(scope), "account": account})
    return [row[0] for row in rows]


async def count_behind(tx: Tx, scope: Scope, authorization: str) -> int:
    """Return how much is refreshed every day with one permission."""
    row = await tx.one(_SQL["count_behind"], {**within(scope), "authorization": authorization})
    return 0 if row is None else row[0]


async def put_off(tx: Tx, scope: Scope, taken: Due, *, until: int) -> bool:
    """Take a subscription that is due; false when another process took it, or it has ended."""
    values = {
        **within(scope),
        "account": taken.account,
        "feature": taken.feature,
        "was": taken.at,
        "due_at": until,
    }
    return await tx.run(_SQL["put_off"], values) == 1


async def remove(tx: Tx, scope: Scope, account: str, feature: str) -> None:
    """Refresh a feature every day no more."""
    await tx.run(_SQL["remove"], {**within(scope), "account": account, "feature": feature})


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Give up every subscription of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})
