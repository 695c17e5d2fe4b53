"""Accounts in rows."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from linkspan.objects import InactiveCause
from linkspan.server.core.scope import Scope
from linkspan.server.store.cursors import NEWEST
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("accounts")

Filter: TypeAlias = tuple[Literal["session", "holder"], str]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with what it hangs on."""

    session: str
    authorization: str
    doc: bytes
    inferred_balances_refresh: bytes | None
    """How that refresh stands, which only preview versions show."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What preview versions show of an account besides."""

    authorization: str
    inactive_cause: InactiveCause | None
    """Why an inactive account is so, where that was noted."""
    inferred_balances_refresh: bytes | None
    """How that refresh stands, once there was one."""


async def insert(
    tx: Tx,
    scope: Scope,
    account_id: str,
    doc: bytes,
    *,
    session: str,
    holder: str,
    authorization: str,
    status: str,
    bank_details: bytes,
) -> None:
    """Keep a newly linked account, the bank's own details sealed."""
    values = {
        **key(scope, account_id),
        "doc": doc,
        "session": session,
        "holder": holder,
        "authorization": authorization,
        "status": status,
        "bank_details": bank_details,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, account_id: str) -> bytes | None:
    """Return one account as the API writes it."""
    row = await tx.one(_SQL["get"], key(scope, account_id))
    return None if row is None else row[0]


async def get_whole(tx: Tx, scope: Scope, account_id: str) -> AccountRow | None:
    """Return one account with what it hangs on."""
    row = await tx.one(_SQL["get_whole"], key(scope, account_id))
    return None if row is None else AccountRow(*row)


async def get_beside(tx: Tx, scope: Scope, account_id: str) -> Beside | None:
    """Return what preview versions show of one account besides."""
    row = await tx.one(_SQL["get_beside"], key(scope, account_id))
    return None if row is None else Beside(*row)


async def first_of(tx: Tx, scope: Scope, authorization: str) -> bytes | None:
    """Return the oldest of the accounts that hang on a permission; none where nothing was linked."""
    row = await tx.one(_SQL["first_of"], {**within(scope), "authorization": authorization})
    return None if row is None else row[0]


async def note_inactive(tx: Tx, scope: Scope, account_id: str, cause: str) -> None:
    """Note why the bank gives nothing more of an account."""
    await tx.run(_SQL["note_inactive"], {**key(scope, account_id), "cause": cause})


async def note_active(tx: Tx, scope: Scope, account_id: str) -> None:
    """Note that the bank gives data of an account again."""
    await tx.run(_SQL["note_active"], key(scope, account_id))


async def save(tx: Tx, scope: Scope, account_id: str, doc: bytes, *, status: str) -> None:
    """Replace what the API writes."""
    await tx.run(_SQL["save"], {**key(scope, account_id), "doc": doc, "status": status})


async def save_beside(
    tx: Tx, scope: Scope, account_id: str, *, inferred_balances_refresh: bytes | None
) -> None:
    """Replace what the API writes in preview versions besides."""
    values = {**key(scope, account_id), "inferred_balances_refresh": inferred_balances_refresh}
    await tx.run(_SQL["save_beside"], values)


async def get_bank_details(tx: Tx, scope: Scope, account_id: str) -> bytes | None:
    """Return what the bank told of an account beyond what the API shows, sealed."""
    row = await tx.one(_SQL["get_bank_details"], key(scope, account_id))
    return None if row is None else row[0]


async def save_bank_details(tx: Tx, scope: Scope, account_id: str, bank_details: bytes) -> None:
    """Replace what the bank told of an account beyond what the API shows, sealed."""
    await tx.run(_SQL["save_bank_details"], {**key(scope, account_id), "bank_details": bank_details})


async def forget_bank_details(tx: Tx, scope: Scope, account_id: str) -> None:
    """Destroy the numbers of an account and the bank's own id for it."""
    await tx.run(_SQL["forget_bank_details"], key(scope, account_id))


async def active_of(tx: Tx, scope: Scope, authorization: str) -> list[str]:
    """Return the ids of the active accounts that hang on a permission."""
    rows = await tx.all(_SQL["active_of"], {**within(scope), "authorization": authorization})
    return [row[0] for row in rows]


async def inactive_of(tx: Tx, scope: Scope, authorization: str) -> list[str]:
    """Return the ids of the accounts that hang on a permission and may be back."""
    rows = await tx.all(_SQL["inactive_of"], {**within(scope), "authorization": authorization})
    return [row[0] for row in rows]


async def is_any_connected(tx: Tx, scope: Scope, session: str) -> bool:
    """Tell whether any account that a Session collected is not disconnected."""
    return await tx.one(_SQL["is_any_connected"], {**within(scope), "session": session}) is not None


async def connected_with(tx: Tx, scope: Scope, holder: str) -> list[str]:
    """Return the ids of a holder's accounts that are not disconnected."""
    return [row[0] for row in await tx.all(_SQL["connected_with"], {**within(scope), "holder": holder})]


async def connected_at(tx: Tx, scope: Scope, *, holder: str, institution: str) -> list[tuple[str, str]]:
    """Return what a holder has linked at an institution: ids, each beside the permission it hangs on."""
    values = {**within(scope), "holder": holder, "institution": institution}
    return [(row[0], row[1]) for row in await tx.all(_SQL["connected_at"], values)]


async def connected_of(tx: Tx, scope: Scope, authorization: str) -> list[str]:
    """Return the ids of the accounts that still need a permission."""
    rows = await tx.all(_SQL["connected_of"], {**within(scope), "authorization": authorization})
    return [row[0] for row in rows]


async def count_connected(tx: Tx, scope: Scope, authorization: str) -> int:
    """Return how many accounts still need a permission."""
    values = {**within(scope), "authorization": authorization}
    row = await tx.one(_SQL["count_connected"], values)
    return 0 if row is None else row[0]


async def page(
    tx: Tx,
    scope: Scope,
    only: Filter | None,
    *,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> list[bytes]:
    """Return up to *limit* accounts, newest first, that follow *after* or precede *before*."""
    kind, value = ("all", None) if only is None else only
    direction = "after" if before is None else "before"
    values = {
        **within(scope),
        "filter": value,
        "cursor": before or after or NEWEST,
        "limit": limit,
    }
    rows = await tx.all(_SQL[f"page_of_{kind}_{direction}"], values)
    if kind == "session":  # what it collected, and what it repaired
        rows += await tx.all(_SQL[f"page_of_repaired_{direction}"], values)
        rows = sorted(rows, reverse=before is None)[:limit]
    docs = [doc for _, doc in rows]
    return docs if before is None else docs[::-1]
