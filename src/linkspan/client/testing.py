"""Transports that answer from a function, for tests of programs that use a client."""

from __future__ import annotations

from collections.abc import Callable

from linkspan.client._transport import Request, Response


class FunctionTransport:
    """Answers each request with what *answer* returns or raises."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    def send(self, request: Request, /) -> Response:
        """Return the function's answer to *request*."""
        return self._answer(request)

    def close(self) -> None:
        """Nothing is open."""


class AsyncFunctionTransport:
    """As FunctionTransport, for AsyncClient."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def send(self, request: Request, /) -> Response:
        """Return the function's answer to *request*."""
        return self._answer(request)

    async def close(self) -> None:
        """Nothing is open."""
