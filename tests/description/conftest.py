"""The servers of the tests of the API and of linking, described."""

from tests.api.conftest import server
from tests.link.conftest import anyio_backend, shared_database, stage

__all__ = ["anyio_backend", "server", "shared_database", "stage"]
