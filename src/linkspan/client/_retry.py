"""Decides whether a call is tried again, with what pause before it.

The rules are those of Stripe's own clients, so that a server tuned for them
sees nothing new.
"""

from __future__ import annotations

from typing import Final

from linkspan.client._errors import APIConnectionError
from linkspan.client._transport import Response

# The first pause, in seconds, and the bound of the doubling that follows.
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 5.0

# A conflict is usually another request holding the same object for a moment.
_CONFLICT: Final = 409
_SERVER_FAILED: Final = 500


def should_retry(outcome: Response | APIConnectionError) -> bool:
    """Whether the same request may succeed a little later.

    The server's own word, Stripe-Should-Retry, goes before any guess. A plain
    429 is not tried again: more requests are what the server asked to be
    spared.
    """
    if isinstance(outcome, APIConnectionError):
        return outcome.should_retry
    match outcome.header("stripe-should-retry"):
        case "true":
            return True
        case "false":
            return False
        case _:
            return outcome.status == _CONFLICT or outcome.status >= _SERVER_FAILED


def pause_seconds(retry: int, chance: float) -> float:
    """Return how long to wait before the *retry*-th retry, counted from one.

    *chance*, between 0 and 1, spreads clients that failed together.
    """
    longest = min(FIRST_PAUSE_SECONDS * 2.0 ** (retry - 1), LONGEST_PAUSE_SECONDS)
    return max(FIRST_PAUSE_SECONDS, longest * (0.5 + 0.5 * chance))
