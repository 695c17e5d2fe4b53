"""The seam between the client and the network: one request in, one response out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent. The headers hold the API key, so they never show in a repr."""

    method: Literal["DELETE", "GET", "POST"]
    url: str
    headers: Mapping[str, str]
    body: str | None = None

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. The body may hold a client secret, so it never shows in a repr."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the header *name*, which is written in lower case."""
        return self.headers.get(name)

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"


class Transport(Protocol):
    """Carries one request to the server.

    `send` raises APIConnectionError when no complete answer arrives. It
    follows no redirect and tries nothing twice.
    """

    def send(self, request: Request, /) -> Response:
        """Return the server's answer to *request*."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


class AsyncTransport(Protocol):
    """As Transport, for an event loop."""

    async def send(self, request: Request, /) -> Response:
        """Return the server's answer to *request*."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
