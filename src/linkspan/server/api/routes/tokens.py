"""``/v1/tokens``."""

from typing import Final

from linkspan.objects import BANK_ACCOUNT_HOLDER_TYPES, BANK_ACCOUNT_TYPES, Token
from linkspan.server.api.params import Param, country, currency, filled, hash_of, id_of_one, one_of, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import tokens
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/tokens"

_BANK_ACCOUNT: Final = {
    "account_holder_name": Param(text),
    "account_holder_type": Param(one_of(*BANK_ACCOUNT_HOLDER_TYPES)),
    "account_number": Param(filled, about="The account number; no answer shows it."),
    "account_type": Param(one_of(*BANK_ACCOUNT_TYPES)),
    "country": Param(country),
    "currency": Param(currency),
    "payment_method": Param(id_of_one, about="The PaymentMethod to copy, instead of everything else."),
    "routing_number": Param(filled),
}
_CREATE: Final = {
    "bank_account": Param(hash_of(_BANK_ACCOUNT), required=True),
    "customer": Param(id_of_one, about="Whom `bank_account[payment_method]` is attached to."),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a token of a bank account."""
    return await tokens.create(tx, asked.context, asked.caller, asked.values)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a token."""
    return await tokens.retrieve(tx, asked.caller.scope, asked.path["token"])


ROUTES: Final = (
    Route("tokens.create", "POST", _PATH, create, _CREATE, returns=Token),
    Route("tokens.retrieve", "GET", f"{_PATH}/{{token}}", retrieve, returns=Token),
)
