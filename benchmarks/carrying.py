"""Tells an endpoint of events as a server does, and in turns sends it as many bare signed posts.

Prints one JSON line: deliveries a second of each round, Linkspan's and bare.
"""

import asyncio
import json
import os
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Final

import uvloop
from pyreqwest.client import Client, ClientBuilder

from benchmarks.owing import listen, owe
from linkspan.cli.opening import bare_context
from linkspan.server.api.versions import downgrade_answer
from linkspan.server.config import MasterKeys
from linkspan.server.core.scope import Scope
from linkspan.server.delivery.letter import letter
from linkspan.server.jobs.crew import Crew
from linkspan.server.jobs.timetable import delivering
from linkspan.server.operations import master_key
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import AT_ONCE_IN_ALL, TO_ENDPOINTS, Courier
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.exchange import Outbound, Request, Response
from linkspan.server.outbound.network import Network
from linkspan.server.store.sqlite import open_store
from linkspan.server.telemetry.log import Log

# As many as an endpoint is sent at once.
_AT_ONCE: Final = 10
_SECRET: Final = "whsec_" + "s" * 32
_FEW: Final = 100
_EGRESS: Final = Egress.allowing("127.0.0.1")


class _Counting:
    """The way to the endpoint, which says when the last answer has come."""

    def __init__(self, way: Outbound, left: int) -> None:
        self._way = way
        self.left = left

    async def send(self, request: Request) -> Response:
        answer = await self._way.send(request)
        self.left -= 1
        return answer


async def carried(context: Context, tenant: str, url: str, count: int) -> float:
    """Return how many deliveries a second are made, from rows that are due to rows that are settled."""
    async with Network(_EGRESS, **TO_ENDPOINTS) as network:
        scope = Scope(tenant, livemode=False)
        await listen(context, scope, url)
        await owe(context, scope, count)
        return await emptied(context, network, count)


async def emptied(context: Context, way: Outbound, count: int, *, at_once_max: int = AT_ONCE_IN_ALL) -> float:
    """Carry the *count* deliveries that are due; return how many a second that were."""
    outbound, log = _Counting(way, count), Log(context.world, BytesIO())
    queue = replace(delivering(Courier(context, outbound, downgrade_answer, log)), at_once_max=at_once_max)
    crew = Crew(context, queue, log)
    began = perf_counter()
    with context.changes.listening(queue.bell) as told:
        while outbound.left:
            told.clear()
            await crew.set_out()
            await told.wait()
    await crew.settled()
    return count / (perf_counter() - began)


async def posted(url: str, body: bytes, count: int) -> float:
    """Return how many signed posts a second the HTTP library makes with nothing else."""
    left = iter(range(count))

    async def one_after_another(client: Client) -> None:
        for number in left:
            request = letter(url, body, [_SECRET], event=f"evt_{number}", timestamp=1_790_000_000)
            sending = client.request("POST", url).headers(dict(request.headers)).body_bytes(body)
            answer = await sending.build().send()
            await answer.bytes()

    async with ClientBuilder().no_proxy().build() as client:
        began = perf_counter()
        await asyncio.gather(*(one_after_another(client) for _ in range(_AT_ONCE)))
        return count / (perf_counter() - began)


async def main(folder: Path, url: str, rounds: int, count: int) -> None:
    """Measure in turns."""
    store = open_store(str(folder / "carrying.db"))
    try:
        made = replace(bare_context(store, MasterKeys(os.urandom(32))), egress=_EGRESS)
        context = await master_key.hold(made)
        ours, bare = [], []
        await carried(context, "acct_warm", url, _FEW)
        body = (await store.read(lambda tx: tx.all("SELECT doc FROM events LIMIT 1", {})))[0][0]
        await posted(url, body, _FEW)
        for number in range(rounds):
            ours.append(await carried(context, f"acct_{number}", url, count))
            bare.append(await posted(url, body, count))
    finally:
        await store.aclose()
    print(json.dumps({"ours": ours, "bare": bare}))


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
