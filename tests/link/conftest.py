"""A server and a bank that only one test uses."""

from collections.abc import AsyncIterator

import pytest

from linkspan.server.store.postgres import PostgresStore
from tests.link.stage import Stage, set_up


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def shared_database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; none where SQLite keeps objects in memory."""
    url: str | None = None
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture
async def stage(shared_database: str | None) -> AsyncIterator[Stage]:
    """A server and a bank in which nothing has happened."""
    made = set_up(None if shared_database is None else PostgresStore(shared_database))
    yield made
    await made.store.aclose()
