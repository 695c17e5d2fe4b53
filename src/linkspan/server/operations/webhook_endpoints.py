"""Webhook endpoints: where programs are told of events."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as copy
from typing import Any, Final

from msgspec.structs import replace

from linkspan.objects import (
    PREVIEW_EVENT_TYPES,
    DeletedWebhookEndpoint,
    FrozenMap,
    WebhookEndpoint,
    decode_as,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.event_types import THIN_ONLY, thin_name
from linkspan.server.core.ids import new_id, new_webhook_secret
from linkspan.server.core.refusals import (
    BadParameter,
    NoSuchObject,
    NoSuchReference,
    TooManyWebhookEndpoints,
)
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.operations.metadata import merged
from linkspan.server.operations.pages import Page, Paging
from linkspan.server.outbound.egress import destination_of
from linkspan.server.outbound.failures import Refused
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.webhook_endpoints import Kept, Listener, Signed, Wanted
from linkspan.server.store.webhook_endpoints import Place as EndpointPlace
from linkspan.server.vault.data_keys import id_in
from linkspan.server.vault.sealed import Place

# Stripe documentation, "Add a webhook endpoint".
ENDPOINTS_MAX: Final = 16
NOUN: Final = "webhook endpoint"
# How most endpoints are told of events: with the object they happened to.
SNAPSHOT: Final = "snapshot"
_SECONDS_A_DAY: Final = 24 * 60 * 60
OVERLAP_SECONDS_MAX: Final = _SECONDS_A_DAY
# `*` does not mean these: whoever wants them names them, but for what is told thin alone.
_TO_BE_NAMED: Final = frozenset(PREVIEW_EVENT_TYPES) | THIN_ONLY


async def create(
    tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any], *, is_connect: bool
) -> bytes:
    """Keep a new endpoint and return it as the API writes it, this once with its secret."""
    check_url(context, caller.scope, wanted["url"])
    endpoint = WebhookEndpoint(
        id=new_id("we", context.world),
        api_version=wanted.get("api_version"),
        application=None,
        created=context.world.seconds(),
        description=wanted.get("description"),
        enabled_events=wanted["enabled_events"],
        livemode=caller.scope.livemode,
        metadata=merged(FrozenMap(), wanted.get("metadata")),
        status="enabled",
        url=wanted["url"],
    )
    kept = kept_as(context, endpoint, is_connect=is_connect)
    return encode(replace(endpoint, secret=await keep_new(tx, context, caller.scope, endpoint, kept)))


async def keep_new(tx: Tx, context: Context, scope: Scope, endpoint: WebhookEndpoint, kept: Kept) -> str:
    """Keep a new endpoint of either generation of the API; return its secret."""
    if await endpoint_rows.count(tx, scope) >= ENDPOINTS_MAX:
        raise TooManyWebhookEndpoints(ENDPOINTS_MAX, livemode=scope.livemode)
    secret = new_webhook_secret(context.world)
    sealed = await sealing.seal(tx, context, _place(scope, endpoint.id), secret.encode())
    await endpoint_rows.insert(tx, scope, endpoint.id, kept, _wanted(endpoint), secret=sealed)
    return secret


def kept_as(
    context: Context, endpoint: WebhookEndpoint, *, is_connect: bool, payload: str = SNAPSHOT, name: str = ""
) -> Kept:
    """Return what is kept of a new endpoint."""
    return Kept(
        doc=encode(endpoint),
        is_connect=is_connect,
        payload=payload,
        name=name,
        updated=context.world.seconds(),
    )


async def retrieve(tx: Tx, scope: Scope, endpoint_id: str) -> bytes:
    """Return an endpoint as the API writes it."""
    return (await _find(tx, scope, endpoint_id)).doc


async def _find(tx: Tx, scope: Scope, endpoint_id: str) -> Kept:
    """Return an endpoint that is told of whole events, or refuse its id."""
    kept = await endpoint_rows.get(tx, scope, endpoint_id)
    if kept is None or kept.payload != SNAPSHOT:
        raise NoSuchObject(NOUN, endpoint_id, param="webhook_endpoint")
    return kept


async def update(
    tx: Tx, context: Context, caller: Caller, endpoint_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of an endpoint and leave the rest."""
    kept = await _find(tx, caller.scope, endpoint_id)
    if "url" in wanted:
        check_url(context, caller.scope, wanted["url"])
    return (await save_changed(tx, context, caller.scope, kept, changed(kept, wanted))).doc


def changed(kept: Kept, wanted: Mapping[str, Any]) -> WebhookEndpoint:
    """Return an endpoint with what is *wanted* of it, key by key of its metadata."""
    before = decode_as(kept.doc, WebhookEndpoint)
    changes = dict(wanted)
    if "metadata" in changes:
        changes["metadata"] = merged(before.metadata, changes["metadata"])
    return replace(before, **changes)


async def save_changed(
    tx: Tx, context: Context, scope: Scope, kept: Kept, after: WebhookEndpoint, *, name: str | None = None
) -> Kept:
    """Keep an endpoint as it is now; return what is kept."""
    now = copy(
        kept,
        doc=encode(after),
        name=kept.name if name is None else name,
        updated=context.world.seconds(),
    )
    await endpoint_rows.save(tx, scope, after.id, now, _wanted(after))
    return now


