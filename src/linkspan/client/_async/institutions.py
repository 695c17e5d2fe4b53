"""Calls about Institutions, where accounts can be linked; in preview versions."""

from __future__ import annotations

from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.objects import Institution, List

_PATH: Final = "/v1/financial_connections/institutions"


class AsyncInstitutions:
    """The Institutions that a server offers."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[Institution]:
        """Return the first page of Institutions; iterate over it to walk them all."""
        params = {"limit": limit, "starting_after": starting_after, "ending_before": ending_before}
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def retrieve(self, institution: str) -> Institution:
        """Return the Institution whose id is *institution*."""
        return await self._caller.get(Institution, path_to(_PATH, institution), {})

    async def _fetch(self, params: Params) -> List[Institution]:
        return await self._caller.get(List[Institution], _PATH, params)
