"""What clients do at once, while servers are killed, is what one after another could have done (R9)."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import urlencode

import msgspec
import pytest

from linkspan.cli import serving
from linkspan.cli.serving import listen
from tests.api.clients_at_once import (
    CLIENTS,
    CUSTOMERS,
    SITES,
    TOGETHER,
    Client,
    Histories,
    Request,
    Step,
    Way,
    steps,
)
from tests.api.conftest import (
    KEY,
    NOON,
    ON_SQLITE,
    Server,
    done,
    link_account,
    make_customer,
    make_server,
    named,
)
from tests.api.mortal_store import store_at
from tests.api.mothers import Mother, mother
from tests.conftest import Tally

SEEDS: Final = (range(1, 6), range(6, 11))
OPERATIONS: Final = 5_000
KILLS: Final = 8
ACCOUNTS: Final = 60
LIES: Final = 0.05
# A life begins when every lease of the one before has run out; all of them fit
# in the day that idempotency keys are kept for.
BETWEEN_LIVES: Final = 300


def tenant(seed: int) -> str:
    return f"sk_test_51AtOnce{seed}"


def accounts_for(server: Server, key: str) -> list[tuple[str, str]]:
    """Accounts with their holders."""
    holders = [make_customer(server, key=key) for _ in range(ACCOUNTS // TOGETHER)]
    return [
        (link_account(server, key=key, customer=holder).id, holder)
        for holder in holders
        for _ in range(TOGETHER)
    ]


@dataclass
class Line:
    """A connection to one server that is kept, and made anew when it broke."""

    port: int
    key: str
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> tuple[int, bytes]:
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._open
        try:
            return await self._asked(reader, writer, request)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._open is not None:
            self._open[1].transport.abort()
            self._open = None

    async def _asked(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request
    ) -> tuple[int, bytes]:
        key = "" if request.key is None else f"Idempotency-Key: {request.key}\r\n"
        head = (
            f"{request.method} {request.path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {self.key}\r\n"
            f"{key}Content-Length: {len(request.form)}\r\n\r\n"
        )
        raw = head.encode() + request.form
        if request.cut is not None:
            writer.write(raw[: int(len(raw) * request.cut.share)])
            await asyncio.sleep(request.cut.seconds)
            raise ConnectionAbortedError
        writer.write(raw)
        first, _, lines = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
        _, _, size = lines.lower().partition(b"content-length: ")
        return int(first.split()[1]), await reader.readexactly(int(size.partition(b"\r\n")[0]))


class Lines:
    """One client's ways to all servers."""

    def __init__(self, ports: Sequence[int], key: str) -> None:
        self._lines = [Line(port, key) for port in ports]

    async def ask(self, request: Request) -> tuple[int, bytes]:
        return await self._lines[request.site].ask(request)

    def close(self) -> None:
        for line in self._lines:
            line.close()


@dataclass
class Servers:
    """Two servers of one database, each of which can be killed and lives again."""

    mothers: list[Mother]
    ports: list[int]
    deaths: list["asyncio.Task[None]"] = field(default_factory=list)
    born: int = int(NOON)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def begin(self) -> None:
        self.deaths = [await mother.bear(self._later()) for mother in self.mothers]

    async def kill(self, site: int) -> None:
        """Kill a server, and let another live in its place."""
        async with self.turn:
            await self.mothers[site].kill(self.deaths[site])
            self.deaths[site] = await self.mothers[site].bear(self._later())

    def _later(self) -> int:
        """A time that no other server's ids have."""
        self.born += BETWEEN_LIVES
        return self.born


@asynccontextmanager
async def servers(database: str) -> AsyncIterator[Servers]:
    # Connections wait at the sockets while a server is dead.
    async with AsyncExitStack() as stack:
        sockets = [stack.enter_context(closing(listen("127.0.0.1", 0))) for _ in range(SITES)]
        mothers = [await stack.enter_async_context(mother(database, each.fileno())) for each in sockets]
        made = Servers(mothers, [each.getsockname()[1] for each in sockets])
        await made.begin()
        yield made


async def all_lived(ways: Sequence[Way], plan: Iterator[Step], histories: Histories) -> None:
    """Let clients take all steps of a plan."""
    async with asyncio.TaskGroup() as group:
        for way in ways:
            group.create_task(Client(way, histories).live(plan))


