"""The PaymentMethod that an intent is to have: one there is, one made for it, or one of the test mode's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from linkspan.objects import PaymentIntent, PaymentMethod, SetupIntent, decode_as
from linkspan.server.core.bank_number import TEST_ROUTING_NUMBER
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import (
    BadParameter,
    ExclusiveParameters,
    NoSuchReference,
    UnexpectedPaymentMethodState,
)
from linkspan.server.core.simulation import METHODS, takes_deposits
from linkspan.server.operations import payment_methods
from linkspan.server.operations.context import Context
from linkspan.server.operations.payers import payer_of
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx

_DATA: Final = "payment_method_data"


@dataclass(frozen=True, slots=True)
class Collected:
    """A PaymentMethod, and whether its account is known to be its holder's."""

    method: PaymentMethod
    is_verified: bool


async def wanted_one(tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any]) -> Collected:
    """Return the PaymentMethod that is *wanted*, which may be made of `payment_method_data`."""
    named = wanted.get("payment_method")
    if _DATA in wanted:
        if named is not None:
            raise ExclusiveParameters("payment_method", _DATA)
        data = {name: value for name, value in wanted[_DATA].items() if name != "type"}
        within = f"{_DATA}[{payment_methods.TYPE}]"
        return _made(await payment_methods.create(tx, context, caller, data, within=within), data)
    assert named is not None  # noqa: S101 - one of the two is wanted
    if named in METHODS and not caller.scope.livemode:
        return await _of_test_mode(tx, context, caller, METHODS[named])
    row = await payment_method_rows.get(tx, caller.scope, named)
    if row is None:
        raise NoSuchReference("PaymentMethod", named, param="payment_method")
    if row.is_spent:
        raise UnexpectedPaymentMethodState(payment_methods.SPENT)
    return Collected(decode_as(row.doc, PaymentMethod), row.is_verified)


async def _of_test_mode(tx: Tx, context: Context, caller: Caller, digits: str) -> Collected:
    """Return a new PaymentMethod of a test number, known to be its holder's where deposits could tell."""
    numbers = {"account_number": digits, "routing_number": TEST_ROUTING_NUMBER}
    data = {payment_methods.TYPE: numbers}
    doc = await payment_methods.create(tx, context, caller, data)
    method = decode_as(doc, PaymentMethod)
    number = await payment_methods.numbers_of(tx, context, caller.scope, method.id)
    is_verified = takes_deposits(number)
    if is_verified:
        await payment_method_rows.verify(tx, caller.scope, method.id)
    return Collected(method, is_verified)


def check_payer(intent: PaymentIntent | SetupIntent, collected: Collected) -> None:
    """Refuse a PaymentMethod that is attached to somebody the intent does not name."""
    payer = payer_of(collected.method)
    if payer is None or payer.id in {intent.customer, intent.customer_account}:
        return
    if intent.customer or intent.customer_account:
        message = "The payment method supplied belongs to a different Customer."
    else:
        message = (
            "The payment method supplied belongs to a Customer. Please include the Customer in the "
            f"`{payer.field}` parameter."
        )
    raise BadParameter(message, param="payment_method")


def _made(doc: bytes, data: Mapping[str, Any]) -> Collected:
    is_linked = "financial_connections_account" in data[payment_methods.TYPE]
    return Collected(decode_as(doc, PaymentMethod), is_linked)
