"""How long a Session goes on: more time for whoever is there, an end for what nobody finished."""

from dataclasses import replace
from functools import partial
from typing import Final

from linkspan.server.core.caller import Caller
from linkspan.server.core.linking import MOVES, Fact, next_step
from linkspan.server.core.scope import Scope
from linkspan.server.core.session import EXTENSION_SECONDS, EXTENSIONS_MAX
from linkspan.server.core.session_status import SessionFact, SessionStatus
from linkspan.server.operations import consents, sessions
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.progress import Progress, find
from linkspan.server.operations.whole_sessions import whole
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx

_AT_ONCE: Final = 50
# Whoever looks after a server that stood still for longer learns nothing from old news.
_NEWS_SECONDS: Final = 24 * 60 * 60


async def extend(tx: Tx, context: Context, secret: str) -> Progress:
    """Give a Session more time, where it has not got as much already; so many times and no more."""
    progress = await find(tx, context, secret)
    until = context.world.seconds() + EXTENSION_SECONDS
    is_over = (progress.link.step, Fact.LEFT) not in MOVES
    if is_over or until <= progress.expires_at or progress.extensions >= EXTENSIONS_MAX:
        return progress
    scope, session = progress.scope, progress.session.id
    await session_rows.extend(tx, scope, session, expires_at=until)
    await attempt_rows.extend(tx, scope, session, expires_at=until)
    await consents.extend(tx, scope, session, until=until)
    return replace(progress, expires_at=until, extensions=progress.extensions + 1)


async def is_any_over(tx: Tx, context: Context) -> bool:
    """Tell whether the time of any Session passed while it was under way."""
    return bool(await link_rows.overtaken(tx, now=context.world.seconds(), limit=1))


async def end_over(context: Context) -> int:
    """End the Sessions whose time passed while they were under way; return how many those were."""
    count, now = 0, context.world.seconds()
    while found := await context.store.read(partial(link_rows.overtaken, now=now, limit=_AT_ONCE)):
        for scope, session in found:
            await context.store.write(partial(_end, context=context, scope=scope, session_id=session))
        count += len(found)
    return count


async def _end(tx: Tx, context: Context, scope: Scope, session_id: str) -> None:
    """End one Session, unless somebody was quicker; what was being told is told no more."""
    row, link = (
        await session_rows.get_whole(tx, scope, session_id),
        await link_rows.get(tx, scope, session_id),
    )
    now = context.world.seconds()
    if row is None or link is None or row.expires_at > now or (link.step, Fact.LEFT) not in MOVES:
        return
    session = whole(row)
    if session.status == SessionStatus.PENDING and row.expires_at > now - _NEWS_SECONDS:
        await sessions.end(tx, context, Caller(scope, None), session, SessionFact.EXPIRED)
    await link_rows.save(tx, scope, replace(link, step=next_step(link.step, Fact.LEFT), problem=None))
