"""A PaymentMethod on its way to being kept for later payments."""

from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.customer import Customer
from linkspan.objects.frozen_map import FrozenMap
from linkspan.objects.intent import IntentError, IntentOptions, NextAction
from linkspan.objects.payment_method import PaymentMethod

SetupIntentStatus: TypeAlias = Literal[
    "canceled",
    "processing",
    "requires_action",
    "requires_confirmation",
    "requires_payment_method",
    "succeeded",
]
SETUP_INTENT_STATUSES: Final[tuple[SetupIntentStatus, ...]] = get_args(SetupIntentStatus)
SetupCancellationReason: TypeAlias = Literal["abandoned", "duplicate", "requested_by_customer"]
SETUP_CANCELLATION_REASONS: Final[tuple[SetupCancellationReason, ...]] = get_args(SetupCancellationReason)


class SetupIntent(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="setup_intent"):
    """What is to be paid with later, as far as collecting and verifying a bank account for it goes.

    What belongs to other ways of paying is in ``extra``.
    """

    object: ClassVar[Literal["setup_intent"]] = "setup_intent"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``seti_…``. Since 2022-05."""

    cancellation_reason: Open[SetupCancellationReason] | None
    """Why it was canceled; null when nothing was said. Since 2022-05."""

    client_secret: str | None
    """What lets a page go on with it; null in events. Never store or log it. Since 2022-05."""

    created: int
    """When it was made, in Unix seconds. Since 2022-05."""

    customer: str | Customer | None
    """Id (``cus_…``) of the Customer who will pay, or the Customer itself when expanded; null when none
    was named. Since 2022-05."""

    description: str | None
    """The merchant's own words; null when there are none. Since 2022-05."""

    last_setup_error: IntentError | None
    """Why the last try came to nothing; null when none did. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    metadata: FrozenMap[str]
    """The merchant's own keys and values, both text. Since 2022-05."""

    next_action: NextAction | None
    """What the payer must do; null when nothing. Since 2022-05."""

    payment_method: str | PaymentMethod | None
    """Id (``pm_…``) of what will be paid with, or the PaymentMethod itself when expanded; null until
    there is one. Since 2022-05."""

    payment_method_types: tuple[str, ...]
    """The kinds of PaymentMethod it takes, text. Since 2022-05."""

    status: Open[SetupIntentStatus]
    """How it stands. Since 2022-05."""

    usage: str
    """Whether the payer will be there when it is used, ``off_session`` or ``on_session``. Since 2022-05."""

    allowed_payment_method_types: tuple[str, ...] | UnsetType | None = UNSET
    """The kinds it was limited to; null when it was not, absent from earlier versions. Since
    2026-09-30.endive."""

    application: str | UnsetType | None = UNSET
    """Id of the application that made it; null when none did, absent from some servers. Since 2022-05."""

    automatic_payment_methods: FrozenMap[Any] | UnsetType | None = UNSET
    """How the kinds it takes are chosen; null when they were named, absent from some servers. Since
    2022-05."""

    customer_account: str | UnsetType | None = UNSET
    """Id (``acct_…``) of an Account used as a customer; null or absent unless it is for one. Since
    2025-12-15.clover."""

    excluded_payment_method_types: tuple[str, ...] | UnsetType | None = UNSET
    """The kinds it was kept from; null when from none, absent from earlier versions. Since
    2025-09-30.clover."""

    flow_directions: tuple[str, ...] | UnsetType | None = UNSET
    """Which way money may go later, such as ``outbound``; null when nothing was said, absent from some
    servers. Since 2022-05."""

    latest_attempt: str | UnsetType | None = UNSET
    """Id of the last try; null when none is kept, absent from some servers. Since 2022-05."""

    mandate: str | UnsetType | None = UNSET
    """Id of what the payer agreed to; null when none is kept, absent from some servers. Since 2022-05."""

    on_behalf_of: str | UnsetType | None = UNSET
    """Id (``acct_…``) of the account it is for; null when for no other, absent from some servers. Since
    2022-05."""

    payment_method_configuration_details: FrozenMap[Any] | UnsetType | None = UNSET
    """What chose the kinds it takes; null when nothing did, absent from earlier versions. Since
    2023-10-16."""

    payment_method_options: IntentOptions | UnsetType | None = UNSET
    """How it takes each kind of PaymentMethod; null or absent when nothing was said. Since 2022-05."""

    single_use_mandate: str | UnsetType | None = UNSET
    """Id of an agreement to one payment; null when there is none, absent from some servers. Since
    2022-05."""
