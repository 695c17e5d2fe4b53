"""A directory on each store."""

from collections.abc import AsyncIterator

import pytest

from linkspan.server.operations.context import Context
from linkspan.server.store.postgres import PostgresStore
from tests.link.stage import set_up


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; none where SQLite keeps objects in memory."""
    url: str | None = None
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture
async def context(database: str | None) -> AsyncIterator[Context]:
    """A server's parts, with nothing in its directory."""
    made = set_up(None if database is None else PostgresStore(database))
    yield made.context
    await made.store.aclose()
