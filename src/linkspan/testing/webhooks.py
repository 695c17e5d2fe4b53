"""Captures webhooks: an endpoint on this machine, whose signatures are checked as a program's would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from linkspan.client import Client
from linkspan.objects import Event
from linkspan.webhooks import SignatureVerificationError, Webhook

_WAIT_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.02


class NothingCame(AssertionError):
    """No webhook of the kind came in time; the message says what did."""


class Inbox:
    """What came so far, in order; each event can be taken once."""

    def __init__(self, url: str) -> None:
        self.url: Final = url
        """Where the server sends them."""
        self._came: list[Event] = []
        self._taken: set[int] = set()
        self._change = threading.Condition()

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that came, taken or not."""
        with self._change:
            return tuple(self._came)

    def next(self, event_type: str | None = None, *, seconds: float = _WAIT_SECONDS) -> Event:
        """Take the first event of a type, or of any, waiting for it up to *seconds*."""
        until = time.monotonic() + seconds
        with self._change:
            while (place := self._first(event_type)) is None:
                left = until - time.monotonic()
                if left <= 0:
                    raise NothingCame(self._missed(event_type))
                self._change.wait(left)
            self._taken.add(place)
            return self._came[place]

    def put(self, event: Event) -> None:
        """Take in what came."""
        with self._change:
            self._came.append(event)
            self._change.notify_all()

    def _first(self, event_type: str | None) -> int | None:
        fitting = (place for place, one in enumerate(self._came) if event_type in {None, one.type})
        return next((place for place in fitting if place not in self._taken), None)

    def _missed(self, event_type: str | None) -> str:
        came = ", ".join(event.type for event in self._came) or "nothing"
        return f"No {event_type or 'webhook'} came that was not taken before. These came: {came}."


@contextmanager
def capturing(client: Client, *types: str) -> Iterator[Inbox]:
    """Lend an inbox for webhooks of *types*, or of all, that the tenant of *client* is owed from now on.

    The endpoint is one of the API's, on a free port of this machine. What comes
    with a wrong signature is answered 400 and kept out.
    """
    with _listening() as server:
        destination = client.event_destinations.create(
            name="linkspan.testing",
            url=server.inbox.url,
            enabled_events=types or ("*",),
            event_payload="snapshot",
        )
        webhook = destination.webhook_endpoint
        server.told((webhook and webhook.signing_secret) or "")
        try:
            yield server.inbox
        finally:
            client.event_destinations.delete(destination.id)


class _Endpoint(ThreadingHTTPServer):
    """Takes requests until it is closed; knows its secret once the server has told it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.inbox = Inbox(f"http://127.0.0.1:{self.server_port}/webhooks")
        self._secret = ""
        self._is_told = threading.Event()

    @property
    def secret(self) -> str:
        """What it signs with; waited for, since the first event may come before the answer that tells."""
        self._is_told.wait()
        return self._secret

    def told(self, secret: str) -> None:
        """Take note of what the server signs with."""
        self._secret = secret
        self._is_told.set()


class _Handler(BaseHTTPRequestHandler):
    server: _Endpoint

    def do_POST(self) -> None:
        """Check the signature, and keep the event."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        try:
            event = Webhook.construct_event(
                body, self.headers.get("stripe-signature", ""), self.server.secret, None
            )
        except SignatureVerificationError:
            self._answer(400)
        else:
            self.server.inbox.put(event)
            self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _listening() -> Iterator[_Endpoint]:
    server = _Endpoint()
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": _POLL_SECONDS}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
