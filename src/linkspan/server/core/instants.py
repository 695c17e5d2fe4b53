"""Instants as the second generation of the API writes them: RFC 3339, in UTC, with milliseconds."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


def written(seconds: int) -> str:
    """Return an instant, in Unix seconds, as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def read(text: str) -> tuple[int, bool]:
    """Return an instant in whole Unix seconds, and whether a fraction follows them.

    Raises `ValueError` for a text that is no instant, or has no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    seconds, fraction = divmod(moment - _EPOCH, _SECOND)
    return seconds, fraction != timedelta(0)
