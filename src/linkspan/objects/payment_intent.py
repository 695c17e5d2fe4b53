"""A payment from collecting what is paid with to its end."""

from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.customer import Customer
from linkspan.objects.frozen_map import FrozenMap
from linkspan.objects.intent import IntentError, IntentOptions, NextAction
from linkspan.objects.payment_method import PaymentMethod

PaymentIntentStatus: TypeAlias = Literal[
    "canceled",
    "processing",
    "requires_action",
    "requires_capture",
    "requires_confirmation",
    "requires_payment_method",
    "succeeded",
]
PAYMENT_INTENT_STATUSES: Final[tuple[PaymentIntentStatus, ...]] = get_args(PaymentIntentStatus)
PaymentCancellationReason: TypeAlias = Literal[
    "abandoned",
    "automatic",
    "duplicate",
    "expired",
    "failed_invoice",
    "fraudulent",
    "requested_by_customer",
    "void_invoice",
]
PAYMENT_CANCELLATION_REASONS: Final[tuple[PaymentCancellationReason, ...]] = get_args(
    PaymentCancellationReason
)
FutureUsage: TypeAlias = Literal["off_session", "on_session"]
FUTURE_USAGES: Final[tuple[FutureUsage, ...]] = get_args(FutureUsage)


class PaymentIntent(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="payment_intent"):
    """A payment, as far as collecting and verifying a bank account for it goes.

    What belongs to other ways of paying is in ``extra``.
    """

    object: ClassVar[Literal["payment_intent"]] = "payment_intent"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``pi_…``. Since 2022-05."""

    amount: int
    """What is to be paid, in minor units of the currency. Since 2022-05."""

    amount_received: int
    """What was received, in minor units of the currency. Since 2022-05."""

    canceled_at: int | None
    """When it was canceled, in Unix seconds; null while it was not. Since 2022-05."""

    cancellation_reason: Open[PaymentCancellationReason] | None
    """Why it was canceled; null when nothing was said. Since 2022-05."""

    client_secret: str | None
    """What lets a page go on with it; null in events. Never store or log it. Since 2022-05."""

    created: int
    """When it was made, in Unix seconds. Since 2022-05."""

    currency: str
    """Lower-case ISO 4217 code. Since 2022-05."""

    customer: str | Customer | None
    """Id (``cus_…``) of the Customer who pays, or the Customer itself when expanded; null when none was
    named. Since 2022-05."""

    description: str | None
    """The merchant's own words; null when there are none. Since 2022-05."""

    last_payment_error: IntentError | None
    """Why the last try came to nothing; null when none did. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    metadata: FrozenMap[str]
    """The merchant's own keys and values, both text. Since 2022-05."""

    next_action: NextAction | None
    """What the payer must do; null when nothing. Since 2022-05."""

    payment_method: str | PaymentMethod | None
    """Id (``pm_…``) of what is paid with, or the PaymentMethod itself when expanded; null until there is
    one. Since 2022-05."""

    payment_method_types: tuple[str, ...]
    """The kinds of PaymentMethod it takes, text. Since 2022-05."""

    status: Open[PaymentIntentStatus]
    """How it stands. Since 2022-05."""

    allowed_payment_method_types: tuple[str, ...] | UnsetType | None = UNSET
    """The kinds it was limited to; null when it was not, absent from earlier versions. Since
    2026-09-30.endive."""

    amount_capturable: int | UnsetType = UNSET
    """What could be captured, in minor units of the currency; absent from some servers. Since 2022-05."""

    application: str | UnsetType | None = UNSET
    """Id of the application that made it; null when none did, absent from some servers. Since 2022-05."""

    application_fee_amount: int | UnsetType | None = UNSET
    """What the platform takes of it, in minor units; null when nothing, absent from some servers. Since
    2022-05."""

    automatic_payment_methods: FrozenMap[Any] | UnsetType | None = UNSET
    """How the kinds it takes are chosen; null when they were named, absent from some servers. Since
    2022-05."""

    capture_method: str | UnsetType = UNSET
    """When what was authorized is taken, such as ``automatic``; absent from some servers. Since 2022-05."""

    confirmation_method: str | UnsetType = UNSET
    """Who may confirm it, such as ``automatic``; absent from some servers. Since 2022-05."""

    customer_account: str | UnsetType | None = UNSET
    """Id (``acct_…``) of an Account used as a customer; null or absent unless one pays. Since
    2025-12-15.clover."""

    excluded_payment_method_types: tuple[str, ...] | UnsetType | None = UNSET
    """The kinds it was kept from; null when from none, absent from earlier versions. Since
    2025-09-30.clover."""

    latest_charge: str | UnsetType | None = UNSET
    """Id (``ch_…``) of the last charge; null when there was none, absent from earlier versions. Since
    2022-08-01."""

    managed_payments: FrozenMap[Any] | UnsetType | None = UNSET
    """Who sells in the merchant's place; null when nobody does, absent from earlier versions. Since
    2026-09-30.endive."""

    on_behalf_of: str | UnsetType | None = UNSET
    """Id (``acct_…``) of the account it is for; null when for no other, absent from some servers. Since
    2022-05."""

    payment_method_configuration_details: FrozenMap[Any] | UnsetType | None = UNSET
    """What chose the kinds it takes; null when nothing did, absent from earlier versions. Since
    2023-10-16."""

    payment_method_options: IntentOptions | UnsetType | None = UNSET
    """How it takes each kind of PaymentMethod; null or absent when nothing was said. Since 2022-05."""

    payment_record: str | UnsetType | None = UNSET
    """Id of the record of it; null when none is kept, absent from earlier versions. Since
    2026-09-30.endive."""

    processing: FrozenMap[Any] | UnsetType | None = UNSET
    """What is under way; null when nothing, absent from some servers. Since 2022-05."""

    receipt_email: str | UnsetType | None = UNSET
    """Where a receipt would be sent; null when nowhere, absent from some servers. Since 2022-05."""

    review: str | UnsetType | None = UNSET
    """Id of the review of it; null when there is none, absent from some servers. Since 2022-05."""

    setup_future_usage: Open[FutureUsage] | UnsetType | None = UNSET
    """Whether what is paid with is kept for later; null when not, absent from some servers. Since
    2022-05."""

    shipping: FrozenMap[Any] | UnsetType | None = UNSET
    """Where what is paid for goes; null when nowhere was named, absent from some servers. Since 2022-05."""

    source: str | UnsetType | None = UNSET
    """Id of an older kind of PaymentMethod; null when none, absent from some servers. Since 2022-05."""

    statement_descriptor: str | UnsetType | None = UNSET
    """What the payer's statement says; null when nothing was said, absent from some servers. Since
    2022-05."""

    statement_descriptor_suffix: str | UnsetType | None = UNSET
    """What is added to it; null when nothing is, absent from some servers. Since 2022-05."""

    transfer_data: FrozenMap[Any] | UnsetType | None = UNSET
    """Where it goes on to; null when nowhere, absent from some servers. Since 2022-05."""

    transfer_group: str | UnsetType | None = UNSET
    """What it belongs together with; null when nothing, absent from some servers. Since 2022-05."""
