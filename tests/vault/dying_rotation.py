"""Rotates the keys of a database and dies at a given transaction of it (run by `test_rotation.py`)."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from linkspan.server.operations import master_key, rotation
from linkspan.server.store.driver import Store, Tx
from tests.dying import Death, children
from tests.vault.sealed_rows import NEW, OLD, context_at

T = TypeVar("T")


class DyingStore:
    """A store that dies before a write, or after it was kept."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self._death = death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        self._death.comes("before")
        value = await self._store.write(work)
        self._death.comes("after")
        return value


def live(death: Death) -> None:
    """Rotate master key and data keys."""
    context = context_at(sys.argv[1], NEW, OLD)

    async def rotate() -> None:
        held = await master_key.hold(context)
        dying: Any = DyingStore(held.store, death)
        await rotation.rotate(replace(held, store=dying), data_keys=True)
        await held.store.aclose()

    asyncio.run(rotate())


if __name__ == "__main__":
    children(live)
