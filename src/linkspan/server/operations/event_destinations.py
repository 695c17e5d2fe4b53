"""Event destinations: webhook endpoints, as the second generation of the API sees them."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from linkspan.objects import (
    DeletedEventDestination,
    EventDestination,
    EventDestinationDisabled,
    EventDestinationStatusDetails,
    EventDestinationWebhook,
    EventRequest,
    FrozenMap,
    RelatedObject,
    ThinEvent,
    WebhookEndpoint,
    decode_as,
    encode,
)
from linkspan.server.core import instants
from linkspan.server.core.caller import Caller
from linkspan.server.core.event_types import PING
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import BadParameter, NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.operations.events import DELIVERY_BELL
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.operations.thin_events import reason_of
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import events as event_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.webhook_endpoints import Kept, Place

URL: Final = "webhook_endpoint.url"
SECRET: Final = "webhook_endpoint.signing_secret"  # noqa: S105 - the name of a field
_NOUN: Final = "event destination"
_PATH: Final = "/v2/core/event_destinations"
_DISABLED: Final = EventDestinationStatusDetails(disabled=EventDestinationDisabled(reason="user"))


async def create(
    tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any], include: Collection[str]
) -> bytes:
    """Keep a new destination and return it as the API writes it, with its secret where that is included."""
    endpoint = WebhookEndpoint(
        id=new_id("ed", context.world),
        api_version=wanted.get("snapshot_api_version"),
        application=None,
        created=context.world.seconds(),
        description=wanted.get("description"),
        enabled_events=wanted["enabled_events"],
        livemode=caller.scope.livemode,
        metadata=merged(FrozenMap(), wanted.get("metadata")),
        status="enabled",
        url=_checked(context, caller.scope, wanted["webhook_endpoint"]["url"]),
    )
    kept = webhook_endpoints.kept_as(
        context,
        endpoint,
        is_connect=wanted.get("events_from") == ("@accounts",),
        payload=wanted["event_payload"],
        name=wanted["name"],
    )
    secret = await webhook_endpoints.keep_new(tx, context, caller.scope, endpoint, kept)
    return _shown(kept, include, secret=secret)


async def retrieve(tx: Tx, scope: Scope, destination: str, include: Collection[str]) -> bytes:
    """Return a destination as the API writes it."""
    return _shown(await find(tx, scope, destination), include)


async def update(
    tx: Tx,
    context: Context,
    caller: Caller,
    destination: str,
    wanted: Mapping[str, Any],
    include: Collection[str],
) -> bytes:
    """Change what is *wanted* of a destination and leave the rest."""
    kept = await find(tx, caller.scope, destination)
    changes = dict(wanted)
    name = changes.pop("name", None)
    if address := changes.pop("webhook_endpoint", None):
        changes["url"] = _checked(context, caller.scope, address["url"])
    after = webhook_endpoints.changed(kept, changes)
    now = await webhook_endpoints.save_changed(tx, context, caller.scope, kept, after, name=name)
    return _shown(now, include)


async def delete(tx: Tx, scope: Scope, destination: str) -> bytes:
    """Delete a destination for good; what it was still owed is owed no more."""
    await find(tx, scope, destination)
    await webhook_endpoints.forget(tx, scope, destination)
    return encode(DeletedEventDestination(id=destination))


async def list_(tx: Tx, scope: Scope, paging: Paging, include: Collection[str]) -> Page:
    """Return a page of the caller's destinations, newest first, those made as webhook endpoints too."""
    found = await webhook_endpoints.newest_first(tx, scope)
    ids = [decode_as(kept.doc, WebhookEndpoint).id for kept in found]
    first, last = 0, len(found)
    for _, cursor in paging.cursors:
        if cursor not in ids:
            raise NoSuchReference(_NOUN, cursor, param="page")
    if paging.starting_after is not None:
        first = ids.index(paging.starting_after) + 1
        last = first + paging.one_more
    elif paging.ending_before is not None:
        last = ids.index(paging.ending_before)
        first = max(0, last - paging.one_more)
    else:
        last = paging.one_more
    return Page.cut([_shown(kept, include) for kept in found[first:last]], paging)


async def ping(tx: Tx, context: Context, caller: Caller, destination: str) -> bytes:
    """Send a destination an event that tells of nothing but itself, and return that."""
    scope, now = caller.scope, context.world.seconds()
    kept = await find(tx, scope, destination)
    if decode_as(kept.doc, WebhookEndpoint).status != "enabled":
        raise BadParameter(f"The event destination {destination} is disabled.", param="id")
    event = ThinEvent(
        id=new_id("evt", context.world),
        created=instants.written(now),
        livemode=scope.livemode,
        type=PING,
        context=None,
        reason=reason_of(EventRequest(id=caller.request_id, idempotency_key=caller.idempotency_key)),
        related_object=RelatedObject(
            id=destination, type=EventDestination.object, url=f"{_PATH}/{destination}"
        ),
        changes=None,
        snapshot_event=None,
    )
    doc = encode(event)
    await event_rows.insert(
        tx,
        scope,
        event.id,
        PING,
        Written(doc, None, None),
        about=destination,
        created=now,
        is_listed=False,
    )
    await delivery_rows.insert(tx, scope, event.id, [Place(scope, destination)], now=now)
    tx.ring(DELIVERY_BELL)
    return doc


async def find(tx: Tx, scope: Scope, destination: str) -> Kept:
    """Return a destination, or refuse its id."""
    kept = await endpoint_rows.get(tx, scope, destination)
    if kept is None:
        raise NoSuchObject(_NOUN, destination, param="id")
    return kept


def _checked(context: Context, scope: Scope, url: str) -> str:
    webhook_endpoints.check_url(context, scope, url, param="webhook_endpoint[url]")
    return url


def _shown(kept: Kept, include: Collection[str], *, secret: str | None = None) -> bytes:
    """Return a destination as the API writes it."""
    endpoint = decode_as(kept.doc, WebhookEndpoint)
    return encode(
        EventDestination(
            id=endpoint.id,
            created=instants.written(endpoint.created),
            description=endpoint.description or "",
            enabled_events=endpoint.enabled_events,
            event_payload=kept.payload,
            events_from=("@accounts",) if kept.is_connect else ("@self",),
            livemode=endpoint.livemode,
            metadata=endpoint.metadata,
            name=kept.name,
            snapshot_api_version=endpoint.api_version,
            status=endpoint.status,
            status_details=None if endpoint.status == "enabled" else _DISABLED,
            type="webhook_endpoint",
            updated=instants.written(kept.updated or endpoint.created),
            webhook_endpoint=EventDestinationWebhook(
                signing_secret=secret if SECRET in include else None,
                url=endpoint.url if URL in include else None,
            ),
        )
    )
