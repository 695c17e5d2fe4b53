"""Randomness drawn ahead is given out once, and nothing of it after a fork."""

import os
import random

from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.world import DrawnAhead


@given(st.lists(st.integers(0, 5_000), max_size=50))
def test_every_draw_is_as_long_as_asked_and_a_part_of_its_own(counts: list[int]) -> None:
    source = random.Random(1)
    drawn: list[bytes] = []

    def draw(count: int) -> bytes:
        drawn.append(source.randbytes(count))
        return drawn[-1]

    random_bytes = DrawnAhead(draw)
    given_out = [random_bytes(count) for count in counts]

    assert [len(part) for part in given_out] == counts
    rest = b"".join(drawn)
    for part in sorted(given_out, key=len, reverse=True):
        assert part in rest
        rest = rest.replace(part, b"|", 1) if part else rest


def test_what_was_drawn_before_a_fork_is_given_out_by_the_parent_alone() -> None:
    random_bytes = DrawnAhead(os.urandom)
    random_bytes(1)

    random_bytes.forget()

    assert len({random_bytes(16) for _ in range(1_000)}) == 1_000


def test_a_few_kilobytes_are_drawn_at_once() -> None:
    asked: list[int] = []

    def draw(count: int) -> bytes:
        asked.append(count)
        return bytes(count)

    random_bytes = DrawnAhead(draw)
    for _ in range(100):
        random_bytes(15)
    random_bytes(10_000)

    assert asked == [4_096, 10_000]
