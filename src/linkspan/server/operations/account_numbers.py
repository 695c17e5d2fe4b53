"""Keeps the numbers that Accounts are paid by, and deactivates stand-ins whose end has come."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from linkspan.objects import Account, AccountNumber
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.payments import expired, without_expired
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_states, bank_details, endings, events, payment_methods
from linkspan.server.operations.bank_details import BankDetails
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import endings as ending_rows
from linkspan.server.store.accounts import AccountRow
from linkspan.server.store.driver import Tx

_AT_ONCE_MAX: Final = 50


async def keep(
    tx: Tx,
    context: Context,
    scope: Scope,
    row: AccountRow,
    details: BankDetails,
    numbers: tuple[FoundNumber, ...],
    shown: tuple[AccountNumber, ...],
    methods: Sequence[str],
) -> Account:
    """Keep *numbers*, of which *shown* is told, in place of those in *details*; tell of what changed."""
    account = account_states.account_of(row)
    happened = []
    if numbers != details.numbers:
        numbered = BankDetails(details.source_id, numbers, details.currency)
        kept = await bank_details.sealed(tx, context, scope, account.id, numbered)
        await account_rows.save_bank_details(tx, scope, account.id, kept)
        await payment_methods.follow_numbers(tx, context, scope, account.id, numbers)
        await endings.expect_of_numbers(tx, scope, account.id, shown)
    if shown != account.account_numbers or (shown and numbers != details.numbers):
        happened.append("account_numbers_updated")
    if tuple(methods) != account.supported_payment_method_types:
        happened.append("supported_payment_method_types_updated")
    if happened:
        account = replace(account, account_numbers=shown, supported_payment_method_types=tuple(methods))
        await account_states.save(tx, scope, account, row.session)
    for what in happened:
        event = f"financial_connections.account.{what}"
        await events.record(tx, context, Caller(scope, None), event, account_states.in_every_version(account))
    return account


async def is_any_expired(tx: Tx, context: Context) -> bool:
    """Tell whether the end of any stand-in has come."""
    return bool(await ending_rows.ended_numbers(tx, now=context.world.seconds(), limit=1))


async def expire(context: Context) -> int:
    """Deactivate the stand-ins whose end has come; return of how many Accounts."""
    now, count, is_more = context.world.seconds(), 0, True
    while is_more:
        found = await context.store.read(
            lambda tx: ending_rows.ended_numbers(tx, now=now, limit=_AT_ONCE_MAX)
        )
        for scope, account_id in found:
            await context.store.write(
                partial(_expire, context=context, scope=scope, account_id=account_id, now=now)
            )
        count, is_more = count + len(found), len(found) == _AT_ONCE_MAX
    return count


async def _expire(tx: Tx, context: Context, scope: Scope, account_id: str, now: int) -> None:
    """Deactivate what has expired of one Account, unless somebody else has."""
    row = await account_rows.get_whole(tx, scope, account_id)
    details = await bank_details.of(tx, context, scope, account_id)
    shown: tuple[AccountNumber, ...] = ()
    if row is not None and details is not None:
        account = account_states.account_of(row)
        shown = without_expired(account.account_numbers or (), now=now)
        is_payable = any(number.status == "transactable" for number in shown)
        methods = (account.supported_payment_method_types or ()) if is_payable else ()
        await keep(tx, context, scope, row, details, expired(details.numbers, now=now), shown, methods)
    await endings.expect_of_numbers(tx, scope, account_id, shown)
