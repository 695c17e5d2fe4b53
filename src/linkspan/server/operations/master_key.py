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
    ours = context.digests.of(b"master key", "")

    async def work(tx: Tx) -> bytes | None:
        await master_key_rows.keep(tx, ours)
        return await master_key_rows.get(tx)

    if await context.store.write(work) != ours:
        raise OtherMasterKey
