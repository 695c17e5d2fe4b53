"""The servers of the tests of the API, described."""

from tests.api.conftest import server

__all__ = ["server"]
