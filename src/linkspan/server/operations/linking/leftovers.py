"""Ends the grants that people left behind: they signed in at a bank, and chose no account in time."""

from collections.abc import Container
from functools import partial
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.operations import revocations
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import ways
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store.driver import Tx

_AT_ONCE: Final = 50


async def is_any(tx: Tx, context: Context) -> bool:
    """Tell whether anything was left behind."""
    return bool(await attempt_rows.left_behind(tx, now=context.world.seconds(), limit=1))


async def carry_out(context: Context) -> int:
    """Let banks be told of what was left behind; return how many grants that was."""
    count, now = 0, context.world.seconds()
    while found := await context.store.read(partial(attempt_rows.left_behind, now=now, limit=_AT_ONCE)):
        for scope, attempt in found:
            await context.store.write(partial(_end, context=context, scope=scope, attempt_id=attempt))
        count += len(found)
    return count


async def end_all(tx: Tx, context: Context, scope: Scope, *, sessions: Container[str] | None = None) -> None:
    """End what a tenant's people may still choose from, in some Sessions or in all."""
    for attempt, session in await attempt_rows.found_of(tx, scope):
        if sessions is None or session in sessions:
            await _end(tx, context, scope, attempt)


async def _end(tx: Tx, context: Context, scope: Scope, attempt_id: str) -> None:
    attempt = await attempt_rows.get(tx, scope, attempt_id)
    if attempt is None or attempt.status != "found":
        return  # somebody else was quicker
    granted = await ways.granted_of(tx, context, attempt)
    await revocations.end_unused(tx, context, scope, attempt.institution, granted)
    await attempt_rows.void_others(tx, scope, attempt.session)
