"""Killed over and over, servers and workers lose nothing they answered and leave nothing half done (R2)."""

import asyncio
import random
import statistics
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import msgspec
import pytest

from linkspan.cli.serving import listen
from linkspan.server.store.driver import Row, Tx
from tests.api.conftest import KEY, NOON, done, link_account, make_server
from tests.api.mortal_store import store_at
from tests.api.mothers import Mother, mother
from tests.conftest import Tally

# Each ends with the death of a server and of the worker beside it.
LIVES: Final = 75
WRITERS: Final = 6
SEED: Final = 2
# A life begins when every lease of the one before has run out; all of them fit
# in the day that idempotency keys are kept for.
BETWEEN_LIVES: Final = 300
LATE_SECONDS: Final = 6 * 3_600
# The worker's clock is not the server's, so that no id of one is an id of the other.
WORKER_AHEAD: Final = 100
READY_SECONDS_MAX: Final = 20
TABLES: Final = {
    "customers": "SELECT id, doc FROM customers",
    "events": "SELECT type, doc FROM events",
    "accounts": "SELECT id, doc FROM accounts",
    "refreshes": "SELECT account, read_at FROM refreshes JOIN authorizations"
    " ON authorizations.tenant = refreshes.tenant AND authorizations.id = refreshes.authorization",
    "keys": "SELECT key, status FROM idempotency",
}


@dataclass(frozen=True)
class Acknowledged:
    """A request that was answered."""

    path: str
    form: bytes
    status: int
    body: bytes


@dataclass
class Book:
    """What was answered, by idempotency key, and how often each Customer was changed."""

    answers: dict[str, Acknowledged] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    unknown: int = 0

    def note(self, key: str, answer: Acknowledged) -> None:
        self.answers[key] = answer
        self.more.set()

    async def grown_to(self, size: int) -> None:
        """Wait until so many requests were answered."""
        while len(self.answers) < size:
            self.more.clear()
            await self.more.wait()


