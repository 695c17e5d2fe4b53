"""Calls about ThinEvents, each something that happened in the last 30 days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.linked_pages import AsyncLinkedPages
from linkspan.client._codec import path_to
from linkspan.client._form import rfc3339
from linkspan.client.params import InstantRange
from linkspan.objects import LinkedPage, ThinEvent

_PATH: Final = "/v2/core/events"


class AsyncThinEvents:
    """The ThinEvents of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        types: Sequence[str] | None = None,
        object_id: str | None = None,
        created: InstantRange | None = None,
        limit: int | None = None,
    ) -> AsyncLinkedPages[ThinEvent]:
        """Return the first page of ThinEvents, newest first; iterate over it to walk them all."""
        params = {
            "types": types,
            "object_id": object_id,
            "created": None if created is None else rfc3339(created),
            "limit": limit,
        }
        return AsyncLinkedPages(await self._caller.get(LinkedPage[ThinEvent], _PATH, params), self._fetch)

    async def retrieve(self, event: str) -> ThinEvent:
        """Return the ThinEvent whose id is *event*, as a destination was told it."""
        return await self._caller.get(ThinEvent, path_to(_PATH, event), {})

    async def _fetch(self, address: str) -> LinkedPage[ThinEvent]:
        return await self._caller.get_at(LinkedPage[ThinEvent], address)
