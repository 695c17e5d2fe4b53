"""The life of a refresh is its table."""

import itertools

import pytest

from linkspan.server.core.moves import IllegalMove
from linkspan.server.core.refresh import MOVES, RefreshFact, RefreshStatus, may_start, next_status

STATUSES = (None, *RefreshStatus)


@pytest.mark.parametrize(
    ("status", "fact"), sorted(set(itertools.product(STATUSES, RefreshFact)) - set(MOVES), key=str)
)
def test_what_is_not_in_the_table_cannot_happen(status: RefreshStatus | None, fact: RefreshFact) -> None:
    with pytest.raises(IllegalMove):
        next_status(status, fact)


@pytest.mark.parametrize(
    ("status", "next_at", "may"),
    [
        (None, None, True),
        (RefreshStatus.PENDING, None, False),
        (RefreshStatus.PENDING, 10, False),
        (RefreshStatus.SUCCEEDED, 10, True),
        (RefreshStatus.SUCCEEDED, 11, False),
        (RefreshStatus.FAILED, 9, True),
        (RefreshStatus.FAILED, 11, False),
    ],
)
def test_a_refresh_starts_when_none_is_pending_and_its_time_has_come(
    status: RefreshStatus | None, next_at: int | None, may: object
) -> None:
    assert may_start(status, next_at, now=10) is may
