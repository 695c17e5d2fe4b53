# Written by tools/unasync.py from ../_async/event_destinations.py: change that file, then run the tool.
"""Calls about EventDestinations, where a program is told of events, whole or thin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from linkspan.client._codec import Params, path_to
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.linked_pages import LinkedPages
from linkspan.objects import (
    DeletedEventDestination,
    EventDestination,
    EventPayload,
    EventSource,
    LinkedPage,
    ThinEvent,
)

_PATH: Final = "/v2/core/event_destinations"
_URL: Final = "webhook_endpoint.url"
_SIGNED_WITH: Final = "webhook_endpoint.signing_secret"


class EventDestinations:
    """The EventDestinations of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        name: str,
        url: str,
        enabled_events: Sequence[str],
        event_payload: EventPayload = "thin",
        events_from: Sequence[EventSource] | None = None,
        snapshot_api_version: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> EventDestination:
        """Return a new EventDestination, this once with its `webhook_endpoint.signing_secret`.

        Thin ones are told of types that begin with `v1.`, whole ones of those
        without; `*` means all of its kind.
        """
        members = {
            "name": name,
            "type": "webhook_endpoint",
            "webhook_endpoint": {"url": url},
            "enabled_events": enabled_events,
            "event_payload": event_payload,
            "events_from": events_from,
            "snapshot_api_version": snapshot_api_version,
            "description": description,
            "metadata": metadata,
            "include": [_SIGNED_WITH, _URL],
        }
        return self._caller.post_json(EventDestination, _PATH, members, idempotency_key)

    def retrieve(self, event_destination: str) -> EventDestination:
        """Return the EventDestination whose id is *event_destination*, with its address."""
        path = path_to(_PATH, event_destination)
        return self._caller.get(EventDestination, path, {"include": [_URL]})

    def update(
        self,
        event_destination: str,
        *,
        name: str | None = None,
        url: str | None = None,
        enabled_events: Sequence[str] | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> EventDestination:
        """Change an EventDestination; what is not given stays. An empty value takes a key away."""
        members = {
            "name": name,
            "webhook_endpoint": None if url is None else {"url": url},
            "enabled_events": enabled_events,
            "description": description,
            "metadata": metadata,
        }
        return self._change(event_destination, "", members, idempotency_key)

    def disable(self, event_destination: str, *, idempotency_key: str | None = None) -> EventDestination:
        """Tell an EventDestination of nothing until it is enabled again."""
        return self._change(event_destination, "/disable", {}, idempotency_key)

    def enable(self, event_destination: str, *, idempotency_key: str | None = None) -> EventDestination:
        """Tell an EventDestination of events again."""
        return self._change(event_destination, "/enable", {}, idempotency_key)

    def ping(self, event_destination: str, *, idempotency_key: str | None = None) -> ThinEvent:
        """Have an EventDestination sent a ThinEvent of no account, to see whether it answers."""
        path = path_to(_PATH, event_destination, "/ping")
        return self._caller.post_json(ThinEvent, path, {}, idempotency_key)

    def delete(self, event_destination: str) -> DeletedEventDestination:
        """Delete an EventDestination; what it was still to be told of is lost."""
        return self._caller.delete(DeletedEventDestination, path_to(_PATH, event_destination))

    def list(self, *, limit: int | None = None) -> LinkedPages[EventDestination]:
        """Return the first page of EventDestinations, newest first; iterate over it to walk them all."""
        params = {"limit": limit, "include": [_URL]}
        first = self._caller.get(LinkedPage[EventDestination], _PATH, params)
        return LinkedPages(first, self._fetch)

    def _change(
        self,
        event_destination: str,
        action: str,
        members: Params,
        idempotency_key: str | None,
    ) -> EventDestination:
        path = path_to(_PATH, event_destination, action)
        return self._caller.post_json(EventDestination, path, {**members, "include": [_URL]}, idempotency_key)

    def _fetch(self, address: str) -> LinkedPage[EventDestination]:
        return self._caller.get_at(LinkedPage[EventDestination], address)
