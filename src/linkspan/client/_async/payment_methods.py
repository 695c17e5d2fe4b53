"""Calls about PaymentMethods, made from linked accounts or from typed numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.client.params import BillingDetailsParams, UsBankAccountChanges, UsBankAccountParams
from linkspan.objects import AllowRedisplay, ConnectedAccount, Customer, List, PaymentMethod

_PATH: Final = "/v1/payment_methods"


class AsyncPaymentMethods:
    """The PaymentMethods of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        us_bank_account: UsBankAccountParams,
        billing_details: BillingDetailsParams,
        allow_redisplay: AllowRedisplay | None = None,
        metadata: Mapping[str, str] | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentMethod:
        """Return a new PaymentMethod, attached to nobody.

        `us_bank_account` names a linked account as `financial_connections_account`,
        or holds numbers; `billing_details` holds the holder's `name`.
        """
        params = {
            "type": "us_bank_account",
            "us_bank_account": us_bank_account,
            "billing_details": billing_details,
            "allow_redisplay": allow_redisplay,
            "metadata": metadata,
            "expand": expand,
        }
        return await self._caller.post(PaymentMethod, _PATH, params, idempotency_key)

    async def retrieve(self, payment_method: str, *, expand: Sequence[str] | None = None) -> PaymentMethod:
        """Return the PaymentMethod whose id is *payment_method*."""
        return await self._caller.get(PaymentMethod, path_to(_PATH, payment_method), {"expand": expand})

    async def update(
        self,
        payment_method: str,
        *,
        billing_details: BillingDetailsParams | None = None,
        us_bank_account: UsBankAccountChanges | None = None,
        allow_redisplay: AllowRedisplay | None = None,
        metadata: Mapping[str, str] | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentMethod:
        """Change what is given of an attached PaymentMethod and return it."""
        params = {
            "billing_details": billing_details,
            "us_bank_account": us_bank_account,
            "allow_redisplay": allow_redisplay,
            "metadata": metadata,
            "expand": expand,
        }
        path = path_to(_PATH, payment_method)
        return await self._caller.post(PaymentMethod, path, params, idempotency_key)

    async def attach(
        self,
        payment_method: str,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentMethod:
        """Attach a PaymentMethod to a Customer, or to an Account used as one, and return it."""
        path = path_to(_PATH, payment_method, "/attach")
        params = {"customer": customer, "customer_account": customer_account, "expand": expand}
        return await self._caller.post(PaymentMethod, path, params, idempotency_key)

    async def detach(
        self,
        payment_method: str,
        *,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentMethod:
        """Take a PaymentMethod away from its Customer and return it. It can never be attached again."""
        path = path_to(_PATH, payment_method, "/detach")
        return await self._caller.post(PaymentMethod, path, {"expand": expand}, idempotency_key)

    async def list(
        self,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        type: str | None = None,  # noqa: A002 - the parameter's name on the wire
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[str] | None = None,
    ) -> AsyncPage[PaymentMethod]:
        """Return the first page of PaymentMethods, newest first; iterate over it to walk them all."""
        params = {
            "customer": customer,
            "customer_account": customer_account,
            "type": type,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
            "expand": expand,
        }
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def _fetch(self, params: Params) -> List[PaymentMethod]:
        return await self._caller.get(List[PaymentMethod], _PATH, params)
