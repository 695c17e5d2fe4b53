"""Answers one request, and holds it before its commit until told to go on (run by `test_rivals.py`)."""

import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, TypeVar

from linkspan.server.store.driver import Store, Tx
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.api.conftest import NOON, Clock, done, make_server

T = TypeVar("T")

DATABASE: Final = sys.argv[1]
KEY: Final = sys.argv[2]


class HeldStore:
    """A store whose writes say that they are under way, and wait."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.read(work)

    async def write(self, work: Callable[[Tx], Awaitable[T]], *, claim: str | None = None) -> T:
        async def held(tx: Tx) -> T:
            value = await work(tx)
            sys.stdout.write("under way\n")
            sys.stdout.flush()
            sys.stdin.readline()
            return value

        return await self._store.write(held, claim=claim)

    def time_commits(self, now: Callable[[], float], note: Callable[[float], None]) -> None:
        self._store.time_commits(now, note)

    async def take(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.take(work)

    def hear(self, tell: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        return self._store.hear(tell)

    async def aclose(self) -> None:
        await self._store.aclose()


if __name__ == "__main__":
    is_postgres = DATABASE.startswith("postgresql://")
    store = PostgresStore(DATABASE) if is_postgres else open_store(str(Path(DATABASE)))
    # A clock of its own: what it makes must not have the ids that its rival makes.
    server = make_server(store=HeldStore(store), clock=Clock(NOON - 1))
    sys.stdout.write(f"{server.post('/v1/customers', b'name=Jenny', idempotency_key=KEY).status}\n")
    done(store.aclose())
