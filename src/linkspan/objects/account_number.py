"""A number an account can be paid by, without its digits."""

from typing import Final, Literal, TypeAlias, get_args

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

NumberType: TypeAlias = Literal["account_number", "tokenized_account_number"]
NUMBER_TYPES: Final[tuple[NumberType, ...]] = get_args(NumberType)
NumberStatus: TypeAlias = Literal["deactivated", "expired", "pending", "transactable"]
NUMBER_STATUSES: Final[tuple[NumberStatus, ...]] = get_args(NumberStatus)
Network: TypeAlias = Literal["ach"]
NETWORKS: Final[tuple[Network, ...]] = get_args(Network)


class AccountNumber(ApiObject, frozen=True, kw_only=True):
    """What is known of one account number; the digits are never part of the API."""

    expected_expiry_date: int | None
    """When the number is expected to expire, in Unix seconds; null when it is not. Since
    2025-11-17.clover."""

    identifier_type: Open[NumberType]
    """The true number, or a token the institution made for it. Since 2025-11-17.clover."""

    status: Open[NumberStatus]
    """Whether payments can use the number. Since 2025-11-17.clover."""

    supported_networks: tuple[Open[Network], ...]
    """Payment networks that take the number, text. Since 2025-11-17.clover."""
