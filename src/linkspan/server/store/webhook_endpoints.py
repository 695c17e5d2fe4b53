"""Webhook endpoints in rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("webhook_endpoints")

_EVERY: Final = "*"
# In no list of types.
_NOTHING: Final = "||"


@dataclass(frozen=True, slots=True)
class Signed:
    """An endpoint with what its requests are signed with, sealed."""

    doc: bytes
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


async def insert(
    tx: Tx,
    scope: Scope,
    endpoint_id: str,
    doc: bytes,
    *,
    status: str,
    is_connect: bool,
    enabled_events: Sequence[str],
    api_version: str | None,
    secret: bytes,
) -> None:
    """Keep a new endpoint, its secret sealed."""
    values = {
        **key(scope, endpoint_id),
        "status": status,
        "connect": is_connect,
        "enabled_events": _barred(enabled_events),
        "api_version": api_version,
        "secret": secret,
        "doc": doc,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, endpoint_id: str) -> bytes | None:
    """Return one endpoint as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, endpoint_id))
    return None if row is None else row[0]


async def get_secrets(tx: Tx, scope: Scope, endpoint_id: str) -> Signed | None:
    """Return an endpoint that is sent requests, with what they are signed with."""
    row = await tx.one(_SQL["get_secrets"], key(scope, endpoint_id))
    return None if row is None else Signed(*row)


async def count(tx: Tx, scope: Scope) -> int:
    """Return how many endpoints a tenant has."""
    row = await tx.one(_SQL["count"], within(scope))
    return 0 if row is None else row[0]


async def save(
    tx: Tx, scope: Scope, endpoint_id: str, doc: bytes, *, status: str, enabled_events: Sequence[str]
) -> None:
    """Replace what the API writes."""
    values = {
        **key(scope, endpoint_id),
        "status": status,
        "enabled_events": _barred(enabled_events),
        "doc": doc,
    }
    await tx.run(_SQL["save"], values)


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


async def page(
    tx: Tx, scope: Scope, *, limit: int, after: str | None = None, before: str | None = None
) -> list[bytes]:
    """Return up to *limit* endpoints, newest first, that follow *after* or precede *before*."""
    direction = "after" if before is None else "before"
    values = {**within(scope), "cursor": before or after or NEWEST, "limit": limit}
    docs = [row[0] for row in await tx.all(_SQL[f"page_{direction}"], values)]
    return docs if before is None else docs[::-1]


async def listening(
    tx: Tx, scope: Scope, event_type: str, *, is_connect: bool, is_in_every: bool
) -> list[Listener]:
    """Return the enabled endpoints that asked for *event_type* by its name, or with all the others."""
    values = {
        **within(scope),
        "connect": is_connect,
        "named": _barred([event_type]),
        "every": _barred([_EVERY]) if is_in_every else _NOTHING,
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
