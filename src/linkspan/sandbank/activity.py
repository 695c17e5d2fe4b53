"""What moves on an account, a month at a time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from linkspan.sandbank.dice import Dice
from linkspan.sandbank.habits import HABITS, Habit, Monthly, Occasional

# Card payments are posted one or two nights later, so a month begins with
# postings of what was bought in the last two days of the month before.
_POSTING_DAYS_MAX: Final = 2
_POSTING_HOUR: Final = time(4, 0, tzinfo=UTC)
_SETTLED_AT: Final = time(23, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money in (positive) or out (negative) as the holder of the account sees it.

    ``held`` is what is shown while the movement is pending; the posting may
    differ by a tip.
    """

    id: str
    made_at: datetime
    posts_at: datetime
    amount: Decimal
    held: Decimal
    payee: str
    description: str
    category: str | None = None
    is_card: bool = False


# Every question about an account asks for the same eight months of it, or nine.
@lru_cache(maxsize=256)
def movements_of_month(habit_name: str, dice: Dice, month: date) -> tuple[Movement, ...]:
    """Return what is posted in the month that *month* begins, oldest first.

    The transfer on the last day takes the account back to where it began, so
    the sum over any whole month is zero, but for loans, which are paid down.
    """
    habit = HABITS[habit_name]
    length = monthrange(month.year, month.month)[1]
    days = [month + timedelta(days=n) for n in range(-_POSTING_DAYS_MAX, length)]
    begun = [m for day in days for m in _movements_of_day(habit, dice.at(day.isoformat()), day)]
    posted = [m for m in begun if (m.posts_at.year, m.posts_at.month) == (month.year, month.month)]
    if habit_name != "mortgage":
        posted += _settlement(habit, dice.at(month.isoformat(), "settlement"), days[-1], posted)
    return tuple(sorted(posted, key=lambda m: (m.posts_at, m.id)))


def _movements_of_day(habit: Habit, dice: Dice, day: date) -> Iterator[Movement]:
    for monthly in habit.monthly:
        if monthly.day == day.day:
            yield _monthly(monthly, dice.at(monthly.description), day)
    for n, occasional in enumerate(habit.occasional):
        here = dice.at(n)
        if here.below(100, "falls") < occasional.percent:
            yield _occasional(occasional, here, day)


def _monthly(monthly: Monthly, dice: Dice, day: date) -> Movement:
    # Standing orders and payroll are booked in the morning run, never pending.
    at = datetime.combine(day, time(6, 0, tzinfo=UTC))
    amount = dice.money(monthly.low_cents, monthly.high_cents, "amount")
    return Movement(
        id=dice.hexadecimal("id"),
        made_at=at,
        posts_at=at,
        amount=amount,
        held=amount,
        payee=monthly.payee,
        description=monthly.description,
    )


def _occasional(occasional: Occasional, dice: Dice, day: date) -> Movement:
    minute = dice.below(13 * 60, "minute")
    made_at = datetime.combine(day, time(8, 0, tzinfo=UTC)) + timedelta(minutes=minute)
    held = dice.money(occasional.low_cents, occasional.high_cents, "amount")
    tip = (held * occasional.tip_percent / 100).quantize(held)
    payee = dice.pick(occasional.payees, "payee")
    refund = occasional.is_card and held > 0
    return Movement(
        id=dice.hexadecimal("id"),
        made_at=made_at,
        posts_at=_posting_of(made_at, dice) if occasional.is_card else made_at,
        amount=held + tip,
        held=held,
        payee=payee,
        description=f"{payee.upper()} REFUND" if refund else payee.upper(),
        category=occasional.category,
        is_card=occasional.is_card,
    )


def _posting_of(made_at: datetime, dice: Dice) -> datetime:
    nights = 1 + dice.below(_POSTING_DAYS_MAX, "nights")
    return datetime.combine(made_at.date() + timedelta(days=nights), _POSTING_HOUR)


def _settlement(habit: Habit, dice: Dice, day: date, posted: list[Movement]) -> list[Movement]:
    gained = sum((m.amount for m in posted), Decimal(0))
    if not gained:
        return []
    at = datetime.combine(day, _SETTLED_AT)
    text = habit.surplus if gained > 0 else habit.deficit
    return [
        Movement(
            id=dice.hexadecimal("id"),
            made_at=at,
            posts_at=at,
            amount=-gained,
            held=-gained,
            payee=text,
            description=text.upper(),
        )
    ]
