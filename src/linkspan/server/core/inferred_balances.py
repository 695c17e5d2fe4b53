"""What an account held at the end of each day, worked out from what it holds now and what moved on it."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linkspan.objects import Balance
from linkspan.server.core.found import FoundTransaction

_DAY: Final = 24 * 60 * 60
# A day's balance is the one at 23:59:59 UTC (Stripe API reference, "Inferred balances").
_LAST_SECOND: Final = _DAY - 1


class Undated(Exception):
    """A posted movement does not say when it was posted, so it belongs to no day."""


@dataclass(frozen=True, slots=True)
class EndOfDay:
    """A balance, by currency, at the last second of a day."""

    as_of: int
    current: Mapping[str, int]


def ends_of_days(balance: Balance, walk: Iterable[FoundTransaction], *, now: int) -> list[EndOfDay]:
    """Return a balance for each day that is over, from the day of the oldest posted movement on.

    The balance counts what has posted, so only that is taken away from it again.
    The bank computed it as of a moment of its own: what posted since is added.
    Days before the oldest movement are left out: whether nothing moved then, or
    the bank shows no more, cannot be told.
    """
    posted = _posted(walk)
    if not posted:
        return []
    held = dict(balance.current)
    for row in posted:
        if _instant(row) <= balance.as_of and row.currency in held:
            held[row.currency] -= row.amount
    days: list[EndOfDay] = []
    to_come = deque(posted)
    for as_of in range(_end_of_day(_instant(posted[0])), now + 1, _DAY):
        while to_come and _instant(to_come[0]) <= as_of:
            row = to_come.popleft()
            if row.currency in held:
                held[row.currency] += row.amount
        days.append(EndOfDay(as_of, dict(held)))
    return days


def _posted(walk: Iterable[FoundTransaction]) -> list[FoundTransaction]:
    """Return what has posted, oldest first; a row that two pages of a walk show is one."""
    rows = {row.source_id: row for row in walk}
    return sorted((row for row in rows.values() if row.status == "posted"), key=_instant)


def _instant(row: FoundTransaction) -> int:
    instant = row.transacted_at if row.posted_at is None else row.posted_at
    if instant is None:
        raise Undated
    return instant


def _end_of_day(instant: int) -> int:
    return instant // _DAY * _DAY + _LAST_SECOND
