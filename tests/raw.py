"""Serve raw bytes for a while, and leave no connection behind.

A server of asyncio that is closed lets its connections be. One whose caller has just hung up is then
still open when the loop ends, and is a warning, so an error, in whatever test comes next.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeAlias

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

# The longest a connection takes to end once its test is over.
SECONDS_MAX: Final = 20.0


@asynccontextmanager
async def serving(
    serve: Serve, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve each connection to a port of *host*, and wait for the last to end on the way out.

    A caller who hangs up, whether over the certificate or in the middle of its request, is no failure.
    """
    under_way: set[asyncio.Task[None]] = set()

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if tls is not None:
                await writer.start_tls(tls)
            await serve(reader, writer)
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(asyncio.create_task(whole(reader, writer)))

    async with await asyncio.start_server(accept, host, 0) as server:
        yield server.sockets[0].getsockname()[1]
    async with asyncio.timeout(SECONDS_MAX):
        await asyncio.gather(*under_way)
