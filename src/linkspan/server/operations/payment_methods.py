"""PaymentMethods: linked or typed bank accounts that a Customer can pay with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from linkspan.objects import (
    BillingDetails,
    FrozenMap,
    PaymentMethod,
    UsBankAccount,
    UsBankAccountBlocked,
    UsBankAccountStatusDetails,
    decode_as,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import (
    BadParameter,
    MissingParameter,
    NoSuchObject,
    NoSuchReference,
    UnexpectedPaymentMethodState,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_numbers, events, payers, us_bank_accounts
from linkspan.server.operations.context import Context
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.operations.payers import Payer, payer_of
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

TYPE: Final = "us_bank_account"
SPENT: Final = (
    "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
    "Customer, and may not be used again."
)
_NOUN: Final = "PaymentMethod"
_GONE: Final = UsBankAccountStatusDetails(
    blocked=UsBankAccountBlocked(network_code=None, reason="tokenized_account_number_deactivated")
)
_NOBODY: Final = BillingDetails(address=None, email=None, name=None, phone=None, tax_id=None)


@dataclass(frozen=True, slots=True)
class Kept:
    """A PaymentMethod, as kept and decoded, and whether it may be attached no more."""

    doc: bytes
    method: PaymentMethod
    is_spent: bool
    is_verified: bool = False


async def create(
    tx: Tx,
    context: Context,
    caller: Caller,
    wanted: Mapping[str, Any],
    *,
    within: str = TYPE,
    is_verified: bool = False,
) -> bytes:
    """Keep a new PaymentMethod, attached to nobody, and return it as the API writes it.

    *within* is where the bank account stands in the request, *is_verified*
    whether typed numbers are known to be their holder's.
    """
    number, bank = await us_bank_accounts.wanted_one(tx, context, caller.scope, wanted[TYPE], within=within)
    blank = PaymentMethod(
        id=new_id("pm", context.world),
        allow_redisplay="unspecified",
        billing_details=_NOBODY,
        created=context.world.seconds(),
        customer=None,
        customer_account=None,
        livemode=caller.scope.livemode,
        metadata=FrozenMap(),
        type=TYPE,
        us_bank_account=bank,
    )
    method = _changed(blank, {name: value for name, value in wanted.items() if name != TYPE})
    doc = encode(method)
    sealed = await bank_numbers.sealed(tx, context, _place(caller.scope, method.id), number)
    account = bank.financial_connections_account or None
    await payment_method_rows.insert(
        tx,
        caller.scope,
        method.id,
        doc,
        numbers=sealed,
        account=account,
        is_verified=is_verified or account is not None,
    )
    return doc


async def retrieve(tx: Tx, scope: Scope, method_id: str, *, customer: str | None = None) -> bytes:
    """Return a PaymentMethod as the API writes it; with *customer*, only one attached to it."""
    kept = await one(tx, scope, method_id)
    if customer not in (None, kept.method.customer):
        raise _missing(method_id)
    return kept.doc


async def update(
    tx: Tx, context: Context, caller: Caller, method_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of an attached PaymentMethod and leave the rest."""
    kept = await one(tx, caller.scope, method_id)
    if payer_of(kept.method) is None:
        raise UnexpectedPaymentMethodState(
            "You must attach this PaymentMethod to a customer before you can update it."
        )
    after = _changed(kept.method, wanted)
    if after == kept.method:
        return kept.doc
    previous = events.previous_values(kept.method, after)
    return await save(tx, context, caller, after, "payment_method.updated", previous, is_spent=False)


async def taken(
    tx: Tx, context: Context, scope: Scope, method_id: str, *, customer: str | None
) -> tuple[FoundNumber, PaymentMethod]:
    """Return the digits of a PaymentMethod for a token.

    One that is attached is copied, for whoever names its Customer; one that is
    not is spent by it.
    """
    row = await payment_method_rows.get(tx, scope, method_id)
    kept = await payment_method_rows.get_numbers(tx, scope, method_id)
    if row is None or kept is None:
        raise NoSuchReference(_NOUN, method_id, param="bank_account[payment_method]")
    method = decode_as(row.doc, PaymentMethod)
    payer = payer_of(method)
    if payer is None:
        if row.is_spent:
            raise UnexpectedPaymentMethodState(SPENT)
        await payment_method_rows.save(tx, scope, method_id, row.doc, payer=None, is_spent=True)
    elif customer is None:
        raise MissingParameter("customer")
    elif payer.id != customer:
        message = "The PaymentMethod is not attached to this customer."
        raise BadParameter(message, param="customer")
    return await bank_numbers.opened(tx, context, _place(scope, method_id), kept), method


