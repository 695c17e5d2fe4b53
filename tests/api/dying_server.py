"""Answers a request in children that die at a given point of it (run by `test_killed_requests.py`).

The points are the beginning of a transaction, each statement of it, its commit, and its answer.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, TypeVar

from linkspan.server.store.driver import Row, Store, Tx, Value
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.api.conftest import NOON, Clock, done, make_server
from tests.dying import Death, children

T = TypeVar("T")

DATABASE: Final = sys.argv[1]
PATH: Final = sys.argv[2]
FORM: Final = sys.argv[3]


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
            self._death.comes()
            return value

        self._death.comes()
        value = await self._store.write(mortal, claim=claim)
        self._death.comes()
        return value

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        self._store.time_commits(now, note)

    async def take(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.take(work)

    def hear(self, tell: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        return self._store.hear(tell)

    async def aclose(self) -> None:
        await self._store.aclose()


def answer(death: Death) -> None:
    """Answer one request until death comes."""
    is_postgres = DATABASE.startswith("postgresql://")
    store = PostgresStore(DATABASE) if is_postgres else open_store(str(Path(DATABASE)))
    # A clock of its own: what it makes must not have the ids that the retry, or another child, will make.
    server = make_server(store=MortalStore(store, death), clock=Clock(NOON - 1 - int(death.tag)))
    server.post(PATH, FORM.encode(), idempotency_key=death.tag)
    done(store.aclose())


if __name__ == "__main__":
    children(answer)
