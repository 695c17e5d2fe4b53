"""One structured line per request or job."""

import asyncio
import sys
import traceback
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import msgspec

from linkspan.server.core.version import NEWEST
from linkspan.server.core.world import World
from linkspan.server.telemetry.redact import redact

_encoder: Final = msgspec.json.Encoder()

_PLAIN: Final = nullcontext()

# What we wrote ourselves, and so holds no secret; every other text is redacted.
_OURS: Final = frozenset({"at", "event", "method", "request", "route", "tenant", "version"})


class RequestLine(msgspec.Struct, kw_only=True):
    """The line of a request of the API, filled in as it is answered; all is ours, so nothing is redacted.

    A struct, because gathering these fields in a dict and looking through them
    for secrets took as long as three look-ups of the route.
    """

    at: str = ""
    event: str = "request"
    request: str
    method: str
    route: str | None = None
    status: int = 500
    milliseconds: float = 0.0
    tenant: str | None = None
    version: str = NEWEST


class Log:
    """Writes one JSON object a line to *stream*.

    A logging framework was weighed (docs/decisions): its pipeline cost more
    than the whole rest of a request.
    """

    __slots__ = ("_lines", "_second", "_second_text", "_stream", "_world")

    def __init__(self, world: World, stream: BinaryIO | None = None) -> None:
        self._world = world
        self._stream = stream or sys.stderr.buffer
        self._lines: list[RequestLine | msgspec.Raw] = []
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
        self._write({"at": self._text_of(self._world.now()), "event": event, **fields})

    def request(self, line: RequestLine, now: float) -> None:
        """Write which request was answered at the instant *now*."""
        line.at = self._text_of(now)
        self._write(line)

    def _write(self, line: RequestLine | dict[str, Any]) -> None:
        # Others' words are spelled at once, so that what cannot be is refused where it came from.
        self._lines.append(msgspec.Raw(_encoder.encode(line)) if isinstance(line, dict) else line)
        if len(self._lines) == 1:
            self._flush_later()

    def _flush_later(self) -> None:
        """Let the lines of one turn of the event loop be written together; without one, write now."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._flush()
        else:
            loop.call_soon(self._flush)

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        self._stream.write(_encoder.encode_lines(lines))
        self._stream.flush()

    def bug(self, event: str, **fields: Any) -> None:
        """Write where the exception being handled came from, secrets in its text hidden."""
        self.line(event, level="error", exception=traceback.format_exc(), **fields)

    def _text_of(self, now: float) -> str:
        """Return an instant in ISO 8601; only the milliseconds are written anew each time."""
        second = int(now)
        if second != self._second:
            self._second = second
            self._second_text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second_text}.{int((now - second) * 1000):03d}Z"
