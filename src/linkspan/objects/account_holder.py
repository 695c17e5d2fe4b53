"""Whom an account is linked for."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.connected_account import ConnectedAccount
from linkspan.objects.customer import Customer

HolderType: TypeAlias = Literal["account", "customer"]
HOLDER_TYPES: Final[tuple[HolderType, ...]] = get_args(HolderType)


class AccountHolder(ApiObject, frozen=True, kw_only=True):
    """The Customer or connected account that a Session, Account or Authorization is for."""

    type: Open[HolderType]
    """Which of the other fields is meant: ``account`` or ``customer``. Since 2022-05."""

    account: str | ConnectedAccount | UnsetType = UNSET
    """Id (``acct_…``) of the connected account, or the account itself when expanded; absent unless
    ``type`` is ``account``. Since 2022-05."""

    customer: str | Customer | UnsetType = UNSET
    """Id (``cus_…``) of the Customer, or the Customer itself when expanded; absent unless ``type`` is
    ``customer``. Since 2022-05."""

    customer_account: str | UnsetType = UNSET
    """Id (``acct_…``) of an Account used as a customer; absent unless that is the holder. Since
    2025-12-15.clover."""
