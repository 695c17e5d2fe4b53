# Written by tools/unasync.py from ../_async/thin_events.py: change that file, then run the tool.
"""Calls about ThinEvents, each something that happened in the last 30 days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._codec import path_to
from linkspan.client._form import rfc3339
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.linked_pages import LinkedPages
from linkspan.client.params import InstantRange
from linkspan.objects import LinkedPage, ThinEvent

_PATH: Final = "/v2/core/events"


class ThinEvents:
    """The ThinEvents of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        types: Sequence[str] | None = None,
        object_id: str | None = None,
        created: InstantRange | None = None,
        limit: int | None = None,
    ) -> LinkedPages[ThinEvent]:
        """Return the first page of ThinEvents, newest first; iterate over it to walk them all."""
        params = {
            "types": types,
            "object_id": object_id,
            "created": None if created is None else rfc3339(created),
            "limit": limit,
        }
        return LinkedPages(self._caller.get(LinkedPage[ThinEvent], _PATH, params), self._fetch)

    def retrieve(self, event: str) -> ThinEvent:
        """Return the ThinEvent whose id is *event*, as a destination was told it."""
        return self._caller.get(ThinEvent, path_to(_PATH, event), {})

    def _fetch(self, address: str) -> LinkedPage[ThinEvent]:
        return self._caller.get_at(LinkedPage[ThinEvent], address)
