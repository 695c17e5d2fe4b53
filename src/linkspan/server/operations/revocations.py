"""Tells banks that a permission has ended, until they know."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from linkspan.server.connectors.base import Grant
from linkspan.server.connectors.failures import ConnectorFailure
from linkspan.server.core.backoff import wait_seconds
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store.authorizations import ToRevoke
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

# Rung when a bank is to be told, so that the background looks at once.
BELL: Final = "revocations"
# A bank has more to do than to hear of what ended.
AT_ONCE_AT_A_BANK: Final = 4
AT_ONCE_IN_ALL: Final = 50


async def end(tx: Tx, context: Context, caller: Caller, authorization: str) -> None:
    """End a permission here, now; its bank is told as soon as this is committed.

    Whoever is asking the bank with its grant at this moment stops.
    """
    await authorization_rows.mark_revoking(tx, caller.scope, authorization, request=caller.request_id)
    # Also where nobody works in the background and so hears of nothing.
    tx.on_commit(partial(context.changes.tell, authorization))
    tx.ring(authorization)
    tx.ring(BELL)


async def end_unused(tx: Tx, context: Context, scope: Scope, institution: str, granted: bytes) -> None:
    """Keep a grant nothing was linked with, only to end it at the bank."""
    authorization = new_id("fcauth", context.world)
    place = Place("authorizations", "granted", authorization, scope)
    sealed = await sealing.seal(tx, context, place, granted)
    await authorization_rows.insert_unused(tx, scope, authorization, institution=institution, granted=sealed)
    tx.ring(BELL)


async def sweep(context: Context) -> int:
    """Tell every bank once of what is due; return how many still have to be told."""
    found = await context.store.read(lambda tx: waiting(tx, context))
    wanted = dict.fromkeys(found, AT_ONCE_IN_ALL)
    due = await context.store.take(lambda tx: claim(tx, context, wanted))
    told = await asyncio.gather(*(revoke(context, ended) for ended in due))
    return sum(fact["outcome"] == "untold" for (fact,) in told)


async def waiting(tx: Tx, context: Context) -> list[str]:
    """Return the institutions that are to be told of something, of every tenant."""
    return await authorization_rows.to_be_told(tx, now=context.world.seconds())


async def claim(tx: Tx, context: Context, wanted: Mapping[str, int]) -> list[ToRevoke]:
    """Take what is due at each institution, so that no other process tells it the same.

    A bank that is down, or a process killed in the middle, leaves it for later,
    each time later than the last.
    """
    now = context.world.seconds()
    due: list[ToRevoke] = []
    for institution, most in wanted.items():
        for ended in await authorization_rows.to_revoke(tx, institution, now=now, limit=most):
            until = now + wait_seconds(ended.tries)
            await authorization_rows.put_off(tx, ended, until=until)
            due.append(ended)
    return due


async def give_back(tx: Tx, context: Context, ended: ToRevoke) -> None:
    """Let somebody else tell a bank at once, since this process did not get to it."""
    await authorization_rows.put_off(tx, ended, until=context.world.seconds())


async def revoke(context: Context, ended: ToRevoke) -> Sequence[Mapping[str, Any]]:
    """Ask one bank to forget us, and destroy the grant once it confirmed; say what came of it.

    An institution that is no longer configured cannot be told; its grant stays
    sealed until it is configured again.
    """
    outcome = "told" if await _revoke(context, ended) else "untold"
    return [
        {
            "request": ended.request,
            "tenant": ended.scope.tenant,
            "authorization": ended.id,
            "institution": ended.institution,
            "attempt": ended.tries,
            "outcome": outcome,
        }
    ]


async def _revoke(context: Context, ended: ToRevoke) -> bool:
    """Ask one bank to forget us; tell whether it has."""
    institution = context.institutions.get(ended.institution)
    if institution is None:
        return False
    place = Place("authorizations", "granted", ended.id, ended.scope)
    grant = Grant(await sealing.opened_alone(context, place, ended.granted))
    try:
        await context.connectors[institution.connector].end(institution, grant)
    except ConnectorFailure:
        return False
    await context.store.write(lambda tx: authorization_rows.revoked(tx, ended.scope, ended.id))
    return True
