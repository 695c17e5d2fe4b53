"""A program that takes webhooks: a real HTTP server with an address of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

# A server under load may take this long; a test that gets nothing fails here.
WAIT_SECONDS = 20


@dataclass(frozen=True)
class Delivery:
    """One request as it came."""

    body: bytes
    headers: dict[str, str]


@dataclass
class Receiver:
    """What came, in order, and what is answered."""

    url: str
    came: Queue[Delivery] = field(default_factory=Queue)
    status: int = 200

    def next(self) -> Delivery:
        """Wait for the next request."""
        return self.came.get(timeout=WAIT_SECONDS)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")
            receiver.came.put(Delivery(body, headers))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/webhooks")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
