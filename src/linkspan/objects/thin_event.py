"""Something that happened, told without the object it happened to."""

from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

ThinEventType: TypeAlias = Literal[
    "v1.account.updated",
    "v1.customer.created",
    "v1.customer.deleted",
    "v1.customer.updated",
    "v1.financial_connections.account.account_numbers_updated",
    "v1.financial_connections.account.balance_refresh_failed",
    "v1.financial_connections.account.balance_refresh_succeeded",
    "v1.financial_connections.account.created",
    "v1.financial_connections.account.deactivated",
    "v1.financial_connections.account.disconnected",
    "v1.financial_connections.account.expected_deactivation_date_updated",
    "v1.financial_connections.account.inferred_balances_refresh_failed",
    "v1.financial_connections.account.inferred_balances_refresh_succeeded",
    "v1.financial_connections.account.ownership_refresh_failed",
    "v1.financial_connections.account.ownership_refresh_succeeded",
    "v1.financial_connections.account.reactivated",
    "v1.financial_connections.account.refreshed_balance",
    "v1.financial_connections.account.refreshed_ownership",
    "v1.financial_connections.account.refreshed_transactions",
    "v1.financial_connections.account.supported_payment_method_types_updated",
    "v1.financial_connections.account.transactions_refresh_failed",
    "v1.financial_connections.account.transactions_refresh_succeeded",
    "v1.financial_connections.account.upcoming_account_number_expiry",
    "v1.financial_connections.account.upcoming_deactivation",
    "v1.payment_intent.canceled",
    "v1.payment_intent.created",
    "v1.payment_intent.payment_failed",
    "v1.payment_intent.processing",
    "v1.payment_intent.requires_action",
    "v1.payment_intent.succeeded",
    "v1.payment_method.attached",
    "v1.payment_method.automatically_updated",
    "v1.payment_method.detached",
    "v1.payment_method.updated",
    "v1.setup_intent.canceled",
    "v1.setup_intent.created",
    "v1.setup_intent.requires_action",
    "v1.setup_intent.setup_failed",
    "v1.setup_intent.succeeded",
]
"""What is told thin; of Authorizations and Sessions nothing is."""
THIN_EVENT_TYPES: Final[tuple[ThinEventType, ...]] = get_args(ThinEventType)


class RelatedObject(ApiObject, frozen=True, kw_only=True):
    """The object that a ThinEvent happened to."""

    id: str
    """Identifier of the object. Since 2024-09-30.acacia."""

    type: str
    """What the object is, as its own ``object`` says. Since 2024-09-30.acacia."""

    url: str
    """Path, without host, at which it is retrieved as it is now. Since 2024-09-30.acacia."""


class ThinEventRequest(ApiObject, frozen=True, kw_only=True):
    """The request that caused a ThinEvent."""

    id: str
    """Identifier of the request, ``req_…``. Since 2024-09-30.acacia."""

    idempotency_key: str | None
    """The request's idempotency key; null when it had none. Since 2024-09-30.acacia."""


class ThinEventReason(ApiObject, frozen=True, kw_only=True):
    """Why a ThinEvent happened."""

    type: Open[Literal["request"]]
    """Always ``request``: somebody asked. Since 2024-09-30.acacia."""

    request: ThinEventRequest | None
    """The request; null when there was none. Since 2024-09-30.acacia."""


class ThinEvent(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="v2.core.event"):
    """Something that happened, with the way to the object it happened to; of no API version.

    What an endpoint is sent has neither `changes` nor `snapshot_event`.
    """

    object: ClassVar[Literal["v2.core.event"]] = "v2.core.event"
    """Type of the object. Since 2024-09-30.acacia."""

    id: str
    """Identifier, ``evt_…``; a repeated delivery carries the same. Since 2024-09-30.acacia."""

    created: str
    """When it happened, in RFC 3339 with UTC. Since 2024-09-30.acacia."""

    livemode: bool
    """True in live mode, false in test mode. Since 2024-09-30.acacia."""

    type: Open[ThinEventType]
    """What happened. Since 2024-09-30.acacia."""

    context: str | UnsetType | None = UNSET
    """Id (``acct_…``) of the connected account it happened to, to be sent as ``Stripe-Context``; null or
    absent when it is the platform's own. Since 2024-09-30.acacia."""

    reason: ThinEventReason | UnsetType | None = UNSET
    """The request that caused it; null or absent when it came by itself. Since 2024-09-30.acacia."""

    related_object: RelatedObject | UnsetType | None = UNSET
    """The object it happened to; null or absent when there is none. Since 2024-09-30.acacia."""

    changes: FrozenMap[Any] | UnsetType | None = UNSET
    """The fields that changed, ``before`` and ``after``; null where the Event has no
    ``previous_attributes``, absent in what an endpoint is sent. Since 2026-09-30.endive."""

    snapshot_event: str | UnsetType | None = UNSET
    """Id of the Event that shows the object as it was; null when there is none, absent in what an endpoint
    is sent. Since 2026-09-30.endive."""
