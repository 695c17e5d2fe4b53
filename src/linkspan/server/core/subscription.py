"""When a subscription is refreshed: once a day, each account at a time of day of its own."""

from typing import Final
from zlib import crc32

_DAY: Final = 24 * 60 * 60


def next_run(account_id: str, now: int) -> int:
    """Return when the account's time of day next comes, half a day from now at the earliest.

    The time follows from the id alone, so runs of many accounts spread over the
    day and stay where they are from one day to the next. Half a day, because a
    run that was just made, or made late, is not made again within hours.
    """
    earliest = now + _DAY // 2
    return earliest + (crc32(account_id.encode()) - earliest) % _DAY
