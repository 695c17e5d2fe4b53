# Written by tools/unasync.py from ../_async/transport.py: change that file, then run the tool.
"""Carries requests over HTTP, keeping connections open between them."""

from __future__ import annotations

import os

from pyreqwest.exceptions import DetailedPyreqwestError

from linkspan.client._pool import Pool, connection_error, forked, open_pool
from linkspan.client._transport import Request, Response


class HttpTransport:
    """Sends with pyreqwest. Nothing is opened before the first request."""

    def __init__(self, timeout: float, *, is_loopback: bool) -> None:
        self._timeout = timeout
        self._is_loopback = is_loopback
        self._pool: Pool | None = None
        self._process = 0

    def send(self, request: Request, /) -> Response:
        """Return the server's answer to *request*."""
        draft = self._opened().request(request.method, request.url).headers(request.headers)
        if request.body is not None:
            draft = draft.body_text(request.body)
        try:
            answer = draft.build().send()
            body = answer.bytes()
        except DetailedPyreqwestError as failure:
            raise connection_error(failure, request.url) from failure
        return Response(status=answer.status, headers=dict(answer.headers), body=bytes(body))

    def close(self) -> None:
        """Let go of every connection."""
        if self._pool is not None:
            self._pool.close()

    def _opened(self) -> Pool:
        if self._pool is None:
            self._pool = open_pool(self._timeout, is_loopback=self._is_loopback)
            self._process = os.getpid()
        if self._process != os.getpid():
            # Sending through an inherited pool would wait for ever.
            raise forked()
        return self._pool
