"""One structured line per request or job."""

import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import msgspec
import structlog

from linkspan.server.core.world import World
from linkspan.server.telemetry.redact import redact

_encode: Final = msgspec.json.Encoder().encode


def _hide_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Redact every text of a line; the last thing that happens before it is written."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = redact(value)
    return line


def _render(_logger: Any, _method: str, line: Mapping[str, Any]) -> bytes:
    return _encode(line)


def make_log(world: World, stream: BinaryIO | None = None) -> structlog.typing.FilteringBoundLogger:
    """Return a log that writes one JSON object a line to *stream* (standard error)."""

    def stamp(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        at = datetime.fromtimestamp(world.now(), UTC).isoformat(timespec="milliseconds")
        return {"at": at, **line}

    log: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(stream or sys.stderr.buffer),
        processors=[stamp, structlog.processors.format_exc_info, _hide_secrets, _render],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return log
