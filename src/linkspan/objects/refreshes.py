"""The latest attempts to fetch something from an institution."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

RefreshStatus: TypeAlias = Literal["failed", "pending", "succeeded"]
REFRESH_STATUSES: Final[tuple[RefreshStatus, ...]] = get_args(RefreshStatus)


class BalanceRefresh(ApiObject, frozen=True, kw_only=True):
    """The latest attempt to fetch an Account's balance."""

    last_attempted_at: int
    """When the attempt began, in Unix seconds. Since 2022-05."""

    status: Open[RefreshStatus]
    """``pending``, ``succeeded`` or ``failed``. Since 2022-05."""

    next_refresh_available_at: int | UnsetType | None = UNSET
    """When another refresh may begin, in Unix seconds; null while pending or while the account is
    inactive, absent from earlier versions. Since 2023-12-22."""


class InferredBalancesRefresh(ApiObject, frozen=True, kw_only=True):
    """The latest attempt to work out an Account's balances of past days."""

    last_attempted_at: int
    """When the attempt began, in Unix seconds. Since 2026-01-28.preview."""

    status: Open[RefreshStatus]
    """``pending``, ``succeeded`` or ``failed``. Since 2026-01-28.preview."""

    next_refresh_available_at: int | None
    """When another refresh may begin, in Unix seconds; null while pending or while the account is inactive.
    Since 2026-01-28.preview."""


class OwnershipRefresh(ApiObject, frozen=True, kw_only=True):
    """The latest attempt to fetch an Account's owners."""

    last_attempted_at: int
    """When the attempt began, in Unix seconds. Since 2022-05."""

    status: Open[RefreshStatus]
    """``pending``, ``succeeded`` or ``failed``. Since 2022-05."""

    next_refresh_available_at: int | UnsetType | None = UNSET
    """When another refresh may begin, in Unix seconds; null while pending or while the account is
    inactive, absent from earlier versions. Since 2024-04."""


class TransactionRefresh(ApiObject, frozen=True, kw_only=True):
    """The latest attempt to fetch an Account's transactions."""

    id: str
    """Identifier, ``fctxnref_…``; a list of transactions can begin after it. Since 2023-12-22."""

    last_attempted_at: int
    """When the attempt began, in Unix seconds. Since 2023-12-22."""

    status: Open[RefreshStatus]
    """``pending``, ``succeeded`` or ``failed``. Since 2023-12-22."""

    next_refresh_available_at: int | UnsetType | None = UNSET
    """When another refresh may begin, in Unix seconds; null while pending or while the account is
    inactive, absent from some servers. Since 2023-12-22."""
