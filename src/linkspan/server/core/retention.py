"""How long what nobody needs any more is kept."""

from dataclasses import dataclass
from typing import Final

_A_DAY: Final = 24 * 60 * 60
# As long as events, which show a deleted customer's accounts, are kept themselves.
DELETED_SECONDS: Final = 30 * _A_DAY
# A bank is asked for this many days again and again: what is younger would come back.
TRANSACTIONS_SECONDS_MIN: Final = 181 * _A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """In seconds; nothing is erased for its age where none is said."""

    transactions: int | None = None
    """Since they moved money."""
    links: int | None = None
    """Sessions none of whose accounts is connected any more, with these accounts, since they were made."""
    consents: int | None = None
    """Since they ended."""
