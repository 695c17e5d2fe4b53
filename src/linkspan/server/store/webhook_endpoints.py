"""Webhook endpoints in rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Row, Tx, Value, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("webhook_endpoints")

_EVERY: Final = "*"
# In no list of types.
_NOTHING: Final = "||"


@dataclass(frozen=True, slots=True)
class Signed:
    """An endpoint with what its requests are signed with, sealed."""

    doc: bytes
    payload: str
    secret: bytes = field(repr=False)
    former_secret: bytes | None = field(repr=False)
    former_until: int


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint, and whose it is."""

    owner: Scope
    id: str


@dataclass(frozen=True, slots=True)
class Listener:
    """An endpoint that is to be told of an event."""

    place: Place
    api_version: str | None
    """The version it asked for; none where it is told in that of the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the two generations of the API show of an endpoint, but for its secret."""

    doc: bytes
    """As the first one writes it, which shows none whose payload is thin."""
    is_connect: bool
    payload: str
    name: str
    updated: int

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return what a row holds."""
        doc, connect, payload, name, updated = row
        return cls(doc=doc, is_connect=bool(connect), payload=payload, name=name, updated=updated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of an endpoint decides what it is told of."""

    status: str
    enabled_events: Sequence[str]
    api_version: str | None = None


async def insert(
    tx: Tx, scope: Scope, endpoint_id: str, kept: Kept, wanted: Wanted, *, secret: bytes
) -> None:
    """Keep a new endpoint, its secret sealed."""
    values = {
        **_changing(scope, endpoint_id, kept, wanted),
        "connect": kept.is_connect,
        "payload": kept.payload,
        "api_version": wanted.api_version,
        "secret": secret,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, endpoint_id: str) -> Kept | None:
    """Return one endpoint."""
    row = await tx.one(_SQL["get"], key(scope, endpoint_id))
    return None if row is None else Kept.of(row)


async def get_secrets(tx: Tx, places: Sequence[Place]) -> dict[Place, Signed]:
    """Return those of *places* that are sent requests, each with what they are signed with."""
    rows = await tx.all_each(_SQL["get_secrets"], [key(place.owner, place.id) for place in places])
    return {_place(tenant, livemode, known_as): Signed(*rest) for tenant, livemode, known_as, *rest in rows}


async def count(tx: Tx, scope: Scope) -> int:
    """Return how many endpoints a tenant has."""
    row = await tx.one(_SQL["count"], within(scope))
    return 0 if row is None else row[0]


async def save(tx: Tx, scope: Scope, endpoint_id: str, kept: Kept, wanted: Wanted) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], _changing(scope, endpoint_id, kept, wanted))


def _changing(scope: Scope, endpoint_id: str, kept: Kept, wanted: Wanted) -> dict[str, Value]:
    return {
        **key(scope, endpoint_id),
        "status": wanted.status,
        "enabled_events": _barred(wanted.enabled_events),
        "name": kept.name,
        "updated": kept.updated,
        "doc": kept.doc,
    }


async def get_secret(tx: Tx, scope: Scope, endpoint_id: str) -> bytes | None:
    """Return what the requests to an endpoint are signed with, sealed, also while it is disabled."""
    row = await tx.one(_SQL["get_secret"], key(scope, endpoint_id))
    return None if row is None else row[0]


async def roll(
    tx: Tx, scope: Scope, endpoint_id: str, *, secret: bytes, former_secret: bytes, former_until: int
) -> None:
    """Sign with another secret, and until *former_until* with the one before as well."""
    secrets = {"secret": secret, "former_secret": former_secret}
    await tx.run(_SQL["roll"], {**key(scope, endpoint_id), **secrets, "former_until": former_until})


async def delete(tx: Tx, scope: Scope, endpoint_id: str) -> bool:
    """Forget an endpoint; false when there is none."""
    return await tx.run(_SQL["delete"], key(scope, endpoint_id)) == 1


async def all_of(tx: Tx, scope: Scope) -> list[Kept]:
    """Return every endpoint of a tenant, in no order."""
    return [Kept.of(row) for row in await tx.all(_SQL["all"], within(scope))]


async def listening(
    tx: Tx, scope: Scope, event_type: str, *, thin: str | None, is_connect: bool, is_in_every: bool
) -> list[Listener]:
    """Return the enabled endpoints that asked for *event_type* by its name, or with all the others.

    *thin* is its name where it is told without its object; none where it is not.
    """
    values = {
        **within(scope),
        "connect": is_connect,
        "named": _barred([event_type]),
        "every": _barred([_EVERY]) if is_in_every else _NOTHING,
        "thin": _NOTHING if thin is None else _barred([thin]),
        "every_thin": _NOTHING if thin is None else _barred([_EVERY]),
    }
    rows = await tx.all(_SQL["listening"], values)
    return [Listener(Place(scope, endpoint), version) for endpoint, version in rows]


async def waiting(tx: Tx, *, now: int) -> list[Place]:
    """Return the enabled endpoints that something waits to be sent to, everybody's."""
    return [_place(*row) for row in await tx.all(_SQL["waiting"], {"now": now})]


async def disabled(tx: Tx, *, now: int) -> list[Place]:
    """Return the disabled endpoints that something was to be sent to by now, everybody's."""
    return [_place(*row) for row in await tx.all(_SQL["disabled"], {"now": now})]


def _place(tenant: str, livemode: int, endpoint_id: str) -> Place:
    return Place(Scope(tenant, bool(livemode)), endpoint_id)


def _barred(names: Sequence[str]) -> str:
    """Return *names* so that one is found in them as a whole: ``|a||b|``."""
    return "".join(f"|{name}|" for name in names)
