"""Standing permissions at institutions, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.objects import InactiveCause
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("authorizations")


@dataclass(frozen=True, slots=True)
class ToRevoke:
    """A permission the bank must be told has ended; its grant is sealed."""

    scope: Scope
    id: str
    institution: str
    granted: bytes
    tries: int
    """How often the bank was told, this time included; no two tries have one number."""
    request: str | None
    """Which one ended the permission; none where a schedule did, or nothing was linked with it."""


@dataclass(frozen=True, slots=True)
class Active:
    """A permission that has not ended; its grant is sealed."""

    id: str
    institution: str
    granted: bytes
    version: int
    """Which of its grants this is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a permission stands."""

    institution: str
    status: str
    inactive_cause: InactiveCause | None
    """Why the bank takes the grant no more; None while it does."""
    rests_until: int
    """Until when the bank wishes not to be asked; in the past where it does not."""


async def insert(tx: Tx, scope: Scope, authorization_id: str, *, institution: str, granted: bytes) -> None:
    """Keep our standing permission at an institution, its grant sealed."""
    values = {
        **key(scope, authorization_id),
        "institution": institution,
        "status": "active",
        "granted": granted,
    }
    await tx.run(_SQL["insert"], values)


async def insert_unused(
    tx: Tx, scope: Scope, authorization_id: str, *, institution: str, granted: bytes
) -> None:
    """Keep a grant nothing was linked with, only to end it at the bank."""
    values = {
        **key(scope, authorization_id),
        "institution": institution,
        "status": "revoking",
        "granted": granted,
    }
    await tx.run(_SQL["insert"], values)


async def mark_revoking(tx: Tx, scope: Scope, authorization_id: str, *, request: str | None = None) -> None:
    """Note that the bank must be told the permission has ended, by *request* if it was one."""
    await tx.run(_SQL["mark_revoking"], {**key(scope, authorization_id), "request": request})


async def to_be_told(tx: Tx, *, now: int) -> list[str]:
    """Return the institutions that are due to be told of permissions that ended, of every tenant."""
    return [institution for (institution,) in await tx.all(_SQL["to_be_told"], {"now": now})]


async def mark_all_revoking(tx: Tx, scope: Scope) -> None:
    """Note that banks must be told that every permission of a tenant has ended."""
    await tx.run(_SQL["mark_all_revoking"], within(scope))


async def to_revoke(tx: Tx, institution: str, *, now: int, limit: int) -> list[ToRevoke]:
    """Return permissions that ended here but perhaps not yet at an institution, of every tenant.

    The try that begins now is counted.
    """
    values: dict[str, Value] = {"institution": institution, "now": now, "limit": limit}
    rows = await tx.all(_SQL["to_revoke"], values)
    return [
        ToRevoke(Scope(tenant, bool(livemode)), authorization_id, institution, granted, tries, request)
        for tenant, livemode, authorization_id, granted, tries, request in rows
    ]


async def put_off(tx: Tx, ended: ToRevoke, *, until: int) -> None:
    """Let nobody try before *until*, unless somebody else tries already."""
    values = {**key(ended.scope, ended.id), "revoke_at": until, "tries": ended.tries}
    await tx.run(_SQL["put_off"], values)


async def revoked(tx: Tx, scope: Scope, authorization_id: str) -> None:
    """Destroy the grant, now that the bank knows."""
    await tx.run(_SQL["revoked"], key(scope, authorization_id))


async def get_active(tx: Tx, scope: Scope, authorization_id: str) -> Active | None:
    """Return a permission that has not ended."""
    row = await tx.one(_SQL["get_active"], key(scope, authorization_id))
    return None if row is None else Active(*row)


async def save_grant(tx: Tx, scope: Scope, authorization_id: str, *, granted: bytes, version: int) -> bool:
    """Replace the grant of a *version* by its successor; false when it is not the current one any more."""
    values = {**key(scope, authorization_id), "granted": granted, "version": version}
    return await tx.run(_SQL["save_grant"], values) == 1


async def renew(tx: Tx, scope: Scope, authorization_id: str, *, granted: bytes) -> None:
    """Take the grant of a new sign-in in the place of the one before."""
    await tx.run(_SQL["renew"], {**key(scope, authorization_id), "granted": granted})


async def get_standing(tx: Tx, scope: Scope, authorization_id: str) -> Standing | None:
    """Return how a permission stands."""
    row = await tx.one(_SQL["get_standing"], key(scope, authorization_id))
    return None if row is None else Standing(*row)


async def let_rest(tx: Tx, scope: Scope, authorization_id: str, *, until: int) -> None:
    """Note that the bank wishes not to be asked until then."""
    await tx.run(_SQL["let_rest"], {**key(scope, authorization_id), "rests_until": until})


async def note_inactive(tx: Tx, scope: Scope, authorization_id: str, cause: str) -> None:
    """Note why the bank takes the grant no more."""
    await tx.run(_SQL["note_inactive"], {**key(scope, authorization_id), "cause": cause})
