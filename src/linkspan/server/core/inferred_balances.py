"""What an account held at the end of each day, worked out from what it holds now and what moved on it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkspan.objects import Balance
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.seen import Marks, Seen

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


class Movements:
    """What posted on an account, summed up by days while a walk shows it, beside the balance it led to."""

    __slots__ = ("_at_first", "_balance", "_by_day", "_doubted", "_marks", "_seen")

    def __init__(self, balance: Balance) -> None:
        self._balance = balance
        self._at_first = Counter(balance.current)
        """The balance, less what is known to have led to it."""
        self._by_day: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._seen, self._marks = Seen(), Marks()
        self._doubted: list[FoundTransaction] = []

    def add(self, row: FoundTransaction) -> None:
        """Count a row of the walk; raise `Undated` where it belongs to no day."""
        if row.status != "posted":
            return
        if row.source_id:
            self._marks.note(row.source_id)
            if self._seen.note(row.source_id):
                self._doubted.append(row)
                return
        self._count(row)

    def ends_of_days(self, *, now: int) -> list[EndOfDay]:
        """Return a balance for each day that is over, from the day of the oldest posted movement on.

        The balance counts what has posted, so only that is taken away from it again.
        The bank computed it as of a moment of its own: what posted since is added.
        Days before the oldest movement are left out: whether nothing moved then, or
        the bank shows no more, cannot be told.
        """
        self._count_doubted()
        held, days = dict(self._at_first), list[EndOfDay]()
        for as_of in range(min(self._by_day, default=now + 1), now + 1, _DAY):
            for currency, amount in self._by_day.get(as_of, {}).items():
                held[currency] += amount
            days.append(EndOfDay(as_of, dict(held)))
        return days

    def _count(self, row: FoundTransaction) -> None:
        at = _instant(row)
        day = self._by_day[_end_of_day(at)]
        if row.currency in self._at_first:
            day[row.currency] += row.amount
            if at <= self._balance.as_of:
                self._at_first[row.currency] -= row.amount

    def _count_doubted(self) -> None:
        """Count what only looked as if another page had shown it; a row that two pages show moved once."""
        doubted = {row.source_id: row for row in self._doubted}
        shown, doubts = self._marks.count(doubted), Counter(row.source_id for row in self._doubted)
        self._doubted = []
        for name, row in doubted.items():
            if shown[name] == doubts[name]:
                self._count(row)


def _instant(row: FoundTransaction) -> int:
    instant = row.transacted_at if row.posted_at is None else row.posted_at
    if instant is None:
        raise Undated
    return instant


def _end_of_day(instant: int) -> int:
    return instant // _DAY * _DAY + _LAST_SECOND
