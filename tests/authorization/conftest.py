"""One furnished house for each store: asking for what one may not have changes nothing in it."""

import asyncio
from collections.abc import Iterator

import pytest

from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.postgres import open_store as open_postgres
from linkspan.server.store.sqlite import SqliteStore, open_store
from tests.authorization.furnished import House, furnish
from tests.postgres import Postgres


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop that connections stay with."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def on_sqlite(loop: asyncio.Runner) -> Iterator[House]:
    """A house in memory."""
    store = open_store(None)
    yield loop.run(furnish(store, loop))
    store.close()


@pytest.fixture(scope="module")
def on_postgres(loop: asyncio.Runner, postgres: Postgres) -> Iterator[House]:
    """A house in a database of its own."""
    with postgres.database("house") as url:
        loop.run(_bring_up(url))
        store = PostgresStore(url)
        yield loop.run(furnish(store, loop))
        loop.run(store.aclose())


async def _bring_up(url: str) -> None:
    await asyncio.to_thread(open_postgres, url)


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest) -> House:
    """A house that nobody may change."""
    made: House = request.getfixturevalue(f"on_{request.param}")
    return made


@pytest.fixture
def copied(on_sqlite: House) -> Iterator[House]:
    """A house like the others, for one test to change."""
    original = on_sqlite.stage.store
    assert isinstance(original, SqliteStore)
    store = SqliteStore(None)
    original.writer.backup(store.writer)
    yield on_sqlite.on(store)
    store.close()
