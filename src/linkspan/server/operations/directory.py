"""Keeps one server's copy of the directory, beside what its operator configured."""

import asyncio
from collections.abc import Sequence

from linkspan.server.core.catalog import Catalog
from linkspan.server.core.listed import Listed
from linkspan.server.store import directories as directory_rows
from linkspan.server.store import institutions as institution_rows
from linkspan.server.store.driver import Store, Tx
from linkspan.server.store.institutions import Entry


class Directory:
    """A copy that is read again once the directory in the store has changed."""

    __slots__ = ("_catalog", "_generation", "_reading")

    def __init__(self) -> None:
        self._catalog = Catalog(())
        self._generation = -1
        self._reading = asyncio.Lock()

    async def catalog(self, store: Store, configured: Sequence[Listed]) -> Catalog:
        """Return the directory as it is now, with *configured* first.

        Its index is made beside the event loop: ten thousand rows take a while.
        """
        if await self._is_old(store):
            async with self._reading:
                if await self._is_old(store):
                    generation, entries = await store.read(_read)
                    listed = [entry.listed for entry in entries if entry.gone_at is None]
                    self._catalog = await asyncio.to_thread(_made, configured, listed)
                    self._generation = generation
        return self._catalog

    async def _is_old(self, store: Store) -> bool:
        return await store.read(directory_rows.generation) != self._generation


async def _read(tx: Tx) -> tuple[int, list[Entry]]:
    return await directory_rows.generation(tx), await institution_rows.all_(tx)


def _made(configured: Sequence[Listed], listed: Sequence[Listed]) -> Catalog:
    catalog = Catalog.of(configured, listed)
    _ = catalog.index
    return catalog
