"""A server and a bank that only one test uses."""

from collections.abc import Iterator

import pytest

from tests.link.stage import Stage, set_up


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A server and a bank in which nothing has happened."""
    made = set_up()
    yield made
    made.store.close()
