"""Something that happened, told to those who listen."""

from abc import ABC
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.account import Account
from linkspan.objects.account_inferred_balance import AccountInferredBalance
from linkspan.objects.account_owner import AccountOwner
from linkspan.objects.account_ownership import AccountOwnership
from linkspan.objects.authorization import Authorization
from linkspan.objects.bank_account import BankAccount
from linkspan.objects.connected_account import ConnectedAccount
from linkspan.objects.customer import Customer
from linkspan.objects.event_destination import EventDestination
from linkspan.objects.frozen_map import FrozenMap
from linkspan.objects.institution import Institution
from linkspan.objects.payment_intent import PaymentIntent
from linkspan.objects.payment_method import PaymentMethod
from linkspan.objects.session import Session
from linkspan.objects.setup_intent import SetupIntent
from linkspan.objects.thin_event import ThinEvent
from linkspan.objects.token import Token
from linkspan.objects.transaction import Transaction
from linkspan.objects.webhook_endpoint import WebhookEndpoint

EventType: TypeAlias = Literal[
    "financial_connections.account.account_numbers_updated",
    "financial_connections.account.created",
    "financial_connections.account.deactivated",
    "financial_connections.account.disconnected",
    "financial_connections.account.expected_deactivation_date_updated",
    "financial_connections.account.reactivated",
    "financial_connections.account.refreshed_balance",
    "financial_connections.account.refreshed_ownership",
    "financial_connections.account.refreshed_transactions",
    "financial_connections.account.supported_payment_method_types_updated",
    "financial_connections.account.upcoming_account_number_expiry",
    "financial_connections.account.upcoming_deactivation",
    "financial_connections.authorization.expected_deactivation_date_updated",
    "financial_connections.authorization.upcoming_deactivation",
]
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)
PreviewEventType: TypeAlias = Literal[
    "financial_connections.account.refreshed_inferred_balances",
    "financial_connections.session.updated",
]
"""What only those are told of who listen in a preview version."""
PREVIEW_EVENT_TYPES: Final[tuple[PreviewEventType, ...]] = get_args(PreviewEventType)

Resource: TypeAlias = (
    Account
    | AccountInferredBalance
    | AccountOwner
    | AccountOwnership
    | Authorization
    | BankAccount
    | ConnectedAccount
    | Customer
    | EventDestination
    | Institution
    | PaymentIntent
    | PaymentMethod
    | Session
    | SetupIntent
    | ThinEvent
    | Token
    | Transaction
    | WebhookEndpoint
)
"""Every object with an id and a type of its own."""

if TYPE_CHECKING:
    Subject: TypeAlias = Resource | FrozenMap[Any]
else:

    class Subject(ABC):  # noqa: B024  nothing is asked of what an event is about
        """Tells the reader to choose the type by ``object``, and to keep what it does not know."""

    # msgspec asks whether what was read is an instance of the type that was asked for.
    Subject.register(ApiObject)
    Subject.register(FrozenMap)


class EventData(ApiObject, frozen=True, kw_only=True):
    """What an Event is about."""

    object: Subject
    """The whole object in the event's ``api_version``, decoded to its own type; a mapping when this
    library does not know that type. Since 2022-05."""

    previous_attributes: FrozenMap[Any] | UnsetType = UNSET
    """The fields that changed, with their values before; absent unless the type ends in ``updated``. Since
    2022-05."""


class EventRequest(ApiObject, frozen=True, kw_only=True):
    """The request that caused an Event."""

    id: str | None
    """Identifier of the request, ``req_…``; null when the event came by itself. Since 2022-05."""

    idempotency_key: str | None
    """The request's idempotency key; null when it had none. Since 2022-05."""


class Event(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="event"):
    """Something that happened, with the object it happened to as it was then."""

    object: ClassVar[Literal["event"]] = "event"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``evt_…``; a repeated delivery carries the same. Since 2022-05."""

    api_version: str | None
    """API version that ``data`` is written in; null when none is known. Since 2022-05."""

    created: int
    """When it happened, in Unix seconds. Since 2022-05."""

    data: EventData
    """What it is about. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    pending_webhooks: int
    """How many endpoints have not yet been told, a count. Since 2022-05."""

    request: EventRequest | None
    """The request that caused it; null when it came by itself. Since 2022-05."""

    type: Open[EventType | PreviewEventType]
    """What happened. Since 2022-05."""

    account: str | UnsetType = UNSET
    """Id (``acct_…``) of the connected account it happened to; absent when it is the platform's own. Since
    2022-05."""

    context: str | UnsetType = UNSET
    """Context of the platform's account it happened in; absent outside of one. Since 2022-05."""
