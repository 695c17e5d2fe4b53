"""What endpoints are owed, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load
from linkspan.server.store.webhook_endpoints import Place

_SQL: Final = load("deliveries")

# After every instant that can be written down.
_EVER: Final = 2**62


@dataclass(frozen=True, slots=True)
class Owed:
    """One event that one endpoint is to be told of."""

    scope: Scope
    """Whose event it is."""
    event: str
    endpoint: Place
    attempts: int
    """How many attempts were made."""
    leased_until: int
    """No later lease ends at the same time, so only who was given this one may settle it."""


async def insert(tx: Tx, scope: Scope, event: str, endpoint: Place, *, now: int) -> None:
    """Owe an endpoint an event, at once."""
    values = {**_key(scope, event, endpoint.id), "owner": endpoint.owner.tenant, "now": now}
    await tx.run(_SQL["insert"], values)


async def count_pending(tx: Tx, scope: Scope, event: str) -> int:
    """Return how many endpoints have not yet been told of an event, of those that are still told."""
    row = await tx.one(_SQL["count_pending"], {**within(scope), "event": event})
    return 0 if row is None else row[0]


async def backlog(tx: Tx, *, now: int) -> tuple[int, int | None]:
    """Return how many deliveries are due, everybody's, and since when the first of them is."""
    count, oldest = await tx.one(_SQL["backlog"], {"now": now}) or (0, None)
    return count, oldest


async def failing(tx: Tx, *, attempts: int) -> list[tuple[str, int]]:
    """Return the endpoints, everybody's, that were told something so often in vain, and how much of it."""
    rows = await tx.all(_SQL["failing"], {"attempts": attempts})
    return [(endpoint, count) for endpoint, count in rows]


async def lease(tx: Tx, endpoint: Place, *, now: int, until: int, limit: int) -> list[Owed]:
    """Take up to *limit* deliveries that are due to an endpoint until *until*, the longest wait first."""
    values = {**within(endpoint.owner), "endpoint": endpoint.id, "now": now, "until": until, "limit": limit}
    livemode = endpoint.owner.livemode
    return [
        Owed(Scope(tenant, livemode), event, endpoint, attempts, until)
        for tenant, event, attempts in await tx.all(_SQL["lease"], values)
    ]


async def settle(tx: Tx, scope: Scope, owed: Owed, *, status: str, attempts: int, due_at: int) -> bool:
    """Write down how a delivery that was taken stands; false when it was taken away."""
    values = {
        **_key(scope, owed.event, owed.endpoint.id),
        "was": owed.leased_until,
        "status": status,
        "attempts": attempts,
        "due_at": due_at,
    }
    return await tx.run(_SQL["settle"], values) == 1


async def renew(tx: Tx, scope: Scope, event: str, endpoint: str, *, now: int) -> bool:
    """Owe an endpoint an event once more; false when it never was."""
    return await tx.run(_SQL["renew"], {**_key(scope, event, endpoint), "now": now}) == 1


async def endpoints_of(tx: Tx, scope: Scope, event: str) -> list[Place]:
    """Return the endpoints that were owed an event."""
    rows = await tx.all(_SQL["endpoints_of"], {**within(scope), "event": event})
    return [Place(Scope(owner, scope.livemode), endpoint) for owner, endpoint in rows]


async def give_up(tx: Tx, endpoint: Place, *, now: int = _EVER) -> None:
    """Owe an endpoint nothing of what was due until *now*, or nothing at all."""
    await tx.run(_SQL["give_up"], {**within(endpoint.owner), "endpoint": endpoint.id, "now": now})


async def prune(tx: Tx, *, before: int, limit: int) -> int:
    """Forget up to *limit* deliveries of any tenant that were first due before *before*."""
    return await tx.run(_SQL["prune"], {"before": before, "limit": limit})


def _key(scope: Scope, event: str, endpoint: str) -> dict[str, Value]:
    return {**within(scope), "event": event, "endpoint": endpoint}
