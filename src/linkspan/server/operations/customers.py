"""Customers: whom accounts are linked for."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from linkspan.objects import Customer, DeletedCustomer, FrozenMap, decode_as, encode
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import accounts, attachments, events
from linkspan.server.operations.context import Context
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import deletions as deletion_rows
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx

# Nothing is billed or sent here, yet the types of every official package say that a Customer has these.
_NO_INVOICES: Final = FrozenMap(
    dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options"))
)


async def create(tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any]) -> bytes:
    """Keep a new Customer and return it as the API writes it; what is not *wanted* is null."""
    blank = Customer(
        id=new_id("cus", context.world),
        balance=0,
        created=context.world.seconds(),
        default_source=None,
        description=None,
        email=None,
        invoice_settings=_NO_INVOICES,
        livemode=caller.scope.livemode,
        metadata=FrozenMap(),
        name=None,
        phone=None,
        shipping=None,
    )
    customer = _changed(blank, wanted)
    doc = encode(customer)
    await customer_rows.insert(tx, caller.scope, customer.id, doc, email=customer.email or None)
    await events.record(tx, context, caller, "customer.created", customer)
    return doc


async def retrieve(tx: Tx, scope: Scope, customer_id: str) -> bytes:
    """Return a Customer as the API writes it; of a deleted one, that it was deleted."""
    doc = await customer_rows.get(tx, scope, customer_id)
    if doc is not None:
        return doc
    if await customer_rows.is_deleted(tx, scope, customer_id):
        return _deleted(customer_id)
    raise _missing(customer_id)


async def update(
    tx: Tx, context: Context, caller: Caller, customer_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of a Customer and leave the rest."""
    doc = await customer_rows.get(tx, caller.scope, customer_id)
    if doc is None:
        raise _missing(customer_id)
    before = decode_as(doc, Customer)
    after = _changed(before, wanted)
    if after == before:
        return doc
    changed = encode(after)
    await customer_rows.save(tx, caller.scope, customer_id, changed, email=after.email or None)
    previous = events.previous_values(before, after)
    await events.record(tx, context, caller, "customer.updated", after, previous=previous)
    return changed


async def delete(tx: Tx, context: Context, caller: Caller, customer_id: str) -> bytes:
    """Delete a Customer for good; its PaymentMethods are detached, its Accounts disconnected.

    What is still shown of those is erased later, with whatever else hangs on it.
    """
    doc = await customer_rows.get(tx, caller.scope, customer_id)
    if doc is None:
        raise _missing(customer_id)
    await payment_method_rows.note_former(tx, caller.scope, customer_id)
    await attachments.detach_all(tx, context, caller, customer_id)
    for account in await account_rows.connected_with(tx, caller.scope, customer_id):
        await accounts.disconnect(tx, context, caller, account)
    await deletion_rows.insert(tx, caller.scope, customer_id, deleted_at=context.world.seconds())
    await customer_rows.delete(tx, caller.scope, customer_id)
    await events.record(tx, context, caller, "customer.deleted", decode_as(doc, Customer))
    return _deleted(customer_id)


async def list_(tx: Tx, scope: Scope, paging: Paging, *, email: str | None) -> Page:
    """Return a page of the caller's Customers, newest first; with *email*, those who have it."""
    for name, cursor in paging.cursors:
        # One deleted meanwhile keeps its place, so that nobody's walk breaks off.
        is_here = await customer_rows.get(tx, scope, cursor) is not None
        if not is_here and not await customer_rows.is_deleted(tx, scope, cursor):
            raise NoSuchReference("customer", cursor, param=name)
    docs = await customer_rows.page(
        tx,
        scope,
        email=email,
        limit=paging.one_more,
        after=paging.starting_after,
        before=paging.ending_before,
    )
    return Page.cut(docs, paging)


async def check(tx: Tx, scope: Scope, customer_id: str) -> None:
    """Refuse an address that names no Customer of the caller."""
    if await customer_rows.get(tx, scope, customer_id) is None:
        raise NoSuchObject("customer", customer_id, param="customer")


def _changed(customer: Customer, wanted: Mapping[str, Any]) -> Customer:
    """Return *customer* with what is *wanted*; metadata is merged key by key, ``None`` takes away."""
    changes = dict(wanted)
    if "metadata" in changes:
        changes["metadata"] = merged(customer.metadata or None, changes["metadata"])
    return replace(customer, **changes)


def _deleted(customer_id: str) -> bytes:
    return encode(DeletedCustomer(id=customer_id, deleted=True))


def _missing(customer_id: str) -> NoSuchObject:
    return NoSuchObject("customer", customer_id, param="id")
