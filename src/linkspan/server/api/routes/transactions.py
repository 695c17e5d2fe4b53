"""``/v1/financial_connections/transactions``."""

from typing import Any, Final

from linkspan.objects import List, Transaction
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import Param, hash_of, id_of_one, integer, reads
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import transactions
from linkspan.server.operations.transactions import Between
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/transactions"

# Long after any bank's last day.
_INSTANT_MAX: Final = 10**12

_instant: Final = integer(at_least=0, at_most=_INSTANT_MAX)
_bounds: Final = hash_of({name: Param(_instant) for name in ("gt", "gte", "lt", "lte")})


@reads({"anyOf": [_instant.schema, _bounds.schema]}, unsets=True)
def instant_or_range(raw: Any, path: str) -> Between:
    """Read one instant, or a hash of bounds."""
    if isinstance(raw, dict):
        return Between(**_bounds(raw, path))
    instant = _instant(raw, path)
    return Between(gte=instant, lte=instant)


_LIST: Final = {
    **PAGING,
    "account": Param(id_of_one, required=True),
    "transacted_at": Param(instant_or_range),
    "transaction_refresh": Param(hash_of({"after": Param(id_of_one, required=True)})),
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
