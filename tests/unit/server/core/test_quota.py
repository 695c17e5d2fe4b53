"""However askings fall, no span of a limit has more of them than it allows."""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.quota import Asking, Limit, available_at, longest

HOUR: Final = 60 * 60
DAY: Final = 24 * HOUR
FOUR_A_DAY: Final = (Limit(times=4, seconds=DAY),)


def asked(*hours: float, is_daily: bool = False) -> list[Asking]:
    return [Asking(at=int(hour * HOUR), is_daily=is_daily) for hour in hours]


def test_what_was_never_asked_may_be_asked_now() -> None:
    assert available_at([], FOUR_A_DAY, now=7) == 7


def test_a_bank_that_names_no_limit_may_be_asked_at_once() -> None:
    assert available_at(asked(1, 1, 1, 1), (), now=HOUR) == HOUR


def test_the_span_rolls_and_knows_no_midnight() -> None:
    assert available_at(asked(20, 21, 22, 23), FOUR_A_DAY, now=25 * HOUR) == 44 * HOUR
    assert available_at(asked(20, 21, 22, 23), FOUR_A_DAY, now=44 * HOUR) == 44 * HOUR


def test_every_limit_must_allow_of_it() -> None:
    limits = (*FOUR_A_DAY, Limit(times=5, seconds=30 * DAY))

    assert available_at(asked(1, 30, 60, 90, 120), limits, now=150 * HOUR) == 30 * DAY + HOUR
    assert longest(limits) == 30 * DAY


def test_an_asking_that_a_clock_set_back_has_put_into_the_future_still_counts() -> None:
    assert available_at(asked(40, 41, 42, 43), FOUR_A_DAY, now=20 * HOUR) == 64 * HOUR


def test_a_program_leaves_a_subscription_its_day() -> None:
    assert available_at(asked(1, 2, 3), FOUR_A_DAY, now=4 * HOUR, a_day=1) == 25 * HOUR
    assert available_at(asked(1, 2, 3), FOUR_A_DAY, now=4 * HOUR) == 4 * HOUR


def test_the_days_own_asking_takes_nothing_from_the_program() -> None:
    both = asked(1, is_daily=True) + asked(2, 3)

    assert available_at(both, FOUR_A_DAY, now=4 * HOUR, a_day=1) == 4 * HOUR


def test_a_program_is_left_one_asking_where_the_days_need_all() -> None:
    once_a_day = (Limit(times=1, seconds=DAY),)

    assert available_at([], once_a_day, now=0, a_day=1) == 0
    assert available_at(asked(1), once_a_day, now=2 * HOUR, a_day=1) == 25 * HOUR


def test_a_months_cap_keeps_a_day_each_for_the_subscription() -> None:
    cap = (Limit(times=40, seconds=30 * DAY),)

    assert available_at(asked(*range(1, 11)), cap, now=12 * HOUR, a_day=1) == 30 * DAY + HOUR


@given(
    limits=st.lists(st.builds(Limit, times=st.integers(1, 6), seconds=st.integers(1, 50)), max_size=3),
    tries=st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=60),
)
def test_who_asks_only_when_it_is_available_never_asks_too_often(
    limits: list[Limit], tries: list[tuple[int, bool]]
) -> None:
    now, done = 0, list[Asking]()
    for pause, is_daily in tries:
        now += pause
        at = available_at(done, limits, now=now, a_day=not is_daily)
        assert at >= now
        if at == now:
            done.append(Asking(at=now, is_daily=is_daily))

    for limit in limits:
        for last in done:
            within = [one for one in done if last.at - limit.seconds < one.at <= last.at]
            assert len(within) <= limit.times
