"""``/v1/financial_connections/authorizations``, in preview versions."""

from typing import Final

from linkspan.objects import Authorization
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import authorizations
from linkspan.server.store.driver import Tx


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an Authorization."""
    return await authorizations.retrieve(tx, asked.caller.scope, asked.path["authorization"])


ROUTES: Final = (
    Route(
        "authorizations.retrieve",
        "GET",
        "/v1/financial_connections/authorizations/{authorization}",
        retrieve,
        expandable=frozenset({"account_holder.account", "account_holder.customer", "institution"}),
        returns=Authorization,
        is_preview=True,
    ),
)
