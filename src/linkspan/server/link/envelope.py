"""Gives every answer but the API's its headers and a log line, and Stripe's shape when it is a refusal."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from linkspan.server.api import errors
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import Refusal
from linkspan.server.core.world import World
from linkspan.server.link import headers
from linkspan.server.telemetry.log import Log
from linkspan.server.telemetry.metrics import Metrics

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

Headers: TypeAlias = list[tuple[bytes, bytes]]

# What the framework answers by itself, such as a 405, comes without any of them.
_PROTECTION: Final = tuple(
    (name.lower().encode(), value.encode()) for name, value in headers.NO_STORE.items()
)


class Envelope:
    """Wraps an ASGI application."""

    def __init__(self, app: App, world: World, log: Log, metrics: Metrics, *, event: str = "link") -> None:
        self._app = app
        self._world = world
        self._log = log
        self._metrics = metrics
        self._event = event

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        started = self._world.now()
        request_id = new_id("req", self._world)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_protected(message["headers"]), (b"request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except Refusal as refusal:
            if status == 0:
                await _answer(send_named, *errors.render(refusal))
        except Exception:  # noqa: BLE001 - the edge: a bug becomes a 500 and a line with its trace
            self._log.bug("bug", request=request_id)
            if status == 0:
                await _answer(send_named, *errors.render_bug(request_id))
        seconds = self._world.now() - started
        route = _route(scope)
        self._metrics.request(route, status, seconds)
        self._log.line(
            self._event,
            request=request_id,
            method=scope["method"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 3),
        )


async def _answer(send: Send, status: int, body: bytes) -> None:
    raw = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _protected(given: Headers) -> Headers:
    """Return *given* with the headers that no answer may lack."""
    names = {name for name, _ in given}
    return [*given, *(header for header in _PROTECTION if header[0] not in names)]


def _route(scope: Message) -> str | None:
    """Return the template that matched: the path itself may hold a one-time word."""
    route = scope.get("route")
    return None if route is None else str(route.path)
