"""``/v1/payment_intents``, for bank accounts in the US."""

from typing import Final

from linkspan.objects import FUTURE_USAGES, List, PaymentIntent
from linkspan.server.api.params import Param, Params, boolean, currency, integer, one_of, text
from linkspan.server.api.routes import intent_params
from linkspan.server.api.routes.intent_params import (
    AGREED,
    CLIENT_SECRET,
    COMMON,
    CONFIRM,
    CONFIRMS,
    EXPANDABLE,
    LIST,
    VERIFY,
)
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import Refusal
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/payment_intents"
_ONE: Final = f"{_PATH}/{{payment_intent}}"
# Stripe API reference, "amount": up to eight digits.
_AMOUNT: Final = integer(at_least=1, at_most=99_999_999)
_REASONS: Final = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")

_KEPT: Final[Params] = {"receipt_email": Param(text), "setup_future_usage": Param(one_of(*FUTURE_USAGES))}
_OFF_SESSION: Final[Params] = {"off_session": Param(boolean, about="Changes nothing here.")}
_PAYMENT: Final[Params] = {
    **COMMON,
    **_KEPT,
    "statement_descriptor": Param(text),
    "statement_descriptor_suffix": Param(text),
    "transfer_group": Param(text),
}
_CREATE: Final[Params] = {
    **_PAYMENT,
    **AGREED,
    **CONFIRMS,
    **_OFF_SESSION,
    "amount": Param(_AMOUNT, required=True),
    "currency": Param(currency, required=True),
}
_UPDATE: Final[Params] = {**_PAYMENT, "amount": Param(_AMOUNT)}
_CONFIRM: Final[Params] = {**CONFIRM, **_KEPT, **_OFF_SESSION}
_CANCEL: Final[Params] = {"cancellation_reason": Param(one_of(*_REASONS))}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a PaymentIntent."""
    return await intent_params.create(tx, asked, "payment")


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a PaymentIntent."""
    return await intent_params.retrieve(tx, asked, "payment")


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a PaymentIntent."""
    return await intent_params.update(tx, asked, "payment")


async def confirm(tx: Tx, asked: Asked) -> bytes:
    """Confirm a PaymentIntent; a test mode simulation, since no money is moved."""
    return await intent_params.confirm(tx, asked, "payment")


async def cancel(tx: Tx, asked: Asked) -> bytes:
    """Cancel a PaymentIntent."""
    return await intent_params.cancel(tx, asked, "payment")


async def verify_microdeposits(tx: Tx, asked: Asked) -> bytes | Refusal:
    """Verify the small deposits of a PaymentIntent."""
    return await intent_params.verify_microdeposits(tx, asked, "payment")


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List PaymentIntents, all or a Customer's."""
    return await intent_params.list_(tx, asked, "payment")


ROUTES: Final = (
    Route("payment_intents.create", "POST", _PATH, create, _CREATE, EXPANDABLE, returns=PaymentIntent),
    Route("payment_intents.list", "GET", _PATH, list_, LIST, EXPANDABLE, returns=List[PaymentIntent]),
    Route(
        "payment_intents.retrieve",
        "GET",
        _ONE,
        retrieve,
        CLIENT_SECRET,
        EXPANDABLE,
        returns=PaymentIntent,
        opens_to_pages=True,
    ),
    Route("payment_intents.update", "POST", _ONE, update, _UPDATE, EXPANDABLE, returns=PaymentIntent),
    Route(
        "payment_intents.confirm",
        "POST",
        f"{_ONE}/confirm",
        confirm,
        _CONFIRM,
        EXPANDABLE,
        returns=PaymentIntent,
        opens_to_pages=True,
    ),
    Route(
        "payment_intents.cancel", "POST", f"{_ONE}/cancel", cancel, _CANCEL, EXPANDABLE, returns=PaymentIntent
    ),
    Route(
        "payment_intents.verify_microdeposits",
        "POST",
        f"{_ONE}/verify_microdeposits",
        verify_microdeposits,
        VERIFY,
        EXPANDABLE,
        returns=PaymentIntent,
        opens_to_pages=True,
    ),
)
