"""``/v1/payment_methods``, and those of a Customer."""

from typing import Any, Final

from linkspan.objects import (
    ALLOW_REDISPLAYS,
    BANK_ACCOUNT_HOLDER_TYPES,
    BANK_ACCOUNT_TYPES,
    BillingAddress,
    List,
    PaymentMethod,
)
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import (
    Param,
    Params,
    filled,
    hash_of,
    id_of_one,
    metadata,
    one_of,
    reads,
    text,
)
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import MissingParameter
from linkspan.server.operations import attachments, customers, payers, payment_methods
from linkspan.server.operations.payers import Payer
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/payment_methods"
_ONE: Final = f"{_PATH}/{{payment_method}}"
_CUSTOMERS: Final = "/v1/customers/{customer}/payment_methods"
_EXPANDABLE: Final = frozenset({"customer"})

# Every kind that Stripe has: a list may ask for any of them, and has us_bank_account alone.
_TYPES: Final = (
    *("acss_debit", "affirm", "afterpay_clearpay", "alipay", "alma", "amazon_pay", "au_becs_debit"),
    *("bacs_debit", "bancontact", "billie", "bizum", "blik", "boleto", "card", "cashapp", "crypto", "custom"),
    *("customer_balance", "eps", "fpx", "giropay", "grabpay", "ideal", "kakao_pay", "klarna", "konbini"),
    *("kr_card", "link", "mb_way", "mobilepay", "multibanco", "naver_pay", "nz_bank_account", "oxxo", "p24"),
    *("pay_by_bank", "payco", "paynow", "paypal", "paypay", "payto", "pix", "promptpay", "revolut_pay"),
    *("samsung_pay", "satispay", "scalapay", "sepa_debit", "sequra", "sofort", "sunbit", "swish", "twint"),
    *("upi", "us_bank_account", "wechat_pay", "zip"),
)

_ADDRESS_PARTS: Final = ("city", "country", "line1", "line2", "postal_code", "state")
_address_parts: Final = hash_of({name: Param(text) for name in _ADDRESS_PARTS})


@reads(_address_parts.schema, unsets=True)
def _address(raw: Any, path: str) -> BillingAddress | None:
    """Read an address as a whole; an empty string takes it away."""
    if raw == "":
        return None
    sent = _address_parts(raw, path)
    return BillingAddress(**{name: sent.get(name) for name in _ADDRESS_PARTS})


BILLING: Final = {
    "address": Param(_address),
    "email": Param(text),
    "name": Param(filled),
    "phone": Param(text),
    "tax_id": Param(text),
}
_HOLDER: Final = {
    "account_holder_type": Param(one_of(*BANK_ACCOUNT_HOLDER_TYPES)),
    "account_type": Param(one_of(*BANK_ACCOUNT_TYPES)),
}
BANK_ACCOUNT: Final = {
    **_HOLDER,
    "account_number": Param(filled, about="The account number; no answer shows it."),
    "financial_connections_account": Param(id_of_one, about="The linked account, instead of numbers."),
    "routing_number": Param(filled),
}
_CREATE: Final = {
    "allow_redisplay": Param(one_of(*ALLOW_REDISPLAYS)),
    "billing_details": Param(hash_of({**BILLING, "name": Param(filled, required=True)}), required=True),
    "metadata": Param(metadata),
    "type": Param(one_of(payment_methods.TYPE), required=True),
    "us_bank_account": Param(hash_of(BANK_ACCOUNT), required=True),
}
_UPDATE: Final = {
    "allow_redisplay": Param(one_of(*ALLOW_REDISPLAYS)),
    "billing_details": Param(hash_of(BILLING)),
    "metadata": Param(metadata),
    "us_bank_account": Param(hash_of(_HOLDER)),
}
PAYER: Final[Params] = {name: Param(id_of_one) for name in payers.FIELDS}
_OF_CUSTOMER: Final = {**PAGING, "type": Param(one_of(*_TYPES))}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a PaymentMethod."""
    wanted = {name: value for name, value in asked.values.items() if name != "type"}
    return await payment_methods.create(tx, asked.context, asked.caller, wanted)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a PaymentMethod."""
    return await payment_methods.retrieve(tx, asked.caller.scope, asked.path["payment_method"])


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a PaymentMethod."""
    method = asked.path["payment_method"]
    return await payment_methods.update(tx, asked.context, asked.caller, method, asked.values)


async def attach(tx: Tx, asked: Asked) -> bytes:
    """Attach a PaymentMethod to a Customer."""
    method, payer = asked.path["payment_method"], payers.wanted_one(asked.values)
    if payer is None:
        raise MissingParameter("customer")
    return await attachments.attach(tx, asked.context, asked.caller, method, payer)


async def detach(tx: Tx, asked: Asked) -> bytes:
    """Detach a PaymentMethod from its Customer."""
    return await attachments.detach(tx, asked.context, asked.caller, asked.path["payment_method"])


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List PaymentMethods, all or a Customer's."""
    values = asked.values
    page = await payment_methods.list_(
        tx,
        asked.caller.scope,
        paging_of(values),
        payer=payers.wanted_one(values),
        kind=values.get("type"),
    )
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def list_of_customer(tx: Tx, asked: Asked) -> bytes:
    """List the PaymentMethods of a Customer."""
    customer = asked.path["customer"]
    await customers.check(tx, asked.caller.scope, customer)
    page = await payment_methods.list_(
        tx,
        asked.caller.scope,
        paging_of(asked.values),
        payer=Payer("customer", customer),
        kind=asked.values.get("type"),
    )
    return envelope(f"/v1/customers/{customer}/payment_methods", page.docs, has_more=page.has_more)


async def retrieve_of_customer(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a PaymentMethod of a Customer."""
    method, customer = asked.path["payment_method"], asked.path["customer"]
    await customers.check(tx, asked.caller.scope, customer)
    return await payment_methods.retrieve(tx, asked.caller.scope, method, customer=customer)


ROUTES: Final = (
    Route("payment_methods.create", "POST", _PATH, create, _CREATE, _EXPANDABLE, returns=PaymentMethod),
    Route(
        "payment_methods.list",
        "GET",
        _PATH,
        list_,
        {**_OF_CUSTOMER, **PAYER},
        _EXPANDABLE,
        returns=List[PaymentMethod],
    ),
    Route("payment_methods.retrieve", "GET", _ONE, retrieve, {}, _EXPANDABLE, returns=PaymentMethod),
    Route("payment_methods.update", "POST", _ONE, update, _UPDATE, _EXPANDABLE, returns=PaymentMethod),
    Route(
        "payment_methods.attach",
        "POST",
        f"{_ONE}/attach",
        attach,
        PAYER,
        _EXPANDABLE,
        returns=PaymentMethod,
    ),
    Route("payment_methods.detach", "POST", f"{_ONE}/detach", detach, {}, _EXPANDABLE, returns=PaymentMethod),
    Route(
        "payment_methods.of_customer.list",
        "GET",
        _CUSTOMERS,
        list_of_customer,
        _OF_CUSTOMER,
        _EXPANDABLE,
        returns=List[PaymentMethod],
    ),
    Route(
        "payment_methods.of_customer.retrieve",
        "GET",
        f"{_CUSTOMERS}/{{payment_method}}",
        retrieve_of_customer,
        {},
        _EXPANDABLE,
        returns=PaymentMethod,
    ),
)
