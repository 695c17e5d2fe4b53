"""Payment methods in rows."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("payment_methods")


@dataclass(frozen=True, slots=True)
class PaymentMethodRow:
    """A payment method, and whether it was detached or turned into a token."""

    doc: bytes
    is_spent: bool
    is_verified: bool
    """Whether its account is known to be its holder's: it was linked, or they told of deposits in it."""


async def insert(
    tx: Tx,
    scope: Scope,
    method_id: str,
    doc: bytes,
    *,
    numbers: bytes,
    account: str | None = None,
    is_verified: bool = False,
) -> None:
    """Keep a new payment method of nobody, its digits sealed, made from a linked account or from none."""
    values = {"account": account, "verified": is_verified, "numbers": numbers, "doc": doc}
    await tx.run(_SQL["insert"], {**key(scope, method_id), **values})


async def get(tx: Tx, scope: Scope, method_id: str) -> PaymentMethodRow | None:
    """Return one payment method."""
    row = await tx.one(_SQL["get"], key(scope, method_id))
    return None if row is None else PaymentMethodRow(row[0], bool(row[1]), bool(row[2]))


async def get_numbers(tx: Tx, scope: Scope, method_id: str) -> bytes | None:
    """Return the digits of one payment method, sealed."""
    row = await tx.one(_SQL["get_numbers"], key(scope, method_id))
    return None if row is None else row[0]


async def save(
    tx: Tx, scope: Scope, method_id: str, doc: bytes, *, payer: str | None, is_spent: bool
) -> None:
    """Replace what the API writes, and whose it is."""
    values = {**key(scope, method_id), "customer": payer, "spent": is_spent, "doc": doc}
    await tx.run(_SQL["save"], values)


async def verify(tx: Tx, scope: Scope, method_id: str) -> None:
    """Note that the account behind a payment method is known to be its holder's."""
    await tx.run(_SQL["verify"], key(scope, method_id))


async def note_former(tx: Tx, scope: Scope, customer: str) -> None:
    """Remember whose the payment methods of a customer were, since it is being deleted."""
    await tx.run(_SQL["note_former"], {**within(scope), "former": customer})


async def of_customer(tx: Tx, scope: Scope, customer: str) -> list[bytes]:
    """Return every payment method of a customer, oldest first."""
    rows = await tx.all(_SQL["of_customer"], {**within(scope), "customer": customer})
    return [row[0] for row in rows]


async def of_account(tx: Tx, scope: Scope, account: str) -> list[tuple[bytes, bytes]]:
    """Return the payment methods made from a linked account that are not spent, each with its digits."""
    rows = await tx.all(_SQL["of_account"], {**within(scope), "account": account})
    return [(doc, numbers) for doc, numbers in rows]


async def page(
    tx: Tx,
    scope: Scope,
    *,
    payer: str | None,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> list[bytes]:
    """Return up to *limit* payment methods, newest first, that follow *after* or precede *before*."""
    kind = "all" if payer is None else "customer"
    direction = "after" if before is None else "before"
    values = {**within(scope), "customer": payer, "cursor": before or after or NEWEST, "limit": limit}
    docs = [row[0] for row in await tx.all(_SQL[f"page_of_{kind}_{direction}"], values)]
    return docs if before is None else docs[::-1]
