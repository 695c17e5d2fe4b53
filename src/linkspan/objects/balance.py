"""What an account holds or owes."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

BalanceType: TypeAlias = Literal["cash", "credit"]
BALANCE_TYPES: Final[tuple[BalanceType, ...]] = get_args(BalanceType)


class CashBalance(ApiObject, frozen=True, kw_only=True):
    """What can be spent from an account that holds money."""

    available: FrozenMap[int] | None
    """Funds after pending transactions, in minor units by lower-case ISO 4217 code; null when the
    institution does not say. Since 2022-05."""


class CreditBalance(ApiObject, frozen=True, kw_only=True):
    """What was drawn from an account that lends money."""

    used: FrozenMap[int] | None
    """Credit in use, in minor units by lower-case ISO 4217 code, negative where the holder owes it; null
    when the institution does not say. Since 2022-05."""


class Balance(ApiObject, frozen=True, kw_only=True):
    """The balance of an Account as its institution computed it."""

    as_of: int
    """When the institution computed the balance, in Unix seconds; not when it was fetched. Since 2022-05."""

    current: FrozenMap[int]
    """Posted funds, in minor units by lower-case ISO 4217 code; positive is owed to the holder, negative
    is owed by the holder. Since 2022-05."""

    type: Open[BalanceType]
    """``cash`` or ``credit``; the field of that name says more. Since 2022-05."""

    cash: CashBalance | UnsetType | None = UNSET
    """What can be spent; null or absent unless ``type`` is ``cash``. Since 2022-05."""

    credit: CreditBalance | UnsetType | None = UNSET
    """What was drawn; null or absent unless ``type`` is ``credit``. Since 2022-05."""
