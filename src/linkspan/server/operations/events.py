"""Writes down what happened, in the transaction that made it happen."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from msgspec import UNSET

from linkspan.objects import (
    PREVIEW_EVENT_TYPES,
    Account,
    ApiObject,
    Authorization,
    ConnectedAccount,
    Customer,
    Event,
    EventData,
    EventRequest,
    FrozenMap,
    PaymentIntent,
    PaymentMethod,
    Session,
    SetupIntent,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.version import NEWEST, NEWEST_PREVIEW, is_preview
from linkspan.server.operations import previews, tenants, webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.operations.refresh_states import outcome_told
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.webhook_endpoints import Listener

Subject: TypeAlias = (
    Account
    | Authorization
    | ConnectedAccount
    | Customer
    | PaymentIntent
    | PaymentMethod
    | Session
    | SetupIntent
)
"""What an event is about."""

# Types with this prefix tell the operator what a Session went through. Stripe
# has no such events, so the Events API and webhooks leave them out.
OPERATOR_PREFIX: Final = "linkspan."

# Rung when somebody is owed an event.
DELIVERY_BELL: Final = "deliveries"


async def record(
    tx: Tx,
    context: Context,
    caller: Caller,
    event_type: str,
    about: Subject,
    *,
    previous: Mapping[str, Any] | None = None,
) -> str:
    """Keep an event about the state *about* has after this transaction, and the values it had before.

    Whoever asked for it is owed it from the same transaction on. How a refresh
    ended is told thin besides. Returns the id of the event.
    """
    event_id = await _record(tx, context, caller, event_type, about, previous)
    outcome = outcome_told(event_type, about) if isinstance(about, Account) else None
    if outcome is not None:
        named = FrozenMap({"id": about.id, "object": about.object})
        await _record(tx, context, caller, outcome, named, None)
    return event_id


async def _record(
    tx: Tx,
    context: Context,
    caller: Caller,
    event_type: str,
    about: Subject | FrozenMap[Any],
    previous: Mapping[str, Any] | None,
) -> str:
    scope, is_listed = caller.scope, not event_type.startswith(OPERATOR_PREFIX)
    platform = await context.platforms.of(tx, scope)
    listening = (
        await webhook_endpoints.listening(tx, scope, event_type, platform=platform) if is_listed else ()
    )
    event = Event(
        id=new_id("evt", context.world),
        api_version=_written_in(event_type),
        created=context.world.seconds(),
        data=EventData(object=about, previous_attributes=UNSET if previous is None else FrozenMap(previous)),
        livemode=scope.livemode,
        pending_webhooks=len(listening),
        request=EventRequest(id=caller.request_id, idempotency_key=caller.idempotency_key),
        type=event_type,
        account=UNSET if platform is None else scope.tenant,
    )
    written = await _written(tx, context, caller, event, listening) if is_listed else _as_it_is(event)
    await event_rows.insert(
        tx,
        scope,
        event.id,
        event_type,
        written,
        about=about["id"] if isinstance(about, FrozenMap) else about.id,
        created=event.created,
        is_listed=is_listed,
    )
    if listening:
        places = [endpoint.place for endpoint in listening]
        await delivery_rows.insert(tx, scope, event.id, places, now=event.created)
        tx.ring(DELIVERY_BELL)
    return event.id


async def _written(
    tx: Tx, context: Context, caller: Caller, event: Event, listening: Iterable[Listener]
) -> Written:
    """Return *event* with the version it is told in, and as previews show it where one of them is told."""
    version = caller.version or await tenants.version_of(tx, context, caller.scope)
    if event.type in PREVIEW_EVENT_TYPES and not is_preview(version):
        version = NEWEST_PREVIEW
    told_in = {version, *(endpoint.api_version for endpoint in listening)} - {None, NEWEST}
    if not told_in:
        return _as_it_is(event)
    doc = encode(event)
    is_previewed = any(is_preview(each) for each in told_in if each is not None)
    return Written(
        doc,
        None if version == NEWEST else version,
        await previews.shown(tx, context, caller.scope, doc) if is_previewed else None,
    )


def _as_it_is(event: Event) -> Written:
    return Written(encode(event), api_version=None, previewed=None)


def _written_in(event_type: str) -> str:
    """Return the version that events of a type are written down in."""
    return NEWEST_PREVIEW if event_type in PREVIEW_EVENT_TYPES else NEWEST


def previous_values(before: ApiObject, after: ApiObject) -> dict[str, Any]:
    """Return what the fields that differ held before, as the API writes it."""
    return {
        name: was for name, was in before.to_dict().items() if getattr(after, name) != getattr(before, name)
    }
