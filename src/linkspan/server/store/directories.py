"""How often the directory has changed, in its one row."""

from typing import Final

from linkspan.server.store.driver import Tx
from linkspan.server.store.statements import load

_SQL: Final = load("directories")


async def generation(tx: Tx) -> int:
    """Return how often the directory has changed; 0 before anything was in it."""
    row = await tx.one(_SQL["generation"], {})
    return 0 if row is None else row[0]


async def change(tx: Tx) -> None:
    """Have whoever holds a copy of the directory read it again."""
    await tx.run(_SQL["change"], {})
