"""HTTP inside one process: what a browser sends, what a bank is asked, and the faults of both."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import anyio
import msgspec

from linkspan.server.connectors.failures import InstitutionTimeout, InstitutionUnavailable
from linkspan.server.connectors.http import Request, Response

PATIENCE: Final = 25.0
"""Seconds after which nobody waits for a bank's answer any more."""

App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


class TooSlow(Exception):
    """A bank thinks for longer than anybody waits."""


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def anonymous(self) -> bytes:
        """The body without the request's own id, which no two answers share."""
        return self.body.replace(self.header("request-id").encode(), b"req_")

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def scope_of(method: str, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """An ASGI scope for *url*."""
    parts = urlsplit(url)
    return {
        "type": "http",
        # From 2.4 on nobody has to listen for the end of a connection to know of it.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ],
        "server": (parts.hostname, 443),
        "client": ("127.0.0.1", 50_000),
    }


async def ask(
    app: App, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Carry out one exchange and return the whole answer."""
    start: dict[str, Any] = {}
    chunks: list[bytes] = []
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert not start, "an answer begins once"
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope_of(method, url, headers or {}), receive, send)
    named = tuple((name.decode(), value.decode()) for name, value in start["headers"])
    return Answer(start["status"], named, b"".join(chunks))


@asynccontextmanager
async def stream(
    app: App, url: str, headers: Mapping[str, str]
) -> AsyncIterator[anyio.abc.ObjectReceiveStream[bytes]]:
    """Open *url* and hand out the parts of its body as they come, until the block or the body ends."""
    writer, reader = anyio.create_memory_object_stream[bytes](100)
    asked = ended = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await anyio.sleep_forever()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal ended
        ended = message["type"] == "http.response.body" and not message.get("more_body")
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        elif message.get("body"):
            await writer.send(message["body"])

    async def run() -> None:
        async with writer:
            await app(scope_of("GET", url, headers), receive, send)
            assert ended, "an answer that was begun is ended"

    async with anyio.create_task_group() as tasks, reader:
        tasks.start_soon(run)
        yield reader
        tasks.cancel_scope.cancel()


Deliver: TypeAlias = Callable[[Request], Awaitable[Response]]
Fault: TypeAlias = Callable[[Request, Deliver], Awaitable[Response]]


async def down(request: Request, _deliver: Deliver) -> Response:
    """Nobody is there."""
    raise InstitutionUnavailable(f"{request.host} could not be reached")


async def failing(_request: Request, _deliver: Deliver) -> Response:
    """Somebody is there and unwell."""
    return Response(status=503)


async def silent(request: Request, deliver: Deliver) -> Response:
    """What was asked is done, but the answer never arrives."""
    await deliver(request)
    raise InstitutionTimeout(f"{request.host} did not answer in time")


@dataclass
class Wire:
    """The server's way to the bank: every exchange is kept, and any path may have a fault."""

    bank: App
    faults: dict[str, Fault] = field(default_factory=dict)
    """By the end of the path."""
    asked: list[Request] = field(default_factory=list)
    answered: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """JSON answers by path, as the bank sent them."""

    async def send(self, request: Request) -> Response:
        self.asked.append(request)
        path = urlsplit(request.url).path
        fault = next((fault for end, fault in self.faults.items() if path.endswith(end)), None)
        return await self._deliver(request) if fault is None else await fault(request, self._deliver)

    async def _deliver(self, request: Request) -> Response:
        try:
            answer = await ask(self.bank, request.method, request.url, request.headers, request.body)
        except TooSlow:
            raise InstitutionTimeout(f"{request.host} did not answer in time") from None
        if answer.header("content-type") == "application/json":
            self.answered[urlsplit(request.url).path].append(answer.json())
        return Response(status=answer.status, headers=dict(answer.headers), body=answer.body)

    def count(self, end: str) -> int:
        """How often paths with this end were asked for."""
        return sum(urlsplit(request.url).path.endswith(end) for request in self.asked)

    def tokens(self) -> list[dict[str, str]]:
        """Every pair of tokens the bank gave."""
        answers = [
            each for path, given in self.answered.items() if path.endswith("/oauth/token") for each in given
        ]
        return [each for each in answers if "access_token" in each]


def query_of(url: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(url).query))
