# Written by tools/unasync.py from ../_async/authorizations.py: change that file, then run the tool.
"""Calls about Authorizations, each one sign-in at an institution; in preview versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._codec import path_to
from linkspan.client._sync.caller import Caller
from linkspan.objects import Authorization

_PATH: Final = "/v1/financial_connections/authorizations"


class Authorizations:
    """The Authorizations of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def retrieve(self, authorization: str, *, expand: Sequence[str] | None = None) -> Authorization:
        """Return the Authorization whose id is *authorization*."""
        return self._caller.get(Authorization, path_to(_PATH, authorization), {"expand": expand})
