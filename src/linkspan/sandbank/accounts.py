"""The accounts of one person at one brand, as they stand at a given time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from linkspan.sandbank.activity import Movement, movements_of_month
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.dice import Dice
from linkspan.sandbank.people import Person
from linkspan.sandbank.plans import TEST_CHECKING, Plan

# How far back the bank shows transactions.
LOOKBACK_DAYS: Final = 180
# Before the first month that anybody can ask for; loans are counted from here.
_LOANS_BEGAN: Final = date(2024, 1, 1)
_PRINCIPAL_PER_MONTH: Final = Decimal("612.40")


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account with its number; its balance and movements follow from the time."""

    id: str
    plan: Plan
    brand: Brand
    number: str
    dice: Dice

    @property
    def display(self) -> str:
        """What the bank shows instead of the number."""
        return self.plan.display or self.number[-4:]

    @property
    def payment_number(self) -> str:
        """The number to pay with: a substitute where the brand hides its own."""
        return self.dice.digits(12, "token") if self.has_stand_in else self.number

    @property
    def has_stand_in(self) -> bool:
        """Whether it is paid by another number than its own."""
        return self.plan.payment == "by stand-in" or self.brand.has_tokenized_numbers

    def movements(self, now: datetime) -> list[Movement]:
        """Return everything made up to *now* that the bank still shows, newest first.

        What is not posted yet is part of it; see ``Movement.posts_at``.
        """
        since = now - timedelta(days=LOOKBACK_DAYS)
        rows = [m for month in _months(since.date(), now.date()) for m in self._month(month)]
        shown = [m for m in rows if m.made_at <= now and m.posts_at >= since]
        return sorted(shown, key=lambda m: (m.made_at, m.id), reverse=True)

    def balance(self, now: datetime) -> Decimal:
        """Return what is posted at *now*: kept is positive, owed is negative."""
        posted = (m.amount for m in self._month(now.date().replace(day=1)) if m.posts_at <= now)
        if self.plan.category == "LOAN_ACCOUNT":
            return min(self.opening + _PRINCIPAL_PER_MONTH * self._payments_until(now), Decimal("0.00"))
        return sum(posted, self.opening)

    def pending(self, now: datetime) -> Decimal:
        """Return what pending payments will take; money still to come does not count."""
        rows = self.movements(now)
        return sum((m.held for m in rows if m.posts_at > now and m.held < 0), Decimal("0.00"))

    @property
    def opening(self) -> Decimal:
        """The balance with which every month begins at this brand."""
        more = self.dice.money(0, int(self.plan.spread * 100), "opening")
        return self.plan.opening + more

    def _month(self, month: date) -> tuple[Movement, ...]:
        return movements_of_month(self.plan.habit, self.dice, month)

    def _payments_until(self, now: datetime) -> int:
        months = (now.year - _LOANS_BEGAN.year) * 12 + now.month - _LOANS_BEGAN.month
        return months + any(m.posts_at <= now for m in self._month(now.date().replace(day=1)))


def accounts_of(person: Person, brand: Brand, seed: str) -> tuple[HeldAccount, ...]:
    """Return what *person* holds at *brand*; the same seed gives the same accounts.

    Ids are unique within a brand only. Another brand uses the same ones, as
    banks are free to do.
    """
    plans = person.plans if brand.holds is None else brand.holds
    if brand.conduct.has_test_accounts:
        plans = (*TEST_CHECKING, *(plan for plan in plans if plan.key != "checking"))
    return tuple(_held(plan, person, brand, seed) for plan in plans)


def as_instant(unix_seconds: float) -> datetime:
    """Return the time in UTC, the zone that the bank lives in."""
    return datetime.fromtimestamp(unix_seconds, UTC)


def _held(plan: Plan, person: Person, brand: Brand, seed: str) -> HeldAccount:
    dice = Dice(seed).at(brand.slug, person.username, plan.key)
    number = plan.number or dice.digits(12, "number")
    return HeldAccount(f"{person.username}-{plan.key}", plan, brand, number, dice)


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of every month that may hold a row made in that time."""
    month = first.replace(day=1)
    # One month more: what was made on its last days is posted in the next.
    while month <= last + timedelta(days=31):
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
