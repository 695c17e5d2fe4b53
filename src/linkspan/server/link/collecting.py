"""What the modal's frame asks for that collects a bank account for an intent, or types one's numbers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from linkspan.objects import BillingAddress, BillingDetails, FrozenMap
from linkspan.server.core.errand import Errand
from linkspan.server.core.intent import Kind
from linkspan.server.core.refusals import BadParameter, InvalidClientSecret, MissingParameter
from linkspan.server.core.scope import Scope
from linkspan.server.operations import intents
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import collecting
from linkspan.server.store.driver import Tx

CheckKey: TypeAlias = Callable[[Tx, str, Scope, str], Awaitable[None]]
"""Refuses a publishable key that may not open a Session of a scope at an origin."""

_DETAILS: Final = ("email", "name", "phone", "tax_id")
_ADDRESS: Final = ("city", "country", "line1", "line2", "postal_code", "state")
_NUMBERS: Final = ("account_number", "account_type", "routing_number")
_ACCOUNT_TYPES: Final = ("checking", "savings")
_TEXT_LENGTH_MAX: Final = 500
_NOTES_MAX: Final = 50


def numbers_in(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the numbers a person typed; what they must be like is looked at where they are kept."""
    numbers = {name: _text(form, name) for name in _NUMBERS}
    for name, value in numbers.items():
        if value is None:
            raise MissingParameter(name)
    if numbers["account_type"] not in _ACCOUNT_TYPES:
        raise BadParameter("Invalid account_type: must be one of checking or savings", param="account_type")
    return {name: value for name, value in numbers.items() if value is not None}


async def begin(
    tx: Tx, context: Context, check_key: CheckKey, secret: str, form: Mapping[str, Any], request_id: str
) -> str:
    """Return what opens the Session of an intent, for a page that holds the intent's client secret."""
    named = await intents.named(tx, context, secret)
    if form.get("purpose") != named.kind:
        raise InvalidClientSecret(f"{form.get('purpose')} intent")
    origin, key = str(form.get("host_origin")), str(form.get("key"))
    await check_key(tx, key, named.scope, origin)
    kept = await intents.one(tx, named.scope, named.kind, named.id)
    errand = _errand(form, named.kind, named.id, is_typed_only=collecting.is_typed_only(kept.intent))
    return await collecting.begin(tx, context, named, errand, host_origin=origin, request_id=request_id)


def _errand(form: Mapping[str, Any], kind: Kind, intent: str, *, is_typed_only: bool) -> Errand:
    data = _hash(form, "payment_method_data")
    details, metadata = _hash(data, "billing_details"), _hash(data, "metadata")
    if _text(details, "name") is None:
        raise MissingParameter("payment_method_data[billing_details][name]")
    if len(metadata) > _NOTES_MAX:
        raise BadParameter(f"Metadata can have at most {_NOTES_MAX} keys.", param="metadata")
    address = _hash(details, "address")
    where: dict[str, Any] = {name: _text(address, name) for name in _ADDRESS}
    who: dict[str, Any] = {name: _text(details, name) for name in _DETAILS}
    return Errand(
        purpose=kind,
        intent=intent,
        billing_details=BillingDetails(address=BillingAddress(**where) if address else None, **who),
        metadata=FrozenMap({name: _text(metadata, name) or "" for name in metadata}) if metadata else None,
        shows_method=form.get("shows_method") is True,
        is_typed_only=is_typed_only,
    )


def _hash(form: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = form.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadParameter("Invalid object", param=name)
    return value


def _text(form: Mapping[str, Any], name: str) -> str | None:
    value = form.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > _TEXT_LENGTH_MAX):
        raise BadParameter(f"Invalid string: {name}", param=name)
    return value or None
