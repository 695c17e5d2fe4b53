"""Brings Accounts in line with what their bank shows of them, whatever it was asked for."""

from collections.abc import Mapping
from dataclasses import replace as copy

from msgspec.structs import replace

from linkspan.objects import Account
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.payments import methods_of, numbers_shown, remembered
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_states, bank_details, endings, events, payment_methods
from linkspan.server.operations.bank_details import BankDetails
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store.accounts import AccountRow
from linkspan.server.store.driver import Tx


async def note(
    tx: Tx, context: Context, scope: Scope, authorization: str, shown: Mapping[str, FoundAccount]
) -> None:
    """Note which accounts behind a grant were closed, opened again, or were given other numbers.

    *shown* is by the bank's own ids. An account that is not in it is left as it
    is: banks have been seen to leave accounts out for a day.
    """
    for account_id in await account_rows.connected_of(tx, scope, authorization):
        row = await account_rows.get_whole(tx, scope, account_id)
        details = await bank_details.of(tx, context, scope, account_id)
        found = None if details is None else shown.get(details.source_id)
        if row is not None and details is not None and found is not None:
            account = await _note_numbers(tx, context, scope, row, details, found)
            await _note_status(tx, context, scope, account, row, found)
    await endings.note(tx, context, scope, authorization, shown.values())


async def _note_numbers(
    tx: Tx, context: Context, scope: Scope, row: AccountRow, details: BankDetails, found: FoundAccount
) -> Account:
    """Keep the numbers the bank gives now; where it gives none, those it gave stay."""
    account = account_states.account_of(row)
    seen = copy(found, numbers=remembered(found.numbers, details.numbers))
    shown = numbers_shown(seen.numbers, account.permissions or (), is_open=seen.is_open)
    methods = methods_of(seen)
    happened = []
    if seen.numbers != details.numbers:
        numbered = BankDetails(details.source_id, seen.numbers, details.currency)
        kept = await bank_details.sealed(tx, context, scope, account.id, numbered)
        await account_rows.save_bank_details(tx, scope, account.id, kept)
        await payment_methods.follow_numbers(tx, context, scope, account.id, seen.numbers)
        await endings.expect_of_numbers(tx, scope, account.id, shown)
    if shown != account.account_numbers or (shown and seen.numbers != details.numbers):
        happened.append("account_numbers_updated")
    if methods != account.supported_payment_method_types:
        happened.append("supported_payment_method_types_updated")
    if happened:
        account = replace(account, account_numbers=shown, supported_payment_method_types=methods)
        await account_states.save(tx, scope, account, row.session)
    for what in happened:
        event = f"financial_connections.account.{what}"
        await events.record(tx, context, Caller(scope, None), event, account_states.in_every_version(account))
    return account


async def _note_status(
    tx: Tx, context: Context, scope: Scope, account: Account, row: AccountRow, found: FoundAccount
) -> None:
    """Let an account that was closed rest, and one that is open again be read.

    That it is open again must be told by the account itself: a list may go
    on showing a closed one as it was.
    """
    caller = Caller(scope, None)
    if account.status == "active" and not found.is_open:
        await account_states.deactivate(tx, context, caller, account, row.session, cause="account_closed")
    if account.status == "inactive" and found.is_open and found.is_whole:
        await account_states.reactivate(
            tx, context, caller, account, row.session, authorization=row.authorization
        )
