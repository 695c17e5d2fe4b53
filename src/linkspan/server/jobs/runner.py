"""Does the background work of one process: looks for it when a bell rings, and every few seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from linkspan.server.jobs.crew import Crew
from linkspan.server.jobs.kinds import Chore, Queue
from linkspan.server.operations.context import Context
from linkspan.server.store import chores as chore_rows
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log

# What was left for later is looked for this often even when no bell rings: a
# disconnected account's grant is destroyed within seconds while its bank is up.
_ROUND_SECONDS: Final = 2.0
# What is under way may take this long to end when the process must; whoever
# stops processes waits ten seconds as a rule before it kills them.
LEAVE_SECONDS: Final = 5.0


class Runner:
    """Everything one process does in the background."""

    def __init__(
        self, context: Context, queues: Sequence[Queue[Any, Any]], chores: Sequence[Chore], log: Log
    ) -> None:
        self._context = context
        self._log = log
        self._chores = chores
        self._crews = [(queue, Crew(context, queue, log)) for queue in queues]

    async def work(self) -> None:
        """Do what there is to do until cancelled; then let what is under way end, or give it back."""
        try:
            async with self._context.store.hear(self._context.changes.tell), asyncio.TaskGroup() as loops:
                # Each in a loop of its own, so that none waits for another's bank.
                for queue, crew in self._crews:
                    loops.create_task(self._again(queue.name, queue.bell, crew.set_out))
                for chore in self._chores:
                    loops.create_task(self._again(chore.name, chore.bell, partial(self.do, chore)))
        finally:
            await asyncio.gather(*(crew.leave(LEAVE_SECONDS) for _, crew in self._crews))

    async def catch_up(self) -> None:
        """Do what is due by now and what comes of that, until nothing is; others are not waited for."""
        is_any = True
        while is_any:
            done = [await self.do(chore) for chore in self._chores]
            begun = [await crew.set_out() for _, crew in self._crews]
            for _, crew in self._crews:
                await crew.settled()
            is_any = any((*done, *begun))

    async def do(self, chore: Chore) -> bool:
        """Do *chore* if its time has come and nobody else is at it; tell whether it was done."""
        context = self._context
        now = context.world.seconds()
        longest = max(chore.every_seconds, chore.lease_seconds)
        when = chore_rows.Round(name=chore.name, now=now, longest=longest)
        is_due = await context.store.read(lambda tx: _is_due(tx, context, chore, when))
        if not is_due:
            return False
        until = now + chore.lease_seconds
        turn = await context.store.write(lambda tx: chore_rows.lease(tx, when, until=until))
        if turn is None:
            return False
        began = context.world.now()
        with self._log.unit(chore.name):
            count = await chore.do(context)
            due_at = now + chore.every_seconds
            await context.store.write(lambda tx: chore_rows.settle(tx, chore.name, turn, due_at=due_at))
            milliseconds = int((context.world.now() - began) * 1000)
            self._log.line("job", job=chore.name, milliseconds=milliseconds, count=count)
        return True

    async def _again(self, name: str, bell: str | None, look: Callable[[], Awaitable[object]]) -> None:
        """Look for work every few seconds, and sooner when its bell rings, even while it is looked for."""
        with self._context.changes.listening(bell or name) as told:
            while True:
                told.clear()
                try:
                    await look()
                except Exception:  # noqa: BLE001 - the edge of a job: a bug is logged, the next round goes on
                    self._log.bug("bug", job=name)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ROUND_SECONDS):
                        await told.wait()


async def _is_due(tx: Tx, context: Context, chore: Chore, when: chore_rows.Round) -> bool:
    return await chore_rows.is_due(tx, when) and await chore.is_due(tx, context)
