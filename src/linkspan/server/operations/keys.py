"""What an operator does with API keys."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from linkspan.server.core.api_key import ApiKey, Kind, Network, check_wanted, prefix_of
from linkspan.server.core.ids import new_id, new_key
from linkspan.server.core.origins import read_site
from linkspan.server.core.refusals import BadParameter, NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import keys as key_rows
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.redact import redact_key
from linkspan.server.vault.digests import Digests

_PURPOSE: Final = b"api key"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the one moment when it can be shown."""

    text: str = field(repr=False)
    kept: ApiKey


def digest_of(digests: Digests, key: str) -> bytes:
    """Return what stands for *key* in the store."""
    return digests.of(_PURPOSE, key)


async def create(
    tx: Tx,
    context: Context,
    scope: Scope,
    kind: Kind,
    *,
    name: str | None = None,
    rights: Iterable[str] = (),
    addresses: Iterable[Network] = (),
    origins: Iterable[str] = (),
    seconds: int | None = None,
) -> NewKey:
    """Make a key of a tenant in one mode, good for *seconds* if not until it is revoked."""
    given, places, sites = frozenset(rights), tuple(addresses), tuple(map(read_site, origins))
    check_wanted(kind, given, places, sites)
    created = context.world.seconds()
    kept = ApiKey(
        id=new_id("key", context.world),
        scope=scope,
        kind=kind,
        hint="",
        name=name,
        rights=given,
        addresses=places,
        origins=sites,
        created=created,
        expires_at=None if seconds is None else created + seconds,
    )
    return await _keep(tx, context, kept)


async def list_(tx: Tx) -> list[ApiKey]:
    """Return every key of every tenant, those that are over as well."""
    return await key_rows.everybodys(tx)


async def roll(tx: Tx, context: Context, key_id: str, *, seconds: int) -> tuple[NewKey, ApiKey]:
    """Make a key that opens what another one does, which ends *seconds* from now at the latest.

    Return the new key, then the old one. What was to end anyway is not prolonged.
    """
    old, now = await find(tx, key_id), context.world.seconds()
    if old.is_over(now):
        raise BadParameter(f"The key {key_id} is over already; create a new one.", param="key")
    expires_at = now + seconds if old.expires_at is None else min(old.expires_at, now + seconds)
    await key_rows.expire(tx, old.scope, old.id, expires_at=expires_at)
    successor = replace(old, id=new_id("key", context.world), created=now)
    return await _keep(tx, context, successor), replace(old, expires_at=expires_at)


async def revoke(tx: Tx, context: Context, key_id: str) -> ApiKey:
    """End a key; one that was revoked before stays so."""
    found, now = await find(tx, key_id), context.world.seconds()
    await key_rows.revoke(tx, found.scope, found.id, revoked_at=now)
    return found if found.revoked_at is not None else replace(found, revoked_at=now)


async def list_origins(tx: Tx, key_id: str, origins: Iterable[str]) -> ApiKey:
    """Let these sites, and no others, show the modal with a publishable key."""
    found, sites = await find(tx, key_id), tuple(map(read_site, origins))
    check_wanted(found.kind, (), (), sites)
    await key_rows.list_origins(tx, found.scope, found.id, origins=sites)
    return replace(found, origins=sites)


async def find(tx: Tx, key_id: str) -> ApiKey:
    """Return the key that an operator names."""
    found = await key_rows.by_id(tx, key_id)
    if found is None:
        raise NoSuchObject("API key", key_id, param="key")
    return found


async def _keep(tx: Tx, context: Context, described: ApiKey) -> NewKey:
    """Draw the key itself and keep what is known of it."""
    text = new_key(prefix_of(described.kind, livemode=described.scope.livemode), context.world)
    kept = replace(described, hint=redact_key(text))
    await key_rows.insert(tx, kept.scope, kept, digest=digest_of(context.digests, text))
    return NewKey(text, kept)
