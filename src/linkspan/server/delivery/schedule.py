"""When an endpoint that did not take an event is told of it again."""

from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE

# The wait after each attempt that failed; docs/reference/webhooks.md shows the same.
# The first is at once, so there is one attempt more than there are waits. Over a
# weekend an endpoint may be down from Friday evening to Monday morning.
WAITS_SECONDS: Final = (
    1 * _MINUTE,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
ATTEMPTS_MAX: Final = len(WAITS_SECONDS) + 1
JITTER_MAX: Final = 0.2
"""Each wait is longer by up to this part of it, so that what failed together does not come back together."""
RETRY_AFTER_SECONDS_MAX: Final = 24 * _HOUR
"""What an endpoint asks for beyond this is not granted, or it would be forgotten."""


def wait_seconds(attempts: int, *, chance: float, retry_after: int | None = None) -> int | None:
    """Return how long to wait after *attempts* attempts, the last of which failed; none to give up.

    *chance*, from 0 to 1, decides the jitter. An endpoint that asks for a pause
    is given it, where it is the longer one.
    """
    if attempts >= ATTEMPTS_MAX:
        return None
    wait = WAITS_SECONDS[attempts - 1] * (1 + JITTER_MAX * chance)
    return int(max(wait, min(retry_after or 0, RETRY_AFTER_SECONDS_MAX)))
