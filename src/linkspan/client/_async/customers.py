"""Calls about Customers, for whom accounts are linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.objects import Customer, DeletedCustomer, List

_PATH: Final = "/v1/customers"


class AsyncCustomers:
    """The Customers of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Return a new Customer."""
        params = {
            "name": name,
            "email": email,
            "phone": phone,
            "description": description,
            "metadata": metadata,
        }
        return await self._caller.post(Customer, _PATH, params, idempotency_key)

    async def retrieve(self, customer: str) -> Customer:
        """Return the Customer whose id is *customer*."""
        return await self._caller.get(Customer, path_to(_PATH, customer), {})

    async def update(
        self,
        customer: str,
        *,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | Literal[""] | None = None,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Change what is given of a Customer and return it; an empty text takes a value away."""
        params = {
            "name": name,
            "email": email,
            "phone": phone,
            "description": description,
            "metadata": metadata,
        }
        return await self._caller.post(Customer, path_to(_PATH, customer), params, idempotency_key)

    async def delete(self, customer: str) -> DeletedCustomer:
        """Delete a Customer for good; its PaymentMethods are detached."""
        return await self._caller.delete(DeletedCustomer, path_to(_PATH, customer))

    async def list(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> AsyncPage[Customer]:
        """Return the first page of Customers, newest first; iterate over it to walk them all."""
        params = {
            "email": email,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
        }
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def _fetch(self, params: Params) -> List[Customer]:
        return await self._caller.get(List[Customer], _PATH, params)
