"""Calls about SetupIntents: bank accounts to be paid with later, confirmed and verified."""

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
    PaymentMethod,
    SetupCancellationReason,
    SetupIntent,
)

_PATH: Final = "/v1/setup_intents"


class AsyncSetupIntents:
    """The SetupIntents of one API key."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(  # noqa: PLR0913 - parameters by name, as the wire has them
        self,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        usage: FutureUsage | None = None,
        confirm: bool | None = None,
        mandate_data: MandateDataParams | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> SetupIntent:
        """Return a new SetupIntent; with `confirm` it is confirmed at once."""
        params = {
            "customer": customer,
            "customer_account": customer_account,
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "description": description,
            "metadata": metadata,
            "usage": usage,
            "confirm": confirm,
            "mandate_data": mandate_data,
            "expand": expand,
        }
        return await self._caller.post(SetupIntent, _PATH, params, idempotency_key)

    async def retrieve(self, setup_intent: str, *, expand: Sequence[str] | None = None) -> SetupIntent:
        """Return the SetupIntent whose id is *setup_intent*."""
        return await self._caller.get(SetupIntent, path_to(_PATH, setup_intent), {"expand": expand})

    async def update(  # noqa: PLR0913 - parameters by name, as the wire has them
        self,
        setup_intent: str,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> SetupIntent:
        """Change what is given of a SetupIntent and return it."""
        params = {
            "customer": customer,
            "customer_account": customer_account,
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "description": description,
            "metadata": metadata,
            "expand": expand,
        }
        return await self._caller.post(SetupIntent, path_to(_PATH, setup_intent), params, idempotency_key)

    async def confirm(
        self,
        setup_intent: str,
        *,
        payment_method: str | PaymentMethod | None = None,
        payment_method_data: PaymentMethodDataParams | None = None,
        payment_method_options: IntentOptionsParams | None = None,
        mandate_data: MandateDataParams | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> SetupIntent:
        """Begin what a SetupIntent is for, with what it has or is given to pay with, and return it."""
        params = {
            "payment_method": payment_method,
            "payment_method_data": payment_method_data,
            "payment_method_options": payment_method_options,
            "mandate_data": mandate_data,
            "expand": expand,
        }
        path = path_to(_PATH, setup_intent, "/confirm")
        return await self._caller.post(SetupIntent, path, params, idempotency_key)

    async def cancel(
        self,
        setup_intent: str,
        *,
        cancellation_reason: SetupCancellationReason | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> SetupIntent:
        """Cancel a SetupIntent for good and return it."""
        params = {
            "cancellation_reason": cancellation_reason,
            "expand": expand,
        }
        path = path_to(_PATH, setup_intent, "/cancel")
        return await self._caller.post(SetupIntent, path, params, idempotency_key)

    async def verify_microdeposits(
        self,
        setup_intent: str,
        *,
        amounts: Sequence[int] | None = None,
        descriptor_code: str | None = None,
        expand: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> SetupIntent:
        """Tell of small deposits, by both amounts in cents or by the code, and return the SetupIntent."""
        params = {
            "amounts": amounts,
            "descriptor_code": descriptor_code,
            "expand": expand,
        }
        path = path_to(_PATH, setup_intent, "/verify_microdeposits")
        return await self._caller.post(SetupIntent, path, params, idempotency_key)

    async def list(
        self,
        *,
        customer: str | Customer | None = None,
        customer_account: str | ConnectedAccount | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[str] | None = None,
    ) -> AsyncPage[SetupIntent]:
        """Return the first page of SetupIntents, newest first; iterate over it to walk them all."""
        params = {
            "customer": customer,
            "customer_account": customer_account,
            "limit": limit,
            "starting_after": starting_after,
            "ending_before": ending_before,
            "expand": expand,
        }
        return AsyncPage(await self._fetch(params), params, self._fetch)

    async def _fetch(self, params: Params) -> List[SetupIntent]:
        return await self._caller.get(List[SetupIntent], _PATH, params)
