"""Bells: how a committed transaction wakes whoever does the work that it left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Bells:
    """Who in this process hears of the transactions of one store."""

    __slots__ = ("_hearers",)

    def __init__(self) -> None:
        self._hearers: list[Callable[[str], None]] = []

    def ring(self, name: str) -> None:
        """Tell everyone."""
        for tell in tuple(self._hearers):
            tell(name)

    @contextmanager
    def heard_by(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Let *tell* hear of what rings while the block runs."""
        self._hearers.append(tell)
        try:
            yield
        finally:
            self._hearers.remove(tell)
