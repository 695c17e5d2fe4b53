"""Whose turn it is to ask a bank with a grant, in the rows of authorizations."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, key
from linkspan.server.store.statements import load

_SQL: Final = load("turns")


@dataclass(frozen=True, slots=True)
class Turn:
    """One process may ask one bank with one grant."""

    scope: Scope
    authorization: str
    institution: str
    number: int
    """No later turn has it, so nobody who was late takes it for their own."""
    tries: int
    """How often a turn was taken since one came to its end, this one included."""


async def ask_for(tx: Tx, scope: Scope, authorization: str, *, now: int, rank: int) -> None:
    """Let an authorization have a turn; of those that wait, the lowest *rank* comes first."""
    await tx.run(_SQL["ask_for"], {**key(scope, authorization), "now": now, "rank": rank})


async def waiting(tx: Tx, *, now: int) -> list[str]:
    """Return the institutions at which a turn may be taken, everybody's."""
    return [institution for (institution,) in await tx.all(_SQL["waiting"], {"now": now})]


async def taken(tx: Tx, institution: str, *, now: int) -> int:
    """Return how many turns are taken at an institution, everybody's."""
    row = await tx.one(_SQL["taken"], {"institution": institution, "now": now})
    return 0 if row is None else row[0]


async def take(tx: Tx, institution: str, *, now: int, until: int, limit: int) -> list[Turn]:
    """Take up to *limit* turns at an institution until *until*, everybody's."""
    values: dict[str, Value] = {"institution": institution, "now": now, "until": until, "limit": limit}
    return [
        Turn(Scope(tenant, bool(livemode)), authorization, institution, number, tries)
        for tenant, livemode, authorization, number, tries in await tx.all(_SQL["take"], values)
    ]


async def keep(tx: Tx, scope: Scope, turn: Turn, *, until: int) -> bool:
    """Keep a turn until *until*; false when it is no longer ours."""
    return await tx.run(_SQL["keep"], {**_key(scope, turn), "until": until}) == 1


async def give_back(tx: Tx, scope: Scope, turn: Turn, *, now: int) -> None:
    """Let somebody else take a turn at once, unless somebody has."""
    await tx.run(_SQL["give_back"], {**_key(scope, turn), "now": now})


async def end(tx: Tx, scope: Scope, turn: Turn, *, now: int) -> None:
    """End a turn, unless somebody else has it; what was asked for meanwhile waits for the next one."""
    await tx.run(_SQL["end"], {**_key(scope, turn), "now": now})


def _key(scope: Scope, turn: Turn) -> dict[str, Value]:
    return {**key(scope, turn.authorization), "turn": turn.number}
