"""A crew begins no more than may run, waits for nobody, and leaves nothing behind when it goes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import msgspec
import pytest

from linkspan.server.jobs.crew import Crew
from linkspan.server.jobs.kinds import Facts, Queue
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log

pytestmark = pytest.mark.anyio

Process = Callable[[], Context]
Piece = tuple[str, int]


class Yard:
    """Work that waits in lanes, and the crew that does it."""

    def __init__(self, context: Context, **lanes: int) -> None:
        self.waiting = {name: [(name, number) for number in range(count)] for name, count in lanes.items()}
        self.done: list[Piece] = []
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.stuck: set[str] = set()
        self.broken: set[Piece] = set()
        self.log = BytesIO()
        queue: Queue[Any, Any] = Queue(
            name="loading",
            bell="loading",
            at_once_max=5,
            at_once_in=lambda _lane: 2,
            lanes=self.lanes,
            claim=self.claim,
            lane_of=lambda piece: piece[0],
            do=self.do,
            give_back=self.give_back,
        )
        self.crew = Crew(context, queue, Log(context.world, self.log))

    async def lanes(self, _tx: Tx, _context: Context) -> Sequence[str]:
        return [name for name, pieces in self.waiting.items() if pieces]

    async def claim(self, _tx: Tx, _context: Context, wanted: Mapping[str, int]) -> Sequence[Piece]:
        taken = []
        for lane, most in wanted.items():
            taken += self.waiting[lane][:most]
            del self.waiting[lane][:most]
        return taken

    async def do(self, _context: Context, piece: Piece) -> Sequence[Facts]:
        lane, _ = piece
        self.under_way[lane] += 1
        self.most[lane] = max(self.most[lane], self.under_way[lane])
        self.most["all"] = max(self.most["all"], self.under_way.total())
        try:
            await (asyncio.Event().wait() if lane in self.stuck else asyncio.sleep(0))
        finally:
            self.under_way[lane] -= 1
        if piece in self.broken:
            raise RuntimeError("it fell")
        self.done.append(piece)
        return [{"lane": lane}]

    async def give_back(self, _tx: Tx, _context: Context, piece: Piece) -> None:
        self.waiting[piece[0]].append(piece)

    def lines(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(one) for one in self.log.getvalue().splitlines()]


async def test_no_more_is_begun_than_may_run(process: Process) -> None:
    yard = Yard(process(), a=9, b=9, c=9, d=9)

    while await yard.crew.set_out():
        await yard.crew.settled()

    assert len(yard.done) == 36
    assert (yard.most["all"], yard.most["a"]) == (5, 2)


async def test_a_lane_that_is_stuck_holds_up_no_other(process: Process) -> None:
    yard = Yard(process(), stuck=9, free=20)
    yard.stuck.add("stuck")

    while len(yard.done) < 20:
        await yard.crew.set_out()
        await asyncio.sleep(0)

    assert yard.under_way["stuck"] == 2
    await yard.crew.leave()


async def test_a_crew_that_leaves_lets_work_end_and_gives_back_what_does_not(process: Process) -> None:
    yard = Yard(process(), stuck=2, free=2)
    yard.stuck.add("stuck")
    await yard.crew.set_out()

    await yard.crew.leave(0.2)

    assert sorted(yard.done) == [("free", 0), ("free", 1)]
    assert yard.under_way.total() == 0
    assert sorted(yard.waiting["stuck"]) == [("stuck", 0), ("stuck", 1)]


async def test_a_bug_in_a_piece_is_logged_and_stops_nothing(process: Process) -> None:
    yard = Yard(process(), a=4)
    yard.broken.add(("a", 1))

    while await yard.crew.set_out():
        await yard.crew.settled()

    assert sorted(yard.done) == [("a", 0), ("a", 2), ("a", 3)]
    assert [line["event"] for line in yard.lines()].count("bug") == 1


async def test_each_job_leaves_one_line(process: Process) -> None:
    yard = Yard(process(), a=1)

    await yard.crew.set_out()
    await yard.crew.settled()

    (line,) = yard.lines()
    assert (line["event"], line["job"], line["lane"]) == ("job", "loading", "a")
    assert line["milliseconds"] >= 0
