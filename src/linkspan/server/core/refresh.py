"""The life of a refresh as a table, beside when the next one may start."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from linkspan.server.core.moves import follow


class RefreshStatus(StrEnum):
    """How the last refresh of a feature stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefreshFact(StrEnum):
    """What happened."""

    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


# A process that takes refreshes and dies holds them up for this long at most:
# longer than a bank may take to answer all the calls of one reading.
LEASE_SECONDS: Final = 180

# However much the bank's quota leaves; Stripe's documents show as much.
PAUSE_SECONDS: Final = 1

# None is a feature never refreshed. A pending refresh is not started again.
MOVES: Final[Mapping[tuple[RefreshStatus | None, RefreshFact], RefreshStatus]] = {
    (None, RefreshFact.STARTED): RefreshStatus.PENDING,
    (RefreshStatus.SUCCEEDED, RefreshFact.STARTED): RefreshStatus.PENDING,
    (RefreshStatus.FAILED, RefreshFact.STARTED): RefreshStatus.PENDING,
    (RefreshStatus.PENDING, RefreshFact.SUCCEEDED): RefreshStatus.SUCCEEDED,
    (RefreshStatus.PENDING, RefreshFact.FAILED): RefreshStatus.FAILED,
}


def next_status(status: RefreshStatus | None, fact: RefreshFact) -> RefreshStatus:
    """Return the status that follows *fact*."""
    return follow(MOVES, status, fact)


def may_start(status: RefreshStatus | None, next_available_at: int | None, now: int) -> bool:
    """Tell whether a refresh may start: never while one is pending, nor before its time."""
    if (status, RefreshFact.STARTED) not in MOVES:
        return False
    return status is None or next_available_at is None or next_available_at <= now
