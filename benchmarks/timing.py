"""Times calls in turns."""

from collections.abc import Callable
from time import process_time
from typing import Any, Final

ROUNDS: Final = 7


def in_turns(
    ours: tuple[Callable[[], Any], int], theirs: tuple[Callable[[], Any], int]
) -> tuple[list[float], list[float]]:
    """Return microseconds of processor time a call, by round, of two functions with their number of calls."""
    for call, _ in (ours, theirs):
        call()
    rounds = [(_each(*ours), _each(*theirs)) for _ in range(ROUNDS)]
    return [first for first, _ in rounds], [second for _, second in rounds]


def _each(call: Callable[[], Any], times: int) -> float:
    begun = process_time()
    for _ in range(times):
        call()
    return (process_time() - begun) / times * 1e6
