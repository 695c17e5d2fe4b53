"""Every JSON object of the API as a typed, frozen struct.

`decode` reads any of them by its ``object`` field, `encode` writes the newest
wire JSON. The text under a field says what it is, its unit, when it is null or
absent, and the API version (or date) that brought it; what is older than this
API is said to be there since its beginning, 2022-05.
"""

from linkspan.objects._base import ApiObject
from linkspan.objects._reading import decode, decode_as
from linkspan.objects._shapes import AnyObject
from linkspan.objects._writing import encode
from linkspan.objects.account import (
    ACCOUNT_CATEGORIES,
    ACCOUNT_STATUSES,
    ACCOUNT_SUBCATEGORIES,
    PAYMENT_METHOD_TYPES,
    PERMISSIONS,
    SUBSCRIPTIONS,
    Account,
    AccountCategory,
    AccountStatus,
    AccountSubcategory,
    PaymentMethodType,
    Permission,
    Subscription,
)
from linkspan.objects.account_holder import HOLDER_TYPES, AccountHolder, HolderType
from linkspan.objects.account_inferred_balance import AccountInferredBalance
from linkspan.objects.account_number import (
    NETWORKS,
    NUMBER_STATUSES,
    NUMBER_TYPES,
    AccountNumber,
    Network,
    NumberStatus,
    NumberType,
)
from linkspan.objects.account_owner import AccountOwner
from linkspan.objects.account_ownership import AccountOwnership
from linkspan.objects.authorization import (
    AUTHORIZATION_STATUSES,
    Authorization,
    AuthorizationActive,
    AuthorizationInactive,
    AuthorizationStatus,
    AuthorizationStatusDetails,
)
from linkspan.objects.balance import BALANCE_TYPES, Balance, BalanceType, CashBalance, CreditBalance
from linkspan.objects.bank_account import (
    BANK_ACCOUNT_HOLDER_TYPES,
    BANK_ACCOUNT_STATUSES,
    BANK_ACCOUNT_TYPES,
    BankAccount,
    BankAccountHolderType,
    BankAccountStatus,
    BankAccountType,
)
from linkspan.objects.connected_account import (
    BUSINESS_TYPES,
    CONNECTED_ACCOUNT_TYPES,
    BusinessProfile,
    BusinessType,
    ConnectedAccount,
    ConnectedAccountType,
)
from linkspan.objects.customer import Customer
from linkspan.objects.decode_error import DecodeError
from linkspan.objects.deleted_customer import DeletedCustomer
from linkspan.objects.delivery_attempt import DeliveryAttempt
from linkspan.objects.dialects import DIALECTS, Dialect
from linkspan.objects.error import ERROR_TYPES, ApiError, ErrorBody, ErrorType
from linkspan.objects.event import (
    EVENT_TYPES,
    PREVIEW_EVENT_TYPES,
    Event,
    EventData,
    EventRequest,
    EventType,
    PreviewEventType,
    Resource,
)
from linkspan.objects.event_destination import (
    EVENT_DESTINATION_STATUSES,
    EVENT_PAYLOADS,
    EVENT_SOURCES,
    DeletedEventDestination,
    EventDestination,
    EventDestinationDisabled,
    EventDestinationStatus,
    EventDestinationStatusDetails,
    EventDestinationWebhook,
    EventPayload,
    EventSource,
)
from linkspan.objects.filters import (
    FILTER_SUBCATEGORIES,
    PAYMENT_METHOD_SUPPORTS,
    Filters,
    FilterSubcategory,
    PaymentMethodSupport,
)
from linkspan.objects.frozen_map import Extra, FrozenMap
from linkspan.objects.hosted import DELIVERY_METHODS, DeliveryMethod, Hosted
from linkspan.objects.institution import (
    INSTITUTION_STATUSES,
    Institution,
    InstitutionFeature,
    InstitutionFeatures,
    InstitutionStatus,
)
from linkspan.objects.limits import Limits
from linkspan.objects.linked_page import (
    LinkedPage,
)
from linkspan.objects.list import List
from linkspan.objects.manual_entry import MANUAL_ENTRY_MODES, ManualEntry, ManualEntryMode
from linkspan.objects.payment_method import (
    ALLOW_REDISPLAYS,
    AllowRedisplay,
    BillingAddress,
    BillingDetails,
    PaymentMethod,
)
from linkspan.objects.refreshes import (
    REFRESH_STATUSES,
    BalanceRefresh,
    InferredBalancesRefresh,
    OwnershipRefresh,
    RefreshStatus,
    TransactionRefresh,
)
from linkspan.objects.relink import (
    RELINK_FAILURE_REASONS,
    RelinkFailureReason,
    RelinkOptions,
    RelinkResult,
)
from linkspan.objects.session import PREFETCHES, UI_MODES, Prefetch, Session, UiMode
from linkspan.objects.session_status import (
    CANCEL_REASONS,
    SESSION_STATUSES,
    CancelReason,
    SessionCancelled,
    SessionStatus,
    SessionStatusDetails,
)
from linkspan.objects.status_details import (
    DEACTIVATION_ACTIONS,
    DEACTIVATION_CAUSES,
    INACTIVE_CAUSES,
    DeactivationAction,
    DeactivationCause,
    InactiveCause,
    StatusDetails,
    StatusDetailsActive,
    StatusDetailsInactive,
)
from linkspan.objects.thin_event import (
    THIN_EVENT_TYPES,
    RelatedObject,
    ThinEvent,
    ThinEventReason,
    ThinEventRequest,
    ThinEventType,
)
from linkspan.objects.token import Token
from linkspan.objects.transaction import (
    TRANSACTION_STATUSES,
    StatusTransitions,
    Transaction,
    TransactionStatus,
)
from linkspan.objects.us_bank_account import (
    BANK_NETWORKS,
    BLOCK_REASONS,
    NETWORK_CODES,
    BankNetwork,
    BlockReason,
    NetworkCode,
    UsBankAccount,
    UsBankAccountBlocked,
    UsBankAccountNetworks,
    UsBankAccountStatusDetails,
)
from linkspan.objects.webhook_endpoint import (
    WEBHOOK_ENDPOINT_STATUSES,
    DeletedWebhookEndpoint,
    WebhookEndpoint,
    WebhookEndpointStatus,
)

