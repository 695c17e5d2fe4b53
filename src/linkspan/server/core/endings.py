"""When the end of an access, or of a stand-in number, is news, and when programs are warned of it."""

from typing import Final

_DAY: Final = 24 * 60 * 60

# Stripe tells of an upcoming deactivation thirty days before it.
WARNING_SECONDS: Final = 30 * _DAY
# A bank that works the end out anew each time it is asked may be a few seconds off.
_SAME_SECONDS: Final = _DAY


def is_news(known: int | None, told: int) -> bool:
    """Tell whether an end that a bank *told* is another than the one that is *known*, if any."""
    return known is None or abs(told - known) >= _SAME_SECONDS


def warn_at(ends_at: int) -> int:
    """Return when programs are warned of an end."""
    return ends_at - WARNING_SECONDS
