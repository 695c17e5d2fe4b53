"""A server as `linkspan.testing` runs one, and a tenant of a test's own."""

from collections.abc import Iterator

import pytest

from linkspan import Client
from linkspan.testing import DevelopmentServer, serving


@pytest.fixture(scope="module")
def server() -> Iterator[DevelopmentServer]:
    with serving() as server:
        yield server


@pytest.fixture
def key(server: DevelopmentServer) -> str:
    return server.new_key()


@pytest.fixture
def client(server: DevelopmentServer, key: str) -> Iterator[Client]:
    with Client(key, base_url=server.url) as client:
        yield client
