"""What endpoints are owed, in rows."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Settled:
    """How a delivery that was taken stands."""

    owed: Owed
    status: str
    attempts: int
    due_at: int


async def insert(tx: Tx, scope: Scope, event: str, endpoints: Sequence[Place], *, now: int) -> None:
    """Owe endpoints an event, at once."""
    many = [{**_key(scope, event, each.id), "owner": each.owner.tenant, "now": now} for each in endpoints]
    await tx.run_each(_SQL["insert"], many)


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


async def lease(tx: Tx, wanted: Mapping[Place, int], *, now: int, until: int) -> list[Owed]:
    """Take up to so many deliveries that are due to each endpoint until *until*, the longest wait first."""
    many = [
        {**within(place.owner), "endpoint": place.id, "now": now, "until": until, "limit": limit}
        for place, limit in wanted.items()
    ]
    return [_owed(*row, leased_until=until) for row in await tx.all_each(_SQL["lease"], many)]


def _owed(
    tenant: str, livemode: int, event: str, owner: str, endpoint: str, attempts: int, *, leased_until: int
) -> Owed:
    is_live = bool(livemode)
    return Owed(Scope(tenant, is_live), event, Place(Scope(owner, is_live), endpoint), attempts, leased_until)


async def settle(tx: Tx, settled: Sequence[Settled]) -> None:
    """Write down how deliveries that were taken stand, but for those that were taken away."""
    many = [
        {
            **_key(one.owed.scope, one.owed.event, one.owed.endpoint.id),
            "was": one.owed.leased_until,
            "status": one.status,
            "attempts": one.attempts,
            "due_at": one.due_at,
        }
        for one in settled
    ]
    await tx.run_each(_SQL["settle"], many)


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
