"""Calls about Transactions, each a movement of money on an Account."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.client.params import TimeRange, TransactionRefreshFilter
from linkspan.objects import Account, List, Transaction

_PATH: Final = "/v1/financial_connections/transactions"


class AsyncTransactions:
    """The Transactions of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        account: str | Account,
        transacted_at: int | datetime | TimeRange | None = None,
        transaction_refresh: TransactionRefreshFilter | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[Transaction]:
        """Return the first page of an Account's Transactions, newest first; iterate over it to walk them all.

        With `transaction_refresh={"after": …}` these are only the ones that
        later refreshes created or changed. `limit` is the length of a page.
        """
        params = {
            "account": account,
            "transacted_at": transacted_at,
            "transaction_refresh": transaction_refresh,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
        }
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def retrieve(self, transaction: str) -> Transaction:
        """Return the Transaction whose id is *transaction*."""
        return await self._caller.get(Transaction, path_to(_PATH, transaction), {})

    async def _fetch(self, params: Params) -> List[Transaction]:
        return await self._caller.get(List[Transaction], _PATH, params)
