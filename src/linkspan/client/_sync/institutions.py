# Written by tools/unasync.py from ../_async/institutions.py: change that file, then run the tool.
"""Calls about Institutions, where accounts can be linked; in preview versions."""

from __future__ import annotations

from typing import Final

from linkspan.client._codec import Params, path_to
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.pages import Page
from linkspan.objects import Institution, List

_PATH: Final = "/v1/financial_connections/institutions"


class Institutions:
    """The Institutions that a server offers."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> Page[Institution]:
        """Return the first page of Institutions; iterate over it to walk them all."""
        params = {"limit": limit, "starting_after": starting_after, "ending_before": ending_before}
        return Page(self._fetch(params), params, self._fetch)

    def retrieve(self, institution: str) -> Institution:
        """Return the Institution whose id is *institution*."""
        return self._caller.get(Institution, path_to(_PATH, institution), {})

    def _fetch(self, params: Params) -> List[Institution]:
        return self._caller.get(List[Institution], _PATH, params)
