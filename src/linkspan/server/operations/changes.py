"""Wakes whoever waits for a Session to change, or for work that was left for later."""

import asyncio
from collections import defaultdict


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
        for waiters in self._waiting.values():
            for waiter in waiters:
                waiter.set()

    async def wait(self, name: str, *, seconds_max: float) -> None:
        """Return when *name* was told of, or after *seconds_max*."""
        waiter = asyncio.Event()
        self._waiting[name].add(waiter)
        try:
            async with asyncio.timeout(seconds_max):
                await waiter.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[name].discard(waiter)
            if not self._waiting[name]:
                del self._waiting[name]
