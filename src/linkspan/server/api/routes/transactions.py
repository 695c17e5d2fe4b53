"""``/v1/financial_connections/transactions``."""

from typing import Final

from linkspan.objects import List, Transaction
from linkspan.server.api.lists import PAGING, envelope, instant_or_range, paging_of
from linkspan.server.api.params import Param, hash_of, id_of_one
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import transactions
from linkspan.server.operations.pages import Between
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/transactions"

_AFTER: Final = "Id of a refresh: only transactions that later ones brought or changed."
_LIST: Final = {
    **PAGING,
    "account": Param(id_of_one, required=True),
    "transacted_at": Param(instant_or_range),
    "transaction_refresh": Param(hash_of({"after": Param(id_of_one, required=True, about=_AFTER)})),
}


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the transactions of an Account."""
    values = asked.values
    page = await transactions.list_(
        tx,
        asked.caller.scope,
        values["account"],
        values.get("transacted_at", Between()),
        paging_of(values),
        since=values.get("transaction_refresh", {}).get("after"),
    )
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a transaction."""
    return await transactions.retrieve(tx, asked.caller.scope, asked.path["transaction"])


ROUTES: Final = (
    Route("transactions.list", "GET", _PATH, list_, _LIST, returns=List[Transaction]),
    Route("transactions.retrieve", "GET", f"{_PATH}/{{transaction}}", retrieve, returns=Transaction),
)
