"""How long to wait before something that failed is tried again."""

from typing import Final

_FIRST_SECONDS: Final = 4
_LONGEST_SECONDS: Final = 60 * 60
# 2 ** 10 times the first wait is past the longest one.
_DOUBLINGS_MAX: Final = 10


def wait_seconds(tries: int) -> int:
    """Return the wait after *tries* failures: 4 s, then twice as long each time, an hour at most."""
    return int(min(_FIRST_SECONDS * 2 ** min(max(tries - 1, 0), _DOUBLINGS_MAX), _LONGEST_SECONDS))
