"""Forgets the answers to idempotency keys that nobody may ask for again."""

from functools import partial
from typing import Final

from linkspan.server.operations import pruning
from linkspan.server.operations.context import Context
from linkspan.server.store import idempotency as idempotency_rows

KEPT_SECONDS: Final = 24 * 60 * 60


async def prune(context: Context) -> int:
    """Forget every answer older than a day; return how many there were."""
    not_after = context.world.seconds() - KEPT_SECONDS
    return await pruning.little_by_little(context, partial(idempotency_rows.prune, not_after=not_after))
