"""Brings Accounts in line with what their bank shows of them, whatever it was asked for."""

from collections.abc import Mapping
from dataclasses import replace as copy

from linkspan.objects import Account
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.payments import expired, methods_of, numbers_shown, remembered
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_numbers, account_states, bank_details, endings
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
    """Keep the numbers the bank gives now; where it gives none, those it gave stay.

    A stand-in whose end has come is dead, whatever the bank goes on showing, until it tells another end.
    """
    permissions = account_states.account_of(row).permissions or ()
    numbers = expired(remembered(found.numbers, details.numbers), now=context.world.seconds())
    shown = numbers_shown(numbers, permissions, is_open=found.is_open)
    methods = methods_of(copy(found, numbers=numbers))
    return await account_numbers.keep(tx, context, scope, row, details, numbers, shown, methods)


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
