"""Calls about Sessions, each one run of the modal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._codec import path_to
from linkspan.client._filters import filters_for
from linkspan.client.params import AccountHolderParams, FiltersParams, LimitsParams, ManualEntryParams
from linkspan.objects import Permission, Prefetch, Session

_PATH: Final = "/v1/financial_connections/sessions"


class AsyncSessions:
    """The Sessions of one API key."""

    def __init__(self, caller: AsyncCaller, version: str) -> None:
        self._caller = caller
        self._version = version

    async def create(
        self,
        *,
        account_holder: AccountHolderParams,
        permissions: Sequence[Permission],
        filters: FiltersParams | None = None,
        return_url: str | None = None,
        prefetch: Sequence[Prefetch] | None = None,
        limits: LimitsParams | None = None,
        manual_entry: ManualEntryParams | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Session:
        """Return a new Session, whose `client_secret` opens the modal."""
        params: dict[str, object] = {
            "account_holder": account_holder,
            "permissions": permissions,
            "filters": filters,
            "return_url": return_url,
            "prefetch": prefetch,
            "limits": limits,
            "manual_entry": manual_entry,
            "expand": expand,
        }
        self._caller.foresight.check("sessions.create", params)
        if filters is not None:
            params["filters"] = filters_for(self._version, filters)
        return await self._caller.post(Session, _PATH, params, idempotency_key)

    async def retrieve(self, session: str, *, expand: Sequence[str] | None = None) -> Session:
        """Return the Session whose id is *session*, with the accounts it collected."""
        params = {"expand": expand}
        self._caller.foresight.check("sessions.retrieve", params)
        return await self._caller.get(Session, path_to(_PATH, session), params)
