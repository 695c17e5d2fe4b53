"""What comes round by the clock is done once for all workers, and again whatever befalls one of them."""

import asyncio
from collections.abc import Callable
from io import BytesIO

import msgspec
import pytest

from linkspan.server.jobs.kinds import Chore
from linkspan.server.jobs.runner import Runner
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log
from tests.api.conftest import Clock

pytestmark = pytest.mark.anyio

DAY = 86_400
HOUR = 3_600
Process = Callable[[], Context]


class Worker:
    """One process that knows one chore, and counts how often it does it."""

    def __init__(self, context: Context) -> None:
        self.done = 0
        self.log = BytesIO()
        self.is_broken = False
        self.has_work = True
        self.chore = Chore(name="dusting", every_seconds=HOUR, do=self.dust, is_due=self.is_due)
        self.runner = Runner(context, (), (self.chore,), Log(context.world, self.log))

    async def dust(self, _context: Context) -> int:
        self.done += 1
        if self.is_broken:
            raise RuntimeError("the duster broke")
        return 3

    async def is_due(self, _tx: Tx, _context: Context) -> bool:
        return self.has_work

    async def look(self) -> bool:
        return await self.runner.do(self.chore)


async def test_a_chore_is_done_once_however_many_workers_look(process: Process) -> None:
    workers = [Worker(process()) for _ in range(8)]

    looked = await asyncio.gather(*(worker.look() for worker in workers))

    assert sorted(looked) == [False] * 7 + [True]
    assert sum(worker.done for worker in workers) == 1


async def test_a_chore_comes_round_when_its_time_has_passed(process: Process, clock: Clock) -> None:
    worker = Worker(process())
    done = []

    for seconds in (0, HOUR - 1, 1, HOUR):
        clock.pass_(seconds)
        done.append(await worker.look())

    assert done == [True, False, True, True]


async def test_a_chore_with_nothing_to_do_writes_nothing(process: Process) -> None:
    context = process()
    worker = Worker(context)
    worker.has_work = False

    assert not await worker.look()

    assert await context.store.read(lambda tx: tx.all("SELECT * FROM chores", {})) == []


async def test_a_chore_whose_worker_died_is_done_when_its_lease_has_run_out(
    process: Process, clock: Clock
) -> None:
    dying, other = Worker(process()), Worker(process())
    dying.is_broken = True
    with pytest.raises(RuntimeError):
        await dying.look()

    assert not await other.look()
    clock.pass_(other.chore.lease_seconds)
    assert await other.look()


async def test_a_worker_that_was_late_does_not_move_what_another_took_over(
    process: Process, clock: Clock
) -> None:
    late, other = Worker(process()), Worker(process())
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(_context: Context) -> int:
        began.set()
        await may_end.wait()
        return 0

    slow = Chore(name="dusting", every_seconds=10 * DAY, do=slowly)
    dusting = asyncio.create_task(late.runner.do(slow))
    await began.wait()
    clock.pass_(slow.lease_seconds)
    assert await other.look()
    may_end.set()
    await dusting

    clock.pass_(HOUR)
    assert await other.look()


async def test_a_clock_that_was_set_back_does_not_put_a_chore_off(process: Process, clock: Clock) -> None:
    worker = Worker(process())
    await worker.look()

    clock.pass_(-DAY)

    assert await worker.look()


async def test_a_chore_that_was_done_leaves_one_line(process: Process) -> None:
    worker = Worker(process())

    await worker.look()
    await worker.look()
    await asyncio.sleep(0)  # the lines of one turn of the loop are written together

    await asyncio.sleep(0)  # lines of one turn are written in the next
    (line,) = [msgspec.json.decode(one) for one in worker.log.getvalue().splitlines()]
    assert (line["event"], line["job"], line["count"]) == ("job", "dusting", 3)
