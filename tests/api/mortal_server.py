"""Serves the API, or does its background work, in children that are killed (run by `mothers.py`).

Each line that is read is when a child is born, and at which of its commits it dies: before it
where the number is odd, after it where it is even, at none where it is 0.
"""

import socket
import sys
from typing import Final

from linkspan.cli import serving
from linkspan.cli.serving import Site
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.telemetry.log import Log
from linkspan.server.worker import create_runner
from tests.api.conftest import make_server
from tests.api.mortal_store import COMMIT, MortalStore, Running, store_at
from tests.dying import Death, mortals

DATABASE: Final = sys.argv[1]
# By the number it has in this process; without one, the child is a worker.
LISTENING: Final = [int(number) for number in sys.argv[2:]]


class DeathAtCommit(Death):
    """Comes nowhere but at commits."""

    def comes(self, why: str = "") -> None:
        if why == COMMIT:
            super().comes()


async def live(born: float, at: int) -> None:
    """Serve or work until the end."""
    store = MortalStore(store_at(DATABASE), DeathAtCommit(at, ""))
    server = make_server(store=store, clock=Running(born))
    if LISTENING:
        sites = [Site(server.api, socket.socket(fileno=number)) for number in LISTENING]
        await serving.serve(sites, on_ready=lambda: None)
    else:
        async with Network(Egress()) as network:
            await create_runner(server.context, Log(server.context.world, sys.stderr.buffer), network).work()


def begin(told: str) -> None:
    """Begin a life as it was told."""
    born, at = told.split()
    serving.run(live(float(born), int(at)))


if __name__ == "__main__":
    mortals(begin)
