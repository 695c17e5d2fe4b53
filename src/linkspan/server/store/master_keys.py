"""The digest of the master key a database was sealed with, in its one row."""

from typing import Final

from linkspan.server.store.driver import Tx
from linkspan.server.store.statements import load

_SQL: Final = load("master_keys")


async def get(tx: Tx) -> bytes | None:
    """Return the digest of the key the database is held to; none in a new one."""
    row = await tx.one(_SQL["get"], {})
    return None if row is None else row[0]


async def keep(tx: Tx, digest: bytes) -> None:
    """Hold the database to a key from now on; the first one stays."""
    await tx.run(_SQL["keep"], {"digest": digest})
