# Written by tools/unasync.py from ../_async/customers.py: change that file, then run the tool.
"""Calls about Customers, for whom accounts are linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from linkspan.client._codec import Params, path_to
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.pages import Page
from linkspan.objects import Customer, DeletedCustomer, List

_PATH: Final = "/v1/customers"


class Customers:
    """The Customers of one API key."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
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
        return self._caller.post(Customer, _PATH, params, idempotency_key)

    def retrieve(self, customer: str) -> Customer:
        """Return the Customer whose id is *customer*."""
        return self._caller.get(Customer, path_to(_PATH, customer), {})

    def update(
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
        return self._caller.post(Customer, path_to(_PATH, customer), params, idempotency_key)

    def delete(self, customer: str) -> DeletedCustomer:
        """Delete a Customer for good; its PaymentMethods are detached."""
        return self._caller.delete(DeletedCustomer, path_to(_PATH, customer))

    def list(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> Page[Customer]:
        """Return the first page of Customers, newest first; iterate over it to walk them all."""
        params = {
            "email": email,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
        }
        return Page(self._fetch(params), params, self._fetch)

    def _fetch(self, params: Params) -> List[Customer]:
        return self._caller.get(List[Customer], _PATH, params)
