"""A bank account as money is sent to it."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.connected_account import ConnectedAccount
from linkspan.objects.customer import Customer
from linkspan.objects.frozen_map import FrozenMap

BankAccountHolderType: TypeAlias = Literal["company", "individual"]
BANK_ACCOUNT_HOLDER_TYPES: Final[tuple[BankAccountHolderType, ...]] = get_args(BankAccountHolderType)
BankAccountType: TypeAlias = Literal["checking", "savings"]
BANK_ACCOUNT_TYPES: Final[tuple[BankAccountType, ...]] = get_args(BankAccountType)
BankAccountStatus: TypeAlias = Literal[
    "errored",
    "new",
    "tokenized_account_number_deactivated",
    "validated",
    "verification_failed",
    "verified",
]
BANK_ACCOUNT_STATUSES: Final[tuple[BankAccountStatus, ...]] = get_args(BankAccountStatus)


class BankAccount(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="bank_account"):
    """A bank account by its numbers, met as the ``bank_account`` of a Token.

    The bank accounts people share through the modal are `Account` objects.
    """

    object: ClassVar[Literal["bank_account"]] = "bank_account"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``ba_…``. Since 2022-05."""

    account_holder_name: str | None
    """Name of the person or business it belongs to; null when not given. Since 2022-05."""

    account_holder_type: Open[BankAccountHolderType] | None
    """Whether a person or a company holds it; null when not given. Since 2022-05."""

    bank_name: str | None
    """Name of the bank; null when unknown. Since 2022-05."""

    country: str
    """Upper-case ISO 3166-1 code of where it is kept. Since 2022-05."""

    currency: str
    """Lower-case ISO 4217 code of what it is kept in. Since 2022-05."""

    last4: str
    """The last four digits of the account number. Since 2022-05."""

    routing_number: str | None
    """The number of the bank; null where there is none. Since 2022-05."""

    status: Open[BankAccountStatus]
    """What is known of it: ``new`` until anything was checked. Since 2022-05."""

    account: str | ConnectedAccount | UnsetType | None = UNSET
    """Id (``acct_…``) of the connected account it is paid out to, or that account when expanded; null or
    absent when there is none. Since 2022-05."""

    account_type: Open[BankAccountType] | UnsetType | None = UNSET
    """``checking`` or ``savings``; null when not given, absent from some servers. Since 2022-05."""

    available_payout_methods: tuple[str, ...] | UnsetType | None = UNSET
    """How money can be paid out to it; null when unknown, absent from Tokens. Since 2022-05."""

    customer: str | Customer | UnsetType | None = UNSET
    """Id (``cus_…``) of the Customer it belongs to, or the Customer when expanded; null or absent when
    there is none. Since 2022-05."""

    default_for_currency: bool | UnsetType | None = UNSET
    """True when payouts in its currency go to it; null or absent outside of connected accounts. Since
    2022-05."""

    fingerprint: str | UnsetType | None = UNSET
    """Equal for equal numbers of one merchant, so that one account is known again; null when unknown,
    absent from some servers. Since 2022-05."""

    metadata: FrozenMap[str] | UnsetType | None = UNSET
    """The merchant's own keys and values, both text; null or absent on Tokens. Since 2022-05."""
