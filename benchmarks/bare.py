"""Answers as little ASGI as there can be on uvicorn, for a document from a folder or for a form.

``GET /name`` answers the document of that name. ``POST /read/name`` reads the body
and answers the document. ``POST /build/name`` parses the nested form and builds a
Session from it, keeping nothing: what a server does that only computes.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

import uvicorn
import uvloop
from msgspec.structs import replace

from linkspan.cli.serving import listen, origin_of
from linkspan.objects import AccountHolder, Filters, Session, decode_as, encode

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_RANDOM_BYTES: Final = 12


class Bare:
    """An application without routes, checks, log or store."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self._documents = documents
        self._sessions = {
            name: decode_as(document, Session)
            for name, document in documents.items()
            if b"financial_connections.session" in document
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        where, _, name = scope["path"].rpartition("/")
        body = self._documents[name]
        if scope["method"] == "POST":
            form = await _body(receive)
            if where == "/build":
                body = _built(self._sessions[name], form)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    return body


def _built(like: Session, form: bytes) -> bytes:
    """Return a Session with what *form* asks for, as JSON."""
    asked = _nested(form)
    session = replace(
        like,
        id=f"fcsess_{os.urandom(_RANDOM_BYTES).hex()}",
        account_holder=AccountHolder(**asked["account_holder"]),
        permissions=tuple(asked["permissions"].values()),
        filters=Filters(**asked["filters"]),
    )
    return encode(session)


def _nested(form: bytes) -> dict[str, Any]:
    """Return the nested form that *form* spells, unchecked."""
    nested: dict[str, Any] = {}
    for key, value in parse_qsl(form.decode()):
        inner = nested
        *parents, last = key.replace("]", "").split("[")
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last or str(len(inner))] = value
    return nested


def main() -> None:
    """Serve the folder named on the command line on uvicorn as it comes, without an access log."""
    documents = {path.stem: path.read_bytes() for path in Path(sys.argv[1]).glob("*.json")}
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        Bare(documents), http="httptools", ws="none", lifespan="off", log_config=None, access_log=False
    )
    print(json.dumps({"url": origin_of(listening)}), flush=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