async def lived(running: Servers, seed: int, accounts: Sequence[tuple[str, str]]) -> Histories:
    """Let clients do what the seed says, while servers are killed."""
    histories = Histories(accounts)
    dice = random.Random(f"{seed} kills")
    kills = {number: dice.randrange(SITES) for number in dice.sample(range(OPERATIONS), KILLS)}
    killing: list[asyncio.Task[None]] = []

    def plan() -> Iterator[Step]:
        for step in steps(seed, OPERATIONS, ACCOUNTS):
            if step.number in kills:
                killing.append(asyncio.create_task(running.kill(kills[step.number])))
            yield step

    with ExitStack() as stack:
        ways = [stack.enter_context(closing(Lines(running.ports, tenant(seed)))) for _ in range(CLIENTS)]
        await all_lived(ways, plan(), histories)
    await asyncio.gather(*killing)
    return histories


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_an_order_explains_whatever_clients_were_answered(
    database: str, seeds: Sequence[int], tally: Tally
) -> None:
    server = make_server(store=store_at(database))
    accounts = {seed: accounts_for(server, tenant(seed)) for seed in seeds}
    done(server.store.aclose())

    async def live() -> tuple[list[Histories], int]:
        async with servers(database) as running:
            found = [await lived(running, seed, accounts[seed]) for seed in seeds]
            return found, sum(mother.deaths for mother in running.mothers)

    found, kills = serving.run(live())

    violations = [
        f"seed {seed}: {said}" for seed, each in zip(seeds, found, strict=True) for said in each.violations()
    ]
    tally(
        f"R9 {'PostgreSQL' if '://' in database else 'SQLite'}, seeds {seeds[0]} to {seeds[-1]}",
        operations=sum(each.counts["operations"] for each in found),
        objects=sum(len(each.of) for each in found),
        kills=kills,
        cut_or_killed=sum(each.counts["broken"] for each in found),
        unknown=sum(each.counts["unknown"] for each in found),
        violations=len(violations),
    )
    assert violations == []
    assert kills == KILLS * len(seeds)


@dataclass
class Within:
    """The way to a server in this process."""

    server: Server

    async def ask(self, request: Request) -> tuple[int, bytes]:
        path, _, query = request.path.partition("?")
        headers = named(KEY) if request.key is None else named(KEY, idempotency_key=request.key)
        answer = await self.server.send(request.method, path, request.form or query.encode(), headers)
        await asyncio.sleep(0)  # others ask before this one knows
        if request.cut is not None:
            raise ConnectionAbortedError
        return answer.status, answer.body


@dataclass
class Liar:
    """A proxy that lies now and then about what it has seen before."""

    way: Way
    lie: "Lie"
    dice: random.Random
    seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    async def ask(self, request: Request) -> tuple[int, bytes]:
        if request.cut is None and self.dice.random() < LIES:
            return await self.lie(self, request)
        return await self.way.ask(request)


Lie: TypeAlias = Callable[[Liar, Request], Awaitable[tuple[int, bytes]]]


async def stale(liar: Liar, request: Request) -> tuple[int, bytes]:
    """Answer a read as it was answered first."""
    answer = await liar.way.ask(request)
    return liar.seen.setdefault(request.path, answer) if request.method == "GET" else answer


async def short(liar: Liar, request: Request) -> tuple[int, bytes]:
    """Keep the last row of a list to itself."""
    status, body = await liar.way.ask(request)
    answer = msgspec.json.decode(body)
    return status, msgspec.json.encode(
        {**answer, "data": answer["data"][:-1]} if "data" in answer else answer
    )


async def lost(liar: Liar, request: Request) -> tuple[int, bytes]:
    """Answer a change, and forget it."""
    before = await liar.way.ask(replace(request, method="GET", form=b"", key=None))
    answer = await liar.way.ask(request)
    if request.path.startswith(f"{CUSTOMERS}/") and request.method == "POST" and before[0] == 200:
        kept = msgspec.json.decode(before[1])
        form = urlencode({"description": kept["description"], "metadata[n]": kept["metadata"]["n"]})
        await liar.way.ask(replace(request, form=form.encode(), key=None))
    return answer


@ON_SQLITE
@pytest.mark.parametrize("lie", [stale, short, lost])
def test_a_server_that_lies_is_found_out(server: Server, lie: Lie) -> None:
    histories = Histories(accounts_for(server, KEY))
    liar = Liar(Within(server), lie, random.Random(1))

    done(all_lived([liar] * CLIENTS, steps(1, 1_000, ACCOUNTS), histories))

    assert histories.violations() != []


def test_the_same_seed_is_the_same_plan() -> None:
    assert [*steps(1, 500, ACCOUNTS)] == [*steps(1, 500, ACCOUNTS)] != [*steps(2, 500, ACCOUNTS)]
