"""What is to come of an account's link."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

DeactivationAction: TypeAlias = Literal["none", "relink_required"]
DEACTIVATION_ACTIONS: Final[tuple[DeactivationAction, ...]] = get_args(DeactivationAction)
DeactivationCause: TypeAlias = Literal["access_expired", "institution_requirement", "unspecified"]
DEACTIVATION_CAUSES: Final[tuple[DeactivationCause, ...]] = get_args(DeactivationCause)

InactiveCause: TypeAlias = Literal[
    "access_denied",
    "access_expired",
    "account_closed",
    "account_unavailable",
    "institution_requirement",
    "unspecified",
]
INACTIVE_CAUSES: Final[tuple[InactiveCause, ...]] = get_args(InactiveCause)


class StatusDetailsActive(ApiObject, frozen=True, kw_only=True):
    """An active account's expected end."""

    action: Open[DeactivationAction]
    """What the holder can do before it: ``none`` or ``relink_required``. Since 2026-06-24.dahlia."""

    cause: Open[DeactivationCause]
    """Why the account will become inactive. Since 2026-06-24.dahlia."""

    expected_deactivation_date: int
    """When the account is expected to become inactive, in Unix seconds. Since 2026-06-24.dahlia."""


class StatusDetailsInactive(ApiObject, frozen=True, kw_only=True):
    """Why an account is inactive, and whether it can come back."""

    action: Open[DeactivationAction]
    """What the holder can do: ``relink_required``, or ``none`` where nothing helps. Since
    2026-01-28.preview."""

    cause: Open[InactiveCause]
    """Why the account became inactive. Since 2026-01-28.preview."""


class StatusDetails(ApiObject, frozen=True, kw_only=True):
    """More about an Account's ``status``."""

    active: StatusDetailsActive | UnsetType | None = UNSET
    """The expected end of an active account; null or absent when none is known. Since 2026-06-24.dahlia."""

    inactive: StatusDetailsInactive | UnsetType | None = UNSET
    """Why an inactive account is so; null or absent unless it is, absent outside of preview versions. Since
    2026-01-28.preview."""
