"""Calendar days of banks, written as instants without moving to another day."""

from datetime import UTC, date, datetime, time
from typing import Final

# The minute that is on one and the same day from UTC-10:59 to UTC+13:00, which is
# why libofx gives it to dates without a time as well.
_ON_EVERY_CLOCK: Final = time(10, 59, tzinfo=UTC)
_MIDNIGHT: Final = time()


def instant_of(day: date) -> int:
    """Return an instant, in Unix seconds, that is on *day* wherever it is read."""
    return int(datetime.combine(day, _ON_EVERY_CLOCK).timestamp())


def instant_told(told: datetime) -> int:
    """Return the instant a bank told, in Unix seconds.

    Without a zone only its day is sure, and a midnight is how banks write a day
    alone: of both the day is kept, as the bank wrote it.
    """
    if told.tzinfo is None or told.time() == _MIDNIGHT:
        return instant_of(told.date())
    return int(told.timestamp())


def day_of(instant: int) -> date:
    """Return the day of an instant by the calendar of UTC."""
    return datetime.fromtimestamp(instant, UTC).date()
