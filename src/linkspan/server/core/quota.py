"""How often a bank may be asked: limits over rolling spans, and when they allow of one asking more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

_DAY: Final = 24 * 60 * 60

Kind: TypeAlias = Literal["account", "transactions"]
"""What a bank is asked: what it tells of an account itself, or what moved on it."""
Per: TypeAlias = Literal["account", "sign_in"]

# The kinds of asking that each feature is read with.
KINDS_OF: Final[Mapping[str, tuple[Kind, ...]]] = {
    "balance": ("account",),
    "ownership": ("account",),
    "transactions": ("transactions",),
    "inferred_balances": ("account", "transactions"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bank is asked at most so many *times* within so many *seconds*, whenever they begin."""

    times: int
    seconds: int
    per: Per = "account"
    """What is counted apart: each account, or each sign-in with whatever is asked about its accounts."""
    kind: Kind | None = None
    """The one kind that is counted; every kind, each apart from the other, when it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One time that a bank was asked."""

    at: int
    is_daily: bool
    """Whether a day of a subscription asked, and not a program."""


# What the European regulator lets a program ask of an account while nobody is there: four times in
# 24 hours (Regulation (EU) 2018/389, article 36(5)(b)). A bank that names another number is configured.
UNATTENDED: Final = (Limit(times=4, seconds=_DAY),)


def available_at(asked: Sequence[Asking], limits: Iterable[Limit], *, now: int, a_day: int = 0) -> int:
    """Return when a bank may be asked once more after *asked*, in whatever order: now or later.

    Where subscriptions ask it so often *a_day*, a program is left what they do
    not need, but one asking at least.
    """
    every = sorted(one.at for one in asked)
    programs = sorted(one.at for one in asked if not one.is_daily)
    at = now
    for limit in limits:
        at = max(at, _free_at(every, limit.times, limit.seconds))
        if a_day:
            left = limit.times - a_day * _days(limit)
            at = max(at, _free_at(programs, max(left, 1), limit.seconds))
    return at


def longest(limits: Iterable[Limit]) -> int:
    """Return for how many seconds an asking counts."""
    return max((limit.seconds for limit in limits), default=0)


def _free_at(asked: Sequence[int], times: int, seconds: int) -> int:
    """Return when fewer than *times* of the instants *asked* lie within the last *seconds*."""
    return asked[-times] + seconds if len(asked) >= times else 0


def _days(limit: Limit) -> int:
    """Return how many daily refreshes fall into the span of a limit."""
    return -(-limit.seconds // _DAY)
