"""Transactions in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.objects import Transaction, decode_as, encode
from linkspan.server.core.ledger import Entry
from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Row, Tx, Value, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("transactions")

# Before and after every instant that can be written down.
FIRST: Final = -(2**62)
LAST: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which transactions of an account a list shows: made from *first* to *last*, both included."""

    account: str
    first: int = FIRST
    last: int = LAST
    since: int | None = None
    """The number of a refresh: only what later ones wrote."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the order of a list: a row's time, then its id."""

    at: int
    id: str = ""


async def insert(tx: Tx, scope: Scope, entries: Sequence[Entry]) -> None:
    """Keep rows that were not known."""
    many = [{**_columns(scope, entry), "account": entry.transaction.account} for entry in entries]
    await tx.run_each(_SQL["insert"], many)


async def save(tx: Tx, scope: Scope, entries: Sequence[Entry]) -> None:
    """Replace what is known of rows."""
    await tx.run_each(_SQL["save"], [_columns(scope, entry) for entry in entries])


async def get(tx: Tx, scope: Scope, transaction_id: str) -> bytes | None:
    """Return one transaction as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, transaction_id))
    return None if row is None else row[0]


async def spot_of(tx: Tx, scope: Scope, transaction_id: str, *, account: str) -> Spot | None:
    """Return where a row of an account stands in its list."""
    row = await tx.one(_SQL["place_of"], {**key(scope, transaction_id), "account": account})
    return None if row is None else Spot(row[0], transaction_id)


async def page(
    tx: Tx,
    scope: Scope,
    only: Only,
    *,
    limit: int,
    after: Spot | None = None,
    before: Spot | None = None,
) -> list[bytes]:
    """Return up to *limit* transactions, newest first, that follow *after* or precede *before*."""
    spot = before or after or Spot(LAST, NEWEST)
    values: dict[str, Value] = {
        **within(scope),
        "account": only.account,
        # SQLite searches the index by one of two bounds on a side: both lead it to the cursor.
        "first": only.first if before is None else max(only.first, before.at),
        "last": only.last if after is None else min(only.last, after.at),
        "cursor_at": spot.at,
        "cursor": spot.id,
        "limit": limit,
    }
    kind = "page"
    if only.since is not None:
        kind, values["since"] = "page_since", only.since
    direction = "after" if before is None else "before"
    docs = [row[0] for row in await tx.all(_SQL[f"{kind}_{direction}"], values)]
    return docs if before is None else docs[::-1]


async def known(tx: Tx, scope: Scope, account: str, *, after: Spot, limit: int) -> list[Entry]:
    """Return up to *limit* rows of an account after a spot, oldest first."""
    values = {**within(scope), "account": account, "cursor_at": after.at, "cursor": after.id, "limit": limit}
    return [_entry(row) for row in await tx.all(_SQL["known"], values)]


async def known_by_source(tx: Tx, scope: Scope, account: str, source_ids: Sequence[str]) -> list[Entry]:
    """Return the rows that have, or had, one of these ids at the bank; one with two of them twice."""
    many = [{**within(scope), "account": account, "source_id": source_id} for source_id in source_ids]
    return [_entry(row) for row in await tx.all_each(_SQL["known_by_source"], many)]


async def oldest_pending(tx: Tx, scope: Scope, account: str) -> int | None:
    """Return when the oldest row of an account was made that has not posted."""
    row = await tx.one(_SQL["oldest_pending"], {**within(scope), "account": account})
    return None if row is None else row[0]


async def forget_some(tx: Tx, scope: Scope, account: str, *, limit: int) -> int:
    """Destroy up to *limit* transactions of an account; return how many there were."""
    return await tx.run(_SQL["forget_some"], {**within(scope), "account": account, "limit": limit})


async def forget(tx: Tx, scope: Scope, account: str) -> None:
    """Destroy every transaction of an account."""
    await tx.run(_SQL["forget"], {**within(scope), "account": account})


def _columns(scope: Scope, entry: Entry) -> dict[str, Value]:
    told = entry.transaction
    return {
        **key(scope, told.id),
        "status": told.status,
        "transacted_at": told.transacted_at,
        "refresh": told.transaction_refresh,
        "source_id": entry.source_id,
        "former_source_id": entry.former_source_id,
        "doc": encode(told),
    }


def _entry(row: Row) -> Entry:
    source_id, former_source_id, doc = row
    return Entry(
        transaction=decode_as(doc, Transaction), source_id=source_id, former_source_id=former_source_id
    )
