"""Attaches PaymentMethods to whoever pays with them, and takes them away for good."""

from msgspec.structs import replace

from linkspan.objects import PaymentMethod, decode_as
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import UnexpectedPaymentMethodState
from linkspan.server.operations import payers, payment_methods
from linkspan.server.operations.context import Context
from linkspan.server.operations.payers import Payer, payer_of
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx


async def attach(tx: Tx, context: Context, caller: Caller, method_id: str, payer: Payer) -> bytes:
    """Attach a PaymentMethod to whoever pays with it; a second time changes nothing."""
    kept = await payment_methods.one(tx, caller.scope, method_id)
    await payers.check(tx, caller.scope, payer)
    former = payer_of(kept.method)
    if former == payer:
        return kept.doc
    if kept.is_spent:
        raise UnexpectedPaymentMethodState(payment_methods.SPENT)
    if former is not None:
        raise UnexpectedPaymentMethodState(
            "The payment method you provided has already been attached to a customer."
        )
    attached = replace(kept.method, **{payer.field: payer.id})
    return await payment_methods.save(
        tx, context, caller, attached, "payment_method.attached", is_spent=False
    )


async def detach(tx: Tx, context: Context, caller: Caller, method_id: str) -> bytes:
    """Take a PaymentMethod away from whoever paid with it, for good."""
    kept = await payment_methods.one(tx, caller.scope, method_id)
    return await _detach(tx, context, caller, kept.method)


async def detach_all(tx: Tx, context: Context, caller: Caller, customer: str) -> None:
    """Take every PaymentMethod away from a Customer."""
    for doc in await payment_method_rows.of_customer(tx, caller.scope, customer):
        await _detach(tx, context, caller, decode_as(doc, PaymentMethod))


async def _detach(tx: Tx, context: Context, caller: Caller, method: PaymentMethod) -> bytes:
    payer = payer_of(method)
    if payer is None:
        raise UnexpectedPaymentMethodState(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    detached = replace(method, customer=None, customer_account=None)
    previous: dict[str, str] = {payer.field: payer.id}
    return await payment_methods.save(
        tx, context, caller, detached, "payment_method.detached", previous, is_spent=True
    )
