"""Calls about Accounts, each a bank account someone linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.client.params import AccountHolderFilter, Feature, SubscribedFeature
from linkspan.objects import Account, AccountInferredBalance, AccountOwner, List, Session

_PATH: Final = "/v1/financial_connections/accounts"


class AsyncAccounts:
    """The Accounts of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        account_holder: AccountHolderFilter | None = None,
        session: str | Session | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[str] | None = None,
    ) -> AsyncPage[Account]:
        """Return the first page of Accounts; iterate over it to walk them all.

        Without a filter these are all Accounts the API key may see. `limit` is
        the length of a page, not of the whole walk.
        """
        params = {
            "account_holder": account_holder,
            "session": session,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
            "expand": expand,
        }
        self._caller.foresight.check("accounts.list", params)
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def retrieve(self, account: str, *, expand: Sequence[str] | None = None) -> Account:
        """Return the Account whose id is *account*."""
        params = {"expand": expand}
        self._caller.foresight.check("accounts.retrieve", params)
        return await self._caller.get(Account, path_to(_PATH, account), params)

    async def disconnect(
        self,
        account: str,
        *,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Account:
        """End access to an Account: nothing can be fetched again, what was fetched is no longer shown."""
        path = path_to(_PATH, account, "/disconnect")
        params = {"expand": expand}
        self._caller.foresight.check("accounts.disconnect", params)
        return await self._caller.post(Account, path, params, idempotency_key)

    async def refresh(
        self,
        account: str,
        *,
        features: Sequence[Feature],
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Account:
        """Start reading features of an Account at its bank anew and return it with the pending refreshes.

        What the bank says is there once a refresh is no longer pending; a
        refresh that may not start yet is left as it was.
        """
        path = path_to(_PATH, account, "/refresh")
        params = {"features": features, "expand": expand}
        self._caller.foresight.check("accounts.refresh", params)
        return await self._caller.post(Account, path, params, idempotency_key)

    async def subscribe(
        self,
        account: str,
        *,
        features: Sequence[SubscribedFeature],
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Account:
        """Have features of an Account read now and then every day, until `unsubscribe`."""
        path = path_to(_PATH, account, "/subscribe")
        params = {"features": features, "expand": expand}
        self._caller.foresight.check("accounts.subscribe", params)
        return await self._caller.post(Account, path, params, idempotency_key)

    async def unsubscribe(
        self,
        account: str,
        *,
        features: Sequence[SubscribedFeature],
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Account:
        """Have features of an Account read every day no more; what was read stays."""
        path = path_to(_PATH, account, "/unsubscribe")
        params = {"features": features, "expand": expand}
        self._caller.foresight.check("accounts.unsubscribe", params)
        return await self._caller.post(Account, path, params, idempotency_key)

    async def list_owners(
        self,
        account: str,
        *,
        ownership: str,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[AccountOwner]:
        """Return the first page of the owners in one snapshot, whose id is an Account's `ownership`."""
        params = {
            "ownership": ownership,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
        }
        path = path_to(_PATH, account, "/owners")

        async def fetch(params: Params) -> List[AccountOwner]:
            return await self._caller.get(List[AccountOwner], path, params)

        return AsyncPage(await fetch(params), params, fetch)

    async def list_inferred_balances(
        self,
        account: str,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[AccountInferredBalance]:
        """Return the first page of what an Account held at the end of each day, newest first.

        Only preview versions know them; `refresh` works them out.
        """
        params = {"limit": limit, "starting_after": starting_after, "ending_before": ending_before}
        path = path_to(_PATH, account, "/inferred_balances")

        async def fetch(params: Params) -> List[AccountInferredBalance]:
            return await self._caller.get(List[AccountInferredBalance], path, params)

        return AsyncPage(await fetch(params), params, fetch)

    async def _fetch(self, params: Params) -> List[Account]:
        return await self._caller.get(List[Account], _PATH, params)
