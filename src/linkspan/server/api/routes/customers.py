"""``/v1/customers``."""

from typing import Final

from linkspan.objects import Customer, DeletedCustomer, List
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import Param, metadata, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.operations import customers
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/customers"
_ONE: Final = f"{_PATH}/{{customer}}"

_FIELDS: Final = {
    "description": Param(text),
    "email": Param(text),
    "metadata": Param(metadata),
    "name": Param(text),
    "phone": Param(text),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a Customer."""
    return await customers.create(tx, asked.context, asked.caller, asked.values)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a Customer."""
    return await customers.retrieve(tx, asked.caller.scope, asked.path["customer"])


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a Customer."""
    return await customers.update(tx, asked.context, asked.caller, asked.path["customer"], asked.values)


async def delete(tx: Tx, asked: Asked) -> bytes:
    """Delete a Customer."""
    return await customers.delete(tx, asked.context, asked.caller, asked.path["customer"])


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List Customers, all or by e-mail address."""
    email = asked.values.get("email")
    page = await customers.list_(tx, asked.caller.scope, paging_of(asked.values), email=email)
    return envelope(_PATH, page.docs, has_more=page.has_more)


ROUTES: Final = (
    Route("customers.create", "POST", _PATH, create, _FIELDS, returns=Customer),
    Route("customers.list", "GET", _PATH, list_, {**PAGING, "email": Param(text)}, returns=List[Customer]),
    Route("customers.retrieve", "GET", _ONE, retrieve, returns=Customer | DeletedCustomer),
    Route("customers.update", "POST", _ONE, update, _FIELDS, returns=Customer),
    Route("customers.delete", "DELETE", _ONE, delete, returns=DeletedCustomer),
)
