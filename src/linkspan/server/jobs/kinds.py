"""The two kinds of background work: what waits in rows, and what comes round by the clock."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

L = TypeVar("L", bound=Hashable)
P = TypeVar("P")

Facts: TypeAlias = Mapping[str, Any]
"""What a log line says of a job that is done."""

# Longer than any chore takes: only a process that died lets it run out.
_CHORE_LEASE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Generic[L, P]):
    """Work that waits in rows: each piece is leased, done while no transaction is open, and settled.

    A row is written in the transaction that causes the work. Whoever settles a
    piece asks for the lease it was given, so that a late owner changes nothing
    that somebody else took over. Pieces of one lane (an institution's, an
    endpoint's) are limited, so that no lane holds up another.
    """

    name: str
    bell: str
    """Rung by the transactions that leave work, so that it is looked for at once."""
    at_once_max: int
    """How many pieces one process has under way."""
    at_once_in: Callable[[L], int]
    """How many of them may be in one lane."""
    lanes: Callable[[Tx, Context], Awaitable[Sequence[L]]]
    """Reads which lanes something is due in, everybody's."""
    claim: Callable[[Tx, Context, Mapping[L, int]], Awaitable[Sequence[P]]]
    """Leases what is due, of each lane up to so many pieces, the most urgent first."""
    lane_of: Callable[[P], L]
    do: Callable[[Context, P], Awaitable[Sequence[Facts]]]
    """Does a piece and settles it; returns a log line's facts for each job in it.

    A bug leaves the lease to run out, each time later than the last.
    """
    give_back: Callable[[Tx, Context, P], Awaitable[None]]
    """Lets somebody else begin at once what this process has broken off."""


async def always(_tx: Tx, _context: Context) -> bool:
    """Tell that a chore has something to do whenever its time has come."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Work that comes round by the clock, once for all workers that share a database.

    A row says when it is due next, and is leased while it is done. What a chore
    does must bear to be broken off anywhere and done again.
    """

    name: str
    every_seconds: int
    do: Callable[[Context], Awaitable[int]]
    """Does it; returns how much there was to do."""
    is_due: Callable[[Tx, Context], Awaitable[bool]] = always
    """Reads whether there is anything to do, so that an idle server writes nothing."""
    bell: str | None = None
    """Rung when it is worth a look before the clock says so."""
    lease_seconds: int = _CHORE_LEASE_SECONDS
