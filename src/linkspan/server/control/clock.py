"""A clock that can be moved."""

from collections.abc import Callable


class MovedClock:
    """A clock that goes as another one does, ahead of it by as much as it was moved."""

    __slots__ = ("_ahead", "_now")

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ahead = 0.0

    def __call__(self) -> float:
        """Return the instant, in Unix seconds."""
        return self._now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self._ahead += seconds
