"""A bank account in the US as something to pay with."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.bank_account import BankAccountHolderType, BankAccountType

BankNetwork: TypeAlias = Literal["ach", "us_domestic_wire"]
BANK_NETWORKS: Final[tuple[BankNetwork, ...]] = get_args(BankNetwork)
BlockReason: TypeAlias = Literal[
    "bank_account_closed",
    "bank_account_frozen",
    "bank_account_invalid_details",
    "bank_account_restricted",
    "bank_account_unusable",
    "debit_not_authorized",
    "tokenized_account_number_deactivated",
]
BLOCK_REASONS: Final[tuple[BlockReason, ...]] = get_args(BlockReason)
NetworkCode: TypeAlias = Literal[
    "R02", "R03", "R04", "R05", "R07", "R08", "R10", "R11", "R16", "R20", "R29", "R31"
]
NETWORK_CODES: Final[tuple[NetworkCode, ...]] = get_args(NetworkCode)


class UsBankAccountNetworks(ApiObject, frozen=True, kw_only=True):
    """The networks that reach a bank account."""

    preferred: Open[BankNetwork] | None
    """The one to use; null when there is no preference. Since 2022-05."""

    supported: tuple[Open[BankNetwork], ...]
    """All of them, text. Since 2022-05."""


class UsBankAccountBlocked(ApiObject, frozen=True, kw_only=True):
    """Why a bank account cannot be paid from any more."""

    network_code: Open[NetworkCode] | None
    """The ACH return that blocked it; null when none did. Since 2023-08-16."""

    reason: Open[BlockReason] | None
    """What is wrong with it; null when unknown. Since 2023-08-16."""


class UsBankAccountStatusDetails(ApiObject, frozen=True, kw_only=True):
    """What stands in the way of using a bank account."""

    blocked: UsBankAccountBlocked | UnsetType | None = UNSET
    """Why it cannot be paid from; null or absent when it can. Since 2023-08-16."""


class UsBankAccount(ApiObject, frozen=True, kw_only=True):
    """The bank account a PaymentMethod stands for, without its digits."""

    account_holder_type: Open[BankAccountHolderType] | None
    """Whether a person or a company holds it; null when unknown. Since 2022-05."""

    account_type: Open[BankAccountType] | None
    """``checking`` or ``savings``; null when unknown. Since 2022-05."""

    bank_name: str | None
    """Name of the bank; null when unknown. Since 2022-05."""

    fingerprint: str | None
    """Equal for equal numbers of one merchant, so that one account is known again; null when unknown.
    Since 2022-05."""

    last4: str | None
    """The last four digits of the account number; null when unknown. Since 2022-05."""

    networks: UsBankAccountNetworks | None
    """What reaches it; null when unknown. Since 2022-05."""

    routing_number: str | None
    """The number of the bank; null when unknown. Since 2022-05."""

    financial_connections_account: str | UnsetType | None = UNSET
    """Id (``fca_…``) of the linked account it was made from; null when its numbers were typed, absent from
    earlier versions. Since 2022-05."""

    status_details: UsBankAccountStatusDetails | UnsetType | None = UNSET
    """What stands in the way of using it; null when unknown, absent from earlier versions. Since
    2023-08-16."""
