"""A subscription is refreshed once a day, and all of them are not refreshed at once."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.ids import new_id
from linkspan.server.core.subscription import next_run
from linkspan.server.core.world import World

HOUR = 60 * 60
DAY = 24 * HOUR
NOW = 1_790_000_000


@given(st.text(max_size=30), st.integers(min_value=0, max_value=2**40))
def test_the_next_run_is_half_a_day_to_a_day_and_a_half_away(account: str, now: int) -> None:
    assert DAY // 2 <= next_run(account, now) - now < DAY + DAY // 2


@given(st.text(max_size=30), st.integers(min_value=0, max_value=2**40))
def test_runs_follow_each_other_by_a_day(account: str, now: int) -> None:
    first = next_run(account, now)

    assert next_run(account, first) == first + DAY


@pytest.mark.parametrize("late", [1, 5 * HOUR, 12 * HOUR, 3 * DAY])
def test_a_run_that_was_late_does_not_move_the_ones_after_it(late: int) -> None:
    planned = next_run("fca_1", NOW)

    after = next_run("fca_1", planned + late)

    assert (after - planned) % DAY == 0


def test_accounts_linked_in_one_second_are_spread_over_the_day() -> None:
    drawn = count()
    world = World(lambda: float(NOW), lambda size: next(drawn).to_bytes(size, "big"))

    hours = Counter(next_run(new_id("fca", world), NOW) % DAY // HOUR for _ in range(2_400))

    assert len(hours) == 24
    assert max(hours.values()) < 200
