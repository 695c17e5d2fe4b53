"""When banks were asked, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.quota import Asking
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load

_SQL: Final = load("askings")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bank is asked, and about which account or sign-in."""

    subject: str
    kind: str


async def insert(tx: Tx, scope: Scope, asked: Asked, asking: Asking) -> None:
    """Note that a bank is about to be asked."""
    await tx.run(_SQL["insert"], {**_key(scope, asked), "asked_at": asking.at, "daily": asking.is_daily})


async def since(tx: Tx, scope: Scope, asked: Asked, *, instant: int) -> list[Asking]:
    """Return each time it was asked after *instant*."""
    rows = await tx.all(_SQL["since"], {**_key(scope, asked), "since": instant})
    return [Asking(at=at, is_daily=bool(daily)) for at, daily, times in rows for _ in range(times)]


async def prune(tx: Tx, scope: Scope, asked: Asked, *, before: int) -> None:
    """Forget the times up to *before*."""
    await tx.run(_SQL["prune"], {**_key(scope, asked), "before": before})


async def forget(tx: Tx, scope: Scope, subject: str) -> None:
    """Destroy what is known of an account or a sign-in."""
    await tx.run(_SQL["forget"], {**within(scope), "subject": subject})


def _key(scope: Scope, asked: Asked) -> dict[str, Value]:
    return {**within(scope), "subject": asked.subject, "kind": asked.kind}
