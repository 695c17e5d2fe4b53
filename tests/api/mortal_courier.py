"""Does a server's background work in children that are killed (run by `test_killed_couriers.py`).

Each line that is read is when a child is born; its number is told, and once more when it is dead.
"""

import asyncio
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from linkspan.server.telemetry.log import Log
from linkspan.server.worker import create_runner
from tests.api.conftest import Clock, make_server

DATABASE: Final = sys.argv[1]


@dataclass
class Running(Clock):
    """A clock that was set once and goes on by itself."""

    set_at: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return self.now + time.monotonic() - self.set_at


async def live(born: float) -> None:
    """Carry what is due until the end."""
    is_postgres = DATABASE.startswith("postgresql://")
    store = PostgresStore(DATABASE) if is_postgres else open_store(str(Path(DATABASE)))
    server = make_server(store=store, clock=Running(born))
    log = Log(server.context.world, sys.stderr.buffer)
    async with Network(Egress.allowing("127.0.0.1"), **TO_ENDPOINTS) as network:
        await create_runner(server.context, log, network).work()


def main() -> None:
    """Let children live one after another."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live(float(line)))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
