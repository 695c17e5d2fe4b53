"""Answers with documents from a folder, as little ASGI as there can be."""

import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias

from linkspan.cli.serving import Site, listen, origin_of, run, serve

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class Bare:
    """Answers ``/name`` with the document of that name; the body of a POST is read first."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self._documents = documents

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        body = self._documents[scope["path"].rpartition("/")[2]]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve the folder named on the command line, on the server and settings that Linkspan uses."""
    documents = {path.stem: path.read_bytes() for path in Path(sys.argv[1]).glob("*.json")}
    listening = listen("127.0.0.1", 0)
    line = json.dumps({"url": origin_of(listening)})
    run(serve([Site(Bare(documents), listening)], lambda: print(line, flush=True)))


if __name__ == "__main__":
    main()
