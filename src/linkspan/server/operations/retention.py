"""Erases what is older than an operator wants to keep."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from linkspan.server.core.ids import first_id_of
from linkspan.server.core.retention import Retention
from linkspan.server.core.scope import Scope
from linkspan.server.operations import deletions, pruning
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import consents as consent_rows
from linkspan.server.store import erasing

_READ_AT_ONCE: Final = 500
_FIRST: Final = (Scope("", livemode=False), "")
# A token is for one use, at once.
_TOKENS_SECONDS: Final = 24 * 60 * 60


async def carry_out(context: Context, retention: Retention) -> int:
    """Erase what is too old by now; return how many rows that was."""
    now, count = context.world.seconds(), 0
    count += await _erase_tokens(context, made_before=now - _TOKENS_SECONDS)
    if retention.consents is not None:
        prune = partial(consent_rows.prune, not_after=now - retention.consents)
        count += await pruning.little_by_little(context, prune)
    if retention.transactions is not None:
        count += await _erase_transactions(context, at=now - retention.transactions)
    if retention.links is not None:
        count += await _erase_links(context, made_before=now - retention.links)
    return count


async def carry_out_chosen(context: Context) -> int:
    """Erase what is older than this server's operator wants to keep."""
    return await carry_out(context, context.retention)


async def _erase_tokens(context: Context, *, made_before: int) -> int:
    count = 0
    async for scope, token in _older(context, "tokens", first_id_of("btok", made_before)):
        erase = partial(erasing.erase, scope=scope, table="tokens", column="id", value=token)
        count += await context.store.write(erase)
    return count


async def _erase_transactions(context: Context, *, at: int) -> int:
    count = 0
    async for scope, account in _older(context, "accounts", first_id_of("fca", context.world.seconds() + 1)):
        erase = partial(erasing.erase_moved_before, scope=scope, account=account, at=at)
        count += await context.store.write(erase)
    return count


async def _erase_links(context: Context, *, made_before: int) -> int:
    """Erase Sessions that are long over, with their accounts, unless any of these is connected still."""
    count = 0
    async for scope, session in _older(context, "sessions", first_id_of("fcsess", made_before)):
        if not await context.store.read(partial(account_rows.is_any_connected, scope=scope, session=session)):
            count += await deletions.erase_session(context, scope, session)
    return count


async def _older(context: Context, table: str, before: str) -> AsyncIterator[tuple[Scope, str]]:
    """Yield the rows of everybody whose ids were made before one; ids follow time."""
    after = _FIRST
    while found := await context.store.read(
        partial(erasing.everybodys, table=table, after=after, limit=_READ_AT_ONCE)
    ):
        after = found[-1]
        for scope, row in found:
            if row < before:
                yield scope, row
