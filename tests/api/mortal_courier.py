"""Does a server's background work in children that are killed (run by `test_killed_couriers.py`).

Each line that is read is when a child is born; its number is told, and its exit code when it is dead.
"""

import asyncio
import sys
from typing import Final

from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.telemetry.log import Log
from linkspan.server.worker import create_runner
from tests.api.conftest import make_server
from tests.api.mortal_store import Running, store_at
from tests.dying import mortals

DATABASE: Final = sys.argv[1]


async def live(born: float) -> None:
    """Carry what is due until the end."""
    server = make_server(store=store_at(DATABASE), clock=Running(born))
    log = Log(server.context.world, sys.stderr.buffer)
    async with Network(Egress.allowing("127.0.0.1"), **TO_ENDPOINTS) as network:
        await create_runner(server.context, log, network).work()


if __name__ == "__main__":
    mortals(lambda born: asyncio.run(live(float(born))))
