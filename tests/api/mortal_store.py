"""A store that dies at a given point of a write, and a clock that goes on while it lives."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from linkspan.server.store.driver import Row, Store, Tx, Value
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.api.conftest import Clock
from tests.dying import Death

T = TypeVar("T")

COMMIT: Final = "commit"
"""Why death comes right before a commit, and right after it."""


def store_at(database: str) -> Store:
    """The store at the address of a PostgreSQL database, or in a file."""
    return PostgresStore(database) if "://" in database else open_store(str(Path(database)))


@dataclass
class Running(Clock):
    """A clock that was set once and goes on by itself."""

    set_at: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return self.now + time.monotonic() - self.set_at


class MortalTx:
    """A transaction whose every statement is a point to die at."""

    def __init__(self, tx: Tx, death: Death) -> None:
        self._tx = tx
        self._death = death

    async def one(self, statement: str, values: Mapping[str, Value]) -> Row | None:
        self._death.comes()
        return await self._tx.one(statement, values)

    async def all(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        self._death.comes()
        return await self._tx.all(statement, values)

    async def run(self, statement: str, values: Mapping[str, Value]) -> int:
        self._death.comes()
        return await self._tx.run(statement, values)

    async def run_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> None:
        self._death.comes()
        await self._tx.run_each(statement, many)

    async def all_each(self, statement: str, many: Sequence[Mapping[str, Value]]) -> list[Row]:
        self._death.comes()
        return await self._tx.all_each(statement, many)

    def on_commit(self, tell: Callable[[], None]) -> None:
        self._tx.on_commit(tell)

    def ring(self, bell: str) -> None:
        self._tx.ring(bell)


class MortalStore:
    """A store that may die before a transaction begins, in it, before its commit and after."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self._death = death

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.read(work)

    async def write(self, work: Callable[[Tx], Awaitable[T]], *, claim: str | None = None) -> T:
        async def mortal(tx: Tx) -> T:
            value = await work(MortalTx(tx, self._death))
            self._death.comes(COMMIT)
            return value

        self._death.comes()
        value = await self._store.write(mortal, claim=claim)
        self._death.comes(COMMIT)
        return value

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        self._store.time_commits(now, note)

    async def take(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.take(work)

    def hear(self, tell: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        return self._store.hear(tell)

    async def aclose(self) -> None:
        await self._store.aclose()
