"""What seals the values of each tenant and mode, wrapped, in rows."""

from dataclasses import dataclass, field
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load

_SQL: Final = load("data_keys")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One data key as it is kept."""

    id: bytes
    master: bytes
    """The id of the master key that wraps it."""
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What may be told of a data key."""

    scope: Scope
    id: bytes
    generation: int
    created: int


async def insert(tx: Tx, scope: Scope, key: Wrapped, *, generation: int, created: int) -> None:
    """Keep a tenant's key of a generation, which has one."""
    about = {"generation": generation, "created": created}
    await tx.run(_SQL["insert"], {**_named(scope, key), **about})


async def of_generation(tx: Tx, scope: Scope, generation: int) -> Wrapped | None:
    """Return the key of a generation."""
    row = await tx.one(_SQL["of_generation"], {**within(scope), "generation": generation})
    return None if row is None else Wrapped(*row)


async def get(tx: Tx, scope: Scope, key_id: bytes) -> Wrapped | None:
    """Return one key."""
    row = await tx.one(_SQL["get"], {**within(scope), "id": key_id})
    return None if row is None else Wrapped(*row)


async def wrap(tx: Tx, scope: Scope, key: Wrapped) -> None:
    """Let another master key wrap a key."""
    await tx.run(_SQL["wrap"], _named(scope, key))


async def not_wrapped_by(tx: Tx, *, master: bytes, limit: int) -> list[tuple[Scope, Wrapped]]:
    """Return some keys of every tenant that another master key wraps."""
    rows = await tx.all(_SQL["not_wrapped_by"], {"master": master, "limit": limit})
    return [(Scope(tenant, bool(livemode)), Wrapped(*key)) for tenant, livemode, *key in rows]


async def wrapped_by_each(tx: Tx) -> dict[bytes, int]:
    """Return how many keys each master key wraps, by its id."""
    return {bytes(master): count for master, count in await tx.all(_SQL["wrapped_by_each"], {})}


async def everybodys(tx: Tx) -> list[Known]:
    """Return what may be told of every key there is."""
    rows = await tx.all(_SQL["everybodys"], {})
    return [Known(Scope(tenant, bool(livemode)), *rest) for tenant, livemode, *rest in rows]


async def remove(tx: Tx, scope: Scope, key_id: bytes) -> None:
    """Forget a key that nothing is sealed with."""
    await tx.run(_SQL["remove"], {**within(scope), "id": key_id})


def _named(scope: Scope, key: Wrapped) -> dict[str, Value]:
    return {**within(scope), "id": key.id, "master": key.master, "wrapped": key.key}