@dataclass
class Writer:
    """Sends one request after another, each with its key again until it is answered."""

    name: int
    port: int
    account: str
    book: Book
    dice: random.Random
    mine: list[str] = field(default_factory=list)

    async def write(self) -> None:
        """Write until the end."""
        for number in count():
            kind = self.dice.choice(("create", "change", "refresh") if self.mine else ("create",))
            key = f"{kind}-{self.name}-{number}"
            if kind == "create":
                answer = await self._answered("/v1/customers", b"name=Jenny", key)
                self.mine.append(msgspec.json.decode(answer.body)["id"])
                self.book.changes[self.mine[-1]] = 0
            elif kind == "change":
                customer = self.dice.choice(self.mine)
                form = f"metadata[n]={self.book.changes[customer] + 1}".encode()
                await self._answered(f"/v1/customers/{customer}", form, key)
                self.book.changes[customer] += 1
            else:
                path = f"/v1/financial_connections/accounts/{self.account}/refresh"
                await self._answered(path, b"features[0]=balance", key)

    async def _answered(self, path: str, form: bytes, key: str) -> Acknowledged:
        while True:
            try:
                status, body = await self._sent(path, form, key)
            except (OSError, asyncio.IncompleteReadError):
                self.book.unknown += 1  # perhaps it was carried out
            else:
                if status != 409:  # or else the first try is still under way
                    assert status == 200, body
                    answer = Acknowledged(path, form, status, body)
                    self.book.note(key, answer)
                    return answer

    async def _sent(self, path: str, form: bytes, key: str) -> tuple[int, bytes]:
        """Send a request over a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with closing(writer):
            writer.write(
                f"POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n"
                f"Idempotency-Key: {key}\r\nContent-Length: {len(form)}\r\n\r\n".encode()
                + form
            )
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
            headers = dict(line.lower().split(": ", 1) for line in lines if line)
            return int(first.split()[1]), await reader.readexactly(int(headers["content-length"]))


async def rows(database: str) -> dict[str, list[Row]]:
    """What is kept, all of one moment."""

    async def all_of(tx: Tx) -> dict[str, list[Row]]:
        return {name: await tx.all(statement, {}) for name, statement in TABLES.items()}

    store = store_at(database)
    kept = await store.read(all_of)
    await store.aclose()
    return kept


def assert_whole(kept: dict[str, list[Row]]) -> Counter[str]:
    """There is no object without its events, event without its object, key without its object; count them."""
    told: Counter[tuple[str, str]] = Counter()
    for kind, doc in kept["events"]:
        told[kind, decoded(doc)["data"]["object"]["id"]] += 1
    changes = {customer: int(decoded(doc)["metadata"].get("n", 0)) for customer, doc in kept["customers"]}
    pending = {id_ for id_, doc in kept["accounts"] if is_pending(decoded(doc))}
    kinds = Counter(kind for kind, _ in told.elements())
    keys = Counter(key.split("-")[0] for key, status in kept["keys"] if status == 200)
    assert {id_: n for (kind, id_), n in told.items() if kind == "customer.created"} == dict.fromkeys(
        changes, 1
    )
    assert {customer: told["customer.updated", customer] for customer in changes} == changes
    assert {account for account, _ in kept["refreshes"]} == pending
    assert None not in {turn for _, turn in kept["refreshes"]}, (
        "a refresh without a turn is never carried out"
    )
    assert keys["create"] == kinds["customer.created"]
    assert keys["change"] == kinds["customer.updated"]
    assert keys.total() == len(kept["keys"])
    return kinds


def decoded(doc: bytes) -> Any:  # Any: the JSON of any object
    return msgspec.json.decode(doc)


def is_pending(account: Any) -> bool:  # Any: as above
    return account["balance_refresh"] is not None and account["balance_refresh"]["status"] == "pending"


def accounts_for(database: str, writers: int) -> list[str]:
    """Accounts of a bank that is in no catalogue any more: their refreshes end without asking anybody."""
    server = make_server(store=store_at(database))
    made = [link_account(server).id for _ in range(writers)]
    server.change("UPDATE accounts SET bank_details = NULL")
    done(server.store.aclose())
    return made


@dataclass
class Lives:
    """A server and a worker, again and again, while writers write."""

    database: str
    servers: Mother
    workers: Mother
    book: Book
    dice: random.Random
    born: int = int(NOON)
    ready: list[float] = field(default_factory=list)

    async def one(self) -> None:
        """Let both live until each has died, at one of its commits or at any instant."""
        self.born += BETWEEN_LIVES
        answered = set(self.book.answers)
        is_at_commit = self.dice.random() < 0.5
        began = asyncio.get_running_loop().time()
        server = await self.servers.bear(self.born, dies_at=self.dice.randrange(1, 40) * is_at_commit)
        worker = await self.workers.bear(self.born + WORKER_AHEAD, dies_at=self.dice.randrange(1, 40))
        async with asyncio.timeout(READY_SECONDS_MAX):
            await either(self.book.grown_to(len(answered) + 1), server)
        if len(self.book.answers) > len(answered):
            self.ready.append(asyncio.get_running_loop().time() - began)
        kept = await rows(self.database)
        assert_whole(kept)
        assert answered <= {key for key, _ in kept["keys"]}
        if is_at_commit:
            await asyncio.wait((server,))
        else:
            await either(self.book.grown_to(len(answered) + self.dice.randrange(1, 20)), server)
            await asyncio.sleep(self.dice.random() * 0.02)
        await self.servers.kill(server)
        await self.workers.kill(worker)

    async def last(self) -> None:
        """Let a worker end what is left, long after all leases."""
        self.born += LATE_SECONDS
        worker = await self.workers.bear(self.born)
        while (await rows(self.database))["refreshes"]:
            pass
        await self.workers.kill(worker)


async def either(first: Any, second: asyncio.Task[None]) -> None:
    """Return when one of them is done."""
    waiting = asyncio.ensure_future(first)
    await asyncio.wait((waiting, second), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def lived(database: str, accounts: list[str], dice: random.Random) -> Lives:
    """Let all of them live, while one writer writes for each account."""
    # Connections wait here while no server lives.
    with closing(listen("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        async with mother(database, listening.fileno()) as servers, mother(database) as workers:
            lives = Lives(database, servers, workers, Book(), dice)
            async with asyncio.TaskGroup() as group:
                writers = [
                    group.create_task(Writer(name, port, account, lives.book, random.Random(name)).write())
                    for name, account in enumerate(accounts)
                ]
                for _ in range(LIVES):
                    await lives.one()
                for writer in writers:
                    writer.cancel()
            await lives.last()
            return lives


@pytest.mark.timeout(300)
def test_no_death_of_a_server_or_a_worker_loses_or_halves_what_was_answered(
    database: str, tally: Tally
) -> None:
    lives = done(lived(database, accounts_for(database, WRITERS), random.Random(SEED)))

    book, kept = lives.book, done(rows(database))
    kinds = assert_whole(kept)
    changes = {customer: int(decoded(doc)["metadata"].get("n", 0)) for customer, doc in kept["customers"]}
    server = make_server(store=store_at(database))
    again = {key: server.post(one.path, one.form, idempotency_key=key) for key, one in book.answers.items()}
    done(server.store.aclose())
    lost = [
        key for key, one in book.answers.items() if (again[key].status, again[key].body) != (200, one.body)
    ]
    kills = lives.servers.deaths + lives.workers.deaths - 1  # the last worker's death proves nothing
    tally(
        f"R2 {'PostgreSQL' if '://' in database else 'SQLite'}",
        kills=kills,
        at_commits=lives.servers.by_themselves + lives.workers.by_themselves,
        answers=len(book.answers),
        unknown=book.unknown,
        refreshed=kinds["financial_connections.account.refreshed_balance"],
        lost=len(lost),
        ready_milliseconds=round(statistics.median(lives.ready) * 1000),
        ready_milliseconds_max=round(max(lives.ready) * 1000),
    )
    assert lost == []
    assert all(changes[customer] - changed in {0, 1} for customer, changed in book.changes.items())
    assert kinds["financial_connections.account.refreshed_balance"] > 0
    assert kills == 2 * LIVES
