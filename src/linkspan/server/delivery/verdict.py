"""What an endpoint's answer means."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from linkspan.server.outbound.exchange import Response

# Longer than any date or number of seconds.
_RETRY_AFTER_LENGTH_MAX: Final = 64
_SUCCESS: Final = range(200, 300)
# RFC 9110, section 10.2.3: only these say when to come back.
_MAY_SAY_WHEN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class Fate(StrEnum):
    """What becomes of a delivery."""

    TAKEN = "taken"
    AGAIN = "again"
    GONE = "gone"
    """The endpoint says that it is no more, and wants nothing further."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery, and the pause its endpoint asked for."""

    fate: Fate
    retry_after: int | None = None


def judged(response: Response, *, now: float) -> Verdict:
    """Return what *response* means: 2xx is success, and nothing else is; a redirect is a failure."""
    if response.status in _SUCCESS:
        return Verdict(Fate.TAKEN)
    if response.status == HTTPStatus.GONE:
        return Verdict(Fate.GONE)
    if response.status in _MAY_SAY_WHEN:
        return Verdict(Fate.AGAIN, _retry_after(response.headers.get("retry-after", ""), now))
    return Verdict(Fate.AGAIN)


def _retry_after(text: str, now: float) -> int | None:
    """Read ``Retry-After``, in seconds or as a date."""
    if len(text) > _RETRY_AFTER_LENGTH_MAX:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return max(0, int(parsedate_to_datetime(text).timestamp() - now))
    except (ValueError, OverflowError):
        return None
