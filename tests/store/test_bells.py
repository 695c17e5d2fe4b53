"""A bell that a transaction rang is heard by every process that shares the database."""

import asyncio

import pytest

from linkspan.server.store.driver import Tx
from linkspan.server.store.postgres import PostgresStore
from tests.postgres import Postgres
from tests.store.conftest import run

# Far longer than a round trip takes, also on a machine that does other things.
SECONDS_MAX = 20.0


class Ear:
    """One process that listens."""

    def __init__(self, url: str) -> None:
        self.store = PostgresStore(url)
        self.heard: list[str] = []
        self.rang = asyncio.Event()

    def tell(self, bell: str) -> None:
        self.heard.append(bell)
        self.rang.set()


async def ringing(tx: Tx) -> None:
    tx.ring("bell")


async def rung_until_heard(store: PostgresStore, ear: Ear) -> None:
    """Ring until it is heard: who has only begun to listen misses the first."""
    async with asyncio.timeout(SECONDS_MAX):
        while not ear.rang.is_set():
            await store.write(ringing)
            await asyncio.sleep(0.05)


def test_another_process_hears_a_bell(empty_postgres: str) -> None:
    async def scenario() -> None:
        here, there = PostgresStore(empty_postgres), Ear(empty_postgres)
        async with there.store.hear(there.tell):
            await rung_until_heard(here, there)
        await here.aclose()
        await there.store.aclose()
        assert set(there.heard) == {"bell"}

    run(scenario())


@pytest.mark.timeout(60)
def test_a_process_whose_connection_was_cut_hears_again(empty_postgres: str, postgres: Postgres) -> None:
    async def scenario() -> None:
        here, there = PostgresStore(empty_postgres), Ear(empty_postgres)
        async with there.store.hear(there.tell):
            await rung_until_heard(here, there)
            await asyncio.to_thread(
                postgres.run,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'linkspan listening'",
            )
            await asyncio.sleep(0.1)
            there.rang.clear()
            await rung_until_heard(here, there)
            assert there.rang.is_set()
        await here.aclose()
        await there.store.aclose()

    run(scenario())


def test_what_is_left_to_say_is_said_before_a_store_closes(empty_postgres: str) -> None:
    async def scenario() -> None:
        there = Ear(empty_postgres)
        async with there.store.hear(there.tell):
            warming = PostgresStore(empty_postgres)
            await rung_until_heard(warming, there)
            await warming.aclose()
            there.rang.clear()
            here = PostgresStore(empty_postgres)
            await here.write(ringing)
            await here.aclose()
            async with asyncio.timeout(SECONDS_MAX):
                await there.rang.wait()
        await there.store.aclose()
        assert set(there.heard) == {"bell"}

    run(scenario())
