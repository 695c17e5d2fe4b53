"""Writes rows of a ledger, a few at a time, for as long as the refresh that does so is ours."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias, TypeVar

from linkspan.server.core.ids import new_id
from linkspan.server.core.ledger import Entry, Settlement, changed, entered, voided
from linkspan.server.core.scope import Scope
from linkspan.server.operations import turns
from linkspan.server.operations.context import Context
from linkspan.server.operations.turns import TakenAway
from linkspan.server.operations.walks import Origin
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.turns import Turn

# Bounds how long one write holds up the others: a hundred rows take some four milliseconds.
ROWS_A_WRITE: Final = 100
# Where they take longer than this, on a slow disk or a machine that does much else, fewer
# are written at once, and more again when that has passed.
_LONG_SECONDS: Final = 0.02
_ROWS_MIN: Final = 10

T = TypeVar("T")
Move: TypeAlias = tuple[Callable[[Tx, Scope, Sequence[Entry]], Awaitable[None]], Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One account whose transactions are refreshed."""

    origin: Origin
    refresh: str

    @property
    def scope(self) -> Scope:
        """Whose it is."""
        return self.origin.scope

    @property
    def account(self) -> str:
        """The Account's id."""
        return self.origin.account


class Lease:
    """A refresh that is ours for as long as its turn is, and it has not ended."""

    __slots__ = ("_began", "_context", "_rows", "_subject", "_turn")

    def __init__(self, context: Context, turn: Turn, subject: Subject) -> None:
        self._context = context
        self._turn = turn
        self._subject = subject
        self._rows = ROWS_A_WRITE
        self._began = context.world.now()

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Return what *work* does in one transaction that keeps the turn; `TakenAway` if it is lost."""
        subject = self._subject
        refresh = Refresh(subject.account, "transactions")

        async def whole(tx: Tx) -> T:
            self._began = self._context.world.now()
            await turns.hold(tx, self._context, self._turn)
            if not await refresh_rows.is_under_way(tx, subject.scope, refresh):
                raise TakenAway
            return await work(tx)

        return await self._context.store.write(whole)

    async def make(self, moves: Sequence[Move]) -> None:
        """Make *moves*, a few in each transaction, and fewer where the last one took long."""
        done = 0
        while done < len(moves):
            some = moves[done : done + self._rows]
            await self.write(partial(_make, scope=self._subject.scope, moves=some))
            done += len(some)
            is_long = self._context.world.now() - self._began > _LONG_SECONDS
            self._rows = max(_ROWS_MIN, self._rows // 2) if is_long else min(ROWS_A_WRITE, self._rows * 2)


async def _make(tx: Tx, scope: Scope, moves: Sequence[Move]) -> None:
    for write, alike in groupby(moves, key=itemgetter(0)):
        await write(tx, scope, [entry for _, entry in alike])


def moves_of(context: Context, subject: Subject, settlement: Settlement) -> Iterator[Move]:
    """Yield what there is to write, voids last."""
    now = context.world.seconds()
    for entry, found in settlement.change:
        after = changed(entry, found, refresh=subject.refresh, now=now)
        if after != entry:
            yield transaction_rows.save, after
    for found in settlement.insert:
        yield (
            transaction_rows.insert,
            entered(
                found,
                transaction_id=new_id("fctxn", context.world),
                account=subject.account,
                livemode=subject.scope.livemode,
                refresh=subject.refresh,
                now=now,
            ),
        )
    for entry in settlement.void:
        yield transaction_rows.save, voided(entry, refresh=subject.refresh, now=now)
