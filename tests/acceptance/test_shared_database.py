"""Two servers that share a database act as one."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.programs import running
from tests.postgres import Postgres

CLIENTS = 64
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
    body: dict[str, Any]
    is_replayed: bool


def create_customer(server: str, key: str) -> Answer:
    request = Request(
        f"{server}/v1/customers",
        urlencode({"name": "Robin Park"}).encode(),
        {"Authorization": f"Bearer {SECRET_KEY}", "Idempotency-Key": key},
    )
    try:
        with urlopen(request, timeout=20) as answer:
            return Answer(answer.status, json.load(answer), "Idempotent-Replayed" in answer.headers)
    except HTTPError as refused:
        with refused:
            return Answer(refused.code, json.load(refused), is_replayed=False)


def test_of_sixty_four_clients_with_one_key_one_is_served(pair: Pair) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(
            clients.map(
                create_customer,
                (server for server, _ in zip(cycle(pair.servers), range(CLIENTS))),
                ["once"] * CLIENTS,
            )
        )

    served = [answer for answer in answers if answer.status == 200]
    told_to_wait = [answer for answer in answers if answer.status == 409]
    assert len(served) + len(told_to_wait) == CLIENTS
    assert [answer.is_replayed for answer in served].count(False) == 1
    assert len({answer.body["id"] for answer in served}) == 1
    assert {answer.body["error"]["code"] for answer in told_to_wait} <= {"idempotency_key_in_use"}
    assert (pair.count("customers"), pair.count("events"), pair.count("idempotency")) == (1, 1, 1)


def test_whoever_was_told_to_wait_is_then_given_the_first_answer(pair: Pair) -> None:
    first = create_customer(pair.servers[0], "once")

    again = create_customer(pair.servers[1], "once")

    assert again.is_replayed
    assert again.body == first.body
