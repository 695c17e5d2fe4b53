"""Takes turns at banks: with one grant one process asks at a time, and at one bank only so many do."""

from collections.abc import Mapping
from typing import Final

from linkspan.server.core.backoff import wait_seconds
from linkspan.server.core.refresh import LEASE_SECONDS
from linkspan.server.operations.context import Context
from linkspan.server.store import turns as turn_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.turns import Turn

# Of all workers together. Two that take turns at the same moment may go over it once.
AT_ONCE_AT_A_BANK: Final = 16
AT_ONCE_IN_ALL: Final = 128


class TakenAway(Exception):
    """What a turn was taken for has ended meanwhile, or another process has the turn."""


async def waiting(tx: Tx, context: Context) -> list[str]:
    """Return the institutions that something is to be asked of, everybody's."""
    return await turn_rows.waiting(tx, now=context.world.seconds())


async def claim(tx: Tx, context: Context, wanted: Mapping[str, int]) -> list[Turn]:
    """Take turns at each institution, as many as it bears.

    One whose owners died, or met a bug, is taken again ever later, so that what
    kills them does not kill everybody.
    """
    now = context.world.seconds()
    turns: list[Turn] = []
    for institution, most in wanted.items():
        free = AT_ONCE_AT_A_BANK - await turn_rows.taken(tx, institution, now=now)
        limit, until = max(0, min(most, free)), now + LEASE_SECONDS
        for turn in await turn_rows.take(tx, institution, now=now, until=until, limit=limit):
            if turn.tries > 1:
                later = until + wait_seconds(turn.tries - 1)
                await turn_rows.keep(tx, turn.scope, turn, until=later)
            turns.append(turn)
    return turns


async def hold(tx: Tx, context: Context, turn: Turn) -> None:
    """Keep a turn for as long again; raise `TakenAway` where somebody else has it.

    Whatever is written in a turn begins with this, so that who is late writes nothing.
    """
    until = context.world.seconds() + LEASE_SECONDS
    if not await turn_rows.keep(tx, turn.scope, turn, until=until):
        raise TakenAway


async def give_back(tx: Tx, context: Context, turn: Turn) -> None:
    """Let somebody else take up what was broken off."""
    await turn_rows.give_back(tx, turn.scope, turn, now=context.world.seconds())


async def end(tx: Tx, context: Context, turn: Turn) -> None:
    """End a turn in which all was done."""
    await turn_rows.end(tx, turn.scope, turn, now=context.world.seconds())
