"""Snapshots of who owns an account, a new one whenever the owners changed."""

from collections.abc import Sequence

from linkspan.objects import Account, AccountOwner, AccountOwnership, List, decode_as, encode
from linkspan.server.core.found import FoundOwner
from linkspan.server.core.ids import new_id
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import ownerships as ownership_rows
from linkspan.server.store.driver import Tx


async def keep(tx: Tx, context: Context, scope: Scope, account: Account, owners: Sequence[FoundOwner]) -> str:
    """Keep *owners* as a snapshot and return its id: the Account's present one when nothing changed."""
    present = account.ownership if isinstance(account.ownership, str) else None
    if present is not None and await _is_same(tx, scope, present, owners):
        return present
    ownership = new_id("fcaowns", context.world)
    snapshot = _snapshot(context, account.id, ownership, owners)
    await ownership_rows.insert(tx, scope, ownership, encode(snapshot), account=account.id)
    return ownership


async def _is_same(tx: Tx, scope: Scope, ownership: str, owners: Sequence[FoundOwner]) -> bool:
    """Tell whether a snapshot says what the bank says now."""
    doc = await ownership_rows.get(tx, scope, ownership)
    if doc is None:
        return False
    kept = decode_as(doc, AccountOwnership).owners.data
    return [(one.name, one.email, one.phone, one.raw_address) for one in kept] == [
        (one.name, one.email, one.phone, one.raw_address) for one in owners
    ]


def _snapshot(
    context: Context, account: str, ownership: str, owners: Sequence[FoundOwner]
) -> AccountOwnership:
    now = context.world.seconds()
    listed = tuple(
        AccountOwner(
            id=new_id("fcaown", context.world),
            email=owner.email,
            name=owner.name,
            ownership=ownership,
            phone=owner.phone,
            raw_address=owner.raw_address,
            refreshed_at=now,
        )
        for owner in owners
    )
    url = f"/v1/financial_connections/accounts/{account}/owners?ownership={ownership}"
    return AccountOwnership(id=ownership, created=now, owners=List(data=listed, has_more=False, url=url))
