"""Fixtures for pytest, there once the package is installed; a server starts when a test first wants one."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkspan.client import Client
    from linkspan.objects import Session
    from linkspan.testing import Completion, DevelopmentServer, Inbox
    from linkspan.testing.completion import Failure

# What a fixture needs is imported by it: every run of pytest loads this module,
# most of them for tests that link nothing.


class Complete(Protocol):
    """Completes a Session of the test's own key; see `linkspan.testing.complete`."""

    def __call__(
        self,
        session: "Session | str",
        *,
        institution: str | None = None,
        person: str | None = None,
        accounts: "Sequence[str]" = (),
        kind: str | None = None,
        failure: "Failure | None" = None,
    ) -> "Completion":
        """Return how it ended."""
        ...


@pytest.fixture(scope="session")
def linkspan_server() -> Iterator["DevelopmentServer"]:
    """Lend a server with a bank to link to, on this machine, with its objects in memory."""
    from linkspan.testing import serving  # noqa: PLC0415 - see above

    with serving() as server:
        yield server


@pytest.fixture
def linkspan_key(linkspan_server: "DevelopmentServer") -> str:
    """Return a secret key of the test's own, which sees nothing of what other tests made."""
    return linkspan_server.new_key()


@pytest.fixture
def linkspan_client(linkspan_server: "DevelopmentServer", linkspan_key: str) -> Iterator["Client"]:
    """Lend a typed client with the test's key."""
    from linkspan.client import Client  # noqa: PLC0415 - see above

    with Client(linkspan_key, base_url=linkspan_server.url) as client:
        yield client


@pytest.fixture
def linkspan_complete(linkspan_server: "DevelopmentServer", linkspan_key: str) -> Complete:
    """Return a function that completes a Session of the test's key in one call, without a browser."""
    from linkspan.testing import complete  # noqa: PLC0415 - see above

    return partial(complete, linkspan_server, linkspan_key)


@pytest.fixture
def linkspan_webhooks(linkspan_client: "Client") -> Iterator["Inbox"]:
    """Lend the webhooks that the test's tenant is sent, as they come."""
    from linkspan.testing import capturing  # noqa: PLC0415 - see above

    with capturing(linkspan_client) as inbox:
        yield inbox
