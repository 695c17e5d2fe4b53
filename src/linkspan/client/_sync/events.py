# Written by tools/unasync.py from ../_async/events.py: change that file, then run the tool.
"""Calls about Events, each something that happened in the last 30 days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from linkspan.client._codec import Params, path_to
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.pages import Page
from linkspan.client.params import TimeRange
from linkspan.objects import DeliveryAttempt, Event, List

_PATH: Final = "/v1/events"


class Events:
    """The Events of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        type: str | None = None,  # noqa: A002 - the parameter's name on the wire
        types: Sequence[str] | None = None,
        created: int | datetime | TimeRange | None = None,
        delivery_success: bool | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> Page[Event]:
        """Return the first page of Events, newest first; iterate over it to walk them all.

        `type` may hold `*` for any letters. With `ending_before`, the last
        Event a program has seen, iterating gives those that came after it, in
        the order they came; none is ever missed.
        """
        params = {
            "type": type,
            "types": types,
            "created": created,
            "delivery_success": delivery_success,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
        }
        return Page(self._fetch(params), params, self._fetch)

    def retrieve(self, event: str) -> Event:
        """Return the Event whose id is *event*."""
        return self._caller.get(Event, path_to(_PATH, event), {})

    def list_attempts(self, event: str) -> Sequence[DeliveryAttempt]:
        """Return every attempt to tell webhook endpoints of an Event, oldest first. A Linkspan's alone."""
        path = path_to(_PATH, event, "/attempts")
        return (self._caller.get(List[DeliveryAttempt], path, {})).data

    def retry(
        self, event: str, *, webhook_endpoint: str | None = None, idempotency_key: str | None = None
    ) -> Event:
        """Have webhook endpoints told of an Event once more: one of them, or all. A Linkspan's alone."""
        path = path_to(_PATH, event, "/retry")
        params = {"webhook_endpoint": webhook_endpoint}
        return self._caller.post(Event, path, params, idempotency_key)

    def trigger(
        self,
        type: str,  # noqa: A002 - the parameter's name on the wire
        *,
        override: Mapping[str, object] | None = None,
        idempotency_key: str | None = None,
    ) -> Event:
        """Return a new Event of what did not happen, to try a program with. A Linkspan's in test mode alone.

        It is about the newest object of its kind, or an invented one, with the
        members in `override` shown otherwise.
        """
        params = {"type": type, "override": override}
        return self._caller.post(Event, "/v1/test_helpers/events", params, idempotency_key)

    def _fetch(self, params: Params) -> List[Event]:
        return self._caller.get(List[Event], _PATH, params)
