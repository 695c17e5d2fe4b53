"""When work that comes round is due next, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.store.driver import Tx, Value
from linkspan.server.store.statements import load

_SQL: Final = load("chores")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look at the clock for a chore."""

    name: str
    now: int
    longest: int
    """No chore is due later than this from now, unless the clock was set back."""


async def is_due(tx: Tx, of: Round) -> bool:
    """Tell whether the time of a chore has come; that of one never done has."""
    row = await tx.one(_SQL["due_at"], {"name": of.name})
    return row is None or not of.now < row[0] <= of.now + of.longest


async def lease(tx: Tx, of: Round, *, until: int) -> int | None:
    """Take a chore until *until*, and return the number of its turn; none when it is not due."""
    values: dict[str, Value] = {"name": of.name, "now": of.now, "latest": of.now + of.longest, "until": until}
    row = await tx.one(_SQL["lease"], values)
    return None if row is None else row[0]


async def settle(tx: Tx, name: str, turn: int, *, due_at: int) -> None:
    """Have a chore that was done come round at *due_at*, unless somebody else took it meanwhile."""
    await tx.run(_SQL["settle"], {"name": name, "turn": turn, "due_at": due_at})
