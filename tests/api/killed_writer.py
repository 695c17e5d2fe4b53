"""Answers requests, and tells which of them, until it is killed (run by `test_killed.py`)."""

import asyncio
import os
import sys
from pathlib import Path

from tests.api.conftest import KEY, Server, make_server, named

_WRITERS = 8


async def write(server: Server, writer: int) -> None:
    """Create one Customer after another, saying so only once it is answered."""
    number = 0
    while True:
        key = f"{writer}-{number}"
        answer = await server.send("POST", "/v1/customers", b"name=Jenny", named(KEY, idempotency_key=key))
        os.write(sys.stdout.fileno(), f"{key} {answer.json['id']}\n".encode())
        number += 1


async def main() -> None:
    """Write until the end."""
    server = make_server(Path(sys.argv[1]))
    await asyncio.gather(*(write(server, writer) for writer in range(_WRITERS)))


if __name__ == "__main__":
    asyncio.run(main())
