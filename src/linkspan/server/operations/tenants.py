"""What an operator does with tenants."""

from dataclasses import dataclass

from linkspan.server.core.refusals import NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import keys as key_rows
from linkspan.server.store import tenants as tenant_rows
from linkspan.server.store.driver import Tx


@dataclass(frozen=True, slots=True)
class Tenant:
    """Somebody with keys, in one mode."""

    scope: Scope
    version: str | None
    """The API version of requests that name none; the server's where none was chosen."""


async def list_(tx: Tx) -> list[Tenant]:
    """Return everybody who has, or had, a key."""
    scopes = dict.fromkeys(key.scope for key in await key_rows.everybodys(tx))
    return [Tenant(scope, await tenant_rows.version_of(tx, scope)) for scope in scopes]


async def version_of(tx: Tx, context: Context, scope: Scope) -> str:
    """Return the API version somebody speaks by default; a connected account speaks its platform's."""
    platform = await context.platforms.of(tx, scope)
    owner = scope if platform is None else Scope(platform, scope.livemode)
    return await tenant_rows.version_of(tx, owner) or context.version


async def check(tx: Tx, scope: Scope) -> None:
    """Refuse a tenant that never had a key in this mode."""
    if all(known.scope != scope for known in await list_(tx)):
        raise NoSuchObject("tenant with keys of this mode", scope.tenant, param="tenant")


async def choose_version(tx: Tx, scope: Scope, version: str) -> Tenant:
    """Let the requests of a tenant be of *version* unless they name another."""
    await check(tx, scope)
    await tenant_rows.set_version(tx, scope, version)
    return Tenant(scope, version)
