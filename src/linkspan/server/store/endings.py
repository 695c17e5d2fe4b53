"""What is expected to end, in rows."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load

_SQL: Final = load("endings")

Kind: TypeAlias = Literal["access", "number"]


@dataclass(frozen=True, slots=True)
class Ending:
    """The access of an authorization, or the stand-in number of an account."""

    subject: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Due:
    """An end that programs are to be warned of, and whose it is."""

    scope: Scope
    ending: Ending
    ends_at: int
    warn_at: int


async def save(tx: Tx, scope: Scope, ending: Ending, *, ends_at: int, warn_at: int) -> None:
    """Note when something is expected to end, and when programs are warned of that."""
    await tx.run(_SQL["save"], {**_key(scope, ending), "ends_at": ends_at, "warn_at": warn_at})


async def get(tx: Tx, scope: Scope, ending: Ending) -> int | None:
    """Return when something is expected to end."""
    row = await tx.one(_SQL["get"], _key(scope, ending))
    return None if row is None else row[0]


async def due(tx: Tx, *, now: int, limit: int) -> list[Due]:
    """Return what programs are to be warned of, of every tenant, the longest due first."""
    rows = await tx.all(_SQL["due"], {"now": now, "limit": limit})
    return [
        Due(Scope(tenant, bool(livemode)), Ending(subject, kind), ends_at, warn_at)
        for tenant, livemode, subject, kind, ends_at, warn_at in rows
    ]


async def ended_numbers(tx: Tx, *, now: int, limit: int) -> list[tuple[Scope, str]]:
    """Return the accounts of every tenant whose stand-in has come to its end, the longest ago first."""
    rows = await tx.all(_SQL["ended_numbers"], {"now": now, "limit": limit})
    return [(Scope(tenant, bool(livemode)), account) for tenant, livemode, account in rows]


async def warned(tx: Tx, scope: Scope, taken: Due) -> bool:
    """Note that programs are warned; false when somebody else has warned them."""
    values = {**_key(scope, taken.ending), "warn_at": taken.warn_at}
    return await tx.run(_SQL["warned"], values) == 1


async def forget(tx: Tx, scope: Scope, subject: str) -> None:
    """Note that nothing of a subject is expected to end any more."""
    await tx.run(_SQL["forget"], {**within(scope), "subject": subject})


def _key(scope: Scope, ending: Ending) -> dict[str, Value]:
    return {**within(scope), "subject": ending.subject, "kind": ending.kind}
