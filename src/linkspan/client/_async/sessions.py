"""Calls about Sessions, each one run of the modal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._codec import path_to
from linkspan.client._filters import filters_for
from linkspan.client.params import (
    AccountHolderParams,
    FiltersParams,
    HostedParams,
    LimitsParams,
    ManualEntryParams,
    RelinkOptionsParams,
)
from linkspan.objects import Permission, Prefetch, Session, UiMode

_PATH: Final = "/v1/financial_connections/sessions"


class AsyncSessions:
    """The Sessions of one API key."""

    def __init__(self, caller: AsyncCaller, version: str) -> None:
        self._caller = caller
        self._version = version

    async def create(  # noqa: PLR0913 - all are named, as the API names them
        self,
        *,
        account_holder: AccountHolderParams,
        permissions: Sequence[Permission],
        filters: FiltersParams | None = None,
        return_url: str | None = None,
        prefetch: Sequence[Prefetch] | None = None,
        limits: LimitsParams | None = None,
        manual_entry: ManualEntryParams | None = None,
        ui_mode: UiMode | None = None,
        hosted: HostedParams | None = None,
        relink_options: RelinkOptionsParams | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Session:
        """Return a new Session, whose `client_secret` opens the modal.

        In preview versions, a hosted one has a `url` to send the end user to
        instead, and one with `relink_options` repairs what was linked before.
        """
        params: dict[str, object] = {
            "account_holder": account_holder,
            "permissions": permissions,
            "filters": filters,
            "return_url": return_url,
            "prefetch": prefetch,
            "limits": limits,
            "manual_entry": manual_entry,
            "ui_mode": ui_mode,
            "hosted": hosted,
            "relink_options": relink_options,
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
