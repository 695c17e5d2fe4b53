"""Calls about Authorizations, each one sign-in at an institution; in preview versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._codec import path_to
from linkspan.objects import Authorization

_PATH: Final = "/v1/financial_connections/authorizations"


class AsyncAuthorizations:
    """The Authorizations of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def retrieve(self, authorization: str, *, expand: Sequence[str] | None = None) -> Authorization:
        """Return the Authorization whose id is *authorization*."""
        return await self._caller.get(Authorization, path_to(_PATH, authorization), {"expand": expand})
