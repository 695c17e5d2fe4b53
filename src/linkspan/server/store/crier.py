"""Carries bells between the processes that share a PostgreSQL database, by LISTEN and NOTIFY.

What a transaction rang is said after it, by a transaction of its own. NOTIFY in
the transaction itself holds a lock of the whole database until that is on disk,
one after another: it halved the writes of a second (docs/decisions/0035).
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final

import asyncpg

from linkspan.server.store.dialect import statement_in_postgres
from linkspan.server.store.statements import load

_CRY, _ = statement_in_postgres(load("engines/postgres")["cry"])
_CHANNEL: Final = "linkspan"
_CONNECT_SECONDS_MAX: Final = 5.0
_LISTEN_AGAIN_SECONDS: Final = 2.0
_UNREACHED: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Crier:
    """Says what rang; what rings while it speaks is said once, when it has finished."""

    __slots__ = ("_connection", "_speaking", "_unsaid")

    def __init__(self, connection: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connection = connection
        self._unsaid: set[str] = set()
        self._speaking: asyncio.Task[None] | None = None

    def cry(self, bell: str) -> None:
        """Say *bell* to every process that listens, this one included."""
        self._unsaid.add(bell)
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._speak())

    async def silent(self) -> None:
        """Return once nothing is left to say."""
        if self._speaking is not None:
            await self._speaking

    async def _speak(self) -> None:
        """Say what is unsaid. Nobody hears it without a database, but finds it when it is back."""
        try:
            while self._unsaid:
                said, self._unsaid = self._unsaid, set()
                async with self._connection() as connection:
                    await connection.executemany(_CRY, [(bell,) for bell in said])
        except _UNREACHED:
            self._unsaid.clear()
        finally:
            self._speaking = None


async def listen(url: str, tell: Callable[[str], None]) -> None:
    """Call *tell* with each bell that is said, on a connection of its own, until cancelled."""
    while True:
        with suppress(*_UNREACHED):  # what is missed is found by looking
            await _listen(url, tell)
        await asyncio.sleep(_LISTEN_AGAIN_SECONDS)


async def _listen(url: str, tell: Callable[[str], None]) -> None:
    """Call *tell* for as long as the connection lasts."""
    connection = await asyncpg.connect(
        url, timeout=_CONNECT_SECONDS_MAX, server_settings={"application_name": "linkspan listening"}
    )
    over = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _connection: over.set())
        await connection.add_listener(_CHANNEL, lambda _connection, _pid, _channel, bell: tell(bell))
        await over.wait()
    finally:
        await connection.close()
