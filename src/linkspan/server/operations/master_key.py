"""Holds a database to the one master key that opens what is in it."""

from linkspan.server.operations.context import Context
from linkspan.server.store import master_keys as master_key_rows
from linkspan.server.store.driver import Tx


class OtherMasterKey(Exception):
    """The database was sealed with another master key than this server has."""


async def check(context: Context) -> None:
    """Hold a new database to this server's key; raise `OtherMasterKey` where it is held to another.

    With another key nothing sealed would open, every client secret would be
    unknown, and what is sealed from now on would be lost to the right key.
    """
    ours = _digest(context)

    async def work(tx: Tx) -> bytes | None:
        await master_key_rows.keep(tx, ours)
        return await master_key_rows.get(tx)

    if await context.store.write(work) != ours:
        raise OtherMasterKey


async def fits(context: Context) -> bool:
    """Tell whether this server's key opens what is in the database, changing nothing."""
    held = await context.store.read(master_key_rows.get)
    return held is None or held == _digest(context)


def _digest(context: Context) -> bytes:
    return context.digests.of(b"master key", "")