__all__ = [
    "ACCOUNT_CATEGORIES",
    "ACCOUNT_STATUSES",
    "ACCOUNT_SUBCATEGORIES",
    "ALLOW_REDISPLAYS",
    "AUTHORIZATION_STATUSES",
    "BALANCE_TYPES",
    "BANK_ACCOUNT_HOLDER_TYPES",
    "BANK_ACCOUNT_STATUSES",
    "BANK_ACCOUNT_TYPES",
    "BANK_NETWORKS",
    "BLOCK_REASONS",
    "BUSINESS_TYPES",
    "CANCEL_REASONS",
    "CONNECTED_ACCOUNT_TYPES",
    "DEACTIVATION_ACTIONS",
    "DEACTIVATION_CAUSES",
    "DELIVERY_METHODS",
    "DIALECTS",
    "ERROR_TYPES",
    "EVENT_DESTINATION_STATUSES",
    "EVENT_PAYLOADS",
    "EVENT_SOURCES",
    "EVENT_TYPES",
    "FILTER_SUBCATEGORIES",
    "HOLDER_TYPES",
    "INACTIVE_CAUSES",
    "INSTITUTION_STATUSES",
    "MANUAL_ENTRY_MODES",
    "NETWORKS",
    "NETWORK_CODES",
    "NUMBER_STATUSES",
    "NUMBER_TYPES",
    "PAYMENT_METHOD_SUPPORTS",
    "PAYMENT_METHOD_TYPES",
    "PERMISSIONS",
    "PREFETCHES",
    "PREVIEW_EVENT_TYPES",
    "REFRESH_STATUSES",
    "RELINK_FAILURE_REASONS",
    "SESSION_STATUSES",
    "SUBSCRIPTIONS",
    "THIN_EVENT_TYPES",
    "TRANSACTION_STATUSES",
    "UI_MODES",
    "WEBHOOK_ENDPOINT_STATUSES",
    "Account",
    "AccountCategory",
    "AccountHolder",
    "AccountInferredBalance",
    "AccountNumber",
    "AccountOwner",
    "AccountOwnership",
    "AccountStatus",
    "AccountSubcategory",
    "AllowRedisplay",
    "AnyObject",
    "ApiError",
    "ApiObject",
    "Authorization",
    "AuthorizationActive",
    "AuthorizationInactive",
    "AuthorizationStatus",
    "AuthorizationStatusDetails",
    "Balance",
    "BalanceRefresh",
    "BalanceType",
    "BankAccount",
    "BankAccountHolderType",
    "BankAccountStatus",
    "BankAccountType",
    "BankNetwork",
    "BillingAddress",
    "BillingDetails",
    "BlockReason",
    "BusinessProfile",
    "BusinessType",
    "CancelReason",
    "CashBalance",
    "ConnectedAccount",
    "ConnectedAccountType",
    "CreditBalance",
    "Customer",
    "DeactivationAction",
    "DeactivationCause",
    "DecodeError",
    "DeletedCustomer",
    "DeletedEventDestination",
    "DeletedWebhookEndpoint",
    "DeliveryAttempt",
    "DeliveryMethod",
    "Dialect",
    "ErrorBody",
    "ErrorType",
    "Event",
    "EventData",
    "EventDestination",
    "EventDestinationDisabled",
    "EventDestinationStatus",
    "EventDestinationStatusDetails",
    "EventDestinationWebhook",
    "EventPayload",
    "EventRequest",
    "EventSource",
    "EventType",
    "Extra",
    "FilterSubcategory",
    "Filters",
    "FrozenMap",
    "HolderType",
    "Hosted",
    "InactiveCause",
    "InferredBalancesRefresh",
    "Institution",
    "InstitutionFeature",
    "InstitutionFeatures",
    "InstitutionStatus",
    "Limits",
    "LinkedPage",
    "List",
    "ManualEntry",
    "ManualEntryMode",
    "Network",
    "NetworkCode",
    "NumberStatus",
    "NumberType",
    "OwnershipRefresh",
    "PaymentMethod",
    "PaymentMethodSupport",
    "PaymentMethodType",
    "Permission",
    "Prefetch",
    "PreviewEventType",
    "RefreshStatus",
    "RelatedObject",
    "RelinkFailureReason",
    "RelinkOptions",
    "RelinkResult",
    "Resource",
    "Session",
    "SessionCancelled",
    "SessionStatus",
    "SessionStatusDetails",
    "StatusDetails",
    "StatusDetailsActive",
    "StatusDetailsInactive",
    "StatusTransitions",
    "Subscription",
    "ThinEvent",
    "ThinEventReason",
    "ThinEventRequest",
    "ThinEventType",
    "Token",
    "Transaction",
    "TransactionRefresh",
    "TransactionStatus",
    "UiMode",
    "UsBankAccount",
    "UsBankAccountBlocked",
    "UsBankAccountNetworks",
    "UsBankAccountStatusDetails",
    "WebhookEndpoint",
    "WebhookEndpointStatus",
    "decode",
    "decode_as",
    "encode",
]
