"""Calls about PaymentIntents: bank accounts to pay with, confirmed and verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.pages import AsyncPage
from linkspan.client._codec import Params, path_to
from linkspan.client.params import IntentOptionsParams, MandateDataParams, PaymentMethodDataParams
from linkspan.objects import (
    ConnectedAccount,
    Customer,
    FutureUsage,
    List,
    PaymentCancellationReason,
    PaymentIntent,
    PaymentMethod,
)

_PATH: Final = "/v1/payment_intents"


class AsyncPaymentIntents:
    """The PaymentIntents of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(  # noqa: PLR0913 - parameters by name, as the wire has them
        self,
        *,
        amount: int,
        currency: str,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        receipt_email: str | None = None,
        setup_future_usage: FutureUsage | None = None,
        confirm: bool | None = None,
        mandate_data: MandateDataParams | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentIntent:
        """Return a new PaymentIntent; with `confirm` it is confirmed at once."""
        params = {
            "amount": amount,
            "currency": currency,
            "customer": customer,
            "customer_account": customer_account,
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "description": description,
            "metadata": metadata,
            "receipt_email": receipt_email,
            "setup_future_usage": setup_future_usage,
            "confirm": confirm,
            "mandate_data": mandate_data,
            "expand": expand,
        }
        return await self._caller.post(PaymentIntent, _PATH, params, idempotency_key)

    async def retrieve(self, payment_intent: str, *, expand: Sequence[str] | None = None) -> PaymentIntent:
        """Return the PaymentIntent whose id is *payment_intent*."""
        return await self._caller.get(PaymentIntent, path_to(_PATH, payment_intent), {"expand": expand})

    async def update(  # noqa: PLR0913 - parameters by name, as the wire has them
        self,
        payment_intent: str,
        *,
        amount: int | None = None,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        receipt_email: str | None = None,
        setup_future_usage: FutureUsage | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentIntent:
        """Change what is given of a PaymentIntent and return it."""
        params = {
            "amount": amount,
            "customer": customer,
            "customer_account": customer_account,
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "description": description,
            "metadata": metadata,
            "receipt_email": receipt_email,
            "setup_future_usage": setup_future_usage,
            "expand": expand,
        }
        return await self._caller.post(PaymentIntent, path_to(_PATH, payment_intent), params, idempotency_key)

    async def confirm(
        self,
        payment_intent: str,
        *,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        mandate_data: MandateDataParams | None = None,
        receipt_email: str | None = None,
        setup_future_usage: FutureUsage | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentIntent:
        """Begin what a PaymentIntent is for, with what it has or is given to pay with, and return it."""
        params = {
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "mandate_data": mandate_data,
            "receipt_email": receipt_email,
            "setup_future_usage": setup_future_usage,
            "expand": expand,
        }
        path = path_to(_PATH, payment_intent, "/confirm")
        return await self._caller.post(PaymentIntent, path, params, idempotency_key)

    async def cancel(
        self,
        payment_intent: str,
        *,
        cancellation_reason: PaymentCancellationReason | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentIntent:
        """Cancel a PaymentIntent for good and return it."""
        params = {
            "cancellation_reason": cancellation_reason,
            "expand": expand,
        }
        path = path_to(_PATH, payment_intent, "/cancel")
        return await self._caller.post(PaymentIntent, path, params, idempotency_key)

    async def verify_microdeposits(
        self,
        payment_intent: str,
        *,
        amounts: Sequence[int] | None = None,
        descriptor_code: str | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> PaymentIntent:
        """Tell of small deposits, by both amounts in cents or by the code, and return the PaymentIntent."""
        params = {
            "amounts": amounts,
            "descriptor_code": descriptor_code,
            "expand": expand,
        }
        path = path_to(_PATH, payment_intent, "/verify_microdeposits")
        return await self._caller.post(PaymentIntent, path, params, idempotency_key)

    async def list(
        self,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[str] | None = None,
    ) -> AsyncPage[PaymentIntent]:
        """Return the first page of PaymentIntents, newest first; iterate over it to walk them all."""
        params = {
            "customer": customer,
            "customer_account": customer_account,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
            "expand": expand,
        }
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def _fetch(self, params: Params) -> List[PaymentIntent]:
        return await self._caller.get(List[PaymentIntent], _PATH, params)
