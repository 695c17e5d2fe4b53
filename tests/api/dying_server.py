"""Answers a request in a child that dies at a given point of it (run by `test_killed_requests.py`).

Reads which point from each line of standard input, counted from 1, and answers
with the child's exit code: -9 while there was such a point. The points are the
beginning of a transaction, each statement of it, its commit, and its answer.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from linkspan.server.store.driver import Row, Store, Tx, Value
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.api.conftest import NOON, Clock, done, make_server

T = TypeVar("T")

DATABASE: Final = sys.argv[1]
PATH: Final = sys.argv[2]
FORM: Final = sys.argv[3]


class Death:
    """Kills this process at the point it was set to."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._points = count(1)

    def comes(self) -> None:
        """Count one point."""
        if next(self._points) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


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

    async def claim(self, name: str) -> bool:
        self._death.comes()
        return await self._tx.claim(name)

    def on_commit(self, tell: Callable[[], None]) -> None:
        self._tx.on_commit(tell)


class MortalStore:
    """A store that may die before a transaction begins, in it, before its commit and after."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self._death = death

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._store.read(work)

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        async def mortal(tx: Tx) -> T:
            value = await work(MortalTx(tx, self._death))
            self._death.comes()
            return value

        self._death.comes()
        value = await self._store.write(mortal)
        self._death.comes()
        return value

    async def aclose(self) -> None:
        await self._store.aclose()


def answer(point: int) -> None:
    """Answer one request, dying at *point*."""
    is_postgres = DATABASE.startswith("postgresql://")
    store = PostgresStore(DATABASE) if is_postgres else open_store(str(Path(DATABASE)))
    # A clock of its own: what it makes must not have the ids that the retry will make.
    server = make_server(store=MortalStore(store, Death(point)), clock=Clock(NOON - 1))
    server.post(PATH, FORM.encode(), idempotency_key=f"point-{point}")
    done(store.aclose())


def main() -> None:
    """Let one child after another die."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            answer(int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
