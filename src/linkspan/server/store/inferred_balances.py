"""What accounts held at the end of each day, in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("inferred_balances")
# After every day that can be written down.
_LAST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Day:
    """The balance of one day, as the API writes it."""

    id: str
    doc: bytes


async def insert(tx: Tx, scope: Scope, days: Sequence[tuple[int, Day]], *, account: str) -> None:
    """Keep the balances of days that have none yet, by their instants."""
    many = [{**key(scope, day.id), "account": account, "as_of": as_of, "doc": day.doc} for as_of, day in days]
    await tx.run_each(_SQL["insert"], many)


async def save(tx: Tx, scope: Scope, days: Sequence[Day]) -> None:
    """Replace the balances of days."""
    await tx.run_each(_SQL["save"], [{**key(scope, day.id), "doc": day.doc} for day in days])


async def days_of(tx: Tx, scope: Scope, account: str) -> dict[int, Day]:
    """Return the balances of an account by their instants."""
    rows = await tx.all(_SQL["days_of"], {**within(scope), "account": account})
    return {as_of: Day(known_as, doc) for as_of, known_as, doc in rows}


async def day_of(tx: Tx, scope: Scope, balance_id: str, *, account: str) -> int | None:
    """Return the instant of one balance of an account."""
    row = await tx.one(_SQL["day_of"], {**key(scope, balance_id), "account": account})
    return None if row is None else row[0]


async def page(
    tx: Tx, scope: Scope, account: str, *, limit: int, after: int | None = None, before: int | None = None
) -> list[bytes]:
    """Return up to *limit* balances, newest day first, that follow *after* or precede *before*."""
    values = {**within(scope), "account": account, "limit": limit}
    if before is not None:
        rows = await tx.all(_SQL["page_before"], {**values, "day": before})
        return [row[0] for row in rows][::-1]
    rows = await tx.all(_SQL["page_after"], {**values, "day": _LAST if after is None else after})
    return [row[0] for row in rows]


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Destroy every balance of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})
