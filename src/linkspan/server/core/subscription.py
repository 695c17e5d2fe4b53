"""When a subscription is refreshed: once a day, each sign-in at a time of day of its own."""

from typing import Final
from zlib import crc32

_DAY: Final = 24 * 60 * 60


def next_run(authorization: str, now: int) -> int:
    """Return when the time of day of a sign-in next comes, half a day from now at the earliest.

    The time follows from the id alone, so runs of many sign-ins spread over the
    day and stay where they are from one day to the next, and the accounts of one
    sign-in are read together, for one asking of its bank. Half a day, because a
    run that was just made, or made late, is not made again within hours.
    """
    earliest = now + _DAY // 2
    return earliest + (crc32(authorization.encode()) - earliest) % _DAY
