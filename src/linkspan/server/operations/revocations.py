"""Tells banks that a permission has ended, until they know."""

import asyncio
from functools import partial
from typing import Final

from linkspan.server.connectors.base import Grant
from linkspan.server.connectors.failures import ConnectorFailure
from linkspan.server.core.backoff import wait_seconds
from linkspan.server.core.ids import new_id
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store.authorizations import ToRevoke
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# Rung when a bank is to be told, so that the background looks at once.
BELL: Final = __name__
# One sweep speaks with a few banks at once and leaves the rest to the next one.
_AT_ONCE_MAX: Final = 50


async def end(tx: Tx, context: Context, scope: Scope, authorization: str) -> None:
    """End a permission here, now; its bank is told as soon as this is committed.

    Whoever is asking the bank with its grant at this moment stops.
    """
    await authorization_rows.mark_revoking(tx, scope, authorization)
    for name in (authorization, BELL):
        tx.on_commit(partial(context.changes.tell, name))


async def end_unused(tx: Tx, context: Context, scope: Scope, institution: str, granted: bytes) -> None:
    """Keep a grant nothing was linked with, only to end it at the bank."""
    authorization = new_id("fcauth", context.world)
    sealed = context.vault.seal(granted, Place("authorizations", "granted", authorization, scope))
    await authorization_rows.insert_unused(tx, scope, authorization, institution=institution, granted=sealed)
    tx.on_commit(partial(context.changes.tell, BELL))


async def sweep(context: Context) -> int:
    """Revoke grants that ended here; return how many banks still have to be told.

    A grant is destroyed only once its bank confirmed. A bank that is down, or a
    process killed in the middle, leaves it for a later sweep, each time later
    than the last; banks are told side by side, so none waits for another.
    """
    due = await context.store.write(lambda tx: _claim(tx, context))
    told = await asyncio.gather(*(_revoke(context, ended) for ended in due), return_exceptions=True)
    for problem in told:
        if isinstance(problem, BaseException):
            raise problem
    return sum(not is_told for is_told in told)


async def _claim(tx: Tx, context: Context) -> list[ToRevoke]:
    """Take what is due, so that a second process does not tell the same banks."""
    now = context.world.seconds()
    due = await authorization_rows.to_revoke(tx, now=now, limit=_AT_ONCE_MAX)
    for ended in due:
        until = now + wait_seconds(ended.tries + 1)
        await authorization_rows.put_off(tx, ended.scope, ended.id, until=until)
    return due


async def _revoke(context: Context, ended: ToRevoke) -> bool:
    """Ask one bank to forget us; tell whether it has.

    An institution that is no longer configured cannot be told; its grant stays
    sealed until it is configured again.
    """
    institution = context.institutions.get(ended.institution)
    if institution is None:
        return False
    place = Place("authorizations", "granted", ended.id, ended.scope)
    grant = Grant(context.vault.open(ended.granted, place))
    try:
        await context.connectors[institution.connector].end(institution, grant)
    except ConnectorFailure:
        return False
    await context.store.write(lambda tx: authorization_rows.revoked(tx, ended.scope, ended.id))
    return True
