"""Forgets rows that are too old, a few at a time, so that no request waits for it."""

from collections.abc import Awaitable
from typing import Final, Protocol

from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

_AT_ONCE: Final = 500


class Prune(Protocol):
    """Forgets up to *limit* rows and returns how many there were."""

    def __call__(self, tx: Tx, *, limit: int) -> Awaitable[int]:
        """Forget some rows."""
        ...


async def little_by_little(context: Context, prune: Prune) -> int:
    """Forget all that *prune* finds; return how many rows that was."""
    count, pruned = 0, _AT_ONCE
    while pruned == _AT_ONCE:
        pruned = await context.store.write(lambda tx: prune(tx, limit=_AT_ONCE))
        count += pruned
    return count
