"""Calls about Events, each something that happened in the last 30 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.client.params import TimeRange
from linkspan.objects import Event, List

_PATH: Final = "/v1/events"


class AsyncEvents:
    """The Events of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        type: str | None = None,  # noqa: A002 - the parameter's name on the wire
        types: Sequence[str] | None = None,
        created: int | datetime | TimeRange | None = None,
        delivery_success: bool | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[Event]:
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
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def retrieve(self, event: str) -> Event:
        """Return the Event whose id is *event*."""
        return await self._caller.get(Event, path_to(_PATH, event), {})

    async def _fetch(self, params: Params) -> List[Event]:
        return await self._caller.get(List[Event], _PATH, params)
