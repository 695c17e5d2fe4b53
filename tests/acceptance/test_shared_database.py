"""Two servers that share a database act as one."""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.acceptance.programs import running
from tests.conftest import Tally
from tests.postgres import Postgres

CLIENTS: Final = 64
KEYS: Final = 200
MASTER_KEY = "bm90LWEtc2VjcmV0LWJ1dC0zMi1kaWZmZXJlbnQtYnk="
SECRET_KEY = "sk_test_shared_database"


@dataclass(frozen=True)
class Pair:
    """Two servers, and the database they share."""

    servers: tuple[str, str]
    database: str
    postgres: Postgres | None

    def count(self, table: str) -> int:
        """How many rows there are, as the database itself says."""
        question = f"SELECT count(*) FROM {table}"
        if self.postgres is not None:
            return int(self.postgres.rows(question)[0][0])
        with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"))) as connection:
            return int(connection.execute(question).fetchone()[0])


@pytest.fixture(params=["sqlite", "postgres"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Two servers that started at once with nothing in their database."""
    postgres: Postgres | None = None
    database = f"sqlite:///{tmp_path / 'linkspan.db'}"
    if request.param == "postgres":
        database = request.getfixturevalue("empty_postgres")
        postgres = request.getfixturevalue("postgres")
    settings = {"LINKSPAN_DATABASE": database, "LINKSPAN_MASTER_KEY": MASTER_KEY}
    with ExitStack() as programs, ThreadPoolExecutor(2) as at_once:
        started = [running("dev", "--port", "0", settings=settings) for _ in range(2)]
        first, second = at_once.map(programs.enter_context, started)
        yield Pair((first.facts["url"], second.facts["url"]), database, postgres)


@dataclass(frozen=True)
class Answer:
    """What a client was answered."""

    status: int
    raw: bytes
    is_replayed: bool

    @property
    def body(self) -> Any:  # Any: the JSON of either outcome
        return msgspec.json.decode(self.raw)


class Client:
    """A connection of its own, kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def create_customer(self, key: str, name: str = "Robin+Park") -> Answer:
        body = f"name={name}".encode()
        self._writer.write(
            b"POST /v1/customers HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %b\r\n"
            b"Idempotency-Key: %b\r\nContent-Length: %d\r\n\r\n%b"
            % (SECRET_KEY.encode(), key.encode(), len(body), body)
        )
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        answered = await self._reader.readexactly(int(headers["content-length"]))
        return Answer(int(first.split()[1]), answered, "idempotent-replayed" in headers)

    async def aclose(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def connected(server: str) -> Client:
    where = urlsplit(server)
    return Client(*await asyncio.open_connection(where.hostname, where.port))


async def race(clients: list[Client], key: str) -> tuple[list[Answer], Answer]:
    """What all clients are answered who send one key at once, and then one who sends something else."""
    answers = await asyncio.gather(*(client.create_customer(key) for client in clients))
    return answers, await clients[0].create_customer(key, name="Somebody+else")


async def races(servers: tuple[str, str]) -> list[tuple[list[Answer], Answer]]:
    clients = [await connected(servers[number % 2]) for number in range(CLIENTS)]
    raced = [await race(clients, f"key-{number}") for number in range(KEYS)]
    for client in clients:
        await client.aclose()
    return raced


@pytest.mark.timeout(240)
def test_of_sixty_four_clients_with_one_key_one_is_served(pair: Pair, tally: Tally) -> None:
    raced = asyncio.run(races(pair.servers))

    counts = {"told_to_wait": 0, "replayed": 0}
    for answers, other in raced:
        served = [answer for answer in answers if answer.status == 200]
        told_to_wait = [answer for answer in answers if answer.status == 409]
        assert len(served) + len(told_to_wait) == CLIENTS
        assert [answer.is_replayed for answer in served].count(False) == 1
        assert len({answer.raw for answer in served}) == 1
        assert {answer.body["error"]["code"] for answer in told_to_wait} <= {"idempotency_key_in_use"}
        assert (other.status, other.body["error"]["type"]) == (400, "idempotency_error")
        counts["told_to_wait"] += len(told_to_wait)
        counts["replayed"] += len(served) - 1
    rows = {pair.count(table) for table in ("customers", "events", "idempotency")}
    assert rows == {KEYS}
    tally(f"R7 {'SQLite' if pair.postgres is None else 'PostgreSQL'}", keys=KEYS, clients=CLIENTS, **counts)


def test_whoever_was_told_to_wait_is_then_given_the_first_answer(pair: Pair) -> None:
    async def one_after_the_other() -> list[Answer]:
        answers = []
        for server in pair.servers:
            client = await connected(server)
            answers.append(await client.create_customer("once"))
            await client.aclose()
        return answers

    first, again = asyncio.run(one_after_the_other())

    assert again.is_replayed
    assert again.raw == first.raw