async def follow_numbers(
    tx: Tx, context: Context, scope: Scope, account_id: str, numbers: Sequence[FoundNumber]
) -> None:
    """Block what was made of an Account with a stand-in that is dead or given no more, and nothing else.

    A bank gives a new stand-in where the old one expired or was revoked, and
    takes the old one no longer. A number that is shown again is good again.
    """
    good = {(one.routing_number, one.account_number) for one in numbers if not one.is_dead}
    for doc, kept in await payment_method_rows.of_account(tx, scope, account_id):
        before = decode_as(doc, PaymentMethod)
        number = await bank_numbers.opened(tx, context, _place(scope, before.id), kept)
        is_gone = number.tokenized and (number.routing_number, number.account_number) not in good
        details = _GONE if is_gone else UsBankAccountStatusDetails()
        after = _changed(before, {TYPE: {"status_details": details}})
        if after != before:
            previous = events.previous_values(before, after)
            event_type = "payment_method.automatically_updated"
            await save(tx, context, Caller(scope, None), after, event_type, previous, is_spent=False)


async def list_(
    tx: Tx, scope: Scope, paging: Paging, *, payer: Payer | None = None, kind: str | None = None
) -> Page:
    """Return a page of the caller's PaymentMethods, newest first; with *payer*, its own."""
    for name, cursor in paging.cursors:
        if await payment_method_rows.get(tx, scope, cursor) is None:
            raise NoSuchReference(_NOUN, cursor, param=name)
    if payer is not None:
        await payers.check(tx, scope, payer)
    if kind not in (None, TYPE):
        return Page([], has_more=False)
    docs = await payment_method_rows.page(
        tx,
        scope,
        payer=None if payer is None else payer.id,
        limit=paging.one_more,
        after=paging.starting_after,
        before=paging.ending_before,
    )
    return Page.cut(docs, paging)


async def one(tx: Tx, scope: Scope, method_id: str) -> Kept:
    """Return a PaymentMethod, or refuse an address that names none of the caller's."""
    row = await payment_method_rows.get(tx, scope, method_id)
    if row is None:
        raise _missing(method_id)
    return Kept(row.doc, decode_as(row.doc, PaymentMethod), row.is_spent, row.is_verified)


async def numbers_of(tx: Tx, context: Context, scope: Scope, method_id: str) -> FoundNumber:
    """Return the digits of one of the caller's PaymentMethods."""
    kept = await payment_method_rows.get_numbers(tx, scope, method_id)
    if kept is None:
        raise _missing(method_id)
    return await bank_numbers.opened(tx, context, _place(scope, method_id), kept)


async def save(
    tx: Tx,
    context: Context,
    caller: Caller,
    method: PaymentMethod,
    event_type: str,
    previous: Mapping[str, Any] | None = None,
    *,
    is_spent: bool,
) -> bytes:
    """Keep a PaymentMethod as it is now, and tell of it."""
    doc = encode(method)
    payer = payer_of(method)
    payer_id = None if payer is None else payer.id
    await payment_method_rows.save(tx, caller.scope, method.id, doc, payer=payer_id, is_spent=is_spent)
    await events.record(tx, context, caller, event_type, method, previous=previous)
    return doc


def _place(scope: Scope, method_id: str) -> Place:
    return Place("payment_methods", "numbers", method_id, scope)


def _changed(method: PaymentMethod, wanted: Mapping[str, Any]) -> PaymentMethod:
    """Return *method* with what is *wanted*; hashes are merged key by key."""
    changes: dict[str, Any] = {}
    if wanted.get("allow_redisplay"):
        changes["allow_redisplay"] = wanted["allow_redisplay"]
    if "billing_details" in wanted:
        changes["billing_details"] = replace(method.billing_details, **wanted["billing_details"])
    if "metadata" in wanted:
        changes["metadata"] = merged(method.metadata or None, wanted["metadata"])
    if TYPE in wanted and isinstance(method.us_bank_account, UsBankAccount):
        changes[TYPE] = replace(method.us_bank_account, **wanted[TYPE])
    return replace(method, **changes)


def _missing(method_id: str) -> NoSuchObject:
    return NoSuchObject(_NOUN, method_id, param="payment_method")
