"""Gives tests both clients, each answered by what the test writes."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from linkspan import AsyncClient, Client
from linkspan.client import Request, Response
from linkspan.client.testing import AsyncFunctionTransport, FunctionTransport
from tests.client.wire import BASE, KEY

Answer = Callable[[Request], Response]


@dataclass
class Calls:
    """One client, sync or async, and what it sent."""

    client: Any  # Client and AsyncClient have the same methods; `done` levels what they return.
    done: Callable[[Any], Any]
    sent: list[Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    @property
    def last(self) -> Request:
        """The request sent last."""
        return self.sent[-1]


@pytest.fixture(params=["sync", "async"])
def calling(request: pytest.FixtureRequest) -> Callable[..., Calls]:
    """Makes a client whose requests are answered in turn, or by a function."""

    def make(*answers: Response | Exception | Answer, **changes: Any) -> Calls:
        calls = Calls(None, asyncio.run if request.param == "async" else lambda value: value)
        turn = _in_turn(answers)

        def answer(sent: Request) -> Response:
            calls.sent.append(sent)
            given = next(turn)
            if isinstance(given, Exception):
                raise given
            return given(sent) if callable(given) else given

        settings: dict[str, Any] = {
            "api_key": KEY,
            "base_url": BASE,
            "random_bytes": lambda count: b"\xff" * count,
        } | changes
        if request.param == "async":

            async def sleep(seconds: float) -> None:
                calls.pauses.append(seconds)

            calls.client = AsyncClient(transport=AsyncFunctionTransport(answer), sleep=sleep, **settings)
        else:
            calls.client = Client(transport=FunctionTransport(answer), sleep=calls.pauses.append, **settings)
        return calls

    return make


def _in_turn(answers: tuple[Response | Exception | Answer, ...]) -> Iterator[Response | Exception | Answer]:
    yield from answers
    while True:
        yield answers[-1]
