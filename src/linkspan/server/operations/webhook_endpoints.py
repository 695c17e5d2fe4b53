"""Webhook endpoints: where programs are told of events."""

from collections.abc import Mapping, Sequence
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
from linkspan.server.store.webhook_endpoints import Listener, Signed
from linkspan.server.store.webhook_endpoints import Place as EndpointPlace
from linkspan.server.vault.data_keys import id_in
from linkspan.server.vault.sealed import Place

# Stripe documentation, "Add a webhook endpoint".
ENDPOINTS_MAX: Final = 16
_NOUN: Final = "webhook endpoint"
_SECONDS_A_DAY: Final = 24 * 60 * 60
OVERLAP_SECONDS_MAX: Final = _SECONDS_A_DAY
# `*` does not mean these: whoever wants them names them.
_TO_BE_NAMED: Final = frozenset(PREVIEW_EVENT_TYPES)


async def create(
    tx: Tx, context: Context, caller: Caller, wanted: Mapping[str, Any], *, is_connect: bool
) -> bytes:
    """Keep a new endpoint and return it as the API writes it, this once with its secret."""
    scope = caller.scope
    if await endpoint_rows.count(tx, scope) >= ENDPOINTS_MAX:
        raise TooManyWebhookEndpoints(ENDPOINTS_MAX, livemode=scope.livemode)
    _check_url(context, scope, wanted["url"])
    endpoint = WebhookEndpoint(
        id=new_id("we", context.world),
        api_version=wanted.get("api_version"),
        application=None,
        created=context.world.seconds(),
        description=wanted.get("description"),
        enabled_events=wanted["enabled_events"],
        livemode=scope.livemode,
        metadata=merged(FrozenMap(), wanted.get("metadata")),
        status="enabled",
        url=wanted["url"],
    )
    secret = new_webhook_secret(context.world)
    await endpoint_rows.insert(
        tx,
        scope,
        endpoint.id,
        encode(endpoint),
        status="enabled",
        is_connect=is_connect,
        enabled_events=endpoint.enabled_events,
        api_version=endpoint.api_version,
        secret=await sealing.seal(tx, context, _place(scope, endpoint.id), secret.encode()),
    )
    return encode(replace(endpoint, secret=secret))


async def retrieve(tx: Tx, scope: Scope, endpoint_id: str) -> bytes:
    """Return an endpoint as the API writes it."""
    doc = await endpoint_rows.get(tx, scope, endpoint_id)
    if doc is None:
        raise _missing(endpoint_id)
    return doc


async def update(
    tx: Tx, context: Context, caller: Caller, endpoint_id: str, wanted: Mapping[str, Any]
) -> bytes:
    """Change what is *wanted* of an endpoint and leave the rest."""
    before = decode_as(await retrieve(tx, caller.scope, endpoint_id), WebhookEndpoint)
    changes = dict(wanted)
    if "url" in changes:
        _check_url(context, caller.scope, changes["url"])
    if "metadata" in changes:
        changes["metadata"] = merged(before.metadata, changes["metadata"])
    after = replace(before, **changes)
    doc = encode(after)
    await endpoint_rows.save(
        tx, caller.scope, endpoint_id, doc, status=str(after.status), enabled_events=after.enabled_events
    )
    return doc


async def roll(tx: Tx, context: Context, caller: Caller, endpoint_id: str, *, overlap_seconds: int) -> bytes:
    """Give an endpoint another secret and return it with it; for a while the one before signs as well."""
    scope = caller.scope
    endpoint = decode_as(await retrieve(tx, scope, endpoint_id), WebhookEndpoint)
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
    if not await endpoint_rows.delete(tx, scope, endpoint_id):
        raise _missing(endpoint_id)
    await delivery_rows.give_up(tx, EndpointPlace(scope, endpoint_id))
    return encode(DeletedWebhookEndpoint(id=endpoint_id, deleted=True))


async def list_(tx: Tx, scope: Scope, paging: Paging) -> Page:
    """Return a page of the caller's endpoints, newest first."""
    for name, cursor in paging.cursors:
        if await endpoint_rows.get(tx, scope, cursor) is None:
            raise NoSuchReference(_NOUN, cursor, param=name)
    docs = await endpoint_rows.page(
        tx, scope, limit=paging.one_more, after=paging.starting_after, before=paging.ending_before
    )
    return Page.cut(docs, paging)


async def disable(tx: Tx, scope: Scope, endpoint_id: str) -> None:
    """Tell an endpoint of nothing more until it is enabled again."""
    doc = await endpoint_rows.get(tx, scope, endpoint_id)
    if doc is not None:
        ended = replace(decode_as(doc, WebhookEndpoint), status="disabled")
        await endpoint_rows.save(
            tx, scope, endpoint_id, encode(ended), status="disabled", enabled_events=ended.enabled_events
        )


async def listening(tx: Tx, scope: Scope, event_type: str, *, platform: str | None) -> Sequence[Listener]:
    """Return who asked for an event that happened to *scope*: its own endpoints, and its platform's."""
    is_in_every = event_type not in _TO_BE_NAMED
    found = await endpoint_rows.listening(tx, scope, event_type, is_connect=False, is_in_every=is_in_every)
    if platform is not None:
        owner = Scope(platform, scope.livemode)
        found += await endpoint_rows.listening(
            tx, owner, event_type, is_connect=True, is_in_every=is_in_every
        )
    return found


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


def _check_url(context: Context, scope: Scope, url: str) -> None:
    """Refuse an address of which can be seen that nothing may be sent to it; names are seen when called."""
    invalid = BadParameter(
        "Invalid URL: must be a plain https URL that is publicly accessible.", param="url", code="url_invalid"
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


def _missing(endpoint_id: str) -> NoSuchObject:
    return NoSuchObject(_NOUN, endpoint_id, param="webhook_endpoint")
