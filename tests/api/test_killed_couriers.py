"""Nothing is lost when couriers die, and nothing comes twice but what was under way (R13)."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from linkspan.objects import Customer, decode_as
from linkspan.server.core.caller import Caller
from linkspan.server.operations import events
from linkspan.server.outbound.egress import Egress
from tests.api.conftest import KEY, NOON, Server, done, make_customer, make_server, named
from tests.conftest import Tally
from tests.raw import serving

EVENTS: Final = 10_000
A_TRANSACTION: Final = 500
KILLS: Final = 20
FAILURES: Final = 0.3
# Whoever was told so often in vain takes it: no delivery fails for good here, and none
# waits longer for its next attempt than one life is set after the other.
IN_VAIN_MAX: Final = 4
BETWEEN_LIVES: Final = 3 * 3_600
# Each of five endpoints listens to one.
TYPES: Final = (
    "customer.created",
    "customer.deleted",
    "customer.updated",
    "payment_method.attached",
    "payment_method.detached",
)
HEAD_END: Final = b"\r\n\r\n"


@dataclass
class Street:
    """Endpoints that fail at times, each answer by a throw of the dice, and remember what they took."""

    dice: random.Random
    took: Counter[tuple[str, str]] = field(default_factory=Counter)
    bodies: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    in_vain: Counter[tuple[str, str]] = field(default_factory=Counter)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    failed: int = 0

    async def asked_until(self, count: int, *, seconds_max: float | None = None) -> None:
        """Wait until so many requests came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds_max):
                while self.asked < count:
                    self.came.clear()
                    await self.came.wait()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        async with serving(self._serve) as port:
            yield port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await self._answer(reader, writer):
            pass  # until whoever asks is killed

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; false when the connection is to end."""
        head = (await reader.readuntil(HEAD_END)).decode()
        said = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
        body = await reader.readexactly(int(said["content-length"]))
        told = head.split()[1], said["webhook-id"]
        self.asked += 1
        self.came.set()
        self.bodies[told].add(hash(body))
        if self.dice.random() < FAILURES and self.in_vain[told] < IN_VAIN_MAX:
            self.failed += 1
            self.in_vain[told] += 1
            if self.dice.random() < 0.1:
                return False  # no answer at all
            writer.write(
                b"HTTP/1.1 %d X\r\ncontent-length: 0\r\n\r\n" % self.dice.choice((404, 429, 500, 503))
            )
        else:
            self.took[told] += 1
            writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        return True


class Lives:
    """Couriers in processes of their own, one after another, each born long after the last."""

    def __init__(self, server: Server, mother: asyncio.subprocess.Process) -> None:
        self._server = server
        self._mother = mother
        self.born = NOON
        self.at_kills = 0

    async def one(self, street: Street, *, kill_after: int | None) -> None:
        """Let one live until it has asked that often, or else until nothing is due any more; kill it."""
        asked, told = self._mother.stdin, self._mother.stdout
        assert asked is not None
        assert told is not None
        self.born += BETWEEN_LIVES
        began = street.asked
        asked.write(f"{self.born}\n".encode())
        child = int(await told.readline())
        if kill_after is None:
            while not await self._is_done():
                await street.asked_until(street.asked + 1, seconds_max=0.1)
        else:
            await street.asked_until(began + kill_after)
        os.kill(child, signal.SIGKILL)
        assert int(await told.readline()) == -signal.SIGKILL
        self.at_kills += await self._under_way()

    async def _is_done(self) -> bool:
        return await self._count("due_at <= {born}") + await self._under_way() == 0

    async def _under_way(self) -> int:
        """How many deliveries were leased in this life, and not tried to the end in it."""
        return await self._count(
            "due_at > {born} AND NOT EXISTS (SELECT 1 FROM delivery_attempts AS tried"
            " WHERE tried.tenant = deliveries.tenant AND tried.livemode = deliveries.livemode"
            " AND tried.event = deliveries.event AND tried.endpoint = deliveries.endpoint"
            " AND tried.created >= {born})"
        )

    async def _count(self, condition: str) -> int:
        where = condition.format(born=int(self.born))
        statement = f"SELECT count(*) FROM deliveries WHERE status = 'pending' AND {where}"
        ((count,),) = await self._server.store.read(lambda tx: tx.all(statement, {}))
        return int(count)

    async def pending(self) -> bool:
        return await self._count("due_at > 0") > 0


async def record(server: Server, customer: Customer) -> None:
    """Let as many events happen, of each type in turn."""
    kinds = iter([TYPES[number % len(TYPES)] for number in range(EVENTS)])
    while some := list(islice(kinds, A_TRANSACTION)):

        async def happen(tx: Any, some: list[str] = some) -> None:  # Any: the store's own transaction
            for kind in some:
                await events.record(tx, server.context, Caller(server.scope(), None), kind, customer)

        await server.store.write(happen)


@pytest.mark.timeout(300)
def test_every_endpoint_takes_every_event_though_couriers_are_killed(
    shared: tuple[Server, str], tally: Tally
) -> None:
    kept, database = shared
    server = make_server(store=kept.store, egress=Egress.allowing("127.0.0.1"))
    street = Street(random.Random(13))
    shown = server.get(f"/v1/customers/{make_customer(server)}").body

    async def scenario() -> int:
        program = (sys.executable, "-m", "tests.api.mortal_courier", database)
        mother = await asyncio.create_subprocess_exec(
            *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        lives = Lives(server, mother)
        async with street.open() as port:
            for place, kind in enumerate(TYPES):
                form = {"url": f"http://127.0.0.1:{port}/{place}", "enabled_events[0]": kind}
                raw = urlencode(form).encode()
                made = await server.send("POST", "/v1/webhook_endpoints", raw, named(KEY))
                assert made.status == 200
            await record(server, decode_as(shown, Customer))
            for _ in range(KILLS):
                await lives.one(street, kill_after=street.dice.randrange(1, EVENTS // KILLS))
            while await lives.pending():
                await lives.one(street, kill_after=None)
        await mother.communicate(b"")
        return lives.at_kills

    at_kills = done(scenario())

    owed = server.query("SELECT status, attempts FROM deliveries")
    told = {event for _, event in street.took}
    duplicates = street.took.total() - len(street.took)
    tally(
        f"R13 {'PostgreSQL' if '://' in database else 'SQLite'}",
        events=len(told),
        deliveries=len(owed),
        kills=KILLS,
        requests=street.asked,
        failures=street.failed,
        under_way_at_kills=at_kills,
        duplicates=duplicates,
        lost=len(owed) - len(street.took),
    )
    assert (len(told), len(street.took)) == (EVENTS, EVENTS)
    assert {status for status, _ in owed} == {"succeeded"}
    assert duplicates <= at_kills
    # Whatever comes again is the same, to the byte.
    assert {len(bodies) for bodies in street.bodies.values()} == {1}
