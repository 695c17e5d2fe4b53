"""Calls about Customers, for whom accounts are linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._codec import path_to
from linkspan.objects import Customer

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
