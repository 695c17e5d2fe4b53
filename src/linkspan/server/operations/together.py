"""Does in one go what several tasks ask for at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Hands over in one call what comes in while the last call is under way, so that many share its price.

    Nobody waits for others to come. What was handed over is done even if
    whoever asked has gone meanwhile; where a call for several fails, each is
    handed over alone, so that none fails for another's sake.
    """

    __slots__ = ("_do", "_most", "_waiting", "_working")

    def __init__(self, do: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most: int) -> None:
        self._do = do
        """Does up to *most* at once; answers each in the order they were given."""
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None

    async def add(self, one: T) -> R:
        """Return what comes of *one*, once that is done."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        """Hand over what waits until nothing does."""
        try:
            while self._waiting:
                some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._hand_over(some)
        finally:
            self._working = None

    async def _hand_over(self, some: Sequence[tuple[T, "asyncio.Future[R]"]]) -> None:
        (done,) = await asyncio.gather(self._do([one for one, _ in some]), return_exceptions=True)
        if not isinstance(done, BaseException):
            for (_, answer), value in zip(some, done, strict=True):
                if not answer.done():
                    answer.set_result(value)
        elif len(some) > 1:
            for each in some:
                await self._hand_over([each])
        else:
            ((_, answer),) = some
            if not answer.done():
                answer.set_exception(done)
