"""Whose data is to be erased, in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("deletions")
# Stands for everything a tenant has in a mode.
EVERYTHING: Final = ""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is to be erased: what hangs on a customer, or everything of a tenant in a mode."""

    scope: Scope
    customer: str


async def insert(tx: Tx, scope: Scope, customer: str, *, deleted_at: int) -> None:
    """Note what is to be erased; a second time changes nothing."""
    await tx.run(_SQL["insert"], {**within(scope), "customer": customer, "deleted_at": deleted_at})


async def due(tx: Tx, *, customers_until: int) -> list[Deletion]:
    """Return what is to be erased of every tenant: of customers only those deleted until then."""
    rows = await tx.all(_SQL["due"], {"customers_until": customers_until})
    return [Deletion(Scope(tenant, bool(livemode)), customer) for tenant, livemode, customer in rows]


async def is_before(tx: Tx, scope: Scope, customer: str, *, at: int) -> bool:
    """Tell whether it was said before an instant that this is to be erased."""
    values = {**within(scope), "customer": customer, "at": at}
    return await tx.one(_SQL["is_before"], values) is not None


async def done(tx: Tx, scope: Scope, customer: str) -> None:
    """Note that nothing is left."""
    await tx.run(_SQL["done"], {**within(scope), "customer": customer})
