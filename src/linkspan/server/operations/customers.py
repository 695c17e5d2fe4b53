"""Customers: whom accounts are linked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkspan.objects import Customer, FrozenMap, encode
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events
from linkspan.server.operations.context import Context
from linkspan.server.store import customers as customer_rows
from linkspan.server.store.driver import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCustomer:
    """The parameters of `POST /v1/customers` that linking needs, decoded."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


async def create(tx: Tx, context: Context, caller: Caller, wanted: WantedCustomer) -> bytes:
    """Keep a new Customer and return it as the API writes it."""
    customer = Customer(
        id=new_id("cus", context.world),
        created=context.world.seconds(),
        description=wanted.description,
        email=wanted.email,
        livemode=caller.scope.livemode,
        metadata=FrozenMap(wanted.metadata),
        name=wanted.name,
        phone=wanted.phone,
    )
    doc = encode(customer)
    await customer_rows.insert(tx, caller.scope, customer.id, doc)
    await events.record(tx, context, caller, "customer.created", customer)
    return doc


async def retrieve(tx: Tx, scope: Scope, customer_id: str) -> bytes:
    """Return a Customer as the API writes it."""
    doc = await customer_rows.get(tx, scope, customer_id)
    if doc is None:
        raise NoSuchObject("customer", customer_id, param="id")
    return doc
