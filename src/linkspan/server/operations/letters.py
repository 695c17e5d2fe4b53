"""Writes what endpoints are told of events, each in the version it asked for: read together, signed alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from linkspan.objects import EventRequest, WebhookEndpoint, decode_as
from linkspan.server.core.event_types import PING
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import is_preview
from linkspan.server.delivery.letter import letter
from linkspan.server.operations import event_log, previews, thin_events, webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.operations.event_log import InVersion
from linkspan.server.outbound.exchange import Request
from linkspan.server.store import events as event_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.deliveries import Owed
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.webhook_endpoints import Place


@dataclass(frozen=True, slots=True)
class _Addressee:
    """An endpoint that is sent requests, as far as these depend on it."""

    url: str
    asked_for: str | None
    """The version it is told in; none where that is the one of each event."""
    is_thin: bool
    secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """What one endpoint is to be told."""

    to: _Addressee
    event_type: str
    event: Written


class _Told(msgspec.Struct):
    """What of an event says who caused it."""

    request: EventRequest | None = None


_read_told: Final = msgspec.json.Decoder(_Told).decode


async def read(tx: Tx, context: Context, owed: Sequence[Owed]) -> list[News | None]:
    """Return what each of *owed* tells; none where its endpoint is sent nothing now, or it is too old."""
    places = list(dict.fromkeys(one.endpoint for one in owed))
    addressees = await _addressees(tx, context, places)
    events = await event_rows.to_tell(tx, [(one.scope, one.event) for one in owed])
    return [
        await _news(tx, context, one.scope, addressees.get(one.endpoint), events.get((one.scope, one.event)))
        for one in owed
    ]


async def _addressees(tx: Tx, context: Context, places: Sequence[Place]) -> Mapping[Place, _Addressee]:
    found = {}
    for place, signed in (await endpoint_rows.get_secrets(tx, places)).items():
        endpoint = decode_as(signed.doc, WebhookEndpoint)
        found[place] = _Addressee(
            endpoint.url,
            endpoint.api_version,
            signed.payload != webhook_endpoints.SNAPSHOT,
            await webhook_endpoints.live_secrets(tx, context, place, signed),
        )
    return found


async def _news(
    tx: Tx, context: Context, scope: Scope, to: _Addressee | None, found: tuple[str, Written] | None
) -> News | None:
    if to is None or found is None:
        return None
    event_type, event = found
    version = to.asked_for or event.api_version
    is_shown = not to.is_thin and version is not None and is_preview(version)
    if is_shown and event.previewed is None:  # nobody was told of it in a preview when it happened
        event = Written(event.doc, event.api_version, await previews.shown(tx, context, scope, event.doc))
    return News(to, event_type, event)


def written(owed: Owed, news: News, in_version: InVersion, *, timestamp: int) -> Request:
    """Return the request that tells an endpoint of an event, signed now."""
    if news.event_type == PING or news.to.is_thin:
        thin = thin_events.as_told(news.event_type, news.event)
        message, body = thin.id, thin_events.notification(thin)
    else:
        version = news.to.asked_for or news.event.api_version
        message = owed.event
        body = news.event.doc if version is None else event_log.turned(news.event, version, in_version)
    return letter(news.to.url, body, news.to.secrets, event=message, timestamp=timestamp)


def cause_of(news: News) -> str | None:
    """Return the request of the API that an event tells of; none where nobody asked for what happened."""
    request = _read_told(news.event.doc).request
    return None if request is None else request.id
