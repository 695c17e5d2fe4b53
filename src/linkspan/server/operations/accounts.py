"""Accounts: what end users shared."""

from dataclasses import dataclass
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from linkspan.objects import Account, AccountOwnership, decode_as, encode
from linkspan.server.core.account import AccountFact, AccountStatus, next_status
from linkspan.server.core.caller import Caller
from linkspan.server.core.consent import Ending
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import connected_accounts, consents, events, revocations, sessions
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import askings as asking_rows
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import endings as ending_rows
from linkspan.server.store import inferred_balances as inferred_balance_rows
from linkspan.server.store import ownerships as ownership_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store import subscriptions as subscription_rows
from linkspan.server.store import transaction_refreshes as transaction_refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx

_NOUN: Final = "financial connections account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which Accounts a list shows; at most one of these."""

    session: str | None = None
    customer: str | None = None
    account: str | None = None
    customer_account: str | None = None


async def list_(tx: Tx, scope: Scope, only: Only, paging: Paging) -> Page:
    """Return a page of the caller's Accounts, newest first."""
    await _check_filter(tx, scope, only)
    for name, cursor in paging.cursors:
        if await account_rows.get(tx, scope, cursor) is None:
            raise NoSuchReference(_NOUN, cursor, param=name)
    docs = await account_rows.page(
        tx,
        scope,
        _filter(only),
        limit=paging.one_more,
        after=paging.starting_after,
        before=paging.ending_before,
    )
    return Page.cut(docs, paging)


async def retrieve(tx: Tx, scope: Scope, account_id: str) -> bytes:
    """Return an Account as the API writes it."""
    doc = await account_rows.get(tx, scope, account_id)
    if doc is None:
        raise _missing(account_id)
    return doc


async def list_owners(
    tx: Tx,
    scope: Scope,
    account_id: str,
    ownership_id: str,
    paging: Paging,
) -> Page:
    """Return a page of the owners in one snapshot, in the bank's order."""
    if await account_rows.get(tx, scope, account_id) is None:
        raise _missing(account_id)
    doc = await ownership_rows.get_of(tx, scope, ownership_id, account=account_id)
    if doc is None:
        raise NoSuchReference("financial connections account ownership", ownership_id, param="ownership")
    owners = decode_as(doc, AccountOwnership).owners.data
    ids = [owner.id for owner in owners]
    for name, cursor in paging.cursors:
        if cursor not in ids:
            raise NoSuchReference("financial connections account owner", cursor, param=name)
    after, before = paging.starting_after, paging.ending_before
    first = 0 if after is None else ids.index(after) + 1
    last = len(ids) if before is None else ids.index(before)
    walked = owners[first:last]
    read = walked[-paging.one_more :] if before is not None else walked[: paging.one_more]
    return Page.cut([encode(owner) for owner in read], paging)


async def disconnect(tx: Tx, context: Context, caller: Caller, account_id: str) -> bytes:
    """End all access to an Account; a second time changes nothing.

    What was fetched before can no longer be read. When no other account needs
    the grant it was linked with, the bank is told once this has been committed.
    """
    row = await account_rows.get_whole(tx, caller.scope, account_id)
    if row is None:
        raise _missing(account_id)
    account = decode_as(row.doc, Account)
    if account.status == "disconnected":
        return row.doc
    ended = _without_data(account)
    doc = encode(ended)
    await account_rows.save(tx, caller.scope, account_id, doc, status="disconnected")
    await account_rows.save_beside(tx, caller.scope, account_id, inferred_balances_refresh=None)
    await inferred_balance_rows.forget(tx, caller.scope, account_id)
    await account_rows.forget_bank_details(tx, caller.scope, account_id)
    await asking_rows.forget(tx, caller.scope, account_id)
    await ending_rows.forget(tx, caller.scope, account_id)
    await ownership_rows.forget(tx, caller.scope, account_id)
    await refresh_rows.forget(tx, caller.scope, account_id)
    await subscription_rows.forget(tx, caller.scope, account_id)
    await transaction_rows.forget(tx, caller.scope, account_id)
    await transaction_refresh_rows.forget(tx, caller.scope, account_id)
    await sessions.show_account(tx, caller.scope, row.session, ended)
    await consents.end_of_accounts(
        tx, context, caller.scope, row.authorization, [account_id], Ending.DISCONNECTED
    )
    if await account_rows.count_connected(tx, caller.scope, row.authorization) == 0:
        await ending_rows.forget(tx, caller.scope, row.authorization)
        await revocations.end(tx, context, caller, row.authorization)
    await events.record(tx, context, caller, "financial_connections.account.disconnected", ended)
    return doc


async def _check_filter(tx: Tx, scope: Scope, only: Only) -> None:
    """Refuse a filter that names nothing the caller owns."""
    if only.session is not None and await session_rows.get(tx, scope, only.session) is None:
        raise NoSuchReference("financial connections session", only.session, param="session")
    if only.customer is not None and await customer_rows.get(tx, scope, only.customer) is None:
        raise NoSuchReference("customer", only.customer, param="account_holder[customer]")
    if only.account is not None:
        await connected_accounts.check(tx, scope, only.account, param="account_holder[account]")
    if only.customer_account is not None:
        param = "account_holder[customer_account]"
        await connected_accounts.check(tx, scope, only.customer_account, param=param)


def _filter(only: Only) -> account_rows.Filter | None:
    if only.session is not None:
        return ("session", only.session)
    holder = only.customer or only.account or only.customer_account
    return None if holder is None else ("holder", holder)


def _without_data(account: Account) -> Account:
    """Return *account* disconnected, with nothing left that a bank told us."""
    return replace(
        account,
        status=next_status(AccountStatus(account.status), AccountFact.DISCONNECTED).value,
        balance=None,
        balance_refresh=None,
        ownership=None,
        ownership_refresh=None,
        transaction_refresh=None,
        account_numbers=(),
        status_details=UNSET,
        subscriptions=(),
        supported_payment_method_types=(),
    )


def _missing(account_id: str) -> NoSuchObject:
    return NoSuchObject(_NOUN, account_id, param="account")
