"""Carries out one queue: claims no more than may run, and nobody waits for anybody."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Generic

from linkspan.server.jobs.kinds import L, P, Queue
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log

_CANCEL_SECONDS: Final = 0.1


class Crew(Generic[L, P]):
    """What of a queue this process has under way."""

    def __init__(self, context: Context, queue: Queue[L, P], log: Log) -> None:
        self._context = context
        self._queue = queue
        self._log = log
        self._under_way: dict[asyncio.Task[None], P] = {}
        self._in: Counter[L] = Counter()

    async def set_out(self) -> int:
        """Begin what is due now and may run; return how many pieces that is."""
        context, queue = self._context, self._queue
        wanted = self._wanted(await context.store.read(lambda tx: queue.lanes(tx, context)))
        if not wanted:
            return 0
        taken = await context.store.take(lambda tx: queue.claim(tx, context, wanted))
        for piece in taken:
            self._begin(piece)
        return len(taken)

    async def settled(self) -> None:
        """Return once nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def leave(self, seconds: float = 0) -> None:
        """Let what is under way end for *seconds*; break the rest off and give it back."""
        if self._under_way and seconds:
            await asyncio.wait(self._under_way, timeout=seconds)
        broken_off = tuple(self._under_way.values())
        # Again: the HTTP library can lose a cancellation that comes at the moment of an answer.
        while self._under_way:
            for task in self._under_way:
                task.cancel()
            await asyncio.wait(self._under_way, timeout=_CANCEL_SECONDS)
        if broken_off:
            await self._context.store.write(lambda tx: self._give_back(tx, broken_off))

    async def _give_back(self, tx: Tx, pieces: Sequence[P]) -> None:
        for piece in pieces:
            await self._queue.give_back(tx, self._context, piece)

    def _wanted(self, lanes: Iterable[L]) -> dict[L, int]:
        """Return how many more pieces of each lane may begin, the least busy lane first."""
        wanted, left = {}, self._queue.at_once_max - len(self._under_way)
        for lane in sorted(lanes, key=self._in.__getitem__):
            free = min(self._queue.at_once_in(lane) - self._in[lane], left)
            if free > 0:
                wanted[lane] = free
                left -= free
        return wanted

    def _begin(self, piece: P) -> None:
        lane = self._queue.lane_of(piece)
        task = asyncio.create_task(self._do(piece))
        self._under_way[task] = piece
        self._in[lane] += 1

        def ended(_: object) -> None:
            del self._under_way[task]
            self._in[lane] -= 1
            if self._in[lane] == 0:
                del self._in[lane]
            self._context.changes.tell(self._queue.bell)  # there is room for another one

        task.add_done_callback(ended)

    async def _do(self, piece: P) -> None:
        world, name = self._context.world, self._queue.name
        began = world.now()
        with self._log.unit(name):
            try:
                jobs = await self._queue.do(self._context, piece)
            except Exception:  # noqa: BLE001 - the edge of a job: a bug is logged, the lease runs out
                self._log.bug("bug", job=name, piece=str(piece))
                return
            milliseconds = int((world.now() - began) * 1000)
            for facts in jobs:
                self._log.line("job", job=name, milliseconds=milliseconds, **facts)
