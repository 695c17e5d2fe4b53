"""What is put around the parts of a server where they are put together: nothing, unless spans are wanted."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, BinaryIO, Protocol, TypeAlias, TypeVar

from linkspan.server.core.world import World
from linkspan.server.telemetry.log import Log
from linkspan.server.telemetry.metrics import Metrics

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


class Asked(Protocol):
    """What leaves the server."""

    @property
    def method(self) -> str:
        """Return how it is asked."""

    @property
    def host(self) -> str:
        """Return who is asked."""


class Answered(Protocol):
    """What came back."""

    @property
    def status(self) -> int:
        """Return what it means."""


Q_contra = TypeVar("Q_contra", bound=Asked, contravariant=True)
A_co = TypeVar("A_co", bound=Answered, covariant=True)


class Way(Protocol[Q_contra, A_co]):
    """A way out of the server."""

    async def send(self, request: Q_contra) -> A_co:
        """Send *request* and return the answer."""
        ...


class Untraced:
    """Leaves every part as it is."""

    def app(self, app: App) -> App:
        """Return *app*."""
        return app

    def log(self, world: World, stream: BinaryIO | None = None) -> Log:
        """Return a plain log."""
        return Log(world, stream)

    def metrics(self) -> Metrics:
        """Return plain metrics."""
        return Metrics()

    def way(self, way: Way[Q_contra, A_co]) -> Way[Q_contra, A_co]:
        """Return *way*."""
        return way
