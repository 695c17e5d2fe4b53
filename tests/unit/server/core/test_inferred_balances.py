"""The balance of a day is what was posted by its last second, whatever way it is worked out."""

import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.objects import Balance, FrozenMap
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.inferred_balances import EndOfDay, Movements, Undated

DAY = 24 * 60 * 60
# The first second of a day.
TODAY = 20_000 * DAY
LAST = DAY - 1


def balance(as_of: int = TODAY, **current: int) -> Balance:
    return Balance(as_of=as_of, current=FrozenMap(current or {"usd": 1000}), type="cash")


def moved(amount: int, at: int | None, **changes: Any) -> FoundTransaction:
    given = {
        "source_id": f"{at}:{amount}",
        "replaces_source_id": None,
        "amount": amount,
        "currency": "usd",
        "description": None,
        "status": "posted",
        "transacted_at": at,
        "posted_at": at,
    }
    return FoundTransaction(**{**given, **changes})


def ends_of_days(balance: Balance, walk: Iterable[FoundTransaction], *, now: int) -> list[EndOfDay]:
    """The balances that a walk leads to."""
    movements = Movements(balance)
    for row in walk:
        movements.add(row)
    return movements.ends_of_days(now=now)


def shown(days: list[EndOfDay]) -> dict[int, int]:
    """Balances in dollars by how many days ago."""
    assert {day.as_of % DAY for day in days} <= {LAST}
    return {(TODAY - day.as_of) // DAY + 1: day.current["usd"] for day in days}


def test_each_day_that_is_over_has_the_balance_of_its_last_second() -> None:
    walk = [moved(-300, TODAY - DAY), moved(50, TODAY - 3 * DAY + LAST)]

    assert shown(ends_of_days(balance(), walk, now=TODAY + 60)) == {3: 1300, 2: 1300, 1: 1000}


def test_the_second_after_midnight_belongs_to_the_next_day() -> None:
    walk = [moved(-300, TODAY - DAY), moved(-1, TODAY - DAY - 1)]

    assert shown(ends_of_days(balance(), walk, now=TODAY)) == {2: 1300, 1: 1000}


def test_a_day_is_over_at_its_last_second() -> None:
    walk = [moved(-300, TODAY)]

    assert ends_of_days(balance(), walk, now=TODAY + LAST - 1) == []
    assert len(ends_of_days(balance(TODAY + 1), walk, now=TODAY + LAST)) == 1


def test_what_posted_since_the_bank_computed_its_balance_is_added() -> None:
    walk = [moved(-300, TODAY - DAY), moved(-20, TODAY - 4 * DAY)]

    computed = balance(as_of=TODAY - 2 * DAY)

    assert shown(ends_of_days(computed, walk, now=TODAY)) == {4: 1000, 3: 1000, 2: 1000, 1: 700}


def test_what_is_pending_moved_nothing_yet() -> None:
    walk = [moved(-300, TODAY - DAY), moved(-20, TODAY - DAY, status="pending", posted_at=None)]

    assert shown(ends_of_days(balance(), walk, now=TODAY)) == {1: 1000}


def test_a_row_that_two_pages_show_moved_once() -> None:
    walk = [moved(-300, TODAY - DAY), moved(-10, TODAY - 2 * DAY), moved(-300, TODAY - DAY)]

    assert shown(ends_of_days(balance(), walk, now=TODAY)) == {2: 1300, 1: 1000}


def test_money_of_another_currency_is_left_alone() -> None:
    walk = [moved(-300, TODAY - DAY), moved(-10, TODAY - DAY, currency="cad"), moved(1, TODAY - 2 * DAY)]

    days = ends_of_days(balance(usd=1000, eur=5), walk, now=TODAY)

    assert [dict(day.current) for day in days] == [{"usd": 1300, "eur": 5}, {"usd": 1000, "eur": 5}]


def test_a_posting_without_a_date_of_its_own_has_the_one_it_was_made_at() -> None:
    walk = [moved(-300, TODAY - DAY, posted_at=None)]

    assert shown(ends_of_days(balance(), walk, now=TODAY)) == {1: 1000}


def test_a_posting_without_any_date_belongs_to_no_day() -> None:
    with pytest.raises(Undated):
        ends_of_days(balance(), [moved(-300, None)], now=TODAY)


def test_without_a_movement_no_day_is_known() -> None:
    assert ends_of_days(balance(), [], now=TODAY) == []


MOVEMENTS = st.lists(
    st.tuples(st.integers(-10_000, 10_000), st.integers(-40 * DAY, -1)), min_size=1, max_size=40
)


@given(MOVEMENTS, st.integers(-10_000, 10_000), st.integers(-40 * DAY, 0))
def test_days_are_those_of_a_ledger_kept_forwards(
    movements: list[tuple[int, int]], opening: int, computed: int
) -> None:
    walk = [moved(amount, TODAY + ago, source_id=str(place)) for place, (amount, ago) in enumerate(movements)]

    def held(at: int) -> int:
        return opening + sum(amount for amount, ago in movements if TODAY + ago <= at)

    as_of = TODAY + computed
    days = ends_of_days(balance(as_of=as_of, usd=held(as_of)), walk, now=TODAY)

    assert [day.current["usd"] for day in days] == [held(day.as_of) for day in days]
    assert [day.as_of for day in days] == list(range(days[0].as_of, TODAY, DAY))
    assert days[0].as_of - LAST <= min(TODAY + ago for _, ago in movements) <= days[0].as_of


def test_a_row_that_another_page_showed_moved_once_among_however_many() -> None:
    walk = [moved(-1, TODAY - DAY - n % 100_000, source_id=f"p{n}") for n in range(150_000)]

    assert ends_of_days(balance(), walk, now=TODAY) == ends_of_days(balance(), walk * 2, now=TODAY)
    assert ends_of_days(balance(), walk, now=TODAY)[0].current["usd"] > 100_000


def test_a_longer_walk_takes_hardly_more_memory() -> None:
    movements, held = Movements(balance()), list[int]()
    tracemalloc.start()
    for n in range(20_000):
        movements.add(moved(-1, TODAY - DAY - n, source_id=f"p{n}"))
        if n % 10_000 == 9_999:
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    assert held[1] - held[0] < 10 * 10_000