async def roll(tx: Tx, context: Context, caller: Caller, endpoint_id: str, *, overlap_seconds: int) -> bytes:
    """Give an endpoint another secret and return it with it; for a while the one before signs as well."""
    scope = caller.scope
    endpoint = decode_as((await _find(tx, scope, endpoint_id)).doc, WebhookEndpoint)
    kept = await endpoint_rows.get_secret(tx, scope, endpoint_id)
    former = await sealing.opened(tx, context, _place(scope, endpoint_id), kept or b"")
    secret = new_webhook_secret(context.world)
    await endpoint_rows.roll(
        tx,
        scope,
        endpoint_id,
        secret=await sealing.seal(tx, context, _place(scope, endpoint_id), secret.encode()),
        former_secret=await sealing.seal(tx, context, _former_place(scope, endpoint_id), former),
        former_until=context.world.seconds() + overlap_seconds,
    )
    return encode(replace(endpoint, secret=secret))


async def delete(tx: Tx, scope: Scope, endpoint_id: str) -> bytes:
    """Delete an endpoint for good; what it was still owed is owed no more."""
    await _find(tx, scope, endpoint_id)
    await forget(tx, scope, endpoint_id)
    return encode(DeletedWebhookEndpoint(id=endpoint_id, deleted=True))


async def forget(tx: Tx, scope: Scope, endpoint_id: str) -> None:
    """Keep nothing of an endpoint, and owe it nothing."""
    await endpoint_rows.delete(tx, scope, endpoint_id)
    await delivery_rows.give_up(tx, EndpointPlace(scope, endpoint_id))


async def list_(tx: Tx, scope: Scope, paging: Paging) -> Page:
    """Return a page of the caller's endpoints, newest first."""
    shown = [kept for kept in await newest_first(tx, scope) if kept.payload == SNAPSHOT]
    ids = [decode_as(kept.doc, WebhookEndpoint).id for kept in shown]
    for name, cursor in paging.cursors:
        if cursor not in ids:
            raise NoSuchReference(NOUN, cursor, param=name)
    if paging.starting_after is not None:
        shown = shown[ids.index(paging.starting_after) + 1 :]
    if paging.ending_before is not None:
        shown = shown[: ids.index(paging.ending_before)][-paging.one_more :]
    return Page.cut([kept.doc for kept in shown[: paging.one_more]], paging)


async def newest_first(tx: Tx, scope: Scope) -> list[Kept]:
    """Return every endpoint of the caller, of which there are only so many."""
    # What follows the prefix of an id begins with its time.
    found = await endpoint_rows.all_of(tx, scope)
    return sorted(
        found, key=lambda kept: decode_as(kept.doc, WebhookEndpoint).id.partition("_")[2], reverse=True
    )


async def disable(tx: Tx, context: Context, scope: Scope, endpoint_id: str) -> None:
    """Tell an endpoint of nothing more until it is enabled again."""
    kept = await endpoint_rows.get(tx, scope, endpoint_id)
    if kept is not None:
        await save_changed(tx, context, scope, kept, changed(kept, {"status": "disabled"}))


async def listening(tx: Tx, scope: Scope, event_type: str, *, platform: str | None) -> Sequence[Listener]:
    """Return who asked for an event that happened to *scope*: its own endpoints, and its platform's."""
    found = await _listening(tx, scope, event_type, is_connect=False)
    if platform is not None:
        found += await _listening(tx, Scope(platform, scope.livemode), event_type, is_connect=True)
    return found


async def _listening(tx: Tx, owner: Scope, event_type: str, *, is_connect: bool) -> list[Listener]:
    return await endpoint_rows.listening(
        tx,
        owner,
        event_type,
        thin=thin_name(event_type),
        is_connect=is_connect,
        is_in_every=event_type not in _TO_BE_NAMED,
    )


async def live_secrets(tx: Tx, context: Context, endpoint: EndpointPlace, signed: Signed) -> list[str]:
    """Return what the requests to an endpoint are signed with now, the newest first."""
    owner, of = endpoint.owner, endpoint.id
    secrets = [await sealing.opened(tx, context, _place(owner, of), signed.secret)]
    former = signed.former_secret
    if former is not None and context.world.now() < signed.former_until:
        # The first format was moved here as it was: within a day nothing of it is left.
        place = _place(owner, of) if id_in(former) is None else _former_place(owner, of)
        secrets.append(await sealing.opened(tx, context, place, former))
    return [each.decode() for each in secrets]


def check_url(context: Context, scope: Scope, url: str, *, param: str = "url") -> None:
    """Refuse an address of which can be seen that nothing may be sent to it; names are seen when called."""
    invalid = BadParameter(
        "Invalid URL: must be a plain https URL that is publicly accessible.", param=param, code="url_invalid"
    )
    try:
        destination = destination_of(url)
        address = destination.loopback or destination.literal
        if address is not None:
            context.egress.check(destination, address)
    except Refused:
        raise invalid from None
    may_be_plain = address is not None or (context.egress.allows_anything and not scope.livemode)
    if destination.scheme != "https" and not may_be_plain:
        raise invalid


def _place(scope: Scope, endpoint_id: str) -> Place:
    return Place("webhook_endpoints", "secret", endpoint_id, scope)


def _former_place(scope: Scope, endpoint_id: str) -> Place:
    return Place("webhook_endpoints", "former_secret", endpoint_id, scope)


def _wanted(endpoint: WebhookEndpoint) -> Wanted:
    return Wanted(
        status=str(endpoint.status),
        enabled_events=endpoint.enabled_events,
        api_version=endpoint.api_version,
    )
