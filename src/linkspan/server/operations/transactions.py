"""Transactions: what moved on linked accounts."""

from typing import Final

from linkspan.objects import Account, decode_as
from linkspan.server.core.account import AccountStatus
from linkspan.server.core.features import not_permitted
from linkspan.server.core.refusals import (
    NoSuccessfulTransactionRefresh,
    NoSuchObject,
    NoSuchReference,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations.pages import Between, Page, Paging
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.transactions import Only, Spot

_NOUN: Final = "financial connections transaction"


async def list_(
    tx: Tx, scope: Scope, account: str, made: Between, paging: Paging, *, since: str | None = None
) -> Page:
    """Return a page of an Account's transactions, newest first.

    With *since*, a refresh, only those that later refreshes created or changed.
    """
    await _check(tx, scope, account)
    number = None if since is None else await _number(tx, scope, account, since)
    after = await _spot(tx, scope, account, paging.starting_after, param="starting_after")
    before = await _spot(tx, scope, account, paging.ending_before, param="ending_before")
    docs = await transaction_rows.page(
        tx,
        scope,
        Only(account=account, first=made.first, last=made.last, since=number),
        limit=paging.one_more,
        after=after,
        before=before,
    )
    return Page.cut(docs, paging)


async def retrieve(tx: Tx, scope: Scope, transaction_id: str) -> bytes:
    """Return a transaction as the API writes it."""
    doc = await transaction_rows.get(tx, scope, transaction_id)
    if doc is None:
        raise NoSuchObject(_NOUN, transaction_id, param="transaction")
    return doc


async def _check(tx: Tx, scope: Scope, account: str) -> None:
    """Refuse an Account that is not the caller's, or has nothing to list."""
    doc = await account_rows.get(tx, scope, account)
    if doc is None:
        raise NoSuchReference("financial connections account", account, param="account")
    if await transaction_refresh_rows.last_success(tx, scope, account) is None:
        raise NoSuccessfulTransactionRefresh(account, may_refresh=_may_refresh(decode_as(doc, Account)))


def _may_refresh(account: Account) -> bool:
    """Tell whether a refresh of the Account's transactions can still succeed one day."""
    is_linked = account.status != AccountStatus.DISCONNECTED
    return is_linked and not_permitted("transactions", account.permissions or ()) is None


async def _number(tx: Tx, scope: Scope, account: str, refresh: str) -> int:
    """Return which refresh of an Account it is; refuse one it never had."""
    number = await transaction_refresh_rows.number_of(tx, scope, refresh, account=account)
    if number is None:
        noun = "financial connections transaction refresh"
        raise NoSuchReference(noun, refresh, param="transaction_refresh[after]")
    return number


async def _spot(tx: Tx, scope: Scope, account: str, cursor: str | None, *, param: str) -> Spot | None:
    """Return where a cursor stands now; a row that changed its day since is followed to where it went."""
    if cursor is None:
        return None
    spot = await transaction_rows.spot_of(tx, scope, cursor, account=account)
    if spot is None:
        raise NoSuchReference(_NOUN, cursor, param=param)
    return spot
