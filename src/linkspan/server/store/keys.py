"""API keys in rows, by their digests."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Final

from linkspan.server.core.api_key import ApiKey, Kind
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Row, Tx, key
from linkspan.server.store.statements import load

_SQL: Final = load("keys")


async def insert(tx: Tx, scope: Scope, kept: ApiKey, *, digest: bytes) -> None:
    """Keep a new key."""
    values = {
        **key(scope, kept.id),
        "kind": kept.kind.value,
        "digest": digest,
        "hint": kept.hint,
        "name": kept.name,
        "rights": " ".join(sorted(kept.rights)),
        "addresses": " ".join(map(str, kept.addresses)),
        "origins": " ".join(kept.origins),
        "created": kept.created,
        "expires_at": kept.expires_at,
    }
    await tx.run(_SQL["insert"], values)


async def by_digest(tx: Tx, digest: bytes) -> ApiKey | None:
    """Return the key that a request brought, of any tenant."""
    row = await tx.one(_SQL["by_digest"], {"digest": digest})
    return None if row is None else _key(row)


async def by_id(tx: Tx, key_id: str) -> ApiKey | None:
    """Return the key that an operator names, of any tenant."""
    row = await tx.one(_SQL["by_id"], {"id": key_id})
    return None if row is None else _key(row)


async def everybodys(tx: Tx) -> list[ApiKey]:
    """Return every key, those of a tenant and mode together, oldest first."""
    return [_key(row) for row in await tx.all(_SQL["everybodys"], {})]


async def expire(tx: Tx, scope: Scope, key_id: str, *, expires_at: int) -> None:
    """Let a key be good until then."""
    await tx.run(_SQL["expire"], {**key(scope, key_id), "expires_at": expires_at})


async def list_origins(tx: Tx, scope: Scope, key_id: str, *, origins: Sequence[str]) -> None:
    """Let these sites show the modal with a key, and no others."""
    await tx.run(_SQL["list_origins"], {**key(scope, key_id), "origins": " ".join(origins)})


async def revoke(tx: Tx, scope: Scope, key_id: str, *, revoked_at: int) -> None:
    """Let a key be good no longer."""
    await tx.run(_SQL["revoke"], {**key(scope, key_id), "revoked_at": revoked_at})


def _key(row: Row) -> ApiKey:
    (
        tenant,
        livemode,
        key_id,
        kind,
        hint,
        name,
        rights,
        addresses,
        created,
        expires_at,
        revoked_at,
        origins,
    ) = row
    return ApiKey(
        id=key_id,
        scope=Scope(tenant, bool(livemode)),
        kind=Kind(kind),
        hint=hint,
        name=name,
        rights=frozenset(rights.split()),
        addresses=tuple(map(ip_network, addresses.split())),
        origins=tuple(origins.split()),
        created=created,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
