"""Tells banks that a permission has ended, until they know."""

from typing import Final

from linkspan.server.connectors.base import Grant
from linkspan.server.connectors.failures import ConnectorFailure
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.vault.sealed import Place

# One sweep speaks with a few banks and leaves the rest to the next one.
_SWEEP_MAX: Final = 50


async def sweep(context: Context) -> int:
    """Revoke grants that ended here; return how many banks still have to be told.

    A grant is destroyed only once its bank confirmed, so a bank that is down,
    or a process killed in the middle, leaves it for the next sweep.
    """
    waiting = await context.store.read(lambda tx: authorization_rows.to_revoke(tx, limit=_SWEEP_MAX))
    left = 0
    for ended in waiting:
        left += not await _revoke(context, ended)
    return left


async def _revoke(context: Context, ended: authorization_rows.ToRevoke) -> bool:
    """Ask one bank to forget us; tell whether it has."""
    institution = context.institutions.get(ended.institution)
    if institution is not None:
        place = Place("authorizations", "granted", ended.id, ended.scope)
        grant = Grant(context.vault.open(ended.granted, place))
        try:
            await context.connectors[institution.connector].end(institution, grant)
        except ConnectorFailure:
            return False
    await context.store.write(lambda tx: authorization_rows.revoked(tx, ended.scope, ended.id))
    return True
