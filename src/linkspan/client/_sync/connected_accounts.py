# Written by tools/unasync.py from ../_async/connected_accounts.py: change that file, then run the tool.
"""Calls about connected accounts, the businesses a platform links bank accounts for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkspan.client._codec import Params, path_to
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.pages import Page
from linkspan.client.params import BusinessProfileParams, CapabilityParams, ControllerParams
from linkspan.objects import BusinessType, ConnectedAccount, ConnectedAccountType, List

_PATH: Final = "/v1/accounts"


class ConnectedAccounts:
    """The businesses connected to one API key, and its own.

    A client made with `account=` acts for one of them.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        type: ConnectedAccountType | None = None,  # noqa: A002 - the parameter's name on the wire
        controller: ControllerParams | None = None,
        country: str | None = None,
        email: str | None = None,
        business_type: BusinessType | None = None,
        business_profile: BusinessProfileParams | None = None,
        capabilities: Mapping[str, CapabilityParams] | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ConnectedAccount:
        """Return a newly connected account; `controller` says more than the older `type`."""
        params = {
            "type": type,
            "controller": controller,
            "country": country,
            "email": email,
            "business_type": business_type,
            "business_profile": business_profile,
            "capabilities": capabilities,
            "metadata": metadata,
        }
        return self._caller.post(ConnectedAccount, _PATH, params, idempotency_key)

    def retrieve(self, account: str) -> ConnectedAccount:
        """Return the account whose id is *account*: a connected one, or the key's own."""
        return self._caller.get(ConnectedAccount, path_to(_PATH, account), {})

    def retrieve_current(self) -> ConnectedAccount:
        """Return the account that this client acts for."""
        return self._caller.get(ConnectedAccount, "/v1/account", {})

    def update(
        self,
        account: str,
        *,
        email: str | None = None,
        business_type: BusinessType | None = None,
        business_profile: BusinessProfileParams | None = None,
        capabilities: Mapping[str, CapabilityParams] | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ConnectedAccount:
        """Change what is given of a connected account and return it."""
        params = {
            "email": email,
            "business_type": business_type,
            "business_profile": business_profile,
            "capabilities": capabilities,
            "metadata": metadata,
        }
        return self._caller.post(ConnectedAccount, path_to(_PATH, account), params, idempotency_key)

    def list(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> Page[ConnectedAccount]:
        """Return the first page of connected accounts, newest first; iterate over it to walk them all."""
        params = {"limit": limit, "starting_after": starting_after, "ending_before": ending_before}
        return Page(self._fetch(params), params, self._fetch)

    def _fetch(self, params: Params) -> List[ConnectedAccount]:
        return self._caller.get(List[ConnectedAccount], _PATH, params)
