"""Makes spans for OpenTelemetry out of what a server does, around parts that know nothing of it.

Imported only where `OTEL_EXPORTER_OTLP_ENDPOINT` or its twin for traces is set.
A span says what the log line written in it says, in which secrets are hidden
already (docs/decisions/0032).
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, BinaryIO, Final

from msgspec.structs import asdict
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer, get_current_span

from linkspan.server.core.world import World
from linkspan.server.telemetry.log import Log, RequestLine
from linkspan.server.telemetry.metrics import Metrics
from linkspan.server.telemetry.untraced import (
    A_co,
    App,
    Message,
    Q_contra,
    Receive,
    Send,
    Untraced,
    Way,
)

_NAME: Final = "linkspan"
_NANOSECONDS: Final = 1_000_000_000
_SERVER_ERRORS: Final = 500
# OpenTelemetry's semantic conventions for HTTP; what they have no word for is ours.
_WORDS: Final[Mapping[str, str]] = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
}
# Said by the span itself, or too long for one.
_LEFT_OUT: Final = frozenset({"at", "event", "exception", "milliseconds"})


class Traces(Untraced):
    """Puts spans around every part."""

    def __init__(self, tracer: Tracer, world: World) -> None:
        # What an exception says may be secret, and is logged with that hidden.
        self._span = partial(
            tracer.start_as_current_span, record_exception=False, set_status_on_exception=False
        )
        self._tracer = tracer
        self._world = world

    def app(self, app: App) -> App:
        """Return *app* with a span for each request, which goes on with the caller's trace."""

        async def traced(scope: Message, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            told = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            with self._span("request", extract(told), SpanKind.SERVER):
                await app(scope, receive, send)

        return traced

    def log(self, world: World, stream: BinaryIO | None = None) -> Log:
        """Return a log whose lines are told to the spans they are written in."""
        made = _TracedLog(self._span, world, stream)
        _sdk.handlers = [_Problems(made)]
        return made

    def metrics(self) -> Metrics:
        """Return metrics that make a span of each commit."""
        return _TracedMetrics(self._tracer, self._world)

    def way(self, way: Way[Q_contra, A_co]) -> Way[Q_contra, A_co]:
        """Return *way* with a span for each request that leaves."""
        return _TracedWay(self._span, way)


@contextmanager
def exporting(environment: Mapping[str, str], world: World) -> Iterator[Traces]:
    """Send spans where *environment* says, as the SDK reads it; what is left is sent at the end."""
    is_named = "OTEL_SERVICE_NAME" in environment or "service.name=" in environment.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    resource = Resource.create({} if is_named else {SERVICE_NAME: _NAME})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    try:
        yield Traces(provider.get_tracer(_NAME), world)
    finally:
        provider.shutdown()
        _sdk.handlers = []


_sdk: Final = logging.getLogger("opentelemetry")


class _Problems(logging.Handler):
    """Says in a log line what the SDK could not do."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one problem down."""
        self._log.line("traces", problem=record.getMessage())


class _TracedLog(Log):
    """Tells the span that is current what a line says."""

    __slots__ = ("_span",)

    def __init__(self, span: Any, world: World, stream: BinaryIO | None) -> None:
        super().__init__(world, stream)
        self._span = span

    def unit(self, name: str) -> AbstractContextManager[object]:
        """Return a span of its own for what is logged within."""
        unit: AbstractContextManager[object] = self._span(name)
        return unit

    def _write(self, line: RequestLine | dict[str, Any]) -> None:
        super()._write(line)
        span = get_current_span()
        if not span.is_recording():
            return
        facts = line if isinstance(line, dict) else asdict(line)
        said = {
            _WORDS.get(name, f"{_NAME}.{name}"): value
            for name, value in facts.items()
            if name not in _LEFT_OUT and isinstance(value, str | int | float)
        }
        if facts["event"] == "job":  # there may be several in one span
            span.add_event("job", said)
        else:
            span.set_attributes(said)
        if facts.get("route"):
            span.update_name(f"{facts['method']} {facts['route']}")
        status = facts.get("status")
        if facts.get("level") == "error" or (isinstance(status, int) and status >= _SERVER_ERRORS):
            span.set_status(StatusCode.ERROR)


class _TracedMetrics(Metrics):
    """Makes a span of each commit."""

    def __init__(self, tracer: Tracer, world: World) -> None:
        super().__init__()
        self._tracer = tracer
        self._world = world

    def commit(self, seconds: float) -> None:
        """Count a commit that has just ended."""
        super().commit(seconds)
        ended = self._world.now()
        span = self._tracer.start_span("commit", start_time=int((ended - seconds) * _NANOSECONDS))
        span.end(int(ended * _NANOSECONDS))


class _TracedWay:
    """Makes a span of each request that leaves, with whom it asked and what the answer meant."""

    def __init__(self, span: Any, way: Way[Any, Any]) -> None:
        self._span = span
        self._way = way

    async def send(self, request: Any) -> Any:
        """Send *request* and return the answer."""
        asked = {"http.request.method": request.method, "server.address": request.host}
        with self._span(f"{request.method} {request.host}", None, SpanKind.CLIENT, asked) as span:
            try:
                answer = await self._way.send(request)
            except Exception as failure:
                span.set_attribute("error.type", type(failure).__name__)
                span.set_status(StatusCode.ERROR)
                raise
            span.set_attribute("http.response.status_code", answer.status)
            return answer
