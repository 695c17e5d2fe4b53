"""The shapes of parameters, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NotRequired, TypeAlias, TypedDict

from linkspan.objects import (
    Account,
    AllowRedisplay,
    Authorization,
    BankAccountHolderType,
    BankAccountType,
    ConnectedAccount,
    Customer,
    DeliveryMethod,
    FilterSubcategory,
    HolderType,
    ManualEntryMode,
    PaymentMethod,
    PaymentMethodSupport,
    Permission,
    Prefetch,
    VerificationMethod,
)

# What a refresh may ask for; where permissions say "balances", a feature says "balance".
# Inferred balances are there in preview versions.
Feature: TypeAlias = Literal["balance", "inferred_balances", "ownership", "transactions"]

# What can be refreshed every day: transactions, and the others in preview versions.
SubscribedFeature: TypeAlias = Literal["balance", "inferred_balances", "transactions"]


class AccountHolderParams(TypedDict):
    """For whom accounts are linked. `type` says which of the others is given."""

    type: HolderType
    account: NotRequired[str | ConnectedAccount]
    customer: NotRequired[str | Customer]
    customer_account: NotRequired[str]


class AccountHolderFilter(TypedDict, total=False):
    """Whose accounts to list. Exactly one is given."""

    account: str | ConnectedAccount
    customer: str | Customer
    customer_account: str


class InstantRange(TypedDict, total=False):
    """Bounds of a stretch of time, each with a time zone."""

    gt: datetime
    gte: datetime
    lt: datetime
    lte: datetime


class TimeRange(TypedDict, total=False):
    """A stretch of time: instants in Unix seconds, or datetimes that carry a time zone."""

    gt: int | datetime
    gte: int | datetime
    lt: int | datetime
    lte: int | datetime


class TransactionRefreshFilter(TypedDict):
    """Transactions by the refresh that wrote them."""

    after: str


class FiltersParams(TypedDict, total=False):
    """Which accounts may be linked.

    `country` is the word since 2026-09-30.endive, `countries` the word before
    it. Either may be written; the client sends the one its version knows.
    `institution` is there in preview versions.
    """

    account_subcategories: Sequence[FilterSubcategory]
    country: str
    countries: Sequence[str]
    institution: str
    require_payment_method_support: PaymentMethodSupport


class LimitsParams(TypedDict):
    """How many accounts may be linked; the empty string stands for any number."""

    accounts: int | Literal[""]


class ManualEntryParams(TypedDict, total=False):
    """Whether account numbers may be typed in by hand."""

    mode: ManualEntryMode


class BillingAddressParams(TypedDict, total=False):
    """Where bills go."""

    city: str
    country: str
    line1: str
    line2: str
    postal_code: str
    state: str


class BillingDetailsParams(TypedDict, total=False):
    """Who is billed. A new PaymentMethod of a bank account has a `name`; an empty address takes it away."""

    address: BillingAddressParams | Literal[""]
    email: str
    name: str
    phone: str
    tax_id: str


class UsBankAccountChanges(TypedDict, total=False):
    """What can be said of a bank account later."""

    account_holder_type: BankAccountHolderType
    account_type: BankAccountType


class UsBankAccountParams(UsBankAccountChanges, total=False):
    """A bank account to pay with: a linked one by its id, or one by its two numbers."""

    account_number: str
    financial_connections_account: str | Account
    routing_number: str


class PaymentMethodDataParams(TypedDict):
    """What a PaymentMethod of an intent is made of; `billing_details` has a `name`."""

    type: Literal["us_bank_account"]
    billing_details: BillingDetailsParams
    us_bank_account: UsBankAccountParams
    allow_redisplay: NotRequired[AllowRedisplay]
    metadata: NotRequired[Mapping[str, str]]


class IntentFiltersParams(TypedDict, total=False):
    """Which accounts can be chosen for an intent."""

    account_subcategories: Sequence[Literal["checking", "savings"]]


class IntentFinancialConnectionsParams(TypedDict, total=False):
    """The Session that collects the bank account of an intent."""

    filters: IntentFiltersParams
    permissions: Sequence[Permission]
    prefetch: Sequence[Prefetch]
    return_url: str


class IntentBankAccountParams(TypedDict, total=False):
    """How an intent takes bank accounts in the US."""

    financial_connections: IntentFinancialConnectionsParams
    verification_method: VerificationMethod


class IntentOptionsParams(TypedDict, total=False):
    """How an intent takes each kind of PaymentMethod."""

    us_bank_account: IntentBankAccountParams


class OnlineAcceptanceParams(TypedDict, total=False):
    """From where somebody agreed."""

    ip_address: str
    user_agent: str


class CustomerAcceptanceParams(TypedDict):
    """How somebody agreed."""

    type: Literal["offline", "online"]
    accepted_at: NotRequired[int]
    online: NotRequired[OnlineAcceptanceParams]


class MandateDataParams(TypedDict):
    """How a payer agreed to be debited."""

    customer_acceptance: CustomerAcceptanceParams


class BankAccountParams(TypedDict):
    """A bank account by its numbers."""

    account_number: str
    country: str
    account_holder_name: NotRequired[str]
    account_holder_type: NotRequired[BankAccountHolderType]
    account_type: NotRequired[BankAccountType]
    currency: NotRequired[str]
    routing_number: NotRequired[str]


class BankAccountCopy(TypedDict):
    """The bank account of a PaymentMethod."""

    payment_method: str | PaymentMethod


class BusinessProfileParams(TypedDict, total=False):
    """What a business tells its customers about itself."""

    mcc: str
    name: str
    product_description: str
    support_email: str
    support_phone: str
    support_url: str
    url: str


class CapabilityParams(TypedDict):
    """Whether a capability is asked for."""

    requested: bool


class FeesParams(TypedDict):
    """Who pays fees."""

    payer: Literal["account", "application"]


class LossesParams(TypedDict):
    """Who bears losses."""

    payments: Literal["application", "stripe"]


class DashboardParams(TypedDict):
    """Which dashboard an account has."""

    type: Literal["express", "full", "none"]


class ControllerParams(TypedDict, total=False):
    """How a platform and a connected account share what there is to do."""

    fees: FeesParams
    losses: LossesParams
    requirement_collection: Literal["application", "stripe"]
    stripe_dashboard: DashboardParams


class HostedParams(TypedDict, total=False):
    """How a hosted Session reaches its end user, and where it leaves them; in preview versions."""

    delivery_method: DeliveryMethod
    return_url: str


class RelinkOptionsParams(TypedDict):
    """What a Session is to repair: an Authorization, or one Account of it; in preview versions."""

    authorization: str | Authorization
    account: NotRequired[str | Account]
