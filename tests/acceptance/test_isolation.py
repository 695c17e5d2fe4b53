"""An endpoint that hangs, drips, floods or never shakes hands harms no other (R15)."""

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
import stripe

from tests.acceptance.programs import Program, running
from tests.conftest import Tally

TENANTS: Final = 13
HEALTHY: Final = 200
# Sixteen endpoints are the most a tenant may have.
A_TENANT: Final = 16
ROUNDS: Final = 4
# A machine that others share is noisy: the quietest of so many turns is what is compared.
TURNS_MAX: Final = 12
P99_SECONDS_MAX: Final = 2.0
SLOWER_MAX: Final = 1.2
# Where a turn takes few milliseconds, a fifth of them is what the system's scheduler gives or takes.
JITTER_SECONDS: Final = 0.02
GROWTH_BYTES_MAX: Final = 50_000_000
WAIT_SECONDS: Final = 60
OK: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    while await reader.read(65_536):
        pass


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say a letter a second."""
    for letter in OK * 100:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(1)


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say without end."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


# The last one is asked for a handshake.
BAD: Final[dict[str, tuple[str, Serve]]] = {
    "hangs": ("http", hang),
    "drips": ("http", drip),
    "floods": ("http", flood),
    "stalls": ("https", hang),
}


@dataclass
class Street:
    """Two hundred programs that take webhooks at once, and four that do not."""

    came: dict[tuple[str, str], float] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    async def healthy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            at = time.monotonic()
            length, known_as = (
                re.search(rb"(?im)^%b: (\S+)\r$" % name, head) for name in (b"content-length", b"webhook-id")
            )
            assert length
            assert known_as
            await reader.readexactly(int(length[1]))
            writer.write(OK)
            self.came[head.split()[1].decode(), known_as[1].decode()] = at

    def guarded(self, name: str, serve: Serve) -> Serve:
        async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.asked[name] = self.asked.get(name, 0) + 1
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serve(reader, writer)
            # At once, whatever waits to be sent: a connection that outlives its loop is never closed.
            writer.transport.abort()

        return guarded

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            for name, (scheme, serve) in {"well": ("http", self.healthy), **BAD}.items():
                guarded = self.guarded(name, serve)
                listening = await opened.enter_async_context(
                    await asyncio.start_server(guarded, "127.0.0.1", 0, backlog=1024)
                )
                self.urls[name] = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
            yield


@contextmanager
def street() -> Iterator[Street]:
    """Listen in a thread of its own."""
    made, is_open, is_over = Street(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def live() -> None:
        async with made.open():
            is_open.set()
            await is_over.wait()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await asyncio.sleep(0.1)

    thread = threading.Thread(target=loop.run_until_complete, args=(live(),))
    thread.start()
    assert is_open.wait(WAIT_SECONDS)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass
class Town:
    """A server whose tenants have endpoints on a street."""

    program: Program
    street: Street
    bad: list[tuple[str, str]] = field(default_factory=list)
    paths: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Give every tenant its endpoints: bad ones to the first, and healthy ones to all."""
        left = HEALTHY
        for tenant in range(TENANTS):
            key, bad = f"sk_test_tenant{tenant}", list(BAD)[tenant : tenant + 1]
            for name in bad:
                self.bad.append((key, self._endpoint(key, f"{self.street.urls[name]}/")))
            self.paths[key] = [f"/{tenant}/{number}" for number in range(min(left, A_TENANT - len(bad)))]
            left -= len(self.paths[key])
            for path in self.paths[key]:
                self._endpoint(key, self.street.urls["well"] + path)
        assert left == 0

    def _endpoint(self, key: str, url: str) -> str:
        made = stripe.WebhookEndpoint.create(url=url, enabled_events=["customer.created"], api_key=key)
        return made.id

    def switch_bad(self, *, on: bool) -> None:
        for key, endpoint in self.bad:
            stripe.WebhookEndpoint.modify(endpoint, disabled=not on, api_key=key)

    def turn(self) -> float:
        """Let things happen to every tenant; return the slowest hundredth of how long the healthy waited."""
        began: dict[tuple[str, str], float] = {}
        for _ in range(ROUNDS):
            for key, paths in self.paths.items():
                at = time.monotonic()
                stripe.Customer.create(api_key=key)
                (event,) = stripe.Event.list(limit=1, api_key=key).data
                began |= {(path, event.id): at for path in paths}
        patience = time.monotonic() + WAIT_SECONDS
        while not began.keys() <= self.street.came.keys():
            assert time.monotonic() < patience, "a healthy endpoint was not told"
            time.sleep(0.01)
        waited = sorted(self.street.came[told] - at for told, at in began.items())
        return waited[int(len(waited) * 0.99)]

    def memory(self) -> int:
        """Bytes of memory that the server has in use."""
        status = Path(f"/proc/{self.program.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    settings = {"LINKSPAN_MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
    database = f"sqlite:///{tmp_path / 'linkspan.db'}"
    if request.param == "postgres":
        database = request.getfixturevalue("empty_postgres")
    with (
        street() as opened,
        running("dev", "--port", "0", "--database", database, settings=settings) as program,
    ):
        monkeypatch.setattr(stripe, "api_base", program.facts["url"])
        monkeypatch.setattr(stripe, "max_network_retries", 0)
        made = Town(program, opened)
        made.settle()
        yield made


def _slowest(alone: list[float]) -> float:
    """What healthy endpoints may take beside bad ones, in seconds."""
    return SLOWER_MAX * min(alone) + JITTER_SECONDS


@pytest.mark.timeout(400)
def test_healthy_endpoints_are_told_as_soon_beside_bad_ones(
    town: Town, tally: Tally, request: pytest.FixtureRequest
) -> None:
    town.switch_bad(on=False)
    town.turn()
    before, alone, beside = town.memory(), [], list[float]()
    for _ in range(TURNS_MAX):
        town.switch_bad(on=False)
        alone.append(town.turn())
        town.switch_bad(on=True)
        beside.append(town.turn())
        if len(beside) > 1 and min(beside) <= min(P99_SECONDS_MAX, _slowest(alone)):
            break
    growth = town.memory() - before

    tally(
        f"R15 {request.node.callspec.id}",
        healthy=HEALTHY,
        bad=len(BAD),
        deliveries=len(town.street.came),
        asked_of_bad=sum(n for name, n in town.street.asked.items() if name in BAD),
        p99_ms_alone=round(min(alone) * 1000),
        p99_ms_beside=round(min(beside) * 1000),
        growth_mb=round(growth / 1e6),
    )
    assert set(town.street.asked) == {"well", *BAD}
    assert min(beside) <= P99_SECONDS_MAX
    assert min(beside) <= _slowest(alone)
    assert growth <= GROWTH_BYTES_MAX
