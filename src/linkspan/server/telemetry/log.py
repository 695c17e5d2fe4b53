"""One structured line per request or job."""

import asyncio
import sys
import traceback
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import msgspec

from linkspan.server.core.world import World
from linkspan.server.telemetry.redact import redact

_encode: Final = msgspec.json.Encoder().encode

_PLAIN: Final = nullcontext()

# What we wrote ourselves, and so holds no secret; every other text is redacted.
_OURS: Final = frozenset({"at", "event", "method", "request", "route", "tenant", "version"})


class RequestLine(msgspec.Struct, kw_only=True):
    """The line of an answered request of the API; all of it is ours, so nothing is redacted.

    A struct, because gathering these fields in a dict and looking through them
    for secrets took as long as three look-ups of the route.
    """

    at: str = ""
    event: str = "request"
    request: str
    method: str
    route: str | None
    status: int
    milliseconds: float
    tenant: str | None
    version: str


class Log:
    """Writes one JSON object a line to *stream*.

    A logging framework was weighed (docs/decisions): its pipeline cost more
    than the whole rest of a request.
    """

    __slots__ = ("_is_flush_due", "_second", "_second_text", "_stream", "_world")

    def __init__(self, world: World, stream: BinaryIO | None = None) -> None:
        self._world = world
        self._stream = stream or sys.stderr.buffer
        self._is_flush_due = False
        self._second = -1
        self._second_text = ""

    def unit(self, _name: str) -> AbstractContextManager[object]:
        """Lend what a piece of work is done in, by which traces tell its lines from others'."""
        return _PLAIN

    def line(self, event: str, **fields: Any) -> None:
        """Write what happened."""
        for name, value in fields.items():
            if name not in _OURS and isinstance(value, str):
                fields[name] = redact(value)
        self._write({"at": self._now(), "event": event, **fields})

    def request(self, line: RequestLine) -> None:
        """Write which request was answered."""
        line.at = self._now()
        self._write(line)

    def _write(self, line: RequestLine | dict[str, Any]) -> None:
        self._stream.write(_encode(line) + b"\n")
        if not self._is_flush_due:
            self._flush_later()

    def _flush_later(self) -> None:
        """Let the lines of one turn of the event loop share a system call; outside of a loop, flush now."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._stream.flush()
        else:
            self._is_flush_due = True
            loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flush_due = False
        self._stream.flush()

    def bug(self, event: str, **fields: Any) -> None:
        """Write where the exception being handled came from, secrets in its text hidden."""
        self.line(event, level="error", exception=traceback.format_exc(), **fields)

    def _now(self) -> str:
        """Return the instant in ISO 8601; only the milliseconds are written anew each time."""
        now = self._world.now()
        second = int(now)
        if second != self._second:
            self._second = second
            self._second_text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second_text}.{int((now - second) * 1000):03d}Z"
