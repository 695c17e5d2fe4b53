"""A database in which nothing has happened, and contexts of processes that share it."""

from collections.abc import AsyncIterator, Callable

import pytest

from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Store
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from tests.api.conftest import Clock, make_server


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as workers do."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def shared_database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; none where SQLite keeps rows in memory."""
    url: str | None = None
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture
async def store(shared_database: str | None) -> AsyncIterator[Store]:
    """Each of the stores."""
    made = open_store(None) if shared_database is None else PostgresStore(shared_database)
    yield made
    await made.aclose()


@pytest.fixture
def clock() -> Clock:
    """A clock that only the test moves."""
    return Clock()


@pytest.fixture
def process(store: Store, clock: Clock) -> Callable[[], Context]:
    """Makes what one more process works with."""
    return lambda: make_server(store=store, clock=clock).context
