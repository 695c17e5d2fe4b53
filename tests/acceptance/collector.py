"""A collector of spans: what listens where OpenTelemetry's environment points."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """One span as it came over the wire."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    seconds: float
    is_error: bool
    says: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]]
    service: str


@dataclass
class Collector:
    """Where spans are sent, and what came."""

    url: str
    spans: list[Span] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


def read(body: bytes) -> Iterator[Span]:
    request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        service = said(resource.resource.attributes)["service.name"]
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            yield Span(
                name=span.name,
                kind=span.kind,
                trace=span.trace_id.hex(),
                id=span.span_id.hex(),
                parent=span.parent_span_id.hex(),
                seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
                is_error=span.status.code == 2,
                says=said(span.attributes),
                events=[(event.name, said(event.attributes)) for event in span.events],
                service=service,
            )


def said(attributes: Any) -> dict[str, Any]:  # Any: protobuf makes its classes as it runs
    """Attributes by name."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                collector.raw.append(body)
                collector.headers.append({name.lower(): value for name, value in self.headers.items()})
                collector.spans.extend(read(body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
