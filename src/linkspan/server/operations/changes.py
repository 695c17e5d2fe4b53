"""Wakes whoever waits for a Session to change, or for work that was left for later."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Changes:
    """In-process only: a waiter in another process finds out by reading again.

    What is waited for has a name: a Session's id, or the bell of a job.
    """

    __slots__ = ("_waiting", "is_over")

    def __init__(self) -> None:
        self.is_over = False
        """Whether the process is ending, so that no stream keeps it alive."""
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def tell(self, name: str) -> None:
        """Wake everyone who waits for *name*; called after the commit."""
        for waiter in self._waiting.get(name, ()):
            waiter.set()

    def end(self) -> None:
        """Wake everyone for the last time."""
        self.is_over = True
        self.tell_everyone()

    def tell_everyone(self) -> None:
        """Wake everyone, whatever they wait for: what they look at may have changed."""
        for waiters in self._waiting.values():
            for waiter in waiters:
                waiter.set()

    @contextmanager
    def listening(self, name: str) -> Iterator[asyncio.Event]:
        """Lend an event that is set whenever *name* is told of, also while nobody waits for it."""
        waiter = asyncio.Event()
        self._waiting[name].add(waiter)
        try:
            yield waiter
        finally:
            self._waiting[name].discard(waiter)
            if not self._waiting[name]:
                del self._waiting[name]

    async def wait(self, name: str, *, seconds_max: float) -> None:
        """Return when *name* was told of, or after *seconds_max*."""
        with self.listening(name) as told, suppress(TimeoutError):
            async with asyncio.timeout(seconds_max):
                await told.wait()
