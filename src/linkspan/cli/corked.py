"""Writes what a connection answers in one turn of the event loop with one system call."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Cork:
    """A transport that holds what is written until the turn ends.

    uvicorn writes the head of an answer and its body apart, and uvloop hands
    each to the kernel at once: on the way of a small answer that call is the
    most expensive one.
    """

    __slots__ = ("_loop", "_pending", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pending: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # everything else is the transport's own
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold *data* until the turn ends."""
        if not self._pending:
            self._loop.call_soon(self._flush)
        self._pending.append(data)

    def close(self) -> None:
        """Write what is held, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending and not self._transport.is_closing():
            self._transport.write(b"".join(pending))


class CorkedHttp(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with fewer system calls."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection whose answers are written once a turn."""
        cork = Cork(cast("asyncio.Transport", transport), self.loop)
        super().connection_made(cast("asyncio.Transport", cork))
