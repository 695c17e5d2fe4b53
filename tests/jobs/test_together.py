"""What several tasks ask for at the same time is done in one go, and none of them pays for another."""

import asyncio
from collections.abc import Sequence

import pytest

from linkspan.server.operations.together import Together

pytestmark = pytest.mark.anyio


class Desk:
    """Doubles numbers, some at a time, and remembers which it was handed together."""

    def __init__(self, *, most: int = 10) -> None:
        self.handed: list[list[int]] = []
        self.was_asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()
        self.together = Together(self.double, most=most)

    async def double(self, numbers: Sequence[int]) -> list[int]:
        self.handed.append(list(numbers))
        self.was_asked.set()
        await self.may_answer.wait()
        if any(number < 0 for number in numbers):
            raise ValueError("negative")
        return [number * 2 for number in numbers]

    async def add(self, *numbers: int) -> list[int | BaseException]:
        return await asyncio.gather(*map(self.together.add, numbers), return_exceptions=True)


async def test_each_is_answered_for_itself() -> None:
    assert await Desk().add(1, 2, 3) == [2, 4, 6]


async def test_what_comes_while_others_are_under_way_goes_together() -> None:
    desk = Desk()
    desk.may_answer.clear()
    first = asyncio.create_task(desk.add(1))
    await desk.was_asked.wait()
    rest = [asyncio.create_task(desk.add(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)

    desk.may_answer.set()
    await asyncio.gather(first, *rest)

    assert desk.handed == [[1], [2, 3, 4]]


async def test_no_more_go_together_than_may() -> None:
    desk = Desk(most=2)

    assert await desk.add(1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]

    assert desk.handed == [[1, 2], [3, 4], [5]]


async def test_one_that_fails_fails_alone() -> None:
    first, bad, last = await Desk().add(1, -1, 3)

    assert (first, last) == (2, 6)
    assert isinstance(bad, ValueError)


async def test_what_was_handed_over_is_done_though_whoever_asked_has_gone() -> None:
    desk = Desk()
    desk.may_answer.clear()
    gone = asyncio.create_task(desk.together.add(1))
    await desk.was_asked.wait()
    gone.cancel()
    waiting = asyncio.create_task(desk.together.add(2))
    await asyncio.sleep(0)

    desk.may_answer.set()

    assert await waiting == 4
    assert desk.handed == [[1], [2]]


async def test_after_a_failure_it_goes_on() -> None:
    desk = Desk()

    await desk.add(-1)

    assert await desk.add(1) == [2]
