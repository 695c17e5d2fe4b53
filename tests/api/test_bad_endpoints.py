"""Endpoints that hang, drip, flood or stall harm nobody else (R15), over real sockets."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any, Final

from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from tests.api.conftest import Server, done, make_server
from tests.crews import carriers
from tests.raw import Serve, serving

HEALTHY: Final = 12
EVENTS: Final = 5
# Nothing in this test waits for as long; who hangs does so until the test ends.
HANGS_SECONDS: Final = 30.0


class Town:
    """Endpoints of every kind on this machine, and how often each was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.over = asyncio.Event()

    async def healthy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked[f"healthy {writer.get_extra_info('sockname')[1]}"] += 1
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    async def hang(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked["hang"] += 1
        await self.over.wait()

    async def drip(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked["drip"] += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
        await self.over.wait()

    async def flood(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked["flood"] += 1
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not self.over.is_set():  # or until whoever asked has read enough
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()

    async def stall(self, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        """Take a connection, and answer the beginning of TLS with nothing."""
        self.asked["stall"] += 1
        await self.over.wait()


async def scenario(server: Server) -> tuple[Town, float]:
    """Tell everybody of everything; return how long it took until the healthy had all of it."""
    town = Town()
    async with AsyncExitStack() as stack:

        async def port(serve: Serve) -> int:
            return await stack.enter_async_context(serving(serve))

        for serve in (town.hang, town.drip, town.flood):
            await listen(server, f"http://127.0.0.1:{await port(serve)}/")
        await listen(server, f"https://127.0.0.1:{await port(town.stall)}/")
        for _ in range(HEALTHY):
            await listen(server, f"http://127.0.0.1:{await port(town.healthy)}/")
        for _ in range(EVENTS):
            await server.send("POST", "/v1/customers", b"", KEYED)
        network = await stack.enter_async_context(Network(LOOPBACK, **TO_ENDPOINTS))
        courier = carriers(server.context, network)
        began = time.monotonic()
        while sum(count for name, count in town.asked.items() if "healthy" in name) < HEALTHY * EVENTS:
            await courier.set_out()
            await asyncio.sleep(0.001)
            assert time.monotonic() - began < HANGS_SECONDS
        took = time.monotonic() - began
        await courier.leave()
        town.over.set()
        assert (
            time.monotonic() - began - took < TO_ENDPOINTS["timeout_seconds"] / 2
        )  # to leave is not to wait
    return town, took


LOOPBACK: Final = Egress.allowing("127.0.0.0/8")
KEYED: Final[dict[str, str]] = {"authorization": "Bearer sk_test_51TheTenantOfTheTests"}


async def listen(server: Server, url: str) -> Any:
    answer = await server.send(
        "POST", "/v1/webhook_endpoints", f"url={url}&enabled_events[]=customer.created".encode(), KEYED
    )
    assert answer.status == 200, answer.body


def test_who_hangs_drips_floods_or_stalls_holds_up_nobody_else() -> None:
    server = make_server(egress=LOOPBACK)

    town, took = done(scenario(server))

    # Each bad one has been asked, within its share, and the healthy waited for none of their time limits.
    assert set(town.asked) >= {"hang", "drip", "flood", "stall"}
    assert max(town.asked["hang"], town.asked["drip"], town.asked["stall"]) <= EVENTS
    assert took < TO_ENDPOINTS["timeout_seconds"]
    done(server.store.aclose())
