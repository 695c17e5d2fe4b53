"""``/v1/customers``."""

from typing import Final

from linkspan.server.api.params import Param, metadata, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import customers
from linkspan.server.store.driver import Tx


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a Customer."""
    wanted = customers.WantedCustomer(**asked.values)
    return await customers.create(tx, asked.context, asked.caller, wanted)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a Customer."""
    return await customers.retrieve(tx, asked.caller.scope, asked.path["customer"])


ROUTES: Final = (
    Route(
        "customers.create",
        "POST",
        "/v1/customers",
        create,
        {
            "description": Param(text),
            "email": Param(text),
            "metadata": Param(metadata),
            "name": Param(text),
            "phone": Param(text),
        },
    ),
    Route("customers.retrieve", "GET", "/v1/customers/{customer}", retrieve),
)
