"""A bank account that an end user shared."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.account_holder import AccountHolder
from linkspan.objects.account_number import AccountNumber
from linkspan.objects.account_ownership import AccountOwnership
from linkspan.objects.balance import Balance
from linkspan.objects.dialects import Spelling
from linkspan.objects.institution import Institution
from linkspan.objects.refreshes import (
    BalanceRefresh,
    InferredBalancesRefresh,
    OwnershipRefresh,
    TransactionRefresh,
)
from linkspan.objects.status_details import StatusDetails

AccountCategory: TypeAlias = Literal["cash", "credit", "investment", "other"]
ACCOUNT_CATEGORIES: Final[tuple[AccountCategory, ...]] = get_args(AccountCategory)
AccountSubcategory: TypeAlias = Literal[
    "checking", "credit_card", "line_of_credit", "mortgage", "other", "savings"
]
ACCOUNT_SUBCATEGORIES: Final[tuple[AccountSubcategory, ...]] = get_args(AccountSubcategory)
AccountStatus: TypeAlias = Literal["active", "disconnected", "inactive"]
ACCOUNT_STATUSES: Final[tuple[AccountStatus, ...]] = get_args(AccountStatus)
Permission: TypeAlias = Literal["balances", "ownership", "payment_method", "transactions"]
PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)
PaymentMethodType: TypeAlias = Literal["link", "us_bank_account"]
PAYMENT_METHOD_TYPES: Final[tuple[PaymentMethodType, ...]] = get_args(PaymentMethodType)
Subscription: TypeAlias = Literal["balance", "inferred_balances", "transactions"]
SUBSCRIPTIONS: Final[tuple[Subscription, ...]] = get_args(Subscription)


class Account(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.account"):
    """A Financial Connections Account: one bank account, with what its holder permitted to be read."""

    in_2022_05: ClassVar[Spelling] = Spelling(name="linked_account", keys={"account_holder": "accountholder"})
    """The object and its holder had other names."""

    object: ClassVar[Literal["financial_connections.account"]] = "financial_connections.account"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``fca_…``. Since 2022-05."""

    account_holder: AccountHolder | None
    """Whom the account was linked for; null when that is gone. Since 2022-05."""

    balance: Balance | None
    """The latest balance; null when none was fetched or given, or the account is disconnected. Since
    2022-05."""

    balance_refresh: BalanceRefresh | None
    """The latest attempt to fetch the balance; null before the first one. Since 2022-05."""

    category: Open[AccountCategory]
    """Kind of the account, refined by ``subcategory``. Since 2022-05."""

    created: int
    """When the account was linked, in Unix seconds. Since 2022-05."""

    display_name: str | None
    """Name given by the holder or the institution; null when there is none. Since 2022-05."""

    institution_name: str
    """Name of the institution that keeps the account. Since 2022-05."""

    last4: str | None
    """The last four digits of the account number; null when unknown. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    ownership: str | AccountOwnership | None
    """Id (``fcaowns_…``) of the latest ownership, or the ownership itself when expanded; null before the
    first was fetched. Since 2022-05."""

    ownership_refresh: OwnershipRefresh | None
    """The latest attempt to fetch the owners; null before the first one. Since 2022-05."""

    permissions: tuple[Open[Permission], ...] | None
    """What the holder permitted to be read, text; null when unknown. Since 2022-05."""

    status: Open[AccountStatus]
    """State of the link: ``active``, ``inactive`` (it may come back) or ``disconnected`` (it will not).
    Since 2022-05."""

    subcategory: Open[AccountSubcategory]
    """Finer kind of the account, within its ``category``. Since 2022-05."""

    supported_payment_method_types: tuple[Open[PaymentMethodType], ...]
    """Kinds of PaymentMethod that can be made from the account, text; empty when it cannot pay. Since
    2022-05."""

    account_numbers: tuple[AccountNumber, ...] | UnsetType | None = UNSET
    """What is known of the account's numbers, never their digits; null when nothing is, absent from
    earlier versions. Since 2025-11-17.clover."""

    authorization: str | UnsetType = UNSET
    """Id (``fcauth_…``) of the standing permission the account hangs on; absent outside of preview versions.
    Since 2026-01-28.preview."""

    inferred_balances_refresh: InferredBalancesRefresh | UnsetType | None = UNSET
    """The latest attempt to work out balances of past days; null before the first one, absent outside of
    preview versions. Since 2026-01-28.preview."""

    institution: str | Institution | UnsetType | None = UNSET
    """Id (``fcinst_…``) of the institution, or the institution itself when expanded; it may change when
    banks merge; null when it is not known, absent outside of preview versions. Since 2026-01-28.preview."""

    status_details: StatusDetails | UnsetType = UNSET
    """More about ``status``; absent when there is nothing to say. Since 2026-06-24.dahlia."""

    subscriptions: tuple[Open[Subscription], ...] | UnsetType | None = UNSET
    """What is refreshed every day, text; null when nothing is, absent from earlier versions. Since
    2023-12-22."""

    transaction_refresh: TransactionRefresh | UnsetType | None = UNSET
    """The latest attempt to fetch transactions; null before the first one, absent from earlier versions.
    Since 2023-12-22."""
