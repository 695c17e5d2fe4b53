"""Tells of what did not happen, so that a program can try what it does when it does."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec

from linkspan.objects import (
    Account,
    Authorization,
    ConnectedAccount,
    Customer,
    DecodeError,
    PaymentIntent,
    PaymentMethod,
    Session,
    SetupIntent,
    decode_as,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events
from linkspan.server.operations.context import Context
from linkspan.server.operations.events import Subject
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import customers as customer_rows
from linkspan.server.store.driver import Tx

Overrides: TypeAlias = Mapping[str, Any]
"""Members by name, as text; of an object within, a mapping of its own."""

# What a type is about, by how it begins.
_ABOUT: Final[Mapping[str, tuple[type[Subject], str]]] = {
    "account.": (ConnectedAccount, "acct"),
    "customer.": (Customer, "cus"),
    "financial_connections.account.": (Account, "fca"),
    "financial_connections.authorization.": (Authorization, "fcauth"),
    "financial_connections.session.": (Session, "fcsess"),
    "payment_intent.": (PaymentIntent, "pi"),
    "payment_method.": (PaymentMethod, "pm"),
    "setup_intent.": (SetupIntent, "seti"),
}


def about(event_type: str) -> type[Subject]:
    """Return what events of a type are about."""
    kind, _ = _found(event_type)
    return kind


async def trigger(
    tx: Tx, context: Context, caller: Caller, event_type: str, example: bytes, overrides: Overrides
) -> str:
    """Record an event about the caller's newest object of its kind, or one like *example*; return its id.

    *overrides* are members that the event shows otherwise. Nothing but the
    event is written: what it tells of has not happened.
    """
    if caller.scope.livemode:
        raise BadParameter("Events can be triggered in test mode only.", param="type")
    kind, prefix = _found(event_type)
    doc = await _newest(tx, caller.scope, kind)
    if doc is None:
        invented = {"id": new_id(prefix, context.world), "livemode": False}
        doc = msgspec.json.encode(msgspec.json.decode(example) | invented)
    shown = _overridden(msgspec.json.decode(doc), overrides)
    try:
        subject = decode_as(shown, kind)
    except DecodeError as problem:
        raise BadParameter(f"Invalid override: {problem}", param="override") from None
    return await events.record(tx, context, caller, event_type, subject)


def _found(event_type: str) -> tuple[type[Subject], str]:
    return next(told for start, told in _ABOUT.items() if event_type.startswith(start))


async def _newest(tx: Tx, scope: Scope, kind: type[Subject]) -> bytes | None:
    """Return the newest object of a kind that a program could look up."""
    docs: list[bytes] = []
    if kind is Account:
        docs = await account_rows.page(tx, scope, None, limit=1)
    if kind is Customer:
        docs = await customer_rows.page(tx, scope, email=None, limit=1)
    return docs[0] if docs else None


def _overridden(shown: dict[str, Any], overrides: Overrides) -> dict[str, Any]:
    """Return *shown* with other members; text stays text, anything else is read as JSON where it is that."""
    changed = dict(shown)
    for name, value in overrides.items():
        before = shown.get(name)
        if isinstance(value, Mapping):
            changed[name] = _overridden(before if isinstance(before, dict) else {}, value)
        else:
            changed[name] = value if isinstance(before, str) else _read(value)
    return changed


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
